"""What agents' turns change in a room, from being given one to having spoken."""

from rooms_bot.domain.events import Event, Failed, Generated, Greeted, Planned, Regenerated, Spoken, Waiting, Why
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
    room.planned_index, room.hold_until = event.index, None
    room.unread.clear()
    if planned.seat != MODERATOR:
        room.last_choice = planned
    if planned.choice is not None:
        room.spent.add(planned.choice.usage)
    asks = [ask for ask in _asks(room) if ask.seat == planned.seat]
    room.before_turn = room.last_in_order, room.chain, asks[0] if asks else None
    room.current, room.next_turn = planned, planned.turn + 1
    room.asked_by_members = [ask for ask in room.asked_by_members if ask.seat != planned.seat]
    if planned.why is Why.MODE:
        room.chain, room.last_in_order = 0, planned.seat
        room.asked_by_agents.clear()
    elif planned.why is Why.HANDED:
        room.chain += 1
    room.asked_by_agents = [ask for ask in room.asked_by_agents if ask.seat != planned.seat]


def drop_turn(room: RoomState) -> None:
    """The turn being taken, if any, is not taken after all: everything is as before it was planned."""
    if room.current is None:
        return
    room.last_in_order, room.chain, ask = room.before_turn
    if ask is not None:
        (room.asked_by_members if ask.why in (Why.ASKED, Why.FORCED) else room.asked_by_agents).insert(0, ask)
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
    if said.seat != MODERATOR:
        room.last_said = said.seat
        room.passed.clear()
        room.unanswered = False
    room.failures.pop(said.seat, None)
    room.prompted, room.last_post_at = False, event.at
    if room.burst is not None and room.planned_index > room.burst.index:
        room.burst = None
    finish(room, said.seat)


def break_off(room: RoomState, event: Event, failed: Failed) -> None:
    """What people could read of it they may speak about."""
    if failed.posts:
        name = room.seat(failed.seat).name if failed.seat == MODERATOR or failed.seat in room.seats else "An agent"
        own = (event.index,)
        room.transcript.add(Line(event.at, name, failed.text, seat=failed.seat, events=own, sources=failed.posts))
        room.last_post_at = event.at


def regenerate(room: RoomState, again: Regenerated) -> None:
    """It speaks next, also if it only listens; after the end of the turns allowed there is one more for it."""
    room.transcript.delete(again.source)
    room.ratings.pop(again.source, None)
    if again.seat != MODERATOR and again.seat not in room.seats:
        return
    if again.seat == MODERATOR:
        room.summary_wanted = True
    else:
        room.asked_by_members.insert(0, Ask(again.seat, Why.FORCED, again.by.name, again.answers))
        room.turns_allowed = max(room.turns_allowed, room.turns_taken + 1)
    room.prompted, room.waiting, room.must_wait = True, None, None


def _asks(room: RoomState) -> list[Ask]:
    return room.asked_by_members + room.asked_by_agents


def finish(room: RoomState, seat: int) -> None:
    """A turn is over, whatever came of it."""
    room.current = room.generated = None
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
