"""What happened besides talking, in plain words."""

from typing import assert_never

from rooms_bot.domain.events import (
    Attached,
    Budget,
    Closed,
    Compacted,
    Configured,
    Deleted,
    Displayed,
    Edited,
    Event,
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
    Regenerated,
    Resumed,
    Spoken,
    Waiting,
)
from rooms_bot.domain.rooms import MODERATOR, Member, RoomConfig
from rooms_bot.export import standing
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
    "asked": "The room went on",
}
BUDGETS = {
    Budget.ROOM: "the room's budget",
    Budget.DAY: "the server's budget for the day",
    Budget.MONTH: "the server's budget for the month",
    Budget.MEMBER: "a member's budget for the hour",
}
RULES = {
    "topic": "topic",
    "mode": "mode",
    "agents_answer": "rule",
    "selector": "rule",
    "turns": "number of turns",
    "pace": "pause between posts, in seconds,",
    "human_every": "number of turns before agents wait for a person",
    "human_wait": "wait for a person, in seconds,",
    "language": "language",
    "orchestrator_every": "number of turns before a summary",
    "streaming": "rule",
    "budget": "budget",
}


def sentence(event: Event, survey: Survey) -> str:
    """Without a final stop; empty for what was said, which speaks for itself, and for the steps of a turn."""
    match event.what:
        case Heard() | Spoken() | Planned() | Posting() | Generated() | Displayed():
            return ""
        case Opened(by=by):
            return f"{by.name} opened the room"
        case Joined(seat=seat, by=by):
            return f"{seat.name} joined{_by(by, ', invited by')}"
        case Left(name=name, by=by):
            return f"{name} left{_by(by, ', sent away by')}"
        case Greeted(seat=seat, text="", posts=()):
            return f"{survey.name(seat, event)}'s greeting could not be posted"
        case Greeted():
            return ""
        case Attached() if survey.changes.deleted(event):
            return ""
        case Attached(name=name, text=text):
            return f"The file {name} {'was attached' if text else 'could not be read'}"
        case Passed(seat=seat, by=None):
            return f"{survey.name(seat, event)} passed"
        case Passed(seat=seat, by=by):
            return f"{survey.name(seat, event)} was skipped{_by(by, ' by')}"
        case Compacted(lines=lines):
            return f"The first {lines} messages were put into few words for the agents"
        case Failed(seat=seat, reason=reason):
            return f"{survey.name(seat, event)} {reason}"
        case Waiting() as waiting:
            asker = "The room" if waiting.seat is None else survey.name(waiting.seat, event)
            return _waiting(waiting, asker, survey.names.get(waiting.member or 0, "somebody"))
        case Configured() as configured:
            return _configured(configured)
        case Edited():
            return "A message was edited"
        case Deleted():
            return "A message was deleted"
        case Regenerated(seat=seat, by=by):
            return f"{survey.name(seat, event)} was asked to answer anew{_by(by, ', by')}"
        case Rated(seat=seat, member=member, rating=rating):
            said = {1: "liked", 0: "no longer rates", -1: "disliked"}[rating]
            return f"{member.name} {said} what {survey.name(seat, event)} said"
        case Nearing(budget=budget, used=used, limit=limit, unit=unit):
            return f"{used / limit:.0%} of {BUDGETS[budget]} ({limit:g} {unit}) was used"
        case Forgotten():
            return "What a member had said was deleted, as they wished"
        case Paused(by=by, reason=reason):
            return f"The room was paused{_by(by, ' by')}{reason and f': {reason}'}"
        case Resumed(by=by, seat=int(seat)):
            return f"{survey.name(seat, event)} was given the next turn{_by(by, ' by')}"
        case Resumed(by=by, turns=turns, reason=reason):
            asked = " by" if reason in ("next", "summary") else ", asked by"
            return f"{RESUMED[reason]}{f' for {turns} more turns' if turns else ''}{_by(by, asked)}"
        case Closed(by=by, reason=reason):
            return f"The room was closed{_by(by, ' by')}: {CLOSED[reason]}"
        case _:
            assert_never(event.what)


def _by(member: Member | None, words: str) -> str:
    return f"{words} {member.name}" if member else ""


def _waiting(waiting: Waiting, asker: str, whom: str) -> str:
    match waiting.reason:
        case "everyone passed":
            return "Everyone passed; the room waited for somebody to speak"
        case "people":
            return "The agents waited for somebody to speak"
        case _:
            return f"{asker} waited for {whom}"


def _configured(changed: Configured) -> str:
    """Nothing of what nobody asked for: the words by which an agent is found."""
    by = _by(changed.by, " by")
    if changed.config is not None:
        others = changed.changed or (("mode",) if changed.was else ())
        rules = [_rule(rule, changed.config, changed.was) for rule in RULES if rule in others]
        return f"The {'; the '.join(rules) or 'rules were changed'}{by}"
    if changed.seat is None or changed.by is None:
        return ""
    if changed.muted is not None:
        return f"{changed.seat.name} {'only listens from now on' if changed.muted else 'speaks again'}, asked{by}"
    if changed.was and changed.seat.id == MODERATOR:
        return f"{changed.was} is called {changed.seat.name} now, by {changed.by.name}'s wish"
    if changed.was:
        return f"{changed.seat.name} took the seat of {changed.was}, asked{by}"
    return f"{changed.seat.name} was changed{by}"


def _rule(rule: str, config: RoomConfig, was: str) -> str:
    if rule == "mode":
        return f"mode was changed from {was} to {config.mode}".replace("_", " ")
    quoted = {
        "topic": config.topic,
        "agents_answer": standing.ANSWERING[config.agents_answer],
        "selector": standing.SELECTION[config.selector],
    }
    value = f"“{quoted[rule]}”" if rule in quoted else getattr(config, rule)
    return f"{RULES[rule]} was changed to {value}"
