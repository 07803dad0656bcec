"""Slash commands on the page: picked, typed whole, checked, answered."""

from collections.abc import Iterator

import pytest
from playwright.async_api import expect

from rooms_bot.sandbox.server import Sandbox
from tests.page.bot import bot_in
from tests.page.conftest import Window
from tests.page.test_page_messages import say, write

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_slash_lists_the_commands_with_their_descriptions(sandbox: Sandbox, window: Window) -> None:
    async with bot_in(sandbox):
        page = await window()
        await page.get_by_test_id("composer").press_sequentially("/")
        await expect(page.get_by_role("option", name="/room start")).to_contain_text("Open a room here.")
        await page.get_by_test_id("composer").press_sequentially("room st")
        await expect(page.get_by_test_id("suggestions").get_by_role("option")).to_have_count(2)
        await page.keyboard.press("Escape")
        await expect(page.get_by_test_id("suggestions")).to_be_hidden()


async def test_a_picked_command_is_filled_in_by_keyboard_alone(sandbox: Sandbox, window: Window) -> None:
    async with bot_in(sandbox):
        page = await window()
        await page.get_by_test_id("composer").press_sequentially("/room st")
        await page.get_by_role("option", name="/room start").wait_for()
        await page.keyboard.press("Enter")
        await expect(page.get_by_test_id("option-topic")).to_be_focused()
        await page.keyboard.type("What is time? agents:")
        await expect(page.get_by_test_id("option-agents")).to_be_focused()
        await page.keyboard.type("hyp")
        await expect(page.get_by_test_id("suggestions").get_by_role("option")).to_have_text(["Hypatia"])
        await page.keyboard.press("Tab")
        await page.keyboard.type(" mode:")
        await page.get_by_role("option", name="round_robin").wait_for()
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await page.keyboard.press("Enter")
        await expect(page.locator("[data-author=Rooms]")).to_contain_text("What is time? / Hypatia / round_robin / 20")
        await expect(page.get_by_test_id("composer")).to_be_focused()


@pytest.mark.slow
async def test_optional_ones_are_added_from_the_list(sandbox: Sandbox, window: Window) -> None:
    async with bot_in(sandbox):
        page = await window()
        await write(page, "/room start")
        await page.get_by_test_id("option-topic").fill("tea")
        await page.get_by_test_id("add-turns").click()
        await page.get_by_test_id("option-turns").fill("501")
        await page.keyboard.press("Enter")
        await expect(page.get_by_test_id("composer-error")).to_have_text("turns: must be from 1 to 500.")
        await page.get_by_test_id("option-turns").fill("5")
        await page.keyboard.press("Enter")
        await expect(page.locator("[data-author=Rooms]")).to_contain_text("tea /  / dynamic / 5")


TYPED = {
    "/room start topic:What is time? mode:round_robin turns:10": "What is time? /  / round_robin / 10",
    "/room start turns:3 topic:Plan: A or B, note: urgent": "Plan: A or B, note: urgent /  / dynamic / 3",
    "/room start is tea better? mode:dynamic": "is tea better? /  / dynamic / 20",
    "/ROOM  start  topic:turns of fate topic:twice Agents:Ada": "turns of fate topic:twice / Ada / dynamic / 20",
}


@pytest.mark.slow
async def test_a_command_may_be_typed_whole(sandbox: Sandbox, window: Window) -> None:
    async with bot_in(sandbox):
        page = await window()
        for typed, said in TYPED.items():
            await write(page, typed)
            await expect(page.locator("[data-author=Rooms]").last).to_contain_text(said)
        await expect(page.locator("[data-author=Rooms]").last).to_contain_text("You used /room")


def wrong() -> Iterator[tuple[str, str]]:
    yield "/room start topic:tea turns:many", "turns: must be a whole number."
    yield "/room start turns:4", "topic: this option is required."
    yield "/room start topic:tea mode:loud", "mode: choose one of round_robin, dynamic."
    yield f"/room start topic:{'x' * 301}", "topic: must be 300 characters or shorter (it is 301)."
    yield "/room status now", "/room status takes no options."
    yield "/rom start topic:tea", "There is no such command. Press Enter again to send it as a message."


async def test_what_does_not_fit_is_said_and_nothing_is_sent(sandbox: Sandbox, window: Window) -> None:
    async with bot_in(sandbox):
        page = await window()
        for typed, sentence in wrong():
            await write(page, typed)
            await expect(page.get_by_test_id("composer-error")).to_have_text(sentence)
        await expect(page.get_by_test_id("message")).to_have_count(0)


async def test_an_ephemeral_answer_is_for_its_asker_alone_and_can_be_dismissed(
    sandbox: Sandbox, window: Window
) -> None:
    async with bot_in(sandbox):
        you, sam = await window(), await window("Sam")
        await write(you, "/room status")
        await expect(you.locator("[data-author=Rooms]")).to_contain_text("Only you can see this")
        say(sandbox, "Kim", "a line after it")
        await expect(sam.locator("[data-author=Kim]")).to_be_visible()
        await expect(sam.get_by_text("nobody speaks")).to_have_count(0)
        await you.reload()
        await you.get_by_role("button", name="Dismiss message").click()
        await expect(you.locator("[data-author=Rooms]")).to_have_count(0)


@pytest.mark.slow
async def test_a_deferred_answer_thinks_until_it_comes_with_its_file(sandbox: Sandbox, window: Window) -> None:
    async with bot_in(sandbox) as bot:
        page = await window()
        await write(page, "/room export")
        await expect(page.get_by_test_id("thinking")).to_have_text("Rooms is thinking…")
        bot.may_export.set()
        await expect(page.get_by_test_id("thinking")).to_have_count(0)
        async with page.expect_download() as download:
            await page.get_by_test_id("download").click()
        assert (await (await download.value).path()).read_text() == "# The room\n"


async def test_a_message_menu_offers_the_apps_commands(sandbox: Sandbox, window: Window) -> None:
    async with bot_in(sandbox):
        page = await window()
        say(sandbox, "Sam", "is it late?")
        await page.locator("[data-author=Sam]").hover()
        await page.locator("[data-author=Sam]").get_by_role("button", name="More").click()
        await page.get_by_role("menuitem", name="Ask the room").click()
        await expect(page.locator("[data-author=Rooms]")).to_contain_text("asked: is it late?")


@pytest.mark.slow
async def test_a_silent_application_is_told_to_the_asker(sandbox: Sandbox, window: Window) -> None:
    async with bot_in(sandbox):
        page = await window()
        await expect(page.get_by_test_id("channel-title")).to_contain_text("lounge")
        await write(page, "/room status")
        await expect(page.locator("[data-author=Rooms]")).to_be_visible()
    await write(page, "/room start topic:anyone?")
    await expect(page.locator("[data-author=Rooms]").last).to_contain_text("The application did not respond")
