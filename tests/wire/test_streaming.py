"""An answer stands in the channel with its first sentence and grows there; the end is what a whole post would be."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rooms_bot.chat.bot import RoomsBot
from rooms_bot.chat.budget import Budget
from rooms_bot.chat.faces import Faces
from rooms_bot.chat.outlet import TYPING
from rooms_bot.chat.panels import Panels
from rooms_bot.chat.posting import Unwanted, Withdrawn
from rooms_bot.chat.speech import EVERY
from rooms_bot.domain.events import Event, Paused, Planned, Why
from rooms_bot.domain.rooms import Member, Place
from rooms_bot.domain.talk import Line
from rooms_bot.engine import commands as ask
from rooms_bot.errors import PostBlocked
from rooms_bot.sandbox import views
from rooms_bot.sandbox.admins import Admin
from rooms_bot.sandbox.faults import Fault
from rooms_bot.sandbox.permissions import Can
from rooms_bot.sandbox.rest.api import Exchange
from rooms_bot.sandbox.server import Sandbox
from tests.engine.conftest import nothing
from tests.models.openai_server import Answer, Hang
from tests.wire.channel import Channel, bot_in
from tests.wire.places import gateway
from tests.wire.rest import Rest
from tests.wire.scripted import scripted
from tests.wire.test_long_room import QuickClock
from tests.wire.writing import ADA, EDIT, POST, Writing, writing


class Requests:
    """Counts what is done through the webhook, besides what observed before."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._before, self.made = sandbox.observe, list[Exchange]()
        sandbox.observe = self

    def __call__(self, exchange: Exchange) -> None:
        if (exchange.method, exchange.template) in (POST, EDIT):
            self.made.append(exchange)
        if self._before is not None:
            self._before(exchange)

    @property
    def methods(self) -> list[str]:
        return [one.method for one in self.made]


