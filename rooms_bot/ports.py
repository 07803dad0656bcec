"""The seams: each has at least two real implementations."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from pydantic import Field

from rooms_bot.domain.events import Event, Usage
from rooms_bot.domain.rooms import Member, Place, RoomConfig, Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.domain.talk import Ranking
from rooms_bot.domain.words import Word


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat request, as the OpenAI-compatible APIs have it."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Request:
    """What an agent is sent for one turn. `timeout` is seconds for the whole answer."""

    seat: Seat
    model: str
    messages: tuple[Message, ...]
    """The system message first, then the window of the transcript, oldest first."""
    stop: tuple[str, ...] = ()
    temperature: float | None = None
    max_tokens: int | None = None
    timeout: float = 60
    tries: int = 2
    """How often it may be sent in that time, where trouble may pass."""
    estimate: int = 0
    """About how many tokens `messages` are."""
    room: RoomState | None = None
    """The room itself, for agents that are no models; only to be read."""


class Agent(Protocol):
    """What thinks for a seat."""

    def stream(self, request: Request) -> AsyncGenerator[str | Usage, None]:
        """The answer as it comes: pieces of text, then at most one `Usage`. Raises `AgentError`."""
        ...


class Selector(Protocol):
    """Judges whom the newest message concerns, where its words alone leave that open."""

    async def rank(self, room: RoomState, ranking: Ranking) -> Ranking:
        """A better ranking than this one, or this one where there is none to be had; never raises, and soon."""
        ...


Draft = Callable[[str], None]
"""Is told an answer as it grows, whole each time and as it came: uncleaned, and perhaps to become a PASS."""


class Outlet(Protocol):
    """Where one room's words go."""

    def delay(self) -> float:
        """Seconds until the place lets another post through; 0 if now."""
        ...

    async def post(self, seat: Seat, text: str, pings: Collection[Member] = ()) -> tuple[int, ...]:
        """Post `text` under the seat's name and face, `pings` alone being notified; the ids of its messages.

        Raises `OutletGone` where nothing can be posted any more, `PostRefused` where this cannot.
        """
        ...

    async def show(self, event: Event, room: RoomState) -> None:
        """Tell the channel of an event, where it is one that people should see. Raises `OutletGone`."""
        ...

    def thinking(self, seat: Seat) -> AbstractAsyncContextManager[Draft]:
        """While it is open, people see that somebody is about to speak."""
        ...


class Profile(Word):
    """What a member wants agents to know, per server; an `ignored` member is neither kept nor passed on."""

    guild: int
    member: int
    name: str = Field(default="", max_length=80)
    background: str = Field(default="", max_length=1000)
    ignored: bool = False


class GuildSettings(Word):
    """What the people of one server decided."""

    guild: int
    host_role: int | None = None
    """Members with this role may start and steer rooms, besides those who may manage channels."""


class RoomRecord(Word):
    """A room's row: its configuration. What happens in it is in its events."""

    id: int
    place: Place
    config: RoomConfig
    moderator: Seat
    seats: tuple[Seat, ...]
    opened_by: Member
    opened_at: datetime
    open: bool = True


class Journal(Protocol):
    """Rooms' events. Indexes are per room, from 0, without a gap."""

    async def append(self, room: int, events: Sequence[Event]) -> None:
        """Keep these; on return they are as safe as this journal makes them."""
        ...

    def events(self, room: int, after: int = -1) -> AsyncIterator[Event]:
        """The room's events with an index above `after`, in order."""
        ...

    async def rewrite(self, room: int, texts: Mapping[int, str]) -> None:
        """Overwrite what was said in these events (by index); with nothing, what was thought before it too."""
        ...

    async def forget(self, room: int) -> None:
        """Remove all of a room's events."""
        ...

    async def redact(self, room: int, member: int) -> None:
        """Overwrite this member's name and background wherever the room's events have them."""
        ...


class Store(Journal, Protocol):
    """All that is kept: the journal of durable rooms, and configuration."""

    async def open_room(self, record: RoomRecord) -> int:
        """Keep a new room's row and return the id it got; `record.id` is ignored."""
        ...

    async def save_room(self, record: RoomRecord) -> None:
        """Overwrite a room's row."""
        ...

    async def open_rooms(self) -> list[RoomRecord]: ...

    async def profile(self, guild: int, member: int) -> Profile | None: ...

    async def profiles(self) -> list[Profile]:
        """All profiles, for the start: the listener may not wait for a database."""
        ...

    async def save_profile(self, profile: Profile) -> None: ...

    async def settings(self, guild: int) -> GuildSettings: ...

    async def save_settings(self, settings: GuildSettings) -> None: ...

    async def face(self, digest: str) -> str | None:
        """The address of the application emoji made of the image with this SHA-256, and note that it was used."""
        ...

    async def expansion(self, card: str) -> tuple[str, ...] | None:
        """The words found for the persona whose card has this SHA-256; None where nobody has looked."""
        ...

    async def save_expansion(self, card: str, words: Sequence[str]) -> None: ...

    async def forget_member(self, guild: int, member: int) -> None:
        """Overwrite what this member said in this server's rooms and told of themself, and what was made of it."""
        ...

    async def save_face(self, digest: str, emoji: int, url: str, guild: int | None) -> None: ...

    async def oldest_face(self, guild: int, keep: int) -> tuple[str, int] | None:
        """(digest, emoji id) of the server's least recently used face if it has more than `keep`."""
        ...

    async def drop_face(self, digest: str) -> None: ...
