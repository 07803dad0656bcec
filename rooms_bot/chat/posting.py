"""Writes what agents say into one place: posts, edits and takes back, until it is certain what stands there."""

import io
import itertools
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

import discord
from discord.utils import MISSING

from rooms_bot.chat.access import Access
from rooms_bot.chat.desk import Desk
from rooms_bot.chat.erasing import Eraser
from rooms_bot.chat.escaping import NAMELESS, webhook_name
from rooms_bot.chat.failures import (
    LOST_WEBHOOK,
    TROUBLE,
    UNKNOWN_MESSAGE,
    about_the_name,
    code_of,
    gone,
    passes,
    pause,
)
from rooms_bot.chat.losses import ARCHIVED
from rooms_bot.chat.sheets import Sheet
from rooms_bot.chat.traffic import Seen, answered, watched
from rooms_bot.chat.trail import Trail, alike
from rooms_bot.domain.rooms import Seat
from rooms_bot.errors import PostRefused
from rooms_bot.i18n import N_
from rooms_bot.ports import Wanted, always

log = logging.getLogger(__name__)

T = TypeVar("T")

LOOK = 5.0
"""Seconds after which it is looked again whether what waits is still wanted."""


class Withdrawn(PostRefused):
    """Somebody deleted what was to be edited."""

    phrase = N_("was interrupted: what it had begun to say was deleted")


class Unwanted(PostRefused):
    """Nobody wants it any more."""


