"""What people may ask of a room: each answers with what then happens, or refuses with a sentence. Pure."""

from collections.abc import Callable, Sequence
from typing import Any, Literal

from rooms_bot.domain.events import (
    Attached,
    Came,
    Closed,
    Configured,
    Deleted,
    Edited,
    Forgotten,
    Happening,
    Heard,
    Passed,
    Paused,
    Planned,
    Posting,
    Rated,
    Regenerated,
    Resumed,
    Why,
)
from rooms_bot.domain.rooms import MODERATOR, Member
from rooms_bot.domain.state import RoomState
from rooms_bot.domain.talk import SOMEONE, Phase
from rooms_bot.engine.naming import told_apart
from rooms_bot.errors import Refused
from rooms_bot.i18n import N_
from rooms_bot.turns.addressing import Named, addressed
from rooms_bot.turns.decisions import Speak
from rooms_bot.turns.order import decide
from rooms_bot.turns.selection import by_words

Command = Callable[[RoomState], Sequence[Happening]]


class Early(Exception):
    """It is about a message that may be of the answer being posted: it is to be asked again once that is known."""


OVER = N_("This room is over. `/room start` opens a new one.")
PAUSED = N_("The room is paused. `/room resume` lets it go on.")


def hear(heard: Heard) -> Command:
    """A member's message, once: who is addressed is read from it, or is who it replies to, unless it says so itself.

    A room that paused by itself, since no agent was left, goes on when one of them is addressed.
    """

    def act(room: RoomState) -> Sequence[Happening]:
        if room.knows(heard.source) or room.phase is Phase.CLOSED:
            return ()
        wanted = tuple(seat for seat in heard.addressed if _present(room, seat)) or _addressed(room, heard)
        understood = heard.model_copy(update={"addressed": wanted})
        stuck = room.paused is not None and room.paused.by is None and room.paused.short is None
        goes_on = stuck and wanted and not heard.unheeded
        again = (Resumed(by=heard.member, reason="asked"),) if goes_on else ()
        return (*told_apart(room, heard.member), understood, *again)

    return act


def come(member: Member) -> Command:
    """A member wants to take part: agents know them from now on, before they have said anything."""

    def act(room: RoomState) -> Sequence[Happening]:
        known = room.members.get(member.id) == member
        return () if known else (*told_apart(room, member), Came(member=member))

    return alive(act)


def _addressed(room: RoomState, heard: Heard) -> tuple[int, ...]:
    names = [Named(seat.id, seat.name) for seat in (*room.seats.values(), room.moderator)]
    named = addressed(heard.text, names, vocative=True, everyone=tuple(room.seats))
    return tuple(dict.fromkeys((*_replied(room, heard), *named)))


def _replied(room: RoomState, heard: Heard) -> tuple[int, ...]:
    line = room.line(heard.reply_to) if heard.reply_to else None
    return (line.seat,) if line is not None and line.seat is not None and _present(room, line.seat) else ()


def _present(room: RoomState, seat: int) -> bool:
    return seat == MODERATOR or seat in room.seats


def edit(source: int, text: str) -> Command:
    """A member changed what they wrote; the turns it led to stay as they are."""

    def act(room: RoomState) -> Sequence[Happening]:
        line = room.line(source)
        unchanged = line is None or line.member is None or line.text == text
        return () if unchanged else (Edited(source=source, text=text),)

    return act


def delete(source: int) -> Command:
    """A message is gone from the channel: it leaves the conversation too. Raises `Early`."""

    def act(room: RoomState) -> Sequence[Happening]:
        line = room.line(source)
        if line is None and room.speaking:
            raise Early
        return () if line is None or not line.text else (Deleted(source=source),)

    return act


def strike(source: int, by: Member) -> Command:
    """A host takes back what an agent said in this message; what it is still saying it does not end, like a skip."""

    def act(room: RoomState) -> Sequence[Happening]:
        if source in room.standing and (now := room.current) is not None:
            return (Passed(turn=now.turn, seat=now.seat, by=by),)
        line = room.line(source)
        theirs = line is not None and line.seat is not None and line.text
        return (Deleted(source=source, by=by),) if theirs else ()

    return act


