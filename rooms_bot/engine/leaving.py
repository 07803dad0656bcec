"""A server's people want nothing kept of them: its rooms end, and then all that is kept of it is removed."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from rooms_bot.domain.events import Closed, Happening
from rooms_bot.domain.rooms import Member
from rooms_bot.domain.state import RoomState
from rooms_bot.domain.talk import Phase
from rooms_bot.engine.commands import Command, unserved
from rooms_bot.engine.house import House
from rooms_bot.engine.room import Room
from rooms_bot.engine.shelf import Shelf
from rooms_bot.errors import Refused
from rooms_bot.i18n import N_
from rooms_bot.ports import Store

PATIENCE = 30.0
"""Seconds that rooms have to finish a running post and to tell their channel; then only the post is finished."""
ERASED = N_("those who manage the server have all that the bot kept of it deleted")
"""Completes “This room is over, since …”."""
AT_IT = N_("All that is kept of this server is being deleted already.")


@dataclass(frozen=True, slots=True)
class Removed:
    """How much of what was in memory is gone; how many rooms were kept that are long over is not counted."""

    rooms: int
    profiles: int
    personas: int


class Leaving:
    """Removes servers. `first` removes what a server has at Discord, while the store still knows of it."""

    def __init__(self, house: House, store: Store, shelf: Shelf, first: Callable[[int], Awaitable[None]]) -> None:
        self._house, self._store, self._shelf, self._first = house, store, shelf, first

    async def forget_guild(self, guild: int, by: Member) -> Removed:
        """End the server's rooms and remove all that is kept of it; no room opens there meanwhile.

        Raises `Refused` where somebody else is at it or a room cannot end now, and what `first` and the store raise:
        then it can be done again.
        """
        if guild in self._house.closed_to:
            raise Refused(AT_IT)
        self._house.require_all_awake(guild)
        self._house.closed_to.add(guild)
        try:
            rooms = [room for room in self._house.rooms() if room.state.opened.place.guild == guild]
            live = sum(not room.over for room in rooms)
            await _end(rooms, by)
            await self._first(guild)
            self._house.quotas.drop(guild)  # what is not written yet would be written afterwards
            await self._store.forget_guild(guild)
            return self._let_go(guild, live)
        finally:
            self._house.closed_to.discard(guild)

    def _let_go(self, guild: int, rooms: int) -> Removed:
        """What is in memory goes too."""
        house = self._house
        house.servers.drop(guild)
        return Removed(rooms, house.people.drop(guild), self._shelf.drop_all(guild))


async def _end(rooms: Sequence[Room], by: Member) -> None:
    """Returns once the rooms' tasks are over, and nothing of them is in memory. Raises `Refused` where one goes on."""
    for room in rooms:
        try:
            await room.do(erase(by))
        except Refused:
            if not room.over:
                raise
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            await _gone(rooms)
    for room in rooms:
        room.leave()
    await _gone(rooms)


async def _gone(rooms: Iterable[Room]) -> None:
    for room in rooms:
        await room.gone.wait()


def erase(by: Member) -> Command:
    """The room is over at once, and what was said in it is kept no longer; one that was over tells nobody."""

    def act(room: RoomState) -> Sequence[Happening]:
        if room.phase is Phase.CLOSED:
            return (Closed(reason="discarded", by=by),)
        return (Closed(reason="discarded", by=by, because=ERASED, unserved=unserved(room)),)

    return act
