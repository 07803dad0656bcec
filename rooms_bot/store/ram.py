"""A store that forgets with the process: the journal of ephemeral rooms, and a whole store for tests and trials."""

import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import itemgetter

from rooms_bot.domain.events import Event, Tally
from rooms_bot.domain.personas import Persona
from rooms_bot.ports import GuildSettings, Profile, RoomRecord, Spending
from rooms_bot.store.aging import oldest_hour
from rooms_bot.store.faces import kept
from rooms_bot.store.failures import Misplaced, NoSuchRoom
from rooms_bot.store.redaction import traces, without


@dataclass(slots=True)
class Face:
    emoji: int
    url: str
    guild: int | None
    used: float


@dataclass(slots=True)
class Expansion:
    words: tuple[str, ...]
    used: float


class RamStore:
    """Everything in dictionaries. Rooms need no row here to have events: the row may be in another store."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._events: dict[int, list[Event]] = {}
        self._rooms: dict[int, RoomRecord] = {}
        self._opened = 0
        self._profiles: dict[tuple[int, int], Profile] = {}
        self._settings: dict[int, GuildSettings] = {}
        self._faces: dict[str, Face] = {}
        self._expansions: dict[str, Expansion] = {}
        self._closed: dict[int, float] = {}
        self._personas: dict[tuple[int, str], Persona] = {}
        self._images: dict[str, bytes] = {}
        self._spending: dict[tuple[int, int, int], Spending] = {}

    # Events

    async def append(self, room: int, events: Sequence[Event]) -> None:
        told = self._events.get(room, [])
        for place, event in enumerate(events, len(told)):
            if event.index != place:
                raise Misplaced(room, event.index)
        self._events.setdefault(room, told).extend(events)

    async def events(self, room: int, after: int = -1) -> AsyncIterator[Event]:
        place = max(after + 1, 0)
        while place < len(told := self._events.get(room, [])):
            yield told[place]
            place += 1

    async def rewrite(self, room: int, texts: Mapping[int, str]) -> None:
        told = self._events.get(room, [])
        for index, text in texts.items():
            if 0 <= index < len(told):
                what = told[index].what
                new = {"text": text} if text else {"text": "", "thought": ""}
                own = {name: value for name, value in new.items() if name in type(what).model_fields}
                told[index] = told[index].model_copy(update={"what": what.model_copy(update=own)})

    async def forget(self, room: int) -> None:
        self._events.pop(room, None)

    async def redact(self, room: int, member: int) -> None:
        told = self._events.get(room, [])
        found = traces(told, member)
        told[:] = [event.model_copy(update={"what": found.redacted(event.what)}) for event in told]

    # Rooms

    async def open_room(self, record: RoomRecord) -> int:
        self._opened += 1
        number = self._opened
        self._rooms[number] = record.model_copy(update={"id": number})
        return number

    async def save_room(self, record: RoomRecord) -> None:
        if record.id not in self._rooms:
            raise NoSuchRoom(record.id)
        self._rooms[record.id] = record
        if record.open:
            self._closed.pop(record.id, None)
        else:
            self._closed.setdefault(record.id, self._now())

    async def save_tallies(self, tallies: Mapping[int, Tally]) -> None:
        for number in tallies.keys() & self._rooms.keys():
            self._rooms[number] = self._rooms[number].model_copy(update={"tally": tallies[number]})

    async def expire(self, before: datetime) -> int:
        at = before.timestamp()
        over = [number for number, closed in self._closed.items() if closed < at]
        for number in over:
            self._remove(number)
        self._faces = {digest: face for digest, face in self._faces.items() if face.used >= at}
        self._expansions = {card: words for card, words in self._expansions.items() if words.used >= at}
        hour = oldest_hour(before, datetime.fromtimestamp(self._now(), UTC))
        self._spending = {key: one for key, one in self._spending.items() if one.hour >= hour}
        return len(over)

    def _remove(self, number: int) -> None:
        del self._rooms[number]
        self._closed.pop(number, None)
        self._events.pop(number, None)

    async def open_rooms(self) -> list[RoomRecord]:
        return [record for record in self._rooms.values() if record.open]

    # People

    async def profile(self, guild: int, member: int) -> Profile | None:
        return self._profiles.get((guild, member))

    async def profiles(self) -> list[Profile]:
        return list(self._profiles.values())

    async def save_profile(self, profile: Profile) -> None:
        self._profiles[profile.guild, profile.member] = profile

    async def settings(self, guild: int) -> GuildSettings:
        return self._settings.get(guild, GuildSettings(guild=guild))

    async def all_settings(self) -> list[GuildSettings]:
        return list(self._settings.values())

    async def save_settings(self, settings: GuildSettings) -> None:
        self._settings[settings.guild] = settings

    # Servers' personas

    async def personas(self) -> list[tuple[int, Persona]]:
        return [(guild, persona) for (guild, _), persona in sorted(self._personas.items(), key=itemgetter(0))]

    async def save_persona(self, guild: int, persona: Persona) -> None:
        self._personas[guild, persona.name.casefold()] = persona

    async def drop_persona(self, guild: int, name: str) -> None:
        self._personas.pop((guild, name.casefold()), None)

    async def image(self, digest: str) -> bytes | None:
        return self._images.get(digest)

    async def save_image(self, digest: str, data: bytes) -> None:
        self._images[digest] = data

    async def drop_image(self, digest: str) -> None:
        self._images.pop(digest, None)

    # Spending

    async def spending(self, since: int) -> list[Spending]:
        return [one for one in self._spending.values() if one.hour >= since]

    async def spend(self, spent: Sequence[Spending]) -> None:
        for one in spent:
            key = (one.guild, one.member, one.hour)
            old = self._spending.get(key)
            self._spending[key] = old.plus(one) if old is not None else one

    async def forget_member(self, guild: int, member: int) -> None:
        self._spending = {key: one for key, one in self._spending.items() if key[:2] != (guild, member)}
        for number, record in self._rooms.items():
            if record.place.guild == guild:
                self._rooms[number] = without(record, member)
                told = self._events.get(number, [])
                found = traces(told, member)
                told[:] = [event.model_copy(update={"what": found.forgotten(event.what)}) for event in told]

    async def forget_guild(self, guild: int) -> None:
        for number in [number for number, record in self._rooms.items() if record.place.guild == guild]:
            self._remove(number)
        self._settings.pop(guild, None)
        self._profiles = {key: one for key, one in self._profiles.items() if key[0] != guild}
        self._spending = {key: one for key, one in self._spending.items() if key[0] != guild}
        self._faces = {digest: face for digest, face in self._faces.items() if face.guild != guild}
        own = {kept(persona.avatar) for key, persona in self._personas.items() if key[0] == guild}
        self._personas = {key: one for key, one in self._personas.items() if key[0] != guild}
        own -= {kept(persona.avatar) for persona in self._personas.values()}
        self._images = {digest: data for digest, data in self._images.items() if digest not in own}

    # Expansions

    async def expansion(self, card: str) -> tuple[str, ...] | None:
        if (found := self._expansions.get(card)) is None:
            return None
        found.used = self._now()
        return found.words

    async def save_expansion(self, card: str, words: Sequence[str]) -> None:
        self._expansions[card] = Expansion(tuple(words), self._now())

    # Faces

    async def face(self, digest: str) -> str | None:
        face = self._faces.get(digest)
        if face is None:
            return None
        face.used = self._now()
        return face.url

    async def save_face(self, digest: str, emoji: int, url: str, guild: int | None) -> None:
        self._faces[digest] = Face(emoji, url, guild, self._now())

    async def oldest_face(self, guild: int, keep: int) -> tuple[str, int] | None:
        owned = [(face.used, digest, face.emoji) for digest, face in self._faces.items() if face.guild == guild]
        if len(owned) <= keep:
            return None
        _, digest, emoji = min(owned)
        return digest, emoji

    async def drop_face(self, digest: str) -> None:
        self._faces.pop(digest, None)
