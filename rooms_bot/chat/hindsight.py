"""What was said in one place while nobody listened: read from its history, and judged as if it came now."""

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from typing import Any

import discord
from discord.utils import snowflake_time, time_snowflake

from rooms_bot.chat.access import Access
from rooms_bot.chat.audience import Audience
from rooms_bot.chat.buttons import button_id
from rooms_bot.chat.desk import Desk
from rooms_bot.chat.inbound import read_text, texts
from rooms_bot.chat.losses import REMOVED
from rooms_bot.chat.others import is_other
from rooms_bot.chat.trail import MOST, Trail
from rooms_bot.chat.utterance import is_agents, to_uttered
from rooms_bot.domain.events import Heard
from rooms_bot.domain.state import RoomState
from rooms_bot.errors import OutletGone
from rooms_bot.ports import Found, Shown, Struck, Uttered

log = logging.getLogger(__name__)

OVERLAP = timedelta(minutes=1)
"""How long before the newest message known it is read: what came at about the same time may have been lost."""
KNOWN = 50
"""How many of the newest messages known it is looked at, whether they still stand there and say the same."""
MARGIN = timedelta(seconds=5)
"""By how much this machine's clock may be ahead of Discord's."""
MOST_FILES = 20
"""How many attached texts are read, of the newest messages."""


class Hindsight:
    """Reads the history of one place."""

    def __init__(self, desk: Desk, access: Access, trail: Trail, number: int) -> None:
        self._desk, self._access, self._trail = desk, access, trail
        self._panel = button_id("join", number)

    async def since(self, room: RoomState, post: int) -> Sequence[Found]:
        """See `Outlet.since`."""
        await self._access.present()
        if self._access.removed:
            raise OutletGone(REMOVED)
        start, known = _start(room, post), [*islice(reversed(room.transcript.places), KNOWN), *room.standing]
        messages = await self._read(start)
        await self._recognise(messages)
        audience = self._desk.audience.aside()
        found = {message: one for message in messages if (one := self._found(message, room, audience)) is not None}
        return [*_struck(known, start, messages), *await _with_texts(found, room)]

    async def _read(self, start: int) -> Sequence[discord.Message]:
        try:
            messages = await self._trail.reach(start)
        except discord.HTTPException as error:
            log.error("channel %s: what was missed there is lost, since: %s", self._access.place.channel, error)
            return ()
        if messages:
            self._trail.leave(messages[-1].id)
        return messages

    async def _recognise(self, messages: Sequence[discord.Message]) -> None:
        """A history tells nothing of its authors' roles."""
        guild = self._access.place.guild
        if not self._desk.audience.judges_by_roles(guild):
            return
        strangers = {message.author.id for message in messages if not is_other(message)}
        members = {user: await self._desk.members.find(guild, user) for user in sorted(strangers)}
        for message in messages:
            message.author = members.get(message.author.id) or message.author

    def _found(self, message: discord.Message, room: RoomState, audience: Audience) -> Found | None:
        if is_agents(message, self._desk.client.application_id):
            return Found(message.created_at, to_uttered(message, room))
        if room.panel is None and _has(message.components, self._panel):
            return Found(message.created_at, Shown(message.id))
        if room.knows(message.id) and message.edited_at is None:
            return None
        heard = audience.judge(message, room).heard
        return Found(message.created_at, _called(heard, message, room)) if heard is not None else None


def _start(room: RoomState, post: int) -> int:
    """The message after which it is read."""
    if post:
        known = next(islice(reversed(room.transcript.places), KNOWN - 1, None), post)
        return max(1, min(known - 1, time_snowflake(snowflake_time(post) - OVERLAP)))
    opened = time_snowflake(room.opened_at)
    if room.panel is None:
        return time_snowflake(room.opened_at - MARGIN)
    return min(room.panel, max(opened, time_snowflake(snowflake_time(room.panel) - MARGIN)))


def _struck(known: Iterable[int], start: int, messages: Sequence[discord.Message]) -> Sequence[Found]:
    """What was known before these messages were read, and is not among them."""
    if not messages:
        return ()  # perhaps they could not be read
    there, first = {message.id for message in messages}, start if len(messages) < MOST else messages[0].id
    gone = sorted(source for source in known if source > first and source not in there)
    return [Found(snowflake_time(source), Struck(source)) for source in gone]


def _has(components: Iterable[Any], custom: str) -> bool:
    """Whether a button of this id is among them, or in one of them."""
    return any(
        getattr(one, "custom_id", None) == custom
        or _has(getattr(one, "children", ()), custom)
        or _has(filter(None, [getattr(one, "accessory", None)]), custom)
        for one in components
    )


def _called(heard: Heard, message: discord.Message, room: RoomState) -> Heard:
    """By the name that the room knows: a history tells nothing of the names that members have in their server."""
    known = room.members.get(heard.member.id)
    if known is None or isinstance(message.author, discord.Member):
        return heard
    return heard.model_copy(update={"member": heard.member.model_copy(update={"name": known.name})})


async def _with_texts(found: Mapping[discord.Message, Found], room: RoomState) -> Sequence[Found]:
    """With the texts of the files that came with what the room does not know yet; all are read at once."""
    new = [(message, file) for message in found if not room.knows(message.id) for file in texts(message)]
    async with asyncio.TaskGroup() as tasks:
        reading = [(message, file, tasks.create_task(read_text(file))) for message, file in new[-MOST_FILES:]]
    read: dict[discord.Message, list[tuple[str, str]]] = {message: [] for message in found}
    for message, file, task in reading:
        read[message].append((file.filename, task.result()))
    return [_with(one, read[message]) for message, one in found.items()]


def _with(found: Found, files: Sequence[tuple[str, str]]) -> Found:
    """An agent's files are what of its words did not fit into messages."""
    if isinstance(found.what, Uttered):
        text = "\n".join(filter(None, [found.what.text, *(text for _, text in files)]))
        return replace(found, what=replace(found.what, text=text))
    if isinstance(found.what, Heard):
        return replace(found, what=found.what.model_copy(update={"files": len(files)}), files=tuple(files))
    return found
