"""A room on the wire: the real bot and discord.py's client against the sandbox."""

from pathlib import Path

import pytest

from rooms_bot.chat.bot import RoomsBot
from rooms_bot.sandbox.server import Sandbox
from tests.wire.channel import PATIENCE, Channel, bot_in, contents, words


@pytest.fixture
def lounge(sandbox: Sandbox, bot: RoomsBot) -> Channel:
    del bot
    return Channel(sandbox)


async def test_a_room_from_its_start_to_its_end(lounge: Channel) -> None:
    answer = await lounge.do(
        "room start", topic="What is time?", agents="Ada, Kenji, Noor", mode="round_robin", turns=7, pace=0
    )
    assert "The room is open" in answer
    opening = await lounge.until_told("What is time?")
    assert "**Ada** `APP`" in words(opening)
    assert "/profile ignore" in words(opening)
    await lounge.until_told("This room is over")
    assert lounge.speakers() == ["Ada", "Kenji", "Noor", "Ada", "Kenji", "Moderator", "Noor", "Ada"]
    faces = {post["author"]["username"]: post["author"]["avatar"] for post in lounge.posts()}
    assert len(faces) == 4


async def test_whom_a_member_addresses_is_next_also_by_a_reply(lounge: Channel) -> None:
    await lounge.do("room start", topic="Bread", agents="Ada,Kenji,Noor", mode="round_robin", human_every=1, pace=0)
    first = (await lounge.until_posts(1))[0]
    await lounge.until_told("waits")
    lounge.say("@Noor what about the cost?")
    await lounge.until_told("waits", 2)
    lounge.say("and why that?", reply_to=first["id"])
    await lounge.until_told("waits", 3)
    assert lounge.speakers() == ["Ada", "Noor", "Ada"]


async def test_pause_resume_next_status_stop_and_export(lounge: Channel) -> None:
    await lounge.do("room start", topic="Bread", agents="Ada,Kenji", mode="round_robin", pace=120)
    await lounge.until(lambda: len(lounge.greetings()) == 2)
    assert "next one speaks" in await lounge.do("room next")
    await lounge.until_posts(1)
    assert "paused" in await lounge.do("room pause")
    assert "**Paused** by You." in await lounge.do("room status")
    assert "paused" in await lounge.do("room next")
    assert "goes on" in await lounge.do("room resume")
    assert "next one speaks" in await lounge.do("room next")
    await lounge.until_posts(2)
    for form in ("markdown", "csv", "json"):
        reply = await lounge.ask("room export", format=form)
        assert reply.message is not None
        assert reply.message["flags"] & 64
        assert len(reply.message["attachments"]) == 1
    assert "over" in await lounge.do("room stop")
    closing = await lounge.until_told("This room is over")
    assert [button["label"] for button in closing["components"][0]["components"]] == ["Export", "Continue", "Discard"]


async def test_continue_and_discard_under_the_closing_message(lounge: Channel) -> None:
    await lounge.do("room start", topic="Bread", agents="Ada,Kenji", mode="round_robin", turns=2, pace=0)
    closing = await lounge.until_told("This room is over")
    reply = await (await lounge.press(closing, "Export")).settled(PATIENCE)
    assert reply.message is not None
    assert len(reply.message["attachments"]) == 3
    assert "is kept until" in closing["content"]
    await (await lounge.press(closing, "Continue")).settled(PATIENCE)
    again = await lounge.until_told("This room is over", 2)
    assert lounge.speakers() == ["Ada", "Kenji", "Ada", "Kenji"]
    await (await lounge.press(again, "Discard")).settled(PATIENCE)
    first, second = (next(one for one in lounge.messages() if one["id"] == sent["id"]) for sent in (closing, again))
    assert first["content"] == "**This room is over.** All turns are taken."
    assert second["content"] == f"{first['content']}\n-# What was said in this room is no longer kept."
    assert (first["components"], second["components"]) == ([], [])
    assert sum("no longer kept" in one["content"] for one in lounge.messages()) == 1


async def test_only_hosts_start_and_steer_and_all_may_look(lounge: Channel, sandbox: Sandbox) -> None:
    sam = Channel(sandbox, "Sam")
    assert "Only hosts" in await sam.do("room start", topic="Bread")
    robin = Channel(sandbox, "Robin")
    assert "is open" in await robin.do("room start", topic="Bread", agents="Ada", human_every=1, pace=0)
    await lounge.until_told("waits")
    for command in ("room pause", "room resume", "room next", "room stop", "orchestrator now", "orchestrator off"):
        assert "Only hosts" in await sam.do(command)
    assert "Only hosts" in await sam.do("agent remove", agent="Ada")
    assert "Bread" in await sam.do("room status")
    assert "Ada" in await sam.do("agent list")


async def test_a_second_start_gets_one_clear_answer(lounge: Channel, sandbox: Sandbox) -> None:
    await lounge.do("room start", topic="Bread", agents="Ada", human_every=1, pace=0)
    answer = await Channel(sandbox, "Robin").do("room start", topic="Wine")
    assert "open here already" in answer


