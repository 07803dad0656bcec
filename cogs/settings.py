"""/settings: what the people who manage a server decide for it."""

import discord
from discord import app_commands
from discord.ext import commands

from rooms_bot.chat.bot import RoomsBot, answer
from rooms_bot.errors import Refused

It = discord.Interaction[RoomsBot]


@app_commands.guild_only()
class SettingsCog(commands.GroupCog, name="settings", description="What holds for rooms on this server"):
    """The commands for those who manage the server."""

    def __init__(self, bot: RoomsBot) -> None:
        self.bot = bot

    @app_commands.command()
    @app_commands.describe(role="Who may start and steer rooms; leave it out to name nobody")
    async def hosts(self, interaction: It, role: discord.Role | None = None) -> None:
        """Set the role whose members may start and steer rooms, besides those who may manage channels."""
        if not interaction.permissions.manage_guild:
            raise Refused("This needs the permission Manage Server.")
        servers = self.bot.house.servers
        settings = servers.of(interaction.guild_id)
        await servers.save(settings.model_copy(update={"host_role": role.id if role else None}))
        await answer(interaction, f"{role.mention} may host rooms." if role else "No role hosts rooms now.")


async def setup(bot: RoomsBot) -> None:
    await bot.add_cog(SettingsCog(bot))
