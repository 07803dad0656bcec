"""What a room knows again after a restart that left nothing of what was said: read from its channel."""

from rooms_bot.domain.events import Event, Rebuilt, Recalled
from rooms_bot.domain.rooms import MODERATOR
from rooms_bot.domain.state import RoomState
from rooms_bot.domain.talk import Line, Phase, Spent


def recall(room: RoomState, event: Event, recalled: Recalled) -> None:
    """A line as it was said; nobody is asked anything by it any more."""
    if (who := recalled.member) is not None:
        room.members[who.id] = who
    room.transcript.add(
        Line(
            event.at,
            recalled.name,
            recalled.text,
            member=who.id if who is not None else None,
            seat=recalled.seat,
            events=(event.index,),
            sources=recalled.posts,
            reply_to=recalled.reply_to,
        )
    )
    if recalled.seat is None:
        room.last_turn = None
        return
    room.last_post_at = event.at
    room.to_greet = [seat for seat in room.to_greet if seat != recalled.seat]
    if recalled.seat == MODERATOR:
        room.since_summary = 0
    elif recalled.seat in room.seats:
        room.last_turn = room.last_said = room.last_in_order = recalled.seat
        room.turns_taken += 1
        room.since_summary += 1


def rebuild(room: RoomState, rebuilt: Rebuilt) -> None:
    """Its counters are as they were, and who has not spoken does not introduce themselves a second time."""
    tally = rebuilt.tally
    room.panel, room.muted, room.to_greet = tally.panel, set(tally.muted), []
    room.turns_taken = max(room.turns_taken, tally.taken)  # the tally may be some seconds old
    room.turns_allowed, room.turns_redone = tally.allowed, tally.redone
    room.next_turn, room.forgotten = room.turns_taken, dict(tally.forgotten)
    room.waiting, room.since_human = tally.waiting, tally.since_human
    spent = tally.spent
    room.spent = Spent(spent.prompt_tokens, spent.completion_tokens, spent.cost or 0.0, tally.unpriced)
    if tally.paused is not None:
        room.phase, room.paused = Phase.PAUSED, tally.paused
