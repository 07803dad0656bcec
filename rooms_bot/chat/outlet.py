"""Where one room's words go: its channel or thread, agents through the webhook, notices as the bot."""

import asyncio
import io
import itertools
import logging
import re
import secrets
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import aiohttp
import discord
from discord.utils import MISSING

from rooms_bot.chat.budget import Budget
from rooms_bot.chat.escaping import NAMELESS, outgoing, webhook_name
from rooms_bot.chat.faces import Faces
from rooms_bot.chat.render import Notice, notice
from rooms_bot.chat.splitting import split
from rooms_bot.chat.webhooks import Webhooks
from rooms_bot.clock import Clock
from rooms_bot.domain.events import Event, Planned
from rooms_bot.domain.rooms import Member, Place, Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.engine.floor import spellings
from rooms_bot.errors import OutletGone, PostRefused
from rooms_bot.ports import Standing

log = logging.getLogger(__name__)

TYPING = 8.0
"""Seconds after which typing is shown anew; Discord lets it lapse after 10."""
LONGEST_PAUSE = 60.0
"""Seconds between two tries while Discord cannot be reached; the first pauses are 0, 1, 3, 7 …"""
NOTICE_TRIES = 5
INVALID_FORM = 50035
LOST_WEBHOOK = (10015, 50027)
"""Unknown webhook, invalid webhook token."""
GONE = {10003: "the channel is gone", 10008: "the channel is gone", 160005: "the thread is locked"}


@dataclass(frozen=True, slots=True)
class Desk:
    """What all outlets share."""

    client: discord.Client
    webhooks: Webhooks
    faces: Faces
    budget: Budget
    clock: Clock
    voice: Callable[[Seat], str]
    """Which model speaks for a seat and where it runs, in words."""


