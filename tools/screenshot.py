"""Takes the README's picture: a room of the sandbox, with the embedded model, as a newcomer meets it.

`python -m tools.screenshot [FILE]` starts `rooms-bot sandbox` where no `.env` is, drives its page with Chromium, and
writes `docs/images/room.png`, or the file. What the agents say is different each time: look at it before you keep it.
"""

import asyncio
import io
import os
import shutil
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.async_api import Locator, Page, async_playwright, expect

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "images" / "room.png"
START = (
    "/room start topic:{topic} agents:Leilani, Kenji, Ada mode:round_robin "
    "orchestrator_every:3 human_every:3 turns:12 pace:1"
)
TOPIC = "Should our town plant more trees?"
QUESTION = "@Ada which trees should we plant first?"
PATIENCE_MS = 120_000


async def main(picture: Path) -> None:
    async with sandbox() as address, window(address) as page:
        await say(page, START.format(topic=TOPIC))
        waiting = told(page, "The room waits")
        await expect(waiting).to_have_count(1)
        await page.get_by_role("button", name="Dismiss message").click()
        await page.get_by_test_id("acting-as").select_option("Sam")
        await page.wait_for_url("**/?as=*")
        asked = page.locator("[data-author=Ada]")
        await expect(asked.first).to_be_visible()
        before = await asked.count()
        await say(page, QUESTION)
        await expect(asked).to_have_count(before + 1)
        last = asked.last.get_by_test_id("message-content")
        while len(await last.inner_text()) != await _settled(page, last):
            pass  # it grows while it is spoken
        await page.mouse.move(0, 0)
        await page.wait_for_function("[...document.images].every((image) => image.complete)")
        save(await page.screenshot(), picture)
        for post in await page.get_by_test_id("message").all():
            print(
                await post.get_attribute("data-author"), "|", await post.get_by_test_id("message-content").inner_text()
            )


async def _settled(page: Page, message: Locator) -> int:
    """Its length a little later."""
    await page.wait_for_timeout(3000)
    return len(await message.inner_text())


@asynccontextmanager
async def sandbox() -> AsyncIterator[str]:
    """The address of its page."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("ROOMS_", "OLLAMA_"))}
    with TemporaryDirectory() as folder:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "rooms_bot", "sandbox", stdout=PIPE, cwd=folder, env=plain | {"PYTHONPATH": str(ROOT)}
        )
        try:
            assert process.stdout is not None
            yield (await process.stdout.readline()).decode().split()[1]
        finally:
            process.terminate()
            await process.wait()


@asynccontextmanager
async def window(address: str) -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
        browser = await playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        page = await browser.new_page(viewport={"width": 1280, "height": 800}, locale="en-US")
        page.set_default_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        await page.goto(address)
        await expect(page.get_by_test_id("members").get_by_role("button", name="Rooms")).to_contain_text("online")
        yield page
        await browser.close()


async def say(page: Page, words: str) -> None:
    await page.get_by_test_id("composer").fill(words)
    await page.get_by_test_id("composer").press("Enter")


def told(page: Page, words: str) -> Locator:
    return page.locator("[data-testid=message][data-author=Rooms]").filter(has_text=words)


def save(shot: bytes, picture: Path) -> None:
    """With 256 colours, which is all that flat faces and text need."""
    image = Image.open(io.BytesIO(shot)).convert("RGB").quantize(256, dither=Image.Dither.NONE)
    picture.parent.mkdir(parents=True, exist_ok=True)
    image.save(picture, optimize=True)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]) if sys.argv[1:] else PICTURE))
