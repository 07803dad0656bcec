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
    Nearing,
    Passed,
    Paused,
    Rebuilt,
    Resumed,
    Waiting,
)
from rooms_bot.domain.rooms import MODERATOR, Member, Memory, Mode, Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.export import budgets, standing
from rooms_bot.i18n import N_, NN_, _, ngettext
from rooms_bot.i18n import number as figure
from rooms_bot.turns.argumentative import sides

Voice = Callable[[Seat], str]

ANNOUNCED = ("mode", "topic", "agents_answer", "turns")
"""The rules of which everyone is told that they are others now."""

GOES_ON_FOR = NN_("The room goes on for one more turn.", "The room goes on for {turns} more turns.")
LET_ON_FOR = NN_("{name} let the room go on for one more turn.", "{name} let the room go on for {turns} more turns.")

ENDS = {
    "turns": N_("All turns are taken."),
    "stopped": N_("The room was stopped."),
    "idle": N_("Nothing happened here for a day."),
    "gone": N_("Nothing more can be posted here."),
    "restarted": N_("The bot was restarted while this room was being opened. `/room start` opens a new room."),
    "discarded": N_("What was said was discarded."),
}
FORGOTTEN = N_("-# What was said in this room is no longer kept.")


@dataclass(frozen=True, slots=True)
class Notice:
    """A message of the bot: its text, its buttons, and who is notified by it."""

    text: str
    view: discord.ui.View | discord.ui.LayoutView | None = None
    pings: tuple[int, ...] = ()


def notice(event: Event, room: RoomState, number: int) -> Notice | None:
    """What the channel is told of this event, if it is told; `number` is the room's. Of its opening the panel tells."""
    match event.what:
        case Joined(seat=seat):
            return Notice(_("{name} joins the room.").format(name=introduce(seat)))
        case Left() as left:
            return Notice(_left(left))
        case Failed() as failed:
            return Notice(_failed(failed, room))
        case Passed(seat=seat, by=Member(name=who)):
            skipped = _("-# {name} was skipped by {who}.")
            return Notice(skipped.format(name=name_of(room, seat), who=plain(who)))
        case Configured(seat=Seat() as seat, was=was) if was:
            return Notice(_("**{was}** is now {name}.").format(was=plain(was), name=introduce(seat)))
        case Configured(changed=changed, by=by) if told := [rule for rule in ANNOUNCED if rule in changed]:
            return Notice(_configured(room, told, by))
        case Waiting(reason=reason) as waiting if reason != "people":
            return Notice(waiting_for(waiting, room), row(number, "go_on"))
        case Paused() as paused:
            return Notice(standing.paused(paused, room, _bold))
        case Nearing(member=member) as nearing:
            return Notice(f"-# {budgets.nearing(nearing, event.at, plain(member.name) if member else '')}")
        case Resumed(reason="resumed" | "more turns") as resumed:
            return Notice(_resumed(resumed))
        case Rebuilt() as rebuilt:
            return Notice(_rebuilt(rebuilt, room))
        case Closed() as closed if closed.reason != "discarded" or closed.because:
            buttons = row(number, "export", "more", "discard") if closed.kept_until else None
            return Notice(_closed(closed, room), buttons)
        case _:
            return None


def introduce(seat: Seat) -> str:
    """A name and what its owner is."""
    name = f"**{plain(seat.name)}**"
    return f"{name}, {plain(seat.persona.role)}" if seat.persona.role else name


def side(room: RoomState, seat: Seat) -> str:
    """Its side, where turns go by sides."""
    return plain(_(sides(room.seats.values())[seat.id])) if room.config.mode is Mode.ARGUMENTATIVE else ""


def _bold(name: str) -> str:
    return f"**{plain(name)}**"


def listing(words: Iterable[str]) -> str:
    """`a, b and c`."""
    *rest, last = list(words) or [""]
    return _("{first} and {last}").format(first=", ".join(rest), last=last) if rest else last


