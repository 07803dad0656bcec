"""What a room is opened in: where it was asked for, a thread of its own, or a post of its own in a forum."""

import logging
import re
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import discord

from rooms_bot.chat.escaping import plain
from rooms_bot.chat.failures import TROUBLE
from rooms_bot.chat.splitting import units
from rooms_bot.domain.rooms import Place
from rooms_bot.errors import Refused, RoomsError
from rooms_bot.i18n import N_, _, speaking

log = logging.getLogger(__name__)

LONGEST_TITLE = 100
"""Characters of a thread's name."""
NAMELESS = N_("Room")
REASON = "Rooms Bot: a room of agents"
OPENER = N_("A room opens here: agents discuss, and everyone can join in.")


@dataclass(frozen=True, slots=True)
class Here:
    """The room is opened where it was asked for."""

    place: Place

    async def prepare(self, topic: str) -> Place:
        del topic
        return self.place


@dataclass(frozen=True, slots=True)
class NewThread:
    """The room gets a public thread of its own."""

    channel: discord.TextChannel

    async def prepare(self, topic: str) -> Place:
        """Opens the thread. Raises `Refused`."""
        try:
            made = await self.channel.create_thread(
                name=title(topic), type=discord.ChannelType.public_thread, reason=REASON
            )
        except discord.HTTPException as error:
            raise _refusal(error) from error
        return Place(guild=self.channel.guild.id, channel=made.id, parent=self.channel.id)


@dataclass(frozen=True, slots=True)
class NewPost:
    """The room gets a post of its own in a forum; the bot's first words there are in the server's language."""

    forum: discord.ForumChannel
    tags: Collection[discord.ForumTag]
    locale: str

    async def prepare(self, topic: str) -> Place:
        """Opens the post. Raises `Refused`."""
        with speaking(self.locale):
            opener = _(OPENER)
        try:
            made = await self.forum.create_thread(
                name=title(topic),
                content=opener,
                applied_tags=list(self.tags),
                allowed_mentions=discord.AllowedMentions.none(),
                reason=REASON,
            )
        except discord.HTTPException as error:
            raise _refusal(error) from error
        return Place(guild=self.forum.guild.id, channel=made.thread.id, parent=self.forum.id)


Site = Here | NewThread | NewPost


@asynccontextmanager
async def prepared(where: Site, topic: str) -> AsyncIterator[Place]:
    """The place of the room that is opened within; a thread or post made for one that is not opened is taken back.

    Raises `Refused`.
    """
    place = await where.prepare(topic)
    try:
        yield place
    except RoomsError:
        if not isinstance(where, Here):
            await _take_back(where.channel if isinstance(where, NewThread) else where.forum, place)
        raise


async def _take_back(parent: discord.TextChannel | discord.ForumChannel, place: Place) -> None:
    """Deleted where the bot may, else closed; never raises."""
    thread = parent.get_thread(place.channel)
    try:
        if thread is not None and parent.permissions_for(parent.guild.me).manage_threads:
            await thread.delete()
        elif thread is not None:
            await thread.edit(archived=True)
    except TROUBLE as error:
        log.warning("thread %s, in which no room was opened, is left: %s", place.channel, error or "no answer")


def title(topic: str) -> str:
    """A thread's name: one line, as it is shown, of at most 100 characters."""
    line = re.sub(r"\\(.)", r"\1", plain(topic))
    if units(line) > LONGEST_TITLE:
        while units(line) > LONGEST_TITLE - 1:
            line = line[:-1]
        line = f"{line.rstrip()}…"
    return line or _(NAMELESS)


def _refusal(error: discord.HTTPException) -> Exception:
    """What Discord answers to a thread it does not open, as a sentence; its own faults stay what they are."""
    if error.status >= 500:
        return error
    return Refused("Discord did not let the bot open that: {reason}", reason=plain(error.text))


def link(place: Place) -> Mapping[str, str]:
    """The value `room` for a sentence that says where the room is."""
    return {"room": f"<#{place.channel}>"}
