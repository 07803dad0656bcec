"""Sees every answer of Discord's: discord.py waits and tries again in silence, and what it met then must be known.

It retries any 5xx, though the post may stand already, and sleeps out a 429, though the channel has then had too many.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from types import SimpleNamespace

import aiohttp

TOO_MANY = 429
_WRITTEN = re.compile(r"/(?:webhooks/(?P<webhook>\d+)/|channels/(?P<channel>\d+)/messages)")
_WRITES = ("POST", "PATCH")


@dataclass(slots=True)
class Seen:
    """What was met on the way of one request: `doubtful` where it may have been carried out though it failed."""

    doubtful: bool = False
    limited: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """A post or an edit was one too many. `wait` is seconds; `full`: for the channel, and not for this route."""

    webhook: int | None
    channel: int | None
    wait: float
    full: bool


_seen: ContextVar[Seen | None] = ContextVar("seen", default=None)


@contextmanager
def watched() -> Iterator[Seen]:
    """What is met by the requests made within."""
    outer, seen = _seen.get(), Seen()
    token = _seen.set(seen)
    try:
        yield seen
    finally:
        _seen.reset(token)
        if outer is not None:
            outer.doubtful |= seen.doubtful
            outer.limited |= seen.limited


class Traffic:
    """Its `trace` is to be given to the client; `refused` is called with each refusal."""

    def __init__(self) -> None:
        self.refused: Callable[[Refusal], None] = lambda _: None
        self.trace = aiohttp.TraceConfig()
        self.trace.on_request_end.append(self._answered)
        self.trace.on_request_exception.append(self._broke)

    async def _answered(
        self, session: aiohttp.ClientSession, context: SimpleNamespace, params: aiohttp.TraceRequestEndParams
    ) -> None:
        del session, context
        if (seen := _seen.get()) is not None:
            seen.doubtful |= params.response.status >= 500
            seen.limited |= params.response.status == TOO_MANY
        if params.response.status == TOO_MANY and params.method in _WRITES:
            self._refuse(params.url.path, params.response)

    async def _broke(
        self, session: aiohttp.ClientSession, context: SimpleNamespace, params: aiohttp.TraceRequestExceptionParams
    ) -> None:
        """Without a connection nothing was sent."""
        del session, context
        if (seen := _seen.get()) is not None:
            seen.doubtful |= not isinstance(params.exception, aiohttp.ClientConnectorError)

    def _refuse(self, path: str, response: aiohttp.ClientResponse) -> None:
        where = _WRITTEN.search(path)
        if where is None:
            return
        webhook, channel = (int(found) if found else None for found in where.group("webhook", "channel"))
        wait = response.headers.get("Retry-After", "")
        seconds = float(wait) if re.fullmatch(r"\d+(\.\d+)?", wait) else 1.0
        self.refused(Refusal(webhook, channel, seconds, response.headers.get("X-RateLimit-Scope") == "shared"))
