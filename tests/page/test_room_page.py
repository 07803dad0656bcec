"""A room as a person meets it: the real bot in the sandbox, and everything done in the browser."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from rooms_bot.sandbox.server import Sandbox
from tests.page.conftest import Window
from tests.page.test_page_messages import write
from tests.wire.channel import bot_in
from tests.wire.greetings import GREETINGS

pytestmark = pytest.mark.asyncio(loop_scope="session")

AGENTS = ("Ada", "Kenji", "Noor")
START = "/room start topic:{} agents:Ada, Kenji, Noor mode:round_robin "
HELLO = re.compile("|".join(map(re.escape, GREETINGS)))


def posts(page: Page, name: str = "") -> Locator:
    """What agents and the moderator said in their turns: all of it, or one's; no greetings."""
    names = [name] if name else [*AGENTS, "Moderator"]
    said = page.locator(", ".join(f"[data-testid=message][data-author={one}]" for one in names))
    return said.filter(has_not_text=HELLO)


def greetings(page: Page) -> Locator:
    return page.get_by_test_id("message").filter(has_text=HELLO)


def told(page: Page, words: str) -> Locator:
    """The bot's own messages with these words."""
    return page.locator("[data-testid=message][data-author=Rooms]").filter(has_text=words)


async def speakers(page: Page) -> list[str | None]:
    return [await post.get_attribute("data-author") for post in await posts(page).all()]


async def files(page: Page, within: Locator, count: int) -> dict[str, str]:
    """Press the downloads there; the files' names and what is in them."""
    found, buttons = {}, within.get_by_test_id("download")
    await expect(buttons).to_have_count(count)
    for button in await buttons.all():
        async with page.expect_download() as started:
            await button.click()
        download = await started.value
        found[download.suggested_filename] = (await download.path()).read_text(encoding="utf-8")
    return found


async def test_three_personas_hold_ten_turns_and_a_summary(sandbox: Sandbox, window: Window, tmp_path: Path) -> None:
    async with bot_in(sandbox, tmp_path):
        page = await window()
        await page.get_by_test_id("composer").press_sequentially("/room start")
        await page.get_by_role("option", name="/room start").click()
        await page.keyboard.type("Is a map better than a guide? agents:Ada, Kenji, no")
        await page.get_by_role("option", name="Ada, Kenji, Noor").click()
        await page.keyboard.type(" mode:round_robin turns:10 pace:0")
        await page.keyboard.press("Enter")
        await expect(told(page, "The room is open")).to_contain_text("Only you can see this")
        await expect(told(page, "Is a map better than a guide?")).to_contain_text("/profile ignore")
        await expect(told(page, "This room is over")).to_be_visible()
        await expect(greetings(page)).to_have_count(3)
        order = await speakers(page)
        assert [turn for turn, name in enumerate(order, 1) if name == "Moderator"] == [6, 12]
        assert order[:3] == [*AGENTS]
        assert len(order) == 12
        members = page.get_by_test_id("members")
        for name in (*AGENTS, "Moderator"):
            await expect(members).to_contain_text(name)


@pytest.mark.slow
async def test_whom_a_person_asks_or_replies_to_is_next(sandbox: Sandbox, window: Window, tmp_path: Path) -> None:
    async with bot_in(sandbox, tmp_path):
        page, sam = await window(), await window("Sam")
        await write(page, START.format("Bread") + "human_every:1 orchestrator_every:0 pace:0")
        waiting = told(sam, "The room waits")
        await expect(waiting).to_have_count(1)
        await sam.get_by_test_id("composer").press_sequentially("@ad")
        await sam.get_by_role("option", name="Ada").click()
        await sam.keyboard.type("what about the cost?")
        await sam.keyboard.press("Enter")
        await expect(waiting).to_have_count(2)
        await waiting.last.get_by_role("button", name="Continue").click()
        await expect(waiting).to_have_count(3)
        await reply(sam, posts(sam, "Ada").first, "and why that?")
        await expect(waiting).to_have_count(4)
        first, asked, other, replied = await speakers(sam)
        assert [first, asked, replied] == ["Ada", "Ada", "Ada"]
        assert other in AGENTS[1:]


