"""All rooms of the bot: the one owner of their tasks."""

import asyncio
import itertools
import logging
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from functools import partial
from types import TracebackType
from typing import Self

from rooms_bot.clock import Clock
from rooms_bot.domain.events import Closed, Event, Happening, Heard, Opened, Tally, now_ms
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import MAX_SEATS, Member, Memory, Place, RoomConfig, Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.engine import commands
from rooms_bot.engine.beginning import beginning, seated
from rooms_bot.engine.expansions import Expansions
from rooms_bot.engine.floor import Minds
from rooms_bot.engine.parts import Parts
from rooms_bot.engine.people import People
from rooms_bot.engine.quotas import Quotas
from rooms_bot.engine.room import Room
from rooms_bot.engine.rows import Rows
from rooms_bot.engine.servers import Servers
from rooms_bot.errors import Refused, RoomsError
from rooms_bot.i18n import N_, speak
from rooms_bot.ports import Journal, Outlet, RoomRecord, Store

log = logging.getLogger(__name__)

NO_ROOM = N_("No room is open here. `/room start` opens one.")
STARTING = N_("The bot has just been started and is still reading this room. Please try again in a moment.")
ENDING = N_("The bot is about to restart. Please try again in a moment.")
LEAVING = N_("All that is kept of this server is being deleted. Please try again in a moment.")
GRACE = 8
"""Seconds that rooms have to finish a running post when the program ends; all of it is promised within 10."""
LONGEST_PAUSE = 30.0
"""Seconds between two tries where a room met a fault; the first pauses are 2, 4, 8 …"""
STEADY = 300.0
"""Seconds after which a fault is not counted with those before it."""
PATIENCE = 1
"""Seconds, of the same, for reading what is read at that moment."""


