"""/room: open one, see how it stands, steer it, take it along."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from itertools import chain
from typing import Any, Literal

import discord
from discord import app_commands
from discord.app_commands import AppCommandChannel, Range, Transform
from discord.ext import commands

from rooms_bot.chat import options
from rooms_bot.chat.answers import LONGEST, changes
from rooms_bot.chat.bot import RoomsBot, answer, explain
from rooms_bot.chat.checkup import examined
from rooms_bot.chat.completion import complete, complete_language, complete_list
from rooms_bot.chat.escaping import plain
from rooms_bot.chat.guard import public
from rooms_bot.chat.handout import hand_out
from rooms_bot.chat.locales import spoken_in
from rooms_bot.chat.naming import namesakes, renamed
from rooms_bot.chat.places import Channels, site
from rooms_bot.chat.proposal import Offer, Proposal, proposed
from rooms_bot.chat.room_form import RoomForm, Rules, altered
from rooms_bot.chat.sites import Site, link, prepared
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import Answering, Limits, Memory, Mode, RoomConfig
from rooms_bot.engine import commands as ask
from rooms_bot.engine import seating
from rooms_bot.engine.casting import fitting, named
from rooms_bot.engine.room import Room
from rooms_bot.errors import Refused
from rooms_bot.export.files import Format
from rooms_bot.export.reasons import reasons
from rooms_bot.i18n import _

It = discord.Interaction[RoomsBot]
Begin = Callable[[It, Sequence[Persona]], Awaitable[str]]


@app_commands.guild_only()
class RoomCog(commands.GroupCog, name="room", description="A discussion of agents and people in this channel"):
    """The commands of a room."""

    def __init__(self, bot: RoomsBot) -> None:
        self.bot = bot

    @app_commands.command()
    @app_commands.describe(
        topic="What the room is about",
        agents="Who takes part, names separated by commas; else the three who fit the topic best",
        mode="Who speaks when nobody is asked: in turn, side against side, or the most relevant expert",
        turns="After how many turns of agents the room ends (20)",
        orchestrator_every="After how many turns the orchestrator sums up (5, 0 for never)",
        human_every="After how many turns the agents wait for a person (0 for never)",
        pace="Seconds between two agents' posts (4)",
        memory="Where the conversation is kept: in memory only, or in the bot's database; else as the server has it",
        language="The language of the agents; else the server's",
        agents_answer="Whether agents speak of their own accord, or only when a person has",
        budget_tokens="How many tokens the room may use in all, read and written (0 for no limit of its own)",
        budget_dollars="How many US dollars the room may cost (0 for no limit of its own)",
        forum="A forum in which the room gets a post of its own; else it opens in this channel",
        thread="Whether the room gets a thread of its own in this channel",
    )
    async def start(
        self,
        interaction: It,
        topic: Range[str, 1, 300],
        agents: str | None = None,
        mode: Literal["round_robin", "argumentative", "dynamic"] = "dynamic",
        turns: Range[int, 1, 500] = 20,
        orchestrator_every: Range[int, 0, 50] = 5,
        human_every: Range[int, 0, 50] = 0,
        pace: Range[float, 0, 120] = 4.0,
        memory: Literal["ephemeral", "durable"] | None = None,
        language: Range[str, 1, 60] | None = None,
        agents_answer: Literal["freely", "people"] = "freely",
        budget_tokens: Range[int, 0, 1_000_000_000] = 0,
        budget_dollars: Range[float, 0, 100_000] = 0.0,
        forum: Transform[AppCommandChannel, Channels(discord.ChannelType.forum)] | None = None,
        thread: bool = False,
    ) -> None:
        """Open a room in this channel: agents discuss the topic, and everyone here can join in."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self.bot.require_host(interaction)
        settings = self.bot.house.servers.of(interaction.guild_id)
        where = site(interaction, forum, thread, settings.channels)
        config = RoomConfig(
            topic=options.topic(topic),
            mode=Mode(mode),
            turns=turns,
            orchestrator_every=orchestrator_every,
            human_every=human_every,
            pace=pace,
            memory=Memory(memory) if memory else settings.memory,
            language=language or options.spoken(spoken_in(self.bot, interaction.guild_id)),
            agents_answer=Answering(agents_answer),
            budget=Limits(tokens=budget_tokens, dollars=budget_dollars),
        )
        begin, there = partial(self._begin, where, config), self.bot.furniture.shelf.all(interaction.guild_id)
        if agents is not None:
            await answer(interaction, await begin(interaction, named(there, agents)))
        elif settings.introduced:
            await answer(interaction, await begin(interaction, fitting(there, topic)))
        else:
            await self._propose(interaction, config, begin)

    async def _begin(self, where: Site, config: RoomConfig, interaction: It, personas: Sequence[Persona]) -> str:
        """Open the room; the answer to who asked for it."""
        by = await self.bot.require_host(interaction)
        moderator = self.bot.furniture.library.moderator
        self.bot.guard.require(
            interaction.guild_id, config.topic, config.language, *chain.from_iterable(map(public, personas))
        )
        people = await namesakes(interaction, [persona.name for persona in (*personas, moderator)])
        async with prepared(where, config.topic) as place:
            room = await self.bot.house.open(place, config, personas, moderator, by, people)
        settings = self.bot.house.servers.of(place.guild)
        if not settings.introduced:
            await self.bot.house.servers.change(place.guild, introduced=True)
        opened = _("The room is open: {room}. `/room pause`, `/room stop` and `/room status` are yours there.")
        notes = renamed([*room.state.seats.values(), room.state.moderator])
        return f"{opened.format(**link(place))}\n{notes}".strip()

    async def _propose(self, interaction: It, config: RoomConfig, begin: Begin) -> None:
        """On a server's first room: who could take part and by which rules, to be started with one press."""
        there = self.bot.furniture.shelf.all(interaction.guild_id)
        personas = fitting(there, config.topic)
        others = [persona for persona in there if persona not in personas]
        view = Proposal(interaction, Offer(personas, [*personas, *others], begin, explain))
        await answer(interaction, proposed(config, personas), view=view)

    @start.autocomplete("agents")
    async def complete_agents(self, interaction: It, current: str) -> list[app_commands.Choice[str]]:
        return complete_list(self.bot.furniture.shelf.names(interaction.guild_id), current)

    @start.autocomplete("language")
    async def complete_language(self, interaction: It, current: str) -> list[app_commands.Choice[str]]:
        return complete_language(current, options.spoken(spoken_in(self.bot, interaction.guild_id)))

    @app_commands.command()
    @app_commands.describe(
        mode="Who speaks when nobody is asked: in turn, side against side, or the most relevant expert",
        agents_answer="Whether agents speak of their own accord, or only when a person has",
        selector="Who judges, in the mode dynamic, whom a message concerns where its words leave that open",
        turns="After how many turns of agents the room ends, in all",
        pace="Seconds between two agents' posts",
        human_every="After how many turns the agents wait for a person (0 for never)",
        human_wait="How many seconds they wait for a person",
        language="The language of the agents",
        topic="What the room is about",
        streaming="Whether long answers are shown while they grow, or only when they are whole",
        budget_tokens="How many tokens the room may use in all, read and written (0 for no limit of its own)",
        budget_dollars="How many US dollars the room may cost (0 for no limit of its own)",
    )
    async def configure(
        self,
        interaction: It,
        mode: Literal["round_robin", "argumentative", "dynamic"] | None = None,
        agents_answer: Literal["freely", "people"] | None = None,
        selector: Literal["words", "model"] | None = None,
        turns: Range[int, 1, 500] | None = None,
        pace: Range[float, 0, 120] | None = None,
        human_every: Range[int, 0, 50] | None = None,
        human_wait: Range[float, 0, 86_400] | None = None,
        language: Range[str, 1, 60] | None = None,
        topic: Range[str, 1, 300] | None = None,
        streaming: bool | None = None,
        budget_tokens: Range[int, 0, 1_000_000_000] | None = None,
        budget_dollars: Range[float, 0, 100_000] | None = None,
    ) -> None:
        """Change the rules of the room, in a form or by options; what is left out stays as it is."""
        if not [*interaction.namespace]:
            await self._form(interaction)
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        by = await self.bot.require_host(interaction)
        self.bot.guard.require(interaction.guild_id, topic or "", language or "")
        room = self._room(interaction)
        rules = options.given(
            mode=mode,
            agents_answer=agents_answer,
            selector=selector,
            turns=turns,
            pace=pace,
            human_every=human_every,
            human_wait=human_wait,
            language=language,
            topic=topic if topic is None else options.topic(topic),
            streaming=streaming,
            budget=options.limits(room.state.config.budget, budget_tokens, budget_dollars),
        )
        old = room.state.config
        await room.do(ask.configure(by, **rules))
        await answer(interaction, changes(old, room.state))

    async def _form(self, interaction: It) -> None:
        """Must be the first answer, and so waits for nothing."""
        await self.bot.require_host(interaction)
        room = self._room(interaction)
        if room.over:
            raise Refused(ask.OVER)
        await interaction.response.send_modal(
            RoomForm(room.state.config, partial(self._sent, room.id, room.state.config))
        )

    async def _sent(self, number: int, opened: RoomConfig, interaction: It, wanted: Rules) -> None:
        """The form came back; it is for the room of this number alone."""
        by = await self.bot.require_host(interaction)
        room = await self.bot.house.find(number)
        old = room.state.config
        rules = altered(opened, wanted, old)
        self.bot.guard.require(interaction.guild_id, rules.get("topic", ""))
        await room.do(ask.configure(by, **rules))
        await answer(interaction, changes(old, room.state))

    @configure.autocomplete("language")
    async def complete_other_language(self, interaction: It, current: str) -> list[app_commands.Choice[str]]:
        return complete_language(current, self._room(interaction).state.config.language)

    @app_commands.command()
    async def status(self, interaction: It) -> None:
        """See the topic, who takes part, whose turn it is, and what it has cost so far."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        room = self._room(interaction)
        view = await self.bot.panels.of(room.state, room.id, interaction.locale)
        await interaction.followup.send(view=view, ephemeral=True)

    @app_commands.command()
    async def doctor(self, interaction: It) -> None:
        """Find out whether a room can be opened in this channel, and what is in its way."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        agents = self.bot.furniture.agents
        only = self.bot.house.servers.of(interaction.guild_id).channels
        here = [room for room in self.bot.house.rooms() if room.state.opened.place.channel == interaction.channel_id]
        voice, taken = agents.describe(agents.choices[0]), any(not room.over for room in here)
        await answer(interaction, await examined(interaction, only, voice, taken=taken))

    @app_commands.command()
    async def pause(self, interaction: It) -> None:
        """Let nobody speak until the room is resumed."""
        await self._host(interaction, ask.pause, _("The room is paused."))

    @app_commands.command()
    async def resume(self, interaction: It) -> None:
        """Let the room go on, with everyone who was left out after failures."""
        await self._host(interaction, ask.resume, _("The room goes on."))

    @app_commands.command()
    @app_commands.describe(agent="Who speaks next; else whoever would")
    async def next(self, interaction: It, agent: str | None = None) -> None:
        """Give the next agent, or the one you name, its turn at once, without waiting for anything."""
        if agent is None:
            await self._host(interaction, ask.hurry, _("The next one speaks."))
        else:
            await self.bot.require_host(interaction)
            name, said = seating.find(self._room(interaction).state, agent).name, _("**{name}** speaks next.")
            await self._host(interaction, partial(seating.force, name), said.format(name=plain(name)))

    @next.autocomplete("agent")
    async def complete_agent(self, interaction: It, current: str) -> list[app_commands.Choice[str]]:
        return complete(self.bot.seated(interaction.channel_id), current)

    @app_commands.command()
    async def skip(self, interaction: It) -> None:
        """Let whoever is thinking, or else would be next, not speak this time."""
        await self.bot.require_host(interaction)
        taken = self._room(interaction).state.current
        await self._host(interaction, lambda by: ask.skip(by, taken), _("That turn is skipped."))

    @app_commands.command()
    async def why(self, interaction: It) -> None:
        """See why the last agent was given its turn, and what spoke for the others."""
        await answer(interaction, reasons(self._room(interaction).state, plain)[:LONGEST])

    @app_commands.command()
    async def stop(self, interaction: It) -> None:
        """End the room."""
        await self._host(interaction, ask.stop, _("The room is over."))

    @app_commands.command()
    @app_commands.rename(form="format")
    @app_commands.describe(form="Markdown to read, CSV for a table, JSON with everything that happened")
    async def export(self, interaction: It, form: Literal["markdown", "csv", "json"]) -> None:
        """Get the conversation as a file that only you see."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await hand_out(interaction, self._room(interaction), [Format(form)], _("Here it is."))

    def _room(self, interaction: It) -> Room:
        return self.bot.house.room(interaction.channel_id)

    async def _host(self, interaction: It, command: Any, done: str) -> None:
        """Carry out what only hosts may."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        by = await self.bot.require_host(interaction)
        await self._room(interaction).do(command(by))
        await answer(interaction, done)


async def setup(bot: RoomsBot) -> None:
    await bot.add_cog(RoomCog(bot))
