"""Agents' faces are uploaded once, found again, and never hold up a post."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest

from rooms_bot.chat import faces
from rooms_bot.chat.faces import Faces
from rooms_bot.domain.personas import Persona
from rooms_bot.store.ram import RamStore

CDN = "https://cdn.example"


@dataclass
class Emoji:
    name: str
    id: int


@dataclass
class Album:
    """An application's emojis that remembers what was made; `broken` answers with an error, `slow` not at all."""

    made: list[Emoji] = field(default_factory=list)
    broken: bool = False
    slow: bool = False

    async def create_application_emoji(self, *, name: str, image: bytes) -> Any:
        assert image
        if self.broken:
            raise aiohttp.ServerDisconnectedError
        if self.slow:
            await asyncio.Event().wait()
        self.made.append(Emoji(name, len(self.made) + 1))
        return self.made[-1]

    async def fetch_application_emojis(self) -> list[Any]:
        return list(self.made)


async def test_a_face_is_uploaded_once_also_for_two_at_once() -> None:
    album = Album()
    known = Faces(album, RamStore(), CDN)
    urls = await asyncio.gather(*(known.url(Persona(name="Zoe")) for _ in range(5)))
    assert set(urls) == {f"{CDN}/emojis/1.png"}
    assert len(album.made) == 1


async def test_it_is_found_again_by_the_database_and_without_it_by_its_name() -> None:
    album, store = Album(), RamStore()
    first = await Faces(album, store, CDN).url(Persona(name="Zoe"))
    assert await Faces(album, store, CDN).url(Persona(name="Zoe")) == first
    assert await Faces(album, RamStore(), CDN).url(Persona(name="Zoe")) == first
    assert len(album.made) == 1


async def test_without_a_face_an_agent_speaks_all_the_same_and_discord_is_not_pestered() -> None:
    album = Album(broken=True)
    known = Faces(album, RamStore(), CDN)
    assert await known.url(Persona(name="Zoe")) is None
    album.broken = False
    assert await known.url(Persona(name="Zoe")) is None
    assert album.made == []


async def test_a_post_does_not_wait_long_for_a_face(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faces, "PATIENCE", 0.01)
    known = Faces(Album(slow=True), RamStore(), CDN)
    assert await known.url(Persona(name="Zoe")) is None
