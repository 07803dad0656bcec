"""The real discord.py client against the sandbox: what bots written with it do all day."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord
import pytest
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket

from rooms_bot.sandbox.images import plain_face
from rooms_bot.sandbox.limits import Limits
from rooms_bot.sandbox.server import Sandbox
from tests.wire.openapi import Ledger


@pytest.fixture(autouse=True)
def addresses(monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox) -> None:
    """discord.py keeps its addresses in class attributes."""
    monkeypatch.setattr(discord.http.Route, "BASE", sandbox.api_url)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(sandbox.gateway_url))
    monkeypatch.setattr(discord.asset.Asset, "BASE", sandbox.cdn_url)
    return


class Again(discord.ui.View):
    @discord.ui.button(label="Again", custom_id="again")
    async def again(self, interaction: discord.Interaction, _: Any) -> None:
        await interaction.response.edit_message(content="again", view=None)


class Form(discord.ui.Modal, title="Form"):
    name: discord.ui.TextInput["Form"] = discord.ui.TextInput(label="Name", custom_id="name")

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"hello {self.name.value}", ephemeral=True)


class Bot(discord.Client):
    """Says what it heard, and has commands of every kind."""

    def __init__(self) -> None:
        intents = discord.Intents.default()
        intents.message_content = intents.members = True
        super().__init__(intents=intents)
        self.tree = app_commands.CommandTree(self)
        self.heard: asyncio.Queue[discord.Message] = asyncio.Queue()
        self.seen = asyncio.Event()
        self.resumes = asyncio.Event()
        commands: list[app_commands.Command[Any, ..., None]] = [ping, think, form, pick]
        for command in commands:
            self.tree.add_command(command)
        self.tree.add_command(quote)

    async def on_guild_available(self, _: discord.Guild) -> None:
        self.seen.set()

    async def on_resumed(self) -> None:
        self.resumes.set()

    async def on_message(self, message: discord.Message) -> None:
        self.heard.put_nowait(message)


@app_commands.command(description="Answer")
@app_commands.describe(text="What")
async def ping(interaction: discord.Interaction, text: app_commands.Range[str, 1, 10]) -> None:
    await interaction.response.send_message(text, view=Again())


@app_commands.command(description="Defer")
async def think(interaction: discord.Interaction) -> None:
    await interaction.response.defer(ephemeral=True, thinking=True)
    await interaction.followup.send("thought", file=discord.File(io.BytesIO(b"x"), "x.txt"))


@app_commands.command(description="Form")
async def form(interaction: discord.Interaction) -> None:
    await interaction.response.send_modal(Form())


@app_commands.command(description="Pick")
@app_commands.describe(persona="Who")
async def pick(interaction: discord.Interaction, persona: str) -> None:
    await interaction.response.send_message(persona)


@pick.autocomplete("persona")
async def personas(_: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=n, value=n) for n in ("Plato", "Ada") if n.lower().startswith(current)]


@app_commands.context_menu(name="Quote")
async def quote(interaction: discord.Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(f"> {message.content}")


@asynccontextmanager
async def running(sandbox: Sandbox) -> AsyncIterator[Bot]:
    """A bot that has seen its guild and registered its commands."""
    bot = Bot()
    async with asyncio.TaskGroup() as tasks, bot:
        task = tasks.create_task(bot.start(sandbox.token))
        await asyncio.wait_for(bot.seen.wait(), 5)
        await bot.tree.sync()
        yield bot
        await bot.close()
        await task


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    async with running(sandbox) as made:
        yield made


@pytest.fixture
def sam(sandbox: Sandbox) -> str:
    return sandbox.people.named("Sam")


@pytest.fixture
def lounge(sandbox: Sandbox, sam: str) -> str:
    return str(sandbox.people.channels(sam)[0]["id"])


async def heard(bot: Bot) -> discord.Message:
    return await asyncio.wait_for(bot.heard.get(), 5)


def channel_of(bot: Bot, channel_id: str) -> discord.TextChannel:
    found = bot.get_channel(int(channel_id))
    assert isinstance(found, discord.TextChannel)
    return found


async def test_it_hears_speaks_edits_reacts_and_reads_back(sandbox: Sandbox, bot: Bot, sam: str, lounge: str) -> None:
    sandbox.people.say(sam, lounge, "hello", attachments=[("a.txt", b"a")])
    message = await heard(bot)
    assert (message.content, message.author.display_name, await message.attachments[0].read()) == ("hello", "Sam", b"a")
    answer = await message.reply("hi", embed=discord.Embed(title="t").add_field(name="n", value="v"))
    await answer.edit(content="hi again")
    await answer.add_reaction("👍")
    async with message.channel.typing():
        pass
    read = [m.content async for m in message.channel.history()]
    assert read == ["hi again", "hello"]
    await answer.delete()
    assert [m["content"] for m in sandbox.people.history(sam, lounge)] == ["hello"]


async def test_a_webhook_speaks_with_names_and_faces(sandbox: Sandbox, bot: Bot, sam: str, lounge: str) -> None:
    emoji = await bot.create_application_emoji(name="plato", image=plain_face(2).data)
    assert [e.name for e in await bot.fetch_application_emojis()] == ["plato"]
    channel = channel_of(bot, lounge)
    hook = await channel.create_webhook(name="Rooms")
    said = await hook.send("forms", username="Plato", avatar_url=emoji.url, wait=True)
    await said.edit(content="ideas")
    posted = sandbox.people.history(sam, lounge)[0]
    assert (posted["content"], posted["author"]["username"]) == ("ideas", "Plato")
    assert [found.id for found in await channel.webhooks()] == [hook.id]
    thread = await channel.create_thread(name="aside", type=discord.ChannelType.public_thread)
    await hook.send("there", thread=thread)
    with pytest.raises(discord.HTTPException) as refused:
        await hook.send("x", username="Clyde")
    assert refused.value.code == 50035


@pytest.mark.usefixtures("bot")
async def test_commands_buttons_and_forms_are_answered(sandbox: Sandbox, sam: str, lounge: str) -> None:
    people = sandbox.people
    pong = await people.command(sam, lounge, "ping", {"text": "pong"})
    assert pong.message is not None
    assert pong.message["content"] == "pong"
    again = await people.press(sam, pong.message["id"], "again")
    assert again.message is not None
    assert (again.kind, again.message["content"]) == ("update", "again")
    opened = await people.command(sam, lounge, "form")
    assert opened.modal is not None
    greeted = await people.submit(sam, opened.modal, {"name": "Ada"})
    assert greeted.message is not None
    assert (greeted.message["content"], greeted.message["flags"]) == ("hello Ada", 64)


@pytest.mark.usefixtures("bot")
async def test_deferred_and_menu_commands_and_choices(sandbox: Sandbox, sam: str, lounge: str) -> None:
    people = sandbox.people
    thought = await (await people.command(sam, lounge, "think")).settled(5)
    assert thought.message is not None
    assert (thought.message["content"], len(thought.message["attachments"])) == ("thought", 1)
    choices = await people.autocomplete(sam, lounge, "pick", {"persona": "a"}, "persona")
    assert choices == [{"name": "Ada", "value": "Ada"}]
    said = people.say(sam, lounge, "well")
    quoted = await people.context(sam, lounge, "Quote", said["id"])
    assert quoted.message is not None
    assert quoted.message["content"] == "> well"


async def test_a_lost_connection_is_resumed_and_nothing_is_missed(
    sandbox: Sandbox, bot: Bot, sam: str, lounge: str
) -> None:
    sandbox.gateway.ask_reconnect()
    sandbox.people.say(sam, lounge, "meanwhile")
    assert (await heard(bot)).content == "meanwhile"
    await asyncio.wait_for(bot.resumes.wait(), 5)
    assert (sandbox.gateway.sessions.identified, sandbox.gateway.sessions.resumed) == (1, 1)


async def test_members_are_searched_and_fetched(bot: Bot, sam: str) -> None:
    [guild] = bot.guilds
    assert [m.id for m in await guild.query_members("sa")] == [int(sam)]
    assert (await guild.fetch_member(int(sam))).display_name == "Sam"
    assert len([m async for m in guild.fetch_members()]) == 5
    assert guild.me.guild_permissions.manage_webhooks


async def test_a_wrong_token_and_a_missing_intent_are_told(sandbox: Sandbox) -> None:
    async with Bot() as stranger:
        with pytest.raises(discord.LoginFailure):
            await stranger.start("wrong")
    sandbox.world.privileged = 0
    async with Bot() as blind:
        with pytest.raises(discord.PrivilegedIntentsRequired):
            await blind.start(sandbox.token)


async def test_under_discords_limits_it_meets_no_429(ledger: Ledger | None, monkeypatch: pytest.MonkeyPatch) -> None:
    async with Sandbox(limits=Limits(webhook=(5, 0.1))) as sandbox:
        sandbox.observe = ledger
        monkeypatch.setattr(discord.http.Route, "BASE", sandbox.api_url)
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(sandbox.gateway_url))
        async with running(sandbox) as bot:
            hook = await channel_of(bot, sandbox.people.channels(sandbox.people.named("Sam"))[0]["id"]).create_webhook(
                name="Rooms"
            )
            for n in range(12):
                await hook.send(str(n))
        assert sandbox.world.tally.requests["POST /webhooks/{webhook_id}/{webhook_token}"] == 12
        assert not sandbox.world.tally.limited
