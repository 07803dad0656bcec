"""Agents' faces are uploaded once, found again, and never hold up a post."""

import asyncio
import itertools
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest

from rooms_bot.chat import faces
from rooms_bot.chat.faces import Faces
from rooms_bot.domain.personas import Persona
from rooms_bot.store.faces import KEPT, digest
from rooms_bot.store.ram import RamStore

CDN = "https://cdn.example"


@dataclass
class Emoji:
    name: str
    id: int
    album: "Album"

    async def delete(self) -> None:
        self.album.made.remove(self)


@dataclass
class Album:
    """An application's emojis that remembers what was made; `broken` answers with an error, `slow` not at all."""

    made: list[Emoji] = field(default_factory=list)
    broken: bool = False
    slow: bool = False
    count: int = 0

    async def create_application_emoji(self, *, name: str, image: bytes) -> Any:
        assert image
        if self.broken:
            raise aiohttp.ServerDisconnectedError
        if self.slow:
            await asyncio.Event().wait()
        self.count += 1
        self.made.append(Emoji(name, self.count, self))
        return self.made[-1]

    async def fetch_application_emoji(self, emoji_id: int, /) -> Any:
        return next(emoji for emoji in self.made if emoji.id == emoji_id)

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


# Faces of servers' own personas


async def own(store: RamStore, number: int) -> Persona:
    """A persona whose face is in the database."""
    image = b"GIF89a" + bytes([number])
    await store.save_image(digest(image), image)
    return Persona(name=f"Bela {number}", avatar=f"{KEPT}{digest(image)}")


async def test_a_servers_face_comes_from_the_database() -> None:
    album, store = Album(), RamStore()
    known = Faces(album, store, CDN, lambda _: 7)
    bela = await own(store, 1)
    assert await known.url(bela) == f"{CDN}/emojis/1.png"
    assert await store.oldest_face(7, 0) == (bela.avatar.removeprefix(KEPT) if bela.avatar else "", 1)
    await store.drop_image((bela.avatar or "").removeprefix(KEPT))
    assert await Faces(album, store, CDN).url(bela) == f"{CDN}/emojis/1.png"


async def test_where_the_image_is_gone_a_shipped_face_stands_in() -> None:
    album, store = Album(), RamStore()
    shipped = await Faces(album, store, CDN).url(Persona(name="Bela"))
    assert await Faces(album, store, CDN).url(Persona(name="Bela", avatar=f"{KEPT}{'0' * 64}")) == shipped


async def test_a_server_has_so_many_faces_and_the_oldest_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faces, "MOST", 2)
    album, store = Album(), RamStore(itertools.count().__next__)
    known = Faces(album, store, CDN, lambda avatar: 7 if avatar else None)
    three = [await own(store, number) for number in range(3)]
    await known.url(Persona(name="Zoe"))
    for persona in three:
        await known.url(persona)
    assert [emoji.id for emoji in album.made] == [1, 3, 4]
    assert await known.url(three[0]) == f"{CDN}/emojis/5.png"
    assert [emoji.id for emoji in album.made] == [1, 4, 5]
    assert await known.url(three[2]) == f"{CDN}/emojis/4.png"
