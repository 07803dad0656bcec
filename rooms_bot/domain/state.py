"""What a room's events add up to: a fold, kept up to date one event at a time in constant time."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never

from rooms_bot.domain.events import (
    Attached,
    Closed,
    Compacted,
    Configured,
    Deleted,
    Edited,
    Event,
    Failed,
    Forgotten,
    Generated,
    Greeted,
    Heard,
    Joined,
    Left,
    Opened,
    Passed,
    Paused,
    Planned,
    Resumed,
    Spoken,
    Waiting,
    Why,
)
from rooms_bot.domain.rooms import MAX_SEATS, MODERATOR, Member, RoomConfig, Seat
from rooms_bot.domain.talk import BURST, READING, SOMEONE, STRIKES, Ask, Digest, Line, Phase, Spent
from rooms_bot.domain.transcript import Transcript


@dataclass(slots=True)
class RoomState:
    """A room as it is after its events so far. Only `apply` changes it; everyone else reads."""

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
    before_turn: "tuple[int | None, int, Ask | None]" = (None, 0, None)
    """What the turn being taken changed: the place in the order, the chain, and the request it answers."""
    next_turn: int = 0
    turns_taken: int = 0
    turns_allowed: int = 0
    passes: int = 0
    since_summary: int = 0
    since_human: int = 0
    summary_wanted: bool = False
    asked_by_members: list[Ask] = field(default_factory=list)
    asked_by_agents: list[Ask] = field(default_factory=list)
    unanswered: bool = False
    """A person has spoken, or called for a turn, and no agent has said anything since."""
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
    prompted: bool = False
    """A person wants to hear something now: pacing does not hold it back."""
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

    # The fold

    def apply(self, event: Event) -> None:
        """Take one more event in; it must be the next one."""
        if event.index != self.next_index:
            raise ValueError(f"event {event.index} does not follow {self.next_index - 1}")
        self.next_index += 1
        self.changed_at = event.at
        match event.what:
            case Opened():
                pass
            case Joined(seat=seat):
                self.seats[seat.id] = seat
                self.next_seat = max(self.next_seat, seat.id + 1)
                if seat.persona.greeting.strip():
                    self.to_greet.append(seat.id)
            case Left(seat=number):
                self._forget_seat(number)
            case Heard() as heard:
                self._hear(event, heard)
            case Attached() as attached:
                self._attach(event, attached)
            case Greeted() as greeted:
                self._greet(event, greeted)
            case Planned() as planned:
                self._plan(event, planned)
            case Generated() as generated:
                self.generated = event
                self._spend(generated)
            case Spoken() as said:
                self._say(event, said)
            case Passed(seat=seat, usage=usage):
                self.spent.add(usage)
                self.passes += 1
                self.passed.add(seat)
                self.failures.pop(seat, None)
                self._finish(seat)
            case Compacted(lines=count, text=text, usage=usage):
                self.spent.add(usage)
                if text:
                    self.transcript.digest(Digest(count, text, event.index))
            case Failed(seat=seat):
                self.failures[seat] = self.failures.get(seat, 0) + 1
                self._finish(seat)
            case Waiting() as waiting:
                self.waiting, self.must_wait, self.since_human = waiting, None, 0
            case Configured() as configured:
                self._configure(configured)
            case Edited(source=source, text=text):
                self.transcript.reword(source, text, event.index)
            case Deleted(source=source):
                self.transcript.delete(source)
            case Forgotten(member=member):
                self._forget_member(member)
            case Paused() as paused:
                self.phase, self.paused = Phase.PAUSED, paused
                self.drop_turn()
            case Resumed() as resumed:
                self._resume(resumed)
            case Closed() as closed:
                self._close(closed)
            case _:
                assert_never(event.what)

    def _hear(self, event: Event, heard: Heard) -> None:
        who = heard.member
        self.members[who.id] = who
        self.transcript.add(
            Line(
                event.at,
                who.name,
                heard.text,
                member=who.id,
                events=(event.index,),
                sources=(heard.source,),
                reply_to=heard.reply_to,
            )
        )
        self._gather(event, heard)
        asker = self.asked.pop(who.id, None)
        wanted = heard.addressed or ((asker,) if asker in self.seats else ())
        if wanted and self.current and self.current.why not in (Why.ASKED, Why.FORCED):
            self.drop_turn()  # whom a person addresses is the next to speak; who was thinking comes after
        for seat in wanted:
            self._ask(Ask(seat, Why.ASKED, who.name, heard.source))
        self.waiting = self.must_wait = None
        self.since_human = self.chain = 0
        self.passed.clear()
        self.last_turn = None
        self.prompted = self.unanswered = True

    def _gather(self, event: Event, heard: Heard) -> None:
        """The first message begins a turn at once; what comes soon after begins it anew, once it is all there."""
        if self.burst is None or event.at - self.burst.at >= BURST:
            self.burst = event
        elif self._answers_burst(self.burst) and not self._is_to_another(heard):
            self.drop_turn()
            self._hold(self.burst.at + BURST)
        if heard.files:
            self.unread[heard.source] = heard.files
            self._hold(event.at + READING)

    def _answers_burst(self, burst: Event) -> bool:
        return self.current is not None and self.planned_index > burst.index and self.generated is None

    def _is_to_another(self, heard: Heard) -> bool:
        """A question to somebody else than who is thinking will have an answer of its own."""
        return bool(heard.addressed) and self.current is not None and self.current.seat not in heard.addressed

    def _hold(self, until: datetime) -> None:
        self.hold_until = max(until, self.hold_until or until)

    def _attach(self, event: Event, attached: Attached) -> None:
        self.transcript.attach(attached.source, attached.name, attached.text, event.index)
        left = self.unread.pop(attached.source, 0) - 1
        if left > 0:
            self.unread[attached.source] = left
        elif not self.unread and self.hold_until is not None:
            self.hold_until = self.burst.at + BURST if self.burst and self.burst.at + BURST > event.at else None

    def _greet(self, event: Event, greeted: Greeted) -> None:
        self.to_greet = [seat for seat in self.to_greet if seat != greeted.seat]
        if greeted.text and greeted.seat in self.seats:
            name, own = self.seats[greeted.seat].name, (event.index,)
            self.transcript.add(
                Line(event.at, name, greeted.text, seat=greeted.seat, events=own, sources=greeted.posts, greeting=True)
            )
            self.last_post_at = event.at

    def _spend(self, generated: Generated) -> None:
        """Providers count tokens differently; what one reports tells how its model's compare with ours."""
        self.spent.add(generated.usage)
        if generated.estimate and generated.usage.prompt_tokens:
            new = generated.usage.prompt_tokens / generated.estimate
            old = self.scales.get(generated.seat, new)
            self.scales[generated.seat] = 0.7 * old + 0.3 * new

    def _ask(self, ask: Ask) -> None:
        """A person's question comes before agents' and brings a benched agent back."""
        self.failures.pop(ask.seat, None)
        self.asked_by_agents = [other for other in self.asked_by_agents if other.seat != ask.seat]
        if all(other.seat != ask.seat for other in self.asked_by_members):
            self.asked_by_members.append(ask)

    def _plan(self, event: Event, planned: Planned) -> None:
        self.drop_turn()
        self.planned_index, self.hold_until = event.index, None
        self.unread.clear()
        if planned.seat != MODERATOR:
            self.last_choice = planned
        asks = [ask for ask in self._asks if ask.seat == planned.seat]
        self.before_turn = self.last_in_order, self.chain, asks[0] if asks else None
        self.current, self.next_turn = planned, planned.turn + 1
        self.asked_by_members = [ask for ask in self.asked_by_members if ask.seat != planned.seat]
        if planned.why is Why.MODE:
            self.chain, self.last_in_order = 0, planned.seat
            self.asked_by_agents.clear()
        elif planned.why is Why.HANDED:
            self.chain += 1
        self.asked_by_agents = [ask for ask in self.asked_by_agents if ask.seat != planned.seat]

    def drop_turn(self) -> None:
        """The turn being taken, if any, is not taken after all: everything is as before it was planned."""
        if self.current is None:
            return
        self.last_in_order, self.chain, ask = self.before_turn
        if ask is not None:
            (self.asked_by_members if ask.why in (Why.ASKED, Why.FORCED) else self.asked_by_agents).insert(0, ask)
        self.current = self.generated = None

    def _say(self, event: Event, said: Spoken) -> None:
        speaker = self.seat(said.seat) if said.seat == MODERATOR or said.seat in self.seats else None
        own = (self.generated.index,) if self.generated else ()
        name = speaker.name if speaker else "someone who left"
        self.transcript.add(
            Line(event.at, name, said.text, seat=said.seat, events=(*own, event.index), sources=said.posts)
        )
        why = Why.REDIRECTED if said.seat == MODERATOR else Why.HANDED
        if said.seat == MODERATOR:
            self.asked_by_agents = [ask for ask in self.asked_by_agents if ask.seat not in said.addressed]
        for seat in said.addressed:
            if seat in self.seats and all(ask.seat != seat for ask in self._asks):
                self.asked_by_agents.append(Ask(seat, why, name))
        if said.asks is not None:
            self.asked[said.asks] = said.seat
            self.must_wait = Waiting(reason="asked", member=said.asks, seat=said.seat)
        self.pinged_at |= dict.fromkeys(said.pinged, event.at)
        if said.seat != MODERATOR:
            self.last_said = said.seat
            self.passed.clear()
            self.unanswered = False
        self.failures.pop(said.seat, None)
        self.prompted, self.last_post_at, self.burst = False, event.at, None
        self._finish(said.seat)

    @property
    def _asks(self) -> list[Ask]:
        return self.asked_by_members + self.asked_by_agents

    def _finish(self, seat: int) -> None:
        """A turn is over, whatever came of it."""
        self.current = self.generated = None
        if seat == MODERATOR:
            self.since_summary, self.summary_wanted = 0, False
            return
        self.turns_taken += 1
        self.since_summary += 1
        self.since_human += 1
        self.last_turn = seat
        self.floor = [*self.floor[1 - 2 * MAX_SEATS :], seat]
        self.turn_of[seat] = self.turns_taken

    def _forget_member(self, number: int) -> None:
        self.transcript.forget(number)
        if number in self.members:
            self.members[number] = Member(id=number, name=SOMEONE)
        self.asked.pop(number, None)

    def _forget_seat(self, number: int) -> None:
        self.seats.pop(number, None)
        self.to_greet = [seat for seat in self.to_greet if seat != number]
        self.muted.discard(number)
        self.passed.discard(number)
        self.failures.pop(number, None)
        self.asked_by_members = [ask for ask in self.asked_by_members if ask.seat != number]
        self.asked_by_agents = [ask for ask in self.asked_by_agents if ask.seat != number]
        if self.current and self.current.seat == number:
            self.current = self.generated = None

    def _configure(self, changed: Configured) -> None:
        self.spent.add(changed.usage)
        if changed.config is not None:
            self.turns_allowed += changed.config.turns - self.config.turns
            self.config = changed.config
        if changed.seat is None:
            return
        if changed.seat.id == MODERATOR:
            self.moderator = changed.seat
        else:
            self.seats[changed.seat.id] = changed.seat
        if changed.muted is not None:
            (self.muted.add if changed.muted else self.muted.discard)(changed.seat.id)
            if self.current and self.current.seat == changed.seat.id:
                self.drop_turn()

    def _resume(self, resumed: Resumed) -> None:
        if resumed.reason == "summary":
            self.summary_wanted = True
        if resumed.reason in ("resumed", "more turns"):
            self.failures.clear()
        self.phase, self.waiting, self.must_wait, self.closed, self.paused = Phase.LIVE, None, None, None, None
        self.turns_allowed += resumed.turns
        self.since_human = 0
        if resumed.reason != "nobody came":
            self.passed.clear()
        self.hold_until = None
        self.prompted = resumed.reason in ("next", "summary", "asked")
        self.unanswered |= resumed.reason == "next"
        if resumed.seat is not None and resumed.seat in self.seats:
            if self.current and self.current.why is not Why.ASKED:
                self.drop_turn()
            self._ask(Ask(resumed.seat, Why.FORCED, resumed.by.name if resumed.by else ""))

    def _close(self, closed: Closed) -> None:
        self.phase, self.closed, self.paused = Phase.CLOSED, closed, None
        self.current = self.generated = self.waiting = self.must_wait = None
        self.asked_by_members.clear()
        self.asked_by_agents.clear()


def fold(events: Iterable[Event]) -> RoomState:
    """The state that `events` add up to; the first must be `Opened`."""
    rest = iter(events)
    first = next(rest)
    if not isinstance(first.what, Opened):
        raise ValueError("a room begins with being opened")
    opened = first.what
    state = RoomState(opened, opened.config, opened.moderator, first.at, turns_allowed=opened.config.turns)
    state.apply(first)
    for event in rest:
        state.apply(event)
    return state
