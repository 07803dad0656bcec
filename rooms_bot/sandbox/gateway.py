"""The gateway: its connections, and the handles tests pull."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from aiohttp import web

from rooms_bot.sandbox.connection import BEAT, INVALID, RECONNECT, Connection, control
from rooms_bot.sandbox.gateway_faults import GatewayFaults
from rooms_bot.sandbox.limits import Limits
from rooms_bot.sandbox.sending import DROP
from rooms_bot.sandbox.session import Outgoing, Sessions
from rooms_bot.sandbox.world import Wire, World


class Gateway:
    """All connections and sessions; `tried` counts also who was turned away."""

    def __init__(self, world: World, limits: Limits) -> None:
        self.sessions = Sessions(world, limits)
        self.faults = GatewayFaults()
        self.connections: list[Connection] = []
        self.tried = 0
        self._news = asyncio.Condition()

    async def connect(self, request: web.Request) -> web.StreamResponse:
        self.tried += 1
        async with self._news:
            self._news.notify_all()
        if self.faults.away is not None:
            return self._turn_away(request, self.faults.away)
        socket = web.WebSocketResponse(max_msg_size=64 * 1024)
        await socket.prepare(request)
        connection = Connection(self.sessions, self.faults, request, socket)
        self.connections.append(connection)
        try:
            await connection.talk()
        finally:
            self.connections.remove(connection)
            connection.leave()
        return socket

    def _turn_away(self, request: web.Request, status: int) -> web.StreamResponse:
        if not status and request.transport is not None:
            request.transport.abort()
        return web.Response(status=status or 502)

    # -- for tests

    async def until(self, seen: Callable[[], bool], patience: float = 15.0) -> None:
        """Wait until this is so, looking whenever somebody dials."""
        async with asyncio.timeout(patience), self._news:
            await self._news.wait_for(seen)

    def send(self, payload: Outgoing) -> None:
        """To every connection, outside any session: text and bytes as they are, a number to close it with."""
        for connection in self.connections:
            connection.line.put_nowait(payload)

    def close_all(self, code: int) -> None:
        """Close every connection with `code`; sessions stay, except after the codes that end them."""
        self.send(code)

    def drop_all(self) -> None:
        """Cut every connection without a close frame, as a lost network does."""
        self.send(DROP)

    def mute_all(self) -> None:
        """Nothing comes through the connections there are any more; what is told waits for those who resume."""
        for connection in self.connections:
            connection.sending.mute = True

    def ask_reconnect(self) -> None:
        self.send(control(RECONNECT))

    def ask_heartbeat(self) -> None:
        self.send(control(BEAT))

    def invalidate(self, *, resumable: bool = False) -> None:
        """Tell every connection its session is invalid; unless `resumable` the sessions are gone."""
        if not resumable:
            self.forget()
        self.send(control(INVALID, resumable))

    def forget(self) -> None:
        """The sessions are gone, with what they would have told those who resume; nobody is told."""
        for session in self.sessions:
            self.sessions.end(session)

    # -- events

    def tell(self, name: str, data: Wire) -> None:
        """An event that nothing led to."""
        for session in self.sessions:
            session.dispatch(name, data)

    def repeat(self, *names: str) -> None:
        """All events of these names once more."""
        for session in self.sessions:
            session.repeat(names)

    @contextmanager
    def reversed(self) -> Iterator[None]:
        """What happens inside is told at its end, the last first."""
        held = {session: list[tuple[str, Wire]]() for session in self.sessions}
        for session, events in held.items():
            session.held = events
        yield
        for session, events in held.items():
            session.held = None
            for name, data in events[::-1]:
                session.dispatch(name, data)
