"""The gateway: its connections, and the handles tests pull."""

from aiohttp import web

from rooms_bot.sandbox.connection import BEAT, DROP, INVALID, RECONNECT, Connection, control
from rooms_bot.sandbox.limits import Limits
from rooms_bot.sandbox.session import Sessions
from rooms_bot.sandbox.world import World


class Gateway:
    """All connections and sessions."""

    def __init__(self, world: World, limits: Limits) -> None:
        self.sessions = Sessions(world, limits)
        self.connections: list[Connection] = []

    async def connect(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(max_msg_size=64 * 1024)
        await socket.prepare(request)
        connection = Connection(self.sessions, request, socket)
        self.connections.append(connection)
        try:
            await connection.talk()
        finally:
            self.connections.remove(connection)
            connection.leave()
        return socket

    # -- for tests

    def close_all(self, code: int) -> None:
        """Close every connection with `code`; sessions stay, except after the codes that end them."""
        for connection in self.connections:
            connection.line.put_nowait(code)

    def drop_all(self) -> None:
        """Cut every connection without a close frame, as a lost network does."""
        self.close_all(DROP)

    def ask_reconnect(self) -> None:
        for connection in self.connections:
            connection.line.put_nowait(control(RECONNECT))

    def ask_heartbeat(self) -> None:
        for connection in self.connections:
            connection.line.put_nowait(control(BEAT))

    def invalidate(self, *, resumable: bool = False) -> None:
        """Tell every connection its session is invalid; unless `resumable` the sessions are gone."""
        for connection in self.connections:
            if connection.session is not None and not resumable:
                self.sessions.end(connection.session)
            connection.line.put_nowait(control(INVALID, resumable))
