"""What the engine adds to a turn: its own CPU time, everything but the model's call, early and late in a room."""

import asyncio

from bench.figures import ROUNDS, Row, ratios, show
from bench.rooms import Minds, Ready, cpu, opened
from bench.words import ANSWERS
from rooms_bot.agents.choice import OFFLINE, Agents, Models

TURNS = (20, 200, 1000)
AROUND = 10
"""Turns before and after, over which a turn's time is taken."""
LAST = TURNS[-1] + AROUND


async def run() -> None:
    rounds = [await _room() for _ in range(ROUNDS)]
    at = {turn: [one[turn] for one in rounds] for turn in TURNS}
    rows = [Row(f"at turn {turn:,}", "ms", at[turn], "≤ 0.5") for turn in TURNS]
    rows += [
        ratios("turn 200 against turn 20", at[200], at[20]),
        ratios("turn 1,000 against turn 20", at[1000], at[20], "≤ 1.2"),
        ratios("turn 1,000 against turn 200", at[1000], at[200]),
    ]
    show("engine: its own CPU per turn, 4 agents", rows)


async def _room() -> dict[int, float]:
    """CPU milliseconds per turn of one room at each of `TURNS`, less what the model's own stream costs."""
    marks, done = [cpu()], asyncio.Event()

    async def posted(count: int) -> None:
        marks.append(cpu())
        if count == LAST:
            done.set()

    async with Agents(Models(default=OFFLINE)) as agents:
        minds = Minds(agents, Ready(ANSWERS))
        async with opened(minds, posted):
            await done.wait()
        model = await _streamed(minds)
    return {turn: (marks[turn + AROUND] - marks[turn - AROUND]) / (2 * AROUND) - model for turn in TURNS}


async def _streamed(minds: Minds) -> float:
    """CPU milliseconds of one answer of the model by itself."""
    request, agent = minds.requests[0], Ready(ANSWERS)
    started = cpu()
    for _ in ANSWERS:
        async for _ in agent.stream(request):
            pass
    return (cpu() - started) / len(ANSWERS)


if __name__ == "__main__":
    asyncio.run(run())
