"""/usage: what was spent here, and how much of it is allowed."""

import discord
from discord import app_commands
from discord.ext import commands

from rooms_bot.chat.bot import RoomsBot, answer
from rooms_bot.errors import Refused
from rooms_bot.export import budgets
from rooms_bot.i18n import _

It = discord.Interaction[RoomsBot]


class UsageCog(commands.Cog):
    """For everyone: what the room, the server and they themselves have used."""

    def __init__(self, bot: RoomsBot) -> None:
        self.bot = bot

    @app_commands.command()
    @app_commands.guild_only()
    async def usage(self, interaction: It) -> None:
        """See what this room, this server and you yourself have used, and how much is allowed."""
        house, guild = self.bot.house, interaction.guild_id or 0
        shares = house.quotas.standing(guild, self._room(interaction), interaction.user.id)
        lines = [f"- {line}" for line in budgets.figures(shares)]
        free = _("-# Tokens are read and written ones together. Models that cost nobody anything are not counted.")
        await answer(interaction, "\n".join((*lines, free)))

    def _room(self, interaction: It) -> int | None:
        try:
            return self.bot.house.room(interaction.channel_id).id
        except Refused:
            return None


async def setup(bot: RoomsBot) -> None:
    await bot.add_cog(UsageCog(bot))
