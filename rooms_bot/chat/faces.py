"""Agents' faces: images kept as application emojis, whose addresses last; attachments' addresses expire.

Source: Discord allows an application 2,000 emojis of at most 256 KiB, and serves them from its CDN for good.
"""

import asyncio
import logging
from typing import Protocol

import aiohttp
import discord

from rooms_bot.domain.personas import Persona
from rooms_bot.ports import Store
from rooms_bot.store.faces import digest, face_for

log = logging.getLogger(__name__)


PATIENCE = 5.0
"""Seconds that a post waits for a face; Discord limits the making of emojis for minutes."""
PAUSE = 60.0
"""Seconds after a failure in which no other face is tried."""


class Emojis(Protocol):
    """Where images can be put: the application's emojis, as `discord.Client` offers them."""

    async def create_application_emoji(self, *, name: str, image: bytes) -> discord.Emoji: ...

    async def fetch_application_emojis(self) -> list[discord.Emoji]: ...


class Faces:
    """Finds or makes the address of a persona's face. A post never waits long for one."""

    def __init__(self, emojis: Emojis, store: Store, cdn: str) -> None:
        self._emojis, self._store, self._cdn = emojis, store, cdn
        self._known: dict[tuple[str, str | None], str] = {}
        self._uploaded: dict[str, int] | None = None
        self._one = asyncio.Lock()
        self._not_before = 0.0

    async def url(self, persona: Persona) -> str | None:
        """The address of its face; None where there is none to be had now, which is logged."""
        who, loop = (persona.name, persona.avatar), asyncio.get_running_loop()
        if who in self._known or loop.time() < self._not_before:
            return self._known.get(who)
        try:
            async with asyncio.timeout(PATIENCE), self._one:  # two rooms must not upload the same face twice
                if who not in self._known:
                    self._known[who] = await self._find(face_for(*who))
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:  # a TimeoutError is an OSError
            log.warning("%s goes without a face for now: %s", persona.name, error or "uploading it takes too long")
            self._uploaded, self._not_before = None, loop.time() + PAUSE
        return self._known.get(who)

    async def _find(self, image: bytes) -> str:
        mark = digest(image)
        return await self._store.face(mark) or await self._upload(mark, image)

    async def _upload(self, mark: str, image: bytes) -> str:
        """An emoji of that name may be there already: from another database, or a start that was cut off."""
        if self._uploaded is None:
            self._uploaded = {emoji.name: emoji.id for emoji in await self._emojis.fetch_application_emojis()}
        name = f"face_{mark[:24]}"
        emoji = self._uploaded.get(name) or (await self._emojis.create_application_emoji(name=name, image=image)).id
        self._uploaded[name] = emoji
        url = f"{self._cdn}/emojis/{emoji}.png"
        await self._store.save_face(mark, emoji, url, None)
        return url