def attach(source: int, name: str, text: str) -> Command:
    """The text of a file that came with a message has been read; empty where it could not be."""

    def act(room: RoomState) -> Sequence[Happening]:
        line = room.line(source)
        awaited = line is not None and len(line.files) < line.announced  # a redelivered message brings them again
        return (Attached(source=source, name=name, text=text),) if awaited else ()

    return act


def forget(member: int) -> Command:
    """A member wants nothing kept of what they said."""

    def act(room: RoomState) -> Sequence[Happening]:
        return (Forgotten(member=member),) if member in room.members else ()

    return act


def pause(by: Member) -> Command:
    def act(room: RoomState) -> Sequence[Happening]:
        if room.phase is Phase.PAUSED:
            raise Refused("The room is paused already. `/room resume` lets it go on.")
        return (Paused(by=by),)

    return alive(act)


def resume(by: Member) -> Command:
    """Goes on after a pause or a wait; brings benched agents back."""

    def act(room: RoomState) -> Sequence[Happening]:
        live = room.phase is Phase.LIVE
        if live and room.waiting and room.waiting.reason == "people":
            raise Refused("The agents speak when somebody writes. `/room next` lets one of them speak now.")
        if live and not room.waiting and not any(room.benched(seat) for seat in room.seats):
            raise Refused("The room is going on already.")
        return (Resumed(by=by),)

    return alive(act)


def go_on(by: Member) -> Command:
    """End a wait; one that is over already is no fault of who pressed."""

    def act(room: RoomState) -> Sequence[Happening]:
        waits = room.waiting is not None and room.phase is Phase.LIVE
        return (Resumed(by=by, reason="next"),) if waits else ()

    return alive(act)


def hurry(by: Member) -> Command:
    """The next turn at once: no pace, no waiting for anybody."""
    return _push(by, "next")


def skip(by: Member, taken: Planned | None = None) -> Command:
    """Who is thinking, or else would speak next, does not: that counts as its turn, like a pass.

    `taken` is the turn that was seen when this was asked for, which may be over since: no other is meant.
    """

    def act(room: RoomState) -> Sequence[Happening]:
        if room.phase is Phase.PAUSED:
            raise Refused(PAUSED)
        if taken is not None and room.current != taken:
            raise Refused("That one has spoken already.")
        if (now := room.current) is not None:
            return (Passed(turn=now.turn, seat=now.seat, by=by),)
        move = None if room.waiting else decide(room, by_words(room))
        if not isinstance(move, Speak):
            raise Refused("Nobody is about to speak.")
        planned = turn(room, move)
        return planned, Passed(turn=planned.turn, seat=planned.seat, by=by)

    return alive(act)


def turn(room: RoomState, move: Speak) -> Planned:
    """The next turn, as it was decided."""
    return Planned(
        turn=room.next_turn,
        seat=move.seat,
        why=move.why,
        by=move.by,
        answers=move.answers,
        choice=move.choice,
        mode=room.config.mode if move.why is Why.MODE else None,
    )


def summarise(by: Member) -> Command:
    """The orchestrator speaks next."""
    return _push(by, "summary")


def _push(by: Member, reason: Literal["next", "summary"]) -> Command:
    def act(room: RoomState) -> Sequence[Happening]:
        if room.phase is Phase.PAUSED:
            raise Refused(PAUSED)
        return (Resumed(by=by, reason=reason),)

    return alive(act)


def extend(by: Member) -> Command:
    """The same number of turns again, also after the end."""

    def act(room: RoomState) -> Sequence[Happening]:
        if room.phase is not Phase.CLOSED:
            raise Refused("The room is still going on.")
        return (Resumed(by=by, reason="more turns", turns=room.config.turns),)

    return act


def discard(by: Member) -> Command:
    """What was said in a room that is over is no longer kept."""

    def act(room: RoomState) -> Sequence[Happening]:
        if room.closed is None:
            raise Refused("The room is still going on.")
        return (Closed(reason="discarded", by=by),)

    return act