@pytest.mark.slow
async def test_a_room_is_paused_resumed_hurried_and_stopped_by_command(
    sandbox: Sandbox, window: Window, tmp_path: Path
) -> None:
    async with bot_in(sandbox, tmp_path):
        page = await window()
        await write(page, START.format("Bread") + "pace:120")
        await expect(posts(page)).to_have_count(1)
        await write(page, "/room pause")
        await expect(told(page, "The room is paused by You")).to_be_visible()
        await write(page, "@Noor what about the cost?")
        await write(page, "/room status")
        await expect(told(page, "1 of 20 turns taken")).to_contain_text("Paused by You.")
        await expect(posts(page)).to_have_count(1)
        await write(page, "/room resume")
        await expect(posts(page, "Noor")).to_have_count(1)
        await write(page, "/room next agent:Kenji")
        await expect(posts(page, "Kenji")).to_have_count(1)
        await write(page, "/room stop")
        await expect(told(page, "This room is over")).to_contain_text("The room was stopped.")
        assert await speakers(page) == ["Ada", "Noor", "Kenji"]


@pytest.mark.slow
async def test_a_conversation_is_taken_along_by_command_and_by_button(
    sandbox: Sandbox, window: Window, tmp_path: Path
) -> None:
    async with bot_in(sandbox, tmp_path):
        page, sam = await window(), await window("Sam")
        await write(page, START.format("Is pie tasty?") + "turns:2 human_every:1 pace:0")
        await expect(told(page, "The room waits")).to_be_visible()
        await write(page, "@Noor is it?")
        await expect(told(page, "This room is over")).to_be_visible()
        shown = [await post.get_by_test_id("message-content").inner_text() for post in await posts(page).all()]
        said = [text.splitlines()[-1] for text in shown]  # without the line that leads to what is answered
        await write(page, "/room export format:markdown")
        [(name, text)] = (await files(page, told(page, "Here it is."), 1)).items()
        assert re.fullmatch(r"is-pie-tasty.*\.md", name)
        assert all(words in text for words in ("Is pie tasty?", "Noor is it?", *said))
        await expect(told(sam, "Here it is")).to_have_count(0)
        await told(sam, "This room is over").get_by_role("button", name="Export").click()
        everything = await files(sam, told(sam, "Here it is, to read"), 3)
        assert {Path(name).suffix for name in everything} == {".md", ".csv", ".json"}
        assert all("Noor is it?" in text for text in everything.values())


@pytest.mark.slow
async def test_a_room_that_is_over_goes_on_with_continue_and_is_forgotten_with_discard(
    sandbox: Sandbox, window: Window, tmp_path: Path
) -> None:
    async with bot_in(sandbox, tmp_path):
        page, sam = await window(), await window("Sam")
        await write(page, START.format("Bread") + "turns:2 pace:0")
        closing = told(sam, "This room is over")
        await closing.get_by_role("button", name="Continue").click()
        await expect(told(sam, "Only hosts")).to_be_visible()
        await told(page, "This room is over").get_by_role("button", name="Continue").click()
        await expect(closing).to_have_count(2)
        await expect(closing.first.get_by_role("button")).to_have_count(0)
        await expect(posts(page)).to_have_count(4)
        await told(page, "This room is over").last.get_by_role("button", name="Discard").click()
        await expect(told(page, "no longer kept")).to_be_visible()
        await expect(closing.last.get_by_role("button", name="Export")).to_have_count(0)


async def reply(page: Page, message: Locator, words: str) -> None:
    await message.hover()
    await message.get_by_role("button", name="Reply").click()
    await write(page, words)
