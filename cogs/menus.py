"""What can be done with a message, out of its menu: ask about it, learn who said it, regenerate it, delete it."""

import discord
from discord import app_commands
from discord.ext import commands

from rooms_bot.chat.asking import Question, announced, wording
from rooms_bot.chat.bot import RoomsBot, answer
from rooms_bot.chat.escaping import plain
from rooms_bot.chat.inbound import readable
from rooms_bot.chat.locales import spoken_in
from rooms_bot.chat.roles import may_talk
from rooms_bot.chat.sources import stranger, told
from rooms_bot.domain.events import Heard
from rooms_bot.domain.rooms import Place
from rooms_bot.engine import commands as ask
from rooms_bot.engine.house import NO_ROOM
from rooms_bot.engine.room import Room
from rooms_bot.errors import Refused
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

        await interaction.response.send_modal(Question(room.state.seats.values(), asked))

    async def _ask(self, interaction: It, message: discord.Message, number: int, question: str) -> None:
        """What has happened since the form was opened counts."""
        room = await self._askable(interaction, message)
        seat = room.state.seats.get(number)
        if seat is None:
            raise Refused("That agent has left the room.")
        by = await self.bot.require_member(interaction)
        known = room.state.knows(message.id)
        with speaking(spoken_in(self.bot, interaction.guild_id)):
            shown = announced(by.name, seat.name, message.jump_url, question)
            text = wording(question, None if known else message)
        nobody = discord.AllowedMentions.none()
        sent = await interaction.response.send_message(shown, allowed_mentions=nobody, suppress_embeds=True)
        source = sent.message_id or (await interaction.original_response()).id
        reply_to = message.id if known else None
        heard = Heard(source=source, member=by, text=text, reply_to=reply_to, addressed=(number,))
        if not self.bot.house.hear(interaction.channel_id or 0, heard):
            raise Refused(NO_ROOM)

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
        else:
            own = self.bot.user.id if self.bot.user else None
            await answer(interaction, stranger(message, own, agents=self._is_agents(message)))

    # Away with it

    @app_commands.guild_only()
    async def regenerate(self, interaction: It, message: discord.Message) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        by = await self.bot.require_host(interaction)
        room = self.bot.house.knowing(message.channel.id, message.id) or self.bot.house.room(message.channel.id)
        line = room.state.line(message.id)
        await room.do(ask.regenerate(message.id, by))
        if line is not None:
            done = _("**{name}** answers anew.").format(name=plain(line.name))
            await self._erase(interaction, room.state.opened.place, line.sources, done)

    @app_commands.guild_only()
    async def delete(self, interaction: It, message: discord.Message) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self.bot.require_host(interaction)
        room = self.bot.house.knowing(message.channel.id, message.id)
        if room is not None and message.id in room.state.standing:
            raise Refused("That answer is still being written. Please try again in a moment.")
        line = room.state.line(message.id) if room is not None else None
        if not self._is_agents(message) or (line is not None and line.seat is None):
            raise Refused("No agent said that. Discord's own Delete Message is for it.")
        if room is None or line is None:
            await self._erase(interaction, _place(message), (message.id,), _("It is deleted."))
            return
        await room.do(ask.delete(message.id))
        await self._erase(interaction, room.state.opened.place, line.sources, _("It is deleted, for the agents too."))

    async def _erase(self, interaction: It, place: Place, posts: tuple[int, ...], done: str) -> None:
        gone = await self.bot.eraser.erase(place, posts)
        await answer(interaction, done if gone else f"{done} {_(STILL_THERE)}")

    def _is_agents(self, message: discord.Message) -> bool:
        """Whether our webhook posted it; answers to interactions come through the application's own."""
        ours = self.bot.application_id
        return message.application_id == ours and message.webhook_id not in (None, ours)


def _place(message: discord.Message) -> Place:
    channel = message.channel
    parent = channel.parent_id if isinstance(channel, discord.Thread) else channel.id
    return Place(guild=message.guild.id if message.guild else 0, channel=channel.id, parent=parent)


async def setup(bot: RoomsBot) -> None:
    await bot.add_cog(Menus(bot))
