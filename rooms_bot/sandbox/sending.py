"""One gateway connection's way out: what its line holds, in that order, packed as the client asked for it."""

import asyncio
import json
import zlib

from aiohttp import web

from rooms_bot.sandbox.session import Line

DROP = 0
"""In the line: cut the connection without a word."""


class Sending:
    """Sends what is put into `line`, until a close code is in it."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        self.line: Line = asyncio.Queue()
        self.mute = False
        """Nothing gets through any more, and nobody is told."""
        self.code: int | None = None
        """What the connection was closed with from here."""
        self._request, self._socket = request, socket
        self._deflate = zlib.compressobj() if request.query.get("compress") == "zlib-stream" else None

    async def run(self) -> None:
        while not isinstance(payload := await self.line.get(), int):
            if not self.mute:
                await self._send(json.dumps(payload, separators=(",", ":")) if isinstance(payload, dict) else payload)
        if payload != DROP:
            self.code = payload
            await self._socket.close(code=payload)
        elif self._request.transport is not None:
            self._request.transport.abort()

    async def _send(self, data: str | bytes) -> None:
        try:
            if isinstance(data, bytes):
                await self._socket.send_bytes(data)
            elif self._deflate is None:
                await self._socket.send_str(data)
            else:
                packed = self._deflate.compress(data.encode()) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
                await self._socket.send_bytes(packed)
        except ConnectionError:
            return  # the reader sees the end
