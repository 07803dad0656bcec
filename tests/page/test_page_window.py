"""The page as a window: who may open it, whom it acts as, how it fits a phone."""

import pytest
from aiohttp import ClientSession, WSServerHandshakeError
from playwright.async_api import expect

from rooms_bot.sandbox.server import Sandbox
from tests.page.bot import bot_in
from tests.page.conftest import Window
from tests.page.test_page_messages import lounge, say, write

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Host": "evil.example"}], ids=str
)
async def test_other_sites_can_neither_read_nor_drive_it(sandbox: Sandbox, headers: dict[str, str]) -> None:
    async with ClientSession(headers=headers) as http:
        assert (await http.get(sandbox.page_url)).status == 403
        with pytest.raises(WSServerHandshakeError, match="403"):
            await http.ws_connect(f"{sandbox.page_url}page/ws")


async def test_nothing_but_its_own_files_may_be_loaded(sandbox: Sandbox) -> None:
    async with ClientSession() as http:
        answer = await http.get(sandbox.page_url)
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert (await http.get(f"{sandbox.page_url}page/static/..%2Fpage.py")).status == 404


async def test_one_acts_as_whom_one_chooses(window: Window) -> None:
    page = await window()
    await page.get_by_test_id("acting-as").select_option("Robin")
    await page.wait_for_url("**/?as=robin*")
    await write(page, "it is me")
    await expect(page.locator("[data-author=Robin]")).to_contain_text("it is me")


@pytest.mark.slow
async def test_the_banner_says_which_model_speaks_as_soon_as_it_is_known(sandbox: Sandbox, window: Window) -> None:
    page = await window()
    await expect(page.get_by_test_id("banner")).to_be_hidden()
    sandbox.banner = "Speaking: **a small one**. Set `ROOMS_MODEL`."
    await expect(page.get_by_test_id("banner")).to_have_text("Speaking: a small one. Set ROOMS_MODEL.")


@pytest.mark.slow
async def test_the_app_is_online_while_its_bot_is_connected(sandbox: Sandbox, window: Window) -> None:
    page = await window()
    await page.get_by_test_id("composer").fill("/")
    await expect(page.get_by_test_id("suggestions")).to_have_text("No app has registered commands here yet.")
    app = page.get_by_test_id("members").get_by_role("button", name="Rooms")
    await expect(app).to_contain_text("offline")
    async with bot_in(sandbox):
        await expect(app).to_contain_text("online")
    await expect(app).to_contain_text("offline")


@pytest.mark.slow
async def test_another_channel_shows_that_something_was_said_there(sandbox: Sandbox, window: Window) -> None:
    page = await window()
    await page.get_by_role("button", name="library").click()
    await expect(page.get_by_test_id("channel-title")).to_contain_text("library")
    say(sandbox, "Sam", "over here")
    await page.get_by_role("button", name="lounge, unread").click()
    await expect(page.locator("[data-author=Sam]")).to_contain_text("over here")


@pytest.mark.slow
async def test_somebody_who_writes_is_named(sandbox: Sandbox, window: Window) -> None:
    page = await window()
    sandbox.people.typing(sandbox.people.named("Kim"), lounge(sandbox))
    await expect(page.get_by_test_id("typing")).to_have_text("Kim is typing…")
    say(sandbox, "Kim", "done")
    await expect(page.get_by_test_id("typing")).to_have_text("")


@pytest.mark.slow
async def test_long_history_is_read_on_as_one_scrolls_up(sandbox: Sandbox, window: Window) -> None:
    for count in range(90):
        say(sandbox, "Sam", f"line {count}")
    page = await window()
    await expect(page.get_by_text("line 89", exact=True)).to_be_in_viewport()
    await expect(page.get_by_text("line 0", exact=True)).to_have_count(0)
    await page.get_by_test_id("scroller").press("Home")
    await expect(page.get_by_text("line 0", exact=True)).to_be_attached()
    say(sandbox, "Kim", "the newest")
    await page.get_by_test_id("to-present").click()
    await expect(page.get_by_text("the newest")).to_be_in_viewport()


@pytest.mark.slow
async def test_on_a_phone_the_lists_fold_away(window: Window) -> None:
    page = await window("You", 390, 780)
    await expect(page.get_by_test_id("channels")).to_be_hidden()
    await expect(page.get_by_test_id("members")).to_be_hidden()
    await page.get_by_role("button", name="Show channels").click()
    await page.get_by_role("button", name="library").click()
    await expect(page.get_by_test_id("channel-title")).to_contain_text("library")
    await expect(page.get_by_test_id("channels")).to_be_hidden()
    assert await page.evaluate("document.documentElement.scrollWidth") == 390
