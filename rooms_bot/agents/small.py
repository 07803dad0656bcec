"""What a very small model is sent: so little that it can keep to it, and the first words of its answer.

Measured with SmolLM2-135M over conversations of ten turns: a transcript of many messages is continued in anybody's
name, or ignored; the persona, the question, what a person asked last and what was said last, with an answer begun
differently each turn, keeps it on the topic and in its role.
"""

import zlib
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import replace

from rooms_bot.agents.litellm import LiteLLMAgent
from rooms_bot.agents.prompt import merged
from rooms_bot.agents.quoting import one_line, plain_name, quoted, shortened, tidy
from rooms_bot.domain.events import Planned, Usage
from rooms_bot.domain.rooms import MODERATOR, Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.domain.talk import Line
from rooms_bot.errors import AgentEmpty
from rooms_bot.ports import Message, Request

OPENINGS = (
    "Let me give an example:",
    "I see it differently:",
    "The risk that nobody mentions is that",
    "The first thing I would do is",
    "What matters most to me is",
    "The people who gain from this are",
    "There is one thing I agree with:",
    "This reminds me of",
    "Before we decide, we should know",
    "It would work only if",
    "The hard part is",
    "Think of the people who",
    "A small step would be",
    "My worry is that",
)
ANSWERS = (
    "A fair question.",
    "My answer is short:",
    "It depends on one thing:",
    "I would say that",
    "Honestly, I think",
)
SUMMARIES = (
    "So far, we have heard that",
    "Two things stand out:",
    "The point on the table is",
    "What is still open is",
)

PARAGRAPH = "\n\n"
LONGEST = 90
"""Tokens of any one message."""


class SmallAgent:
    """A very small model's agent: where it has nothing but a blank line to say, it may go on after that line."""

    def __init__(self, agent: LiteLLMAgent) -> None:
        self._agent = agent
        self.prepare = agent.prepare

    async def stream(self, request: Request) -> AsyncGenerator[str | Usage, None]:
        try:
            async with aclosing(self._agent.stream(request)) as pieces:
                async for piece in pieces:
                    yield piece
        except AgentEmpty:
            further = replace(request, stop=tuple(stop for stop in request.stop if stop != PARAGRAPH))
            async with aclosing(self._agent.stream(further)) as pieces:
                async for piece in pieces:
                    yield piece


def compose_small(room: RoomState, seat: Seat, planned: Planned | None = None) -> tuple[Message, ...]:
    """The request's messages; the last one is the assistant's and begins the answer, where the room is in English."""
    said = [_said(room, seat, line) for line in _heard(room, seat, planned)]
    turns = merged([*said, Message("user", " ".join(_task(room, seat)))])
    opening = _opening(room, seat, planned)
    system = Message("system", "\n\n".join(_system(room, seat)))
    return (system, *turns, *([Message("assistant", opening)] if opening else []))


def small_stops(room: RoomState, seat: Seat) -> tuple[str, ...]:
    """Where the answer goes on like the request, in the name of one who spoke last, or with a second paragraph.

    The second one mostly leaves the question: read in conversations of eight turns, with and without.
    """
    spoke = dict.fromkeys(plain_name(line.name) for line in reversed(room.lines[-12:]) if line.seat != seat.id)
    return (PARAGRAPH, *(f"\n{name} says" for name in list(spoke)[:2]), "\nThe topic")


def _system(room: RoomState, seat: Seat) -> Iterator[str]:
    yield seat.persona.prompt or f"You are {seat.name}."
    if seat.instructions:
        yield seat.instructions
    if room.config.language:
        yield f"Write in {one_line(room.config.language)}."


def _heard(room: RoomState, seat: Seat, planned: Planned | None) -> list[Line]:
    """What is being answered or a person said last, then the newest of what the others said; the moderator: three."""
    lines = [line for line in room.lines[-12:] if line.text and line.seat != seat.id]
    newest = lines[-3:] if seat.id == MODERATOR else lines[-1:]
    answered = room.line(planned.answers) if planned and planned.answers is not None else None
    people = [answered] if answered and answered.text else [line for line in lines if line.member is not None][-1:]
    return [line for line in people if line not in newest] + newest


def _said(room: RoomState, seat: Seat, line: Line) -> Message:
    names = [seat.name for seat in room.seats.values()]
    text = quoted(shortened(line.text, LONGEST), names)
    return Message("assistant" if line.seat == seat.id else "user", f"{plain_name(line.name)} says: {text}")


def _task(room: RoomState, seat: Seat) -> Iterator[str]:
    topic = tidy(one_line(room.config.topic))
    end = "" if topic.endswith(("?", ".", "!")) else "."
    if seat.id == MODERATOR:
        yield f"The topic is: {topic}{end} Sum up in two sentences what the others said, and what is open."
    else:
        yield f"What do you think, {seat.name}: {topic}{end} Answer in two or three sentences."


def _opening(room: RoomState, seat: Seat, planned: Planned | None) -> str:
    """Another one each turn, all before one comes again; in other languages than English none."""
    language = room.config.language.casefold()
    if language and "english" not in language and not language.startswith("en"):
        return ""
    of = SUMMARIES if seat.id == MODERATOR else ANSWERS if planned and planned.answers is not None else OPENINGS
    turn = planned.turn if planned else room.next_turn
    return of[(turn * 3 + zlib.crc32(room.config.topic.encode())) % len(of)]
