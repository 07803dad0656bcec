"""Where one room's words go: its channel or thread, agents through the webhook, notices as the bot."""

import asyncio
import io
import itertools
import logging
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
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
from rooms_bot.domain.events import Event
from rooms_bot.domain.rooms import Member, Place, Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.errors import OutletGone

log = logging.getLogger(__name__)

TYPING = 8.0
"""Seconds after which typing is shown anew; Discord lets it lapse after 10."""
LONGEST_PAUSE = 60.0
"""Seconds between two tries while Discord cannot be reached; the first pauses are 1, 2, 4 …"""
UNKNOWN_WEBHOOK, INVALID_FORM = 10015, 50035
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

    def delay(self) -> float:
        return self._desk.budget.delay(self._place.parent)

    async def post(self, seat: Seat, text: str, pings: Collection[Member] = ()) -> tuple[int, ...]:
        """See `Outlet.post`. Of a long text each part is a message; what is beyond five parts is a file."""
        whole = split(outgoing(text, {member.name: member.id for member in pings}))
        mentions = discord.AllowedMentions(
            everyone=False, roles=False, replied_user=False, users=[discord.Object(one.id) for one in pings] or False
        )
        posts = [await self._part(seat, part, None, mentions) for part in whole.parts]
        if whole.rest:
            posts.append(await self._part(seat, "", whole.rest, mentions))
        return tuple(posts)

    async def _part(self, seat: Seat, text: str, file: str | None, mentions: discord.AllowedMentions) -> int:
        """One message; tried while Discord cannot be reached, and under a plain name where the seat's is refused."""
        name = webhook_name(seat.name)
        for attempt in itertools.count():
            await self._desk.budget.take(self._place.parent)
            try:
                return await self._send(seat, name, text, file, mentions)
            except discord.NotFound as error:
                if error.code != UNKNOWN_WEBHOOK:
                    raise OutletGone(GONE.get(error.code, error.text)) from error
                self._desk.webhooks.lost(self._place.parent)
            except discord.Forbidden as error:
                raise OutletGone(GONE.get(error.code, "the bot may not post there any more")) from error
            except (discord.DiscordServerError, aiohttp.ClientError) as error:
                log.warning("room %s: a post failed and is tried again: %s", self._room, error)
                await self._desk.clock.sleep(min(LONGEST_PAUSE, 2**attempt))
            except discord.HTTPException as error:
                if error.code != INVALID_FORM or "username" not in error.text or name == NAMELESS:
                    raise
                name = NAMELESS
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
        await self._desk.budget.take(self._place.parent)
        channel = self._desk.client.get_partial_messageable(self._place.channel, guild_id=self._place.guild)
        users = [discord.Object(number) for number in shown.pings]
        mentions = discord.AllowedMentions(everyone=False, roles=False, replied_user=False, users=users or False)
        try:
            await channel.send(shown.text, view=shown.view or MISSING, allowed_mentions=mentions, suppress_embeds=True)
        except (discord.NotFound, discord.Forbidden) as error:
            raise OutletGone(GONE.get(error.code, "the bot may not post there any more")) from error
        except (discord.HTTPException, aiohttp.ClientError) as error:
            log.warning("room %s: a notice could not be posted: %s", self._room, error)

    @asynccontextmanager
    async def thinking(self, seat: Seat) -> AsyncIterator[None]:  # noqa: ARG002 - Discord shows the bot typing, whoever thinks
        """Typing is shown while this is open."""
        async with asyncio.TaskGroup() as tasks:
            typing = tasks.create_task(self._type())
            try:
                yield
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
