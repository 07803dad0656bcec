"""What servers and their members decided, brought along and used, in a database."""

from collections.abc import Sequence

from sqlalchemy import Connection, and_, delete, insert, select, update

from rooms_bot.domain.personas import Persona
from rooms_bot.ports import GuildSettings, Profile, Spending
from rooms_bot.store.access import Access
from rooms_bot.store.rows import settings_row, to_settings
from rooms_bot.store.schema import guilds, images, personas, profiles, spending


class Servers(Access):
    # People

    async def profile(self, guild: int, member: int) -> Profile | None:
        found = await self._read(select(profiles).where(profiles.c.guild == guild, profiles.c.member == member))
        return Profile.model_validate(dict(found[0])) if found else None

    async def profiles(self) -> list[Profile]:
        return [Profile.model_validate(dict(row)) for row in await self._read(select(profiles))]

    async def save_profile(self, profile: Profile) -> None:
        await self._put(profiles, profile.model_dump(), ("guild", "member"))

    async def settings(self, guild: int) -> GuildSettings:
        found = await self._read(select(guilds).where(guilds.c.guild == guild))
        return to_settings(found[0]) if found else GuildSettings(guild=guild)

    async def all_settings(self) -> list[GuildSettings]:
        return [to_settings(row) for row in await self._read(select(guilds))]

    async def save_settings(self, settings: GuildSettings) -> None:
        await self._put(guilds, settings_row(settings), ("guild",))

    # Servers' personas

    async def personas(self) -> list[tuple[int, Persona]]:
        rows = await self._read(select(personas).order_by(personas.c.guild, personas.c.key))
        return [(row["guild"], Persona.model_validate(row["body"])) for row in rows]

    async def save_persona(self, guild: int, persona: Persona) -> None:
        row = {"guild": guild, "key": persona.name.casefold(), "body": persona.model_dump(mode="json")}
        await self._put(personas, row, ("guild", "key"))

    async def drop_persona(self, guild: int, name: str) -> None:
        gone = delete(personas).where(personas.c.guild == guild, personas.c.key == name.casefold())
        await self._remove(gone)

    async def image(self, digest: str) -> bytes | None:
        found = await self._read(select(images.c.data).where(images.c.digest == digest))
        return bytes(found[0]["data"]) if found else None

    async def save_image(self, digest: str, data: bytes) -> None:
        await self._put(images, {"digest": digest, "data": data}, ("digest",))

    async def drop_image(self, digest: str) -> None:
        gone = delete(images).where(images.c.digest == digest)
        await self._remove(gone)

    # Spending

    async def spending(self, since: int) -> list[Spending]:
        rows = await self._read(select(spending).where(spending.c.hour >= since))
        return [Spending.model_validate(dict(row)) for row in rows]

    async def spend(self, spent: Sequence[Spending]) -> None:
        def add(connection: Connection) -> None:
            for one in spent:
                row = one.model_dump()
                this = and_(*(spending.c[column] == row[column] for column in ("guild", "member", "hour")))
                more = {"tokens": spending.c.tokens + one.tokens, "dollars": spending.c.dollars + one.dollars}
                known = {"unpriced": True} if one.unpriced else {}
                if not (connection.execute(update(spending).where(this).values(more | known))).rowcount:
                    connection.execute(insert(spending), row)

        if spent:
            await self._write(add)
