"""/orchestrator: the moderator of this channel's room, and how often it sums up."""

from collections.abc import Iterator
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Range
from discord.ext import commands

from rooms_bot.chat import options
from rooms_bot.chat.answers import changes
from rooms_bot.chat.bot import RoomsBot, answer
from rooms_bot.chat.completion import complete
from rooms_bot.chat.escaping import plain
from rooms_bot.engine import commands as ask

It = discord.Interaction[RoomsBot]


@app_commands.guild_only()
class OrchestratorCog(commands.GroupCog, name="orchestrator", description="The moderator of this channel's room"):
    """The commands about the orchestrator."""

    def __init__(self, bot: RoomsBot) -> None:
        self.bot = bot

    @app_commands.command(name="set")
    @app_commands.describe(
        every="After how many turns of agents it sums up; 0 for never",
        instructions="What it should keep in mind in this room; none for nothing",
        model="Which model speaks for it, of those the operator allows; none for its own",
        name="What it is called here; none for its own name",
    )
    async def set_(
        self,
        interaction: It,
        every: Range[int, 0, 50] | None = None,
        instructions: Range[str, 1, 4000] | None = None,
        model: str | None = None,
        name: Range[str, 1, 80] | None = None,
    ) -> None:
        """Set when the orchestrator sums up, with what in mind, with which model and under which name."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        by = await self.bot.require_host(interaction)
        wanted = options.given(every=every, instructions=instructions, model=model, name=name)
        room = self.bot.house.room(interaction.channel_id)
        seat = dict(self._seat(room.state, **wanted))
        if seat:
            await room.do(ask.configure_moderator(by, **seat))
        if every is not None:
            await room.do(ask.configure(by, orchestrator_every=every))
        await answer(interaction, self._described(room.state))

    def _seat(self, room: RoomState, **wanted: Any) -> Iterator[tuple[str, Any]]:
        """What of its seat changes."""
