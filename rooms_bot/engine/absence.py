"""What happened in the channel while the room was not there: it is heard, and what agents had posted has a meaning."""

import logging
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from datetime import datetime

from rooms_bot.domain.events import Displayed, Failed, Greeted, Happening, Heard, Posting, Rebuilt, Tally
from rooms_bot.engine import commands
from rooms_bot.engine.commands import Command
from rooms_bot.engine.inbox import Inbox
from rooms_bot.engine.parts import Desk, Parts
from rooms_bot.engine.rebuilding import kept, newest_words, recalled
from rooms_bot.engine.turn import Turns
from rooms_bot.errors import OutletGone
from rooms_bot.i18n import N_
from rooms_bot.ports import Found, Shown, Struck, Uttered

log = logging.getLogger(__name__)

Recall = Callable[[Sequence[tuple[datetime, Happening]]], Awaitable[object]]


class Absence:
    """Of a process that was not running, or of a connection that did not tell everything."""

    def __init__(self, parts: Parts, desk: Desk, turns: Turns, inbox: Inbox, recall: Recall) -> None:
        self._parts, self._desk, self._turns, self._inbox, self._recall = parts, desk, turns, inbox, recall
        self._room = desk.state

    async def end(self, tally: Tally | None = None) -> None:
        """Go on where an earlier process stopped; with the `tally` of a room of which nothing that was said was kept.

        A turn that was begun is ended before anybody is heard. Raises `OutletGone`.
        """
        self._inbox.hold()
        missed: Sequence[Found] = ()
        try:
            found = await self._desk.meanwhile(self._since(tally), self._desk.leaving)
            if found is None:
                return
            if isinstance(found, OutletGone):
                raise found
            await self._see(found)
            if tally is None:
                await self._lose_what_was_deleted(found)
                await self._settle([one.what for one in found if isinstance(one.what, Uttered)])
                missed = found
            else:
                missed = await self._rebuild(found, tally)
        finally:
            self._inbox.release(self._heard(missed))

    async def mend(self) -> None:
        """Hear what Discord did not tell; what is being done goes on meanwhile."""
        found: Sequence[Found] = ()
        try:
            found = await self._parts.outlet.since(self._room, self._room.newest)
        except OutletGone as gone:  # the next post finds it out
            log.info("what was missed cannot be read: %s", gone)
        finally:
            self._inbox.release(self._heard(found))

    async def _since(self, tally: Tally | None) -> Sequence[Found] | OutletGone:
        try:
            return await self._parts.outlet.since(self._room, self._room.newest if tally is None else 0)
        except OutletGone as gone:
            return gone

    def _heard(self, found: Iterable[Found]) -> list[Command]:
        return [act for one in found for act in self._acts(one)]

    def _acts(self, found: Found) -> Sequence[Command]:
        match found.what:
            case Struck(source=source):
                return (commands.delete(source),)
            case Heard(source=source, text=text) if self._room.knows(source):
                return (commands.edit(source, text),)
            case Heard() as said if (heard := self._parts.admit(said)) is not None:
                return (commands.hear(heard), *(commands.attach(said.source, *file) for file in found.files))
        return ()

    async def _see(self, found: Iterable[Found]) -> None:
        """The panel was posted before it was known."""
        for one in found:
            if isinstance(one.what, Shown) and self._room.panel is None:
                await self._desk.record(Displayed(post=one.what.post))

    # What agents had posted

    async def _settle(self, found: Sequence[Uttered]) -> None:
        """What is newer than the last of it that was recorded belongs to the turn that was begun, or to none."""
        room = self._room
        left = [one for one in found if one.post > room.transcript.newest_post and not room.knows(one.post)]
        await self._withdraw([one.post for one in found if one.post in room.transcript.struck])
        if room.generated is not None:
            await self._turns.take_up(left or [_unread(post) for post in room.standing])
            return
        strays = [one.post for one in left if not await self._introduces(one)]
        strays += [post for post in room.standing if post not in strays]
        await self._withdraw(strays)
        if room.current is not None and room.standing and not self._desk.leaving():
            await self._desk.record(Posting(turn=room.current.turn, seat=room.current.seat, posts=()))

    async def _lose_what_was_deleted(self, found: Iterable[Found]) -> None:
        """Somebody took back the beginning of an answer: it is not to be seen a second time."""
        turn, struck = self._room.current, [one.what.source for one in found if isinstance(one.what, Struck)]
        if turn is not None and self._room.standing and self._room.standing[0] in struck:
            reason = N_("was interrupted: what it had begun to say was deleted")
            await self._desk.record(Failed(turn=turn.turn, seat=turn.seat, reason=reason))

    async def _withdraw(self, posts: Sequence[int]) -> None:
        if posts:
            await self._desk.meanwhile(self._parts.outlet.withdraw(posts), self._desk.leaving)

    async def _introduces(self, one: Uttered) -> bool:
        """Without a turn being taken, an agent says nothing but its greeting."""
        room = self._room
        if room.current is not None or one.seat is None or one.seat not in room.to_greet:
            return False
        text = room.seats[one.seat].persona.greeting.strip()
        await self._desk.record(Greeted(seat=one.seat, text=text, posts=(one.post,)))
        return True

    # What was said in an ephemeral room

    async def _rebuild(self, found: Sequence[Found], tally: Tally) -> Sequence[Found]:
        """Returns what has not been answered yet, and is to be heard as if it were said now."""
        await self._withdraw(tally.standing)
        unknown = [one for one in found if not self._is_known(one) and not _is_one_of(one, tally.standing)]
        old, new = newest_words(kept(unknown, tally.forgotten))
        lines = recalled(old, self._parts.admit)
        await self._recall(lines)
        seen = tally.model_copy(update={"panel": tally.panel or self._room.panel})
        await self._desk.record(Rebuilt(tally=seen, lines=len(lines) + len(new)))
        return new

    def _is_known(self, found: Found) -> bool:
        match found.what:
            case Uttered(post=message) | Heard(source=message):
                return self._room.knows(message)
        return True


def _unread(post: int) -> Uttered:
    """A message that is known to have been posted, where the channel cannot be read."""
    return Uttered(post=post, name="", content="", text="")


def _is_one_of(found: Found, posts: Collection[int]) -> bool:
    return isinstance(found.what, Uttered) and found.what.post in posts
