"""The gateway over a plain WebSocket: what clients of any maker rely on."""

import json
import zlib
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import aiohttp
import pytest

from rooms_bot.sandbox.connection import INVALID, control
from rooms_bot.sandbox.sending import DROP
from rooms_bot.sandbox.server import Sandbox
from rooms_bot.sandbox.world import MEMBERS, MESSAGE_CONTENT
from tests.wire.rest import Rest

GUILDS, MESSAGES = 1 << 0, 1 << 9


class Client:
    """A WebSocket that speaks the gateway's JSON."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, token: str, *, compressed: bool) -> None:
        self.socket = socket
        self.sequence: int | None = None
        self.session_id = ""
        self._token = token
        self._inflate = zlib.decompressobj() if compressed else None

    async def receive(self) -> dict[str, Any]:
        frame = await self.socket.receive(timeout=5)
        if self._inflate is not None:
            assert frame.type is aiohttp.WSMsgType.BINARY
            assert frame.data.endswith(b"\x00\x00\xff\xff")
            payload = json.loads(self._inflate.decompress(frame.data))
        else:
            assert frame.type is aiohttp.WSMsgType.TEXT, frame
            payload = json.loads(frame.data)
        self.sequence = payload["s"] or self.sequence
        return dict(payload)

    async def event(self, name: str) -> Any:
        """The data of the next event of that name."""
        while (payload := await self.receive())["t"] != name:
            pass
        return payload["d"]

    async def op(self, op: int) -> Any:
        while (payload := await self.receive())["op"] != op:
            pass
        return payload["d"]

    async def send(self, op: int, data: Any) -> None:
        await self.socket.send_bytes(json.dumps({"op": op, "d": data}).encode())

    async def identify(self, intents: int = GUILDS | MESSAGES | MESSAGE_CONTENT, **more: Any) -> Any:
        await self.send(2, {"token": self._token, "intents": intents, "properties": {}, "capabilities": 1} | more)
        ready = await self.event("READY")
        self.session_id = ready["session_id"]
        return ready

    async def resume(self, session_id: str, sequence: int | None) -> None:
        await self.send(6, {"token": self._token, "session_id": session_id, "seq": sequence})

    async def close_code(self) -> int | None:
        while not (await self.socket.receive(timeout=5)).type & 0x100:
            pass
        return self.socket.close_code


Connect = Callable[..., Coroutine[Any, Any, Client]]


@pytest.fixture
async def connect(sandbox: Sandbox) -> AsyncIterator[Connect]:
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())

        async def open_client(token: str | None = None, query: str = "") -> Client:
            url = f"{sandbox.gateway_url}?v=10&encoding=json{query}"
            socket = await stack.enter_async_context(session.ws_connect(url))
            return Client(socket, token or sandbox.token, compressed="zlib-stream" in query)

        yield open_client


def lounge(sandbox: Sandbox) -> str:
    return str(sandbox.people.channels(sandbox.people.named("You"))[0]["id"])


async def test_ready_names_the_guilds_and_each_follows_whole(connect: Connect, sandbox: Sandbox) -> None:
    client = await connect()
    hello = await client.op(10)
    ready = await client.identify()
    guild = await client.event("GUILD_CREATE")
    assert hello["heartbeat_interval"] == 41250
    assert ready["guilds"] == [{"id": guild["id"], "unavailable": True}]
    assert "?" not in ready["resume_gateway_url"]
    assert [channel["name"] for channel in guild["channels"]] == ["lounge", "library", "news", "ideas"]
    assert [member["user"]["id"] for member in guild["members"]] == [sandbox.world.bot_id]


async def test_everything_is_compressed_when_asked_for(connect: Connect, sandbox: Sandbox) -> None:
    client = await connect(query="&compress=zlib-stream")
    await client.identify()
    sandbox.people.say(sandbox.people.named("Sam"), lounge(sandbox), "hello")
    assert (await client.event("MESSAGE_CREATE"))["content"] == "hello"


async def test_heartbeats_are_acknowledged_and_asked_for(connect: Connect, sandbox: Sandbox) -> None:
    client = await connect()
    await client.op(10)
    await client.send(1, None)
    await client.op(11)
    sandbox.gateway.ask_heartbeat()
    await client.op(1)


@pytest.mark.parametrize(
    ("op", "data", "code"),
    [
        (99, None, 4001),
        (2, "nothing", 4002),
        (8, {"guild_id": "1"}, 4003),
        (2, {"token": "wrong", "intents": 0}, 4004),
        (2, {"intents": 1 << 40}, 4013),
        (2, {"intents": MEMBERS}, 4014),
        (2, {"intents": 0, "shard": [2, 1]}, 4010),
    ],
)
async def test_what_is_wrong_ends_the_connection_with_its_code(
    connect: Connect, sandbox: Sandbox, op: int, data: Any, code: int
) -> None:
    sandbox.world.privileged = MESSAGE_CONTENT
    client = await connect()
    await client.send(op, {"token": sandbox.token} | data if isinstance(data, dict) else data)
    assert await client.close_code() == code


async def test_what_is_not_json_ends_the_connection(connect: Connect) -> None:
    client = await connect()
    await client.socket.send_str("hello")
    assert await client.close_code() == 4002


async def test_identifying_twice_ends_the_connection(connect: Connect, sandbox: Sandbox) -> None:
    client = await connect()
    await client.identify()
    await client.send(2, {"token": sandbox.token, "intents": 0})
    assert await client.close_code() == 4005


@pytest.mark.parametrize("code", [4000, 4200, 3000, 1012])
async def test_a_resumed_session_hears_what_it_missed(connect: Connect, sandbox: Sandbox, code: int) -> None:
    first = await connect()
    await first.identify()
    await first.event("GUILD_CREATE")
    await first.socket.close(code=code)
    sandbox.people.say(sandbox.people.named("Sam"), lounge(sandbox), "missed")
    second = await connect()
    await second.resume(first.session_id, first.sequence)
    assert (await second.event("MESSAGE_CREATE"))["content"] == "missed"
    await second.event("RESUMED")
    assert (sandbox.gateway.sessions.identified, sandbox.gateway.sessions.resumed) == (1, 1)


async def test_a_session_closed_with_1000_is_gone(connect: Connect, sandbox: Sandbox) -> None:
    first = await connect()
    await first.identify()
    await first.socket.close(code=1000)
    second = await connect()
    await second.resume(first.session_id, first.sequence)
    assert await second.op(9) is False
    await second.identify()
    assert len(sandbox.gateway.sessions) == 1


async def test_a_sequence_from_the_future_is_refused(connect: Connect) -> None:
    first = await connect()
    await first.identify()
    second = await connect()
    await second.resume(first.session_id, 999)
    assert await second.close_code() == 4007


async def test_tests_can_ask_for_reconnect_invalidate_close_and_drop(connect: Connect, sandbox: Sandbox) -> None:
    client = await connect()
    await client.identify()
    await client.event("GUILD_CREATE")
    sandbox.gateway.ask_reconnect()
    await client.op(7)
    sandbox.gateway.invalidate(resumable=True)
    assert await client.op(9) is True
    sandbox.gateway.close_all(4000)
    assert await client.close_code() == 4000
    dropped = await connect()
    await dropped.op(10)
    sandbox.gateway.drop_all()
    assert await dropped.close_code() in (None, 1006)


def say(sandbox: Sandbox, text: str) -> None:
    sandbox.people.say(sandbox.people.named("Sam"), lounge(sandbox), text)


@pytest.mark.parametrize("code", [4000, 4008])
async def test_a_session_survives_that_the_gateway_hangs_up(connect: Connect, sandbox: Sandbox, code: int) -> None:
    first = await connect()
    await first.identify()
    await first.event("GUILD_CREATE")
    sandbox.gateway.close_all(code)
    say(sandbox, "missed")
    assert await first.close_code() == code
    second = await connect()
    await second.resume(first.session_id, first.sequence)
    assert (await second.event("MESSAGE_CREATE"))["content"] == "missed"


@pytest.mark.parametrize("code", [1000, 4007, 4009])
async def test_a_session_ends_with_what_the_gateway_says_of_it(connect: Connect, sandbox: Sandbox, code: int) -> None:
    first = await connect()
    await first.identify()
    sandbox.gateway.close_all(code)
    assert await first.close_code() == code
    second = await connect()
    await second.resume(first.session_id, first.sequence)
    assert await second.op(9) is False


async def test_what_is_forgotten_cannot_be_resumed(connect: Connect, sandbox: Sandbox) -> None:
    first = await connect()
    await first.identify()
    sandbox.gateway.forget()
    second = await connect()
    await second.resume(first.session_id, first.sequence)
    assert await second.op(9) is False


async def test_a_gateway_that_is_away_turns_everybody_away(connect: Connect, sandbox: Sandbox) -> None:
    for status in (503, 0):
        sandbox.gateway.faults.away = status
        with pytest.raises(aiohttp.ClientError):
            await connect()
    sandbox.gateway.faults.away = None
    await (await connect()).op(10)
    assert sandbox.gateway.tried >= 3  # aiohttp dials once more where a connection that it had kept is cut


async def test_it_can_be_silent_in_three_ways(connect: Connect, sandbox: Sandbox) -> None:
    gateway = sandbox.gateway
    gateway.faults.speechless, gateway.faults.acknowledging = 1, False
    client = await connect()
    await client.send(1, None)
    await client.identify()
    await client.event("GUILD_CREATE")
    gateway.mute_all()
    say(sandbox, "unheard")
    other = await connect()
    assert (await other.receive())["op"] == 10
    await other.resume(client.session_id, client.sequence)
    assert (await other.event("MESSAGE_CREATE"))["content"] == "unheard"


async def test_what_stands_in_its_queues_is_sent_in_place_of_answers(connect: Connect, sandbox: Sandbox) -> None:
    faults = sandbox.gateway.faults
    faults.identifies.append(control(INVALID, False))
    faults.after_ready.append(DROP)
    faults.resumes.append(4007)
    first = await connect()
    await first.send(2, {"token": sandbox.token, "intents": GUILDS})
    assert await first.op(9) is False
    await first.identify(GUILDS)
    assert await first.close_code() in (None, 1006)
    second = await connect()
    await second.resume(first.session_id, first.sequence)
    assert await second.close_code() == 4007
    third = await connect()
    await third.resume(first.session_id, first.sequence)
    await third.event("GUILD_CREATE")
    await third.event("RESUMED")


async def test_events_are_told_again_made_up_and_turned_round(connect: Connect, sandbox: Sandbox) -> None:
    gateway = sandbox.gateway
    first = await connect()
    await first.identify()
    await first.event("GUILD_CREATE")
    with gateway.reversed():
        say(sandbox, "one")
        say(sandbox, "two")
    heard = [(await first.event("MESSAGE_CREATE"))["content"] for _ in range(2)]
    gateway.repeat("MESSAGE_CREATE")
    heard += [(await first.event("MESSAGE_CREATE"))["content"] for _ in range(2)]
    gateway.tell("WEATHER_UPDATE", {"rain": True})
    assert await first.event("WEATHER_UPDATE") == {"rain": True}
    gateway.faults.again = 2
    second = await connect()
    await second.resume(first.session_id, first.sequence)
    heard.append((await second.event("MESSAGE_CREATE"))["content"])
    assert heard == ["two", "one", "two", "one", "one"]


async def test_it_sends_whatever_it_is_given(connect: Connect, sandbox: Sandbox) -> None:
    client = await connect()
    await client.op(10)
    sandbox.gateway.send("{")
    sandbox.gateway.send(b"\xff")
    assert (await client.socket.receive(timeout=5)).data == "{"
    assert (await client.socket.receive(timeout=5)).data == b"\xff"


async def test_members_are_found_by_name_and_by_id(connect: Connect, sandbox: Sandbox) -> None:
    client, sam = await connect(), sandbox.people.named("Sam")
    await client.identify()
    guild = sandbox.world.guild.id
    await client.send(8, {"guild_id": guild, "query": "sa", "limit": 5, "nonce": "n"})
    named = await client.event("GUILD_MEMBERS_CHUNK")
    await client.send(8, {"guild_id": guild, "user_ids": [sam, "5"], "limit": 0, "nonce": "m"})
    listed = await client.event("GUILD_MEMBERS_CHUNK")
    assert ([m["user"]["id"] for m in named["members"]], named["nonce"]) == ([sam], "n")
    assert ([m["user"]["id"] for m in listed["members"]], listed["not_found"]) == ([sam], ["5"])
    assert (listed["chunk_index"], listed["chunk_count"]) == (0, 1)


async def test_without_the_intent_only_what_concerns_the_bot_has_content(
    connect: Connect, sandbox: Sandbox, rest: Rest
) -> None:
    client, sam = await connect(), sandbox.people.named("Sam")
    await client.identify(GUILDS | MESSAGES | 1 << 12)
    await client.event("GUILD_CREATE")
    here, me = lounge(sandbox), sandbox.world.bot_id
    sandbox.people.say(sam, here, "secret")
    sandbox.people.say(sam, here, f"<@{me}> open")
    await rest.post(f"/channels/{here}/messages", {"content": "own"})
    direct = await rest.post("/users/@me/channels", {"recipient_id": sam})
    sandbox.people.say(sam, direct["id"], "direct")
    heard = [(await client.event("MESSAGE_CREATE"))["content"] for _ in range(4)]
    assert heard == ["", f"<@{me}> open", "own", "direct"]


async def test_without_an_intent_its_events_do_not_come(connect: Connect, sandbox: Sandbox) -> None:
    client = await connect()
    await client.identify(GUILDS)
    await client.event("GUILD_CREATE")
    sandbox.people.say(sandbox.people.named("Sam"), lounge(sandbox), "unheard")
    sandbox.world.add_channel(sandbox.world.guild, "new")
    assert (await client.receive())["t"] == "CHANNEL_CREATE"


async def test_members_messages_have_a_member_and_webhooks_do_not(
    connect: Connect, sandbox: Sandbox, rest: Rest
) -> None:
    client = await connect()
    await client.identify()
    sandbox.people.say(sandbox.people.named("Sam"), lounge(sandbox), "x")
    said = await client.event("MESSAGE_CREATE")
    await rest.post(await rest.webhook(lounge(sandbox)), {"content": "x"})
    posted = await client.event("MESSAGE_CREATE")
    assert "user" not in said["member"]
    assert "member" not in posted
    assert posted["webhook_id"]


async def test_each_shard_hears_its_own_guilds(connect: Connect, sandbox: Sandbox) -> None:
    own = (int(sandbox.world.guild.id) >> 22) % 2
    here, elsewhere = await connect(), await connect()
    assert (await here.identify(shard=[own, 2]))["guilds"] != []
    assert (await elsewhere.identify(shard=[1 - own, 2]))["guilds"] == []
    sandbox.people.say(sandbox.people.named("Sam"), lounge(sandbox), "here")
    assert (await here.event("MESSAGE_CREATE"))["content"] == "here"
    sandbox.gateway.ask_heartbeat()
    assert (await elsewhere.receive())["op"] == 1


async def test_a_channel_the_bot_cannot_see_is_silent(connect: Connect, sandbox: Sandbox) -> None:
    client = await connect()
    await client.identify()
    hidden = {"id": sandbox.world.guild.id, "type": 0, "allow": "0", "deny": str(1 << 10)}
    own = sandbox.world.guild.members[sandbox.world.bot_id]["roles"][0]
    sandbox.world.channels[lounge(sandbox)]["permission_overwrites"] = [hidden | {"id": own}]
    sam = sandbox.people.named("Sam")
    sandbox.people.say(sam, lounge(sandbox), "unseen")
    sandbox.people.say(sam, sandbox.people.channels(sam)[1]["id"], "seen")
    assert (await client.event("MESSAGE_CREATE"))["content"] == "seen"


@asynccontextmanager
async def plain() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}])
async def test_strangers_hosts_and_pages_are_turned_away(sandbox: Sandbox, headers: dict[str, str]) -> None:
    async with plain() as session, session.get(f"{sandbox.api_url}/gateway", headers=headers) as answer:
        assert answer.status == 403