class House:
    """Opens rooms and finds them again; `async with` it for as long as rooms should live.

    `store` keeps configuration and durable rooms, `memory` the events of ephemeral ones.
    """

    def __init__(
        self, store: Store, memory: Journal, outlets: Callable[[Place, int], Outlet], minds: Minds, clock: Clock
    ) -> None:
        self._store, self._memory, self._outlets, self._minds, self._clock = store, memory, outlets, minds, clock
        self._rooms: dict[int, Room] = {}
        self._by_channel: dict[int, Room] = {}
        self._asleep: dict[int, RoomRecord] = {}
        """By number, the rooms of an earlier process that have not been woken yet."""
        self._opening: dict[int, int] = {}
        """Channel to the room that is to go on there, or 0 where it is a new one."""
        self._waking = asyncio.Lock()
        self._ending = False
        self.closed_to: set[int] = set()
        """Servers in which no room begins now, since all that is kept of them is being removed."""
        self.people, self.servers = People(store), Servers(store)
        self.quotas = Quotas(store, self.servers, clock)
        self._rows, self._words = Rows(store, clock), Expansions(store, minds)

    async def __aenter__(self) -> Self:
        await self.people.load()
        await self.servers.load()
        self._asleep = {record.id: record for record in await self._store.open_rooms()}
        await self.quotas.__aenter__()
        await self._rows.__aenter__()
        self._tasks = await asyncio.TaskGroup().__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending = True
        for room in self._rooms.values():
            room.leave()
        try:
            async with asyncio.timeout(GRACE):
                await self._tasks.__aexit__(kind, error, trace)
        except TimeoutError:
            log.warning("some rooms did not finish within %d s and were cut off", GRACE)
        finally:
            await self._await_waking()
            await self._rows.__aexit__(kind, error, trace)
            await self.quotas.__aexit__(kind, error, trace)

    async def _await_waking(self) -> None:
        """Who wakes rooms still reads from the store, which is closed after this."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE), self._waking:
                return

    # Rooms

    async def open(
        self,
        place: Place,
        config: RoomConfig,
        personas: Sequence[Persona],
        moderator: Persona,
        by: Member,
        people: Collection[str] = (),
    ) -> Room:
        """Open a room and let it begin. Raises `Refused` where one is open, or with too many or no agents.

        No agent gets a name that looks like one of `people`'s.
        Of two who open one at the same moment the second is refused: nothing
        is awaited between looking for a room and claiming the channel.
        """
        if self._ending:
            raise Refused(ENDING)
        if place.guild in self.closed_to:
            raise Refused(LEAVING)
        self._require_awake(place.channel)
        if place.channel in self._opening or self._live(place.channel):
            raise Refused("A room is open here already. `/room stop` ends it.")
        if not 1 <= len(personas) <= MAX_SEATS:
            raise Refused("A room has between one and {most} agents.", most=MAX_SEATS)
        self._opening[place.channel] = 0
        try:
            return await self._open(
                place,
                config,
                *seated(personas, moderator, (by.name, self.people.known(place.guild, by).name, *people)),
                self.people.known(place.guild, by),
            )
        finally:
            self._opening.pop(place.channel, None)

    async def _open(self, place: Place, config: RoomConfig, seats: Sequence[Seat], moderator: Seat, by: Member) -> Room:
        at = now_ms(self._clock.now())
        record = RoomRecord(
            id=0,
            place=place,
            config=config,
            moderator=moderator,
            seats=tuple(seats),
            opened_by=by,
            opened_at=at,
            tally=Tally(allowed=config.turns),
        )
        record = record.model_copy(update={"id": await self._store.open_room(record)})
        events = beginning(record)
        await self._journal(config).append(record.id, events)
        room = self._build(record.id, events)
        room.announce(events[0])
        self._start(room)
        return room

    async def wake(self) -> None:
        """At every new connection: rooms of an earlier process go on, and those that live hear what they missed.

        Of ephemeral ones what was said is read again from their channels. Where the database fails it is tried again.
        """
        for room in self.rooms():
            room.catch_up()
        async with self._waking:
            for number, record in list(self._asleep.items()):
                await self._rouse(record)
                del self._asleep[number]

    async def _rouse(self, record: RoomRecord) -> None:
        """One whose events cannot be read costs no other room anything."""
        for attempt in itertools.count():
            try:
                await self._wake(record)
                return
            except RoomsError as error:
                log.warning("room %s could not be woken: %s", record.id, error)
                await self._clock.sleep(min(LONGEST_PAUSE, 2**attempt))
            except ValueError:
                log.exception("room %s cannot be read and stays asleep; `rooms-bot db check` says more", record.id)
                return

    async def _wake(self, record: RoomRecord) -> None:
        """A durable room without events was cut off while it was opened: it is over before it began."""
        durable = record.config.memory is Memory.DURABLE
        events = [event async for event in self._store.events(record.id)] if durable else beginning(record)
        if self._ending:
            return  # it is woken after the next start
        if not events:
            await self._end(record)
            return
        if not durable:
            await self._memory.append(record.id, events)
        self._revive(record.id, events, None if durable else record.tally, over=True)

    async def _end(self, record: RoomRecord) -> None:
        events = beginning(record)
        end = Event(index=len(events), at=now_ms(self._clock.now()), what=Closed(reason="restarted"))
        await self._store.save_room(record.model_copy(update={"open": False}))
        room = self._build(record.id, [*events, end])
        room.announce(end)
        if not self._ending:
            self._start(room)

    def _build(self, number: int, events: Sequence[Event]) -> Room:
        opened = events[0].what
        if not isinstance(opened, Opened):
            raise ValueError(f"the events of room {number} do not begin with its opening")
        outlet, journal = self._outlets(opened.place, number), self._journal(opened.config)
        parts = Parts(
            journal,
            outlet,
            self._minds,
            self._clock,
            self.quotas,
            self._rows,
            self._words.of,
            partial(self._admit, opened.place.guild),
        )
        return Room(number, events, parts)

    def _journal(self, config: RoomConfig) -> Journal:
        return self._store if config.memory is Memory.DURABLE else self._memory

    def _start(self, room: Room) -> None:
        """Raises `Refused` once the house is ending: it has no tasks any more."""
        if self._ending:
            raise Refused(ENDING)
        if room.state.opened.place.guild in self.closed_to:
            raise Refused(LEAVING)
        self._rooms[room.id] = self._by_channel[room.state.opened.place.channel] = room
        room.listens = True
        self._tasks.create_task(self._keep_alive(room), name=f"room {room.id}")

    async def _keep_alive(self, room: Room) -> None:
        """Run the room's task to its end, whatever goes wrong in it; in English, whoever opened the room."""
        speak(None)
        faults, ours, since = 0, False, self._clock.now()
        while True:
            try:
                if faults:
                    await room.recover(ours=ours)
                await room.run()
                await self._forget(room)
                return
            except Exception as error:  # the room's boundary: a fault in one room must reach no other
                ours = not _is_database(error)
                faults = faults + 1 if self._clock.now() - since < STEADY else 1
                log.error("room %s met a fault (%d so far) and goes on", room.id, faults, exc_info=error)
                if room.leaving:  # what it was about is taken up after the next start
                    self._let_go(room)
                    return
                await room.rest(min(LONGEST_PAUSE, 2**faults))
                since = self._clock.now()

    async def _forget(self, room: Room) -> None:
        """A room whose task has ended: nothing of an ephemeral one is left."""
        if room.state.config.memory is Memory.EPHEMERAL or _is_discarded(room):
            await self._journal(room.state.config).forget(room.id)
        self._let_go(room)

    def _let_go(self, room: Room) -> None:
        channel = room.state.opened.place.channel
        del self._rooms[room.id]
        if self._by_channel.get(channel) is room:
            del self._by_channel[channel]
        room.gone.set()

    # Finding them

    def room(self, channel: int | None) -> Room:
        """The room of a channel, also for a while after its end. Raises `Refused` where there is none."""
        self._require_awake(channel)
        room = self._by_channel.get(channel or 0)
        if room is None:
            raise Refused(NO_ROOM)
        if room.returning:
            raise Refused(STARTING)
        return room

    def _require_awake(self, channel: int | None) -> None:
        """Raises `Refused` where a room is that an earlier process had, and that is not there yet."""
        if any(record.place.channel == channel for record in self._asleep.values()):
            raise Refused(STARTING)

    def require_all_awake(self, guild: int) -> None:
        """Raises `Refused` where a room of this server is not there yet: what is in all of them is to be changed."""
        returning = any(room.returning and room.state.opened.place.guild == guild for room in self.rooms())
        if returning or any(record.place.guild == guild for record in self._asleep.values()):
            raise Refused(STARTING)

    async def find(self, number: int) -> Room:
        """The room a button belongs to, out of the database if need be. Raises `Refused` once it is not kept.

        One that is over comes only to be read, and to be extended.
        """
        if number in self._asleep:
            raise Refused(STARTING)
        if number not in self._rooms:
            events = [event async for event in self._store.events(number)]
            if number not in self._rooms:
                return self._revive(number, events)
        return self._rooms[number]

    def _revive(self, number: int, events: Sequence[Event], tally: Tally | None = None, *, over: bool = False) -> Room:
        """A room of an earlier process; one that is `over` is run too where it may not have come to its end."""
        if not events:
            raise Refused("That room is over, and what was said in it is no longer kept.")
        room = self._build(number, events)
        room.was_away, room.tally = over or not room.over, tally
        if over or not room.over:
            self._start(room)
        return room

    def rooms(self) -> Sequence[Room]:
        """All that are kept, in order of opening."""
        return list(self._rooms.values())

    def knowing(self, channel: int, source: int) -> Room | None:
        """The room in this channel that a message is part of, or is becoming, as long as it is kept.

        While an answer is posted any message may be part of it: which are, its room knows once all of them stand.
        """
        here = [room for room in self._rooms.values() if room.state.opened.place.channel == channel]
        known = [room for room in here if room.state.knows(source) or source in room.state.standing]
        return next(iter([*known, *(room for room in here if room.state.speaking)]), None)

    def _live(self, channel: int) -> bool:
        room = self._by_channel.get(channel)
        return room is not None and not room.over

    # What reaches them

    def hear(self, channel: int, heard: Heard) -> bool:
        """Queue `heard` for its room; False if no room is open there, its author is not heard, or too much waits.

        Not a coroutine on purpose: see `Room.hear`.
        """
        room = self._by_channel.get(channel)
        if room is None or room.over:
            return False
        guild = room.state.opened.place.guild
        admitted = self._admit(guild, heard)
        if admitted is None:
            return False
        if not room.hear(admitted):
            return False
        heeded = self.quotas.heeds(guild, admitted.member.id)
        if not heeded and (told := self.quotas.dismissal(room.id, guild, admitted.member)):
            room.put(lambda _: (told,))
        return True

    def _admit(self, guild: int, heard: Heard) -> Heard | None:
        """What is heard of it, by whom it is known there; nothing where its author wishes that."""
        if self.people.profile(guild, heard.member.id).ignored:
            return None
        member = self.people.known(guild, heard.member)
        unheeded = heard.unheeded or not self.quotas.heeds(guild, member.id)
        return heard.model_copy(update={"member": member, "unheeded": unheeded})

    def edited(self, channel: int, source: int, text: str) -> None:
        """A message reads differently now; what its author does not want to be heard any more is gone from the room."""

        def act(state: RoomState) -> Sequence[Happening]:
            line = state.line(source)
            who = line.member if line is not None else None
            ignored = who is not None and self.people.profile(state.opened.place.guild, who).ignored
            return (commands.delete(source) if ignored else commands.edit(source, text))(state)

        if room := self._by_channel.get(channel):
            room.put(act)

    def attached(self, channel: int, source: int, name: str, text: str) -> None:
        """The text of a file that came with a message; empty where it could not be read."""
        if room := self._by_channel.get(channel):
            room.put(commands.attach(source, name, text))

    def deleted(self, channel: int, source: int) -> None:
        """A message is gone from its channel."""
        if room := self._by_channel.get(channel):
            room.put(commands.delete(source), vital=True)

    def vanished(self, channel: int, because: str) -> None:
        """The channel or thread is lost, and with it its room; a channel takes the rooms in its threads along.

        `because` completes the sentence "This room is over, since …", in English.
        """
        for room in self._rooms.values():
            if channel in (room.state.opened.place.channel, room.state.opened.place.parent):
                room.put(commands.vanish(because), vital=True)

    def left(self, guild: int, because: str) -> None:
        """The server is lost, and with it all rooms in it."""
        for room in self._rooms.values():
            if room.state.opened.place.guild == guild:
                room.put(commands.vanish(because), vital=True)

    async def extend(self, room: Room, by: Member) -> None:
        """Let a room that is over go on for as many turns again, unless another is open there now."""
        channel, room = room.state.opened.place.channel, self._rooms.get(room.id, room)
        elsewhere = self._by_channel.get(channel) is not room and self._live(channel)
        if elsewhere or self._opening.get(channel, room.id) != room.id:
            raise Refused("Another room is open here now.")
        self._opening[channel] = room.id
        try:
            if room.id not in self._rooms:
                self._start(room)
            await room.do(commands.extend(by))
            self._by_channel[channel] = room
        finally:
            self._opening.pop(channel, None)

    async def discard(self, room: Room, by: Member) -> None:
        """What was said in a room that is over is forgotten, also in the database."""
        if room.id in self._rooms:
            await room.do(commands.discard(by))
        else:
            await self._journal(room.state.config).forget(room.id)

    # Members

    async def forget_member(self, guild: int, member: int) -> None:
        """Delete a member's profile and what they said in this server's rooms; that they are ignored stays."""
        self.require_all_awake(guild)
        await self.people.forget(guild, member)
        for room in self.rooms():
            if room.state.opened.place.guild == guild and room.listens:
                with suppress(Refused):  # one that ended this moment
                    await room.do(commands.forget(member))
        await self._store.forget_member(guild, member)


def _is_database(error: BaseException) -> bool:
    """Whether nothing is wrong but that something could not be kept."""
    if isinstance(error, BaseExceptionGroup):
        return all(_is_database(one) for one in error.exceptions)
    return isinstance(error, RoomsError)


def _is_discarded(room: Room) -> bool:
    return room.state.closed is not None and room.state.closed.reason == "discarded"
