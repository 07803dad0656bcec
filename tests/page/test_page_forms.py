"""Buttons, selects and forms on the page."""

import pytest
from playwright.async_api import Page, expect

from rooms_bot.sandbox.server import Sandbox
from tests.page.bot import bot_in
from tests.page.conftest import Window
from tests.page.test_page_messages import write

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def with_panel(window: Window) -> Page:
    page = await window()
    await write(page, "/room panel")
    await page.get_by_role("button", name="Continue").wait_for()
    return page


async def test_a_button_changes_its_message_for_everybody(sandbox: Sandbox, window: Window) -> None:
    async with bot_in(sandbox):
        page, sam = await with_panel(window), await window("Sam")
        await sam.get_by_role("button", name="Continue").click()
        for one in (page, sam):
            await expect(one.get_by_test_id("message-content")).to_contain_text("continued by Sam")
            await expect(one.get_by_role("button", name="Continue")).to_be_disabled()


@pytest.mark.slow
async def test_a_button_nobody_answers_says_so(sandbox: Sandbox, window: Window) -> None:
    async with bot_in(sandbox):
        page = await with_panel(window)
        await page.get_by_role("button", name="Nothing").click()
        await expect(page.get_by_role("alert").get_by_text("This interaction failed")).to_be_visible()


@pytest.mark.slow
async def test_a_choice_in_a_select_reaches_the_application(sandbox: Sandbox, window: Window) -> None:
    async with bot_in(sandbox):
        page = await with_panel(window)
        await page.get_by_role("combobox", name="Seat someone").press("ArrowDown")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await expect(page.locator("[data-author=Rooms]").last).to_contain_text("seated diogenes")


async def test_a_form_is_checked_before_it_is_sent(sandbox: Sandbox, window: Window) -> None:
    async with bot_in(sandbox):
        page = await with_panel(window)
        await page.get_by_role("button", name="Profile").click()
        form = page.get_by_test_id("modal")
        await expect(form.get_by_label("Name")).to_be_focused()
        await form.get_by_test_id("modal-submit").click()
        await expect(form.get_by_role("alert").first).to_have_text("This is a required field")
        await form.get_by_label("Name").fill("x")
        await expect(form.get_by_role("alert").first).to_have_text("Must be at least 2 characters long")
        await form.get_by_label("Name").fill("Mel")
        await form.get_by_label("About you").fill("likes tea")
        await form.get_by_test_id("modal-submit").click()
        await expect(page.locator("[data-author=Rooms]").last).to_contain_text("profile of Mel: likes tea")
        await expect(form).to_have_count(0)
