"""Removes from a database what was said and told: a member's, a server's, and what has grown too old."""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, Text, and_, bindparam, cast, delete, select, update

from rooms_bot.domain.events import Happening
from rooms_bot.store.aging import oldest_hour
from rooms_bot.store.events import Events
from rooms_bot.store.faces import kept
from rooms_bot.store.redaction import Traces, traces
from rooms_bot.store.rows import event_row, forgetting, to_event, to_ms
from rooms_bot.store.schema import events, expansions, faces, guilds, images, personas, profiles, rooms, spending

FEW = 20
"""Rooms removed in one transaction: live ones write in between."""

REPLACE = (
    update(events)
    .where(events.c.room == bindparam("of"), events.c.idx == bindparam("at_index"))
    .values(text=bindparam("words"), body=bindparam("rest"))
)


class Erasure(Events):
    async def redact(self, room: int, member: int) -> None:
        found = await self._traces(room, member)
        await self._replace(room, found.redacted)

    async def forget_member(self, guild: int, member: int) -> None:
        """A room is read while others write; what is left of it is then written in one go."""
        await self._remove(delete(spending).where(spending.c.guild == guild, spending.c.member == member))
        for row in await self._read(select(rooms.c.id, rooms.c.opened_by, rooms.c.tally).where(rooms.c.guild == guild)):
            if (left := forgetting(row, member)) is not None:
                await self._put(rooms, left, ("id",))
            found = await self._traces(row["id"], member)
            if found.names:  # else the room knows nothing of them
                await self._replace(row["id"], found.forgotten)
        await self._leave_nothing(often=True)  # of their profile, too, which was overwritten

    async def forget_guild(self, guild: int) -> None:
        own = set(await self._images(personas.c.guild == guild))
        gone = own - set(await self._images(personas.c.guild != guild))

        def remove(connection: Connection) -> None:
            for table in (rooms, profiles, guilds, personas, spending, faces):
                connection.execute(delete(table).where(table.c.guild == guild))
            connection.execute(delete(images).where(images.c.digest.in_(gone)))

        await self._write(remove)
        await self._leave_nothing()

    async def expire(self, before: datetime) -> int:
        over = and_(rooms.c.open.is_(False), rooms.c.closed_at < to_ms(before))
        count = 0
        while found := [row["id"] for row in await self._read(select(rooms.c.id).where(over).limit(FEW))]:
            # Still over: somebody may have let one go on meanwhile.
            count += await self._remove(delete(rooms).where(over, rooms.c.id.in_(found)))
        if await self._expire_rest(before) or count:
            await self._leave_nothing(often=not count)
        return count

    async def _expire_rest(self, before: datetime) -> int:
        """What belongs to no room; how many rows that were."""
        count = 0
        for table in (faces, expansions):
            count += await self._remove(delete(table).where(table.c.used_at < to_ms(before)))
        hour = oldest_hour(before, datetime.fromtimestamp(self._now(), UTC))
        return count + await self._remove(delete(spending).where(spending.c.hour < hour))

    async def _images(self, which: ColumnElement[bool]) -> list[str]:
        avatars = (row["body"].get("avatar") for row in await self._read(select(personas.c.body).where(which)))
        return [digest for avatar in avatars if (digest := kept(avatar)) is not None]

    async def _traces(self, room: int, member: int) -> Traces:
        naming = cast(events.c.body, Text).contains(str(member))
        wanted = select(events).where(events.c.room == room, naming).order_by(events.c.idx)
        return traces((to_event(row) for row in await self._read(wanted)), member)

    async def _replace(self, room: int, left: Callable[[Happening], Happening]) -> None:
        """Overwrite each of the room's events with what is `left` of it."""
        rows = []
        async for event in self.events(room):
            if (what := left(event.what)) != event.what:
                row = event_row(room, event.model_copy(update={"what": what}))
                rows.append({"of": room, "at_index": event.index, "words": row["text"], "rest": row["body"]})
        if rows:
            await self._overwrite(lambda connection: connection.execute(REPLACE, rows).close())
