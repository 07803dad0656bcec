"""A second stand-in for Discord, much smaller than the sandbox and written without it, from Discord's documentation.

Where Discord leaves a choice it takes another: the gateway has a port and a path of its own, READY names no shard, the
server comes later and without its channels, no limits are named, and what may be left out of an object is left out.
"""

import asyncio
import itertools
import json
import zlib
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Self, TypeVar

from aiohttp import web

from tests.wire import other_things as things
from tests.wire.greetings import GREETINGS
from tests.wire.other_things import Act, Fault, Wire, given, in_json

T = TypeVar("T")
Send = Callable[[Wire], Awaitable[None]]

BASE = "/behind/a/proxy/v10"
PATIENCE = 15.0


class OtherDiscord:
    """`async with OtherDiscord.opened() as discord:` serves at `discord.api` until it is left.

    `asked` are the requests so far, `faults` what goes wrong with the next ones, both by route; `greetings` tells how
    the bot came to the gateway: 2 is anew, 6 is to resume.
    """

    def __init__(self) -> None:
        self.api = self.gateway = ""
        self.asked: list[str] = []
        self.faults: defaultdict[str, list[Fault]] = defaultdict(list)
        self.messages: list[Wire] = []
        self.greetings: list[int] = []
        self._commands: dict[str, Wire] = {}
        self._webhooks: list[Wire] = []
        self._answers: dict[str, Wire] = {}
        self._ids = (str(number) for number in itertools.count(1_150_000_000_000_001_000))
        self._news = asyncio.Condition()
        self._events: list[Wire] = []
        self._bots: tuple[web.WebSocketResponse, Send] | None = None

    @classmethod
    @asynccontextmanager
    async def opened(cls) -> AsyncIterator[Self]:
        one = cls()
        app = web.Application(middlewares=[one._watch])
        app.add_routes([web.route(method, path, act) for method, path, act in one._routes()])
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        for _ in range(2):
            await web.TCPSite(runner, "127.0.0.1", 0).start()
        (_, port), (_, gateway) = runner.addresses
        one.api, one.gateway = f"http://127.0.0.1:{port}{BASE}", f"ws://127.0.0.1:{gateway}/a/stream"
        yield one
        await runner.cleanup()

    # What a test does and sees

    async def until(self, seen: Callable[[], T | None]) -> T:
        """Wait until `seen` returns something that is true, and return it."""
        async with asyncio.timeout(PATIENCE), self._news:
            while not (found := seen()):
                await self._news.wait()
        return found

    async def told(self, words: str) -> Wire:
        """The first message with these words."""
        return await self.until(lambda: next((one for one in self.messages if words in one["content"]), None))

    def posts(self) -> list[Wire]:
        """What agents said, oldest first, without their greetings."""
        return [one for one in self.messages if "webhook_id" in one and one["content"] not in GREETINGS]

    async def say(self, text: str, by: Wire = things.MIRA, **more: Any) -> Wire:
        return await self._arrive(
            {"content": text, "author": by, "member": things.MEMBER, "guild_id": things.GUILD, **more}
        )

    async def command(self, path: str, **options: Any) -> Wire:
        """Mira, who may manage channels, sends a command; its final answer."""
        name, sub = path.split()
        chosen = [{"name": key, "type": 3 + isinstance(value, int), "value": value} for key, value in options.items()]
        data = {"id": self._commands[name]["id"], "name": name, "type": 1}
        return await self._interact(2, data | {"options": [{"name": sub, "type": 1, "options": chosen}]})

    async def press(self, message: Wire, label: str) -> Wire:
        """Mira presses the button of this label; the final answer."""
        (pressed,) = [one for one in message["components"][0]["components"] if one["label"] == label]
        return await self._interact(3, {"custom_id": pressed["custom_id"], "component_type": 2}, message=message)

    async def dispatch(self, name: str, data: Wire) -> None:
        """Send an event, now or when the bot resumes."""
        self._events.append({"op": 0, "t": name, "s": len(self._events) + 1, "d": data})
        if self._bots is not None:
            await self._bots[1](self._events[-1])
        async with self._news:
            self._news.notify_all()

    async def cut(self) -> None:
        """Cut the bot's connection, in a way that may be resumed."""
        assert self._bots is not None
        (socket, _), self._bots = self._bots, None
        await socket.close(code=4000)

    async def _interact(self, kind: int, data: Wire, **more: Any) -> Wire:
        token = f"token-{next(self._ids)}"
        about = {"id": next(self._ids), "type": kind, "token": token, "data": data, **more}
        await self.dispatch("INTERACTION_CREATE", things.INTERACTION | about)
        return await self.until(lambda: self._answers.get(token))

    async def _arrive(self, message: Wire, seen: bool = True) -> Wire:
        whole = {"id": next(self._ids), **things.MESSAGE, **message}
        if seen:
            self.messages.append(whole)
            await self.dispatch("MESSAGE_CREATE", whole)
        return whole

    # The gateway

    async def _connected(self, request: web.Request) -> web.StreamResponse:
        socket, packer = web.WebSocketResponse(), zlib.compressobj()
        await socket.prepare(request)

        async def send(message: Wire) -> None:
            await socket.send_bytes(packer.compress(json.dumps(message).encode()) + packer.flush(zlib.Z_SYNC_FLUSH))

        await send({"op": 10, "d": {"heartbeat_interval": 30_000}})
        async for frame in socket:
            said = json.loads(frame.data)
            if said["op"] == 1:
                await send({"op": 11})
            elif said["op"] in (2, 6):
                self._bots = socket, send
                self.greetings.append(said["op"])
                await (self._identified() if said["op"] == 2 else self._resume(said["d"]["seq"], send))
        if self._bots is not None and self._bots[0] is socket:
            self._bots = None
        return socket

    async def _identified(self) -> None:
        self._events.clear()
        ready = {
            "v": 10,
            "user": things.BOT,
            "guilds": [{"id": things.GUILD, "unavailable": True}],
            "session_id": "one",
        }
        about = {"resume_gateway_url": self.gateway, "application": {"id": things.BOT["id"], "flags": 1 << 19}}
        await self.dispatch("READY", ready | about)
        await self.dispatch("GUILD_CREATE", things.SERVER)

    async def _resume(self, seq: int, send: Send) -> None:
        """What was missed comes, and the event before it once more, as may happen at Discord."""
        for event in self._events[seq - 1 :]:
            await send(event)
        await self.dispatch("RESUMED", {})

    # REST

    @web.middleware
    async def _watch(self, request: web.Request, handler: Act) -> web.StreamResponse:
        resource = request.match_info.route.resource
        self.asked.append(route := f"{request.method} {resource and resource.canonical.removeprefix(BASE)}")
        fault = self.faults[route].pop(0) if self.faults[route] else None
        answer = await handler(request) if fault is None or fault.late else web.Response()
        async with self._news:
            self._news.notify_all()
        if fault is not None and fault.status:
            return in_json(fault.body, fault.status)
        if fault is not None and request.transport is not None:
            request.transport.abort()
        return answer

    def _routes(self) -> list[tuple[str, str, Act]]:
        return [
            ("GET", "/a/stream", self._connected),
            ("GET", BASE + "/gateway", given(lambda: {"url": self.gateway})),
            ("GET", BASE + "/users/@me", given(lambda: things.BOT)),
            ("GET", BASE + "/oauth2/applications/@me", given(lambda: things.APPLICATION)),
            ("PUT", BASE + "/applications/{id}/commands", self._keep_commands),
            ("GET", BASE + "/applications/{id}/emojis", given(lambda: {"items": []})),
            ("POST", BASE + "/applications/{id}/emojis", given(lambda: {"id": next(self._ids), "name": "face"})),
            ("GET", BASE + "/guilds/{id}/members/search", given(list)),
            ("GET", BASE + "/channels/{id}", given(lambda: things.HALL)),
            ("GET", BASE + "/channels/{id}/webhooks", given(lambda: self._webhooks)),
            ("POST", BASE + "/channels/{id}/webhooks", self._make_webhook),
            ("POST", BASE + "/channels/{id}/messages", self._post),
            ("POST", BASE + "/channels/{id}/typing", given(lambda: {})),
            ("POST", BASE + "/webhooks/{id}/{token}", self._execute),
            ("POST", BASE + "/interactions/{id}/{token}/callback", self._answer),
        ]

    async def _keep_commands(self, request: web.Request) -> web.Response:
        about = {"application_id": things.BOT["id"], "version": "1"}
        self._commands = {
            one["name"]: {"description": ""} | one | about | {"id": next(self._ids)} for one in await request.json()
        }
        return in_json([*self._commands.values()])

    async def _make_webhook(self, request: web.Request) -> web.Response:
        made = {
            "id": next(self._ids),
            "type": 1,
            "token": "t" * 68,
            "channel_id": things.CHANNEL,
            "avatar": None,
            "user": things.BOT,
        }
        self._webhooks.append(made | {"name": (await request.json())["name"]})
        return in_json(self._webhooks[-1])

    async def _post(self, request: web.Request) -> web.Response:
        """The bot's own message; of two with one nonce, the first."""
        body = await request.json()
        known = next((one for one in self.messages if one.get("nonce") == body["nonce"]), None)
        kept = {key: body[key] for key in ("components", "nonce") if key in body} | {"content": body["content"] or ""}
        return in_json(known or await self._arrive(kept | {"author": things.BOT, "guild_id": things.GUILD}))

    async def _execute(self, request: web.Request) -> web.Response:
        """An agent's message, or the final answer to an interaction, which its caller alone sees."""
        form = {} if request.content_type == "application/json" else await request.post()
        body = json.loads(str(form["payload_json"])) if form else await request.json()
        number, token = request.match_info["id"], request.match_info["token"]
        if number == things.BOT["id"]:
            files = [part.file.read().decode() for part in form.values() if isinstance(part, web.FileField)]
            self._answers[token] = body | {"files": files}
            return in_json(await self._arrive({"author": things.BOT, "content": body["content"]}, seen=False))
        author = things.BOT | {"id": number, "username": body["username"], "bot": True}
        about = {"webhook_id": number, "application_id": things.BOT["id"], "guild_id": things.GUILD}
        return in_json(await self._arrive(about | {"author": author, "content": body["content"]}))

    async def _answer(self, request: web.Request) -> web.Response:
        body = await request.json()
        if body["type"] != 5:  # of which the answer is said to follow
            self._answers[request.match_info["token"]] = body.get("data") or body
        return in_json({"interaction": {"id": request.match_info["id"], "type": 2}})
