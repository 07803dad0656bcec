"""What a server has of personas of its own, and what of it is kept."""

from types import MappingProxyType

import pytest

from rooms_bot.domain.personas import Persona
from rooms_bot.engine.shelf import MOST, Shelf
from rooms_bot.errors import Refused
from rooms_bot.store.faces import digest
from rooms_bot.store.ram import RamStore

GUILD, OTHER = 1, 2
ADA, BELA = Persona(name="Ada", role="shipped"), Persona(name="Bela")
FACE = b"GIF89a"


@pytest.fixture
def store() -> RamStore:
    return RamStore()


@pytest.fixture
def shelf(store: RamStore) -> Shelf:
    return Shelf(MappingProxyType({"ada": ADA}), store)


def names(shelf: Shelf, guild: int = GUILD) -> list[str]:
    return [persona.name for persona in shelf.own(guild)]


async def test_a_renamed_one_takes_the_place_of_the_old_also_in_the_database(shelf: Shelf, store: RamStore) -> None:
    await shelf.save(GUILD, BELA)
    await shelf.save(GUILD, Persona(name="Kata"), "Bela")
    assert names(shelf) == ["Kata"]
    await shelf.load()
    assert names(shelf) == ["Kata"]
    await shelf.save(GUILD, Persona(name="KATA"), "Kata")
    assert names(shelf) == ["KATA"]
    assert len(await store.personas()) == 1


async def test_a_file_of_this_machine_is_no_servers_face(shelf: Shelf) -> None:
    await shelf.save(GUILD, Persona(name="Bela", avatar="/etc/passwd"))
    assert shelf.find(GUILD, "bela").avatar is None


async def test_an_image_is_kept_for_as_long_as_any_persona_has_it(shelf: Shelf, store: RamStore) -> None:
    await shelf.save(GUILD, BELA, picture=FACE)
    await shelf.save(OTHER, BELA, picture=FACE)
    assert shelf.owner(shelf.find(GUILD, "Bela").avatar or "") == GUILD
    await shelf.drop(GUILD, "Bela")
    assert await store.image(digest(FACE)) == FACE
    assert shelf.owner(shelf.find(OTHER, "Bela").avatar or "") == OTHER
    await shelf.save(OTHER, BELA, picture=b"GIF87a")
    assert await store.image(digest(FACE)) is None
    assert await store.image(digest(b"GIF87a")) == b"GIF87a"


async def test_a_full_server_changes_what_it_has_and_keeps_no_image_of_more(shelf: Shelf, store: RamStore) -> None:
    for number in range(MOST):
        await shelf.save(GUILD, Persona(name=f"Bela {number}"))
    with pytest.raises(Refused, match="50 personas"):
        await shelf.save(GUILD, Persona(name="Kata"), picture=FACE)
    assert await store.image(digest(FACE)) is None
    await shelf.save(GUILD, Persona(name="Kata"), "Bela 7")
    await shelf.save(OTHER, Persona(name="Kata"))
    assert len(names(shelf)) == MOST


async def test_the_operators_are_not_the_servers_own(shelf: Shelf) -> None:
    with pytest.raises(Refused, match="Ada is not this server's own"):
        shelf.find(GUILD, "@ada")
    with pytest.raises(Refused, match="no persona of its own"):
        shelf.find(GUILD, "Bela")
    assert shelf.mine(GUILD, "Ada") is None
    await shelf.save(GUILD, Persona(name="ADA", role="own"))
    assert [persona.role for persona in shelf.all(GUILD)] == ["own"]
    assert [persona.role for persona in shelf.all(OTHER)] == ["shipped"]
