"""A wire to PostgreSQL that can be cut, also at the worst moment."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

COMMIT = b"COMMIT"


class Wire:
    """Passes on what both sides say. `cut_at_commit` waits for the next commit: cut before it, or before its answer."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._ends: list[asyncio.StreamWriter] = []
        self.whole = True
        self.cut_at_commit = ""
        self.ghosts = False
        """Whether the server does not notice that a wire is cut."""

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.whole:
            writer.close()
            return
        there, server = await asyncio.open_connection(self._host, self._port)
        self._ends += [writer, server]
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._pass_on(reader, server, writer))
            tasks.create_task(self._give_back(there, writer))

    async def _pass_on(
        self, reader: asyncio.StreamReader, server: asyncio.StreamWriter, writer: asyncio.StreamWriter
    ) -> None:
        with suppress(OSError):
            while words := await reader.read(65536):
                if COMMIT in words and self.cut_at_commit == "before":
                    break
                server.write(words)
                if COMMIT in words and self.cut_at_commit == "after":
                    self.cut_at_commit = "answer"
            writer.close()
        if not self.ghosts:
            server.close()

    async def _give_back(self, there: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while words := await there.read(65536):
                if self.cut_at_commit == "answer":
                    break
                writer.write(words)
        writer.close()

    def cut(self) -> None:
        """All that are connected now."""
        for end in self._ends:
            end.close()
        self._ends.clear()


@asynccontextmanager
async def wire(address: str) -> AsyncIterator[tuple[Wire, str]]:
    """To the server of this address; and the address at its other end."""
    parts = urlsplit(address)
    cable = Wire(parts.hostname or "127.0.0.1", parts.port or 5432)
    server = await asyncio.start_server(cable.connected, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield cable, address.replace(parts.netloc, f"{parts.username}@127.0.0.1:{port}")
    finally:
        cable.cut()
        server.close()
        await server.wait_closed()