class ChannelOutlet:
    """The outlet of one room."""

    def __init__(self, desk: Desk, place: Place, room: int) -> None:
        self._desk, self._place, self._room = desk, place, room

    def delay(self, *, urgent: bool = False) -> float:
        del urgent
        return self._desk.budget.delay(self._place.parent)

    async def post(self, seat: Seat, text: str, pings: Collection[Member] = ()) -> tuple[int, ...]:
        """See `Outlet.post`. Of a long text each part is a message; what is beyond five parts is a file."""
        whole = split(outgoing(text, {name: member.id for member in pings for name in spellings(member)}))
        mentions = discord.AllowedMentions(
            everyone=False, roles=False, replied_user=False, users=[discord.Object(one.id) for one in pings] or False
        )
        try:
            posts = [await self._part(seat, part, None, mentions) for part in whole.parts]
            if whole.rest:
                posts.append(await self._part(seat, "", whole.rest, mentions))
        except OutletGone as gone:
            with suppress(OutletGone):  # only agents may be unable to speak there
                await self._send_notice(Notice(f"**This room is over**, since {gone}."))
            raise
        return tuple(posts)

    async def _part(self, seat: Seat, text: str, file: str | None, mentions: discord.AllowedMentions) -> int:
        """One message; tried while Discord cannot be reached, and under a plain name where the seat's is refused."""
        name = webhook_name(seat.name)
        for attempt in itertools.count():
            await self._desk.budget.take(self._place.parent)
            try:
                return await self._send(seat, name, text, file, mentions)
            except (discord.HTTPException, aiohttp.ClientError, TimeoutError) as error:
                if isinstance(error, discord.HTTPException) and error.code in LOST_WEBHOOK:
                    self._desk.webhooks.lost(self._place.parent)
                elif isinstance(error, discord.NotFound | discord.Forbidden):
                    raise OutletGone(GONE.get(error.code, "the bot may not post there any more")) from error
                elif _names(error) and name != NAMELESS:
                    name = NAMELESS
                elif not _passes(error):
                    raise PostRefused(str(error)) from error
                log.warning("room %s: a post failed and is tried again: %s", self._room, error or "no answer")
                await self._desk.clock.sleep(_pause(error, attempt))
        raise AssertionError("counting does not end")

    async def _send(self, seat: Seat, name: str, text: str, file: str | None, mentions: discord.AllowedMentions) -> int:
        webhook = await self._desk.webhooks.of(self._place.parent)
        threaded = self._place.channel != self._place.parent
        message = await webhook.send(
            text or MISSING,
            username=name,
            avatar_url=await self._desk.faces.url(seat.persona) or MISSING,
            file=discord.File(io.BytesIO(file.encode()), "the-rest.md") if file else MISSING,
            thread=discord.Object(self._place.channel) if threaded else MISSING,
            allowed_mentions=mentions,
            wait=True,
        )
        return message.id

    async def refresh(self, room: RoomState) -> bool:
        """See `Outlet.refresh`."""
        del room
        return True

    async def show(self, event: Event, room: RoomState) -> None:
        """See `Outlet.show`."""
        shown = notice(event, room, self._room, self._desk.voice)
        if shown is not None:
            await self._notify(shown)

    async def _notify(self, shown: Notice) -> None:
        """A notice too long for one message is several, the buttons under the last."""
        *first, last = split(shown.text).parts
        for part in first:
            await self._send_notice(Notice(part, pings=shown.pings))
        await self._send_notice(Notice(last, shown.view, shown.pings))

    async def _send_notice(self, shown: Notice) -> None:
        """Tried some times; the nonce lets Discord keep a second try of what it has posted from being a second post."""
        channel = self._desk.client.get_partial_messageable(self._place.channel, guild_id=self._place.guild)
        users = [discord.Object(number) for number in shown.pings]
        mentions = discord.AllowedMentions(everyone=False, roles=False, replied_user=False, users=users or False)
        view, nonce = shown.view or MISSING, secrets.token_hex(12)
        for attempt in range(NOTICE_TRIES):
            await self._desk.budget.take(self._place.parent)
            try:
                await channel.send(shown.text, view=view, allowed_mentions=mentions, suppress_embeds=True, nonce=nonce)
                return
            except (discord.NotFound, discord.Forbidden) as error:
                raise OutletGone(GONE.get(error.code, "the bot may not post there any more")) from error
            except (discord.HTTPException, aiohttp.ClientError, TimeoutError) as error:
                log.warning("room %s: a notice could not be posted: %s", self._room, error or "no answer")
                if not _passes(error):
                    return
                await self._desk.clock.sleep(_pause(error, attempt))

    @asynccontextmanager
    async def speech(
        self, seat: Seat, planned: Planned, room: RoomState, standing: Standing
    ) -> AsyncIterator["ChannelSpeech"]:
        """See `Outlet.speech`. Typing is shown while this is open; Discord shows the bot typing, whoever thinks."""
        del planned, room, standing
        async with asyncio.TaskGroup() as tasks:
            typing = tasks.create_task(self._type())
            try:
                yield ChannelSpeech(self, seat)
            finally:
                typing.cancel()

    async def _type(self) -> None:
        channel = self._desk.client.get_partial_messageable(self._place.channel, guild_id=self._place.guild)
        try:
            while True:
                await channel.typing()
                await self._desk.clock.sleep(TYPING)
        except (discord.HTTPException, aiohttp.ClientError) as error:
            log.debug("room %s: typing could not be shown: %s", self._room, error)


@dataclass(frozen=True, slots=True)
class ChannelSpeech:
    """One turn's answer; see `Speech`."""

    outlet: ChannelOutlet
    seat: Seat

    def grow(self, text: str) -> None:
        del text

    async def finish(self, text: str, pings: Collection[Member] = ()) -> tuple[int, ...]:
        return await self.outlet.post(self.seat, text, pings)

    async def cut(self) -> tuple[str, tuple[int, ...]]:
        return "", ()


def _passes(error: Exception) -> bool:
    """Whether trying again may help. discord.py gives a 429 up that did not come through Discord's own proxy."""
    return not isinstance(error, discord.HTTPException) or error.status in (408, 429) or error.status >= 500


def _names(error: Exception) -> bool:
    return isinstance(error, discord.HTTPException) and error.code == INVALID_FORM and "username" in error.text


def _pause(error: Exception, attempt: int) -> float:
    """Seconds until the next try: as Discord asks for, else 0, 1, 3, 7 …"""
    asked = error.response.headers.get("Retry-After", "") if isinstance(error, discord.HTTPException) else ""
    return float(asked) if re.fullmatch(r"\d+(\.\d+)?", asked) else min(LONGEST_PAUSE, 2**attempt - 1)
