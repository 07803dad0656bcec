"""Everything that can happen in a room: a room is the list of these, in order, and nothing else."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, model_serializer, model_validator

from rooms_bot.domain.rooms import Member, Mode, Place, RoomConfig, Seat
from rooms_bot.domain.words import Word


class Why(StrEnum):
    """Why an agent was given a turn."""

    ASKED = "asked"  # a member addressed it
    FORCED = "forced"  # a host gave it the turn
    AGAIN = "again"  # a host asked for another answer
    HANDED = "handed"  # another agent addressed it
    REDIRECTED = "redirected"  # the orchestrator addressed it
    MODE = "mode"  # the mode chose it
    SUMMARY = "summary"  # the orchestrator's own time has come


WISHED = (Why.ASKED, Why.FORCED, Why.AGAIN)
"""Those that are a member's wish."""


class Budget(StrEnum):
    """What a limit on spending holds for."""

    ROOM = "room"
    DAY = "day"  # a server's, per day
    MONTH = "month"
    MEMBER = "member"  # a member's, per hour


class Shortage(Word):
    """Why no further call was made: too little is left of a budget, or it is in money and a price is unknown."""

    budget: Budget
    unit: Literal["tokens", "dollars", "price"]
    used: float
    limit: float
    until: datetime | None = None
    """When it is free again by itself, if ever."""
    raised_by: Literal["host", "admin", "operator"] = "host"


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
    files: int = 0
    """Attached texts that are still to come, each as `Attached`."""
    unheeded: bool = False
    """It is part of the conversation and calls for no turn: its author has used up what they may."""


class Came(Word):
    """A member takes part from now on, though they have not said anything yet: agents may speak to them."""

    kind: Literal["came"] = "came"
    member: Member


class Attached(Word):
    """The text of a file that came with the message `source`; empty where it could not be read."""

    kind: Literal["attached"] = "attached"
    source: int
    name: str
    text: str


class Usage(Word):
    """What a call cost: tokens as the provider counts them, or by our estimate, US dollars where a price is known."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float | None = None

    def __add__(self, other: "Usage") -> "Usage":
        """Of both calls; what they cost is known where it is of each that was made."""
        costs = [one.cost for one in (self, other) if one.prompt_tokens or one.completion_tokens or one.cost]
        return Usage(
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
            cost=None if not costs or None in costs else sum(cost or 0.0 for cost in costs),
        )


class Candidate(Word):
    """What spoke for and against a seat when the mode `dynamic` chose, and the sum by which it did."""

    seat: int
    relevance: float
    """How much more the words concern it than the one they concern least."""
    thread: float = 0
    """For having spoken last, where the words leave it open whether a person goes on with that."""
    waited: float = 0
    """For having waited."""
    share: float = 0
    """Against having had more than a fair part of the floor."""
    pair: float = 0
    """Against a dialogue of two."""
    cited: float = 0
    """For being spoken of."""
    total: float


class Choice(Word):
    """How a mode came to a seat: what judged, how far that can be trusted (0 to 1), who could have been, best first."""

    by: Literal["words", "vectors", "model"]
    confidence: float
    candidates: tuple[Candidate, ...]
    usage: Usage = Usage()


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
    choice: Choice | None = None
    mode: Mode | None = None
    """By which mode, where one chose."""


class Posting(Word):
    """The beginning of an answer stands in the channel as `posts`, and grows while the model goes on."""

    kind: Literal["posting"] = "posting"
    turn: int
    seat: int
    posts: tuple[int, ...]


class Displayed(Word):
    """The room's panel is this message of the channel."""

    kind: Literal["displayed"] = "displayed"
    post: int


class Generated(Word):
    """The model has finished; `text` is what will be posted, `seconds` how long it took."""

    kind: Literal["generated"] = "generated"
    turn: int
    seat: int
    text: str
    model: str = ""
    seconds: float = 0
    usage: Usage = Usage()
    estimate: int = 0
    """Tokens of the request by our own count; 0 where nothing was counted."""
    thought: str = ""
    """What it thought aloud beforehand, which nobody is shown."""


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
    pinged: tuple[int, ...] = ()
    """Members who were notified."""


class Said(Spoken):
    """An agent's words."""

    kind: Literal["said"] = "said"


class Summarised(Spoken):
    """The orchestrator's words."""

    kind: Literal["summarised"] = "summarised"


class Greeted(Word):
    """An agent's greeting: words in the channel that are no turn. Empty where it could not be posted."""

    kind: Literal["greeted"] = "greeted"
    seat: int
    text: str
    posts: tuple[int, ...] = ()


class Passed(Word):
    """It has nothing to say, or `by` skipped its turn."""

    kind: Literal["passed"] = "passed"
    turn: int
    seat: int
    usage: Usage = Usage()
    thought: str = ""
    by: Member | None = None


class Compacted(Word):
    """The first `lines` of what was said, in short, for agents to read instead; nothing of it is posted."""

    kind: Literal["compacted"] = "compacted"
    lines: int
    text: str
    model: str = ""
    usage: Usage = Usage()


