"""A question of the program's own to a model: the whole answer at once."""

from contextlib import aclosing

from rooms_bot.agents.cleaning import clean, ran_out
from rooms_bot.domain.events import Usage
from rooms_bot.ports import Agent, Request

LONGEST = 20_000
"""Characters that are read of an answer."""


async def answer(agent: Agent, request: Request) -> tuple[str, Usage]:
    """What it answers, without what it thought aloud. Raises `AgentError`."""
    text, usage = "", Usage()
    async with aclosing(agent.stream(request)) as pieces:
        async for piece in pieces:
            if isinstance(piece, Usage):
                usage = piece
            elif len(text) < LONGEST:
                text += piece
    return clean(text, request.seat.name, cut=ran_out(usage.completion_tokens, request.max_tokens)), usage
