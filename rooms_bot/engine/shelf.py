"""The personas that a server can choose from: its own, and the operator's where it has none of that name."""

from collections.abc import Mapping

from rooms_bot.domain.personas import Persona
from rooms_bot.ports import Store


class Shelf:
    """All servers' own personas, in memory too: names are completed while people type."""

    def __init__(self, shared: Mapping[str, Persona], store: Store) -> None:
        self.shared = shared
        """The operator's, by casefolded name."""
        self._store = store
        self._own: dict[int, dict[str, Persona]] = {}

    async def load(self) -> None:
        self._own = {}
        for guild, persona in await self._store.personas():
            self._own.setdefault(guild, {})[persona.name.casefold()] = persona

    def own(self, guild: int | None) -> list[Persona]:
        """Those that are the server's alone."""
        return list(self._own.get(guild or 0, {}).values())

    def all(self, guild: int | None) -> list[Persona]:
        own = self._own.get(guild or 0, {})
        return [*own.values(), *(persona for key, persona in self.shared.items() if key not in own)]

    def names(self, guild: int | None) -> list[str]:
        return [persona.name for persona in self.all(guild)]

    def get(self, guild: int | None, name: str) -> Persona | None:
        """By its name, in any case."""
        key = name.strip().lstrip("@").casefold()
        return self._own.get(guild or 0, {}).get(key) or self.shared.get(key)

    async def save(self, guild: int, persona: Persona) -> None:
        await self._store.save_persona(guild, persona)
        self._own.setdefault(guild, {})[persona.name.casefold()] = persona

    async def drop(self, guild: int, name: str) -> None:
        await self._store.drop_persona(guild, name)
        self._own.get(guild, {}).pop(name.casefold(), None)
