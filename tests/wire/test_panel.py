"""The panel in a channel: posted once, pressed by anybody, brought up to date, and gone without a word."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from rooms_bot.chat.bot import RoomsBot
from rooms_bot.engine.display import EVERY
from rooms_bot.ports import GuildSettings
from rooms_bot.sandbox.replies import Reply
from rooms_bot.sandbox.server import Sandbox
from tests.engine.fakes import TurnedClock
from tests.wire.channel import PATIENCE, Channel, bot_in, labels, parts, words
from tests.wire.scripted import scripted, system

Wire = dict[str, Any]
ROUND = {"mode": "round_robin", "pace": 0, "orchestrator_every": 0}
THUMBNAIL = 11


MODEL = "openai/test"


@pytest.fixture
def lounge(sandbox: Sandbox, bot: RoomsBot) -> Channel:
    del bot
    return Channel(sandbox)


async def opened(lounge: Channel, **more: Any) -> Wire:
    """The panel of a room that waits after each turn."""
    await lounge.do("room start", **({"topic": "Bread", "agents": "Ada,Kenji", "human_every": 1} | ROUND | more))
    await lounge.until_told("waits")
    return panel_of(lounge)


def panel_of(lounge: Channel) -> Wire:
    return next(one for one in lounge.messages() if "webhook_id" not in one and "## " in words(one))


async def seen(person: Channel, sought: str) -> None:
    """Wait until this person sees these words, in an answer too."""
    await person.until(lambda: any(sought in words(one) for one in person.messages()))


def refused(person: Channel, count: int) -> bool:
    return sum("Only hosts" in words(one) for one in person.messages()) >= count


async def answer(reply: Reply) -> Wire:
    settled = await reply.settled(PATIENCE)
    assert settled.message is not None
    return settled.message


async def test_it_tells_who_takes_part_with_their_faces_and_pings_nobody(
    lounge: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted(monkeypatch, Ada="crumb", Kenji="crust"):
        panel = await opened(lounge, topic="Bread <@1> @everyone")
    faces = [one["media"]["url"] for one in parts(panel) if one["type"] == THUMBNAIL]
    assert len(set(faces)) == 2
    assert "**Ada** `APP`" in words(panel)
    assert panel["content"] == ""
    assert (panel["mentions"], panel["mention_everyone"]) == ([], False)
    assert labels(panel) == ["Join", "Export", "Pause", "Next", "Summary now", "Stop"]


async def test_a_host_steers_with_its_buttons_and_sees_it_on_the_panel_at_once(
    lounge: Channel, bot: RoomsBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted(monkeypatch, Ada="crumb", Kenji="crust", Moderator="so far"):
        panel = await opened(lounge)
        await answer(await lounge.press(panel, "Pause"))
        paused = panel_of(lounge)
        assert "**Paused** by You." in words(paused)
        assert "Resume" in labels(paused)
        await lounge.press(paused, "Next")
        await seen(lounge, "The room is paused. `/room resume`")
        await answer(await lounge.press(paused, "Resume"))
        assert "Pause" in labels(panel_of(lounge))
        await lounge.until_posts(2)
        await lounge.until_told("waits", 2)
        await answer(await lounge.press(panel, "Next"))
        await lounge.until_posts(3)
        await answer(await lounge.press(panel, "Summary now"))
        await seen(lounge, "**Moderator** sums up next.")
        await lounge.until(lambda: "Moderator" in lounge.speakers())
    assert bot.house.room(int(lounge.id)).state.panel == int(panel["id"])


async def test_stop_asks_first_and_what_is_left_are_export_and_continue(
    lounge: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted(monkeypatch, Ada="crumb", Kenji="crust"):
        panel = await opened(lounge)
        asked = await answer(await lounge.press(panel, "Stop"))
        assert "End this room for everyone here?" in words(asked)
        assert labels(asked) == ["Stop the room", "Cancel"]
        assert len(lounge.posts()) == 1
        await (await lounge.press(asked, "Stop the room")).settled(PATIENCE)
        await lounge.until_told("This room is over")
        await lounge.press(panel, "Export")
        await lounge.until(lambda: any(one["attachments"] for one in lounge.messages()))
        status = (await lounge.ask("room status")).message
        assert status is not None
        assert labels(status) == ["Export", "Continue"]
        assert "**Over.** The room was stopped." in words(status)
        await answer(await lounge.press(status, "Continue"))
        await lounge.until_posts(2)


async def test_a_stop_that_is_cancelled_stops_nothing(lounge: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    async with scripted(monkeypatch, Ada="crumb", Kenji="crust"):
        asked = await answer(await lounge.press(await opened(lounge), "Stop"))
        left = await answer(await lounge.press(asked, "Cancel"))
        assert (words(left), labels(left)) == ("The room is not stopped.", [])
        assert "Stop" in labels(panel_of(lounge))


async def test_the_end_is_on_the_panel_at_once_where_the_button_is_pressed(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, lounge = TurnedClock(), Channel(sandbox)
    async with (
        scripted(monkeypatch, Ada="crumb", Kenji="crust"),
        bot_in(sandbox, tmp_path, clock, rooms_model="openai/test"),
    ):
        asked = await answer(await lounge.press(await opened(lounge), "Stop"))
        await lounge.press(asked, "Stop the room")
        await lounge.until(lambda: "**Over.** The room was stopped." in words(panel_of(lounge)))
        assert labels(panel_of(lounge)) == ["Export", "Continue"]


async def test_other_buttons_do_not_wait_for_a_quiet_channel(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, lounge = TurnedClock(), Channel(sandbox)
    async with (
        scripted(monkeypatch, Ada="crumb", Kenji="crust"),
        bot_in(sandbox, tmp_path, clock, rooms_model="openai/test", rooms_posts_per_minute=8),
    ):
        await opened(lounge)
        await lounge.do("room pause")
        await clock.until_asleep(EVERY)
        clock.advance(EVERY)
        await lounge.until(lambda: "Resume" in labels(panel_of(lounge)))


async def test_who_may_not_steer_is_told_so_by_every_button_and_export_is_everyones(
    lounge: Channel, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    sam = Channel(sandbox, "Sam")
    async with scripted(monkeypatch, Ada="crumb", Kenji="crust"):
        panel = await opened(lounge)
        for count, label in enumerate(("Pause", "Next", "Summary now", "Stop"), 1):
            await sam.press(panel, label)
            await sam.until(partial(refused, sam, count))
            assert "Pause" in labels(panel_of(lounge))
        assert len((await answer(await sam.press(panel, "Export")))["attachments"]) == 3
        assert len(lounge.posts()) == 1


async def test_agents_know_of_who_joins_who_is_told_how_to_take_part(
    lounge: Channel, sandbox: Sandbox, bot: RoomsBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    sam = Channel(sandbox, "Sam")
    async with scripted(monkeypatch, Ada="crumb", Kenji="@Sam, which flour?") as model:
        panel = await opened(lounge)
        await sam.do("profile set", background="a baker")
        told = words(await answer(await sam.press(panel, "Join")))
        assert "`@Ada` and `@Kenji`" in told
        assert "/profile ignore" in told
        await sam.press(panel, "Join")
        lounge.say("Go on")
        await lounge.until_told("**Sam**'s answer to Kenji")
        assert "a baker" in system(model.sent("Kenji")[0])
        events = [event.what.kind async for event in bot.house.room(int(lounge.id)).events()]
    assert events.count("came") == 1


async def test_who_wishes_not_to_be_heard_is_not_made_known(
    lounge: Channel, sandbox: Sandbox, bot: RoomsBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    sam = Channel(sandbox, "Sam")
    async with scripted(monkeypatch, Ada="crumb", Kenji="crust"):
        panel = await opened(lounge)
        await sam.do("profile ignore")
        assert "/profile ignore on:False" in words(await answer(await sam.press(panel, "Join")))
    assert int(sam.user) not in bot.house.room(int(lounge.id)).state.members


async def test_who_may_not_talk_there_does_not_join(
    lounge: Channel, sandbox: Sandbox, bot: RoomsBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    sam, guild = Channel(sandbox, "Sam"), int(lounge.people.guild["id"])
    async with scripted(monkeypatch, Ada="crumb", Kenji="crust"):
        panel = await opened(lounge)
        await bot.house.servers.save(GuildSettings(guild=guild, member_role=5))
        assert "may not take part" in words(await answer(await sam.press(panel, "Join")))
        assert "You take part" in words(await answer(await lounge.press(panel, "Join")))
    assert int(sam.user) not in bot.house.room(int(lounge.id)).state.members


async def test_in_a_thread_who_joins_becomes_a_member_of_it(
    lounge: Channel, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted(monkeypatch, Ada="crumb", Kenji="crust"):
        await lounge.do("room start", topic="Bread", agents="Ada,Kenji", thread=True, human_every=1, **ROUND)
        there, sam = Channel(sandbox, channel="Bread"), Channel(sandbox, "Sam", "Bread")
        await there.until_told("waits")
        await answer(await sam.press(panel_of(there), "Join"))
        assert sam.user in sandbox.world.thread_members[sam.id]


async def test_its_buttons_work_after_a_restart(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lounge = Channel(sandbox)
    async with scripted(monkeypatch, Ada="crumb", Kenji="crust"):
        async with bot_in(sandbox, tmp_path, rooms_model="openai/test"):
            panel = await opened(lounge, memory="durable")
        async with bot_in(sandbox, tmp_path, rooms_model="openai/test") as bot:
            await bot.house.wake()
            await answer(await lounge.press(panel, "Pause"))
            assert "**Paused** by You." in words(panel_of(lounge))


async def test_it_is_edited_after_changes_and_shows_the_end(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, lounge = TurnedClock(), Channel(sandbox)
    async with (
        scripted(monkeypatch, Ada="crumb", Kenji="crust"),
        bot_in(sandbox, tmp_path, clock, rooms_model="openai/test"),
    ):
        await opened(lounge, memory="durable")
        await lounge.do("room configure", topic="Rye")
        await lounge.do("room configure", topic="Oats")
        await clock.until_asleep(EVERY)
        clock.advance(EVERY)
        await lounge.until(lambda: "## Oats" in words(panel_of(lounge)))
        await lounge.do("room stop")
        await clock.until_asleep(EVERY)
        clock.advance(EVERY)
        await lounge.until(lambda: "**Over.** The room was stopped." in words(panel_of(lounge)))
        assert labels(panel_of(lounge)) == ["Export", "Continue"]


async def test_one_that_somebody_deletes_stays_away_and_the_room_goes_on(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    clock, lounge = TurnedClock(), Channel(sandbox)
    async with (
        scripted(monkeypatch, Ada="crumb", Kenji="crust"),
        bot_in(sandbox, tmp_path, clock, rooms_model="openai/test"),
    ):
        panel = await opened(lounge)
        lounge.people.delete(lounge.user, panel["id"])
        for topic in ("Rye", "Oats"):
            await lounge.do("room configure", topic=topic)
            await clock.until_asleep(EVERY)
            clock.advance(EVERY)
        assert "## Oats" in await lounge.do("room status")
        lounge.say("And?")
        await lounge.until_posts(2)
    assert not [one for one in lounge.messages() if "webhook_id" not in one and "## " in words(one)]
    assert not [record for record in caplog.records if record.levelname in ("WARNING", "ERROR")]


async def test_where_the_channel_is_crowded_words_come_first(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, lounge = TurnedClock(), Channel(sandbox)
    async with (
        scripted(monkeypatch, Ada="crumb", Kenji="crust"),
        bot_in(sandbox, tmp_path, clock, rooms_model="openai/test", rooms_posts_per_minute=8) as bot,
    ):
        await opened(lounge)
        room = bot.house.room(int(lounge.id))
        await lounge.do("room configure", topic="Rye")
        assert not await bot.panels.refresh(room.state, room.id)
        clock.advance(60)
        assert await bot.panels.refresh(room.state, room.id)
        assert "## Rye" in words(panel_of(lounge))


async def test_nothing_is_edited_where_it_would_show_the_same(
    lounge: Channel, bot: RoomsBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted(monkeypatch, Ada="crumb", Kenji="crust"):
        await opened(lounge)
        room = bot.house.room(int(lounge.id))
        assert await bot.panels.refresh(room.state, room.id)
        edited = panel_of(lounge)["edited_timestamp"]
        assert edited is not None
        assert await bot.panels.refresh(room.state, room.id)
        assert panel_of(lounge)["edited_timestamp"] == edited
