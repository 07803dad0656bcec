"""What happens in the channels reaches the rooms; nothing here awaits before it has, so order holds."""

import discord
from discord.ext import commands

from rooms_bot.chat.bot import NOT_SERVED, RoomsBot
from rooms_bot.chat.inbound import read_text, readable, texts, to_heard


class Listener(commands.Cog):
    """Passes on messages, edits and deletions."""

    def __init__(self, bot: RoomsBot) -> None:
        self.bot = bot

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        if message.guild is None or not self.bot.rules.serves(message.guild.id):
            return
        own = (self.bot.application_id, self.bot.user.id if self.bot.user else None)
        heard = to_heard(message, own, self.bot.rules.heard_bots)
        if heard is not None and self.bot.house.hear(message.channel.id, heard):
            for file in texts(message):
                text = await read_text(file)
                self.bot.house.attached(message.channel.id, message.id, file.filename, text)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        self.bot.house.edited(payload.channel_id, payload.message_id, readable(payload.message))

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        self.bot.house.deleted(payload.channel_id, payload.message_id)

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        for message in sorted(payload.message_ids):
            self.bot.house.deleted(payload.channel_id, message)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        self.bot.house.vanished(channel.id)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        self.bot.house.vanished(payload.thread_id)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """A server that is not served is told so once, where its owner has Discord post."""
        channel = guild.system_channel
        if not self.bot.rules.serves(guild.id) and channel and channel.permissions_for(guild.me).send_messages:
            await channel.send(NOT_SERVED)


async def setup(bot: RoomsBot) -> None:
    await bot.add_cog(Listener(bot))
