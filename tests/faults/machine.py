"""The bot in a process of its own on a sandbox and a model of ours, killed where a test says so and started again."""

import asyncio
import signal
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from aiohttp import web

from rooms_bot.domain.events import Event
from rooms_bot.sandbox.faults import Fault
from rooms_bot.sandbox.rest.api import Exchange
from rooms_bot.sandbox.server import Sandbox
from rooms_bot.store.sql import SqlStore
from tests.cli.program import Program, pointed_at, started
from tests.faults.afterwards import STANDS, standing, told
from tests.wire.channel import Channel, contents

POST = ("POST", "/webhooks/{webhook_id}/{webhook_token}")
EDIT = ("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}")
NOTICE = ("POST", "/channels/{channel_id}/messages")
ONLINE = "is online as"
ROOM = {"topic": STANDS, "agents": "Ada,Kenji", "mode": "round_robin", "pace": 0, "orchestrator_every": 0}
PLUGIN = '''
import os
import aiohttp

async def speak(request):
    """LiteLLM would do as well, but costs every start three seconds."""
    async with aiohttp.ClientSession() as session:
        async with session.post(os.environ["WITS"], json={"name": request.seat.name}) as answer:
            async for piece in answer.content.iter_any():
                yield piece.decode()
'''


class Slow:
    """An answer in pieces, each of which comes when it is let `go`; it ends with the last one."""

    def __init__(self, *pieces: str) -> None:
        self.pieces = pieces
        self._let = asyncio.Semaphore(0)

    def go(self, pieces: int = 1) -> None:
        for _ in range(pieces):
            self._let.release()

    async def next(self) -> None:
        """Until one more piece may come."""
        await self._let.acquire()


class Wits:
    """What agents say: as `lines` have it by name and in turn, then something that was never said before."""

    def __init__(self) -> None:
        self.lines: defaultdict[str, list[str | Slow]] = defaultdict(list)
        self.requests: list[str] = []
        """Who was asked, in order."""
        self._news = asyncio.Condition()
        self.address = ""

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/", self._speak)
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}/"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def asked(self, count: int) -> None:
        """Once there were so many requests."""
        async with self._news:
            await self._news.wait_for(lambda: len(self.requests) >= count)

    async def _speak(self, request: web.Request) -> web.StreamResponse:
        name = (await request.json())["name"]
        async with self._news:
            self.requests.append(name)
            self._news.notify_all()
        line = self.lines[name].pop(0) if self.lines[name] else f"{name} gives answer number {len(self.requests)}."
        response = web.StreamResponse(headers={"content-type": "text/plain"})
        await response.prepare(request)
        for piece in line.pieces if isinstance(line, Slow) else (line,):
            if isinstance(line, Slow):
                await line.next()
            await response.write(piece.encode())
        await response.write_eof()
        return response


@dataclass
class Deadly(Fault):
    """The bot is gone by the time that its request is obeyed (with `done`) or would be."""

    kill: Callable[[], None] = lambda: None

    def response(self, request: web.Request) -> web.StreamResponse:
        self.kill()
        return super().response(request)


class Machine:
    """Made by `machine`. What the bot keeps is in `folder`, whatever becomes of its process."""

    def __init__(self, sandbox: Sandbox, wits: Wits, folder: Path) -> None:
        self.sandbox, self.wits, self.folder = sandbox, wits, folder
        self.lounge = Channel(sandbox)
        self._program: Program | None = None

    @asynccontextmanager
    async def running(self, *, logs: bool = False, **given: str) -> AsyncIterator[Program]:
        """The bot, connected, which its `logs` tell or else its output; killed at the end where it still runs."""
        async with self.begun(**given) as program:
            await (program.err.has("connected as") if logs else program.out.has(ONLINE))
            yield program

    @asynccontextmanager
    async def begun(self, **given: str) -> AsyncIterator[Program]:
        """The same, wherever it is in starting."""
        mine = {"ROOMS_MODEL": "python/wits.py:speak", "ROOMS_PLUGINS_DIR": ".", "ROOMS_PERSONAS_DIR": "personas"}
        mine |= {"WITS": self.wits.address, "ROOMS_POSTS_PER_MINUTE": "0"}
        async with started(self.folder, "run", **pointed_at(self.sandbox, **(mine | given))) as program:
            self._program = program
            yield program

    def kill(self) -> None:
        """The bot is gone, without a word."""
        assert self._program is not None
        self._program.kill()

    def after_posts(self, count: int, act: Callable[[], None]) -> None:
        """Do this once so many posts of agents' stand, before the bot knows of the last of them."""
        before, made = self.sandbox.observe, 0

        def observe(exchange: Exchange) -> None:
            nonlocal made
            made += (exchange.method, exchange.template) == POST
            if made == count and (exchange.method, exchange.template) == POST:
                act()
            if before is not None:
                before(exchange)

        self.sandbox.observe = observe

    async def open(self, **more: Any) -> None:
        """A durable room in which Ada and Kenji speak, three turns before they wait for people."""
        await self.lounge.do("room start", **ROOM | {"memory": "durable", "human_every": 3} | more)

    async def ask_to_open(self, **more: Any) -> None:
        """The same, whether or not the command is answered."""
        rules: dict[str, Any] = ROOM | {"memory": "durable", "human_every": 3} | more
        await self.lounge.people.command(self.lounge.user, self.lounge.id, "room start", rules)

    async def thinks(self, *pieces: str, **more: Any) -> Slow:
        """Open the room, in which Ada then has the first turn; what she says once it is let go."""
        slow = Slow(*pieces)
        self.wits.lines["Ada"].append(slow)
        await self.open(**more)
        await self.wits.asked(1)
        return slow

    async def waits(self, times: int = 1) -> None:
        """Once the room waits for people, for the so many-th time."""
        await self.lounge.until_told("The room waits for a word of yours", times)

    async def events(self, room: int = 1) -> Sequence[Event]:
        """What the room's events are in the database, which no bot uses any more."""
        async with SqlStore.open(f"sqlite:///{self.folder}/data/rooms.sqlite") as store:
            return [event async for event in store.events(room)]

    async def ends_well(self, program: Program) -> None:
        """The next command works, the bot ends as it is asked to, and what it kept is what stands in the channel."""
        assert STANDS in await self.lounge.do("room status")
        assert await program.stopped_by(signal.SIGTERM) == 0
        await self.is_whole()

    async def is_whole(self, rooms: int = 1) -> None:
        """The rooms' events have all that stands in the channel, and each of it once; the bot has ended."""
        known = [post for room in range(1, rooms + 1) for post in told(await self.events(room))]
        assert known == standing(self.lounge)
        said = contents(self.lounge.posts())
        assert len(said) == len(set(said)), said


@asynccontextmanager
async def machine(sandbox: Sandbox, folder: Path, greetings: Mapping[str, str] | None = None) -> AsyncIterator[Machine]:
    """A folder for a bot whose personas Ada and Kenji greet nobody, or so, and what they say."""
    (folder / "personas").mkdir()
    for name in ("Ada", "Kenji"):
        head = f"name: {name}\ngreeting: {(greetings or {}).get(name, '')!r}\n"
        (folder / "personas" / f"{name}.md").write_text(f"---\n{head}---\nYou are {name}.\n")
    (folder / "wits.py").write_text(PLUGIN)
    async with Wits() as wits:
        yield Machine(sandbox, wits, folder)