def stand(planned: Planned, posts: tuple[int, ...]) -> Command:
    """The beginning of this turn's answer stands in the channel."""
    here = Posting(turn=planned.turn, seat=planned.seat, posts=posts)
    return lambda room: (here,) if room.current == planned else ()


def regenerate(source: int, by: Member) -> Command:
    """What an agent said in this message is withdrawn, and it takes that turn again. Raises `Refused`."""

    def act(room: RoomState) -> Sequence[Happening]:
        line = room.line(source)
        if source in room.standing:
            raise Refused("That answer is still being written. Please try again in a moment.")
        if line is None or line.seat is None or not line.text or line.greeting:
            raise Refused("That is not something an agent said in a turn here.")
        seat = room.seats.get(line.seat)
        if line.seat != MODERATOR and (seat is None or line.name not in (seat.name, seat.persona.name)):
            raise Refused("{name} has left the room.", name=line.name)
        if room.phase is Phase.PAUSED:
            raise Refused(PAUSED)
        return (Regenerated(source=source, seat=line.seat, by=by, answers=line.answers),)

    return alive(act)


def rate(source: int, member: Member, rating: Literal[-1, 0, 1]) -> Command:
    """What a member thinks of what an agent said, of all its messages together; nothing where it was no agent's."""

    def act(room: RoomState) -> Sequence[Happening]:
        first, seat = _answer(room, source)
        if seat is None or room.ratings.get(first, {}).get(member.id, 0) == rating:
            return ()
        return (Rated(source=first, seat=seat, member=member, rating=rating),)

    return act


def unrate(source: int, rating: Literal[-1, 1] | None = None, member: int | None = None) -> Command:
    """Ratings of what an agent said are taken back: this member's or everybody's, of this kind or any."""

    def act(room: RoomState) -> Sequence[Happening]:
        first, seat = _answer(room, source)
        if seat is None:
            return ()
        given = room.ratings.get(first, {}).items()
        gone = [who for who, one in given if member in (None, who) and rating in (None, one)]
        people = [room.members.get(who) or Member(id=who, name=SOMEONE) for who in gone]
        return [Rated(source=first, seat=seat, member=who, rating=0) for who in people]

    return act


def _answer(room: RoomState, source: int) -> tuple[int, int | None]:
    """The first message of what an agent said, or is saying, in this one, and its seat; None where it was no agent."""
    if source in room.standing and room.current is not None:
        return room.standing[0], room.current.seat
    line = room.line(source)
    return (source, None) if line is None or not line.text else (line.sources[0], line.seat)


def vanish(because: str = "") -> Command:
    """The channel is gone: there is nowhere left to say anything."""
    gone = Closed(reason="gone", because=because)
    return lambda room: () if room.phase is Phase.CLOSED else (gone.model_copy(update={"unserved": unserved(room)}),)


def stop(by: Member) -> Command:
    return alive(lambda room: (Closed(reason="stopped", by=by, unserved=unserved(room)),))


def unserved(room: RoomState, seat: int | None = None) -> tuple[str, ...]:
    """Who asked and will get no answer, of this seat or of any; the turn being taken is not taken any more."""
    asks = [(ask.seat, ask.by) for ask in room.asked_by_members]
    if room.current is not None and room.current.why is Why.ASKED:
        asks.insert(0, (room.current.seat, room.current.by))
    return tuple(dict.fromkeys(by for asked, by in asks if seat in (None, asked)))


def configure(by: Member, **changes: Any) -> Command:
    """Other rules from now on; `changes` are fields of `RoomConfig`. Nothing that happened is lost."""

    def act(room: RoomState) -> Sequence[Happening]:
        config = room.config.model_validate(room.config.model_dump() | changes)
        was = room.config.mode if config.mode is not room.config.mode else ""
        changed = tuple(rule for rule in changes if getattr(config, rule) != getattr(room.config, rule))
        return (Configured(config=config, was=was, changed=changed, by=by),) if changed else ()

    return alive(act)


def alive(act: Command) -> Command:
    """Only in a room that has not ended."""

    def guarded(room: RoomState) -> Sequence[Happening]:
        if room.phase is Phase.CLOSED:
            raise Refused(OVER)
        return act(room)

    return guarded
