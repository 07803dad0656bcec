"""A room's turns: whoever judges is asked, the call is paid for, thought over, and what comes of it is said."""

import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from rooms_bot.agents.cleaning import began_unmarked
from rooms_bot.domain.costs import Cost
from rooms_bot.domain.events import (
    Budget,
    Configured,
    Failed,
    Generated,
    Greeted,
    Passed,
    Paused,
    Planned,
    Posting,
    Shortage,
    Why,
    now_ms,
)
from rooms_bot.domain.rooms import Member, Seat
from rooms_bot.domain.talk import Phase, Ranking
from rooms_bot.engine import commands
from rooms_bot.engine.call import Call, bounded, reads, writes
from rooms_bot.engine.floor import Thought, generated, members_asked, said, think
from rooms_bot.engine.parts import Desk, Parts
from rooms_bot.engine.purse import payer
from rooms_bot.errors import AgentError, OutletGone, PostBlocked, PostRefused
from rooms_bot.export.budgets import lacking
from rooms_bot.i18n import N_
from rooms_bot.ports import Request, Speech, Uttered
from rooms_bot.turns.decisions import Speak
from rooms_bot.turns.order import decide
from rooms_bot.turns.selection import by_words, newest

log = logging.getLogger(__name__)

Posted = tuple[int, ...] | OutletGone | PostRefused
INTERRUPTED = N_("was interrupted")


