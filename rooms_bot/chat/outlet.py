"""Where one room's words go: its channel or thread, agents through the webhook, notices as the bot."""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import discord
from discord.utils import MISSING

from rooms_bot.chat.access import Access
from rooms_bot.chat.closing import Closing
from rooms_bot.chat.desk import Desk
from rooms_bot.chat.erasing import Eraser
from rooms_bot.chat.escaping import outgoing
from rooms_bot.chat.failures import TROUBLE, passes, pause
from rooms_bot.chat.farewell import write_home
from rooms_bot.chat.hindsight import Hindsight
from rooms_bot.chat.locales import spoken_in
from rooms_bot.chat.others import mentionable
from rooms_bot.chat.posting import Pen
from rooms_bot.chat.render import Notice, notice
from rooms_bot.chat.sheets import sheets_of
from rooms_bot.chat.speech import ChannelSpeech
from rooms_bot.chat.splitting import split
from rooms_bot.chat.tags import mark
from rooms_bot.chat.traffic import answered
from rooms_bot.chat.trail import Trail
from rooms_bot.chat.wording import Turn
from rooms_bot.domain.events import Closed, Event, Opened, Planned, Resumed
from rooms_bot.domain.rooms import Member, Place, Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.engine.floor import spellings
from rooms_bot.errors import OutletGone
from rooms_bot.i18n import speaking
from rooms_bot.ports import Found, Standing, Uttered, Wanted, always

log = logging.getLogger(__name__)

TYPING = 8.0
"""Seconds after which typing is shown anew; Discord lets it lapse after 10."""
NOTICE_TRIES = 12
"""How often, in about six minutes, it is tried to tell people something."""
AWAY = 5.0
"""Seconds after which it is looked again whether an unavailable server is back."""


