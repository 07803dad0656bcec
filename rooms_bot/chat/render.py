"""Which events people are told of, and in what words; the room's notices are messages of the bot."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

import discord

from rooms_bot.chat.buttons import row
from rooms_bot.chat.escaping import plain
from rooms_bot.domain.events import (
    Closed,
    Configured,
    Event,
    Failed,
    Joined,
    Left,
    Opened,
    Passed,
    Paused,
    Resumed,
    Waiting,
)
from rooms_bot.domain.rooms import MODERATOR, Answering, Member, Memory, Mode, Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.export import standing
from rooms_bot.turns.argumentative import sides

Voice = Callable[[Seat], str]

ANNOUNCED = ("mode", "topic", "agents_answer", "turns")
"""The rules of which everyone is told that they are others now."""

ENDS = {
    "turns": "All turns are taken.",
    "stopped": "The room was stopped.",
    "idle": "Nothing happened here for a day.",
    "restarted": "The bot was restarted, and the conversation was kept in memory only. `/room start` opens a new room.",
}


@dataclass(frozen=True, slots=True)
class Notice:
    """A message of the bot: its text, its buttons, and who is notified by it."""

    text: str
    view: discord.ui.View | None = None
    pings: tuple[int, ...] = ()


def notice(event: Event, room: RoomState, number: int, voice: Voice) -> Notice | None:
    """What the channel is told of this event, if it is told; `number` is the room's."""
    match event.what:
        case Opened():
            return Notice(opening(room, voice))
        case Joined(seat=seat):
            return Notice(f"{introduce(seat)} joins the room.")
        case Left() as left:
            return Notice(_left(left))
        case Failed() as failed:
            return Notice(_failed(failed, room))
        case Passed(seat=seat, by=Member(name=who)):
            return Notice(f"-# {name_of(room, seat)} was skipped by {plain(who)}.")
        case Configured(seat=Seat() as seat, was=was) if was:
            return Notice(f"**{plain(was)}** is now {introduce(seat)}.")
        case Configured(changed=changed, by=by) if told := [rule for rule in ANNOUNCED if rule in changed]:
            return Notice(_configured(room, told, by))
        case Waiting(reason=reason) as waiting if reason != "people":
            return Notice(waiting_for(waiting, room), row(number, "go_on"))
        case Paused() as paused:
            return Notice(standing.paused(paused, room, _bold))
        case Resumed(reason="resumed" | "more turns") as resumed:
            return Notice(_resumed(resumed))
        case Closed(reason="discarded"):
            return Notice("-# What was said in this room is no longer kept.")
        case Closed(reason=reason) as closed if reason != "gone":
            buttons = row(number, "export", "more", "discard") if closed.kept_until else None
            return Notice(_closed(closed, room), buttons)
        case _:
            return None


def opening(room: RoomState, voice: Voice) -> str:
    """The opening post: the topic, who takes part, who speaks for them, and how to take part oneself."""
    seats, config = list(room.seats.values()), room.config
    first = seats[0].name.replace("`", "") if seats else "name"
    lines = [
        f"## {plain(config.topic)}",
        *(f"- {introduce(seat)}{standing.noted(side(room, seat))}" for seat in seats),
        *([f"- {standing.moderating(room, _bold)}"] if config.orchestrator_every else ()),
        "",
        f"{standing.MODES[config.mode].capitalize()}, {standing.counted(config.turns, 'turn')}. "
        f"They speak {listing(_voices(seats, voice))}.",
        *(["They speak when one of you has spoken."] if config.agents_answer is Answering.PEOPLE else ()),
        f"Say something at any time and they hear it. Write `@{first}`, or reply to what {plain(first)} says, to ask.",
        "-# What is written here is passed on to the model. Not what you want? `/profile ignore`, and you are not "
        f"heard: the bot then neither keeps nor passes on what you say. {_kept(room)}",
    ]
    return "\n".join(lines)


def _voices(seats: Iterable[Seat], voice: Voice) -> list[str]:
    return list(dict.fromkeys(voice(seat) for seat in seats))


def _kept(room: RoomState) -> str:
    if room.config.memory is Memory.DURABLE:
        return "The conversation is kept in the bot's database."
    return "The conversation is kept in memory only, until 15 minutes after its end."


def introduce(seat: Seat) -> str:
    """A name and what its owner is."""
    name = f"**{plain(seat.name)}**"
    return f"{name}, {plain(seat.persona.role)}" if seat.persona.role else name


def side(room: RoomState, seat: Seat) -> str:
    """Its side, where turns go by sides."""
    return plain(sides(room.seats.values())[seat.id]) if room.config.mode is Mode.ARGUMENTATIVE else ""


def _bold(name: str) -> str:
    return f"**{plain(name)}**"


def listing(words: Iterable[str]) -> str:
    """`a, b and c`."""
    *rest, last = list(words) or [""]
    return f"{', '.join(rest)} and {last}" if rest else last


def when(time: datetime, style: str = "R") -> str:
    """A time as each reader's own clock shows it."""
    return f"<t:{int(time.timestamp())}:{style}>"


def name_of(room: RoomState, seat: int) -> str:
    known = seat == MODERATOR or seat in room.seats
    return plain(room.seat(seat).name) if known else "An agent"


def _left(left: Left) -> str:
    who = plain(left.name)
    sorry = f" {plain(listing(left.unserved))}: your question to {who} will get no answer." if left.unserved else ""
    return f"**{who}** leaves the room.{sorry}"


def _failed(failed: Failed, room: RoomState) -> str:
    name = name_of(room, failed.seat)
    line = f"-# {name} {failed.reason}."
    if failed.seat != MODERATOR and room.benched(failed.seat):
        line += (
            f" That was the third time in a row: {name} is left out until `/room resume` or until someone asks @{name}."
        )
    return line


def _configured(room: RoomState, changed: Iterable[str], by: Member | None) -> str:
    words = standing.rules(room, plain)
    said = f", says {_bold(by.name)}" if by else ""
    return standing.sentences("; ".join(words[rule] for rule in changed) + said)


def waiting_for(waiting: Waiting, room: RoomState) -> str:
    """Whom the room waits for, and how long."""
    if waiting.reason == "everyone passed":
        return "Everyone has passed. The room waits for someone to say something."
    if waiting.reason == "people":
        return "The agents wait for someone to say something."
    if waiting.member is None:
        whom = "for a word of yours"
    else:
        whom = (
            f"for **{plain(room.members[waiting.member].name)}**'s answer to {name_of(room, waiting.seat or MODERATOR)}"
        )
    until = f" The agents go on {when(waiting.until)}." if waiting.until else ""
    return f"The room waits {whom}.{until}"


def _resumed(resumed: Resumed) -> str:
    who = f", says **{plain(resumed.by.name)}**" if resumed.by else ""
    more = f" for {resumed.turns} more turns" if resumed.turns else ""
    return f"The room goes on{more}{who}."


def _closed(closed: Closed, room: RoomState) -> str:
    lines = [f"**This room is over.** {ENDS[closed.reason]}"]
    if closed.unserved:
        lines.append(f"{plain(listing(closed.unserved))}: there was no turn left for your question.")
    if closed.kept_until and room.config.memory is Memory.EPHEMERAL:
        until = when(closed.kept_until, "t")
        lines.append(f"What was said is kept until {until} or until Discard is pressed. Export takes it along.")
    return "\n".join(lines)