class Turns:
    """Takes the turns of room `number`, one after the other."""

    def __init__(self, number: int, parts: Parts, desk: Desk, lose: Callable[[OutletGone], Awaitable[None]]) -> None:
        self._number, self._parts, self._desk, self._lose = number, parts, desk, lose
        self._room = desk.state
        self._unmarked: set[tuple[int, str]] = set()
        """Seats, each with its model, that thought aloud without marking it."""

    async def choose(self, move: Speak, words: Ranking) -> None:
        """Where a mode weighed the seats, ask whoever judges better.

        What is said meanwhile does not end the judging, or a lively channel would never hear an agent: the words then
        decide. It ends where the mode is not asked any more.
        """
        selector = self._parts.minds.selector(self._room, words) if move.choice is not None else None
        if selector is None:
            await self._speak(move)
            return
        reserved = self._desk.purse.reserve(self._parts.minds.outlay("judging", self._room))
        if isinstance(reserved, Shortage):
            await self._speak(move)
            return
        judged = newest(self._room)
        with reserved:
            ranking = await self._desk.meanwhile(selector.rank(self._room, words), lambda: not self._weighs())
            if ranking is None:
                return
            reserved.settle(Cost.of(ranking.usage) or (None if ranking.by == "model" else Cost()))
        if newest(self._room) != judged:
            ranking = replace(by_words(self._room), usage=ranking.usage)
        better = decide(self._room, ranking)
        if isinstance(better, Speak):
            await self._speak(better)

    def _weighs(self) -> bool:
        """Whether it is still for the mode to weigh who speaks."""
        room = self._room
        if self._desk.leaving() or room.phase is not Phase.LIVE or room.waiting is not None:
            return False
        move = decide(room, by_words(room))
        return isinstance(move, Speak) and move.choice is not None

    async def _speak(self, move: Speak) -> None:
        seat, planned = self._room.seat(move.seat), commands.turn(self._room, move)
        await self._desk.record(planned)
        await self._begin(seat, planned)

    async def _begin(self, seat: Seat, planned: Planned) -> None:
        call = await self._prepared(seat, planned)
        if call is None:
            return
        try:
            await self._take(seat, planned, call)
        finally:
            call.close()

    async def take_up(self, left: Sequence[Uttered]) -> None:
        """Finish the turn that was begun and not ended: what was generated is said; else it is taken once more.

        `left` is what stands of it already.
        """
        planned, done = self._room.current, self._room.generated
        if planned is None:
            return
        seat = self._room.seat(planned.seat)
        if done is None or not isinstance(done.what, Generated):
            await self._begin(seat, planned)
            return
        standing, wanted = self._stands(planned), partial(self._goes_on, planned)
        async with self._parts.outlet.speech(seat, planned, self._room, standing, wanted, left) as speech:
            await self._post(seat, planned, done.what.text, speech)

    async def _take(self, seat: Seat, planned: Planned, call: Call) -> None:
        standing, wanted = self._stands(planned), partial(self._goes_on, planned)
        async with self._parts.outlet.speech(seat, planned, self._room, standing, wanted) as speech:
            thinking = think(call, self._room, seat, self._shown(seat, call, speech))
            thought = await self._desk.meanwhile(thinking, lambda: self._is_dropped(planned))
            if began_unmarked(call.text):
                self._unmarked.add((seat.id, call.request.model))
            if thought is None:
                await self._broken_off(call)
                await self._desk.meanwhile(speech.drop())
                if self._room.current == planned and self._room.standing:  # the next process takes it again
                    await self._desk.record(Posting(turn=planned.turn, seat=planned.seat, posts=()))
            else:
                await self._conclude(seat, planned, thought, speech)

    def _shown(self, seat: Seat, call: Call, speech: Speech) -> Callable[[str], None]:
        """Where thoughts have been taken for what is said, nothing is shown before it is whole."""
        return unseen if (seat.id, call.request.model) in self._unmarked else speech.grow

    def _is_dropped(self, planned: Planned) -> bool:
        return self._desk.leaving() or self._room.current != planned

    def _goes_on(self, planned: Planned) -> bool:
        """Whether this turn is still being taken: it was not skipped, nor the room stopped, nor its seat removed."""
        return self._room.current is not None and self._room.current.turn == planned.turn

    # What it costs

    async def _prepared(self, seat: Seat, planned: Planned) -> Call | None:
        """The call for this turn, its cost reserved; None where it cannot be made, which then has happened."""
        minds, purse, binding = self._parts.minds, self._desk.purse, planned.why is Why.ASKED
        try:
            agent, request = minds.agent(seat), minds.request(self._room, seat, planned)
        except AgentError as error:
            log.warning("%s %s: %s", seat.name, error, error.detail or "no details")
            await self._desk.record(Failed(turn=planned.turn, seat=seat.id, reason=str(error)))
            return None
        read, who = reads(request, self._room), payer(self._room, planned)
        price = partial(minds.cost, request.model, read)
        written = writes(request, lambda most: purse.lacks(price(most), who, binding=binding) is None)
        reserved = purse.reserve(price(written), who, binding=binding)
        if isinstance(reserved, Shortage):
            await self._refuse(reserved, who, request)
            return None
        return Call(agent, bounded(request, reserved, written), reserved, minds.cost, read)

    async def _refuse(self, short: Shortage, who: int | None, request: Request) -> None:
        """A member who has used up their hour has no answer; where anything else does not suffice the room pauses."""
        log.info("room %s: no call of %s: %s", self._number, request.model, lacking(short))
        told = (
            self._desk.purse.turn_away(who) if short.budget is Budget.MEMBER and short.unit != "price" and who else None
        )
        await self._desk.record(told or Paused(reason=lacking(short), short=short))

    async def _broken_off(self, call: Call) -> None:
        """What a call took that was not needed any more is part of what the room has cost."""
        if Cost.of(call.usage) is not None:
            await self._desk.record(Configured(usage=call.usage))

    # What comes of it

    def _stands(self, planned: Planned) -> Callable[[tuple[int, ...]], None]:
        return lambda posts: self._desk.put(commands.stand(planned, posts))

    async def _conclude(self, seat: Seat, planned: Planned, thought: Thought, speech: Speech) -> None:
        paid = {"usage": thought.usage, "thought": thought.thought}
        if thought.error is not None:
            await self._fail(planned, str(thought.error), speech, **paid)
        elif not thought.text:
            await self._desk.record(Passed.model_validate({"turn": planned.turn, "seat": seat.id} | paid))
        else:
            await self._say(seat, planned, thought, speech)

    async def _say(self, seat: Seat, planned: Planned, thought: Thought, speech: Speech) -> None:
        await self._desk.record(generated(planned, thought))
        await self._post(seat, planned, thought.text, speech)

    async def _post(self, seat: Seat, planned: Planned, text: str, speech: Speech) -> None:
        """Post it and remember it. The post is not cancelled, whatever comes in meanwhile; it may be taken back."""
        asked = members_asked(self._room, seat, text)
        pings = [member for member in asked if self._may_ping(member)]
        posts = await self._desk.meanwhile(_tried(speech.finish(text, pings)))
        if not self._goes_on(planned):
            await self._take_back(speech, posts)
        elif isinstance(posts, OutletGone):
            await self._break_off(planned, speech, posts)
        elif isinstance(posts, PostBlocked):  # what stands of it is withdrawn, since the speech comes to no end
            await self._desk.record(Failed(turn=planned.turn, seat=seat.id, reason=posts.phrase))
        elif isinstance(posts, PostRefused):
            log.warning("room %s: %s %s: %s", self._number, seat.name, posts, posts.detail)
            await self._fail(planned, str(posts), speech)
        else:
            await self._desk.record(said(self._room, planned, text, posts, asked, pings))

    async def _take_back(self, speech: Speech, posts: Posted) -> None:
        """The turn was not to be taken any more."""
        if isinstance(posts, tuple):
            await self._desk.meanwhile(self._parts.outlet.withdraw(posts))
        else:
            await self._desk.meanwhile(speech.drop())
            if isinstance(posts, OutletGone):
                await self._lose(posts)

    async def _break_off(self, planned: Planned, speech: Speech, gone: OutletGone) -> None:
        """Nothing can be posted any more, but what was begun may be marked."""
        text, posts = await self._desk.meanwhile(speech.cut())
        if posts and self._goes_on(planned):
            await self._desk.record(
                Failed(turn=planned.turn, seat=planned.seat, reason=INTERRUPTED, text=text, posts=posts)
            )
        await self._lose(gone)

    async def _fail(self, planned: Planned, reason: str, speech: Speech, **paid: Any) -> None:
        """The turn is lost; what could be read of it already is marked as cut off."""
        text, posts = await self._desk.meanwhile(speech.cut())
        if self._goes_on(planned):
            await self._desk.record(
                Failed(turn=planned.turn, seat=planned.seat, reason=reason, text=text, posts=posts, **paid),
            )
        else:
            await self._take_back(speech, posts)

    def _may_ping(self, member: Member) -> bool:
        """Nobody is notified twice while the room would wait for them once."""
        last, now = self._room.pinged_at.get(member.id), now_ms(self._parts.clock.now())
        return last is None or not 0 <= (now - last).total_seconds() < self._room.config.human_wait

    async def greet(self, seat: Seat) -> None:
        """A new agent's own words, without a model; where they cannot be posted it goes without."""
        text = seat.persona.greeting.strip()
        posts = await self._desk.meanwhile(_tried(self._parts.outlet.post(seat, text)))
        if isinstance(posts, OutletGone):
            await self._lose(posts)
            return
        if isinstance(posts, PostRefused):
            log.warning("room %s: %s could not greet: %s", self._number, seat.name, posts.detail)
            text, posts = "", ()
        if seat.id in self._room.seats and self._room.phase is not Phase.CLOSED:
            await self._desk.record(Greeted(seat=seat.id, text=text, posts=posts))
        else:
            await self._desk.meanwhile(self._parts.outlet.withdraw(posts))


async def _tried(post: Coroutine[Any, Any, tuple[int, ...]]) -> Posted:
    """Its messages, or why there are none."""
    try:
        return await post
    except (OutletGone, PostRefused) as error:
        return error


def unseen(text: str) -> None:
    """Nobody is shown it yet."""
