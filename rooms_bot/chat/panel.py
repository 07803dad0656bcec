"""The panel: how a room stands at a glance, who takes part, and the buttons that steer it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import discord

from rooms_bot.chat.buttons import strip
from rooms_bot.chat.escaping import plain
from rooms_bot.chat.panel_words import how_to_ask, kept, moderating, spent, state, turns, voices
from rooms_bot.chat.render import Voice, side
from rooms_bot.domain.rooms import Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.domain.talk import Phase
from rooms_bot.export import standing

MOST_TEXT = 4000
"""Characters in all that Discord shows in the components of a message; it takes 40 components."""
MOST_PORTRAITS = 3
"""So many agents have a portrait each; more would make the panel longer than a screen, and get a line each."""
APP = "`APP`"
"""What marks an agent, as Discord marks an application: nobody who is none can have it."""

LIVE, WAITING, PAUSED, OVER = 0x3BA55D, 0xE0A62E, 0x80848E, 0x4E5058
_EMOJI = re.compile(r"/emojis/(\d+)\.")

Block = discord.ui.Item[Any]


@dataclass(frozen=True, slots=True)
class Sights:
    """What is on a panel beside the room's own state.

    `faces` are addresses of images by seat, `figures` lines about what the room and its server may spend.
    """

    voice: Voice
    faces: Mapping[int, str] = field(default_factory=dict)
    figures: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Size:
    """How much of a seat is told: so many characters of its name, its role, what it helps with; and its notes."""

    name: int
    role: int
    about: int
    notes: bool = True


SIZES = (Size(80, 120, 120), Size(80, 40, 0), Size(40, 0, 0, notes=False))


def panel(room: RoomState, number: int, sights: Sights) -> discord.ui.LayoutView:
    """The panel of the room `number`, as long as Discord allows: with very long names and roles these are cut."""
    for size in SIZES:
        view = discord.ui.LayoutView(timeout=None)
        blocks = [*_head(room), *_cast(room, sights, size), *_foot(room, sights), *_buttons(room, number)]
        view.add_item(discord.ui.Container(*blocks, accent_colour=_colour(room)))
        if view.content_length() <= MOST_TEXT:
            break
    return view


def _colour(room: RoomState) -> int:
    if room.phase is Phase.LIVE:
        return WAITING if room.waiting else LIVE
    return PAUSED if room.phase is Phase.PAUSED else OVER


def _head(room: RoomState) -> Iterator[Block]:
    rules = standing.sentences(standing.in_force(room))
    yield discord.ui.TextDisplay(f"## {plain(room.config.topic)}\n{state(room)}")
    yield discord.ui.TextDisplay(_small(f"{rules} {turns(room)}"))
    yield discord.ui.Separator()


def _cast(room: RoomState, sights: Sights, size: Size) -> Iterator[Block]:
    """Everyone's name, role and face; then who moderates."""
    seats = list(room.seats.values())
    if len(seats) <= MOST_PORTRAITS:
        for seat in seats:
            yield _portrait(room, seat, sights.faces.get(seat.id), size)
    else:
        yield discord.ui.TextDisplay("\n".join(_line(room, seat, sights.faces.get(seat.id), size) for seat in seats))
    yield discord.ui.TextDisplay(_small(f"{APP} {moderating(room)}"))
    yield discord.ui.Separator()


def _portrait(room: RoomState, seat: Seat, face: str | None, size: Size) -> Block:
    roles = [f"{role[0].upper()}{role[1:]}" for role in _role(seat, size)]
    about = plain(_short(seat.persona.description, size.about)) if size.about else ""
    lines = [_name(seat, size), *roles, *([_small(about)] if about else []), *map(_small, _notes(room, seat, size))]
    text = discord.ui.TextDisplay[Any]("\n".join(lines))
    return discord.ui.Section(text, accessory=discord.ui.Thumbnail(face)) if face else text


def _line(room: RoomState, seat: Seat, face: str | None, size: Size) -> str:
    emoji = _EMOJI.search(face or "")
    shown = [f"<:face:{emoji.group(1)}>"] if emoji else []
    notes = [f"({note})" for note in _notes(room, seat, size)]
    return " ".join([*shown, _name(seat, size), *_role(seat, size), *notes])


def _name(seat: Seat, size: Size) -> str:
    return f"**{plain(_short(seat.name, size.name))}** {APP}"


def _role(seat: Seat, size: Size) -> list[str]:
    return [plain(_short(seat.persona.role, size.role))] if seat.persona.role and size.role else []


def _notes(room: RoomState, seat: Seat, size: Size) -> list[str]:
    noted = [side(room, seat), standing.hindered(room, seat), standing.reserved(seat)]
    told = "; ".join(note for note in noted if note)
    return [told] if told and size.notes else []


def _foot(room: RoomState, sights: Sights) -> Iterator[Block]:
    """How to take part, what speaks and on whose machine, what it has cost, and what becomes of what is written."""
    live = room.phase is not Phase.CLOSED
    figures = [_short(line, 200) for line in sights.figures]
    groups = [
        [_short(voices(room, sights.voice), 400), kept(room) if live else ""],
        [spent(room), *figures],
    ]
    if live:
        yield discord.ui.TextDisplay(how_to_ask(room))
    for lines in groups:
        if any(lines):
            yield discord.ui.TextDisplay("\n".join(_small(line) for line in lines if line))


def _buttons(room: RoomState, number: int) -> Iterator[Block]:
    """What everyone may press, then what hosts may; they are told so who may not."""
    if room.phase is not Phase.CLOSED:
        yield strip(number, "join", "export")
        yield strip(number, "resume" if room.phase is Phase.PAUSED else "pause", "next", "summary", "stop")
    elif room.closed is not None and room.closed.kept_until:
        yield strip(number, "export", "more")


def _small(text: str) -> str:
    return "\n".join(f"-# {line}" for line in text.splitlines())


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