class ChannelOutlet:
    """The outlet of one room."""

    def __init__(self, desk: Desk, place: Place, room: int) -> None:
        self._desk, self._place, self._room = desk, place, room
        self._access = Access(desk.client, place, desk.clock)
        self._trail = Trail(desk, self._access)
        self._hindsight = Hindsight(desk, self._access, self._trail, room)
        self._closing = Closing(desk, place)

    def delay(self, *, urgent: bool = False) -> float:
        """See `Outlet.delay`. An outage of the server is waited out."""
        guild = self._desk.client.get_guild(self._place.guild)
        away = guild.unavailable if guild is not None else not self._desk.client.is_ready()
        return max(AWAY if away else 0.0, self._desk.budget.delay(self._place.parent, urgent=urgent))

    async def post(self, seat: Seat, text: str, pings: Collection[Member] = ()) -> tuple[int, ...]:
        """See `Outlet.post`. Of a long text each part is a message; what is beyond five parts is a file."""
        pings = mentionable(pings)
        messages = split(outgoing(text, {name: member.id for member in pings for name in spellings(member)}))
        pen = Pen(self._desk, self._access, seat, self._trail)
        await self._desk.allow(self._place, seat, text)
        return tuple([await pen.post(sheet) for sheet in sheets_of(messages, pings)])

    async def withdraw(self, posts: Sequence[int]) -> None:
        """See `Outlet.withdraw`."""
        await self._access.present()
        eraser = Eraser(self._desk.client, self._desk.webhooks)
        for post in posts:
            await eraser.take_back(self._access, post)

    async def refresh(self, room: RoomState) -> bool:
        """See `Outlet.refresh`. An archived thread is opened again; what is lost is not asked."""
        if self._access.away or self._access.speechless:
            return not self._access.away
        with suppress(OutletGone), speaking(self._locale):  # the next post finds it out
            try:
                return await self._desk.panels.refresh(room, self._room)
            except discord.HTTPException as error:
                self._access.lost(error)
                return not await self._access.revived(error)
        return True

    async def show(self, event: Event, room: RoomState) -> int | None:
        """See `Outlet.show`."""
        self._desk.audit.event(event, room)
        with speaking(self._locale):
            match event.what:
                case Opened():
                    return await self._open(room)
                case Closed(reason="gone") as closed:
                    await self._part(event, closed, room)
                    return None
                case Resumed(reason="more turns"):
                    self._access.renew()
            shown = notice(event, room, self._room)
            await self._closing.follow(event, await self._notify(shown) if shown is not None else None)
            await self._mark(event)
        return None

    async def _part(self, event: Event, closed: Closed, room: RoomState) -> None:
        """One notice where the room was, or else a message to who opened it."""
        self._access.end(closed.because)
        shown = notice(event, room, self._room)
        if shown is not None and not self._access.speechless:
            with suppress(OutletGone):
                if (posted := await self._send_notice(shown)) is not None:
                    await self._closing.follow(event, posted)
                    await self._mark(event)
                    return
        if not self._access.removed:
            await write_home(self._desk.client, closed, room, self._room)

    async def _mark(self, event: Event) -> None:
        """A forum's post shows how its room stands."""
        if isinstance(event.what, Closed) or (isinstance(event.what, Resumed) and event.what.turns):
            await mark(self._desk.client, self._place, live=isinstance(event.what, Resumed))

    @property
    def _locale(self) -> str:
        """The server's language, for what everyone there reads."""
        return spoken_in(self._desk.client, self._place.guild)

    async def _open(self, room: RoomState) -> int | None:
        view = await self._desk.panels.of(room, self._room)
        posted = await self._send_notice(Notice("", view))
        if posted is not None:
            self._desk.panels.shows(posted, view, room)
        return posted

    async def _notify(self, shown: Notice) -> int | None:
        """A notice too long for one message is several, the buttons under the last, whose id this is."""
        *first, last = split(shown.text).parts
        for part in first:
            await self._send_notice(Notice(part, pings=shown.pings))
        return await self._send_notice(Notice(last, shown.view, shown.pings))

    async def _send_notice(self, shown: Notice) -> int | None:
        """Tried some times; the nonce lets Discord keep a second try of what it has posted from being a second post."""
        channel = self._desk.client.get_partial_messageable(self._place.channel, guild_id=self._place.guild)
        users = [discord.Object(number) for number in shown.pings]
        mentions = discord.AllowedMentions(everyone=False, roles=False, replied_user=False, users=users or False)
        view: Any = shown.view or MISSING
        nonce = secrets.token_hex(12)
        for attempt in range(NOTICE_TRIES):
            await self._access.present()
            self._access.require(agents=False)
            await self._desk.budget.take(self._place.parent, urgent=True)
            try:
                text = shown.text or None
                sent = channel.send(text, view=view, allowed_mentions=mentions, suppress_embeds=True, nonce=nonce)
                return (await answered(sent)).id
            except TROUBLE as error:
                if await self._access.revived(error):
                    continue
                if (end := self._access.lost(error)) is not None:
                    raise end from error
                log.warning("room %s: a notice could not be posted: %s", self._room, error or "no answer")
                if not passes(error):
                    break
                await self._desk.clock.sleep(pause(error, attempt))
        return None

    async def since(self, room: RoomState, post: int = 0) -> Sequence[Found]:
        """See `Outlet.since`."""
        return await self._hindsight.since(room, post)

    @asynccontextmanager
    async def speech(
        self,
        seat: Seat,
        planned: Planned,
        room: RoomState,
        standing: Standing,
        wanted: Wanted = always,
        left: Sequence[Uttered] = (),
    ) -> AsyncIterator["ChannelSpeech"]:
        """See `Outlet.speech`. Typing is shown while this is open; Discord shows the bot typing, whoever thinks."""
        turn = Turn(self._place, seat, planned, room, self._locale)
        pen = Pen(self._desk, self._access, seat, self._trail, urgent=turn.urgent)
        pen.wanted = wanted
        self._trail.leave(max((one.post for one in left), default=0))
        speech = ChannelSpeech(self._desk, turn, pen, standing, left)
        async with asyncio.TaskGroup() as tasks:
            beside = [tasks.create_task(self._type())]
            if room.config.streaming and self._desk.guard.may_stream(self._place.guild):
                beside.append(tasks.create_task(speech.draft()))
            try:
                yield speech
            finally:
                await speech.drop()
                for task in beside:
                    task.cancel()

    async def _type(self) -> None:
        """It is left out while others need Discord more."""
        channel = self._desk.client.get_partial_messageable(self._place.channel, guild_id=self._place.guild)
        with suppress(OutletGone):  # the post that follows finds it out
            while not self._access.away and not self._access.speechless:
                try:
                    await answered(channel.typing(), idle=True)
                except TROUBLE as error:
                    self._access.lost(error)
                    if not passes(error) and not await self._access.revived(error):
                        log.debug("room %s: typing could not be shown: %s", self._room, error)
                        return
                await self._desk.clock.sleep(TYPING)
