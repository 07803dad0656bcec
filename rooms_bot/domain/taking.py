"""What agents' turns change in a room, from being given one to having spoken."""

from rooms_bot.domain.events import (
    WISHED,
    Event,
    Failed,
    Generated,
    Greeted,
    Planned,
    Regenerated,
    Spoken,
    Waiting,
    Why,
)
from rooms_bot.domain.rooms import MAX_SEATS, MODERATOR
from rooms_bot.domain.state import RoomState
from rooms_bot.domain.talk import Ask, Line


def greet(room: RoomState, event: Event, greeted: Greeted) -> None:
    """It is no turn: the first one need not keep its distance from it."""
    room.to_greet = [seat for seat in room.to_greet if seat != greeted.seat]
    if greeted.posts and greeted.seat in room.seats:
        name, own = room.seats[greeted.seat].name, (event.index,)
        room.transcript.add(
            Line(event.at, name, greeted.text, seat=greeted.seat, events=own, sources=greeted.posts, greeting=True)
        )


def plan(room: RoomState, event: Event, planned: Planned) -> None:
    drop_turn(room)
    room.called = False
    room.planned_index, room.hold_until = event.index, None
    room.unread.clear()
    if planned.seat != MODERATOR:
        room.last_choice = planned
    if planned.choice is not None:
        room.spent.add(planned.choice.usage)
    asks = [ask for ask in _asks(room) if _serves(planned, ask)]
    room.before_turn = room.last_in_order, room.chain, asks[0] if asks else None
    room.current, room.next_turn = planned, planned.turn + 1
    room.asked_by_members = [ask for ask in room.asked_by_members if not _serves(planned, ask)]
    if planned.why is Why.MODE:
        room.chain, room.last_in_order = 0, planned.seat
        room.asked_by_agents.clear()
    elif planned.why is Why.HANDED:
        room.chain += 1
    room.asked_by_agents = [ask for ask in room.asked_by_agents if ask.seat != planned.seat]


def anew(one: Ask | Planned) -> bool:
    """Whether it is about answering once more what was answered before."""
    return one.why is Why.AGAIN and one.answers is not None


def _serves(planned: Planned, ask: Ask) -> bool:
    """One turn answers all that its seat was asked, save what is to be answered anew: that takes a turn of its own."""
    alike = ask.answers == planned.answers if anew(planned) or anew(ask) else True
    return ask.seat == planned.seat and anew(planned) == anew(ask) and alike


def drop_turn(room: RoomState) -> None:
    """The turn being taken, if any, is not taken after all: everything is as before it was planned."""
    if room.current is None:
        return
    room.last_in_order, room.chain, ask = room.before_turn
    if ask is not None:
        (room.asked_by_members if ask.why in WISHED else room.asked_by_agents).insert(0, ask)
    room.current = room.generated = None
    room.standing = ()


def count(room: RoomState, generated: Generated) -> None:
    """Providers count tokens differently; what one reports tells how its model's compare with ours."""
    room.spent.add(generated.usage)
    if generated.estimate and generated.usage.prompt_tokens:
        new = generated.usage.prompt_tokens / generated.estimate
        old = room.scales.get(generated.seat, new)
        room.scales[generated.seat] = 0.7 * old + 0.3 * new


def say(room: RoomState, event: Event, said: Spoken) -> None:
    speaker = room.seat(said.seat) if said.seat == MODERATOR or said.seat in room.seats else None
    own = (room.generated.index,) if room.generated else ()
    name = speaker.name if speaker else "someone who left"
    answers = room.current.answers if room.current else None
    events = (*own, event.index)
    room.transcript.add(
        Line(event.at, name, said.text, seat=said.seat, events=events, sources=said.posts, answers=answers)
    )
    why = Why.REDIRECTED if said.seat == MODERATOR else Why.HANDED
    if said.seat == MODERATOR:
        room.asked_by_agents = [ask for ask in room.asked_by_agents if ask.seat not in said.addressed]
    for seat in said.addressed:
        if seat in room.seats and all(ask.seat != seat for ask in _asks(room)):
            room.asked_by_agents.append(Ask(seat, why, name))
    if said.asks is not None:
        room.asked[said.asks] = said.seat
        room.must_wait = Waiting(reason="asked", member=said.asks, seat=said.seat)
    room.to_greet = [seat for seat in room.to_greet if seat != said.seat]  # who has spoken needs no introduction
    room.pinged_at |= dict.fromkeys(said.pinged, event.at)
    _carry_ratings(room, said.posts)
    if said.seat != MODERATOR:
        room.last_said = said.seat
        room.passed.clear()
        if not room.called:
            room.unanswered, room.caller = False, None
    room.failures.pop(said.seat, None)
    room.prompted, room.last_post_at = room.called, event.at
    if room.burst is not None and room.planned_index > room.burst.index:
        room.burst = None
    finish(room, said.seat)


