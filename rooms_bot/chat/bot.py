"""The Discord client: connects, offers the commands, and says once and in words what went wrong."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands
from discord.http import Route

from rooms_bot.agents.choice import Agents
from rooms_bot.chat.audit import Audit
from rooms_bot.chat.bounds import require_within
from rooms_bot.chat.buttons import RoomButton
from rooms_bot.chat.erasing import Eraser
from rooms_bot.chat.escaping import outgoing
from rooms_bot.chat.failures import TROUBLE
from rooms_bot.chat.guard import Guard
from rooms_bot.chat.locales import Locales
from rooms_bot.chat.losses import REMOVED
from rooms_bot.chat.panels import Panels
from rooms_bot.chat.permissions import NEEDED, SCOPES, hosts_only, may_host
from rooms_bot.chat.privacy import Practice
from rooms_bot.chat.receipts import lenient
from rooms_bot.chat.roles import may_talk
from rooms_bot.chat.splitting import LIMIT
from rooms_bot.chat.steady import SteadyBot
from rooms_bot.chat.strays import is_stray, turn_away
from rooms_bot.chat.traffic import Traffic
from rooms_bot.chat.translator import CommandTranslator
from rooms_bot.clock import Clock
from rooms_bot.domain.rooms import Member
from rooms_bot.engine.house import House
from rooms_bot.engine.retention import Retention
from rooms_bot.engine.shelf import Shelf
from rooms_bot.errors import Refused, RoomsError
from rooms_bot.i18n import N_, _
from rooms_bot.ports import Store
from rooms_bot.store.personas import Library, read_library

log = logging.getLogger(__name__)

COGS = (
    "cogs.listener",
    "cogs.buttons",
    "cogs.room",
    "cogs.agent",
    "cogs.orchestrator",
    "cogs.profile",
    "cogs.persona",
    "cogs.menus",
    "cogs.reactions",
    "cogs.help",
    "cogs.settings",
    "cogs.usage",
    "cogs.privacy",
)

NOT_SERVED = N_("This bot does not serve this server. Its operator names the servers it serves in ROOMS_GUILDS.")

TOO_LATE = (10062, 10015, 50027)
"""Discord's codes for an interaction that is not answered within three seconds, or to its end within 15 minutes."""

