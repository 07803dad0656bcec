"""Discord's rate limits, told in headers and hidden, on the sandbox's clock."""

import hashlib
from collections import deque
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from rooms_bot.sandbox.clock import Clock

Wire = dict[str, Any]
Window = tuple[int, float]
"""So many requests in so many seconds."""


@dataclass(frozen=True)
class Limits:
    """How much is allowed, and how long people wait.

    The figures for messages, webhooks and the hidden one come from Discord's staff (discord-api-docs issues 367,
    1454, 4043); that for other routes is a guess, and told in the headers.
    """

    messages: Window = (5, 5.0)
    edits: Window = (5, 5.0)
    webhook: Window = (5, 2.0)
    webhook_edits: Window = (5, 2.0)
    reactions: Window = (1, 0.25)
    other: Window = (50, 1.0)
    hidden: int = 30
    hidden_window: float = 60.0
    hidden_wait: float = 40.0
    per_second: int = 50
    answer: float = 3.0
    token: float = 900.0
    heartbeat: float = 41.25
    session: float = 120.0
    replay: int = 1000

    @classmethod
    def wide(cls) -> "Limits":
        """So much that nothing is ever limited."""
        much = (1_000_000, 1.0)
        return cls(much, much, much, much, much, much, hidden=1_000_000, per_second=1_000_000)


@dataclass
class Bucket:
    """Requests counted from the first one of a window to its end."""

    window: Window
    ends: float = 0.0
    used: int = 0

    def take(self, now: float) -> bool:
        if now >= self.ends:
            self.ends, self.used = now + self.window[1], 0
        self.used += 1
        return self.used <= self.window[0]

    def headers(self, name: str, now: float) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(self.window[0]),
            "X-RateLimit-Remaining": str(max(0, self.window[0] - self.used)),
            "X-RateLimit-Reset": f"{self.ends:.3f}",
            "X-RateLimit-Reset-After": f"{max(0.0, self.ends - now):.3f}",
            "X-RateLimit-Bucket": name,
        }


@dataclass(frozen=True)
class Limited:
    """A 429: its scope and the seconds to wait."""

    scope: str
    wait: float
    headers: dict[str, str] = field(default_factory=dict)

    def wire(self) -> Wire:
        what = "The resource is being rate limited." if self.scope == "shared" else "You are being rate limited."
        return {"message": what, "retry_after": round(self.wait, 3), "global": self.scope == "global", "code": 0}

    def all_headers(self) -> dict[str, str]:
        own = {"Retry-After": str(max(1, ceil(self.wait))), "X-RateLimit-Scope": self.scope, "Via": "1.1 sandbox"}
        if self.scope == "global":
            own["X-RateLimit-Global"] = "true"
        return self.headers | own


class RateLimiter:
    """Counts requests; says what the headers are, or that it is too many."""

    def __init__(self, clock: Clock, limits: Limits) -> None:
        self._clock = clock
        self._limits = limits
        self._buckets: dict[tuple[str, str], Bucket] = {}
        self._second = Bucket((limits.per_second, 1.0))
        self._posts: dict[str, deque[float]] = {}

    def globally(self) -> Limited | None:
        """Count a request against the limit of all routes together."""
        now = self._clock.now()
        if self._second.take(now):
            return None
        return Limited("global", self._second.ends - now, {})

    def bucket(self, kind: str, major: str) -> Limited | dict[str, str]:
        """Count a request of `kind` ("messages", "webhook", ... or a route's own name) for the thing `major`."""
        now = self._clock.now()
        window = getattr(self._limits, kind, self._limits.other)
        bucket = self._buckets.setdefault((kind, major), Bucket(window))
        allowed = bucket.take(now)
        headers = bucket.headers(_bucket_name(kind), now)
        return headers if allowed else Limited("user", bucket.ends - now, headers)

    def hidden(self, channel_id: str, headers: dict[str, str], *, refuse: bool) -> Limited | None:
        """Count a post into the channel against the limit no header tells of."""
        now = self._clock.now()
        posts = self._posts.setdefault(channel_id, deque())
        while posts and posts[0] <= now - self._limits.hidden_window:
            posts.popleft()
        if refuse and len(posts) >= self._limits.hidden:
            wait = max(self._limits.hidden_wait, posts[0] + self._limits.hidden_window - now)
            return Limited("shared", wait, headers)
        posts.append(now)
        return None


def _bucket_name(kind: str) -> str:
    """The same for every channel and in every process."""
    return hashlib.sha256(kind.encode()).hexdigest()[:32]
