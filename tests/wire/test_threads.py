"""Threads that are archived, locked, renamed and lost while a room goes on in them: on the wire."""

from pathlib import Path

import pytest

from rooms_bot.chat.bot import RoomsBot
from rooms_bot.sandbox import entities, threads
from rooms_bot.sandbox.admins import Admin
from rooms_bot.sandbox.permissions import Can
from rooms_bot.sandbox.rest.api import Exchange
from rooms_bot.sandbox.server import Sandbox
from tests.models.openai_server import Hang
from tests.wire.channel import Channel, bot_in
from tests.wire.places import QUICK, Wire, at, bot_role, closed, direct, gateway, newest
from tests.wire.scripted import scripted


@pytest.fixture
def admin(sandbox: Sandbox) -> Admin:
    return Admin(sandbox.world, sandbox.people.named("You"))


@pytest.fixture
async def aside(sandbox: Sandbox, bot: RoomsBot) -> Channel:
    """A thread with a room in it that waits for people."""
    del bot
    await Channel(sandbox).do("room start", topic="Bread", thread=True, human_every=1, **QUICK)
    there = at(sandbox, newest(sandbox)["id"])
    await there.until_told("waits")
    return there


async def test_an_archived_thread_wakes_when_the_room_goes_on(
    sandbox: Sandbox, bot: RoomsBot, admin: Admin, aside: Channel
) -> None:
    thread = sandbox.world.channels[aside.id]
    await gateway(bot, "raw_thread_update", lambda: admin.archive(aside.id))
    (waiting,) = [one for one in aside.messages() if "waits" in one["content"]]
    await aside.press(waiting, "Continue")
    await aside.until_posts(2)
    await aside.until_told("waits", 2)
    assert not thread["thread_metadata"]["archived"]


async def test_typing_in_an_archived_thread_opens_it_again(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, admin: Admin
) -> None:
    """Nothing but typing happens here: the agent never comes to speak."""
    async with scripted(monkeypatch, Ada=("one", Hang())), bot_in(sandbox, tmp_path, rooms_model="openai/test") as bot:
        await Channel(sandbox).do(
            "room start", topic="Bread", thread=True, human_every=1, **(QUICK | {"agents": "Ada"})
        )
        there = at(sandbox, newest(sandbox)["id"])
        waiting = await there.until_told("waits")
        await gateway(bot, "raw_thread_update", lambda: admin.archive(there.id))
        await gateway(bot, "raw_thread_update", lambda: None, press=lambda: there.press(waiting, "Continue"))
        assert not sandbox.world.channels[there.id]["thread_metadata"]["archived"]


async def test_a_panel_in_an_archived_thread_opens_it_again(
    sandbox: Sandbox, bot: RoomsBot, admin: Admin, aside: Channel
) -> None:
    await gateway(bot, "raw_thread_update", lambda: admin.archive(aside.id))
    room = bot.house.room(int(aside.id))
    outlet = room._parts.outlet
    bot.panels._shown.clear()
    assert not await outlet.refresh(room.state)
    assert not sandbox.world.channels[aside.id]["thread_metadata"]["archived"]
    assert await outlet.refresh(room.state)


@pytest.mark.parametrize("archived", [False, True])
async def test_a_locked_thread_ends_its_room_and_the_export_is_offered_to_who_opened_it(
    sandbox: Sandbox, bot: RoomsBot, admin: Admin, aside: Channel, archived: bool
) -> None:
    home = direct(sandbox)
    before = len(aside.messages())
    admin.lock(aside.id, archived=archived)
    told = await home.until_told("is over")
    assert told["content"].startswith("Your room “Bread” is over, since the thread is locked.")
    assert closed(bot, aside).because == "the thread is locked"
    assert len(aside.messages()) == before
    await home.press(told, "Export")
    files = await home.until(lambda: [one for one in home.messages() if one["attachments"]])
    assert len(files[0]["attachments"]) == 3


async def test_a_thread_that_is_locked_while_somebody_speaks_ends_the_room_once(
    sandbox: Sandbox, bot: RoomsBot, admin: Admin, aside: Channel
) -> None:
    """Here the gateway is late: typing finds it out, and nothing else is asked there."""
    await forbid_moderating(sandbox, bot, admin)
    sandbox.world.channels[aside.id]["thread_metadata"]["locked"] = True
    home = direct(sandbox)
    aside.say("go on")
    await home.until_told("since the thread is locked")
    assert len(home.messages()) == 1


async def test_a_deleted_thread_ends_its_room(sandbox: Sandbox, bot: RoomsBot, admin: Admin, aside: Channel) -> None:
    home = direct(sandbox)
    admin.delete(aside.id)
    told = await home.until_told("since the thread is gone")
    assert closed(bot, aside).reason == "gone"
    assert "What was said is kept until" in told["content"]


