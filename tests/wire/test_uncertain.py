"""Whether a post stands is never guessed: after an answer that leaves it open the channel is read."""

import asyncio
from pathlib import Path

import pytest

from rooms_bot.domain.rooms import Place
from rooms_bot.sandbox.faults import Fault
from rooms_bot.sandbox.permissions import Can
from rooms_bot.sandbox.server import Sandbox
from tests.wire.channel import Wire
from tests.wire.rest import Rest
from tests.wire.writing import ADA, POST, Writing, writing

READ = ("GET", "/channels/{channel_id}/messages")


def webhook_posts(page: Writing) -> list[Wire]:
    return [message for message in page.lounge.messages() if message.get("webhook_id")]


async def test_of_duplicates_the_first_stays(sandbox: Sandbox, tmp_path: Path) -> None:
    async with writing(sandbox, tmp_path) as page:
        sandbox.faults.plan(Fault(*POST, 502, done=True, times=2))
        (post,) = await page.outlet.post(ADA, "It rises.")
        (second,) = await page.outlet.post(ADA, "It rises again.")
        assert [int(message["id"]) for message in webhook_posts(page)] == [post, second]


async def test_what_was_said_before_is_no_duplicate(sandbox: Sandbox, tmp_path: Path) -> None:
    async with writing(sandbox, tmp_path) as page:
        (first,) = await page.outlet.post(ADA, "Yes.")
        sandbox.faults.plan(Fault(*POST, 0, done=False))
        (second,) = await page.outlet.post(ADA, "Yes.")
        sandbox.faults.plan(Fault(*POST, 0, done=True))
        (third,) = await page.outlet.post(ADA, "Yes.")
        assert [int(message["id"]) for message in webhook_posts(page)] == [first, second, third]


async def test_nobody_elses_words_are_taken_for_it(sandbox: Sandbox, rest: Rest, tmp_path: Path) -> None:
    async with writing(sandbox, tmp_path) as page:
        other = await rest.webhook(page.lounge.id, "Feed")
        hook = sandbox.world.webhooks[other.split("/")[2]]
        hook["user"], hook["application_id"] = sandbox.world.users[page.lounge.user], None
        sandbox.faults.plan(Fault(*POST, 0, done=False))
        page.lounge.say("Yes.")
        (post,) = await page.outlet.post(ADA, "Yes.")
        await rest.post(other, {"content": "Yes.", "username": "Ada"})
        sandbox.faults.plan(Fault(*POST, 502, done=True))
        (again,) = await page.outlet.post(ADA, "Yes.")
        assert len(page.lounge.messages()) == 4
        assert again > post


async def test_each_part_of_a_long_text_and_its_file_stand_there_once(sandbox: Sandbox, tmp_path: Path) -> None:
    text = "\n\n".join(f"{number} " + "word " * 370 for number in range(7))
    async with writing(sandbox, tmp_path) as page:
        for _ in range(6):
            sandbox.faults.plan(Fault(*POST, 0, done=True))
        posts = await page.outlet.post(ADA, text)
        assert sandbox.faults.left == 0
        messages = webhook_posts(page)
    assert [int(message["id"]) for message in messages] == list(posts)
    assert [message["content"][:1] for message in messages] == ["0", "1", "2", "3", "4", ""]
    assert [len(message["attachments"]) for message in messages] == [0, 0, 0, 0, 0, 1]


async def test_it_is_so_in_threads_too(sandbox: Sandbox, rest: Rest, tmp_path: Path) -> None:
    async with writing(sandbox, tmp_path) as outside:
        thread = await rest.post(f"/channels/{outside.lounge.id}/threads", {"name": "aside", "type": 11})

    def there(place: Place) -> Place:
        return place.model_copy(update={"channel": int(thread["id"])})

    async with writing(sandbox, tmp_path, place=there) as page:
        sandbox.faults.plan(Fault(*POST, 502, done=True))
        sandbox.faults.plan(Fault(*POST, 0, done=True))
        assert len(await page.outlet.post(ADA, "It rises.")) == 1
        assert len(webhook_posts(page)) == 1


async def test_the_channel_is_read_until_it_can_be(sandbox: Sandbox, tmp_path: Path) -> None:
    async with writing(sandbox, tmp_path) as page, asyncio.TaskGroup() as tasks:
        sandbox.faults.plan(Fault(*POST, 0, done=True))
        sandbox.faults.plan(Fault(*READ, 429, times=2))
        posting = tasks.create_task(page.outlet.post(ADA, "It rises."))
        await page.clock.until_asleep(1)
        page.clock.advance(1)
        assert len(await posting) == 1
        assert len(webhook_posts(page)) == 1


async def test_without_the_right_to_read_it_is_posted_again(sandbox: Sandbox, tmp_path: Path) -> None:
    for role in sandbox.world.guild.roles.values():
        role["permissions"] = str(int(role["permissions"]) & ~int(Can.READ_MESSAGE_HISTORY | Can.ADMINISTRATOR))
    async with writing(sandbox, tmp_path) as page:
        sandbox.faults.plan(Fault(*POST, 0, done=False))
        assert len(await page.outlet.post(ADA, "It rises.")) == 1
        assert len(page.standing()) == 1


@pytest.mark.parametrize("lost", [False, True])
async def test_what_an_earlier_process_left_is_taken_back(sandbox: Sandbox, tmp_path: Path, lost: bool) -> None:
    async with writing(sandbox, tmp_path) as before:
        posts = [*await before.outlet.post(ADA, "It rises."), *await before.outlet.post(ADA, "It falls.")]
    for role in sandbox.world.guild.roles.values():
        role["permissions"] = str(int(role["permissions"]) | int(Can.MANAGE_MESSAGES))
    if lost:
        sandbox.world.webhooks.clear()
    async with writing(sandbox, tmp_path) as page:
        await page.outlet.withdraw([*posts, posts[0]])
        assert webhook_posts(page) == []
    assert lost == (not sandbox.world.webhooks)