class Failed(Word):
    """`reason` is a neutral phrase that completes "Ada …"; what the provider said is in the log only."""

    kind: Literal["failed"] = "failed"
    turn: int
    seat: int
    reason: str
    usage: Usage = Usage()
    thought: str = ""
    text: str = ""
    """What of it stands in the channel as `posts`, where it broke off half-way."""
    posts: tuple[int, ...] = ()


class Waiting(Word):
    """Nobody speaks until a member does or Continue is pressed, at most until `until` (None: no limit but a day)."""

    kind: Literal["waiting"] = "waiting"
    reason: Literal["asked", "interval", "everyone passed", "people"]
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
    was: str = ""
    """What the seat was called before, or the mode, where that is another now."""
    changed: tuple[str, ...] = ()
    """Fields of `config` that are others now."""
    by: Member | None = None
    usage: Usage = Usage()


class Edited(Word):
    kind: Literal["edited"] = "edited"
    source: int
    text: str


class Deleted(Word):
    """`by` is the host who asked the bot for it; None where Discord says no more than that it is gone."""

    kind: Literal["deleted"] = "deleted"
    source: int
    by: Member | None = None


class Regenerated(Word):
    """What the message `source` belongs to was withdrawn; its speaker has the turn again, to answer what it did."""

    kind: Literal["regenerated"] = "regenerated"
    source: int
    seat: int
    by: Member
    answers: int | None = None


class Rated(Word):
    """A member thinks so of what an agent said in the message `source`: well, badly, or, with 0, neither any more."""

    kind: Literal["rated"] = "rated"
    source: int
    seat: int
    member: Member
    rating: Literal[-1, 0, 1]


class Nearing(Word):
    """So much of a budget is used that people should know."""

    kind: Literal["nearing"] = "nearing"
    budget: Budget
    unit: Literal["tokens", "dollars"]
    used: float
    limit: float
    member: Member | None = None
    """Whose it is, where it is a member's."""
    exhausted: bool = False
    """Nothing more is left for this member: what they asked has no answer any more."""


class Forgotten(Word):
    """This member's words and what they told of themself are gone."""

    kind: Literal["forgotten"] = "forgotten"
    member: int


class Paused(Word):
    """By a host, or by the room itself, for a reason; `short` is that a budget does not suffice."""

    kind: Literal["paused"] = "paused"
    by: Member | None = None
    reason: str = ""
    short: Shortage | None = None


class Resumed(Word):
    """The room goes on: after a pause, a wait, or, with `turns` more, after its end."""

    kind: Literal["resumed"] = "resumed"
    by: Member | None = None
    turns: int = 0
    seat: int | None = None
    """Who speaks next, where a host says so."""
    reason: Literal["resumed", "next", "summary", "nobody came", "more turns", "asked"] = "resumed"


class Closed(Word):
    """The end. What was said in an ephemeral room is kept until `kept_until`."""

    kind: Literal["closed"] = "closed"
    reason: Literal["turns", "stopped", "idle", "gone", "restarted", "discarded"]
    by: Member | None = None
    unserved: tuple[str, ...] = ()
    kept_until: datetime | None = None
    because: str = ""
    """Why the channel is no more, where it is not."""


class Tally(Word):
    """How an ephemeral room stands, without a word of what was said: what its channel cannot tell after a restart."""

    panel: int | None = None
    paused: Paused | None = None
    waiting: Waiting | None = None
    since_human: int = 0
    """Turns since a person spoke, or was waited for."""
    standing: tuple[int, ...] = ()
    """In which messages the beginning of an answer stands."""
    muted: tuple[int, ...] = ()
    """Seats that only listen."""
    taken: int = 0
    """Turns, and below how many of them are allowed, and how many were redone."""
    allowed: int = 0
    redone: int = 0
    spent: Usage = Usage()
    unpriced: bool = False
    """Whether calls without a known price came on top of it."""
    forgotten: Mapping[int, int] = Field(default_factory=dict)
    """By member who wished to be forgotten, the newest message that there was then: none of theirs up to it is read."""


class Recalled(Word):
    """What was said before a restart, read again from the channel; by a member, by a seat, or by one who has left.

    It happened when it was said. Who it was addressed to has had their turn.
    """

    kind: Literal["recalled"] = "recalled"
    name: str
    text: str
    posts: tuple[int, ...]
    member: Member | None = None
    seat: int | None = None
    reply_to: int | None = None


class Rebuilt(Word):
    """After a restart: the room stands as the tally says, and what it had heard was read again from its channel."""

    kind: Literal["rebuilt"] = "rebuilt"
    tally: Tally
    lines: int = 0
    """How much was read."""


class Expired(Word):
    """What was said before `before` is no longer kept."""

    kind: Literal["expired"] = "expired"
    before: datetime


Happening = (
    Opened
    | Joined
    | Left
    | Came
    | Heard
    | Attached
    | Greeted
    | Displayed
    | Planned
    | Posting
    | Generated
    | Said
    | Summarised
    | Passed
    | Compacted
    | Failed
    | Waiting
    | Configured
    | Edited
    | Deleted
    | Regenerated
    | Rated
    | Nearing
    | Forgotten
    | Paused
    | Resumed
    | Recalled
    | Rebuilt
    | Expired
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
