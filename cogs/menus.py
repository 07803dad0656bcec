"""What can be done with a message, out of its menu: ask about it, learn who said it, regenerate it, delete it."""

import discord
from discord import app_commands
from discord.ext import commands

from rooms_bot.chat.asking import Question, announced, wording
from rooms_bot.chat.bot import RoomsBot, answer
from rooms_bot.chat.escaping import plain
from rooms_bot.chat.inbound import readable
from rooms_bot.chat.locales import spoken_in
from rooms_bot.chat.others import is_other
from rooms_bot.chat.roles import hosts_in, may_talk
from rooms_bot.chat.sources import stranger, told
from rooms_bot.chat.utterance import is_agents
from rooms_bot.domain.events import Heard
from rooms_bot.domain.rooms import Member, Place, Seat
from rooms_bot.engine import commands as ask
from rooms_bot.engine.house import NO_ROOM
from rooms_bot.engine.inbox import CROWDED
from rooms_bot.engine.room import Room
from rooms_bot.errors import PostBlocked, Refused
from rooms_bot.export.provenance import Tracer
from rooms_bot.i18n import N_, _, speaking

It = discord.Interaction[RoomsBot]

STILL_THERE = N_("Not all of it could be deleted here: for that the bot needs the permission Manage Messages.")


class Menus(commands.Cog):
    """The commands in a message's menu, under Apps."""

    def __init__(self, bot: RoomsBot) -> None:
        self.bot = bot
        self.menus = [
            app_commands.ContextMenu(name=N_("Ask an agent about this"), callback=self.ask),
            app_commands.ContextMenu(name=N_("Who said this?"), callback=self.who_said),
            app_commands.ContextMenu(name=N_("Regenerate"), callback=self.regenerate),
            app_commands.ContextMenu(name=N_("Delete"), callback=self.delete),
        ]

    async def cog_load(self) -> None:
        for menu in self.menus:
            self.bot.tree.add_command(menu)

    async def cog_unload(self) -> None:
        for menu in self.menus:
            self.bot.tree.remove_command(menu.name, type=menu.type)

    # A question about it

    @app_commands.guild_only()
    async def ask(self, interaction: It, message: discord.Message) -> None:
        """A form is the first answer: nothing may be waited for before it."""
        room = await self._askable(interaction, message)

        async def asked(submitted: It, seat: int, question: str) -> None:
            await self._ask(submitted, message, seat, question)

        line = room.state.line(message.id)
        author = line.seat if line is not None else None
        await interaction.response.send_modal(Question(room.state.seats.values(), asked, author))

    async def _ask(self, interaction: It, message: discord.Message, number: int, question: str) -> None:
        """What has happened since the form was opened counts."""
        room = await self._askable(interaction, message)
        seat = room.state.seats.get(number)
        if seat is None:
            raise Refused("That agent has left the room.")
        by = await self.bot.require_member(interaction)
        self._require_pace(interaction, by)
        self.bot.guard.require(interaction.guild_id, question)
        await interaction.response.defer(thinking=True)
        try:
            await self._require_passable(room, message, question)
        except Refused:
            await interaction.delete_original_response()  # else what is refused would stand there for everyone
            raise
        await self._show(interaction, room, seat, message, question, by)

    async def _show(
        self, interaction: It, room: Room, seat: Seat, message: discord.Message, question: str, by: Member
    ) -> None:
        """Everyone reads it, and the agents hear it."""
        known = room.state.knows(message.id)
        with speaking(spoken_in(self.bot, interaction.guild_id)):
            shown = announced(by.name, seat.name, message.jump_url, question)
            text = wording(question, None if known else message)
        await self.bot.desk.budget.take(room.state.opened.place.parent, urgent=True)
        nobody = discord.AllowedMentions.none()
        sent = await interaction.edit_original_response(content=shown, allowed_mentions=nobody)
        reply_to = message.id if known else None
        heard = Heard(source=sent.id, member=by, text=text, reply_to=reply_to, addressed=(seat.id,))
        if not self.bot.house.hear(interaction.channel_id or 0, heard):
            raise Refused(NO_ROOM if room.over else CROWDED)

    async def _askable(self, interaction: It, message: discord.Message) -> Room:
        """The room, where this person may ask about this message in it. Raises `Refused`."""
        house, guild = self.bot.house, interaction.guild_id or 0
        room = house.room(interaction.channel_id)
        if room.over:
            raise Refused(NO_ROOM)
        await self._require_voice(interaction)
        if house.people.profile(guild, message.author.id).ignored:
            raise Refused("Who wrote this does not wish that agents read it.")
        line = room.state.line(message.id)
        if not (readable(message) if line is None else line.text):
            raise Refused("There is nothing in that message that agents may read.")
        if not room.state.seats:
            raise Refused("No agent sits in this room. `/agent invite` gives one a seat.")
        return room

    async def _require_voice(self, interaction: It) -> None:
        guild = interaction.guild_id or 0
        if self.bot.house.people.profile(guild, interaction.user.id).ignored:
            raise Refused("Agents do not hear you, as you wished. `/profile ignore` changes that.")
        have = interaction.permissions
        threaded = isinstance(interaction.channel, discord.Thread)
        writes = have.send_messages_in_threads if threaded else have.send_messages
        settings, host = self.bot.house.servers.of(guild), await self.bot.hosts(interaction)
        if not writes or not may_talk(interaction.user, settings, host=host):
            raise Refused("You are not heard in this room.")

    def _require_pace(self, interaction: It, by: Member) -> None:
        """A question counts like a message. Raises `Refused`."""
        at, channel = interaction.created_at.timestamp(), interaction.channel_id or 0
        if not self.bot.desk.flood.admits(channel, by.id, at):
            raise Refused("You are too fast for this room. Please ask again in a few seconds.")

    async def _require_passable(self, room: Room, message: discord.Message, question: str) -> None:
        """Raises `Refused` where the question is not allowed here, or who wrote the message is not heard here."""
        guild = room.state.opened.place.guild
        try:
            await self.bot.guard.check(guild, question)
        except PostBlocked as error:
            raise Refused("This server does not allow that question.") from error
        if not room.state.knows(message.id) and not is_other(message):
            author, settings = await self._author(message), self.bot.house.servers.of(guild)
            host = hosts_in(message.channel, author, settings, self.bot.rules.host_role)
            if not may_talk(author, settings, host=host):
                raise Refused("Who wrote this is not heard in rooms here, so that no agent is told of it.")

    async def _author(self, message: discord.Message) -> discord.Member | discord.User:
        """With their roles, which messages in menus come without, unless they have left the server."""
        if isinstance(message.author, discord.Member) or message.guild is None:
            return message.author
        try:
            return await message.guild.fetch_member(message.author.id)
        except discord.NotFound:
            return message.author

    # Its origin

    @app_commands.guild_only()
    async def who_said(self, interaction: It, message: discord.Message) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        room = self.bot.house.knowing(message.channel.id, message.id)
        tracer = Tracer(message.id)
        if room is not None:
            async for event in room.events():
                tracer.take(event)
        if room is not None and tracer.found is not None:
            await answer(interaction, told(tracer.found, room.state, self.bot.furniture.agents.describe))
        elif room is not None and self._is_growing(room, message):
            name = plain(message.author.display_name)
            said = _("**{name}** is still speaking. Please ask again once the answer is whole.")
            await answer(interaction, said.format(name=name))
        else:
            own = self.bot.user.id if self.bot.user else None
            await answer(interaction, stranger(message, own, agents=self._is_agents(message)))

    def _is_growing(self, room: Room, message: discord.Message) -> bool:
        """Whether it belongs to an answer that is not whole yet. What came before the room is of another."""
        posting = room.state.speaking and message.created_at >= room.state.opened_at
        return message.id in room.state.standing or (posting and self._is_agents(message))

    # Away with it

    @app_commands.guild_only()
    async def regenerate(self, interaction: It, message: discord.Message) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        by = await self.bot.require_host(interaction)
        room = self.bot.house.knowing(message.channel.id, message.id) or self.bot.house.room(message.channel.id)
        await room.do(ask.regenerate(message.id, by))
        if (line := room.state.line(message.id)) is not None:
            done = _("**{name}** answers anew.").format(name=plain(line.name))
            await self._erase(interaction, room.state.opened.place, line.sources, done)

    @app_commands.guild_only()
    async def delete(self, interaction: It, message: discord.Message) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        by = await self.bot.require_host(interaction)
        room = self.bot.house.knowing(message.channel.id, message.id)
        line = room.state.line(message.id) if room is not None else None
        if not self._is_agents(message) or (line is not None and line.seat is None):
            raise Refused("No agent said that. Discord's own Delete Message is for it.")
        if room is not None:
            await room.do(ask.strike(message.id, by))
            line = room.state.line(message.id)
        posts = line.sources if line is not None else (message.id,)
        done = _("It is deleted.") if line is None else _("It is deleted, for the agents too.")
        await self._erase(interaction, _place(message), posts, done)

    async def _erase(self, interaction: It, place: Place, posts: tuple[int, ...], done: str) -> None:
        gone = await self.bot.eraser.erase(place, posts)
        await answer(interaction, done if gone else f"{done} {_(STILL_THERE)}")

    def _is_agents(self, message: discord.Message) -> bool:
        return is_agents(message, self.bot.application_id)


def _place(message: discord.Message) -> Place:
    channel = message.channel
    parent = channel.parent_id if isinstance(channel, discord.Thread) else channel.id
    return Place(guild=message.guild.id if message.guild else 0, channel=channel.id, parent=parent)


async def setup(bot: RoomsBot) -> None:
    await bot.add_cog(Menus(bot))
