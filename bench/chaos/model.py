"""The model of a chaos run: gives every request an answer of its own, and notes which turn it was asked for."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

from aiohttp import web

from bench.chaos.moments import AFTER, BEFORE, MIDST, MODEL, Passing
from bench.chaos.script import Script


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: for which turn of which channel's room, and whether that had its answer already."""

    serial: int
    channel: int
    turn: int
    again: bool


class Model:
    """`async with Model(…) as model:` serves at `model.address`; `requests` are all that came."""

    def __init__(self, script: Script, passing: Passing, has_answer: Callable[[int], Awaitable[bool]]) -> None:
        self._script, self._passing, self._has_answer = script, passing, has_answer
        self.requests: list[Asked] = []
        self.address = ""

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}/"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        serial = len(self.requests)
        self.requests.append(Asked(serial, body["channel"], body["turn"], False))
        if await self._has_answer(body["channel"]):
            self.requests[serial] = Asked(serial, body["channel"], body["turn"], True)
        self._passing(MODEL, BEFORE)
        response = web.StreamResponse(headers={"content-type": "text/plain"})
        with suppress(ConnectionResetError):  # who asked is dead
            await response.prepare(request)
            for number, (wait, piece) in enumerate(self._script.answer(serial).pieces):
                await asyncio.sleep(wait)
                if number:
                    self._passing(MODEL, MIDST)
                await response.write(piece.encode())
            await response.write_eof()
            self._passing(MODEL, AFTER)
        return response
