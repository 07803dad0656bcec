"""How much one member may say in one room in a short time; beyond it nothing is heard until they slow down."""

from dataclasses import dataclass

MESSAGES = 10
"""How many may come at once."""
SECONDS = 10.0
"""How long it takes until so many more may."""
NEARLY = 1 - 1e-6
"""What counts as one: times are sums of fractions."""
SIGN = "🐢"
"""Put on the first message that is not heard."""
MOST = 4096
"""Buckets that are kept; full ones are forgotten first, since a new one is full."""


@dataclass(slots=True)
class Bucket:
    """`left` messages may come, as of `at`; `told` once somebody was told that there are none."""

    left: float
    at: float
    told: bool = False


class Flood:
    """One bucket per member and channel, which empties with every message and fills with time."""

    def __init__(self) -> None:
        self._buckets: dict[tuple[int, int], Bucket] = {}

    def admits(self, channel: int, member: int, now: float) -> bool:
        """Whether one more message is heard; `now` in seconds. A message that is not heard costs nothing."""
        bucket = self._bucket((channel, member), now)
        bucket.left = min(MESSAGES, bucket.left + max(0.0, now - bucket.at) * MESSAGES / SECONDS)
        bucket.at = max(now, bucket.at)
        if bucket.left < NEARLY:
            return False
        bucket.left -= 1
        bucket.told = False
        return True

    def wait(self, channel: int, member: int, now: float) -> float:
        """Seconds from `now` until one more would be heard, if nothing comes meanwhile."""
        bucket = self._bucket((channel, member), now)
        return max(0.0, bucket.at - now + (1 - bucket.left) * SECONDS / MESSAGES)

    def first(self, channel: int, member: int) -> bool:
        """Whether this refusal is the first of its flood, so that it is told; once."""
        bucket = self._buckets[channel, member]
        told, bucket.told = bucket.told, True
        return not told

    def _bucket(self, key: tuple[int, int], now: float) -> Bucket:
        if key not in self._buckets:
            if len(self._buckets) >= MOST:
                self._buckets = {at: one for at, one in self._buckets.items() if now - one.at < SECONDS}
            self._buckets[key] = Bucket(MESSAGES, now)
        return self._buckets[key]
