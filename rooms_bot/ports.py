"""The seams: each has at least two real implementations."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from pydantic import Field

from rooms_bot.domain.events import Event, Heard, Planned, Tally, Usage
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import Limits, Member, Memory, Place, RoomConfig, Seat
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


Errand = Literal["judging", "notes", "words"]
"""What models are asked besides to take part: whom a message concerns, what was said in short, words for a persona."""


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


@dataclass(frozen=True, slots=True)
class Uttered:
    """A message in which one of our agents speaks, found in the place."""

    post: int
    name: str
    content: str
    """As it stands there."""
    text: str
    """The words of it alone: without what leads to the message it answers."""
    seat: int | None = None
    """Whose name that is; None where nobody of that name sits there any more."""


@dataclass(frozen=True, slots=True)
class Struck:
    """A message that the room knows does not stand there any more."""

    source: int


@dataclass(frozen=True, slots=True)
class Shown:
    """The room's panel, where the room does not know of it."""

    post: int


@dataclass(frozen=True, slots=True)
class Found:
    """Something that was said in the place, and when; a member's with the texts of the files that came with it.

    What the room knows already is `Heard` again where it was edited.
    """

    at: datetime
    what: Heard | Uttered | Struck | Shown
    files: tuple[tuple[str, str], ...] = ()


class Speech(Protocol):
    """One turn's answer on its way into the channel. Where neither `finish` nor `cut` was called, nothing is left.

    What it writes is never cancelled; where the turn is not `wanted` any more nothing further is begun.
    """

    def grow(self, text: str) -> None:
        """The answer so far, whole each time and as it came: uncleaned, and perhaps to become a PASS."""
        ...

    async def finish(self, text: str, pings: Collection[Member] = ()) -> tuple[int, ...]:
        """Let `text`, the whole answer, stand there, `pings` alone being notified; the ids of its messages.

        Raises `OutletGone` where nothing can be posted any more, `PostRefused` where this cannot, or is not wanted.
        """
        ...

    async def cut(self) -> tuple[str, tuple[int, ...]]:
        """The answer will not be finished: what of it stands there, now marked as cut off, and its messages.

        Nothing, where nothing could be seen of it yet, or what stood there was taken back since it cannot be marked.
        Never raises.
        """
        ...

    async def drop(self) -> None:
        """Nobody is to see any more what stands of it. Never raises."""
        ...


Standing = Callable[[tuple[int, ...]], None]
"""Is told the messages in which the beginning of an answer stands, as soon as it does; none where it does no more."""

Wanted = Callable[[], bool]
"""Whether a turn is still being taken."""


def always() -> bool:
    """Nobody stops it."""
    return True


