"""/privacy: what is kept of a server, and how all of it is deleted."""

import logging
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from rooms_bot.chat.bot import RoomsBot, answer, who
from rooms_bot.chat.permissions import require_admin
from rooms_bot.chat.privacy import policy, removed
from rooms_bot.chat.privacy_forms import Question
from rooms_bot.engine.leaving import Leaving
from rooms_bot.i18n import N_

It = discord.Interaction[RoomsBot]
ERASED = N_("had all deleted that the bot kept of this server")

log = logging.getLogger(__name__)


@app_commands.guild_only()
class PrivacyCog(commands.GroupCog, name="privacy", description="What is kept of this server, and how it is deleted"):
    """The commands about what is kept."""

    def __init__(self, bot: RoomsBot) -> None:
        self.bot = bot

    @app_commands.command()
    async def policy(self, interaction: It) -> None:
        """See what is kept, where and how long, who can read it, and how to have it deleted."""
        settings, agents = self.bot.house.servers.of(interaction.guild_id), self.bot.furniture.agents
        own = [one.model for one in self.bot.furniture.shelf.all(interaction.guild_id) if one.model]
        await answer(interaction, policy(settings, self.bot.practice, [*agents.choices, *own], agents.describe))

    @app_commands.command(name="delete-server-data")
    async def delete_server_data(self, interaction: It) -> None:
        """Delete all that the bot keeps of this server, and end its rooms."""
        require_admin(interaction)
        question = Question(interaction, self._delete)
        await answer(interaction, question.words, view=question)

    async def _delete(self, interaction: discord.Interaction[Any]) -> None:
        guild, by, audit = interaction.guild_id or 0, who(interaction), self.bot.audit
        channel = self.bot.house.servers.of(guild).log_channel
        told = audit.text(guild, ERASED)
        gone = await self._leaving().forget_guild(guild, by)
        log.info("all that was kept of server %s was deleted, as member %s asked", guild, by.id)
        if channel is not None:
            audit.did(guild, by, told, log=channel)
        await answer(interaction, removed(gone))

    def _leaving(self) -> Leaving:
        bot = self.bot
        return Leaving(bot.house, bot.furniture.store, bot.furniture.shelf, bot.desk.faces.forget)


async def setup(bot: RoomsBot) -> None:
    await bot.add_cog(PrivacyCog(bot))
