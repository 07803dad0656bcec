"""/agent: who sits in this channel's room."""

from typing import Literal

import discord
from discord import app_commands
from discord.app_commands import Range
from discord.ext import commands

from rooms_bot.chat import options
from rooms_bot.chat.answers import LONGEST, otherwise, roster, shown
from rooms_bot.chat.bot import RoomsBot, answer
from rooms_bot.chat.completion import complete
from rooms_bot.chat.escaping import plain
from rooms_bot.chat.guard import public
from rooms_bot.chat.naming import namesakes, renamed
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import Seat
from rooms_bot.engine import seating
from rooms_bot.engine.casting import named
from rooms_bot.engine.room import Room
from rooms_bot.engine.seating import Access
from rooms_bot.errors import Refused
from rooms_bot.i18n import N_, _

It = discord.Interaction[RoomsBot]

ACCESS = {
    Access.ALL: N_("**{name}** sees what is said, and speaks."),
    Access.READ: N_("**{name}** sees what is said, and only listens."),
    Access.WRITE: N_("**{name}** speaks, and sees only what it answers."),
    Access.NONE: N_("**{name}** only listens, and sees nothing but a question to it."),
}


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
        talkativeness="The share of its chances to speak unasked that it takes, 0 to 1",
        stance="Its side in an argument: for, against, or words of your own",
    )
    async def invite(
        self,
        interaction: It,
        persona: str,
        instructions: Range[str, 1, 4000] | None = None,
        model: str | None = None,
        temperature: Range[float, 0, 2] | None = None,
        talkativeness: Range[float, 0, 1] | None = None,
        stance: Range[str, 1, 100] | None = None,
    ) -> None:
        """Give another agent a seat in the room."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        by = await self.bot.require_host(interaction)
        wanted = self._persona(interaction.guild_id, persona)
        self.bot.guard.require(interaction.guild_id, *public(wanted), stance or "")
        typed = {"instructions": instructions, "model": model, "temperature": temperature}
        typed |= {"talkativeness": talkativeness, "stance": stance}
        seat = options.seat(self.bot.furniture.agents, typed)
        room = self._room(interaction)
        people = await namesakes(interaction, [wanted.name])
        await room.do(seating.invite(wanted, by, people, **seat))
        taken = [seat for seat in room.state.seats.values() if seat.persona.name == wanted.name][-1:]
        name = plain(taken[0].name if taken else wanted.name)
        told = _("**{name}** takes a seat.").format(name=name)
        await answer(interaction, f"{told}\n{renamed(taken)}".strip())

    @app_commands.command()
    @app_commands.describe(
        agent="Who should be otherwise",
        persona="Which persona takes over its seat",
        stance="Its side in an argument: for, against, or words of your own; none for the persona's",
        talkativeness="The share of its chances to speak unasked that it takes, 0 to 1",
        instructions="What it should keep in mind in this room; none for nothing",
        model="Which model speaks for it, of those the operator allows; none for its own",
        temperature="How freely it speaks, 0 to 2",
        words="Words, separated by commas, that people use who need it; none for its own",
    )
    async def configure(
        self,
        interaction: It,
        agent: str,
        persona: str | None = None,
        stance: Range[str, 1, 100] | None = None,
        talkativeness: Range[float, 0, 1] | None = None,
        instructions: Range[str, 1, 4000] | None = None,
        model: str | None = None,
        temperature: Range[float, 0, 2] | None = None,
        words: Range[str, 1, 4000] | None = None,
    ) -> None:
        """Change an agent of the room; what is left out stays as it is."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        by = await self.bot.require_host(interaction)
        typed = options.given(
            persona=persona,
            stance=stance,
            talkativeness=talkativeness,
            instructions=instructions,
            model=model,
            temperature=temperature,
            words=words,
        )
        self.bot.guard.require(interaction.guild_id, stance or "")
        room = self._room(interaction)
        seat = seating.find(room.state, agent)
        changes = options.seat(self.bot.furniture.agents, typed)
        if persona is not None or words is not None:
            guild = interaction.guild_id
            taken = self._persona(guild, persona) if persona else seat.persona
            self.bot.guard.require(guild, *(public(taken) if persona else ()))
            changes["persona"] = self._reworded(guild, taken, words)
        people = await namesakes(interaction, [changes["persona"].name]) if persona is not None else ()
        await room.do(seating.configure_seat(agent, by, people, **changes))
        now = room.state.seats.get(seat.id, seat)
        changed = otherwise(seat, room.state, now, self._voice(now))
        await answer(interaction, f"{changed}\n\n{self._card(room, now, host=True)}"[:LONGEST])

    @app_commands.command()
    @app_commands.describe(agent="Whom to look at")
    async def show(self, interaction: It, agent: str) -> None:
        """See what an agent is, what it knows about, and which model speaks for it."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        room = self._room(interaction)
        host = await self.bot.hosts(interaction)
        await answer(interaction, self._card(room, seating.find(room.state, agent), host=host))

    @app_commands.command()
    @app_commands.describe(agent="Who should leave")
    async def remove(self, interaction: It, agent: str) -> None:
        """Let an agent leave the room."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        by = await self.bot.require_host(interaction)
        room = self._room(interaction)
        name = seating.find(room.state, agent).name
        await room.do(seating.remove(name, by))
        await answer(interaction, _("**{name}** leaves.").format(name=plain(name)))

    @app_commands.command(name="list")
    async def list_(self, interaction: It) -> None:
        """See who sits here, and who could be invited."""
        there = self.bot.furniture.shelf.names(interaction.guild_id)
        await answer(interaction, roster(self._room(interaction).state, there))

    @app_commands.command()
    @app_commands.describe(agent="Who should only listen")
    async def mute(self, interaction: It, agent: str) -> None:
        """Keep an agent's seat but skip its turns; it answers only who addresses it."""
        await self._mute(interaction, agent, True, _("**{name}** only listens from now on."))

    @app_commands.command()
    @app_commands.describe(agent="Who may speak again")
    async def unmute(self, interaction: It, agent: str) -> None:
        """Let an agent that only listened take turns again."""
        await self._mute(interaction, agent, False, _("**{name}** may speak again."))

    @app_commands.command()
    @app_commands.describe(
        agent="Whose access", access="Whether it sees what others say (read), speaks (write), or both"
    )
    async def access(self, interaction: It, agent: str, access: Literal["all", "read", "write", "none"]) -> None:
        """Say whether an agent sees what is said here, and whether it speaks; it always answers who asks."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        by = await self.bot.require_host(interaction)
        room, granted = self._room(interaction), seating.Access(access)
        name = seating.find(room.state, agent).name
        await room.do(seating.access(name, granted, by))
        await answer(interaction, _(ACCESS[granted]).format(name=plain(name)))

    async def _mute(self, interaction: It, agent: str, muted: bool, done: str) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        by = await self.bot.require_host(interaction)
        room = self._room(interaction)
        name = seating.find(room.state, agent).name
        await room.do(seating.mute(name, muted, by))
        await answer(interaction, done.format(name=plain(name)))

    def _room(self, interaction: It) -> Room:
        return self.bot.house.room(interaction.channel_id)

    def _voice(self, seat: Seat) -> str:
        agents = self.bot.furniture.agents
        return agents.describe(agents.model(seat))

    def _card(self, room: Room, seat: Seat, *, host: bool) -> str:
        return shown(room.state, seat, self._voice(seat), host=host)

    def _seat(self, interaction: It) -> Seat | None:
        """Whose agent's options are being typed, if that is clear yet."""
        try:
            return seating.find(self._room(interaction).state, getattr(interaction.namespace, "agent", None) or "")
        except Refused:
            return None

    # What was typed

    def _persona(self, guild: int | None, name: str) -> Persona:
        return named(self.bot.furniture.shelf.all(guild), name, most=1)[0]

    def _reworded(self, guild: int | None, persona: Persona, words: str | None) -> Persona:
        """The persona with these words to be found by."""
        if words is None:
            return persona
        known = self.bot.furniture.shelf.get(guild, persona.name)
        own = known.expansion if known else ()
        return persona.model_copy(update={"expansion": options.words(words) or own})

    @invite.autocomplete("persona")
    @configure.autocomplete("persona")
    async def complete_persona(self, interaction: It, current: str) -> list[app_commands.Choice[str]]:
        seat = self._seat(interaction)
        now = seat.persona.name if seat else None
        return complete(self.bot.furniture.shelf.names(interaction.guild_id), current, now)

    @invite.autocomplete("model")
    @configure.autocomplete("model")
    async def complete_model(self, interaction: It, current: str) -> list[app_commands.Choice[str]]:
        own = () if interaction.command is self.invite else (options.OWN,)
        seat = self._seat(interaction)
        now = (seat.model or options.OWN) if seat else None
        return complete((*self.bot.furniture.agents.choices, *own), current, now)

    @remove.autocomplete("agent")
    @mute.autocomplete("agent")
    @unmute.autocomplete("agent")
    @access.autocomplete("agent")
    @configure.autocomplete("agent")
    @show.autocomplete("agent")
    async def complete_agent(self, interaction: It, current: str) -> list[app_commands.Choice[str]]:
        return complete(self.bot.seated(interaction.channel_id), current)


async def setup(bot: RoomsBot) -> None:
    await bot.add_cog(AgentCog(bot))
