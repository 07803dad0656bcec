"""One turn's answer in a channel: a message that appears with the first sentence and grows by edits, or a whole post.

It grows only while posts are not needed elsewhere. Whatever was shown before, the end is what a post of the whole would
be.
"""

import asyncio
import logging
from collections.abc import Collection, Sequence

from rooms_bot.agents.cleaning import began_unmarked
from rooms_bot.chat.adoption import adopted
from rooms_bot.chat.desk import Desk
from rooms_bot.chat.failures import TROUBLE
from rooms_bot.chat.others import mentionable
from rooms_bot.chat.posting import Pen, Withdrawn
from rooms_bot.chat.sheets import Sheet, sheets_of
from rooms_bot.chat.wording import Turn
from rooms_bot.domain.rooms import Member
from rooms_bot.errors import OutletGone, PostBlocked, PostRefused
from rooms_bot.ports import Standing, Uttered

log = logging.getLogger(__name__)

EVERY = 1.2
"""Seconds between two edits of one message, at least."""
AT_ONCE = 0.4
"""Seconds in which an answer may come whole, so that it is one post and no edits."""


class ChannelSpeech:
    """See `Speech`. `draft` is to run beside it, `drop` is its end whatever became of it."""

    def __init__(self, desk: Desk, turn: Turn, pen: Pen, standing: Standing, left: Sequence[Uttered] = ()) -> None:
        self._desk, self._turn, self._pen, self._standing = desk, turn, pen, standing
        self._left = sorted(left, key=lambda one: one.post)
        self._raw, self._shown, self._stands = "", "", ""
        self._posts: list[int] = [one.post for one in self._left]
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
        """Show what has grown, now and then. What fails here is for the end to make good.

        Where an earlier process left something nothing is shown beside it.
        """
        if self._left:
            return
        await self._grown.wait()
        await self._desk.clock.sleep(AT_ONCE)
        while not self._ended:
            await self._grown.wait()
            self._grown.clear()
            async with self._writing:
                await self._show()
            await self._desk.clock.sleep(EVERY)

    async def _show(self) -> None:
        if self._ended:
            return
        if self._posts and began_unmarked(self._raw):
            await self._unshow()
        text = self._drafted() if self._desk.budget.spare(self._turn.place.parent) else ""
        if self._ended or text in ("", self._shown) or not self._turn.fits(text):
            return
        try:
            self._ended = not await self._write(Sheet(self._turn.split(text).parts[0]), text)
        except (*TROUBLE, OutletGone, PostRefused) as error:
            log.warning("a beginning could not be shown: %s", error or "no answer")
            self._stands = ""  # for it may have been all the same
            self._ended = isinstance(error, OutletGone | PostRefused)

    async def _unshow(self) -> None:
        """What stands there was a thought, of which only the end is marked; what is said comes whole."""
        log.warning("%s thought aloud without marking it; that is taken back", self._turn.seat.name)
        self._ended = True
        if await self._pen.take_back(self._posts[0]):
            self._posts, self._shown, self._stands = [], "", ""
            self._standing(())

    async def _write(self, sheet: Sheet, text: str) -> bool:
        """Whether that stands there now."""
        if self._posts:
            await self._desk.budget.take(self._turn.place.parent, agents=True)
            if not await self._pen.redraft(self._posts[0], sheet):
                return False
        else:
            self._posts.append(await self._pen.begin(sheet))
            self._standing(tuple(self._posts))
            self._pen.urgent = True  # who has read the beginning waits for the end
        self._stands, self._shown, self._edited = sheet.text, text, self._desk.clock.now()
        return True

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
        except PostBlocked:
            await self.drop()
            raise
        await self._stand(text, pings)
        self._over = True
        return tuple(sorted(self._posts))

    async def _stand(self, text: str, pings: Collection[Member]) -> None:
        sheets: Sequence[Sheet] = sheets_of(self._turn.split(text, pings), pings)
        stale = self._posts[:]
        if self._left:
            stale, sheets = [], await self._adopt(text, pings)
        elif stale and sheets and not pings:
            stale = []
            sheets = sheets[1:] if await self._replace(sheets[0]) else await self._beside(text, sheets)
        for number, sheet in enumerate(sheets, 1):
            self._posts.append(await self._pen.post(sheet))
            if number < len(sheets):
                self._standing(tuple(self._posts))
        for post in stale:
            if await self._pen.take_back(post):
                self._posts.remove(post)

    async def _adopt(self, text: str, pings: Collection[Member]) -> Sequence[Sheet]:
        """Let stand what an earlier process posted as it should be, take back the rest; what is to be posted yet."""
        found = adopted(self._turn, self._left, text, pings)
        missing, spare = found.missing, {*found.spare}
        if found.draft is not None:
            if await self._mended(found.draft, missing[0]):
                missing = missing[1:]
            else:
                spare.add(found.draft)
        self._posts = [post for post in self._posts if post not in spare or not await self._pen.take_back(post)]
        return missing

    async def _mended(self, post: int, sheet: Sheet) -> bool:
        """Whether this stands now where an earlier process had begun."""
        try:
            return await self._pen.edit(post, sheet)
        except Withdrawn:  # or another webhook's, which is gone
            return False

    async def _beside(self, text: str, sheets: Sequence[Sheet]) -> Sequence[Sheet]:
        """What to post where the beginning can be edited no more: all of it, or what follows where that has to stay."""
        if await self._pen.take_back(self._posts[0]):
            self._posts.clear()
        elif self._stands and text.startswith(self._shown):
            return sheets_of(self._turn.rest(text[len(self._shown) :]), ())
        return sheets

    async def cut(self) -> tuple[str, tuple[int, ...]]:
        """See `Speech.cut`."""
        await self._still()
        if len(self._left) == len(self._posts) == 1:
            self._shown, self._stands = self._left[0].text, self._left[0].content
        if len(self._posts) != 1 or not self._shown:
            return "", ()
        newest = self._drafted()
        marked = self._turn.marked(
            newest if self._turn.fits(newest) and len(newest) > len(self._shown) else self._shown
        )
        try:
            self._over = await self._replace(Sheet(self._turn.split(marked).parts[0]))
        except (OutletGone, PostRefused) as error:
            log.warning("what broke off could not be marked: %s", error)
        if self._over:
            return marked, tuple(self._posts)
        await self.drop()
        return (self._shown, tuple(self._posts)) if self._posts else ("", ())

    async def drop(self) -> None:
        """See `Speech.drop`."""
        await self._still()
        if not self._over:
            self._posts = [post for post in self._posts if not await self._pen.take_back(post)]
            self._over = True

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
