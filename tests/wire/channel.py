"""The real bot in the sandbox, and a person's view of a channel there that can be waited for."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from rooms_bot.app import furnished, serve
from rooms_bot.chat.bot import RoomsBot
from rooms_bot.clock import Clock
from rooms_bot.sandbox.people import Reply
from rooms_bot.sandbox.server import Sandbox
from rooms_bot.settings import Settings
from tests.wire.greetings import GREETINGS

Wire = dict[str, Any]
PATIENCE = 15.0
LINK = re.compile(r"-# ↪ \[.*?\]\(https://discord\.com/channels/\d+/\d+/\d+\)\n")
BUTTON, TEXT = 2, 10
"""Types of components."""


def settings_for(sandbox: Sandbox, folder: Path, **more: Any) -> Settings:
    """The bot's settings in this sandbox; no `.env` of this machine is read."""
    chosen: dict[str, Any] = {
        "discord_token": sandbox.token,
        "rooms_discord_api": sandbox.api_url,
        "rooms_discord_cdn": sandbox.cdn_url,
        "rooms_model": "offline",
        "rooms_posts_per_minute": 0,
        "rooms_data_dir": folder,
    } | more
    return Settings(_env_file=None, **chosen)


@asynccontextmanager
async def bot_in(sandbox: Sandbox, folder: Path, clock: Clock | None = None, **more: Any) -> AsyncIterator[RoomsBot]:
    """The bot, connected; at the end it is stopped as SIGTERM stops it."""
    settings, stop = settings_for(sandbox, folder, **more), asyncio.Event()
    async with asyncio.TaskGroup() as tasks, furnished(settings, clock) as bot:
        serving = tasks.create_task(serve(bot, sandbox.token, stop))
        connected = tasks.create_task(bot.connected.wait())
        await asyncio.wait([serving, connected], return_when=asyncio.FIRST_COMPLETED)
        try:
            yield bot
        finally:
            connected.cancel()
            stop.set()
            await asyncio.wait([serving])


class Channel:
    """What one person does and sees in a channel."""

    def __init__(self, sandbox: Sandbox, name: str = "You", channel: str = "lounge") -> None:
        self._sandbox, self.people = sandbox, sandbox.people
        self.user = self.people.named(name)
        self.id = next(one["id"] for one in self.people.channels(self.user) if one["name"] == channel)

    def say(self, text: str, **more: Any) -> Wire:
        return self.people.say(self.user, self.id, text, **more)

    async def do(self, path: str, **options: Any) -> str:
        """Send a command and return the text of its final answer."""
        message = (await self.ask(path, **options)).message
        assert message is not None
        return words(message)

    async def ask(self, path: str, **options: Any) -> Reply:
        reply = await self.people.command(self.user, self.id, path, options)
        settled = await reply.settled(PATIENCE)
        assert settled.kind != "failed", settled.error
        return settled

    async def press(self, message: Wire, label: str) -> Reply:
        """Press the button of this label under a message; the first answer, which may be that one will follow."""
        buttons = [one for one in parts(message) if one["type"] == BUTTON]
        custom = next(button["custom_id"] for button in buttons if button["label"] == label)
        reply = await self.people.press(self.user, message["id"], custom)
        assert reply.kind != "failed", reply.error
        return reply

    def messages(self) -> list[Wire]:
        return self.people.history(self.user, self.id, 500)

    def posts(self) -> list[Wire]:
        """What agents and the orchestrator said in their turns, oldest first: all but the greetings."""
        return [message for message in self._spoken() if message["content"] not in GREETINGS]

    def greetings(self) -> list[Wire]:
        """What agents said by way of introduction, oldest first."""
        return [message for message in self._spoken() if message["content"] in GREETINGS]

    def _spoken(self) -> list[Wire]:
        return [message for message in self.messages() if message.get("webhook_id") and not _is_answer(message)]

    def speakers(self) -> list[str]:
        return [message["author"]["username"] for message in self.posts()]

    async def until(self, seen: Callable[[], Any], patience: float = PATIENCE) -> Any:
        """Wait until `seen` is true of what this person sees, and return it."""
        with self.people.watch(self.user) as events:
            async with asyncio.timeout(patience):
                while not (found := seen()):
                    await events.get()
        return found

    async def until_posts(self, count: int) -> list[Wire]:
        await self.until(lambda: len(self.posts()) >= count)
        return self.posts()[:count]

    async def until_told(self, sought: str, count: int = 1, patience: float = PATIENCE) -> Wire:
        """Wait for the `count`th message of the bot's own that contains these words, in its components too."""

        def told() -> list[Wire]:
            own = [
                message for message in self.messages() if "webhook_id" not in message and message["author"].get("bot")
            ]
            return [message for message in own if sought in words(message)]

        await self.until(lambda: len(told()) >= count, patience)
        return told()[count - 1]


def _is_answer(message: Wire) -> bool:
    """Answers to interactions go through a webhook too, the application's."""
    return "interaction_metadata" in message


def contents(messages: list[Wire]) -> list[str]:
    return [said(message) for message in messages]


def said(message: Wire) -> str:
    """A message's words without the line that leads to what it answers."""
    return LINK.sub("", message["content"])


def parts(message: Wire) -> Iterator[Wire]:
    """A message's components, also those within others."""

    def walk(components: list[Wire]) -> Iterator[Wire]:
        for one in components:
            yield one
            yield from walk(one.get("components", []))
            yield from walk([one["accessory"]] if "accessory" in one else [])

    return walk(message["components"])


def words(message: Wire) -> str:
    """All that is written in a message."""
    return "\n".join([message["content"], *(one["content"] for one in parts(message) if one["type"] == TEXT)]).strip()


def labels(message: Wire) -> list[str]:
    """What the buttons of a message say, in their order."""
    return [one["label"] for one in parts(message) if one["type"] == BUTTON]