def when(time: datetime, style: str = "R") -> str:
    """A time as each reader's own clock shows it."""
    return f"<t:{int(time.timestamp())}:{style}>"


def name_of(room: RoomState, seat: int) -> str:
    known = seat == MODERATOR or seat in room.seats
    return plain(room.seat(seat).name) if known else _("An agent")


def _left(left: Left) -> str:
    who = plain(left.name)
    gone = _("**{name}** leaves the room.").format(name=who)
    if not left.unserved:
        return gone
    sorry = _("{members}: your question to {name} will get no answer.")
    return f"{gone} {sorry.format(members=plain(listing(left.unserved)), name=who)}"


def _failed(failed: Failed, room: RoomState) -> str:
    name = name_of(room, failed.seat)
    line = f"-# {name} {_(failed.reason)}."
    if failed.seat != MODERATOR and room.benched(failed.seat):
        benched = _(
            "That was the third time in a row: {name} is left out until `/room resume` or until someone asks @{name}."
        )
        line += f" {benched.format(name=name)}"
    return line


def _configured(room: RoomState, changed: Iterable[str], by: Member | None) -> str:
    words = standing.rules(room, plain)
    rules = "; ".join(words[rule] for rule in changed)
    told = _("{who} changed the rules: {rules}").format(who=_bold(by.name), rules=rules) if by else rules
    return standing.sentences(told)


def waiting_for(waiting: Waiting, room: RoomState) -> str:
    """Whom the room waits for, and how long."""
    if waiting.reason == "everyone passed":
        return _("Everyone has passed. The room waits for someone to say something.")
    if waiting.reason == "people":
        return _("The agents wait for someone to say something.")
    if waiting.member is None:
        waits = _("The room waits for a word of yours.")
    else:
        member, agent = plain(room.members[waiting.member].name), name_of(room, waiting.seat or MODERATOR)
        waits = _("The room waits for **{name}**'s answer to {agent}.").format(name=member, agent=agent)
    until = _("The agents go on {when}.").format(when=when(waiting.until)) if waiting.until else ""
    return f"{waits} {until}".strip()


def _resumed(resumed: Resumed) -> str:
    who = _bold(resumed.by.name) if resumed.by else ""
    if resumed.turns:
        one, many = LET_ON_FOR if who else GOES_ON_FOR
        return ngettext(one, many, resumed.turns).format(name=who, turns=resumed.turns)
    return _("{name} let the room go on.").format(name=who) if who else _("The room goes on.")


def _rebuilt(rebuilt: Rebuilt, room: RoomState) -> str:
    again = ngettext(
        "The bot was restarted. The {count} message said here before was read again from the channel.",
        "The bot was restarted. The {count} messages said here before were read again from the channel.",
        rebuilt.lines,
    ).format(count=figure(rebuilt.lines))
    started = again if rebuilt.lines else _("The bot was restarted.")
    paused = rebuilt.tally.paused
    return f"{started} {standing.paused(paused, room, _bold) if paused else _('The room goes on.')}"


def _closed(closed: Closed, room: RoomState) -> str:
    if not closed.kept_until or room.config.memory is not Memory.EPHEMERAL:
        return ended(closed)
    keeping = _("What was said is kept until {when} or until Discard is pressed. Export takes it along.")
    return f"{ended(closed)}\n{keeping.format(when=when(closed.kept_until, 't'))}"


def ended(closed: Closed) -> str:
    """That the room is over, why, and who was not answered; not what becomes of what was said."""
    lines = [_("**This room is over.** {why}").format(why=_(ENDS[closed.reason]))]
    if closed.because:
        lines = [_("**This room is over**, since {because}.").format(because=_(closed.because))]
    if closed.unserved:
        sorry = _("{members}: there was no turn left for your question.")
        lines.append(sorry.format(members=plain(listing(closed.unserved))))
    return "\n".join(lines)
