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
from rooms_bot.domain.costs import Cost
from rooms_bot.domain.events import Compacted, Generated, Planned, Said, Summarised, Usage
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import MODERATOR, Member, Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.domain.talk import Ranking
from rooms_bot.engine.call import Call
from rooms_bot.errors import AgentEmpty, AgentError, AgentTimeout
from rooms_bot.ports import Agent, Errand, Request, Selector
from rooms_bot.turns.addressing import Named, addressed
from rooms_bot.turns.passing import is_pass

log = logging.getLogger(__name__)

Draft = Callable[[str], None]
"""Is told an answer as it grows, whole each time and as it came; see `Speech.grow`."""

GRACE = 10
"""Seconds beyond an agent's time, for what comes before its model is asked: the first start of a model."""


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

    def cost(self, model: str, read: int, written: int) -> Cost | None:
        """What a call of so many tokens takes; None where it costs nobody anything."""
        ...

    def outlay(self, errand: Errand, room: RoomState) -> Cost | None:
        """At most about what the room's errand takes; None where it costs nobody anything."""
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


async def think(call: Call, room: RoomState, seat: Seat, draft: Draft) -> Thought:
    """Let the seat's agent answer, within its time; never raises `AgentError` but returns it."""
    started, request = time.monotonic(), call.request
    try:
        with call:
            text = await _answer(call, draft)
    except AgentError as error:
        log.warning("%s %s: %s", seat.name, error, error.detail or "no details")
        return Thought(error=error, usage=call.usage)
    cut = call.is_full or (call.counted and ran_out(call.usage.completion_tokens, request.max_tokens))
    said = text if is_pass(text) else clean(text, seat.name, others(room, seat), cut)
    thought = Thought(
        "" if is_pass(said) else said,
        call.usage,
        request.model,
        round(time.monotonic() - started, 3),
        request.estimate if call.counted else 0,
        thought_of(text),
    )
    return thought if said else replace(thought, error=AgentEmpty("nothing was left of the answer once it was cleaned"))


async def _answer(call: Call, draft: Draft) -> str:
    """The whole text. Agents keep to their time themselves; this is for those that do not."""
    request = call.request
    try:
        async with asyncio.timeout(request.timeout + GRACE), aclosing(call.agent.stream(request)) as pieces:
            async for piece in pieces:
                if isinstance(piece, Usage):
                    call.usage = piece
                    continue
                call.text += piece
                draft(call.text)
                if call.is_full:
                    break
    except TimeoutError as error:
        raise AgentTimeout(f"no whole answer within {request.timeout:g} s") from error
    return _some(call.text.strip())


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
