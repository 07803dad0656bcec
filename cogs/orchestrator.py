"""/orchestrator: the moderator of this channel's room, and how often it sums up."""

from functools import partial

import discord
from discord import app_commands
from discord.app_commands import Range
from discord.ext import commands

from rooms_bot.chat import options
from rooms_bot.chat.answers import moderation
from rooms_bot.chat.bot import RoomsBot, answer
from rooms_bot.chat.completion import complete
from rooms_bot.chat.escaping import plain
from rooms_bot.chat.forms import InstructionsForm
from rooms_bot.chat.meanwhile import changed
from rooms_bot.chat.naming import namesakes
from rooms_bot.engine import commands as ask
from rooms_bot.engine import seating
from rooms_bot.engine.room import Room
from rooms_bot.errors import Refused
from rooms_bot.i18n import _

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
        self.bot.guard.require(interaction.guild_id, name or "")
        typed = options.given(every=every, instructions=instructions, model=model, name=name)
        room = self.bot.house.room(interaction.channel_id)
        seat = options.seat(self.bot.furniture.agents, typed)
        if name is not None:
            seat["name"] = options.moderator_name(room.state, name)
        people = await namesakes(interaction, [seat["name"]]) if name is not None else ()
        await room.do(seating.configure_moderator(by, people, **seat))
        if every is not None:
            await room.do(ask.configure(by, orchestrator_every=every))
        await self._tell(interaction, room, host=True)

    @app_commands.command()
    async def instructions(self, interaction: It) -> None:
        """Write, in a form, what the orchestrator should keep in mind in this room."""
        await self.bot.require_host(interaction)
        room = self.bot.house.room(interaction.channel_id)
        moderator = room.state.moderator
        title = _("Instructions for {name}").format(name=moderator.name)
        sent = partial(self._instruct, room.id, moderator.instructions)
        await interaction.response.send_modal(InstructionsForm(title, moderator.instructions, sent))

    async def _instruct(self, number: int, opened: str, interaction: It, text: str) -> None:
        """For the room of this number alone, and over what they were when the form was `opened`."""
        by = await self.bot.require_host(interaction)
        room = await self.bot.house.find(number)
        now = room.state.moderator.instructions
        wanted = text.replace("\r\n", "\n").strip()
        await room.do(
            seating.configure_moderator(by, **changed(*({"instructions": one} for one in (opened, wanted, now))))
        )
        await self._tell(interaction, room, host=True)

    @app_commands.command()
    async def show(self, interaction: It) -> None:
        """See when the orchestrator sums up, under which name, and which model speaks for it."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        room = self.bot.house.room(interaction.channel_id)
        await self._tell(interaction, room, host=await self.bot.hosts(interaction))

    @app_commands.command()
    async def now(self, interaction: It) -> None:
        """Let the orchestrator sum up next."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        by = await self.bot.require_host(interaction)
        room = self.bot.house.room(interaction.channel_id)
        await room.do(ask.summarise(by))
        await answer(interaction, _("**{name}** sums up next.").format(name=plain(room.state.moderator.name)))

    @app_commands.command()
    async def off(self, interaction: It) -> None:
        """Let the orchestrator not speak by itself any more."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        by = await self.bot.require_host(interaction)
        room = self.bot.house.room(interaction.channel_id)
        await room.do(ask.configure(by, orchestrator_every=0))
        await self._tell(interaction, room, host=True)

    async def _tell(self, interaction: It, room: Room, *, host: bool) -> None:
        agents = self.bot.furniture.agents
        voice = agents.describe(agents.model(room.state.moderator))
        await answer(interaction, moderation(room.state, voice, host=host))

    @set_.autocomplete("model")
    async def complete_model(self, interaction: It, current: str) -> list[app_commands.Choice[str]]:
        choices = [*self.bot.furniture.agents.choices, options.OWN]
        try:
            now = self.bot.house.room(interaction.channel_id).state.moderator.model or options.OWN
        except Refused:
            now = None
        return complete(choices, current, now)


async def setup(bot: RoomsBot) -> None:
    await bot.add_cog(OrchestratorCog(bot))
