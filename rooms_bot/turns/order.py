"""Who is next: what holds in every mode comes first, then the mode is asked."""

from collections.abc import Mapping

from rooms_bot.domain.events import Waiting, Why
from rooms_bot.domain.rooms import MODERATOR, Answering, Mode
from rooms_bot.domain.state import RoomState
from rooms_bot.domain.talk import Ranking
from rooms_bot.i18n import N_
from rooms_bot.turns.argumentative import Argumentative
from rooms_bot.turns.decisions import Close, Decision, Greet, Pause, Speak, TurnPolicy, Wait
from rooms_bot.turns.dynamic import Dynamic
from rooms_bot.turns.round_robin import RoundRobin

POLICIES: Mapping[Mode, TurnPolicy] = {
    Mode.ROUND_ROBIN: RoundRobin(),
    Mode.ARGUMENTATIVE: Argumentative(),
    Mode.DYNAMIC: Dynamic(),
}


def decide(room: RoomState, ranking: Ranking) -> Decision:
    """What a live room does next. Pure.

    People's questions come first, then greetings, what an agent asked a person, the orchestrator, the interval for
    people, hand-overs between agents, and last the mode. No path goes beyond the turns allowed.
    """
    return (
        _end(room)
        or _asked(room)
        or _greeting(room)
        or _person(room)
        or _summary(room)
        or _unasked(room)
        or _interval(room)
        or _handed(room)
        or _nobody(room)
        or POLICIES[room.config.mode].decide(room, ranking)
    )


def _end(room: RoomState) -> Decision | None:
    if room.turns_left:
        return None
    return _summary(room) or Close()


def _asked(room: RoomState) -> Decision | None:
    if not room.asked_by_members:
        return None
    ask = room.asked_by_members[0]
    return Speak(ask.seat, ask.why, ask.by, ask.answers)


def _greeting(room: RoomState) -> Decision | None:
    return None if room.newcomer is None else Greet(room.newcomer)


def _person(room: RoomState) -> Decision | None:
    """Agents that only answer people wait for them anyway, and without a limit."""
    free = room.config.agents_answer is Answering.FREELY
    return Wait(room.must_wait) if room.must_wait and free else None


def _summary(room: RoomState) -> Decision | None:
    every = room.config.orchestrator_every
    due = room.summary_wanted or (every and room.since_summary >= every)
    return Speak(MODERATOR, Why.SUMMARY) if due else None


def _interval(room: RoomState) -> Decision | None:
    """Not where everyone has passed: that wait has no limit, or they would be asked again and again for nothing."""
    every = room.config.human_every
    due = every and room.since_human >= every and not _silent(room)
    return Wait(Waiting(reason="interval")) if due else None


def _unasked(room: RoomState) -> Decision | None:
    """Agents that only answer people wait for them."""
    silent = room.config.agents_answer is Answering.PEOPLE and not room.unanswered
    return Wait(Waiting(reason="people")) if silent else None


def _handed(room: RoomState) -> Decision | None:
    """Whom the orchestrator named comes first.

    Hand-overs are bounded: at the bound the mode chooses, so that two agents cannot play ping-pong for ever.
    """
    if room.config.agents_answer is Answering.PEOPLE:
        return None
    active = {seat.id for seat in room.active}
    for ask in sorted(room.asked_by_agents, key=lambda ask: ask.why is not Why.REDIRECTED):
        if ask.seat in active and (ask.why is Why.REDIRECTED or room.chain < room.config.max_chain_depth):
            return Speak(ask.seat, ask.why, ask.by)
    return None


def _nobody(room: RoomState) -> Decision | None:
    if not room.active:
        return Pause(N_("no agent is left to speak"))
    if not room.eager:
        return Wait(Waiting(reason="people"))
    return Wait(Waiting(reason="everyone passed")) if _silent(room) else None


def _silent(room: RoomState) -> bool:
    return all(seat.id in room.passed for seat in room.eager)
