"""What a very small model is sent: so little that it can keep to it, and the first words of its answer.

Measured with SmolLM2-135M (`make talk`): a transcript of many messages is continued in anybody's name, or copied; who
it is in two sentences, what people said, what was said last, the question seen from one of its own fields, and an
answer begun differently each turn, every other time out of its own work, keep it on the topic and in its role.
"""

import re
import zlib
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import replace

from rooms_bot.agents.litellm import LiteLLMAgent
from rooms_bot.agents.openings import opening
from rooms_bot.agents.quoting import one_line, plain_name, quoted, shortened, tidy
from rooms_bot.agents.voices import Voices
from rooms_bot.domain.events import Planned, Usage
from rooms_bot.domain.rooms import MODERATOR, Mode, Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.domain.talk import Line
from rooms_bot.errors import AgentEmpty
from rooms_bot.ports import Message, Request
from rooms_bot.turns.argumentative import sides

LINE = "\n"
LONGEST = 120
"""Tokens of any one message, and of what tells the persona."""
PEOPLE = 4
"""How many of the things that people said last stay in the request."""
BACK = 200
"""Messages among which these are looked for."""


class SmallAgent:
    """A very small model's agent: where it has nothing to say in a line begun for it, it begins itself."""

    def __init__(self, agent: LiteLLMAgent) -> None:
        self._agent = agent
        self.prepare = agent.prepare

    async def stream(self, request: Request) -> AsyncGenerator[str | Usage, None]:
        try:
            async with aclosing(self._agent.stream(request)) as pieces:
                async for piece in pieces:
                    yield piece
        except AgentEmpty:
            asked = tuple(message for message in request.messages if message.role != "assistant")
            async with aclosing(self._agent.stream(replace(request, messages=asked, stop=()))) as pieces:
                async for piece in pieces:
                    yield piece


def compose_small(room: RoomState, seat: Seat, planned: Planned | None = None) -> tuple[Message, ...]:
    """The request's messages; the last one is the assistant's and begins the answer, where the room is in English."""
    turn = planned.turn if planned else room.next_turn
    heard = _heard(room, seat, planned)
    system = Message("system", "\n\n".join(_system(room, seat)))
    said = [_said(room, line) for line in heard]
    user = Message("user", "\n\n".join([*said, " ".join(_task(room, seat, heard, _field(room, seat, turn)))]))
    begun = opening(room, seat, turn, _answers_a_person(heard), _field(room, seat, turn), _role(seat))
    return (system, user, *([Message("assistant", begun)] if begun else []))


def small_stops(room: RoomState, seat: Seat, planned: Planned | None = None) -> tuple[str, ...]:
    """Where the line ends, since a second one mostly leaves the question, or goes on in the name of one it answers."""
    names = dict.fromkeys(_called(room, line) for line in reversed(_heard(room, seat, planned)))
    return (LINE, *(f"{name} says:" for name in list(names)[:3]))


# Who it is


def _system(room: RoomState, seat: Seat) -> Iterator[str]:
    yield " ".join(_character(seat))
    if seat.instructions:
        yield seat.instructions
    if room.config.language:
        yield f"Write in {one_line(room.config.language)}."


def _character(seat: Seat) -> Iterator[str]:
    """The card, or where there is no role the first paragraph of the prompt; the whole of it is for larger models."""
    persona, role = seat.persona, _role(seat)
    if seat.id == MODERATOR and persona.prompt:
        yield shortened(persona.prompt, 4 * LONGEST)
        return
    if not role and persona.prompt:
        yield shortened(persona.prompt.strip().partition("\n\n")[0], LONGEST)
    else:
        yield f"You are {role or seat.name}."
    if persona.expertise:
        yield f"You know about {', '.join(map(one_line, persona.expertise[:8]))}."
    yield "You talk with friends, plainly and in your own words."


def _role(seat: Seat) -> str:
    """With its article, as one says what somebody is."""
    role = one_line(seat.persona.role)
    if not role or re.match(r"(?:an?|the|my|our|your|his|her|their)\b", role, re.I):
        return role
    vowel = re.match(r"(?!uni|use|eur|one)[aeiou]|hones|hono|hour|heir", role, re.I)
    return f"an {role}" if vowel else f"a {role}"


def _field(room: RoomState, seat: Seat, turn: int) -> str:
    """One of what it knows about, each in turn, so that it looks at the topic from another side every time."""
    known = seat.persona.expertise
    at = turn // max(1, len(room.seats)) + zlib.crc32(seat.name.encode())
    return one_line(known[at % len(known)]) if known else ""


# What it answers


def _heard(room: RoomState, seat: Seat, planned: Planned | None) -> list[Line]:
    """What people said last, then what the others said last (the moderator: three), then what is being answered.

    For a persona without memory what it answers is all.
    """
    lines = [line for line in room.lines[-BACK:] if line.text and line.seat != seat.id and not line.greeting]
    newest = lines[-3:] if seat.id == MODERATOR else lines[-1:]
    answered = room.line(planned.answers) if planned and planned.answers is not None else None
    last = [answered] if answered is not None and answered.text else newest
    if seat.persona.memory == "none":
        return last
    people = [line for line in lines if line.member is not None][-PEOPLE:]
    return [line for line in (*people, *newest) if line not in last] + last


def _answers_a_person(heard: Sequence[Line]) -> bool:
    return bool(heard) and heard[-1].member is not None


def _said(room: RoomState, line: Line) -> str:
    names = [seat.name for seat in room.seats.values()]
    text = "\n".join((line.text, *(text for _, text in line.files)))
    return f"{_called(room, line)} says: {quoted(shortened(text, LONGEST), names)}"


def _task(room: RoomState, seat: Seat, heard: Sequence[Line], field: str) -> Iterator[str]:
    """Who it is stands here once more, right before the answer: what is further away counts for little."""
    topic = tidy(one_line(room.config.topic))
    topic += "" if topic.endswith(("?", ".", "!")) else "."
    if seat.id == MODERATOR:
        yield f"The topic is: {topic} Sum up in two sentences what the others said, and what is open."
        return
    if role := _role(seat):
        yield f"You are {role}."
    if room.config.mode is Mode.ARGUMENTATIVE:
        yield f"Your side of the topic is: {one_line(sides(room.seats.values())[seat.id])}."
    mind = f", with {field} in mind" if field else ""
    if _answers_a_person(heard):
        yield f"The topic is: {topic} What do you say to {plain_name(heard[-1].name)}{mind}?"
    else:
        yield f"What do you think{mind}: {topic}"
    yield "Answer in two or three sentences."


def _called(room: RoomState, line: Line) -> str:
    """Its speaker; a person who is called like an agent is told apart."""
    name = plain_name(line.name)
    agents = {seat.name.casefold() for seat in (*room.seats.values(), room.moderator)}
    return Voices(room).who(line) if line.member is not None and name.casefold() in agents else name
