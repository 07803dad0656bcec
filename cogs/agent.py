"""/agent: who sits in this channel's room."""

import discord
from discord import app_commands
from discord.app_commands import Range
from discord.ext import commands

from rooms_bot.chat.bot import RoomsBot, answer
from rooms_bot.chat.completion import complete
from rooms_bot.chat.escaping import plain
from rooms_bot.chat.render import roster
from rooms_bot.engine import commands as ask
from rooms_bot.engine.casting import named
from rooms_bot.errors import Refused

It = discord.Interaction[RoomsBot]


@app_commands.guild_only()
class AgentCog(commands.GroupCog, name="agent", description="Who sits in this channel's room"):
    """The commands about seats."""

    def __init__(self, bot: RoomsBot) -> None:
        self.bot = bot

    @app_commands.command()
    @app_commands.describe(
        persona="Whom to invite",
        instructions="What it should keep in mind in this room",
        model="Which model speaks for it, of those the operator allows",
        temperature="How freely it speaks, 0 to 2",
    )
    async def invite(
        self,
        interaction: It,
        persona: str,
        instructions: Range[str, 1, 4000] | None = None,
        model: str | None = None,
        temperature: Range[float, 0, 2] | None = None,
    ) -> None:
        """Give another agent a seat in the room."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        by = await self.bot.require_host(interaction)
        agents = self.bot.furniture.agents
        if model is not None and not agents.allowed(model):
            raise Refused(f"Members may choose these models here: {', '.join(agents.choices)}.")
        (wanted,) = named(self.bot.furniture.library.personas.values(), persona, most=1)
        await self._do(
            interaction,
            ask.invite(wanted, by, instructions=instructions or "", model=model, temperature=temperature),
            f"**{plain(wanted.name)}** takes a seat.",
        )

    @app_commands.command()
    @app_commands.describe(agent="Who should leave")
    async def remove(self, interaction: It, agent: str) -> None:
        """Let an agent leave the room."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        by = await self.bot.require_host(interaction)
        await self._do(interaction, ask.remove(agent, by), f"**{plain(agent)}** leaves.")

    @app_commands.command(name="list")
    async def list_(self, interaction: It) -> None:
        """See who sits here, and who could be invited."""
        await answer(interaction, roster(self.bot.house.room(interaction.channel_id).state, self._library()))

    @app_commands.command()
    @app_commands.describe(agent="Who should only listen")
    async def mute(self, interaction: It, agent: str) -> None:
        """Keep an agent's seat but skip its turns; it answers only who addresses it."""
        await self._mute(interaction, agent, True, "will listen.")

    @app_commands.command()
    @app_commands.describe(agent="Who may speak again")
    async def unmute(self, interaction: It, agent: str) -> None:
        """Let an agent that only listened take turns again."""
        await self._mute(interaction, agent, False, "may speak again.")

    async def _mute(self, interaction: It, agent: str, muted: bool, done: str) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        by = await self.bot.require_host(interaction)
        await self._do(interaction, ask.mute(agent, muted, by), f"**{plain(agent)}** {done}")

    async def _do(self, interaction: It, command: ask.Command, done: str) -> None:
        await self.bot.house.room(interaction.channel_id).do(command)
        await answer(interaction, done)

    def _library(self) -> tuple[str, ...]:
        return self.bot.furniture.library.names()

    @invite.autocomplete("persona")
    async def complete_persona(self, interaction: It, current: str) -> list[app_commands.Choice[str]]:
        del interaction
        return complete(self._library(), current)

    @invite.autocomplete("model")
    async def complete_model(self, interaction: It, current: str) -> list[app_commands.Choice[str]]:
        del interaction
        return complete(self.bot.furniture.agents.choices, current)

    @remove.autocomplete("agent")
    @mute.autocomplete("agent")
    @unmute.autocomplete("agent")
    async def complete_agent(self, interaction: It, current: str) -> list[app_commands.Choice[str]]:
        try:
            seats = self.bot.house.room(interaction.channel_id).state.seats.values()
        except Refused:
            return []
        return complete([seat.name for seat in seats], current)


async def setup(bot: RoomsBot) -> None:
    await bot.add_cog(AgentCog(bot))
