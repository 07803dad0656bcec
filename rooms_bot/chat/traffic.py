"""Sees every request to Discord: keeps them to its global limit, and lets what a room waits for be asked once.

discord.py tries any 5xx again, though the post may stand already, and sleeps out a 429 of any length while it holds the
webhook's lock, both in silence. And aiohttp waits five minutes for an answer that never comes.
"""

import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TypeVar

import aiohttp

from rooms_bot.chat.pace import Pace
from rooms_bot.clock import Clock

T = TypeVar("T")

LONGEST_LIMIT = 600.0
"""Seconds after which Discord is asked again, whatever it wants: six times an hour harms nobody."""
PATIENCE = aiohttp.ClientTimeout(total=120, sock_connect=10, sock_read=20)
"""For one request; `sock_read` counts from when all of it was sent."""
TOO_MANY = 429
_FAILED = 500
_DONE = range(200, 300)
_WRITTEN = re.compile(r"/(?:webhooks/(?P<webhook>\d+)/|channels/(?P<channel>\d+)/messages)")
_WRITES = ("POST", "PATCH")
_HOOK = re.compile(r"/webhooks/(\d+)/")
_GLOBAL = re.compile(rb'("global"\s*:\s*)true')
_UNREADABLE = (AttributeError, LookupError, TypeError, ValueError)
"""What discord.py raises where an answer is not as it expects."""


class Undone(aiohttp.ClientError):
    """Discord did not do it, or did not tell so that it can be understood; `wait`: seconds for which it will not."""

    def __init__(self, sentence: str, wait: float | None = None) -> None:
        super().__init__(sentence)
        self.wait = wait


@dataclass(slots=True)
class Seen:
    """What was met on the way of one request: `doubtful` where it may have been carried out though it failed.

    With `once` no request is made a second time by discord.py, and with `idle` none while others need what there is of
    the global limit. `answered` and `accepted` are of the last.
    """

    once: bool = False
    idle: bool = False
    doubtful: bool = False
    answered: bool = False
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """A post or an edit was one too many. `wait` is seconds; `full`: for the channel, and not for this route."""

    webhook: int | None
    channel: int | None
    wait: float
    full: bool


_seen: ContextVar[Seen | None] = ContextVar("seen", default=None)


@contextmanager
def watched(*, once: bool = False, idle: bool = False) -> Iterator[Seen]:
    """What is met by the requests made within."""
    outer, seen = _seen.get(), Seen(once, idle)
    token = _seen.set(seen)
    try:
        yield seen
    finally:
        _seen.reset(token)
        if outer is not None:
            outer.doubtful |= seen.doubtful


async def answered(request: Awaitable[T], *, once: bool = True, idle: bool = False) -> T:
    """What Discord returns to this request, which is made once, unless that is all the same.

    Raises `Undone` where Discord fails, limits it or answers what nobody can read, and where an `idle` one would be in
    the way of others, besides all that discord.py raises.
    """
    with watched(once=once, idle=idle) as seen:
        try:
            return await request
        except _UNREADABLE as error:
            if not seen.answered:
                raise
            seen.doubtful |= seen.accepted
            raise Undone("what came back is no answer of Discord's API") from error
        except (aiohttp.ClientError, TimeoutError):
            seen.doubtful |= seen.accepted
            raise


class Traffic:
    """Its `trace` is to be given to the client; `refused` is called with each refusal.

    Each request has as much time as `patience` says, save the very first, of the log-in. What bears the bot's token
    keeps to one `pace`, what goes to a webhook without it to another: Discord then counts by the address. Answers to
    commands and buttons, also by the webhook of the `application`, it does not count.
    """

    def __init__(self, clock: Clock, patience: aiohttp.ClientTimeout = PATIENCE) -> None:
        self.patience = patience
        self.pace, self.unnamed = Pace(clock), Pace(clock)
        self.application: int | None = None
        self.refused: Callable[[Refusal], None] = lambda _: None
        self.trace = aiohttp.TraceConfig()
        self.trace.on_request_start.append(self._begun)
        self.trace.on_request_end.append(self._answered)
        self.trace.on_request_exception.append(self._broke)

    async def _begun(
        self, session: aiohttp.ClientSession, context: SimpleNamespace, params: aiohttp.TraceRequestStartParams
    ) -> None:
        """discord.py makes its session by itself, and takes no bound for it."""
        session._timeout = self.patience
        seen, context.pace = _seen.get(), self._pace_of(params)
        if seen is not None:
            seen.answered = seen.accepted = False
        if context.pace is not None:
            if seen is not None and seen.idle and context.pace.crowded():
                raise Undone("it was not asked for, since others wait")
            context.ended = await context.pace.take()

    def _pace_of(self, params: aiohttp.TraceRequestStartParams) -> Pace | None:
        """What it has to keep to; nothing where it is an answer to an interaction, a file or the gateway."""
        if "Authorization" in params.headers:
            return self.pace
        hook = _HOOK.search(params.url.path)
        return self.unnamed if hook is not None and int(hook.group(1)) != self.application else None

    async def _answered(
        self, session: aiohttp.ClientSession, context: SimpleNamespace, params: aiohttp.TraceRequestEndParams
    ) -> None:
        del session
        response, seen = params.response, _seen.get()
        limited = response.status == TOO_MANY
        if context.pace is not None:
            context.ended()
            if limited and response.headers.get("X-RateLimit-Scope") == "global":
                context.pace.hold(_wait(response) or 1.0)
                await _make_local(response)
        if limited and params.method in _WRITES:
            self._refuse(params.url.path, response)
        if seen is None:
            return
        seen.answered, seen.accepted = True, response.status in _DONE
        seen.doubtful |= response.status >= _FAILED
        if seen.once and (limited or response.status >= _FAILED):
            await response.read()
            raise Undone(f"Discord answered {response.status}", _wait(response) if limited else None)

    async def _broke(
        self, session: aiohttp.ClientSession, context: SimpleNamespace, params: aiohttp.TraceRequestExceptionParams
    ) -> None:
        """Without a connection nothing was sent."""
        del session, context
        if (seen := _seen.get()) is not None:
            seen.doubtful |= not isinstance(params.exception, aiohttp.ClientConnectorError | Undone)

    def _refuse(self, path: str, response: aiohttp.ClientResponse) -> None:
        where = _WRITTEN.search(path)
        if where is None:
            return
        webhook, channel = (int(found) if found else None for found in where.group("webhook", "channel"))
        full = response.headers.get("X-RateLimit-Scope") == "shared"
        self.refused(Refusal(webhook, channel, _wait(response) or 1.0, full))


async def _make_local(response: aiohttp.ClientResponse) -> None:
    """For discord.py this is a limit of the route alone.

    Else it would let nothing through until this very request has slept it out, and where that is cancelled meanwhile,
    nothing ever again. Everybody is held up by the pace instead.
    """
    response._body = _GLOBAL.sub(rb"\1false", await response.read())


def _wait(response: aiohttp.ClientResponse) -> float | None:
    """Seconds for which Discord wants to be left alone, as far as they are kept to; None where it does not tell."""
    asked = response.headers.get("Retry-After", "")
    return min(float(asked), LONGEST_LIMIT) if re.fullmatch(r"\d+(\.\d+)?", asked) else None
