"""What an earlier process posted of an answer is kept, mended or taken back, and the answer stands there once."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from rooms_bot.chat.outlet import ChannelOutlet
from rooms_bot.chat.webhooks import Webhooks
from rooms_bot.domain.events import Planned, Why
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import Member, Seat
from rooms_bot.errors import PostBlocked
from rooms_bot.ports import Uttered
from rooms_bot.sandbox.faults import Fault
from rooms_bot.sandbox.permissions import Can
from rooms_bot.sandbox.rest.api import Exchange
from rooms_bot.sandbox.server import Sandbox
from tests.wire.channel import Wire
from tests.wire.writing import ADA, EDIT, POST, Writing, writing

KENJI = Seat(id=2, name="Kenji", persona=Persona(name="Kenji"))
SHORT = "It rises. Then it falls."
PARTS = [f"{number} " + ("word " * 370).strip() for number in range(3)]
LONG = "\n\n".join(PARTS)
FILED = "\n\n".join(f"{number} " + "word " * 370 for number in range(7))
"""Five messages and a file."""


@dataclass
class Crashed:
    """`page` after a crash: what stands there was posted by a process that is no more; `made` counts what is asked."""

    page: Writing
    made: list[tuple[str, str]]

    async def left(self) -> list[Uttered]:
        """What the next process finds."""
        found = await self.page.outlet.since(self.page.room())
        return [one.what for one in found if isinstance(one.what, Uttered)]

    async def finish(self, text: str, pings: Sequence[Member] = (), planned: Planned | None = None) -> tuple[int, ...]:
        """The next process posts it, beside what it finds."""
        left = await self.left()
        self.next_process()
        async with self.page.speech(planned, left) as speech:
            return await speech.finish(text, pings)

    def next_process(self) -> None:
        """Nothing is known of what was done."""
        webhooks = Webhooks(self.page.bot)
        self.page.outlet = ChannelOutlet(replace(self.page.outlet._desk, webhooks=webhooks), self.page.place, 1)
        self.made.clear()

    def posts(self) -> list[Wire]:
        return [message for message in self.page.lounge.messages() if message.get("webhook_id")]

    @property
    def ids(self) -> list[int]:
        return [int(message["id"]) for message in self.posts()]


@asynccontextmanager
async def crashed(sandbox: Sandbox, folder: Path, *standing: str, seat: Seat = ADA) -> AsyncIterator[Crashed]:
    async with writing(sandbox, folder) as page:
        made: list[tuple[str, str]] = []
        checked = sandbox.observe

        def observe(exchange: Exchange) -> None:
            made.append((exchange.method, exchange.template))
            if checked is not None:
                checked(exchange)

        sandbox.observe = observe
        for text in standing:
            await page.outlet.post(seat, text)
        yield Crashed(page, made)


@pytest.mark.parametrize(
    ("standing", "text", "kept", "posted", "edited"),
    [
        ([], SHORT, [], 1, 0),
        (["It rises."], SHORT, [0], 0, 1),
        ([SHORT], SHORT, [0], 0, 0),
        ([SHORT, SHORT], SHORT, [0], 0, 0),
        (["It rises.", SHORT], SHORT, [1], 0, 0),
        (["It rises.", "It rises."], SHORT, [0], 0, 1),
        (["It rises. (cut off)"], SHORT, [], 1, 0),
        (["Somebody changed it."], SHORT, [], 1, 0),
        (["```py\nx = 1\n```"], "```py\nx = 1\ny = 2\n```", [0], 0, 1),
        ([PARTS[0][:500]], LONG, [0], 2, 1),
        (PARTS[:1], LONG, [0], 2, 0),
        (PARTS[:2], LONG, [0, 1], 1, 0),
        (PARTS, LONG, [0, 1, 2], 0, 0),
        ([PARTS[0], PARTS[0], PARTS[1]], LONG, [0, 2], 1, 0),
        ([PARTS[0], PARTS[2]], LONG, [0], 2, 0),
        (PARTS[1:], LONG, [], 3, 0),
    ],
)
async def test_wherever_it_broke_off_the_answer_stands_there_once_and_no_more_is_done_than_has_to_be(
    sandbox: Sandbox, tmp_path: Path, standing: list[str], text: str, kept: list[int], posted: int, edited: int
) -> None:
    async with crashed(sandbox, tmp_path, *standing) as after:
        before = after.ids
        posts = await after.finish(text)
        assert list(posts) == after.ids
        assert [post["content"].split() for post in after.posts()] == [
            part.split() for part in (PARTS if text == LONG else [text])
        ]
        assert [before.index(post) for post in posts if post in before] == kept
        assert (after.made.count(POST), after.made.count(EDIT)) == (posted, edited)


async def test_a_line_that_leads_to_what_is_answered_is_no_difference(sandbox: Sandbox, tmp_path: Path) -> None:
    async with crashed(sandbox, tmp_path) as after:
        asked = after.page.lounge.say("and bread?")
        turn = Planned(turn=0, seat=1, why=Why.ASKED, by="You [1](x)", answers=int(asked["id"]))
        async with after.page.speech(turn) as speech:
            (first,) = await speech.finish("See [it](https://example.com), @everyone.")
        (left,) = await after.left()
        assert left.text == "See [it](https://example.com), @everyone."
        assert await after.finish(left.text, planned=turn) == (first,)


@pytest.mark.parametrize("whole", [True, False])
async def test_the_rest_in_a_file_stands_there_once(sandbox: Sandbox, tmp_path: Path, whole: bool) -> None:
    async with crashed(sandbox, tmp_path, FILED) as after:
        before = after.posts()
        assert len(before) == 6
        if not whole:
            after.page.people_delete(before[-1])
        posts = await after.finish(FILED)
        assert list(posts) == after.ids
        assert [len(post["attachments"]) for post in after.posts()] == [0, 0, 0, 0, 0, 1]
        assert after.made.count(POST) == (0 if whole else 1)


async def test_whoever_was_notified_is_not_notified_again(sandbox: Sandbox, tmp_path: Path) -> None:
    async with crashed(sandbox, tmp_path) as after:
        you = Member(id=int(after.page.lounge.user), name="You")
        posts = await after.page.outlet.post(ADA, "@You, and you?", [you])
        assert await after.finish("@You, and you?", [you]) == posts
        assert await after.finish("@You, and you?") == posts
        assert POST not in after.made


async def test_a_whole_that_notified_nobody_stays(sandbox: Sandbox, tmp_path: Path) -> None:
    async with crashed(sandbox, tmp_path, "@You, and you?") as after:
        (first,) = after.ids
        you = Member(id=int(after.page.lounge.user), name="You")
        assert await after.finish("@You, and you?", [you]) == (first,)


async def test_a_beginning_is_posted_anew_where_somebody_is_to_be_notified(sandbox: Sandbox, tmp_path: Path) -> None:
    async with crashed(sandbox, tmp_path, "It rises.") as after:
        (draft,) = after.ids
        you = Member(id=int(after.page.lounge.user), name="You")
        (post,) = await after.finish("It rises. @You, and you?", [you])
        (message,) = after.posts()
        assert (int(message["id"]), [one["id"] for one in message["mentions"]]) == (post, [after.page.lounge.user])
        assert post != draft


async def test_what_had_to_be_said_without_a_name_is_known_again(sandbox: Sandbox, tmp_path: Path) -> None:
    async with crashed(sandbox, tmp_path, SHORT, seat=Seat(id=9, name="Agent", persona=Persona(name="Agent"))) as after:
        (left,) = await after.left()
        assert (left.name, left.seat) == ("Agent", None)
        assert await after.finish(SHORT) == (left.post,)


async def test_nobody_elses_words_are_taken_for_it(sandbox: Sandbox, tmp_path: Path) -> None:
    async with crashed(sandbox, tmp_path, SHORT, seat=KENJI) as after:
        (kenjis,) = after.ids
        (post,) = await after.finish(SHORT)
        assert post != kenjis
        assert after.ids == [post]


async def test_a_message_that_can_be_edited_no_more_is_posted_anew(sandbox: Sandbox, tmp_path: Path) -> None:
    async with crashed(sandbox, tmp_path, "It rises.") as after:
        for role in sandbox.world.guild.roles.values():
            role["permissions"] = str(int(role["permissions"]) | int(Can.MANAGE_MESSAGES))
        left = await after.left()
        sandbox.world.webhooks.clear()
        after.next_process()
        async with after.page.speech(left=left) as speech:
            posts = await speech.finish(SHORT)
        assert after.ids == list(posts)
        assert after.page.standing() == [SHORT]


async def test_what_can_not_be_taken_back_belongs_to_the_answer(sandbox: Sandbox, tmp_path: Path) -> None:
    async with crashed(sandbox, tmp_path, "Somebody changed it.") as after:
        (stays,) = after.ids
        left = await after.left()
        sandbox.world.webhooks.clear()
        for role in sandbox.world.guild.roles.values():
            role["permissions"] = str(int(role["permissions"]) & ~int(Can.MANAGE_MESSAGES | Can.ADMINISTRATOR))
        after.next_process()
        async with after.page.speech(left=left) as speech:
            posts = await speech.finish(SHORT)
        assert posts[0] == stays
        assert after.ids == list(posts)


async def test_a_post_whose_outcome_is_open_is_looked_for_beside_what_stands(sandbox: Sandbox, tmp_path: Path) -> None:
    async with crashed(sandbox, tmp_path, PARTS[0]) as after:
        sandbox.faults.plan(Fault(*POST, 0, done=True))
        sandbox.faults.plan(Fault(*POST, 0, done=True))
        posts = await after.finish(LONG)
        assert sandbox.faults.left == 0
        assert after.ids == list(posts)
        assert len(posts) == 3


async def test_it_is_so_in_threads_too(sandbox: Sandbox, tmp_path: Path) -> None:
    async with crashed(sandbox, tmp_path) as outside:
        thread = await outside.page.bot.http.start_thread_without_message(
            outside.page.place.channel, name="aside", type=11, auto_archive_duration=60
        )
        place = outside.page.place.model_copy(update={"channel": int(thread["id"])})
        outside.page.place, outside.page.lounge.id = place, str(thread["id"])
        outside.next_process()
        for text in ("It rises.", "It rises."):
            await outside.page.outlet.post(ADA, text)
        posts = await outside.finish(SHORT)
        assert outside.ids == list(posts)
        assert outside.page.standing() == [SHORT]


# Where it is not finished


async def test_what_is_dropped_is_taken_back_all_of_it(sandbox: Sandbox, tmp_path: Path) -> None:
    async with crashed(sandbox, tmp_path, *PARTS[:2]) as after:
        async with after.page.speech(left=await after.left()) as speech:
            await speech.drop()
        assert after.ids == []


async def test_what_was_begun_is_marked_where_it_cannot_be_finished(sandbox: Sandbox, tmp_path: Path) -> None:
    async with crashed(sandbox, tmp_path, "It rises.") as after:
        (draft,) = after.ids
        async with after.page.speech(left=await after.left()) as speech:
            assert await speech.cut() == ("It rises. (cut off)", (draft,))
        assert after.page.standing() == ["It rises. (cut off)"]


async def test_what_this_server_does_not_want_to_be_said_any_more_is_taken_back(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    async with crashed(sandbox, tmp_path, "It rises.") as after:
        after.page.settings = after.page.settings.model_copy(update={"blocked_words": ("falls",)})
        async with after.page.speech(left=await after.left()) as speech:
            with pytest.raises(PostBlocked):
                await speech.finish(SHORT)
        assert after.ids == []


async def test_nothing_grows_beside_what_stands(sandbox: Sandbox, tmp_path: Path) -> None:
    async with crashed(sandbox, tmp_path, "It rises.") as after:
        async with after.page.speech(left=await after.left()) as speech:
            speech.grow("It rises. Then it falls. And")
            after.page.clock.advance(10)
            posts = await speech.finish(SHORT)
        assert after.ids == list(posts)
        assert after.page.standing() == [SHORT]
