"""Agents' faces: images kept as application emojis, whose addresses last; attachments' addresses expire.

Source: Discord allows an application 2,000 emojis of at most 256 KiB, and serves them from its CDN for good.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Protocol

import aiohttp
import discord

from rooms_bot.chat.traffic import answered
from rooms_bot.domain.personas import Persona
from rooms_bot.errors import Refused
from rooms_bot.i18n import N_
from rooms_bot.ports import Store
from rooms_bot.store.faces import digest, face_for, kept

log = logging.getLogger(__name__)


PATIENCE = 5.0
"""Seconds that a post waits for a face; Discord limits the making of emojis for minutes."""
PAUSE = 60.0
"""Seconds after a failure in which no other face is tried."""
MOST = 20
"""Emojis that the faces of one server's own personas take; what was not looked for the longest goes first."""
STUCK = N_(
    "Discord does not delete the faces of this server's personas just now. The rooms have ended, and nothing else was "
    "deleted yet: please ask again in a few minutes."
)


class Emojis(Protocol):
    """Where images can be put: the application's emojis, as `discord.Client` offers them."""

    async def create_application_emoji(self, *, name: str, image: bytes) -> discord.Emoji: ...

    async def fetch_application_emojis(self) -> list[discord.Emoji]: ...

    async def fetch_application_emoji(self, emoji_id: int, /) -> discord.Emoji: ...


Owner = Callable[[str], int | None]
"""The server whose persona has this avatar; None for the operator's."""


class Faces:
    """Finds or makes the address of a persona's face. A post never waits long for one."""

    def __init__(self, emojis: Emojis, store: Store, cdn: str, owner: Owner = lambda _: None) -> None:
        self._emojis, self._store, self._cdn, self._owner = emojis, store, cdn, owner
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
                    self._known[who] = await self._find(persona)
                    await self._make_room(self._owner(persona.avatar or ""), MOST)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:  # a TimeoutError is an OSError
            log.warning("%s goes without a face for now: %s", persona.name, error or "uploading it takes too long")
            self._uploaded, self._not_before = None, loop.time() + PAUSE
        return self._known.get(who)

    async def forget(self, guild: int) -> None:
        """Take back all faces of this server's own personas. Raises `Refused` where Discord does not do it now."""
        try:
            async with self._one:
                await self._make_room(guild, 0)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            log.warning("the faces of server %s could not be deleted: %s", guild, error or "no answer")
            raise Refused(STUCK) from error

    async def _find(self, persona: Persona) -> str:
        mark = kept(persona.avatar)
        if mark is not None:
            if (url := await self._store.face(mark)) is not None:
                return url
            if (image := await self._store.image(mark)) is not None:
                return await self._upload(mark, image, self._owner(persona.avatar or ""))
        image = face_for(persona.name, None if mark is not None else persona.avatar)
        return await self._store.face(digest(image)) or await self._upload(digest(image), image, None)

    async def _upload(self, mark: str, image: bytes, owner: int | None) -> str:
        """An emoji of that name may be there already: from another database, or a start that was cut off."""
        if self._uploaded is None:
            self._uploaded = {
                emoji.name: emoji.id for emoji in await answered(self._emojis.fetch_application_emojis(), once=False)
            }
        name = _name(mark)
        if (emoji := self._uploaded.get(name)) is None:
            made = self._emojis.create_application_emoji(name=name, image=image)
            self._uploaded[name] = emoji = (await answered(made, once=False)).id
        url = f"{self._cdn}/emojis/{emoji}.png"
        await self._store.save_face(mark, emoji, url, owner)
        return url

    async def _make_room(self, owner: int | None, most: int) -> None:
        """Take back the oldest faces of a server that has too many; one that is wanted again is made again."""
        while owner is not None and (oldest := await self._store.oldest_face(owner, most)) is not None:
            mark, emoji = oldest
            await self._remove(emoji)
            await self._store.drop_face(mark)
            self._known = {who: url for who, url in self._known.items() if kept(who[1]) != mark}
            if self._uploaded is not None:
                self._uploaded.pop(_name(mark), None)

    async def _remove(self, emoji: int) -> None:
        try:
            await (await self._emojis.fetch_application_emoji(emoji)).delete()
        except discord.NotFound:
            log.info("the emoji %s was gone already", emoji)


def _name(mark: str) -> str:
    return f"face_{mark[:24]}"
