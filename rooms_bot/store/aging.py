"""How long what is kept in numbers still counts."""

from datetime import UTC, datetime

HOUR = 3600


def oldest_hour(before: datetime, now: datetime) -> int:
    """The first hour (since the epoch) whose spending is kept: what was spent in the running month still counts."""
    month = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return int(min(before, month).timestamp()) // HOUR
