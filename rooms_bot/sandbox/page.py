"""The sandbox's page: its files under `/` and `/page/static/`, and the socket `/page/ws` that a browser talks to.

A socket belongs to one person (`?as=` their id). The server opens with HELLO and goes on with the events that person
sees, {"t": name, "d": data}; the page calls {"id": n, "call": name, "args": {...}} and gets {"id": n, "answer": ...}
or {"id": n, "error": a sentence}.
"""

import asyncio
import json
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from aiohttp import WSMsgType, web

from rooms_bot.sandbox.calls import Calls, sentence
from rooms_bot.sandbox.gateway import Gateway
from rooms_bot.sandbox.people import People, Watch, Wire
from rooms_bot.sandbox.refusals import Refusal

STATIC = Path(__file__).parent / "static"
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
LARGEST_CALL = 64 * 1024 * 1024
"""Bytes of one call: a message's files (10 MiB each at Discord) travel in it as base64."""
STATUS_SECONDS = 0.5
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; media-src 'self'; connect-src 'self'; object-src 'none'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


class Place(Protocol):
    """What the page needs of the running `Sandbox`."""

    banner: str
    gateway: Gateway

    @property
    def people(self) -> People: ...


def routes(sandbox: Place) -> list[web.RouteDef]:
    """Everything a browser asks for; `sandbox` is the running `Sandbox`."""
    return [
        web.get("/", _index),
        web.get("/page/static/{name}", _file),
        web.get("/page/ws", partial(_socket, sandbox)),
    ]


def refuse_strangers(request: web.Request) -> None:
    """403 unless asked under a loopback name and, by a browser, from this page itself.

    The name keeps out pages whose own domain was rebound to 127.0.0.1, the origin every other page a browser shows.
    """
    host = urlsplit(f"//{request.host}")
    origin = request.headers.get("Origin")
    if host.hostname not in LOOPBACK or (origin is not None and origin != f"http://{request.host}"):
        raise web.HTTPForbidden(text="The sandbox's page answers only to itself, on this machine.")


async def _index(request: web.Request) -> web.FileResponse:
    refuse_strangers(request)
    return web.FileResponse(STATIC / "index.html", headers=HEADERS)


async def _file(request: web.Request) -> web.FileResponse:
    refuse_strangers(request)
    name = request.match_info["name"]
    if name not in {file.name for file in STATIC.iterdir()}:
        raise web.HTTPNotFound
    return web.FileResponse(STATIC / name, headers=HEADERS)


async def _socket(sandbox: Place, request: web.Request) -> web.WebSocketResponse:
    refuse_strangers(request)
    ids = [str(user["id"]) for user in sandbox.people.users]
    asked = request.query.get("as", ids[0])
    socket = web.WebSocketResponse(heartbeat=30, max_msg_size=LARGEST_CALL)
    await socket.prepare(request)
    with suppress(ConnectionResetError):
        await Visit(sandbox, asked if asked in ids else ids[0], socket).last()
    return socket


class Visit:
    """One browser window, acting as one person for as long as its socket is open."""

    def __init__(self, sandbox: Place, user_id: str, socket: web.WebSocketResponse) -> None:
        self.sandbox = sandbox
        self.me = user_id
        self.socket = socket
        self.calls = Calls(sandbox.people, user_id)

    async def last(self) -> None:
        """Serve the window until it is gone; what was asked of the application by then is still carried out."""
        with self.sandbox.people.watch(self.me) as watch:
            await self._tell("HELLO", self.hello())
            async with asyncio.TaskGroup() as tasks:
                telling = [tasks.create_task(self._relay(watch)), tasks.create_task(self._keep_status())]
                async for message in self.socket:
                    if message.type is WSMsgType.TEXT:
                        tasks.create_task(self._answer(json.loads(message.data)))
                for task in telling:
                    task.cancel()

    def hello(self) -> Wire:
        people = self.sandbox.people
        return {
            "me": self.me,
            "people": people.users,
            "guild": people.guild,
            "channels": people.channels(self.me),
            "members": people.members(),
            "status": self.status(),
        }

    def status(self) -> Wire:
        """What no event tells: the banner, and whether the application is connected."""
        online = any(connection.session is not None for connection in self.sandbox.gateway.connections)
        return {"banner": self.sandbox.banner, "online": online}

    async def _tell(self, name: str, data: Any) -> None:
        await self.socket.send_json({"t": name, "d": data})

    async def _relay(self, watch: Watch) -> None:
        with suppress(ConnectionResetError):
            async for event in watch:
                await self.socket.send_json(event)

    async def _keep_status(self) -> None:
        shown = self.status()
        with suppress(ConnectionResetError):
            while True:
                await asyncio.sleep(STATUS_SECONDS)
                if shown != self.status():
                    shown = self.status()
                    await self._tell("STATUS", shown)

    async def _answer(self, call: Wire) -> None:
        try:
            answer = {"answer": await self.calls.make(call["call"], call["args"])}
        except Refusal as refusal:
            answer = {"error": sentence(refusal)}
        with suppress(ConnectionResetError):
            await self.socket.send_json({"id": call["id"], **answer})
