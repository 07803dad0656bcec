"""Messages on the page: whose they are, how they look, what one may do with them."""

import re

import pytest
from aiohttp import ClientSession
from playwright.async_api import Page, WebSocketRoute, expect

from rooms_bot.sandbox.server import Sandbox
from tests.page.conftest import Window

pytestmark = pytest.mark.asyncio(loop_scope="session")


def lounge(sandbox: Sandbox) -> str:
    return str(sandbox.people.channels(sandbox.people.named("You"))[0]["id"])


def say(sandbox: Sandbox, name: str, words: str) -> str:
    return str(sandbox.people.say(sandbox.people.named(name), lounge(sandbox), words)["id"])


class Hook:
    """The application's webhook in #lounge, over REST."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.url = ""

    async def speak(self, name: str, words: str = "", **more: object) -> None:
        head = {"Authorization": f"Bot {self.sandbox.token}"}
        async with ClientSession(headers=head, raise_for_status=True) as http:
            if not self.url:
                made = await http.post(
                    f"{self.sandbox.api_url}/channels/{lounge(self.sandbox)}/webhooks", json={"name": "Rooms"}
                )
                hook = await made.json()
                self.url = f"{self.sandbox.api_url}/webhooks/{hook['id']}/{hook['token']}?with_components=true"
            await http.post(self.url, json={"username": name} | ({"content": words} if words else {}) | more)


async def write(page: Page, words: str) -> None:
    await page.get_by_test_id("composer").fill(words)
    await page.get_by_test_id("composer").press("Enter")


async def test_what_one_person_says_every_window_shows(window: Window) -> None:
    you, sam = await window(), await window("Sam")
    await write(you, "hello **there**")
    for page in (you, sam):
        await expect(page.locator("[data-author=You] strong")).to_have_text("there")


@pytest.mark.slow
async def test_each_webhook_name_is_a_speaker_of_its_own(sandbox: Sandbox, window: Window) -> None:
    page, hook = await window(), Hook(sandbox)
    for name, words in (("Ada", "one"), ("Ada", "two"), ("Plato", "three")):
        await hook.speak(name, words)
    messages = page.get_by_test_id("message")
    await expect(messages).to_have_count(3)
    await expect(messages.nth(0).get_by_test_id("app-badge")).to_have_text("APP")
    await expect(messages.nth(1)).to_have_class(re.compile("grouped"))
    await expect(messages.nth(2).get_by_test_id("author")).to_have_text("Plato")
    await expect(page.get_by_test_id("members")).to_contain_text("Plato")


async def test_hostile_words_stay_words(sandbox: Sandbox, window: Window) -> None:
    page, hook = await window(), Hook(sandbox)
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: asked.append(f"dialog {dialog.message}"))
    foot = {"text": evil, "icon_url": "https://evil.example/pixel.png"}
    embed = {"title": evil, "description": f"[go](javascript:alert(3)) {evil}", "footer": foot}
    await hook.speak(evil[:80], f"{evil} [x](javascript:alert(4)) ![y](https://evil.example/a.png)", embeds=[embed])
    await hook.speak("Faced", "look", avatar_url="https://evil.example/face.png")
    await expect(page.get_by_test_id("embed")).to_contain_text("<script>alert(2)</script>")
    await expect(page.get_by_test_id("message-content").first).to_contain_text(evil)
    assert await page.locator("#messages script, #messages a[href^='javascript:'], #messages [onerror]").count() == 0
    assert await page.evaluate("[...document.images].every((image) => new URL(image.src).origin === location.origin)")
    assert [url for url in asked if not url.startswith(sandbox.page_url)] == []


async def test_no_message_can_stall_the_page(sandbox: Sandbox, window: Window) -> None:
    page, hook = await window(), Hook(sandbox)
    for seed in ("`", "*", "_*", "**a ", "||", "> ", "[", "```\n", "<t:", "- \n", "~~~"):
        await hook.speak("Ada", (seed * 2000)[:1990] + "x")
    await write(page, "still here")
    await expect(page.locator("[data-author=You]")).to_contain_text("still here")


async def test_markdown_reads_as_in_discord(sandbox: Sandbox, window: Window) -> None:
    page = await window()
    sam = sandbox.people.named("Sam")
    say(
        sandbox,
        "Sam",
        f"# Head\n> quoted\n- item\n  1. inner\n-# small\n```py\nx < 1\n```\n`c` ~~s~~ __u__ _e_ <@{sam}>",
    )
    body = page.locator("[data-author=Sam] .prose")
    for place, words in {
        ".heading-1": "Head", "blockquote": "quoted", "ul > li ol > li": "inner", ".subtext": "small",
        "pre code": "x < 1", "s": "s", "u": "u", "em": "e", ".mention": "@Sam",
    }.items():  # fmt: skip
        await expect(body.locator(place)).to_have_text(words)


@pytest.mark.slow
async def test_a_spoiler_is_shown_when_pressed(sandbox: Sandbox, window: Window) -> None:
    page = await window()
    say(sandbox, "Sam", "it was ||the butler||")
    await expect(page.get_by_text("the butler")).to_be_hidden()
    await page.get_by_role("button", name="Spoiler").click()
    await expect(page.get_by_text("the butler")).to_be_visible()


@pytest.mark.slow
async def test_a_masked_link_tells_where_it_leads_first(sandbox: Sandbox, window: Window) -> None:
    page = await window()
    say(sandbox, "Sam", "see [my notes](https://evil.example/x)")
    await page.get_by_role("link", name="my notes").click()
    await expect(page.get_by_test_id("link-address")).to_have_text("https://evil.example/x")
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("dialog")).to_have_count(0)


async def test_a_reply_shows_what_it_answers(sandbox: Sandbox, window: Window) -> None:
    page = await window()
    say(sandbox, "Sam", "who is in?")
    message = page.locator("[data-author=Sam]")
    await message.hover()
    await message.get_by_role("button", name="Reply").click()
    await expect(page.get_by_test_id("replying")).to_contain_text("Replying to Sam")
    await write(page, "me")
    await expect(page.locator("[data-author=You]").get_by_test_id("reply-line")).to_contain_text("who is in?")


@pytest.mark.slow
async def test_up_edits_ones_last_message(window: Window) -> None:
    page = await window()
    await write(page, "teh start")
    await expect(page.locator("[data-author=You]")).to_contain_text("teh start")
    await page.get_by_test_id("composer").press("ArrowUp")
    await page.get_by_test_id("edit-field").fill("the start")
    await page.get_by_test_id("edit-field").press("Enter")
    await expect(page.locator("[data-author=You] .prose")).to_have_text("the start (edited)")


@pytest.mark.slow
async def test_ones_own_message_can_be_deleted(sandbox: Sandbox, window: Window) -> None:
    page = await window()
    say(sandbox, "Sam", "stays")
    await write(page, "goes")
    mine = page.locator("[data-author=You]")
    await mine.hover()
    await mine.get_by_role("button", name="Delete").click()
    await page.get_by_test_id("dialog").get_by_role("button", name="Delete").click()
    await expect(mine).to_have_count(0)
    await expect(page.locator("[data-author=Sam]").get_by_role("button", name="Delete")).to_have_count(0)


@pytest.mark.slow
async def test_a_reaction_is_counted_and_taken_back(sandbox: Sandbox, window: Window) -> None:
    page = await window()
    people, message = sandbox.people, say(sandbox, "Sam", "tea?")
    people.react(people.named("Kim"), message, "👍")
    thumb = page.locator("[data-emoji='👍']")
    await expect(thumb).to_have_text("👍1")
    await thumb.click()
    await expect(thumb).to_have_text("👍2")
    await expect(thumb).to_have_attribute("aria-pressed", "true")
    await thumb.click()
    await expect(thumb).to_have_text("👍1")


@pytest.mark.slow
async def test_a_message_can_be_reached_and_answered_by_keyboard(sandbox: Sandbox, window: Window) -> None:
    page = await window()
    say(sandbox, "Sam", "first")
    say(sandbox, "Kim", "second")
    await expect(page.get_by_test_id("message")).to_have_count(2)
    await page.get_by_test_id("scroller").focus()
    for key in ("ArrowUp", "ArrowUp", "Tab", "Tab", "Enter"):
        await page.keyboard.press(key)
    await expect(page.get_by_test_id("replying")).to_contain_text("Replying to Sam")


@pytest.mark.slow
async def test_at_completes_members_and_those_who_speak_through_webhooks(sandbox: Sandbox, window: Window) -> None:
    page = await window()
    await Hook(sandbox).speak("Ada Lovelace", "yes?")
    await expect(page.locator("[data-author='Ada Lovelace']")).to_be_visible()
    composer = page.get_by_test_id("composer")
    await composer.press_sequentially("@ad")
    await page.get_by_role("option", name="Ada Lovelace").wait_for()
    await composer.press("Tab")
    await composer.press_sequentially("meet @sa")
    await page.get_by_test_id("suggestions").get_by_role("option", name="Sam").wait_for()
    await composer.press("Enter")
    await expect(composer).to_have_value("@Ada Lovelace meet @Sam ")
    await composer.press("Enter")
    await expect(page.locator("[data-author=You] .mention")).to_have_text("@Sam")
    you = sandbox.people.named("You")
    said = sandbox.people.history(you, lounge(sandbox))[-1]["content"]
    assert said == f"@Ada Lovelace meet <@{sandbox.people.named('Sam')}>"


@pytest.mark.slow
async def test_a_file_can_be_sent_and_fetched(window: Window) -> None:
    page = await window()
    await page.get_by_test_id("file-picker").set_input_files(
        {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"clocks"}
    )
    await write(page, "my notes")
    async with page.expect_download() as download:
        await page.get_by_test_id("download").click()
    assert (await (await download.value).path()).read_bytes() == b"clocks"


async def test_the_page_finds_its_way_back_and_reads_what_it_missed(sandbox: Sandbox, window: Window) -> None:
    page, lines = await window(), []

    def through(line: WebSocketRoute) -> None:
        lines.append(line)
        line.connect_to_server()

    await page.route_web_socket("**/page/ws*", through)
    await page.reload()
    say(sandbox, "Sam", "one")
    await expect(page.locator("[data-author=Sam]")).to_contain_text("one")
    async with page.expect_event("websocket"):
        await lines[0].close()
        say(sandbox, "Kim", "two")
    await expect(page.locator("[data-author=Kim]")).to_contain_text("two")
    await expect(page.get_by_test_id("connection")).to_be_hidden()


async def test_components_v2_are_drawn(sandbox: Sandbox, window: Window) -> None:
    page = await window()
    text = {"type": 10, "content": "## Time\nwith **Ada** <b>x</b>"}
    link = {"type": 2, "style": 5, "label": "Docs", "url": "https://example.org/"}
    section = {"type": 9, "components": [text], "accessory": link}
    press = {"type": 1, "components": [{"type": 2, "style": 4, "label": "<i>Stop</i>", "custom_id": "stop"}]}
    box = {"type": 17, "accent_color": 0x5865F2, "components": [section, {"type": 14}, press]}
    await Hook(sandbox).speak("Ada", flags=32768, components=[box])
    await expect(page.get_by_test_id("text-display")).to_contain_text("with Ada <b>x</b>")
    await expect(page.get_by_role("button", name="<i>Stop</i>")).to_be_enabled()
    await expect(page.get_by_role("button", name="Docs")).to_have_attribute("title", "https://example.org/")
