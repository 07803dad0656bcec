"""What the people of each server decided."""

import asyncio
from typing import Any

from rooms_bot.ports import GuildSettings, Store


class Servers:
    """All servers' settings, in memory too: who listens may not wait for a database."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._settings: dict[int, GuildSettings] = {}
        self._changing = asyncio.Lock()

    async def load(self) -> None:
        self._settings = {one.guild: one for one in await self._store.all_settings()}

    def of(self, guild: int | None) -> GuildSettings:
        return self._settings.get(guild or 0) or GuildSettings(guild=guild or 0)

    async def save(self, settings: GuildSettings) -> None:
        await self._store.save_settings(settings)
        self._settings[settings.guild] = settings

    def drop(self, guild: int) -> None:
        """It has decided nothing, as far as is known here."""
        self._settings.pop(guild, None)

    async def change(self, guild: int, **changes: Any) -> tuple[GuildSettings, GuildSettings]:
        """Other values for some of a server's settings, whoever else is changing others: as they were, as they are."""
        async with self._changing:
            old = self.of(guild)
            new = GuildSettings.model_validate({**dict(old), **changes})
            await self.save(new)
        return old, new