async def test_a_deleted_channel_takes_the_rooms_in_its_threads_along(
    sandbox: Sandbox, bot: RoomsBot, admin: Admin, aside: Channel
) -> None:
    admin.delete(sandbox.world.channels[aside.id]["parent_id"])
    await direct(sandbox).until_told("is over, since the channel is gone")
    assert closed(bot, aside).reason == "gone"


async def test_a_renamed_thread_and_channel_change_nothing(
    sandbox: Sandbox, bot: RoomsBot, admin: Admin, aside: Channel
) -> None:
    await gateway(bot, "raw_thread_update", lambda: admin.rename(aside.id, "elsewhere"))
    parent = sandbox.world.channels[aside.id]["parent_id"]
    await gateway(bot, "guild_channel_update", lambda: admin.rename(parent, "hall"))
    aside.say("go on")
    await aside.until_posts(2)


async def test_a_room_whose_bot_is_taken_out_of_the_private_thread_is_over(
    sandbox: Sandbox, bot: RoomsBot, admin: Admin
) -> None:
    parent = sandbox.world.channels[Channel(sandbox).id]
    thread = await private(sandbox, bot, parent)
    there = at(sandbox, thread["id"])
    await there.do("room start", topic="Bread", human_every=1, **QUICK)
    await there.until_told("waits")
    await forbid_moderating(sandbox, bot, admin)
    admin.kick(thread["id"], sandbox.world.bot_id)
    await direct(sandbox).until_told("since the bot was taken out of the private thread")
    assert closed(bot, there).reason == "gone"


async def test_a_moderator_of_threads_hears_a_private_one_without_being_in_it(
    sandbox: Sandbox, bot: RoomsBot, admin: Admin
) -> None:
    thread = await private(sandbox, bot, sandbox.world.channels[Channel(sandbox).id])
    there = at(sandbox, thread["id"])
    await there.do("room start", topic="Bread", human_every=1, **QUICK)
    await there.until_told("waits")
    await gateway(bot, "thread_remove", lambda: admin.kick(thread["id"], sandbox.world.bot_id))
    there.say("go on")
    await there.until_posts(2)


async def test_who_leaves_a_thread_changes_nothing(
    sandbox: Sandbox, bot: RoomsBot, admin: Admin, aside: Channel
) -> None:
    sam = Channel(sandbox, "Sam")
    sam.people.say(sam.user, aside.id, "hello")
    await aside.until_told("waits", 2)
    admin.kick(aside.id, sam.user)
    await gateway(bot, "thread_remove", lambda: admin.kick(aside.id, sandbox.world.bot_id))
    aside.say("go on")
    await aside.until_posts(3)


async def test_no_room_is_opened_in_a_locked_thread(sandbox: Sandbox, bot: RoomsBot, admin: Admin) -> None:
    thread = await private(sandbox, bot, sandbox.world.channels[Channel(sandbox).id])
    await gateway(bot, "raw_thread_update", lambda: admin.lock(thread["id"]))
    assert "locked" in await at(sandbox, thread["id"]).do("room start", topic="Bread", **QUICK)


async def test_no_request_is_wasted_on_a_thread_that_is_gone(
    sandbox: Sandbox, bot: RoomsBot, admin: Admin, aside: Channel
) -> None:
    home, asked = direct(sandbox), list[Exchange]()
    ledger = sandbox.observe

    def observe(exchange: Exchange) -> None:
        asked.append(exchange)
        if ledger is not None:
            ledger(exchange)

    sandbox.observe = observe
    admin.delete(aside.id)
    await home.until_told("is over")
    room = bot.house.room(int(aside.id))
    await room._parts.outlet.refresh(room.state)
    assert [(one.template, one.status) for one in asked] == [
        ("/users/@me/channels", 200),
        ("/channels/{channel_id}/messages", 200),
    ]


async def forbid_moderating(sandbox: Sandbox, bot: RoomsBot, admin: Admin) -> None:
    own = bot_role(sandbox)
    less = int(own["permissions"]) & ~Can.MANAGE_THREADS
    await gateway(bot, "guild_role_update", lambda: admin.grant(own["id"], less))


async def private(sandbox: Sandbox, bot: RoomsBot, parent: Wire) -> Wire:
    """A private thread of You's with the bot in it."""
    you = sandbox.world.users[sandbox.people.named("You")]
    thread: Wire = {}

    def start() -> None:
        nonlocal thread
        thread = threads.start(sandbox.world, parent, you, {"name": "aside"}, kind=entities.PRIVATE_THREAD)
        threads.join(sandbox.world, thread, sandbox.world.bot_id)

    await gateway(bot, "thread_join", start)
    return thread
