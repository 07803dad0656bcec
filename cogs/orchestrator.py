"""/orchestrator: how often the moderator of this channel's room sums up."""

import discord
from discord import app_commands
from discord.app_commands import Range
from discord.ext import commands

from rooms_bot.chat.bot import RoomsBot, answer
from rooms_bot.engine import commands as ask

It = discord.Interaction[RoomsBot]


@app_commands.guild_only()
class OrchestratorCog(commands.GroupCog, name="orchestrator", description="The moderator of this channel's room"):
    """The commands about the orchestrator."""

    def __init__(self, bot: RoomsBot) -> None:
        self.bot = bot

    @app_commands.command(name="set")
    @app_commands.describe(every="After how many turns of agents it sums up; 0 for never")
    async def set_(self, interaction: It, every: Range[int, 0, 50]) -> None:
        """Set after how many turns the orchestrator sums up."""
        done = f"It sums up every {every} turns." if every else "It does not speak by itself any more."
        await self._every(interaction, every, done)

    @app_commands.command()
    async def now(self, interaction: It) -> None:
        """Let the orchestrator sum up next."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        by = await self.bot.require_host(interaction)
        await self.bot.house.room(interaction.channel_id).do(ask.summarise(by))
        await answer(interaction, "It sums up next.")

    @app_commands.command()
    async def off(self, interaction: It) -> None:
        """Let the orchestrator not speak by itself any more."""
        await self._every(interaction, 0, "It does not speak by itself any more.")

    async def _every(self, interaction: It, every: int, done: str) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        by = await self.bot.require_host(interaction)
        await self.bot.house.room(interaction.channel_id).do(ask.configure(by, orchestrator_every=every))
        await answer(interaction, done)


async def setup(bot: RoomsBot) -> None:
    await bot.add_cog(OrchestratorCog(bot))
