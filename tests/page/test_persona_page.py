"""The form of a persona in a browser, filled in and sent; its picture is that of the guide."""

import os
from pathlib import Path

import pytest
from playwright.async_api import FilePayload, expect

from rooms_bot.sandbox.server import Sandbox
from rooms_bot.store.faces import shipped_face
from tests.page.conftest import Window
from tests.page.test_page_messages import write
from tests.wire.channel import bot_in
from tools.screenshot import save

pytestmark = pytest.mark.asyncio(loop_scope="session")

PROMPT = (
    "You are Zoltan, a beekeeper who used to be a sound engineer.\n"
    "You distrust whatever cannot be opened with a screwdriver. You speak quietly, in comparisons from the hive."
)


async def test_a_persona_is_made_in_the_browser(sandbox: Sandbox, window: Window, tmp_path: Path) -> None:
    async with bot_in(sandbox, tmp_path):
        page = await window(height=900)
        await write(page, "/persona create")
        form = page.get_by_test_id("modal")
        await form.get_by_label("Name").fill("Zoltan")
        await form.get_by_label("Role").fill("beekeeper and retired sound engineer")
        await form.get_by_label("Expertise").fill("bees and honey, sound, patience and repair")
        await form.get_by_label("Prompt").fill(PROMPT)
        face: FilePayload = {"name": "zoltan.png", "mimeType": "image/png", "buffer": shipped_face(7)}
        await form.get_by_label("Avatar").set_input_files(face)
        await expect(form).to_contain_text("zoltan.png")
        await page.evaluate("document.activeElement.blur()")
        picture = Path(os.environ.get("ROOMS_PICTURES") or tmp_path) / "persona.png"
        save(await form.screenshot(animations="disabled"), picture)
        assert picture.stat().st_size > 5000
        await form.get_by_test_id("modal-submit").click()
        told = page.locator("[data-testid=message][data-author=Rooms]").last
        await expect(told).to_contain_text("Zoltan can be invited")
        await write(page, "/persona show name:Zoltan")
        await expect(told).to_contain_text("beekeeper and retired sound engineer")


@pytest.mark.slow
async def test_what_cannot_be_kept_is_edited_again(sandbox: Sandbox, window: Window, tmp_path: Path) -> None:
    async with bot_in(sandbox, tmp_path):
        page = await window()
        await write(page, "/persona create")
        form = page.get_by_test_id("modal")
        await form.get_by_label("Name").fill("everyone")
        await form.get_by_label("Prompt").fill(PROMPT)
        await form.get_by_test_id("modal-submit").click()
        told = page.locator("[data-testid=message][data-author=Rooms]").last
        await expect(told).to_contain_text("Please take another one.")
        await expect(told.get_by_test_id("attachment")).to_contain_text("persona.md")
        await told.get_by_role("button", name="Edit again").click()
        await expect(form.get_by_label("Prompt")).to_have_value(PROMPT)
        await form.get_by_label("Name").fill("Zoltan")
        await form.get_by_test_id("modal-submit").click()
        await expect(told).to_contain_text("Zoltan can be invited")
