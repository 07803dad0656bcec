"""Writes into a server's log channel what its hosts and admins do, and what agents were kept from saying."""

import asyncio
import io
import logging
import secrets
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

import discord
from discord.utils import MISSING

from rooms_bot.chat.budget import Budget
from rooms_bot.chat.deeds import deed, doer
from rooms_bot.chat.escaping import plain
from rooms_bot.chat.failures import TROUBLE, code_of, passes, pause
from rooms_bot.chat.locales import spoken_in
from rooms_bot.clock import Clock
from rooms_bot.domain.events import Event
from rooms_bot.domain.rooms import Member, Place
from rooms_bot.domain.state import RoomState
from rooms_bot.engine.servers import Servers
from rooms_bot.errors import PostBlocked, RoomsError
from rooms_bot.i18n import _, speaking

log = logging.getLogger(__name__)

TRIES = 5
LONGEST = 2000
"""Characters of a message."""
SHORT = 800
"""Characters of a blocked text that is shown as a spoiler; a longer one is a file."""
MOST = 1000
"""Entries of one server that wait; more is let go, since its channel takes fewer than happen."""
PATIENCE = 3.0
"""Seconds at the end for what is not posted yet."""
GONE = (10003, 50001, 50013)
"""Unknown channel, missing access, missing permission: there is no log channel any more."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line, and a file where something is too long for one; `channel` where it is not for the server's own.

    `blocked` are the agents that were kept from saying something, and by which rules: for the operator's log, where it
    cannot be posted.
    """

    text: str
    file: str = ""
    channel: int | None = None
    blocked: tuple[tuple[str, str], ...] = ()


class Audit:
    """`async with` it for as long as the bot lives. Nobody waits for it: what is told is posted by tasks of its own."""

    def __init__(self, client: discord.Client, servers: Callable[[], Servers], budget: Budget, clock: Clock) -> None:
        self._client, self._servers, self._budget, self._clock = client, servers, budget, clock
        self._waiting: defaultdict[int, deque[Entry]] = defaultdict(deque)
        self._posting: set[int] = set()
        self._open = False

    async def __aenter__(self) -> Self:
        self._tasks = await asyncio.TaskGroup().__aenter__()
        self._open = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open = False
        try:
            async with asyncio.timeout(PATIENCE):
                await self._tasks.__aexit__(kind, error, trace)
        except TimeoutError:
            lost = sum(map(len, self._waiting.values()))
            log.warning("at least %d entries of log channels were not posted any more", max(1, lost))
            for guild, waiting in self._waiting.items():
                _lose(guild, waiting)

    # What is told

    def event(self, event: Event, room: RoomState) -> None:
        """Something happened in a room."""
        place = room.opened.place
        with speaking(spoken_in(self._client, place.guild)):
            if said := deed(event, room):
                self._tell(place.guild, Entry(f"{said} · <#{place.channel}>"), event.at.timestamp())

    def did(self, guild: int, by: Member, what: str, channel: int | None = None, log: int | None = None) -> None:
        """An admin or a host did something outside of a room's events; `what` completes "Sam …".

        `channel` is where; `log` a log channel that is not the server's own any more.
        """
        where = f" · <#{channel}>" if channel else ""
        self._tell(guild, Entry(f"{doer(by)} {what}{where}", channel=log), self._clock.now())

    def blocked(self, place: Place, agent: str, why: PostBlocked, text: str) -> None:
        """What an agent was about to say was not allowed; it stands in the log channel alone."""
        with speaking(spoken_in(self._client, place.guild)):
            said = _("**{agent}** was kept from saying something in {channel} ({why})").format(
                agent=plain(agent), channel=f"<#{place.channel}>", why=plain(why.rule)
            )
        short, blocked = plain(text), ((agent, why.detail),)
        entry = Entry(f"{said}: ||{short}||") if len(short) <= SHORT else Entry(said, text)
        self._tell(place.guild, replace(entry, blocked=blocked), self._clock.now())

    def language(self, guild: int) -> AbstractContextManager[None]:
        """Within it, sentences are in the server's language, as for `did`."""
        return speaking(spoken_in(self._client, guild))

    def text(self, guild: int, sentence: str, **values: object) -> str:
        """A sentence of a catalogue in the server's language, for `did`."""
        with self.language(guild):
            return _(sentence).format(**values)

    def _tell(self, guild: int, entry: Entry, at: float) -> None:
        if entry.channel is None and self._servers().of(guild).log_channel is None:
            return
        if not self._open:
            log.warning("server %s: an entry for its log channel came when the bot was ending", guild)
            _lose(guild, [entry])
            return
        if len(self._waiting[guild]) >= MOST:
            log.warning("server %s: its log channel does not keep up; an entry is lost", guild)
            _lose(guild, [entry])
            return
        self._waiting[guild].append(replace(entry, text=f"<t:{int(at)}:T> {entry.text}"[:LONGEST]))
        if guild not in self._posting:
            self._posting.add(guild)
            self._tasks.create_task(self._post_all(guild), name=f"log of {guild}")

    # How it is posted

    async def _post_all(self, guild: int) -> None:
        waiting = self._waiting[guild]
        try:
            while waiting:
                await self._post(guild, _together(waiting))
        finally:
            self._posting.discard(guild)

    async def _post(self, guild: int, entry: Entry) -> None:
        channel = entry.channel or self._servers().of(guild).log_channel
        for attempt in range(TRIES):
            if channel is None:
                break
            try:
                await self._send(guild, channel, entry)
                return
            except TROUBLE as error:
                log.warning("server %s: its log channel takes nothing: %s", guild, error or "no answer")
                if code_of(error) in GONE:
                    _lose(guild, [entry])
                    await self._forget(guild, channel)
                    return
                if not passes(error):
                    break
                await self._clock.sleep(pause(error, attempt))
        log.error("server %s: an entry for its log channel is lost", guild)
        _lose(guild, [entry])

    async def _send(self, guild: int, channel: int, entry: Entry) -> None:
        await self._budget.take(channel)
        await self._client.get_partial_messageable(channel, guild_id=guild).send(
            entry.text,
            file=discord.File(io.BytesIO(entry.file.encode()), "SPOILER_blocked.txt") if entry.file else MISSING,
            allowed_mentions=discord.AllowedMentions.none(),
            suppress_embeds=True,
            nonce=secrets.token_hex(12),
        )

    async def _forget(self, guild: int, channel: int) -> None:
        """There is no such channel any more, unless somebody has set another meanwhile."""
        settings = self._servers().of(guild)
        if settings.log_channel == channel:
            _lose(guild, self._waiting[guild])
            self._waiting[guild].clear()
            try:
                await self._servers().save(settings.model_copy(update={"log_channel": None}))
            except RoomsError as error:
                log.error("server %s: that it has no log channel could not be kept: %s", guild, error)


def _lose(guild: int, entries: Iterable[Entry]) -> None:
    """Let the operator's log have what takes their place there."""
    for entry in entries:
        for agent, rule in entry.blocked:
            log.warning("server %s: %s was kept from saying something (%s)", guild, plain(agent), rule)


def _together(waiting: deque[Entry]) -> Entry:
    """As many lines as one message takes; a file comes with its own line alone."""
    first = waiting.popleft()
    lines, blocked = [first.text], first.blocked
    while not first.file and waiting and not waiting[0].file and waiting[0].channel == first.channel:
        if sum(map(len, lines)) + len(lines) + len(waiting[0].text) > LONGEST:
            break
        more = waiting.popleft()
        lines.append(more.text)
        blocked += more.blocked
    return replace(first, text="\n".join(lines), blocked=blocked)