async def test_agents_come_and_go_and_options_complete(lounge: Channel) -> None:
    await lounge.do("room start", topic="Bread", agents="Ada", human_every=1, pace=0)
    await lounge.until_told("waits")
    choices = await lounge.people.autocomplete(lounge.user, lounge.id, "agent invite", {"persona": "ken"}, "persona")
    assert [choice["value"] for choice in choices] == ["Kenji"]
    assert "Kenji" in await lounge.do("agent invite", persona="Kenji", instructions="Be brief.")
    await lounge.until_told("joins the room")
    assert "There is no persona" in await lounge.do("agent invite", persona="Nobody")
    assert "cannot be chosen" in await lounge.do("agent invite", persona="Noor", model="openai/gpt-4o")
    seated = await lounge.people.autocomplete(lounge.user, lounge.id, "agent remove", {"agent": ""}, "agent")
    assert [choice["value"] for choice in seated] == ["Ada", "Kenji"]
    typed = {"topic": "x", "agents": "Ada, ke"}
    several = await lounge.people.autocomplete(lounge.user, lounge.id, "room start", typed, "agents")
    assert [choice["value"] for choice in several] == ["Ada, Kenji"]
    await lounge.do("agent remove", agent="Ada")
    await lounge.until_told("leaves the room")
    assert "last one" in await lounge.do("agent remove", agent="Kenji")


async def test_profiles_are_told_and_who_ignores_is_not_heard(lounge: Channel, bot: RoomsBot) -> None:
    assert "Theodora" in await lounge.do("profile set", name="Theodora", background="a *baker*")
    assert "a \\*baker\\*" in await lounge.do("profile show")
    await lounge.do("room start", topic="Bread", agents="Ada,Kenji", human_every=1, pace=0)
    await lounge.until_told("waits")
    assert "not heard" in await lounge.do("profile ignore")
    lounge.say("do not keep this")
    await lounge.do("profile ignore", on=False)
    lounge.say("but this")
    await lounge.until_told("waits", 2)
    room = bot.house.room(int(lounge.id))
    assert [line.text for line in room.state.lines if line.member] == ["but this"]
    assert [member.name for member in room.state.members.values()] == ["Theodora"]


async def test_what_is_edited_or_deleted_in_the_channel_changes_in_the_room(lounge: Channel, bot: RoomsBot) -> None:
    await lounge.do("room start", topic="Bread", agents="Ada,Kenji", human_every=1, pace=0)
    await lounge.until_told("waits")
    first, second = lounge.say("one"), lounge.say("two")
    await lounge.until_told("waits", 2)
    lounge.people.edit(lounge.user, first["id"], "eins")
    lounge.people.delete(lounge.user, second["id"])
    lounge.say("three")
    await lounge.until_told("waits", 3)
    room = bot.house.room(int(lounge.id))
    assert [line.text for line in room.state.lines if line.member] == ["eins", "", "three"]


async def test_orchestrator_commands(lounge: Channel) -> None:
    await lounge.do("room start", topic="Bread", agents="Ada,Kenji", human_every=1, pace=0)
    await lounge.until_told("waits")
    assert "**Moderator** sums up next" in await lounge.do("orchestrator now")
    await lounge.until(lambda: "Moderator" in lounge.speakers())
    assert "every 3 turns" in await lounge.do("orchestrator set", every=3)
    assert "**Moderator** sums up only when asked" in await lounge.do("orchestrator off")


@pytest.mark.usefixtures("bot")
async def test_announcement_channels_are_refused(sandbox: Sandbox) -> None:
    news = Channel(sandbox, channel="news")
    assert "announcement" in await news.do("room start", topic="Bread")
    assert contents(news.posts()) == []


async def test_without_a_room_commands_say_how_to_open_one(lounge: Channel) -> None:
    for command in ("room status", "room pause", "room stop", "agent list"):
        assert "/room start" in await lounge.do(command)


async def test_the_invite_link_asks_for_what_is_needed(bot: RoomsBot) -> None:
    link = bot.invite()
    assert f"client_id={bot.application_id}" in link
    assert "scope=bot+applications.commands" in link


async def test_a_stop_right_after_the_bot_has_connected_leaves_no_trace_and_the_rooms_go_on_after_the_next_start(
    sandbox: Sandbox, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    halls = [Channel(sandbox), Channel(sandbox, channel="library")]
    rules = {"topic": "Bread", "agents": "Ada", "mode": "round_robin", "memory": "durable", "human_every": 1, "pace": 0}
    async with bot_in(sandbox, tmp_path):
        for hall in halls:
            await hall.do("room start", **rules)
            await hall.until_told("waits")
    for _ in range(3):
        async with bot_in(sandbox, tmp_path):
            pass
    assert "could not be handled" not in caplog.text
    async with bot_in(sandbox, tmp_path) as bot:
        await bot.house.wake()
        for hall in halls:
            hall.say("@Ada go on")
            await hall.until_posts(2)
