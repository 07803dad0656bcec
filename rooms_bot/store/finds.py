"""What was once made for a persona and need not be made again: its face's address, the words that call for it."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, func, select, update

from rooms_bot.store.access import Access
from rooms_bot.store.schema import expansions, faces


class Finds(Access):
    # Expansions

    async def expansion(self, card: str) -> tuple[str, ...] | None:
        this = expansions.c.card == card

        def use(connection: Connection) -> Sequence[str] | None:
            connection.execute(update(expansions).where(this).values(used_at=self._now_ms()))
            return (connection.execute(select(expansions.c.words).where(this))).scalar()

        found = await self._write(use)
        return None if found is None else tuple(found)

    async def save_expansion(self, card: str, words: Sequence[str]) -> None:
        await self._put(expansions, {"card": card, "words": list(words), "used_at": self._now_ms()}, ("card",))

    # Faces

    async def face(self, digest: str) -> str | None:
        this = faces.c.digest == digest

        def use(connection: Connection) -> str | None:
            connection.execute(update(faces).where(this).values(used_at=self._now_ms()))
            return (connection.execute(select(faces.c.url).where(this))).scalar()

        return await self._write(use)

    async def save_face(self, digest: str, emoji: int, url: str, guild: int | None) -> None:
        row = {"digest": digest, "emoji": emoji, "url": url, "guild": guild, "used_at": self._now_ms()}
        await self._put(faces, row, ("digest",))

    async def oldest_face(self, guild: int, keep: int) -> tuple[str, int] | None:
        owned = faces.c.guild == guild
        count = select(func.count()).where(owned).scalar_subquery()
        oldest = select(faces).where(owned, count > keep).order_by(faces.c.used_at, faces.c.digest).limit(1)
        found = await self._read(oldest)
        return (found[0]["digest"], found[0]["emoji"]) if found else None

    async def drop_face(self, digest: str) -> None:
        gone = delete(faces).where(faces.c.digest == digest)
        await self._remove(gone)
