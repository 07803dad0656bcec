"""What the buttons under a room's notices do."""

from typing import Any

import discord
from discord.ext import commands

from rooms_bot.chat.bot import RoomsBot, answer, who
from rooms_bot.chat.handout import hand_out
from rooms_bot.engine import commands as ask
from rooms_bot.export.files import Format

It = discord.Interaction[Any]


class Buttons(commands.Cog):
    """The presses; the buttons themselves are in `rooms_bot.chat.buttons`."""

    def __init__(self, bot: RoomsBot) -> None:
        self.bot = bot
        bot.furniture.presses.update(go_on=self.go_on, more=self.more, export=self.export, discard=self.discard)

    async def go_on(self, interaction: It, number: int) -> None:
        """Anybody may end a wait."""
        await interaction.response.defer(ephemeral=True)
        room = await self.bot.house.find(number)
        await room.do(ask.go_on(who(interaction)))

    async def more(self, interaction: It, number: int) -> None:
        await interaction.response.defer(ephemeral=True)
        by = await self.bot.require_host(interaction)
        await self.bot.house.extend(await self.bot.house.find(number), by)

    async def export(self, interaction: It, number: int) -> None:
        """All three formats at once, to the one who pressed."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        room = await self.bot.house.find(number)
        await hand_out(
            interaction, room, [*Format], "Here it is, to read, as a table, and with everything that happened."
        )

    async def discard(self, interaction: It, number: int) -> None:
        await interaction.response.defer(ephemeral=True)
        by = await self.bot.require_host(interaction)
        await self.bot.house.discard(await self.bot.house.find(number), by)
        await answer(interaction, "What was said in that room is forgotten.")


async def setup(bot: RoomsBot) -> None:
    await bot.add_cog(Buttons(bot))
