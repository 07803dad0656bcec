"""What hosts and admins did, in a line each, for a server's log channel."""

from rooms_bot.chat.escaping import plain
from rooms_bot.chat.others import PROXIED
from rooms_bot.chat.render import introduce, name_of, when
from rooms_bot.domain.events import (
    Closed,
    Configured,
    Deleted,
    Event,
    Expired,
    Joined,
    Left,
    Opened,
    Passed,
    Paused,
    Regenerated,
    Resumed,
)
from rooms_bot.domain.rooms import MODERATOR, Member, Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.export import standing
from rooms_bot.i18n import N_, _

RESUMED = {
    "resumed": N_("{who} let the room go on"),
    "more turns": N_("{who} gave the room more turns"),
    "next": N_("{who} asked for the next turn"),
    "summary": N_("{who} asked for a summary"),
}


def deed(event: Event, room: RoomState) -> str:
    """What somebody did there, without a full stop; empty for what happened by itself, or by talking."""
    match event.what:
        case Opened(by=by, config=config):
            said = _("{who} opened a room: {topic}").format(who=doer(by), topic=plain(config.topic))
        case Joined(seat=seat, by=Member() as by):
            said = _("{who} invited {agent}").format(who=doer(by), agent=introduce(seat))
        case Left(name=name, by=Member() as by):
            said = _("{who} sent {agent} away").format(who=doer(by), agent=_bold(name))
        case Configured(by=Member() as by) as changed:
            said = _configured(changed, by, room)
        case Passed(seat=number, by=Member() as by):
            said = _("{who} skipped {agent}'s turn").format(who=doer(by), agent=name_of(room, number))
        case Regenerated(seat=number, by=by):
            said = _("{who} asked {agent} to answer anew").format(who=doer(by), agent=name_of(room, number))
        case Deleted(source=source, by=by) if (line := room.line(source)) is not None and line.seat is not None:
            alone, asked = _("A message of {agent} was deleted"), _("{who} deleted a message of {agent}")
            said = (asked if by else alone).format(who=doer(by) if by else "", agent=_bold(line.name))
        case Paused(by=Member() as by):
            said = _("{who} paused the room").format(who=doer(by))
        case Resumed(by=Member() as by, seat=int(number)):
            said = _("{who} gave {agent} the next turn").format(who=doer(by), agent=name_of(room, number))
        case Resumed(by=Member() as by, reason=reason) if reason in RESUMED:
            said = _(RESUMED[reason]).format(who=doer(by))
        case Expired(before=before):
            said = _("What was said here before {when} was deleted, as it is kept for so long only").format(
                when=when(before, "f")
            )
        case Closed(by=Member() as by, reason="discarded", because=""):
            said = _("{who} discarded what was said in a room").format(who=doer(by))
        case Closed(by=Member() as by):
            said = _("{who} ended the room").format(who=doer(by))
        case _:
            said = ""
    return said


def _configured(changed: Configured, by: Member, room: RoomState) -> str:
    if changed.seat is not None:
        return _seat(changed, changed.seat).format(who=doer(by), agent=_bold(changed.seat.name), was=_bold(changed.was))
    words = standing.rules(room, plain)
    rules = "; ".join(words[rule] for rule in changed.changed if rule in words)
    return _("{who} changed the rules: {rules}").format(who=doer(by), rules=rules or "…")


def _seat(changed: Configured, seat: Seat) -> str:
    if changed.muted is not None:
        return _("{who} lets {agent} only listen") if changed.muted else _("{who} lets {agent} speak again")
    if changed.was and seat.id == MODERATOR:
        return _("{who} calls the orchestrator {agent} instead of {was}")
    if changed.was:
        return _("{who} gave the seat of {was} to {agent}")
    return _("{who} changed {agent}")


def doer(member: Member) -> str:
    """Who did it, shown by their account: names can be anybody's."""
    return f"<@{member.id}>" if member.id < PROXIED else _bold(member.name)


def _bold(name: str) -> str:
    return f"**{plain(name)}**"
