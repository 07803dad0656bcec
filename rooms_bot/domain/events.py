"""Everything that can happen in a room: a room is the list of these, in order, and nothing else."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, model_serializer, model_validator

from rooms_bot.domain.rooms import Member, Place, RoomConfig, Seat
from rooms_bot.domain.words import Word


class Why(StrEnum):
    """Why an agent was given a turn."""

    ASKED = "asked"  # a member addressed it
    HANDED = "handed"  # another agent addressed it
    REDIRECTED = "redirected"  # the orchestrator addressed it
    MODE = "mode"  # the mode chose it
    SUMMARY = "summary"  # the orchestrator's own time has come


class Opened(Word):
    kind: Literal["opened"] = "opened"
    place: Place
    config: RoomConfig
    moderator: Seat
    by: Member


class Joined(Word):
    kind: Literal["joined"] = "joined"
    seat: Seat
    by: Member | None = None


class Left(Word):
    """`unserved` names the members whose question to this seat can no longer be answered."""

    kind: Literal["left"] = "left"
    seat: int
    name: str
    by: Member | None = None
    unserved: tuple[str, ...] = ()


class Heard(Word):
    """A member spoke; `source` is the message's id in its channel, unique within the room."""

    kind: Literal["heard"] = "heard"
    source: int
    member: Member
    text: str
    reply_to: int | None = None
    addressed: tuple[int, ...] = ()
    """Seats, in the order named."""


class Planned(Word):
    """Turn number `turn` (0-based, orchestrator's included) goes to `seat`."""

    kind: Literal["planned"] = "planned"
    turn: int
    seat: int
    why: Why
    by: str = ""
    """The name of who asked, handed over or redirected."""
    answers: int | None = None
    """The message (its source id) this turn answers, if it answers a particular one."""


class Usage(Word):
    """What a call cost: tokens as the provider counts them, US dollars where a price is known."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float | None = None


class Generated(Word):
    """The model has finished; `text` is what will be posted, `seconds` how long it took."""

    kind: Literal["generated"] = "generated"
    turn: int
    seat: int
    text: str
    model: str = ""
    seconds: float = 0
    usage: Usage = Usage()


class Spoken(Word):
    """Words that stand in the channel as `posts` (message ids)."""

    kind: str
    turn: int
    seat: int
    text: str
    posts: tuple[int, ...] = ()
    addressed: tuple[int, ...] = ()
    """Other seats that get the next turns, in the order named."""
    asks: int | None = None
    """The member (id) the speaker waits for."""


class Said(Spoken):
    """An agent's words."""

    kind: Literal["said"] = "said"


class Summarised(Spoken):
    """The orchestrator's words."""

    kind: Literal["summarised"] = "summarised"


class Passed(Word):
    kind: Literal["passed"] = "passed"
    turn: int
    seat: int
    usage: Usage = Usage()


class Failed(Word):
    """`reason` is a neutral phrase that completes "Ada …"; what the provider said is in the log only."""

    kind: Literal["failed"] = "failed"
    turn: int
    seat: int
    reason: str


class Waiting(Word):
    """Nobody speaks until a member does or Continue is pressed, at most until `until` (None: no limit but a day)."""

    kind: Literal["waiting"] = "waiting"
    reason: Literal["asked", "interval", "everyone passed"]
    member: int | None = None
    seat: int | None = None
    """Who asked."""
    until: datetime | None = None


class Configured(Word):
    """The rules, a seat or the orchestrator's seat changed; what is None stayed as it was."""

    kind: Literal["configured"] = "configured"
    config: RoomConfig | None = None
    seat: Seat | None = None
    muted: bool | None = None
    """With `seat`: whether it only listens from now on."""
    by: Member | None = None


class Edited(Word):
    kind: Literal["edited"] = "edited"
    source: int
    text: str


class Deleted(Word):
    kind: Literal["deleted"] = "deleted"
    source: int


class Paused(Word):
    kind: Literal["paused"] = "paused"
    by: Member | None = None
    reason: str = ""


class Resumed(Word):
    """The room goes on: after a pause, a wait, or, with `turns` more, after its end."""

    kind: Literal["resumed"] = "resumed"
    by: Member | None = None
    turns: int = 0
    reason: Literal["resumed", "next", "summary", "nobody came", "more turns", "asked"] = "resumed"


class Closed(Word):
    """The end. What was said in an ephemeral room is kept until `kept_until`."""

    kind: Literal["closed"] = "closed"
    reason: Literal["turns", "stopped", "idle", "gone", "restarted", "discarded"]
    by: Member | None = None
    unserved: tuple[str, ...] = ()
    kept_until: datetime | None = None


Happening = (
    Opened
    | Joined
    | Left
    | Heard
    | Planned
    | Generated
    | Said
    | Summarised
    | Passed
    | Failed
    | Waiting
    | Configured
    | Edited
    | Deleted
    | Paused
    | Resumed
    | Closed
)


def now_ms(seconds: float) -> datetime:
    """Seconds since the epoch as a UTC time of whole milliseconds."""
    return datetime.fromtimestamp(round(seconds * 1000) / 1000, UTC)


class Event(Word):
    """One happening at its place in the room's list: `index` counts from 0 without a gap, `at` is UTC to the ms.

    As JSON it is flat: `{"index": 3, "at": "…Z", "kind": "heard", …}`.
    """

    index: int = Field(ge=0)
    at: datetime
    what: Annotated[Happening, Field(discriminator="kind")]

    @model_validator(mode="before")
    @classmethod
    def _nest(cls, data: Any) -> Any:
        if isinstance(data, dict) and "kind" in data:
            rest = {key: value for key, value in data.items() if key not in ("index", "at")}
            return {"index": data.get("index"), "at": data.get("at"), "what": rest}
        return data

    @model_serializer(mode="wrap")
    def _flatten(self, handler: Any) -> dict[str, Any]:
        data = handler(self)
        return {"index": data["index"], "at": data["at"], **data["what"]}
