"""What people do to agents' messages without a command: they react to them, or delete them as Discord lets them."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Literal

import discord
from discord.ext import commands

from rooms_bot.chat.bot import RoomsBot
from rooms_bot.chat.roles import hosts_in, may_talk
from rooms_bot.domain.rooms import Member
from rooms_bot.engine import commands as ask
from rooms_bot.engine.room import Room
from rooms_bot.errors import Refused

STRIKE = "❌"
TONES = "🏻🏼🏽🏾🏿\ufe0f"
"""Skin tones, and the sign that asks for a picture: what may stand behind a thumb."""

Rating = Literal[-1, 1]
OPINIONS: dict[str, Rating] = {"👍": 1, "👎": -1}


def opinion(emoji: discord.PartialEmoji) -> Rating | None:
    """What this reaction says of a message, if it says something."""
    return None if emoji.id is not None else OPINIONS.get(emoji.name.rstrip(TONES))


class Reactions(commands.Cog):
    """Ratings and deletions; nothing of it triggers a turn."""

    def __init__(self, bot: RoomsBot) -> None:
        self.bot = bot

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        room, member = self._room(payload), payload.member
        if room is None or member is None or member.bot:
            return
        if (rating := opinion(payload.emoji)) is not None and self._counts(payload, member):
            room.put(ask.rate(payload.message_id, self._named(member), rating))
        elif str(payload.emoji) == STRIKE and self._hosts(payload, member):
            await self._strike(room, payload.message_id, self._named(member))

    @commands.Cog.listener()
    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent) -> None:
        room, rating = self._room(payload), opinion(payload.emoji)
        if room is not None and rating is not None:
            room.put(ask.unrate(payload.message_id, rating, payload.user_id))

    @commands.Cog.listener()
    async def on_raw_reaction_clear(self, payload: discord.RawReactionClearEvent) -> None:
        if (room := self._room(payload)) is not None:
            room.put(ask.unrate(payload.message_id))

    @commands.Cog.listener()
    async def on_raw_reaction_clear_emoji(self, payload: discord.RawReactionClearEmojiEvent) -> None:
        room, rating = self._room(payload), opinion(payload.emoji)
        if room is not None and rating is not None:
            room.put(ask.unrate(payload.message_id, rating))

    # An answer of several messages is one: where one of them is deleted, so are the others

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        await self._delete_rest(payload.channel_id, [payload.message_id])

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        await self._delete_rest(payload.channel_id, sorted(payload.message_ids))

    async def _delete_rest(self, channel: int, deleted: Iterable[int]) -> None:
        """What the bot itself deletes has been struck before, and none of it is left to do."""
        gone = frozenset(deleted)
        for source in gone:
            room = self.bot.house.knowing(channel, source)
            line = room.state.line(source) if room is not None else None
            if room is not None and line is not None and line.seat is not None and line.text:
                rest = [post for post in line.sources if post not in gone]
                await self.bot.eraser.erase(room.state.opened.place, rest)

    # Whose reaction counts, and for what

    def _room(
        self,
        payload: discord.RawReactionActionEvent | discord.RawReactionClearEvent | discord.RawReactionClearEmojiEvent,
    ) -> Room | None:
        """The room in which an agent said this, or is saying it, while it is kept."""
        if not self.bot.rules.serves(payload.guild_id):
            return None
        room = self.bot.house.knowing(payload.channel_id, payload.message_id)
        line = room.state.line(payload.message_id) if room is not None else None
        return room if line is None or line.seat is not None else None

    def _named(self, member: discord.Member) -> Member:
        known = self.bot.house.people.known(member.guild.id, Member(id=member.id, name=member.display_name))
        return Member(id=known.id, name=known.name)

    def _hosts(self, payload: discord.RawReactionActionEvent, member: discord.Member) -> bool:
        channel, settings = self.bot.get_channel(payload.channel_id), self.bot.house.servers.of(member.guild.id)
        return hosts_in(channel, member, settings, self.bot.rules.host_role)

    def _counts(self, payload: discord.RawReactionActionEvent, member: discord.Member) -> bool:
        """Who is not heard, or wished not to be, has no say here either."""
        if self.bot.house.people.profile(member.guild.id, member.id).ignored:
            return False
        settings = self.bot.house.servers.of(member.guild.id)
        return may_talk(member, settings, host=self._hosts(payload, member))

    async def _strike(self, room: Room, source: int, by: Member) -> None:
        """What an agent is still saying is taken back with its turn; what is whole is to be deleted here."""
        with suppress(Refused):  # the room is forgotten this moment
            await room.do(ask.strike(source, by))
        line = room.state.line(source)
        if line is not None and line.seat is not None:
            await self.bot.eraser.erase(room.state.opened.place, line.sources)


async def setup(bot: RoomsBot) -> None:
    await bot.add_cog(Reactions(bot))
