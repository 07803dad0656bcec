"""One turn's answer in a channel: a message that appears with the first sentence and grows by edits, or a whole post.

It grows only while posts are not needed elsewhere. Whatever was shown before, the end is what a post of the whole would
be.
"""

import asyncio
import logging
from collections.abc import Collection, Sequence

from rooms_bot.chat.desk import Desk
from rooms_bot.chat.failures import TROUBLE
from rooms_bot.chat.others import mentionable
from rooms_bot.chat.posting import Pen, Withdrawn
from rooms_bot.chat.sheets import Sheet, sheets_of
from rooms_bot.chat.wording import Turn
from rooms_bot.domain.rooms import Member
from rooms_bot.errors import OutletGone, PostBlocked, PostRefused
from rooms_bot.ports import Standing

log = logging.getLogger(__name__)

EVERY = 1.2
"""Seconds between two edits of one message, at least."""
AT_ONCE = 0.4
"""Seconds in which an answer may come whole, so that it is one post and no edits."""


class ChannelSpeech:
    """See `Speech`. `draft` is to run beside it, `leave` is its end whatever became of it."""

    def __init__(self, desk: Desk, turn: Turn, pen: Pen, standing: Standing) -> None:
        self._desk, self._turn, self._pen, self._standing = desk, turn, pen, standing
        self._raw, self._shown, self._stands = "", "", ""
        self._posts: list[int] = []
        """What stands of it."""
        self._grown, self._writing = asyncio.Event(), asyncio.Lock()
        self._ended = self._over = False
        self._edited = 0.0

    # While it grows

    def grow(self, text: str) -> None:
        """See `Speech.grow`; how much of it is shown is found out once for each edit."""
        self._raw = text
        self._grown.set()

    async def draft(self) -> None:
        """Show what has grown, now and then. What fails here is for the end to make good."""
        await self._grown.wait()
        await self._desk.clock.sleep(AT_ONCE)
        while not self._ended:
            await self._grown.wait()
            self._grown.clear()
            async with self._writing:
                await self._show()
            await self._desk.clock.sleep(EVERY)

    async def _show(self) -> None:
        if self._ended or not self._desk.budget.spare(self._turn.place.parent):
            return
        text = self._drafted()
        if text in ("", self._shown) or not self._turn.fits(text):
            return
        try:
            await self._write(self._turn.split(text).parts[0])
            self._shown, self._edited = text, self._desk.clock.now()
        except (*TROUBLE, OutletGone, PostRefused) as error:
            log.warning("a beginning could not be shown: %s", error or "no answer")
            self._stands = ""  # for it may have been all the same
            self._ended = isinstance(error, OutletGone | PostRefused)

    async def _write(self, text: str) -> None:
        if self._posts:
            await self._desk.budget.take(self._turn.place.parent)
            if not await self._pen.redraft(self._posts[0], Sheet(text)):
                self._ended = True
                return
        else:
            self._posts.append(await self._pen.begin(Sheet(text)))
            self._standing(tuple(self._posts))
            self._pen.urgent = True  # who has read the beginning waits for the end
        self._stands = text

    def _drafted(self) -> str:
        text = self._turn.drafted(self._raw)
        return text if self._desk.guard.passes(self._turn.place.guild, text) else ""

    # Its end

    async def finish(self, text: str, pings: Collection[Member] = ()) -> tuple[int, ...]:
        """See `Speech.finish`.

        An edit notifies nobody, so where somebody is to be, the whole is posted anew and the beginning taken back.
        """
        await self._still()
        pings = mentionable(pings)
        try:
            await self._desk.allow(self._turn.place, self._turn.seat, text)
            return await self._stand(sheets_of(self._turn.split(text, pings), pings), anew=bool(pings))
        except PostBlocked:
            await self.leave()
            raise
        except OutletGone:
            self._over = True  # there is nothing more to be done there
            raise

    async def _stand(self, sheets: Sequence[Sheet], *, anew: bool) -> tuple[int, ...]:
        begun = [] if anew or not (sheets and self._posts) or not await self._replace(sheets[0]) else self._posts[:1]
        stale = self._posts[len(begun) :]
        for sheet in sheets[len(begun) :]:
            begun.append(await self._pen.post(sheet))
            self._posts = [*stale, *begun]
        for post in stale:
            await self._pen.take_back(post)
        self._over = True
        return tuple(begun)

    async def cut(self) -> tuple[str, tuple[int, ...]]:
        """See `Speech.cut`."""
        await self._still()
        if len(self._posts) != 1 or not self._shown:
            return "", ()
        newest = self._drafted()
        marked = self._turn.marked(
            newest if self._turn.fits(newest) and len(newest) > len(self._shown) else self._shown
        )
        try:
            self._over = await self._replace(Sheet(self._turn.split(marked).parts[0]))
        except PostRefused as error:
            log.warning("what broke off could not be marked: %s", error)
        return (marked, tuple(self._posts)) if self._over else ("", ())

    async def leave(self) -> None:
        """Take back what stands where it came to no end."""
        await self._still()
        while self._posts and not self._over:
            await self._pen.take_back(self._posts.pop())

    async def _still(self) -> None:
        """What is being written is written; nothing more is."""
        async with self._writing:
            self._ended = True

    async def _replace(self, sheet: Sheet) -> bool:
        """Let this stand in the message that was begun; False where that can be edited no more."""
        if sheet.text == self._stands:
            return True
        await self._desk.clock.sleep(self._edited + EVERY - self._desk.clock.now())
        try:
            return await self._pen.edit(self._posts[0], sheet)
        except Withdrawn:
            self._posts.clear()
            raise
