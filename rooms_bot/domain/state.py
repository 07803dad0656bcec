"""What a room's events add up to: whose turn it is, who waits for whom, what it cost, and what was said."""

from dataclasses import dataclass, field
from datetime import datetime

from rooms_bot.domain.events import Closed, Event, Opened, Paused, Planned, Waiting
from rooms_bot.domain.rooms import MODERATOR, Member, RoomConfig, Seat
from rooms_bot.domain.talk import STRIKES, Ask, Line, Phase, Spent
from rooms_bot.domain.transcript import Transcript


@dataclass(slots=True)
class RoomState:
    """A room as it is after its events so far. Only the fold changes it; everyone else reads."""

    opened: Opened
    config: RoomConfig
    moderator: Seat
    opened_at: datetime
    next_index: int = 0
    phase: Phase = Phase.LIVE
    seats: dict[int, Seat] = field(default_factory=dict)
    """Seated agents by number, in order of invitation; the moderator is not among them."""
    next_seat: int = MODERATOR + 1
    members: dict[int, Member] = field(default_factory=dict)
    """People who took part."""
    transcript: Transcript = field(default_factory=Transcript)
    to_greet: list[int] = field(default_factory=list)
    """Seats that have not introduced themselves yet."""
    current: Planned | None = None
    """The turn being taken."""
    planned_index: int = 0
    last_choice: Planned | None = None
    """The last turn of an agent that was given, whatever came of it."""
    generated: Event | None = None
    """Its finished text, not yet posted."""
    standing: tuple[int, ...] = ()
    """The messages in which its beginning stands already: from then on nobody cuts in."""
    before_turn: "tuple[int | None, int, Ask | None]" = (None, 0, None)
    """What the turn being taken changed: the place in the order, the chain, and the request it answers."""
    next_turn: int = 0
    turns_taken: int = 0
    turns_allowed: int = 0
    turns_redone: int = 0
    """Turns that were taken in vain, and in whose place others were allowed: part of both numbers."""
    passes: int = 0
    since_summary: int = 0
    since_human: int = 0
    summary_wanted: bool = False
    asked_by_members: list[Ask] = field(default_factory=list)
    asked_by_agents: list[Ask] = field(default_factory=list)
    unanswered: bool = False
    """A person has spoken, or called for a turn, and no agent has said anything since."""
    caller: int | None = None
    """The member who spoke last, as long as no agent has said anything since."""
    burst: Event | None = None
    """The first of several messages that people sent in quick succession."""
    hold_until: datetime | None = None
    """No turn begins before: more of what a person is saying is on its way."""
    unread: dict[int, int] = field(default_factory=dict)
    """Message to the number of its files whose text is still to come."""
    chain: int = 0
    """Hand-overs between agents in a row."""
    last_turn: int | None = None
    """The seat whose turn it was last, unless a person has spoken since."""
    last_said: int | None = None
    last_in_order: int | None = None
    """The seat the mode chose last: the place of round robin."""
    floor: list[int] = field(default_factory=list)
    """The seats of the last agents' turns, newest last."""
    turn_of: dict[int, int] = field(default_factory=dict)
    """Seat to the count of agents' turns at its last one."""
    passed: set[int] = field(default_factory=set)
    """Seats that passed since something new was said."""
    failures: dict[int, int] = field(default_factory=dict)
    """Seat to its failures in a row."""
    muted: set[int] = field(default_factory=set)
    waiting: Waiting | None = None
    must_wait: Waiting | None = None
    """A member was addressed and has not been waited for yet."""
    asked: dict[int, int] = field(default_factory=dict)
    """Member to the seat that asked them something."""
    pinged_at: dict[int, datetime] = field(default_factory=dict)
    """Member to when they were last notified."""
    scales: dict[int, float] = field(default_factory=dict)
    """Seat to how many tokens its provider counts for one of ours."""
    panel: int | None = None
    """The message that shows how the room stands."""
    forgotten: dict[int, int] = field(default_factory=dict)
    """By member who wished to be forgotten, the newest message that there was then."""
    ratings: dict[int, dict[int, int]] = field(default_factory=dict)
    """Message of an agent to what members (id) think of it: 1 or -1."""
    prompted: bool = False
    """A person wants to hear something now: pacing does not hold it back."""
    called: bool = False
    """They do since the answer being spoken began, which does not know of it."""
    last_post_at: datetime | None = None
    changed_at: datetime | None = None
    paused: Paused | None = None
    closed: Closed | None = None
    spent: Spent = field(default_factory=Spent)

    # What others ask of it

    @property
    def lines(self) -> list[Line]:
        """What was said, oldest first."""
        return self.transcript.lines

    @property
    def newest(self) -> int:
        """The newest message of the channel that the room knows; 0 where that is none."""
        return max(self.transcript.newest, self.panel or 0)

    @property
    def newcomer(self) -> int | None:
        """The seat that introduces itself next; one that only listens does so once it may speak."""
        return next((seat for seat in self.to_greet if seat not in self.muted), None)

    @property
    def turns_counted(self) -> int:
        """Those taken, of the number that was asked for."""
        return self.turns_taken - self.turns_redone

    @property
    def turns_wanted(self) -> int:
        """As many as were asked for."""
        return self.turns_allowed - self.turns_redone

    @property
    def turns_left(self) -> int:
        return max(0, self.turns_allowed - self.turns_taken)

    @property
    def active(self) -> list[Seat]:
        """Seats that may be given a turn by the mode, in order of invitation."""
        return [seat for seat in self.seats.values() if seat.id not in self.muted and not self.benched(seat.id)]

    def benched(self, seat: int) -> bool:
        return self.failures.get(seat, 0) >= STRIKES

    @property
    def eager(self) -> list[Seat]:
        """Those of them that ever speak unasked."""
        return [seat for seat in self.active if seat.eagerness]

    @property
    def candidates(self) -> list[Seat]:
        """Who may speak next: nobody who passed since the last words, nobody twice in a row unless alone."""
        willing = [seat for seat in self.eager if seat.id not in self.passed]
        return [seat for seat in willing if seat.id != self.last_turn] or willing

    @property
    def speaking(self) -> bool:
        """Whether an answer is being posted, so that it is too late for another to take its turn."""
        return self.current is not None and (self.generated is not None or bool(self.standing))

    def seat(self, number: int) -> Seat:
        return self.moderator if number == MODERATOR else self.seats[number]

    def knows(self, source: int) -> bool:
        """Whether a message of the channel is part of the room."""
        return source in self.transcript.places

    def line(self, source: int) -> Line | None:
        return self.transcript.line(source)

    def waited(self, seat: int) -> int:
        """Agents' turns since this seat's last one; more than any other for one that had none."""
        return self.turns_taken - self.turn_of.get(seat, -1)
