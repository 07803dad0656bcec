"""From words to rows and back."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import RowMapping

from rooms_bot.domain.events import Event, Tally
from rooms_bot.domain.rooms import MODERATOR, Seat
from rooms_bot.ports import GuildSettings, RoomRecord
from rooms_bot.store.redaction import nobody, untold

Row = dict[str, Any]


def to_ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def from_ms(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def event_row(room: int, event: Event) -> Row:
    """What was said goes into a column of its own and is nowhere in the body, so that it can be overwritten."""
    what = event.what
    return {
        "room": room,
        "idx": event.index,
        "at": to_ms(event.at),
        "kind": what.kind,
        "text": getattr(what, "text", None),
        "body": what.model_dump(mode="json", exclude={"kind", "text"}),
    }


def to_event(row: Mapping[Any, Any]) -> Event:
    what = {"kind": row["kind"], **row["body"]}
    if row["text"] is not None:
        what["text"] = row["text"]
    return Event.model_validate({"index": row["idx"], "at": from_ms(row["at"]), "what": what})


def room_row(record: RoomRecord) -> Row:
    """All but the id and the seats."""
    return {
        "guild": record.place.guild,
        "channel": record.place.channel,
        "parent": record.place.parent,
        "config": record.config.model_dump(mode="json"),
        "opened_by": record.opened_by.model_dump(mode="json"),
        "opened_at": to_ms(record.opened_at),
        "open": record.open,
        "tally": tally_json(record.tally),
    }


def tally_json(tally: Tally) -> Row:
    return tally.model_dump(mode="json", exclude_defaults=True)


def forgetting(row: RowMapping, member: int) -> Row | None:
    """What has to be other in a room's row for it to tell nothing of this member; None where it does not."""
    tally = Tally.model_validate(row["tally"])
    left = untold(tally, member)
    if row["opened_by"]["id"] == member:
        return {"id": row["id"], "opened_by": nobody(member).model_dump(), "tally": tally_json(left)}
    return {"id": row["id"], "tally": tally_json(left)} if left != tally else None


def seat_rows(room: int, record: RoomRecord) -> list[Row]:
    """The moderator's seat is a row like the others, under its own number."""
    return [
        {"room": room, "seat": seat.id, "place": place, "body": seat.model_dump(mode="json")}
        for place, seat in enumerate((record.moderator, *record.seats))
    ]


def to_room(rows: Sequence[Mapping[Any, Any]]) -> RoomRecord:
    """From the room's row joined with each of its seats, in the order they were saved."""
    seats = [Seat.model_validate(row["body"]) for row in rows]
    if MODERATOR not in [seat.id for seat in seats]:
        raise ValueError("its moderator has no seat")
    row = rows[0]
    return RoomRecord.model_validate(
        {
            "id": row["id"],
            "place": {key: row[key] for key in ("guild", "channel", "parent")},
            "config": row["config"],
            "moderator": next(seat for seat in seats if seat.id == MODERATOR),
            "seats": tuple(seat for seat in seats if seat.id != MODERATOR),
            "opened_by": row["opened_by"],
            "opened_at": from_ms(row["opened_at"]),
            "open": row["open"],
            "tally": row["tally"],
        }
    )


def settings_row(settings: GuildSettings) -> Row:
    return {
        "guild": settings.guild,
        "host_role": settings.host_role,
        "body": settings.model_dump(mode="json", exclude={"guild", "host_role"}),
    }


def to_settings(row: RowMapping) -> GuildSettings:
    return GuildSettings.model_validate({**row["body"], "guild": row["guild"], "host_role": row["host_role"]})
