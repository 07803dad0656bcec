"""What happened besides talking, in plain words."""

from typing import assert_never

from rooms_bot.domain.events import (
    Closed,
    Configured,
    Deleted,
    Edited,
    Event,
    Failed,
    Generated,
    Heard,
    Joined,
    Left,
    Opened,
    Passed,
    Paused,
    Planned,
    Resumed,
    Said,
    Summarised,
    Waiting,
)
from rooms_bot.domain.rooms import Member
from rooms_bot.export.survey import Survey

CLOSED = {
    "turns": "all its turns were taken",
    "stopped": "it was stopped",
    "idle": "nobody came for a day",
    "gone": "its channel is gone",
    "restarted": "the bot was started again",
    "discarded": "what was said was discarded",
}
RESUMED = {
    "resumed": "The room went on",
    "next": "The next turn was asked for",
    "summary": "A summary was asked for",
    "nobody came": "Nobody came, and the room went on",
    "more turns": "The room went on",
}


def sentence(event: Event, survey: Survey) -> str:
    """Without a final stop; empty for what was said, which speaks for itself, and for the steps of a turn."""
    match event.what:
        case Heard() | Said() | Summarised() | Planned() | Generated():
            return ""
        case Opened(by=by):
            return f"{by.name} opened the room"
        case Joined(seat=seat, by=by):
            return f"{seat.name} joined{_by(by, ', invited by')}"
        case Left(name=name, by=by):
            return f"{name} left{_by(by, ', sent away by')}"
        case Passed(seat=seat):
            return f"{survey.name(seat)} passed"
        case Failed(seat=seat, reason=reason):
            return f"{survey.name(seat)} {reason}"
        case Waiting() as waiting:
            return _waiting(waiting, survey)
        case Configured() as configured:
            return _configured(configured)
        case Edited():
            return "A message was edited"
        case Deleted():
            return "A message was deleted"
        case Paused(by=by, reason=reason):
            return f"The room was paused{_by(by, ' by')}{reason and f': {reason}'}"
        case Resumed(by=by, turns=turns, reason=reason):
            return f"{RESUMED[reason]}{f' for {turns} more turns' if turns else ''}{_by(by, ', asked by')}"
        case Closed(by=by, reason=reason):
            return f"The room was closed{_by(by, ' by')}: {CLOSED[reason]}"
        case _:
            assert_never(event.what)


def _by(member: Member | None, words: str) -> str:
    return f"{words} {member.name}" if member else ""


def _waiting(waiting: Waiting, survey: Survey) -> str:
    if waiting.reason == "everyone passed":
        return "Everyone passed; the room waited for somebody to speak"
    whom = survey.names.get(waiting.member or 0, "somebody")
    if waiting.seat is not None:
        return f"{survey.name(waiting.seat)} waited for {whom}"
    return f"The room waited for {whom}"


def _configured(changed: Configured) -> str:
    if changed.seat is None:
        return f"The rules were changed{_by(changed.by, ' by')}"
    what = {True: "only listens from now on", False: "speaks again", None: "was changed"}[changed.muted]
    return f"{changed.seat.name} {what}{_by(changed.by, ', asked by')}"