def _carry_ratings(room: RoomState, posts: tuple[int, ...]) -> None:
    """What members thought of its beginning they think of the whole, also where that was posted anew."""
    if room.standing and posts and (given := room.ratings.pop(room.standing[0], None)):
        room.ratings[posts[0]] = given


def break_off(room: RoomState, event: Event, failed: Failed) -> None:
    """What people could read of it they may speak about; nothing else of it is kept."""
    if room.generated is not None:
        room.transcript.outdated[room.generated.index] = failed.text
    if failed.posts:
        name = room.seat(failed.seat).name if failed.seat == MODERATOR or failed.seat in room.seats else "An agent"
        own = (room.generated.index,) if room.generated else ()
        room.transcript.add(
            Line(
                event.at,
                name,
                failed.text,
                seat=failed.seat,
                events=(*own, event.index),
                sources=failed.posts,
                answers=room.current.answers if room.current else None,
            )
        )
        room.last_post_at = event.at


def unsay(room: RoomState, source: int) -> None:
    """What a message says is struck, and with an agent's newest words goes what they set going.

    Whom these handed over to has no turn for it, and for whom they wait nobody waits.
    """
    line = room.line(source)
    newest = next((one for one in reversed(room.lines) if line is not None and one.seat == line.seat), None)
    room.transcript.delete(source)
    if line is None or line.seat is None or line is not newest:
        return
    now = room.current
    if now is not None and now.why in (Why.HANDED, Why.REDIRECTED) and now.by == line.name and not room.speaking:
        drop_turn(room)
    room.asked_by_agents = [ask for ask in room.asked_by_agents if ask.by != line.name]
    room.asked = {member: seat for member, seat in room.asked.items() if seat != line.seat}
    if room.must_wait is not None and room.must_wait.seat == line.seat:
        room.must_wait = None
    if room.waiting is not None and room.waiting.reason == "asked" and room.waiting.seat == line.seat:
        room.waiting = None


def regenerate(room: RoomState, again: Regenerated) -> None:
    """What it said is struck, and it speaks next, also if it only listens. What others wait for is waited for after."""
    line = room.line(again.source)
    unsay(room, again.source)
    for source in line.sources if line is not None else ():
        room.ratings.pop(source, None)
    _discount(room, again.seat)
    _go_on_waiting(room, again.seat)
    room.prompted = True
    if again.seat == MODERATOR:
        room.summary_wanted, room.must_wait = True, None
    elif again.seat in room.seats:
        _ask_anew(room, Ask(again.seat, Why.AGAIN, again.by.name, again.answers))


def _discount(room: RoomState, seat: int) -> None:
    """The turn that was taken in vain counts towards nothing: there is one more in its place."""
    if seat != MODERATOR:
        room.turns_allowed, room.turns_redone = room.turns_allowed + 1, room.turns_redone + 1
        room.since_summary = max(0, room.since_summary - 1)
        room.since_human = max(0, room.since_human - 1)


def _go_on_waiting(room: RoomState, seat: int) -> None:
    """A wait is interrupted for this seat's turn."""
    if room.waiting is not None and room.waiting.reason == "asked":
        room.must_wait = room.waiting.model_copy(update={"until": None})
    elif room.waiting is not None and room.waiting.reason == "interval":
        room.since_human = max(0, room.config.human_every - (seat != MODERATOR))
    room.waiting = None


def _ask_anew(room: RoomState, ask: Ask) -> None:
    """It comes before all others. Who is asked something anyway needs no second turn for what nobody had asked."""
    room.failures.pop(ask.seat, None)
    now = room.current
    if now is not None and not room.speaking and now.why not in WISHED:
        drop_turn(room)
    if anew(ask) or all(other.seat != ask.seat for other in room.asked_by_members):
        room.asked_by_members = [ask, *(other for other in room.asked_by_members if other != ask)]


def _asks(room: RoomState) -> list[Ask]:
    return room.asked_by_members + room.asked_by_agents


def finish(room: RoomState, seat: int) -> None:
    """A turn is over, whatever came of it."""
    room.current = room.generated = None
    room.called = False
    room.standing = ()
    if seat == MODERATOR:
        room.since_summary, room.summary_wanted = 0, False
        return
    room.turns_taken += 1
    room.since_summary += 1
    room.since_human += 1
    room.last_turn = seat
    room.floor = [*room.floor[1 - 2 * MAX_SEATS :], seat]
    room.turn_of[seat] = room.turns_taken


def forget_seat(room: RoomState, number: int) -> None:
    room.seats.pop(number, None)
    room.to_greet = [seat for seat in room.to_greet if seat != number]
    room.muted.discard(number)
    room.passed.discard(number)
    room.failures.pop(number, None)
    room.asked_by_members = [ask for ask in room.asked_by_members if ask.seat != number]
    room.asked_by_agents = [ask for ask in room.asked_by_agents if ask.seat != number]
    if room.current and room.current.seat == number:
        room.current = room.generated = None
        room.standing = ()