async def test_it_appears_with_the_first_sentence_grows_by_edits_and_ends_whole(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    requests = Requests(sandbox)
    async with writing(sandbox, tmp_path) as page, page.speech() as speech:
        first = await page.begin(speech, "It rises. Then it", "It rises.")
        assert page.stood == [(int(first["id"]),)]
        assert first["author"]["username"] == "Ada"
        await page.go_on(speech, "It rises. Then it is baked")
        assert page.standing() == ["It rises."]
        await page.go_on(speech, "It rises. Then it is baked. And")
        assert page.standing() == ["It rises. Then it is baked."]
        page.clock.advance(EVERY)
        posts = await speech.finish("It rises. Then it is baked. And eaten")
        assert posts == (int(first["id"]),)
    assert page.standing() == ["It rises. Then it is baked. And eaten"]
    assert requests.methods == ["POST", "PATCH", "PATCH"]
    assert all(one.request["allowed_mentions"]["parse"] == [] for one in requests.made)


async def test_no_two_edits_are_closer_than_that(sandbox: Sandbox, tmp_path: Path) -> None:
    requests = Requests(sandbox)
    async with writing(sandbox, tmp_path) as page, page.speech() as speech, asyncio.TaskGroup() as tasks:
        await page.begin(speech, "One. ", "One.")
        for text in ("One. Two. ", "One. Two. Three. "):
            speech.grow(text)
        last = tasks.create_task(speech.finish("One. Two. Three. Four."))
        await page.clock.until_asleep(EVERY)
        assert requests.methods == ["POST"]
        page.clock.advance(EVERY)
        await last
    assert requests.methods == ["POST", "PATCH"]
    assert page.standing() == ["One. Two. Three. Four."]


async def test_what_comes_at_once_is_one_post(sandbox: Sandbox, tmp_path: Path) -> None:
    requests = Requests(sandbox)
    async with writing(sandbox, tmp_path) as page, page.speech() as speech:
        for text in ("One. ", "One. Two. "):
            speech.grow(text)
        await speech.finish("One. Two.")
    assert requests.methods == ["POST"]
    assert page.stood == []


async def test_where_nothing_is_to_be_added_there_is_no_further_edit(sandbox: Sandbox, tmp_path: Path) -> None:
    requests = Requests(sandbox)
    async with writing(sandbox, tmp_path) as page, page.speech() as speech:
        await page.begin(speech, "That is all. ", "That is all.")
        await speech.finish("That is all.")
    assert requests.methods == ["POST"]


@pytest.mark.parametrize("raw", ["PASS", "PASS. ", "<think>No. Yes. ", "Ada: PASS ", "Kenji", "3.", "Not a sentence"])
async def test_nothing_flashes_up_that_would_be_taken_back(sandbox: Sandbox, tmp_path: Path, raw: str) -> None:
    requests = Requests(sandbox)
    async with writing(sandbox, tmp_path) as page, page.speech() as speech:
        speech.grow(raw)
        await page.clock.until_asleep(0.4)
        page.clock.advance(0.4)
        await page.clock.until_asleep(EVERY)
    assert requests.made == []


async def test_code_grows_by_lines_and_its_fence_is_closed(sandbox: Sandbox, tmp_path: Path) -> None:
    async with writing(sandbox, tmp_path) as page, page.speech() as speech:
        await page.begin(speech, "So:\n```py\nx = 1\ny = ", "So:\n```py\nx = 1\n```")
        page.clock.advance(EVERY)
        await speech.finish("So:\n```py\nx = 1\ny = 2\n```")
    assert page.standing() == ["So:\n```py\nx = 1\ny = 2\n```"]


async def test_what_grows_beyond_one_message_stops_growing_and_ends_as_several(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    requests = Requests(sandbox)
    text = "".join(f"This is sentence number {number}. " for number in range(1000, 1150))
    async with writing(sandbox, tmp_path) as page, page.speech() as speech:
        await page.begin(speech, text[:70], text[:60].strip())
        await page.go_on(speech, text)
        assert requests.methods == ["POST"]
        page.clock.advance(EVERY)
        posts = await speech.finish(text.strip())
    assert requests.methods == ["POST", "PATCH", "POST", "POST"]
    assert len(posts) == 3
    assert " ".join(page.standing()) == text.strip()


async def test_while_posts_are_scarce_it_is_posted_whole(sandbox: Sandbox, tmp_path: Path) -> None:
    requests = Requests(sandbox)
    async with writing(sandbox, tmp_path, most=6) as page:
        for _ in range(4):
            await page.budget.take(page.place.parent)
        async with page.speech() as speech:
            speech.grow("One. Two. ")
            await page.clock.until_asleep(0.4)
            page.clock.advance(0.4)
            await page.clock.until_asleep(EVERY)
            assert requests.made == []
            await speech.finish("One. Two. Three.")
    assert requests.methods == ["POST"]


async def test_what_has_begun_is_finished_though_posts_grow_scarce(sandbox: Sandbox, tmp_path: Path) -> None:
    requests = Requests(sandbox)
    async with writing(sandbox, tmp_path, most=6) as page, page.speech() as speech:
        await page.begin(speech, "One. ", "One.")
        for text in ("One. Two. ", "One. Two. Three. ", "One. Two. Three. Four. ", "One. Two. Three. Four. Five. "):
            await page.go_on(speech, text)
        assert requests.methods == ["POST", "PATCH", "PATCH", "PATCH"]
        await page.budget.take(page.place.parent)
        assert page.outlet.delay() > 0
        page.clock.advance(EVERY)
        await speech.finish("One. Two. Three. Four. Five. Six.")
    assert page.standing() == ["One. Two. Three. Four. Five. Six."]


async def test_a_room_can_do_without(sandbox: Sandbox, tmp_path: Path) -> None:
    async with writing(sandbox, tmp_path) as page, page.speech(streaming=False) as speech:
        speech.grow("One. Two. ")
        await page.clock.until_asleep(TYPING)
        page.clock.advance(TYPING)
        await page.outlet.show(Event(index=9, at=datetime.now(UTC), what=Paused()), page.room())
        await page.clock.until_asleep(TYPING)
        assert (page.standing(), page.stood) == ([], [])
        await speech.finish("One. Two.")
    assert page.standing() == ["One. Two."]


async def test_what_breaks_off_says_so(sandbox: Sandbox, tmp_path: Path) -> None:
    async with writing(sandbox, tmp_path) as page, page.speech() as speech:
        first = await page.begin(speech, "It rises. Then", "It rises.")
        speech.grow("It rises. Then it falls. And th")
        page.clock.advance(EVERY)
        assert await speech.cut() == ("It rises. Then it falls. (cut off)", (int(first["id"]),))
    assert page.standing() == ["It rises. Then it falls. (cut off)"]


async def test_the_mark_stands_behind_code_and_not_in_it(sandbox: Sandbox, tmp_path: Path) -> None:
    async with writing(sandbox, tmp_path) as page, page.speech() as speech:
        await page.begin(speech, "```\nx = 1\n", "```\nx = 1\n```")
        page.clock.advance(EVERY)
        text, _ = await speech.cut()
    assert text.endswith("\n(cut off)")
    assert page.standing() == ["```\nx = 1\n```\n(cut off)"]


async def test_the_mark_is_in_the_servers_language(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.world.guild.wire["preferred_locale"] = "de"
    async with writing(sandbox, tmp_path) as page, page.speech() as speech:
        await page.begin(speech, "Er geht auf. Dann", "Er geht auf.")
        page.clock.advance(EVERY)
        assert (await speech.cut())[0] == "Er geht auf. (abgebrochen)"


async def test_what_breaks_off_before_anything_stood_leaves_nothing(sandbox: Sandbox, tmp_path: Path) -> None:
    async with writing(sandbox, tmp_path) as page, page.speech() as speech:
        speech.grow("It ri")
        assert await speech.cut() == ("", ())
    assert page.standing() == []


async def test_a_turn_that_is_dropped_leaves_nothing(sandbox: Sandbox, tmp_path: Path) -> None:
    async with writing(sandbox, tmp_path) as page:
        async with page.speech() as speech:
            await page.begin(speech, "It rises. Then", "It rises.")
        assert page.standing() == []


async def test_a_turn_that_is_cancelled_leaves_nothing(sandbox: Sandbox, tmp_path: Path) -> None:
    async with writing(sandbox, tmp_path) as page, asyncio.TaskGroup() as tasks:
        begun = asyncio.Event()

        async def turn() -> None:
            async with page.speech() as speech:
                await page.begin(speech, "It rises. Then", "It rises.")
                begun.set()
                await asyncio.Event().wait()

        task = tasks.create_task(turn())
        await begun.wait()
        task.cancel()
        await asyncio.wait([task])
        assert page.standing() == []


async def test_those_it_asks_are_notified_though_it_had_begun(sandbox: Sandbox, tmp_path: Path) -> None:
    async with writing(sandbox, tmp_path) as page, page.speech() as speech:
        you = Member(id=int(page.lounge.user), name="You")
        first = await page.begin(speech, "It rises. Then", "It rises.")
        posts = await speech.finish("It rises. @You, do you agree?", [you])
        assert len(posts) == 1
        assert posts[0] > int(first["id"])
    assert page.standing() == [f"It rises. <@{you.id}>, do you agree?"]
    assert [user["id"] for user in page.lounge.messages()[-1]["mentions"]] == [page.lounge.user]


async def test_a_beginning_that_somebody_deletes_is_not_said_again(sandbox: Sandbox, tmp_path: Path) -> None:
    async with writing(sandbox, tmp_path) as page, page.speech() as speech:
        first = await page.begin(speech, "It rises. Then", "It rises.")
        page.people_delete(first)
        page.clock.advance(EVERY)
        with pytest.raises(Withdrawn, match="deleted"):
            await speech.finish("It rises. Then it falls.")
        assert await speech.cut() == ("", ())
    assert page.standing() == []


def permit(page: Writing, can: Can, *, given: bool) -> None:
    """Give the bot, and all others, this permission, or take it."""
    for role in page.sandbox.world.guild.roles.values():
        others = int(role["permissions"]) & ~int(can | Can.ADMINISTRATOR)
        role["permissions"] = str(others | int(can) * given)


def forbid(page: Writing, can: Can) -> None:
    """Take this permission from the bot in the channel, which it is told of."""
    world = page.sandbox.world
    channel = world.channels[str(page.place.parent)]
    denied = {"id": world.bot_id, "type": 1, "allow": "0", "deny": str(int(can))}
    channel["permission_overwrites"] = [denied]
    world.emit("CHANNEL_UPDATE", lambda viewer: views.channel(world, channel, viewer), channel=channel)


@pytest.mark.parametrize("edited", [False, True])
@pytest.mark.parametrize("moderates", [False, True])
async def test_an_answer_whose_webhook_is_deleted_stands_there_once(
    sandbox: Sandbox, tmp_path: Path, edited: bool, moderates: bool
) -> None:
    async with writing(sandbox, tmp_path) as page, page.speech() as speech:
        permit(page, Can.MANAGE_MESSAGES, given=moderates)
        await page.begin(speech, "It rises. Then", "It rises.")
        sandbox.world.webhooks.clear()
        if edited:
            await page.go_on(speech, "It rises. Then it falls. And")
        page.clock.advance(EVERY)
        posts = await speech.finish("It rises. Then it falls. And all.")
        assert [str(post) for post in posts] == [one["id"] for one in page.lounge.messages() if one.get("webhook_id")]
    whole, rest = "It rises. Then it falls. And all.", "Then it falls. And all."
    assert page.standing() == ([whole] if moderates else ["It rises.", rest])


async def test_where_what_stands_is_no_beginning_of_the_whole_a_double_stays_and_is_logged(
    sandbox: Sandbox, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with writing(sandbox, tmp_path) as page, page.speech() as speech:
        permit(page, Can.MANAGE_MESSAGES, given=False)
        await page.begin(speech, "So:\n```py\nx = 1\ny = ", "So:\n```py\nx = 1\n```")
        sandbox.world.webhooks.clear()
        page.clock.advance(EVERY)
        await speech.finish("So:\n```py\nx = 1\ny = 2\n```")
    assert page.standing() == ["So:\n```py\nx = 1\n```", "So:\n```py\nx = 1\ny = 2\n```"]
    assert "could not be taken back and stays" in caplog.text


@pytest.mark.parametrize("cut", [False, True])
@pytest.mark.parametrize("moderates", [False, True])
async def test_what_a_deleted_webhook_had_begun_is_deleted_by_the_bot_where_it_may(
    sandbox: Sandbox, tmp_path: Path, cut: bool, moderates: bool
) -> None:
    async with writing(sandbox, tmp_path) as page:
        permit(page, Can.MANAGE_MESSAGES, given=moderates)
        async with page.speech() as speech:
            first = await page.begin(speech, "It rises. Then", "It rises.")
            sandbox.world.webhooks.clear()
            page.clock.advance(EVERY)
            if cut:
                told = await speech.cut()
                assert told == (("", ()) if moderates else ("It rises.", (int(first["id"]),)))
        assert page.standing() == ([] if moderates else ["It rises."])


@pytest.mark.parametrize("can", [Can.SEND_MESSAGES, Can.MANAGE_WEBHOOKS])
async def test_what_was_begun_is_edited_and_taken_back_without_the_right_to_post(
    sandbox: Sandbox, tmp_path: Path, can: Can
) -> None:
    async with writing(sandbox, tmp_path) as page:
        async with page.speech() as dropped:
            await page.begin(dropped, "It rises. Then", "It rises.")
            async with page.speech() as cut:
                first = await page.begin(cut, "It bakes. Then", "It bakes.")
                await gateway(page.bot, "guild_channel_update", lambda: forbid(page, can))
                page.clock.advance(EVERY)
                assert await cut.cut() == ("It bakes. (cut off)", (int(first["id"]),))
        assert page.standing() == ["It bakes. (cut off)"]


@pytest.mark.parametrize("end", ["cut", "drop", "finish"])
async def test_an_archived_thread_is_opened_again_for_the_end(
    sandbox: Sandbox, rest: Rest, tmp_path: Path, end: str
) -> None:
    thread = await rest.post(f"/channels/{Channel(sandbox).id}/threads", {"name": "aside", "type": 11})
    you = Admin(sandbox.world, sandbox.people.named("You"))

    def there(place: Place) -> Place:
        return place.model_copy(update={"channel": int(thread["id"])})

    async with writing(sandbox, tmp_path, place=there) as page, page.speech() as speech:
        first = await page.begin(speech, "It rises. Then", "It rises.")
        await gateway(page.bot, "raw_thread_update", lambda: you.archive(thread["id"]))
        page.clock.advance(EVERY)
        match end:
            case "cut":
                assert (await speech.cut())[1] == (int(first["id"]),)
            case "drop":
                await speech.drop()
            case _:
                assert await speech.finish("It rises. Then it falls.") == (int(first["id"]),)
        left = {"cut": ["It rises. (cut off)"], "drop": [], "finish": ["It rises. Then it falls."]}
        assert page.standing() == left[end]


async def test_a_thought_of_which_only_the_end_is_marked_is_taken_back_as_soon_as_that_comes(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    async with writing(sandbox, tmp_path) as page, page.speech() as speech:
        await page.begin(speech, "Okay, bread. So", "Okay, bread.")
        await page.go_on(speech, "Okay, bread. So I speak.</think>\n\nIt rises. Then")
        assert page.standing() == []
        assert page.stood[-1] == ()
        await speech.finish("It rises. Then it falls.")
    assert page.standing() == ["It rises. Then it falls."]


async def test_what_is_not_wanted_any_more_is_not_begun_and_nothing_of_it_stays(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    turn = Planned(turn=0, seat=1, why=Why.MODE)
    async with writing(sandbox, tmp_path) as page:
        async with page.outlet.speech(ADA, turn, page.room(), page.stood.append, lambda: not page.stood) as speech:
            with pytest.raises(Unwanted):
                await speech.finish("word " * 700)
            assert [len(posts) for posts in page.stood] == [1]
        assert page.standing() == []


async def test_edits_of_the_panel_count(sandbox: Sandbox, tmp_path: Path) -> None:
    async with writing(sandbox, tmp_path) as page:
        budget = Budget(2, page.clock)
        faces = Faces(page.bot, page.bot.furniture.store, sandbox.cdn_url)
        panels = Panels(page.bot, faces, budget, lambda seat: seat.name)
        room = page.room()
        sent = await page.bot.get_partial_messageable(page.place.channel).send(view=await panels.of(room, 1))
        room.panel = sent.id
        await budget.take(page.place.parent)
        assert not budget.crowded(page.place.parent)
        assert await panels.refresh(room, 1)
        assert budget.crowded(page.place.parent)


async def test_the_last_edit_is_tried_again(sandbox: Sandbox, tmp_path: Path) -> None:
    async with writing(sandbox, tmp_path) as page, page.speech() as speech:
        await page.begin(speech, "One. ", "One.")
        sandbox.faults.plan(Fault(*EDIT, 0))
        page.clock.advance(EVERY)
        await speech.finish("One. Two.")
    assert page.standing() == ["One. Two."]


async def test_a_first_post_that_fails_is_no_beginning(sandbox: Sandbox, tmp_path: Path) -> None:
    async with writing(sandbox, tmp_path) as page, page.speech() as speech:
        sandbox.faults.plan(Fault(*POST, 0))
        speech.grow("One. ")
        await page.clock.until_asleep(0.4)
        page.clock.advance(0.4)
        await page.clock.until_asleep(EVERY)
        assert (page.stood, sandbox.faults.left) == ([], 0)
        await speech.finish("One. Two.")
    assert page.standing() == ["One. Two."]


async def test_blocked_words_are_not_shown_while_they_come_and_nothing_stays_of_them(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    async with writing(sandbox, tmp_path) as page, page.speech() as speech:
        page.settings = page.settings.model_copy(update={"blocked_words": ("bother",)})
        await page.begin(speech, "It rises. ", "It rises.")
        await page.go_on(speech, "It rises. Oh bother. ")
        assert page.standing() == ["It rises."]
        with pytest.raises(PostBlocked):
            await speech.finish("It rises. Oh bother.")
        assert await speech.cut() == ("", ())
        assert page.standing() == []


async def test_what_a_model_has_to_judge_is_not_shown_before(sandbox: Sandbox, tmp_path: Path) -> None:
    async with writing(sandbox, tmp_path) as page:
        page.settings = page.settings.model_copy(update={"moderated": True})
        async with page.speech() as speech:
            speech.grow("It rises. ")
            with pytest.raises(PostBlocked):
                await speech.finish("It rises.")
        assert (page.stood, page.standing()) == ([], [])


async def test_an_answer_to_a_message_leads_there_from_its_first_word_on(sandbox: Sandbox, tmp_path: Path) -> None:
    async with writing(sandbox, tmp_path) as page:
        asked = page.lounge.say("Ada?")
        planned = Planned(
            turn=0, seat=1, why=Why.ASKED, by="Z[a]p](http://evil) @everyone\n# x", answers=int(asked["id"])
        )
        link = (
            "-# ↪ [Z\\[a\\]p\\]\\(http\\://evil\\) \\@everyone \\# x]"
            f"(https://discord.com/channels/{page.place.guild}/{page.place.channel}/{asked['id']})\n"
        )
        async with page.speech(planned) as speech:
            await page.begin(speech, "It rises. Then", f"{link}It rises.")
            page.clock.advance(EVERY)
            assert await speech.cut() == ("It rises. (cut off)", page.stood[0])
        async with page.speech(planned) as speech:
            posts = await speech.finish("word " * 400)
        assert len(posts) == 2
    whole = page.standing()[1:]
    assert whole[0].startswith(f"{link}word")
    assert not whole[1].startswith("-#")
    assert all(len(part) <= 2000 for part in whole)


# In a room


@asynccontextmanager
async def room_of(
    sandbox: Sandbox, folder: Path, monkeypatch: pytest.MonkeyPatch, *answers: Answer, **rules: object
) -> AsyncIterator[tuple[RoomsBot, Channel]]:
    """A room of Ada, whose model answers so, in a time that goes fast for the bot."""
    chosen = {"agents": "Ada", "pace": 0, "orchestrator_every": 0, "turns": 1} | rules
    bot_there = bot_in(sandbox, folder, clock=QuickClock(10), rooms_model="openai/test")
    async with scripted(monkeypatch, Ada=answers), bot_there as bot:
        lounge = Channel(sandbox)
        await lounge.do("room start", topic="Bread", **chosen)
        yield bot, lounge


def said_in(bot: RoomsBot, lounge: Channel) -> list[Line]:
    return [line for line in bot.house.room(int(lounge.id)).state.lines if line.seat is not None and not line.greeting]


async def test_what_stands_in_the_end_is_what_the_room_remembers(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Hang(text="It rises. ", then="Then it is @everyone baked. And eaten.")
    async with room_of(sandbox, tmp_path, monkeypatch, slow) as (bot, lounge):
        (first,) = await lounge.until_posts(1)
        assert first["content"] == "It rises."
        slow.released.set()
        await lounge.until_told("This room is over")
        (line,) = said_in(bot, lounge)
    assert line.text == "It rises. Then it is @everyone baked. And eaten."
    assert line.sources == (int(first["id"]),)
    assert [post["content"] for post in lounge.posts()] == [line.text.replace("@", "@\u200b")]


async def test_a_stream_that_breaks_is_marked_and_the_turn_has_failed(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Hang(text="It rises. Then ", cut=True)
    async with room_of(sandbox, tmp_path, monkeypatch, slow, "PASS") as (bot, lounge):
        await lounge.until_posts(1)
        slow.released.set()
        await lounge.until_told("could not be reached")
        (line,) = said_in(bot, lounge)
        assert bot.house.room(int(lounge.id)).state.failures == {1: 1}
    assert line.text == "It rises. (cut off)"
    assert [post["content"] for post in lounge.posts()] == [line.text]


async def test_what_stands_of_a_turn_that_is_dropped_is_taken_back(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = (Hang(text="It rises. "), "It is baked.")
    async with room_of(sandbox, tmp_path, monkeypatch, *answers, turns=2) as (bot, lounge):
        await lounge.until_posts(1)
        await lounge.do("room skip")
        await lounge.until(lambda: not lounge.posts())
        await lounge.until_told("Everyone has passed")
        await lounge.do("room next")
        await lounge.until_told("This room is over")
        (line,) = said_in(bot, lounge)
    assert [post["content"] for post in lounge.posts()] == [line.text] == ["It is baked."]


async def test_a_room_that_does_not_stream_posts_whole_answers(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Hang(text="Two. Three. ", then="Four.")
    async with room_of(sandbox, tmp_path, monkeypatch, "One.", slow, turns=2, human_every=1) as (_, lounge):
        await lounge.until_told("waits for a word")
        await lounge.do("room configure", streaming=False)
        requests = Requests(sandbox)
        lounge.say("go on")
        slow.released.set()
        await lounge.until_told("This room is over")
    assert [one.request["content"] for one in requests.made if one.method == "POST"] == ["Two. Three. Four."]
    assert "PATCH" not in requests.methods


async def test_a_room_can_be_stopped_while_discord_cannot_be_reached(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = {"turns": 5, "human_every": 1}
    async with room_of(sandbox, tmp_path, monkeypatch, "One.", "Two.", **rules) as (bot, lounge):
        await lounge.until_told("waits for a word")
        sandbox.faults.plan(Fault(*POST, 0, times=10_000))
        lounge.say("go on")
        while sandbox.faults.left == 10_000:
            await bot.house.room(int(lounge.id)).do(nothing)
        await bot.house.room(int(lounge.id)).do(ask.stop(Member(id=1, name="You")))  # its answer would be cut off, too
        await lounge.until_told("This room is over")
    assert [post["content"] for post in lounge.posts()] == ["One."]


async def test_a_restart_takes_back_what_stands_and_the_turn_is_taken_again(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lounge, there = Channel(sandbox), {"rooms_model": "openai/test"}
    rules = {"agents": "Ada", "pace": 0, "orchestrator_every": 0, "turns": 1, "memory": "durable"}
    async with scripted(monkeypatch, Ada=(Hang(text="It rises. "), "It is baked.")):
        async with bot_in(sandbox, tmp_path, clock=QuickClock(10), **there):
            await lounge.do("room start", topic="Bread", **rules)
            await lounge.until_posts(1)
        assert lounge.posts() == []
        async with bot_in(sandbox, tmp_path, clock=QuickClock(10), **there):
            await lounge.until_told("This room is over")
    assert [post["content"] for post in lounge.posts()] == ["It is baked."]
