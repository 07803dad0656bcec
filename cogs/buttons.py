"""What the buttons under a room's notices and on its panel do."""

from collections.abc import Callable
from typing import Any

import discord
from discord.ext import commands

from rooms_bot.chat.bot import RoomsBot, answer
from rooms_bot.chat.buttons import row
from rooms_bot.chat.escaping import plain
from rooms_bot.chat.handout import hand_out
from rooms_bot.chat.locales import spoken_in
from rooms_bot.chat.panel_words import taking_part
from rooms_bot.chat.render import FORGOTTEN, ended
from rooms_bot.chat.roles import may_talk
from rooms_bot.domain.rooms import Member
from rooms_bot.engine import commands as ask
from rooms_bot.engine.room import Room
from rooms_bot.errors import Refused
from rooms_bot.export.files import Format
from rooms_bot.i18n import N_, _, speaking

It = discord.Interaction[Any]

NOT_HEARD = N_("You wish not to be heard in the rooms of this server. `/profile ignore on:False` changes that.")
MAY_NOT = N_("On this server you may not take part in rooms. Its admins decide who may, with `/settings`.")


class Buttons(commands.Cog):
    """The presses; the buttons themselves are in `rooms_bot.chat.buttons`."""

    def __init__(self, bot: RoomsBot) -> None:
        self.bot = bot
        bot.furniture.presses.update(
            go_on=self.go_on,
            more=self.more,
            export=self.export,
            discard=self.discard,
            join=self.join,
            pause=self.pause,
            resume=self.resume,
            next=self.next,
            summary=self.summary,
            stop=self.stop,
            end=self.end,
            keep=self.keep,
        )

    # Everyone's

    async def go_on(self, interaction: It, number: int) -> None:
        """Anybody may end a wait."""
        await interaction.response.defer(ephemeral=True)
        room = await self.bot.house.find(number)
        await room.do(ask.go_on(await self.bot.require_member(interaction)))

    async def export(self, interaction: It, number: int) -> None:
        """All three formats at once, to the one who pressed."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        room = await self.bot.house.find(number)
        words = _("Here it is, to read, as a table, and with everything that happened.")
        await hand_out(interaction, room, [*Format], words)

    async def join(self, interaction: It, number: int) -> None:
        """Agents know of the one who pressed from now on, who is told how to speak; a thread gets them as a member."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        room = await self.bot.house.find(number)
        people, guild = self.bot.house.people, room.state.opened.place.guild
        if people.profile(guild, interaction.user.id).ignored:
            raise Refused(NOT_HEARD)
        hosts = await self.bot.hosts(interaction)
        if not may_talk(interaction.user, self.bot.house.servers.of(guild), host=hosts):
            raise Refused(MAY_NOT)
        await room.do(ask.come(people.known(guild, await self.bot.require_member(interaction))))
        if isinstance(interaction.channel, discord.Thread):
            await interaction.channel.add_user(discord.Object(interaction.user.id))
        await answer(interaction, taking_part(room.state))

    # Hosts'

    async def more(self, interaction: It, number: int) -> None:
        await interaction.response.defer(ephemeral=True)
        by = await self.bot.require_host(interaction)
        room = await self.bot.house.find(number)
        words = self._ended(room)
        await self.bot.house.extend(room, by)
        if not await self._show(interaction, room):
            await _reword(interaction, words)

    async def discard(self, interaction: It, number: int) -> None:
        await interaction.response.defer(ephemeral=True)
        by = await self.bot.require_host(interaction)
        room = await self.bot.house.find(number)
        words = self._ended(room, FORGOTTEN)
        await self.bot.house.discard(room, by)
        await _reword(interaction, words)

    async def pause(self, interaction: It, number: int) -> None:
        await self._steer(interaction, number, ask.pause)

    async def resume(self, interaction: It, number: int) -> None:
        await self._steer(interaction, number, ask.resume)

    async def next(self, interaction: It, number: int) -> None:
        await self._steer(interaction, number, ask.hurry)

    async def summary(self, interaction: It, number: int) -> None:
        room = await self._steer(interaction, number, ask.summarise)
        await answer(interaction, _("**{name}** sums up next.").format(name=plain(room.state.moderator.name)))

    async def stop(self, interaction: It, number: int) -> None:
        """Asks first."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self.bot.require_host(interaction)
        room = await self.bot.house.find(number)
        if room.over:
            raise Refused(ask.OVER)
        await answer(interaction, _("End this room for everyone here?"), view=row(number, "end", "keep"))

    async def end(self, interaction: It, number: int) -> None:
        await interaction.response.defer()
        by = await self.bot.require_host(interaction)
        room = await self.bot.house.find(number)
        room.claim_panel()
        await room.do(ask.stop(by))
        await interaction.edit_original_response(content=_("The room is over."), view=None)
        await self.bot.panels.refresh(room.state, room.id)

    async def keep(self, interaction: It, number: int) -> None:
        del number
        await interaction.response.edit_message(content=_("The room is not stopped."), view=None)

    async def _steer(self, interaction: It, number: int, command: Callable[[Member], ask.Command]) -> Room:
        """Carried out, and shown at once on the panel that was pressed: the channel counts no answers."""
        await interaction.response.defer()
        by = await self.bot.require_host(interaction)
        room = await self.bot.house.find(number)
        if interaction.message is not None and interaction.message.id == room.state.panel:
            room.claim_panel()
        await room.do(command(by))
        await self._show(interaction, room)
        return room

    async def _show(self, interaction: It, room: Room) -> bool:
        """How the room stands now, on the panel that was pressed: the channel's, or one's own. False if none was."""
        message = interaction.message
        if message is None or not message.flags.components_v2:
            return False
        public = message.id == room.state.panel
        view = await self.bot.panels.of(room.state, room.id, None if public else interaction.locale)
        await interaction.edit_original_response(view=view)
        if public:
            self.bot.panels.shows(message.id, view, room.state)
        return True

    def _ended(self, room: Room, more: str = "") -> str:
        """The closing message of a room that is over, without what is true no longer once its buttons are gone."""
        if room.state.closed is None:
            return ""
        with speaking(spoken_in(self.bot, room.state.opened.place.guild)):
            return f"{ended(room.state.closed)}\n{more and _(more)}".strip()


async def _reword(interaction: It, words: str) -> None:
    """The message that was pressed says this from now on, and has no buttons."""
    if words:
        nobody = discord.AllowedMentions.none()
        await interaction.edit_original_response(content=words, view=None, allowed_mentions=nobody)


async def setup(bot: RoomsBot) -> None:
    await bot.add_cog(Buttons(bot))
