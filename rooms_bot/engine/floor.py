"""One agent's turn: from its request to what it says, passes on or fails with."""

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Protocol

from rooms_bot.agents.cleaning import clean, ran_out, thought_of
from rooms_bot.agents.quoting import plain_name
from rooms_bot.domain.events import Compacted, Generated, Planned, Said, Summarised, Usage
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import MODERATOR, Member, Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.domain.talk import Ranking
from rooms_bot.errors import AgentEmpty, AgentError, AgentTimeout
from rooms_bot.ports import Agent, Request, Selector
from rooms_bot.turns.addressing import Named, addressed
from rooms_bot.turns.passing import is_pass

log = logging.getLogger(__name__)

Draft = Callable[[str], None]
"""Is told an answer as it grows, whole each time and as it came; see `Speech.grow`."""

GRACE = 10
"""Seconds beyond an agent's time, for what comes before its model is asked: the first start of a model."""
LONGEST = 24_000
"""Characters after which a model that does not end is not read any further."""


class Minds(Protocol):
    """Who thinks for which seat, and what they are sent."""

    def agent(self, seat: Seat) -> Agent: ...

    def request(self, room: RoomState, seat: Seat, planned: Planned) -> Request: ...

    def selector(self, room: RoomState, ranking: Ranking) -> Selector | None:
        """Who may judge better than this ranking; None where the words suffice, or there is nobody to ask."""
        ...

    def due(self, room: RoomState) -> int:
        """How many lines, from the first, agents should soon read in short; 0 for none."""
        ...

    async def digest(self, room: RoomState, lines: int) -> Compacted:
        """That many lines in short; never raises."""
        ...

    async def expand(self, persona: Persona) -> tuple[tuple[str, ...], Usage]:
        """The words people use who need this persona; none where there is no model to ask or it fails."""
        ...


@dataclass(frozen=True, slots=True)
class Thought:
    """What came of thinking: `text` to say (empty: it passes), or the `error` that it failed with."""

    text: str = ""
    usage: Usage = field(default_factory=Usage)
    model: str = ""
    seconds: float = 0.0
    estimate: int = 0
    thought: str = ""
    """What it thought aloud before it spoke."""
    error: AgentError | None = None


async def think(minds: Minds, room: RoomState, seat: Seat, planned: Planned, draft: Draft) -> Thought:
    """Let the seat's agent answer, within its time; never raises `AgentError` but returns it."""
    started = time.monotonic()
    try:
        agent, request = minds.agent(seat), minds.request(room, seat, planned)
        text, usage = await _answer(agent, request, draft)
    except AgentError as error:
        log.warning("%s %s: %s", seat.name, error, error.detail or "no details")
        return Thought(error=error)
    cut = ran_out(usage.completion_tokens, request.max_tokens)
    said = text if is_pass(text) else clean(text, seat.name, others(room, seat), cut)
    thought = Thought(
        "" if is_pass(said) else said,
        usage,
        request.model,
        round(time.monotonic() - started, 3),
        request.estimate,
        thought_of(text),
    )
    return thought if said else replace(thought, error=AgentEmpty("nothing was left of the answer once it was cleaned"))


async def _answer(agent: Agent, request: Request, draft: Draft) -> tuple[str, Usage]:
    """The whole text, and what it cost. Agents keep to their time themselves; this is for those that do not."""
    text, usage = "", Usage()
    try:
        async with asyncio.timeout(request.timeout + GRACE), aclosing(agent.stream(request)) as pieces:
            async for piece in pieces:
                if isinstance(piece, Usage):
                    usage = piece
                    continue
                text += piece
                draft(text)
                if len(text) > LONGEST:
                    break
    except TimeoutError as error:
        raise AgentTimeout(f"no whole answer within {request.timeout:g} s") from error
    return _some(text.strip()), usage


def _some(text: str) -> str:
    if not text:
        raise AgentEmpty("the answer was empty")
    return text


def others(room: RoomState, seat: Seat) -> Collection[str]:
    """Everybody else's names: for whom an agent may not speak. The orchestrator tells what they said, name by name."""
    if seat.id == MODERATOR:
        return ()
    seats = [other.name for other in (*room.seats.values(), room.moderator) if other.id != seat.id]
    return (*seats, *(name for member in room.members.values() for name in spellings(member)))


def spellings(member: Member) -> Collection[str]:
    """A person's name as it is, and as prompts have it, which is what models write."""
    return dict.fromkeys((member.name, plain_name(member.name)))


def generated(planned: Planned, thought: Thought) -> Generated:
    """The thought as an event, before it is posted."""
    return Generated(
        turn=planned.turn,
        seat=planned.seat,
        text=thought.text,
        model=thought.model,
        seconds=thought.seconds,
        usage=thought.usage,
        estimate=thought.estimate,
        thought=thought.thought,
    )


def members_asked(room: RoomState, seat: Seat, text: str) -> list[Member]:
    """The members this text is addressed to; a name that is also an agent's means the agent."""
    agents = [Named(-other.id - 1, other.name) for other in (*room.seats.values(), room.moderator)]
    taken = {agent.name.casefold() for agent in agents}
    people = [Named(one.id, name) for one in room.members.values() for name in spellings(one)]
    members = [one for one in people if one.name.casefold() not in taken]
    wanted = addressed(text, [*agents, *members], vocative=True, speaker=-seat.id - 1, everyone=())
    return [room.members[number] for number in wanted if number in room.members]


def said(
    room: RoomState,
    planned: Planned,
    text: str,
    posts: tuple[int, ...],
    asked: Sequence[Member] = (),
    pinged: Sequence[Member] = (),
) -> Said | Summarised:
    """The event of a text that stands in the channel as `posts`: whom it hands the turn, and whom it waits for."""
    names = [Named(seat.id, seat.name) for seat in room.seats.values()]
    kind = Summarised if planned.seat == MODERATOR else Said
    return kind(
        turn=planned.turn,
        seat=planned.seat,
        text=text,
        posts=posts,
        addressed=addressed(text, names, vocative=False, speaker=planned.seat),
        asks=asked[0].id if asked else None,
        pinged=tuple(member.id for member in pinged),
    )
