"""A room to keep: `{"room": {…}, "events": [{…}, …]}`, the events as they are, one on each line."""

import json
from typing import Any

from rooms_bot.domain.events import Attached, Event, Failed, Generated
from rooms_bot.domain.rooms import MODERATOR, Seat
from rooms_bot.export.survey import Survey

SCHEMA = 1
"""Goes up when a reader of the old form would misread the new."""


class Json:
    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._begun = False

    def head(self) -> str:
        return f'{{"room": {_dumped(self._room())},\n"events": ['

    def event(self, event: Event) -> str:
        if "text" in type(event.what).model_fields:
            what = event.what.model_copy(update={"text": self._survey.changes.text(event), **self._gone(event)})
            event = event.model_copy(update={"what": what})
        comma = "," if self._begun else ""
        self._begun = True
        return f"{comma}\n{_dumped(event.model_dump(mode='json'))}"

    def _gone(self, event: Event) -> dict[str, str]:
        """What goes with words that were deleted."""
        deleted = self._survey.changes.deleted(event)
        match event.what:
            case Attached() if deleted:
                return {"name": ""}
            case Generated() | Failed() if deleted:
                return {"thought": ""}
            case _:
                return {}

    def tail(self) -> str:
        return "\n]}\n"

    def _room(self) -> dict[str, Any]:
        survey = self._survey
        if survey.opened is None or survey.config is None:
            return {"schema": SCHEMA}
        moderator = survey.seats[MODERATOR]
        return {
            "schema": SCHEMA,
            "topic": survey.config.topic,
            "mode": survey.config.mode.value,
            "place": survey.opened.place.model_dump(),
            "opened_at": _time(survey.opened_at),
            "last_at": _time(survey.last_at),
            "closed_at": _time(survey.closed_at) if survey.closed else None,
            "closed": survey.closed.reason if survey.closed else None,
            "turns": survey.turns,
            "turns_allowed": survey.turns_allowed,
            "passes": survey.passes,
            "prompt_tokens": survey.spent.prompt_tokens,
            "completion_tokens": survey.spent.completion_tokens,
            "cost": survey.spent.cost,
            "unpriced": survey.spent.unpriced,
            "agents": [_seat(seat) for seat in survey.agents],
            "moderator": _seat(moderator),
            "members": [{"id": member.id, "name": member.name} for member in survey.members.values()],
        }


def _seat(seat: Seat) -> dict[str, Any]:
    model = seat.model or seat.persona.model
    return {"seat": seat.id, "name": seat.name, "role": seat.persona.role, "model": model}


def _time(at: Any) -> str:
    return str(at.isoformat(timespec="milliseconds")).replace("+00:00", "Z")


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
