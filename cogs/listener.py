"""What happens in the channels reaches the rooms; nothing here awaits before it has, so order holds."""

import logging
from contextlib import suppress
from functools import cached_property

import discord
from discord.ext import commands

from rooms_bot.chat import losses
from rooms_bot.chat.bot import NOT_SERVED, RoomsBot
from rooms_bot.chat.edits import Edits
from rooms_bot.chat.flood import SIGN
from rooms_bot.chat.inbound import read_text, texts
from rooms_bot.chat.places import outside
from rooms_bot.engine.room import Room
from rooms_bot.errors import Refused
from rooms_bot.i18n import _, speaking

log = logging.getLogger(__name__)


class Listener(commands.Cog):
    """Passes on messages, edits and deletions."""

    def __init__(self, bot: RoomsBot) -> None:
        self.bot = bot

    @cached_property
    def edits(self) -> Edits:
        return Edits(self.bot.desk.flood, self.bot.desk.clock)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        room = self._room(message)
        if room is None or room.over:
            return
        verdict = self.bot.desk.audience.judge(message, room.state)
        if verdict.heard is not None and self.bot.house.hear(message.channel.id, verdict.heard):
            for file in texts(message):
                text = await read_text(file)
                self.bot.house.attached(message.channel.id, message.id, file.filename, text)
        elif verdict.slow:
            await _slow_down(message)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Discord also tells when it has looked at a link: then nobody has edited anything."""
        message = payload.message
        if message.edited_at is None or (room := self._room(message)) is None:
            return
        if self.bot.desk.audience.admits(message, room.state.opened.place):
            text = await self.edits.newest(message)
            if text is not None:
                self.bot.house.edited(message.channel.id, message.id, text)

    def _room(self, message: discord.Message) -> Room | None:
        """The room of its channel."""
        guild = message.guild.id if message.guild else None
        if guild is None or not self.bot.rules.serves(guild):
            return None
        with suppress(Refused):
            return self.bot.house.room(message.channel.id)
        return None

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        self._deleted(payload.channel_id, payload.message_id)

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        for message in sorted(payload.message_ids):
            self._deleted(payload.channel_id, message)

    def _deleted(self, channel: int, message: int) -> None:
        self.edits.gone(message)
        self.bot.house.deleted(channel, message)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        self.bot.house.vanished(channel.id, losses.CHANNEL_GONE)

    @commands.Cog.listener()
    async def on_guild_channel_update(self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        """A text channel can become an announcement channel. What else may have changed, the next post finds out."""
        del before
        if isinstance(after, discord.TextChannel) and after.is_news():
            self.bot.house.vanished(after.id, losses.ANNOUNCEMENTS)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        self.bot.house.vanished(payload.thread_id, losses.THREAD_GONE)

    @commands.Cog.listener()
    async def on_raw_thread_update(self, payload: discord.RawThreadUpdateEvent) -> None:
        """Archived threads wake when something is said; into locked ones no webhook may post."""
        if payload.data["thread_metadata"].get("locked"):
            self.bot.house.vanished(payload.thread_id, losses.LOCKED)

    @commands.Cog.listener()
    async def on_thread_remove(self, thread: discord.Thread) -> None:
        """The bot is no member of it any more; a public one it hears all the same.

        discord.py says the same of archived threads, but those it has forgotten by then.
        """
        thread.me = None  # which discord.py keeps
        known = thread.guild.get_thread(thread.id) is not None and thread.parent is not None
        if known and outside(thread, thread.permissions_for(thread.guild.me)):
            self.bot.house.vanished(thread.id, losses.KICKED)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Not an outage: those only make a server unavailable."""
        self.bot.house.left(guild.id, losses.REMOVED)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """A server that is not served is told so once, where its owner has Discord post."""
        channel = guild.system_channel
        if not self.bot.rules.serves(guild.id) and channel and channel.permissions_for(guild.me).send_messages:
            with speaking(guild.preferred_locale):
                sentence = _(NOT_SERVED)
            await channel.send(sentence)


async def _slow_down(message: discord.Message) -> None:
    """Tells them without a word, where the bot may."""
    try:
        await message.add_reaction(SIGN)
    except discord.HTTPException as error:
        log.info("channel %s: somebody is too fast and cannot be told: %s", message.channel.id, error)


async def setup(bot: RoomsBot) -> None:
    await bot.add_cog(Listener(bot))