Press = Callable[[discord.Interaction[Any], int], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Rules:
    """What the operator decided for Discord. Empty `guilds` are all; `heard_bots` are ids of bots and webhooks."""

    api: str = "https://discord.com/api/v10"
    cdn: str = "https://cdn.discordapp.com"
    guilds: Sequence[int] = ()
    heard_bots: Sequence[int] = ()
    host_role: str = "Room Host"

    def serves(self, guild: int | None) -> bool:
        return not self.guilds or guild in self.guilds


@dataclass(slots=True)
class Furniture:
    """What the commands work with. The house is there from before the first event on."""

    store: Store
    library: Library
    agents: Agents
    shelf: Shelf
    reread: Callable[[], Library] = read_library
    """Reads the operator's personas anew."""
    presses: dict[str, Press] = field(default_factory=dict)


class Tree(app_commands.CommandTree["RoomsBot"]):
    """The commands: serves only some servers, and words every error once."""

    async def interaction_check(self, interaction: discord.Interaction["RoomsBot"], /) -> bool:
        interaction.client.locales.speak(interaction)
        if interaction.client.rules.serves(interaction.guild_id):
            return await self._is_within(interaction)
        if interaction.type is not discord.InteractionType.autocomplete:
            await answer(interaction, _(NOT_SERVED))
        return False

    async def _is_within(self, interaction: discord.Interaction["RoomsBot"]) -> bool:
        try:
            require_within(interaction)
        except Refused as error:
            await explain(interaction, error)
            return False
        return True

    async def on_error(
        self, interaction: discord.Interaction["RoomsBot"], error: app_commands.AppCommandError, /
    ) -> None:
        await explain(interaction, getattr(error, "original", error))


class RoomsBot(SteadyBot):
    """The bot. `house`, `panels`, `guard`, `audit`, `eraser`, `desk` and `retention` are set before it is started."""

    house: House
    guard: Guard
    audit: Audit
    panels: Panels
    eraser: Eraser
    retention: Retention

    def __init__(self, rules: Rules, furniture: Furniture, clock: Clock) -> None:
        intents = discord.Intents.none()
        intents.guilds = intents.guild_messages = intents.message_content = intents.guild_reactions = True
        self.traffic = Traffic(clock)
        super().__init__(
            commands.when_mentioned,
            http_trace=self.traffic.trace,
            intents=intents,
            tree_cls=Tree,
            help_command=None,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            # Else whoever adds the app to their own account could use it on servers that never invited it.
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        )
        self.rules, self.furniture, self.practice = rules, furniture, Practice()
        self.connected, self.locales = asyncio.Event(), Locales()
        self.commands_known: Mapping[str, int] = {}
        """Ids of the registered commands, by name."""
        point_at(rules)

    async def setup_hook(self) -> None:
        """After the log-in, before the gateway: its address, the commands, the buttons."""
        self.traffic.application = self.application_id
        await self.find_gateway()
        for name in COGS:
            if name not in self.extensions:  # Discord may have failed in the middle of an earlier log-in
                await self.load_extension(name)
        self.add_dynamic_items(RoomButton)
        await self.tree.set_translator(CommandTranslator())
        self.commands_known = {command.name: command.id for command in await self.tree.sync()}

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """discord.py calls this before anything that the event led to has run."""
        if event == "interaction":
            lenient(args[0])
            if is_stray(self, args[0]):
                super().dispatch("stray", *args)
        super().dispatch(event, *args, **kwargs)

    async def on_stray(self, interaction: discord.Interaction[Any]) -> None:
        """What discord.py has no view and no form for any more."""
        self.locales.speak(interaction)
        try:
            await turn_away(interaction)
        except TROUBLE as error:
            await explain(interaction, error)

    async def on_connect(self) -> None:
        """At every READY. Never `on_ready`: it waits two seconds, and need not come at all."""
        log.info("connected as %s", self.user)
        self.connected.set()
        await self.house.wake()
        await self.retention.look()
        known = {guild.id for guild in self.guilds}
        for guild in {room.state.opened.place.guild for room in self.house.rooms()} - known:
            self.house.left(guild, REMOVED)  # while nobody was there to hear of it

    def invite(self) -> str:
        """The link that invites it with what it needs and nothing more."""
        return discord.utils.oauth_url(self.application_id or 0, permissions=NEEDED, scopes=SCOPES)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        del args, kwargs
        log.exception("an event (%s) could not be handled", event_method)

    async def pressed(self, interaction: discord.Interaction[Any], act: str, room: int) -> None:
        """See `buttons.Pressed`."""
        self.locales.speak(interaction)
        try:
            guild = interaction.guild_id or await self._home(interaction, act, room)
            if not self.rules.serves(guild):
                raise Refused(NOT_SERVED)
            await self.furniture.presses[act](interaction, room)
        except (RoomsError, *TROUBLE) as error:
            await explain(interaction, error)

    async def _home(self, interaction: discord.Interaction[Any], act: str, room: int) -> int:
        """The server of a room that is pressed for in a direct message: who opened it gets its export there."""
        opened = (await self.house.find(room)).state.opened
        if act != "export" or opened.by.id != interaction.user.id:
            raise Refused("Only who opened that room gets its export here, and nothing else.")
        return opened.place.guild

    async def hosts(self, interaction: discord.Interaction[Any]) -> bool:
        """Whether the one who asks may start and steer rooms here."""
        return may_host(interaction, self.rules.host_role, self.house.servers.of(interaction.guild_id).host_role)

    async def require_member(self, interaction: discord.Interaction[Any]) -> Member:
        """The one who asks, if what they say is heard in rooms. Raises `Refused`."""
        settings = self.house.servers.of(interaction.guild_id)
        if not may_talk(interaction.user, settings, host=await self.hosts(interaction)):
            raise Refused("You are not heard in rooms here: you are muted, or lack the role that this server asks for.")
        return who(interaction)

    async def require_host(self, interaction: discord.Interaction[Any]) -> Member:
        """The one who asks, if they may start and steer rooms. Raises `Refused`."""
        if not await self.hosts(interaction):
            own = self.house.servers.of(interaction.guild_id).host_role
            raise hosts_only(interaction.guild, self.rules.host_role, own)
        return who(interaction)

    def linked(self, command: str) -> str:
        """A command's name, to be clicked where Discord knows it."""
        number = self.commands_known.get(command.partition(" ")[0])
        return f"</{command}:{number}>" if number else f"`/{command}`"

    def seated(self, channel: int | None) -> list[str]:
        """Who sits in a channel's room, by name; nobody where there is none."""
        try:
            return [seat.name for seat in self.house.room(channel).state.seats.values()]
        except Refused:
            return []


def point_at(rules: Rules) -> None:
    """Let discord.py speak to this API and this CDN; it keeps both addresses as class attributes."""
    Route.BASE = rules.api
    discord.Asset.BASE = rules.cdn


def who(interaction: discord.Interaction[Any]) -> Member:
    return Member(id=interaction.user.id, name=interaction.user.display_name)


async def answer(interaction: discord.Interaction[Any], text: str, **more: Any) -> None:
    """Answer the caller alone, whether or not the answer was deferred."""
    if interaction.response.is_done():
        await interaction.followup.send(text, ephemeral=True, **more)
    else:
        await interaction.response.send_message(text, ephemeral=True, **more)


async def explain(interaction: discord.Interaction[Any], error: BaseException, **more: Any) -> None:
    """One sentence to the caller, and what belongs to it; of anything but a refusal the particulars are in the log."""
    if isinstance(error, discord.HTTPException) and error.code in TOO_LATE:
        named = interaction.command.qualified_name if interaction.command else interaction.type.name
        log.warning("%s: it was too late for an answer: %s", named, error)
        return
    sentence = str(error)
    if not isinstance(error, Refused):
        log.error("a command failed", exc_info=error)
        sentence = _("Something went wrong on the bot's side. Its operator finds the reason in the log.")
    try:
        await answer(interaction, outgoing(sentence, {})[:LIMIT], **more)
    except TROUBLE as late:
        log.warning("an answer could not be delivered: %s", late)
