"""/settings: what the people who manage a server decide for it."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from rooms_bot.chat.bot import RoomsBot, answer, who
from rooms_bot.chat.escaping import plain
from rooms_bot.chat.permissions import require_admin
from rooms_bot.chat.places import Channels
from rooms_bot.chat.settings_panel import ROOMS, Context, SettingsPanel
from rooms_bot.chat.settings_words import Given, changes, lines
from rooms_bot.errors import Refused
from rooms_bot.i18n import N_, _
from rooms_bot.ports import GuildSettings

It = discord.Interaction[Any]
CHANGED = N_("changed the settings")


@app_commands.guild_only()
class SettingsCog(commands.GroupCog, name="settings", description="What holds for rooms on this server"):
    """The commands for those who manage the server."""

    def __init__(self, bot: RoomsBot) -> None:
        self.bot = bot

    @property
    def given(self) -> Given:
        bot = self.bot
        return Given(bot.rules.host_role, bot.guard.moderates, bot.house.quotas.accounts.bounds)

    @app_commands.command()
    async def show(self, interaction: It) -> None:
        """See what holds for rooms on this server."""
        require_admin(interaction)
        settings = self.bot.house.servers.of(interaction.guild_id)
        await answer(interaction, "\n".join(lines(settings, self.given).values())[:2000])

    @app_commands.command()
    async def change(self, interaction: It) -> None:
        """Set roles, channels, budgets, blocked words and moderation for this server."""
        require_admin(interaction)
        settings = self.bot.house.servers.of(interaction.guild_id)
        panel = SettingsPanel(settings, Context(self.given, self._keep))
        panel.answers = interaction
        await interaction.response.send_message(view=panel, ephemeral=True)

    @app_commands.command()
    @app_commands.describe(role="Who may start and steer rooms; leave it out to name nobody")
    async def hosts(self, interaction: It, role: discord.Role | None = None) -> None:
        """Set the role whose members may start and steer rooms, besides those who may manage channels."""
        await self._keep(interaction, {"host_role": role.id if role else None})
        said = _("{role} may host rooms.").format(role=role.mention) if role else _("No role hosts rooms now.")
        await answer(interaction, said)

    @app_commands.command()
    @app_commands.describe(language="What notices and panels are written in; each person's own answers are in theirs")
    @app_commands.choices(
        language=[
            app_commands.Choice(name="As the server has it at Discord", value="discord"),
            app_commands.Choice(name="English", value="en"),
            app_commands.Choice(name="Deutsch", value="de"),
        ]
    )
    async def language(self, interaction: It, language: str) -> None:
        """Set the language of what everyone on this server reads from the bot."""
        new = await self._keep(interaction, {"language": "" if language == "discord" else language})
        await answer(interaction, lines(new, self.given)["language"])

    @app_commands.command()
    @app_commands.describe(
        channel="Where; its threads belong to it",
        bot="A bot, or the bot whose webhooks these are, as PluralKit",
        webhook="Or the id of a webhook",
        allow="Whether agents hear it there",
    )
    async def bots(
        self,
        interaction: It,
        channel: app_commands.Transform[app_commands.AppCommandChannel, Channels(*ROOMS)],
        bot: discord.User | None = None,
        webhook: app_commands.Range[str, 15, 20] | None = None,
        allow: bool = True,
    ) -> None:
        """Let agents hear another bot or a webhook in one channel, or no longer."""
        require_admin(interaction)
        number = self._program(bot, webhook)
        heard = dict(self.bot.house.servers.of(interaction.guild_id).heard_bots)
        others = tuple(one for one in heard.get(channel.id, ()) if one != number)
        heard[channel.id] = (*others, number) if allow else others
        await self._keep(interaction, {"heard_bots": {where: who for where, who in heard.items() if who}})
        said = _("{bot} is heard in {channel}.") if allow else _("{bot} is not heard in {channel}.")
        await answer(interaction, said.format(bot=f"<@{number}>", channel=channel.mention))

    def _program(self, bot: discord.User | None, webhook: str | None) -> int:
        """The id of what is meant. Raises `Refused`."""
        if (bot is None) == (webhook is None):
            raise Refused("Please name either a bot or the id of a webhook.")
        if bot is None:
            if not (webhook or "").isdecimal():
                raise Refused("The id of a webhook is a number; it stands in the webhook's address.")
            return int(webhook or 0)
        if not bot.bot:
            raise Refused("{name} is a person, and is heard anyway.", name=plain(bot.display_name))
        if self.bot.user is not None and bot.id == self.bot.user.id:
            raise Refused("Agents never hear what the bot itself says.")
        return bot.id

    async def _keep(self, interaction: It, wanted: Any) -> GuildSettings:
        """Keep these settings and write down who changed what. Raises `Refused`."""
        require_admin(interaction)
        guild = interaction.guild_id or 0
        self._require_log(interaction, wanted.get("log_channel"))
        old, new = await self.bot.house.servers.change(guild, **wanted)
        audit = self.bot.audit
        with audit.language(guild):
            for line in changes(old, new, self.given):
                audit.did(guild, who(interaction), f"{_(CHANGED)}: {line}")
                if old.log_channel not in (None, new.log_channel):
                    audit.did(guild, who(interaction), f"{_(CHANGED)}: {line}", log=old.log_channel)
        return new

    def _require_log(self, interaction: It, channel: int | None) -> None:
        """Raises `Refused` where the bot may not write there."""
        place = interaction.guild.get_channel(channel) if interaction.guild and channel else None
        if place is None or interaction.guild is None:
            return
        have = place.permissions_for(interaction.guild.me)
        if not (have.view_channel and have.send_messages and have.attach_files):
            raise Refused(
                "The bot needs View Channel, Send Messages and Attach Files in {channel}.", channel=place.mention
            )


async def setup(bot: RoomsBot) -> None:
    await bot.add_cog(SettingsCog(bot))
