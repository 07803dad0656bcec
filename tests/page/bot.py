"""A small real discord.py bot for the page to talk to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any

import discord
from discord import app_commands

from rooms_bot.sandbox.server import Sandbox

PERSONAS = ("Ada", "Diogenes", "Hypatia")


class Form(discord.ui.Modal, title="Your profile"):
    name: discord.ui.TextInput[Any] = discord.ui.TextInput(label="Name", min_length=2, max_length=32)
    about: discord.ui.TextInput[Any] = discord.ui.TextInput(
        label="About you", style=discord.TextStyle.paragraph, required=False
    )

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_message(f"profile of {self.name.value}: {self.about.value or 'nothing'}")


class Panel(discord.ui.View):
    @discord.ui.button(label="Continue", style=discord.ButtonStyle.success)
    async def go_on(self, interaction: discord.Interaction[Any], button: discord.ui.Button[Any]) -> None:
        button.disabled = True
        await interaction.response.edit_message(content=f"continued by {interaction.user.display_name}", view=self)

    @discord.ui.button(label="Profile")
    async def profile(self, interaction: discord.Interaction[Any], _button: discord.ui.Button[Any]) -> None:
        await interaction.response.send_modal(Form())

    @discord.ui.button(label="Nothing", style=discord.ButtonStyle.danger)
    async def nothing(self, interaction: discord.Interaction[Any], _button: discord.ui.Button[Any]) -> None:
        """Never answers."""

    @discord.ui.select(
        placeholder="Seat someone", options=[discord.SelectOption(label=name, value=name.lower()) for name in PERSONAS]
    )
    async def seat(self, interaction: discord.Interaction[Any], select: discord.ui.Select[Any]) -> None:
        await interaction.response.send_message(f"seated {select.values[0]}")


room = app_commands.Group(name="room", description="Rooms")


@room.command()
@app_commands.describe(
    topic="What to talk about", agents="Who takes part", mode="How turns are taken", turns="How many"
)
@app_commands.choices(mode=[app_commands.Choice(name=m, value=m) for m in ("round_robin", "dynamic")])
async def start(
    interaction: discord.Interaction[Any],
    topic: app_commands.Range[str, 1, 300],
    agents: str = "",
    mode: str = "dynamic",
    turns: app_commands.Range[int, 1, 500] = 20,
) -> None:
    """Open a room here."""
    await interaction.response.send_message(f"{topic} / {agents} / {mode} / {turns}")


@start.autocomplete("agents")
async def complete(_interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=p, value=p) for p in PERSONAS if typed.lower() in p.lower()]


@room.command()
async def status(interaction: discord.Interaction[Any]) -> None:
    """How it stands."""
    await interaction.response.send_message("nobody speaks", ephemeral=True)


@room.command()
async def panel(interaction: discord.Interaction[Any]) -> None:
    """The room's buttons."""
    await interaction.response.send_message("what now?", view=Panel())


@room.command()
async def export(interaction: discord.Interaction[Any]) -> None:
    """The transcript, after a while."""
    await interaction.response.defer(ephemeral=True)
    await interaction.client.may_export.wait()
    file = discord.File(BytesIO(b"# The room\n"), filename="room.md")
    await interaction.followup.send("here it is", file=file)


@app_commands.context_menu(name="Ask the room")
async def ask(interaction: discord.Interaction[Any], message: discord.Message) -> None:
    await interaction.response.send_message(f"asked: {message.content}")


class Bot(discord.Client):
    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.default() | discord.Intents(message_content=True))
        self.connected = asyncio.Event()
        self.may_export = asyncio.Event()
        self.tree = app_commands.CommandTree(self)
        for command in (room, ask):
            self.tree.add_command(command)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def on_connect(self) -> None:
        self.connected.set()


@asynccontextmanager
async def bot_in(sandbox: Sandbox) -> AsyncIterator[Bot]:
    """The bot, connected, its commands registered; for the block."""
    bot = Bot()
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(bot.start(sandbox.token))
        await bot.connected.wait()
        try:
            yield bot
        finally:
            await bot.close()
            await running
