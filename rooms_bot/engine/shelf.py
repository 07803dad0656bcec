"""The personas that a server can choose from: its own, and the operator's where it has none of that name."""

from collections.abc import Callable, Iterator, Mapping

from rooms_bot.domain.personas import Persona
from rooms_bot.errors import Refused
from rooms_bot.ports import Store
from rooms_bot.store.faces import KEPT, digest, kept

MOST = 50
"""Personas of a server's own."""


class Shelf:
    """All servers' own personas, in memory too: names are completed while people type."""

    def __init__(
        self, shared: Mapping[str, Persona], store: Store, allowed: Callable[[str], bool] = lambda _: True
    ) -> None:
        self.shared = shared
        """The operator's, by casefolded name."""
        self._store, self._allowed = store, allowed
        self._own: dict[int, dict[str, Persona]] = {}

    async def load(self) -> None:
        """Of what members chose, a model that the operator allows no longer is left out."""
        self._own = {}
        for guild, persona in await self._store.personas():
            model = persona.model if persona.model and self._allowed(persona.model) else None
            self._own.setdefault(guild, {})[persona.name.casefold()] = persona.model_copy(update={"model": model})

    def own(self, guild: int | None) -> list[Persona]:
        """Those that are the server's alone."""
        return list(self._own.get(guild or 0, {}).values())

    def find(self, guild: int | None, name: str) -> Persona:
        """The server's own of this name. Raises `Refused`, and says so where it is the operator's."""
        key = _key(name)
        if (persona := self.mine(guild, name)) is not None:
            return persona
        if (shared := self.shared.get(key)) is not None:
            raise Refused(
                "{name} is not this server's own. `/persona create` makes one of that name that takes its place.",
                name=shared.name,
            )
        raise Refused("This server has no persona of its own with that name. `/persona list` names them.")

    def mine(self, guild: int | None, name: str) -> Persona | None:
        """The server's own of this name."""
        return self._own.get(guild or 0, {}).get(_key(name))

    def all(self, guild: int | None) -> list[Persona]:
        own = self._own.get(guild or 0, {})
        return [*own.values(), *(persona for key, persona in self.shared.items() if key not in own)]

    def names(self, guild: int | None) -> list[str]:
        return [persona.name for persona in self.all(guild)]

    def get(self, guild: int | None, name: str) -> Persona | None:
        """By its name, in any case."""
        return self.mine(guild, name) or self.shared.get(_key(name))

    def owner(self, avatar: str) -> int | None:
        """A server one of whose personas has this avatar."""
        return next((guild for guild, persona in self._all_own() if persona.avatar == avatar), None)

    async def save(self, guild: int, persona: Persona, old: str | None = None, picture: bytes | None = None) -> None:
        """Keep it, with this face, in the place of the one called `old` and of any of its own name. Raises `Refused`.

        An avatar that is a file of this machine is the operator's alone, and not kept.
        """
        own = self._own.setdefault(guild, {})
        key, gone = _key(persona.name), {_key(persona.name), _key(old or persona.name)} & own.keys()
        if not gone and len(own) >= MOST:
            raise Refused("This server has {most} personas of its own, which is all it can have.", most=MOST)
        avatar = persona.avatar if kept(persona.avatar) else None
        if picture is not None:
            await self._store.save_image(digest(picture), picture)
            avatar = f"{KEPT}{digest(picture)}"
        persona = persona.model_copy(update={"avatar": avatar})
        await self._store.save_persona(guild, persona)
        replaced, own[key] = own.get(key), persona
        for other in gone - {key}:
            await self.drop(guild, other)
        await self._let_go(replaced)

    async def drop(self, guild: int, name: str) -> None:
        await self._store.drop_persona(guild, name)
        await self._let_go(self._own.get(guild, {}).pop(_key(name), None))

    def drop_all(self, guild: int) -> int:
        """Know none of the server's own any more, which the store has removed; how many that were."""
        return len(self._own.pop(guild, {}))

    async def image(self, persona: Persona) -> bytes | None:
        """The avatar of a server's own persona."""
        mark = kept(persona.avatar)
        return await self._store.image(mark) if mark else None

    async def _let_go(self, gone: Persona | None) -> None:
        """Its image is kept no longer, unless another has the same."""
        mark = kept(gone.avatar) if gone is not None else None
        if gone is not None and mark and self.owner(gone.avatar or "") is None:
            await self._store.drop_image(mark)

    def _all_own(self) -> Iterator[tuple[int, Persona]]:
        return ((guild, persona) for guild, own in self._own.items() for persona in own.values())


def _key(name: str) -> str:
    return name.strip().lstrip("@").casefold()
