"""Where a room may be opened, and what is in the way: found out before anything is asked of Discord."""

from collections.abc import Collection
from typing import Any

import discord
from discord import AppCommandOptionType, app_commands
from discord.app_commands import AppCommandChannel

from rooms_bot.chat.locales import spoken_in
from rooms_bot.chat.permissions import (
    IN_CHANNEL,
    IN_FORUMS,
    IN_THREAD,
    NEW_POST,
    NEW_THREAD,
    OPENING_POSTS,
    OPENING_THREADS,
    require_own,
    require_theirs,
)
from rooms_bot.chat.sites import Here, NewPost, NewThread, Site
from rooms_bot.chat.tags import opening
from rooms_bot.domain.rooms import Place
from rooms_bot.errors import Refused
from rooms_bot.i18n import N_, _

It = discord.Interaction[Any]

ANNOUNCEMENTS = N_("Rooms cannot be opened in announcement channels. Please take an ordinary text channel.")
FROM_ANNOUNCEMENTS = N_("Please use the option `forum` in an ordinary channel, not in an announcement channel.")
MEDIA = N_("Rooms cannot be opened in media channels. Please take a forum or a text channel.")
UNFIT = N_("Rooms are opened in text channels, voice channels' chats, threads and forum posts.")
NOT_IN_SERVER = N_("Rooms are opened in a server's channels.")
EITHER = N_("Please give `forum` or `thread`, not both.")
IN_A_THREAD = N_("You are in a thread already: without the option `thread` the room opens right here.")
NO_THREADS = N_("Threads can only be opened in text channels. Without the option `thread` the room opens right here.")
LOCKED = N_("This thread is locked, so agents cannot speak in it. Somebody who may manage threads can unlock it.")
OUTSIDE = N_("The bot is not in this private thread. Mention it here, which adds it, and try again.")
ELSEWHERE = N_("On this server rooms are opened in these channels only: {channels}")
UNKNOWN_FORUM = N_("The bot cannot see that forum. It lacks the permission View Channel there.")


def site(interaction: It, forum: AppCommandChannel | None, thread: bool, only: Collection[int] = ()) -> Site:
    """Where the room that is asked for would be. Asks Discord nothing; `prepare` it once all else is settled.

    `only` are the channels the server has rooms in; empty is everywhere. Raises `Refused`, with what is in the way.
    """
    if forum is not None and thread:
        raise Refused(EITHER)
    if forum is not None:
        found: Site = _post(interaction, forum)
    elif thread:
        found = _thread(interaction)
    else:
        found = _here(interaction)
    _require_open(_parent(found), only)
    return found


def _parent(found: Site) -> int:
    match found:
        case Here(place):
            return place.parent
        case NewThread(channel):
            return channel.id
        case NewPost(forum):
            return forum.id


def _require_open(parent: int, only: Collection[int]) -> None:
    if only and parent not in only:
        raise Refused(ELSEWHERE, channels=_listed(only))


def elsewhere(only: Collection[int]) -> str:
    """Where rooms are opened on this server."""
    return _(ELSEWHERE).format(channels=_listed(only))


def _listed(channels: Collection[int]) -> str:
    return " ".join(f"<#{channel}>" for channel in sorted(channels))


def _here(interaction: It) -> Here:
    place = place_of(interaction)
    threaded = isinstance(interaction.channel, discord.Thread)
    require_own(interaction.app_permissions, IN_THREAD if threaded else IN_CHANNEL)
    return Here(place)


def place_of(interaction: It) -> Place:
    """The place of a room opened here. Raises `Refused` where there can be none."""
    channel = interaction.channel
    if interaction.guild_id is None or channel is None:
        raise Refused(NOT_IN_SERVER)
    if reason := unfit(channel):
        raise Refused(reason)
    if isinstance(channel, discord.Thread):
        if channel.locked:
            raise Refused(LOCKED)
        if outside(channel, interaction.app_permissions):
            raise Refused(OUTSIDE)
        return Place(guild=interaction.guild_id, channel=channel.id, parent=channel.parent_id)
    return Place(guild=interaction.guild_id, channel=channel.id, parent=channel.id)


def unfit(channel: object) -> str:
    """Why there can be no room in such a channel, whoever asks; empty where there can be one."""
    parent = channel.parent if isinstance(channel, discord.Thread) else channel
    if isinstance(parent, discord.TextChannel) and parent.is_news():
        return ANNOUNCEMENTS
    if isinstance(channel, discord.Thread) and channel.type is discord.ChannelType.news_thread:
        return ANNOUNCEMENTS
    if isinstance(parent, discord.ForumChannel) and parent.is_media():
        return MEDIA
    return "" if isinstance(channel, discord.TextChannel | discord.VoiceChannel | discord.Thread) else UNFIT


def outside(thread: discord.Thread, have: discord.Permissions) -> bool:
    """Whether this is a private thread that the bot hears nothing of: it is no member and no moderator of threads."""
    known = thread.guild.get_thread(thread.id)
    return thread.is_private() and (known is None or known.me is None) and not have.manage_threads


def _thread(interaction: It) -> NewThread:
    channel = interaction.channel
    if isinstance(channel, discord.Thread):
        raise Refused(unfit(channel) or IN_A_THREAD)
    if not isinstance(channel, discord.TextChannel) or channel.is_news():
        raise Refused(unfit(channel) or NO_THREADS)
    require_theirs(interaction.permissions, OPENING_THREADS)
    require_own(interaction.app_permissions, NEW_THREAD)
    return NewThread(channel)


def _post(interaction: It, chosen: AppCommandChannel) -> NewPost:
    if unfit(interaction.channel) == ANNOUNCEMENTS:
        raise Refused(FROM_ANNOUNCEMENTS)
    if chosen.type is discord.ChannelType.media:
        raise Refused(MEDIA)
    require_theirs(chosen.permissions, OPENING_POSTS, IN_FORUMS)
    forum = chosen.resolve()
    if not isinstance(forum, discord.ForumChannel):
        raise Refused(UNKNOWN_FORUM)
    have = forum.permissions_for(forum.guild.me)
    require_own(have, NEW_POST, IN_FORUMS)
    return NewPost(
        forum, opening(forum, moderates=have.manage_threads), spoken_in(interaction.client, interaction.guild_id)
    )


class Channels(app_commands.Transformer):
    """An option that takes channels of these kinds only, with what the one who asks may do there."""

    def __init__(self, *kinds: discord.ChannelType) -> None:
        self._kinds = kinds

    @property
    def type(self) -> AppCommandOptionType:
        return AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        return [*self._kinds]

    async def transform(self, interaction: It, value: Any, /) -> AppCommandChannel:
        del interaction
        if not isinstance(value, AppCommandChannel):
            raise Refused(UNFIT)
        return value
