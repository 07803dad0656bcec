"""A room's panel as people see it; with ROOMS_PICTURES set to a folder its picture is kept there for the docs."""

import os
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from rooms_bot.sandbox.server import Sandbox
from tests.page.conftest import PATIENCE_MS, Window
from tests.page.test_page_messages import write
from tests.page.test_room_page import told
from tests.wire.channel import Channel, bot_in
from tests.wire.scripted import scripted
from tools.screenshot import save

pytestmark = pytest.mark.asyncio(loop_scope="session")

START = "/room start topic:Should our town plant more trees? agents:{agents} mode:{mode} pace:0 human_every:1"
WORDS = {
    "Leilani": "Plant oaks where the street is widest, and limes where people wait for the bus.",
    "Kenji": "Shade is medicine.",
    "Ada": "Forty trees cool a square by two degrees.",
}


def panel(page: Page) -> Locator:
    return page.locator("[data-testid=message][data-author=Rooms]").filter(has=page.locator(".container")).first


async def picture(shown: Locator, name: str, folder: Path) -> Path:
    """A picture of this part of the page, once its images are there."""
    await shown.page.mouse.move(0, 0)
    await shown.page.wait_for_function("[...document.images].every((image) => image.complete)")
    file = Path(os.environ.get("ROOMS_PICTURES") or folder) / name
    save(await shown.screenshot(), file)
    return file


async def test_the_panel_shows_who_takes_part_and_how_it_stands(
    sandbox: Sandbox, window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    async with scripted(monkeypatch, **WORDS), bot_in(sandbox, tmp_path, rooms_model="openai/llama-3.2-3b") as bot:
        page = await window(height=1000)
        await write(page, START.format(agents="Leilani, Kenji, Ada", mode="dynamic"))
        await expect(told(page, "The room waits")).to_be_visible(timeout=PATIENCE_MS)
        room = bot.house.room(int(Channel(sandbox).id))
        assert await bot.panels.refresh(room.state, room.id)
        shown = panel(page)
        await expect(shown).to_contain_text("Waiting for a word of yours.")
        await expect(shown.locator(".section img")).to_have_count(3)
        await expect(shown.get_by_role("button")).to_have_count(6)
        file = await picture(shown, "panel.png", tmp_path)
    assert file.stat().st_size < 200_000


@pytest.mark.slow
async def test_twelve_agents_are_twelve_lines_with_small_faces(
    sandbox: Sandbox, window: Window, tmp_path: Path
) -> None:
    async with bot_in(sandbox, tmp_path) as bot:
        page, names = await window(height=1000), [one.name for one in bot.furniture.library.personas.values()][:10]
        await write(page, START.format(agents=", ".join([*names, "Ada", "Kenji"][:10]), mode="argumentative"))
        await expect(told(page, "The room waits")).to_be_visible(timeout=PATIENCE_MS)
        shown = panel(page)
        await expect(shown.locator(".prose img")).to_have_count(len(names))
        await picture(shown, "panel-of-many.png", tmp_path)


async def test_a_room_is_paused_joined_and_stopped_on_its_panel(
    sandbox: Sandbox, window: Window, tmp_path: Path
) -> None:
    async with bot_in(sandbox, tmp_path):
        page, sam = await window(), await window("Sam")
        await write(page, START.format(agents="Ada, Kenji", mode="round_robin"))
        await expect(told(page, "The room waits")).to_be_visible(timeout=PATIENCE_MS)
        await panel(sam).get_by_role("button", name="Join").click()
        await expect(told(sam, "You take part")).to_contain_text("@Ada and @Kenji")
        await panel(sam).get_by_role("button", name="Stop").click()
        await expect(told(sam, "Only hosts")).to_be_visible()
        await panel(page).get_by_role("button", name="Pause").click()
        await expect(panel(sam)).to_contain_text("Paused by You.")
        await panel(page).get_by_role("button", name="Resume").click()
        await expect(panel(page).get_by_role("button", name="Pause")).to_be_visible()
        await panel(page).get_by_role("button", name="Stop").click()
        await told(page, "End this room").get_by_role("button", name="Stop the room").click()
        await expect(told(page, "This room is over")).to_be_visible(timeout=PATIENCE_MS)
