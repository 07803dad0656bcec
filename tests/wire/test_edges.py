"""What goes wrong, or is asked of the bot where it should not: on the wire."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from rooms_bot.domain.events import Edited
from rooms_bot.domain.rooms import Member
from rooms_bot.engine import commands
from rooms_bot.sandbox.permissions import Can
from rooms_bot.sandbox.server import Sandbox
from tests.models.openai_server import OpenAIServer, Status
from tests.wire.channel import Channel, bot_in
from tests.wire.rest import Rest
from tests.wire.test_long_room import QuickClock


async def test_a_provider_that_refuses_is_one_short_line_and_the_agent_is_left_out(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with OpenAIServer(Status(401, "Incorrect API key provided: sk-secret")) as model:
        monkeypatch.setenv("OPENAI_API_BASE", model.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-of-this-test")
        async with bot_in(sandbox, tmp_path, rooms_model="openai/test"):
            lounge = Channel(sandbox)
            await lounge.do("room start", topic="Bread", agents="Ada", pace=0)
            await lounge.until_told("The room is paused")
            told = [message["content"] for message in lounge.messages() if "could not be reached" in message["content"]]
    assert len(told) == 3
    assert all(text.startswith("-# ") and "\n" not in text for text in told)
    assert "third time" in told[-1]
    assert not [message for message in lounge.messages() if "secret" in message["content"]]


async def test_a_missing_permission_is_named(sandbox: Sandbox, tmp_path: Path) -> None:
    async with bot_in(sandbox, tmp_path):
        lounge = Channel(sandbox)
        channel = sandbox.world.find_channel(lounge.id)
        deny = str(int(Can.MANAGE_WEBHOOKS | Can.ATTACH_FILES))
        everyone = sandbox.world.guild.id
        channel["permission_overwrites"] = [
            {"id": sandbox.world.bot_id, "type": 1, "allow": "0", "deny": deny},
            {"id": everyone, "type": 0, "allow": "0", "deny": "0"},
        ]
        answer = await lounge.do("room start", topic="Bread")
        assert "Manage Webhooks" in answer
        assert "Attach Files" in answer
        assert "Send Messages" not in answer


async def test_a_room_in_a_thread_speaks_there(sandbox: Sandbox, rest: Rest, tmp_path: Path) -> None:
    async with bot_in(sandbox, tmp_path):
        lounge = Channel(sandbox)
        thread = await rest.post(f"/channels/{lounge.id}/threads", {"name": "aside", "type": 11})
        aside = Channel(sandbox)
        aside.id = thread["id"]
        await aside.do("room start", topic="Bread", agents="Ada,Kenji", mode="round_robin", turns=2, pace=0)
        await aside.until_told("This room is over")
        assert aside.speakers() == ["Ada", "Kenji"]
        assert lounge.posts() == []


async def test_a_server_that_is_not_served_is_told_so(sandbox: Sandbox, tmp_path: Path) -> None:
    async with bot_in(sandbox, tmp_path, rooms_guilds=(123,)) as bot:
        lounge = Channel(sandbox)
        assert "does not serve this server" in await lounge.do("room start", topic="Bread")
        assert "does not serve this server" in await lounge.do("profile show")
        assert bot.house.rooms() == []


@pytest.mark.parametrize("named", [False, True])
async def test_other_bots_and_webhooks_are_heard_only_where_named(
    sandbox: Sandbox, rest: Rest, tmp_path: Path, named: bool
) -> None:
    hook = await rest.webhook(Channel(sandbox).id, "Feed")
    feed = int(hook.split("/")[2])
    sandbox.world.webhooks[str(feed)]["application_id"] = None
    async with bot_in(sandbox, tmp_path, rooms_hear_bots=(feed,) if named else ()) as bot:
        lounge = Channel(sandbox)
        await lounge.do("room start", topic="Bread", agents="Ada,Kenji", human_every=1, pace=0)
        await lounge.until_told("waits")
        arrived = bot.wait_for("message", check=lambda message: message.content == "hello", timeout=10)
        await asyncio.gather(arrived, _say_both(rest, hook, lounge))
        room = bot.house.room(int(lounge.id))
        await room.do(commands.pause(Member(id=1, name="You")))
        texts = [line.text for line in room.state.lines if line.member]
    assert texts == (["news from elsewhere", "hello"] if named else ["hello"])


async def _say_both(rest: Rest, hook: str, lounge: Channel) -> None:
    await rest.post(hook, {"content": "news from elsewhere"})
    lounge.say("hello")


async def test_after_a_restart_rooms_go_on_and_an_ephemeral_one_says_that_its_words_were_read_again(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    lounge, library = Channel(sandbox), Channel(sandbox, channel="library")
    async with bot_in(sandbox, tmp_path):
        more = {"agents": "Ada,Kenji", "mode": "round_robin", "human_every": 1, "pace": 0}
        await lounge.do("room start", topic="Bread", memory="durable", **more)
        await library.do("room start", topic="Wine", **more)
        await lounge.until_told("waits")
        await library.until_told("waits")
    async with bot_in(sandbox, tmp_path):
        await library.until_told("The bot was restarted")
        for there in (lounge, library):
            there.say("go on")
            await there.until_posts(2)
            assert there.speakers() == ["Ada", "Kenji"]


async def test_a_webhook_is_found_again_after_a_restart(sandbox: Sandbox, rest: Rest, tmp_path: Path) -> None:
    lounge = Channel(sandbox)
    for _ in range(2):
        async with bot_in(sandbox, tmp_path):
            await lounge.do("room start", topic="Bread", agents="Ada", turns=1, pace=0)
            await lounge.until_told("This room is over")
            await lounge.do("room status")
    assert len(await rest.get(f"/channels/{lounge.id}/webhooks")) == 1
    assert len((await rest.get(f"/applications/{sandbox.world.bot['id']}/emojis"))["items"]) <= 2


async def test_what_a_database_says_of_its_failure_is_not_told_to_members(sandbox: Sandbox, tmp_path: Path) -> None:
    async with bot_in(sandbox, tmp_path):
        with closing(sqlite3.connect(tmp_path / "rooms.sqlite")) as other:
            other.execute("DROP TABLE profiles")
        answer = await Channel(sandbox).do("profile set", background="keeps bees")
    assert answer == "Something went wrong on the bot's side. Its operator finds the reason in the log."


async def test_a_message_that_is_edited_without_end_is_few_events_and_its_last_text(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bot_in(sandbox, tmp_path, clock=QuickClock(10)) as bot:
        lounge, last = Channel(sandbox), asyncio.Event()
        await lounge.do("room start", topic="Bread", agents="Ada", agents_answer="people")
        told = bot.house.edited

        def edited(channel: int, source: int, text: str) -> None:
            told(channel, source, text)
            if text == "rye 39":
                last.set()

        monkeypatch.setattr(bot.house, "edited", edited)
        mine = lounge.say("rye")
        for number in range(40):
            lounge.people.edit(lounge.user, mine["id"], f"rye {number}")
        async with asyncio.timeout(10):
            await last.wait()
        room = bot.house.room(int(lounge.id))
        await room.do(lambda _: ())
        texts = [event.what.text async for event in room.events() if isinstance(event.what, Edited)]
        line = room.state.line(int(mine["id"]))
    assert line is not None
    assert line.text == "rye 39"
    assert len(texts) < 40


async def test_what_was_edited_or_deleted_while_the_bot_was_away_changes_in_the_room_too(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    lounge = Channel(sandbox)
    async with bot_in(sandbox, tmp_path):
        await lounge.do(
            "room start", topic="Bread", agents="Ada", memory="durable", agents_answer="people", orchestrator_every=0
        )
        secret, wheat, kept = (lounge.say(text) for text in ("My secret.", "Rye.", "And water."))
        await lounge.until_posts(1)
    lounge.people.delete(lounge.user, secret["id"])
    lounge.people.edit(lounge.user, wheat["id"], "Wheat.")
    async with bot_in(sandbox, tmp_path) as bot:
        await lounge.until(lambda: bot.house.rooms())
        room = bot.house.room(int(lounge.id))
        await lounge.do("room status")
        lounge.say("And salt?")
        await lounge.until_posts(2)
        said = [line.text for line in room.state.lines if line.member]
        assert said == ["", "Wheat.", "And water.", "And salt?"]
        assert "My secret." not in "".join([str(event) async for event in room.events()])
    assert kept["content"] == "And water."