class Pen:
    """Writes for one seat, for as long as that is `wanted`. What people wait for is `urgent`."""

    def __init__(self, desk: Desk, access: Access, seat: Seat, trail: Trail, *, urgent: bool = False) -> None:
        self._desk, self._access, self._seat, self._trail, self.urgent = desk, access, seat, trail, urgent
        self._place = access.place
        self.wanted: Wanted = always
        self._name = webhook_name(seat.name)
        self._eraser = Eraser(desk.client, desk.webhooks)
        self._posted: dict[int, int] = {}
        """By message of ours the webhook that it is of."""

    async def post(self, sheet: Sheet) -> int:
        """One message, tried for as long as Discord cannot be reached, and under a plain name where its own is refused.

        Raises `OutletGone`, `PostRefused`, also as `Unwanted`.
        """
        since = self._trail.newest()
        with watched() as seen:
            return await self._insist(lambda: self._send(sheet, since, seen), self._access.require)

    async def begin(self, sheet: Sheet) -> int:
        """The same, tried once. Raises what Discord's answer means to discord.py."""
        await self._take(self._access.require)
        with watched() as seen:
            return await self._send(sheet, self._trail.newest(), seen)

    async def edit(self, post: int, sheet: Sheet) -> bool:
        """Let this stand there instead; False where that message can be edited no more, though it may be there.

        Raises `Withdrawn` where it is not, `Unwanted`, `OutletGone`, `PostRefused`.
        """
        return await self._insist(lambda: self.redraft(post, sheet))

    async def redraft(self, post: int, sheet: Sheet) -> bool:
        """The same, tried once, at once and uncounted. Raises what Discord's answer means to discord.py.

        Only the webhook that posted a message can edit it, and needs no permission of the bot's for that.
        """
        webhook = await self._webhook_of(post)
        if webhook is None or self._access.vanished:
            return False
        try:
            await answered(
                webhook.edit_message(post, content=sheet.text, allowed_mentions=sheet.mentions, thread=self._thread())
            )
        except discord.HTTPException as error:
            if error.code == UNKNOWN_MESSAGE:
                raise Withdrawn(str(error)) from error
            if error.code == ARCHIVED:
                return await self._access.revived(error) and await self.redraft(post, sheet)
            if error.code not in LOST_WEBHOOK:
                raise
            self._desk.webhooks.lost(webhook)
            return False
        return True

    async def _webhook_of(self, post: int) -> discord.Webhook | None:
        """What an earlier process posted is of the webhook that is there, as far as is known."""
        if post in self._posted:
            return self._desk.webhooks.known(self._posted[post])
        return await self._desk.webhooks.of(self._place.parent)

    async def take_back(self, post: int) -> bool:
        """Delete a message of ours; False where it stays. Never raises."""
        return await self._eraser.take_back(self._access, post)

    async def _insist(self, attempt: Callable[[], Awaitable[T]], may: Callable[[], None] = lambda: None) -> T:
        for number in itertools.count():
            await self._wait(self._desk.budget.wait(self._place.parent, urgent=self.urgent, agents=True))
            if self.wanted():
                await self._take(may)
            if not self.wanted():
                raise Unwanted("")
            try:
                return await attempt()
            except TROUBLE as error:
                self._weigh(error)
                log.warning(
                    "channel %s: a post failed and is tried again: %s", self._place.channel, error or "no answer"
                )
                await self._wait(pause(error, number))
        raise AssertionError("counting does not end")

    async def _wait(self, seconds: float) -> None:
        """For so long, or until it is not wanted any more, which is looked at now and then."""
        clock = self._desk.clock
        until = clock.now() + seconds
        while self.wanted() and (left := until - clock.now()) > 0:
            await clock.sleep(min(LOOK, left))

    async def _take(self, may: Callable[[], None]) -> None:
        """Wait until the channel takes one more. Raises what `may` does where it is known that it takes none."""
        await self._access.present()
        may()
        await self._desk.budget.take(self._place.parent, urgent=self.urgent, agents=True)

    def _weigh(self, error: Exception) -> None:
        """Raises `OutletGone` or `PostRefused` where trying again is of no use."""
        if code_of(error) in LOST_WEBHOOK:
            return  # the next one is another
        if self._access.away:
            return  # what Discord says in an outage means nothing
        if (end := gone(error, self._place)) is not None:
            raise end from error
        if about_the_name(error) and self._name != NAMELESS:
            self._name = NAMELESS
        elif not passes(error):
            raise PostRefused(str(error)) from error

    async def _send(self, sheet: Sheet, since: int, seen: Seen) -> int:
        """The outcome is never guessed: after an answer that leaves it open the channel is read.

        That is done once more when it is posted after all, since what was held up may come late.
        """
        webhook = await self._desk.webhooks.of(self._place.parent)
        post = await self._sent(webhook, sheet, since, seen)
        self._posted[post] = webhook.id
        self._trail.leave(post)
        return post

    async def _sent(self, webhook: discord.Webhook, sheet: Sheet, since: int, seen: Seen) -> int:
        face = await self._desk.faces.url(self._seat.persona)
        try:
            post = await self._execute(webhook, face, sheet)
        except TROUBLE as error:
            if code_of(error) in LOST_WEBHOOK:
                self._desk.webhooks.lost(webhook)
            found = await self._settled(webhook, sheet, since) if seen.doubtful else None
            if found is None:
                raise
            return found
        return (await self._settled(webhook, sheet, since) if seen.doubtful else None) or post

    async def _execute(self, webhook: discord.Webhook, face: str | None, sheet: Sheet) -> int:
        message = await answered(
            webhook.send(
                sheet.text or MISSING,
                username=self._name,
                avatar_url=face or MISSING,
                file=discord.File(io.BytesIO(sheet.file.encode()), "the-rest.md") if sheet.file else MISSING,
                thread=self._thread(),
                allowed_mentions=sheet.mentions,
                wait=True,
            )
        )
        return message.id

    async def _settled(self, webhook: discord.Webhook, sheet: Sheet, since: int) -> int | None:
        """The message that stands there now, duplicates being taken back; None where there is none."""
        found = [
            message
            for message in await self._trail.since(since)
            if message.webhook_id == webhook.id and alike(message, self._name, sheet.text)
        ]
        log.warning("channel %s: a post's outcome was open; it stands there %d times", self._place.channel, len(found))
        for more in found[1:]:
            await self.take_back(more.id)
        return found[0].id if found else None

    def _thread(self) -> discord.Object:
        threaded = self._place.channel != self._place.parent
        return discord.Object(self._place.channel) if threaded else MISSING
