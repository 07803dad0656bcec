"""What happened besides talking, in plain words."""

from typing import assert_never

from rooms_bot.domain.events import (
    Attached,
    Budget,
    Came,
    Closed,
    Compacted,
    Configured,
    Deleted,
    Displayed,
    Edited,
    Event,
    Expired,
    Failed,
    Forgotten,
    Generated,
    Greeted,
    Heard,
    Joined,
    Left,
    Nearing,
    Opened,
    Passed,
    Paused,
    Planned,
    Posting,
    Rated,
    Rebuilt,
    Recalled,
    Regenerated,
    Resumed,
    Spoken,
    Waiting,
)
from rooms_bot.domain.rooms import Member
from rooms_bot.export.budgets import amount
from rooms_bot.export.configured import configured
from rooms_bot.export.survey import Survey
from rooms_bot.i18n import N_, _, ngettext, number

CLOSED = {
    "turns": N_("all its turns were taken"),
    "stopped": N_("it was stopped"),
    "idle": N_("nobody came for a day"),
    "gone": N_("its channel is gone"),
    "restarted": N_("the bot was started again"),
    "discarded": N_("what was said was discarded"),
}
RESUMED = {
    "next": (N_("The next turn was asked for"), N_("The next turn was asked for by {by}")),
    "summary": (N_("A summary was asked for"), N_("A summary was asked for by {by}")),
    "nobody came": (N_("Nobody came, and the room went on"), N_("The room went on, asked by {by}")),
}
"""By themselves, and by somebody's wish; all else lets the room go on."""
BUDGETS = {
    Budget.ROOM: N_("the room's budget"),
    Budget.DAY: N_("the server's budget for the day"),
    Budget.MONTH: N_("the server's budget for the month"),
    Budget.MEMBER: N_("a member's budget for the hour"),
}
RATED = {
    1: N_("{member} liked what {name} said"),
    0: N_("{member} no longer rates what {name} said"),
    -1: N_("{member} disliked what {name} said"),
}
UNHEEDED = N_("called for no turn")
"""Of a message whose author had used up what they may."""
CUT_OFF = N_("cut off")
"""Of an answer that broke off half-way, where people could read it."""
DELETED = N_("deleted")
EXPIRED = N_("no longer kept")
"""Of words that are gone: somebody took them back, or they were said too long ago."""


def sentence(event: Event, survey: Survey) -> str:
    """Without a final stop; empty for what was said, which speaks for itself, and for the steps of a turn."""
    match event.what:
        case Heard() | Recalled() | Spoken() | Planned() | Posting() | Generated() | Displayed():
            return ""
        case Opened(by=by):
            return _("{name} opened the room").format(name=by.name)
        case Joined(seat=seat, by=by):
            return _by(by, N_("{name} joined"), N_("{name} joined, invited by {by}"), name=seat.name)
        case Left(name=name, by=by):
            return _by(by, N_("{name} left"), N_("{name} left, sent away by {by}"), name=name)
        case Came(member=member):
            return _("{name} came to take part").format(name=member.name)
        case Greeted(seat=seat, text="", posts=()):
            return _("{name}'s greeting could not be posted").format(name=survey.name(seat, event))
        case Greeted():
            return ""
        case Attached() if survey.changes.deleted(event):
            return ""
        case Attached(name=name, text=text):
            return (_("The file {name} was attached") if text else _("The file {name} could not be read")).format(
                name=name
            )
        case Passed(seat=seat, by=by) as passed:
            alone = N_("{name} passed") if passed.by is None else N_("{name} was skipped")
            return _by(by, alone, N_("{name} was skipped by {by}"), name=survey.name(seat, event))
        case Compacted(lines=lines):
            return ngettext(
                "The first message was put into few words for the agents",
                "The first {lines} messages were put into few words for the agents",
                lines,
            ).format(lines=lines)
        case Failed(seat=seat, reason=reason):
            return f"{survey.name(seat, event)} {_(reason)}"
        case Waiting() as waiting:
            return _waiting(waiting, event, survey)
        case Configured() as changed:
            return configured(changed)
        case Edited():
            return _("A message was edited")
        case Deleted(by=by):
            return _by(by, N_("A message was deleted"), N_("A message was deleted by {by}"))
        case Regenerated(seat=seat, by=by):
            asked = N_("{name} was asked to answer anew, by {by}")
            return _by(by, N_("{name} was asked to answer anew"), asked, name=survey.name(seat, event))
        case Rated(seat=seat, member=member, rating=rating):
            return _(RATED[rating]).format(member=member.name, name=survey.name(seat, event))
        case Nearing() as nearing:
            return _nearing(nearing)
        case Forgotten():
            return _("What a member had said was deleted, as they wished")
        case Paused() as paused:
            return _paused(paused)
        case Resumed(by=by, seat=int(seat)):
            given = N_("{name} was given the next turn by {by}")
            return _by(by, N_("{name} was given the next turn"), given, name=survey.name(seat, event))
        case Resumed() as resumed:
            return _resumed(resumed)
        case Rebuilt(lines=lines):
            return ngettext(
                "The bot was started again and read {count} message of the channel again",
                "The bot was started again and read {count} messages of the channel again",
                lines,
            ).format(count=number(lines))
        case Expired(before=before):
            return _("What was said before {time} UTC is no longer kept").format(time=f"{before:%Y-%m-%d %H:%M}")
        case Closed(by=by) as closed:
            whole = N_("The room was closed by {by}: {reason}")
            return _by(by, N_("The room was closed: {reason}"), whole, reason=why_closed(closed))
        case _:
            assert_never(event.what)


def why_closed(closed: Closed) -> str:
    """As exactly as it is known."""
    return _(closed.because or CLOSED[closed.reason])


def _by(by: Member | None, alone: str, asked: str, **values: object) -> str:
    """The sentence, and the one that says by whom where that is known."""
    return _(asked if by else alone).format(**values, by=by.name if by else "")


def _waiting(waiting: Waiting, event: Event, survey: Survey) -> str:
    if waiting.reason == "everyone passed":
        return _("Everyone passed; the room waited for somebody to speak")
    if waiting.reason == "people":
        return _("The agents waited for somebody to speak")
    whom = survey.names.get(waiting.member or 0, _("somebody"))
    if waiting.seat is None:
        return _("The room waited for {member}").format(member=whom)
    return _("{name} waited for {member}").format(name=survey.name(waiting.seat, event), member=whom)


def _nearing(nearing: Nearing) -> str:
    budget = _(BUDGETS[nearing.budget])
    if nearing.member:
        budget = _("{name}'s budget for the hour").format(name=nearing.member.name)
    limit, share = amount(nearing.limit, nearing.unit), f"{nearing.used / nearing.limit:.0%}"
    return _("{share} of {budget} ({limit}) was used").format(share=share, budget=budget, limit=limit)


def _paused(paused: Paused) -> str:
    if not paused.reason:
        return _by(paused.by, N_("The room was paused"), N_("The room was paused by {by}"))
    whole = N_("The room was paused by {by}: {reason}")
    return _by(paused.by, N_("The room was paused: {reason}"), whole, reason=_(paused.reason))


def _resumed(resumed: Resumed) -> str:
    if resumed.turns:
        more = ngettext(
            "The room went on for {turns} more turn", "The room went on for {turns} more turns", resumed.turns
        )
        said = more.format(turns=resumed.turns)
        return _("{sentence}, asked by {by}").format(sentence=said, by=resumed.by.name) if resumed.by else said
    return _by(
        resumed.by, *RESUMED.get(resumed.reason, (N_("The room went on"), N_("The room went on, asked by {by}")))
    )