class Outlet(Protocol):
    """Where one room's words go."""

    def delay(self, *, urgent: bool = False) -> float:
        """Seconds until the place lets another turn's post through; 0 if now.

        What people wait for is `urgent`: it may use what is kept free for that.
        """
        ...

    async def post(self, seat: Seat, text: str, pings: Collection[Member] = ()) -> tuple[int, ...]:
        """Post `text` under the seat's name and face, `pings` alone being notified; the ids of its messages.

        Raises `OutletGone` where nothing can be posted any more, `PostRefused` where this cannot.
        """
        ...

    async def show(self, event: Event, room: RoomState) -> int | None:
        """Tell the channel of an event, where it is one that people should see; the message that is now the panel.

        Raises `OutletGone`.
        """
        ...

    async def refresh(self, room: RoomState) -> bool:
        """Bring the panel, the message `room.panel`, up to date; False where that has to wait. Never raises."""
        ...

    async def withdraw(self, posts: Sequence[int]) -> None:
        """Take these messages of agents out of the place again, as far as that can be done. Never raises."""
        ...

    async def since(self, room: RoomState, post: int = 0) -> Sequence[Found]:
        """What members and our agents said there since a minute before this message, or else since the room was opened.

        And what has become of the room's newest messages. Oldest first; of very much the newest. Waits while the place
        cannot be read. Raises `OutletGone`.
        """
        ...

    def speech(
        self,
        seat: Seat,
        planned: Planned,
        room: RoomState,
        standing: Standing,
        wanted: Wanted = always,
        left: Sequence[Uttered] = (),
    ) -> AbstractAsyncContextManager[Speech]:
        """Let the seat take this turn; while it is open, people see that somebody is about to speak.

        `left` is what an earlier process posted of this very turn's answer: `finish` keeps of it what is as it should
        be, mends or takes back the rest, and posts what is missing.
        """
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
    member_role: int | None = None
    """Only members with this role are heard; None hears everyone."""
    muted_role: int | None = None
    """Members with this role are not heard."""
    channels: tuple[int, ...] = ()
    """Where rooms may be opened, a thread counting as its channel; empty is everywhere."""
    heard_bots: Mapping[int, tuple[int, ...]] = Field(default_factory=dict)
    """By channel, the bots and webhooks (user, application or webhook ids) that are heard there."""
    log_channel: int | None = None
    """Where what hosts do, and what was blocked, is written down."""
    blocked_words: tuple[str, ...] = ()
    """What no agent may say here."""
    moderated: bool = False
    """Whether the operator's moderation model looks at what agents say."""
    day: Limits = Limits()
    month: Limits = Limits()
    member: Limits = Limits()
    """Per member and hour."""
    language: str = ""
    """The locale of notices and panels; empty is the one that the server has at Discord."""
    memory: Memory = Memory.EPHEMERAL
    """Where what is said in its rooms is kept, unless who opens one says otherwise."""
    introduced: bool = False
    """Whether somebody has opened a room here before."""


class Spending(Word):
    """What was used in one hour (`hour`: whole hours since the epoch), by one member or, with 0, by all."""

    guild: int
    member: int
    hour: int
    tokens: int = 0
    dollars: float = 0
    unpriced: bool = False
    """Whether calls without a known price came on top of the dollars."""

    def plus(self, more: "Spending") -> "Spending":
        """With what else was used in that hour."""
        return self.model_copy(
            update={
                "tokens": self.tokens + more.tokens,
                "dollars": self.dollars + more.dollars,
                "unpriced": self.unpriced or more.unpriced,
            }
        )


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
    tally: Tally = Tally()
    """Of an ephemeral room; a durable one has its events."""


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

    async def save_tallies(self, tallies: Mapping[int, Tally]) -> None:
        """Overwrite how these rooms stand, by number; unknown rooms are passed over."""
        ...

    async def expire(self, before: datetime) -> int:
        """Remove rooms that have been over since then with all that was said in them; how many that were.

        Also what was spent, and faces and expansions that were last used before.
        """
        ...

    async def forget_guild(self, guild: int) -> None:
        """Remove all that is kept of a server: rooms, profiles, settings, personas with their images, spending."""
        ...

    async def profile(self, guild: int, member: int) -> Profile | None: ...

    async def profiles(self) -> list[Profile]:
        """All profiles, for the start: the listener may not wait for a database."""
        ...

    async def save_profile(self, profile: Profile) -> None: ...

    async def settings(self, guild: int) -> GuildSettings: ...

    async def all_settings(self) -> list[GuildSettings]:
        """Of all servers that have any, for the start."""
        ...

    async def save_settings(self, settings: GuildSettings) -> None: ...

    async def personas(self) -> list[tuple[int, Persona]]:
        """The servers' own personas, each with its server, for the start; in order of name."""
        ...

    async def save_persona(self, guild: int, persona: Persona) -> None:
        """Keep it in the place of one of the same name (in any case)."""
        ...

    async def drop_persona(self, guild: int, name: str) -> None: ...

    async def image(self, digest: str) -> bytes | None:
        """The image with this SHA-256, the face of a server's persona."""
        ...

    async def save_image(self, digest: str, data: bytes) -> None: ...

    async def drop_image(self, digest: str) -> None: ...

    async def spending(self, since: int) -> list[Spending]:
        """All that was used since the hour `since`, for the start."""
        ...

    async def spend(self, spent: Sequence[Spending]) -> None:
        """Add these to what was used."""
        ...

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
