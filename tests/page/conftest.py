"""A browser, a sandbox with wide limits, and windows onto its page."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import discord
import pytest
import pytest_asyncio
from discord.gateway import DiscordWebSocket
from discord.http import Route
from playwright.async_api import Browser, Page, Playwright, async_playwright
from yarl import URL

from rooms_bot.sandbox.limits import Limits
from rooms_bot.sandbox.server import Sandbox

ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 8000

Window = Callable[..., Awaitable[Page]]


def _browser_path(playwright: Playwright) -> str:
    """The system's Chromium or Playwright's own; skips where there is neither, unless CI promised one."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    own = playwright.chromium.executable_path
    if Path(own).exists():
        return own
    if os.environ.get("CI"):
        pytest.fail("CI must have a browser for the page's tests")
    pytest.skip("no Chromium is installed on this machine")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=_browser_path(playwright), args=ARGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def sandbox(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Sandbox]:
    async with Sandbox(limits=replace(Limits.wide(), answer=1.0)) as sandbox:
        monkeypatch.setattr(Route, "BASE", sandbox.api_url)
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", URL(sandbox.gateway_url))
        monkeypatch.setattr(discord.asset.Asset, "BASE", sandbox.cdn_url)
        yield sandbox


@pytest_asyncio.fixture(loop_scope="session")
async def window(browser: Browser, sandbox: Sandbox) -> AsyncIterator[Window]:
    """Opens the page as somebody: `await window("Sam")`. Whatever goes wrong in a page fails the test."""
    contexts = []
    faults: list[str] = []

    async def open_window(name: str = "You", width: int = 1280, height: int = 800) -> Page:
        context = await browser.new_context(viewport={"width": width, "height": height}, locale="en-US")
        contexts.append(context)
        page = await context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: faults.append(str(error)))
        await page.goto(f"{sandbox.page_url}?as={sandbox.people.named(name)}")
        await page.wait_for_selector(f"[data-testid=acting-as]:has(option:checked:text-is('{name}'))", state="attached")
        await page.wait_for_selector("[data-testid=messages] >> li")
        return page

    yield open_window
    for context in contexts:
        await context.close()
    assert faults == []
