"""/profile: what a member lets agents know, or that they wish not to be heard."""

import discord
from discord import app_commands
from discord.app_commands import Range
from discord.ext import commands

from rooms_bot.chat.bot import RoomsBot, answer
from rooms_bot.chat.escaping import plain
from rooms_bot.chat.options import is_own
from rooms_bot.errors import Refused
from rooms_bot.i18n import _
from rooms_bot.ports import Profile

It = discord.Interaction[RoomsBot]


@app_commands.guild_only()
class ProfileCog(commands.GroupCog, name="profile", description="What agents know of you on this server"):
    """The commands about oneself."""

    def __init__(self, bot: RoomsBot) -> None:
        self.bot = bot

    @app_commands.command(name="set")
    @app_commands.describe(
        name="What agents call you; none for your name on this server",
        background="What they should know of you; none for nothing",
    )
    async def set_(
        self,
        interaction: It,
        name: Range[str, 1, 80] | None = None,
        background: Range[str, 1, 1000] | None = None,
    ) -> None:
        """Tell agents who you are, in every room of this server."""
        if name is None and background is None:
            raise Refused("Please give a name, a background, or both.")
        self.bot.guard.require(interaction.guild_id, name or "")
        typed = (("name", name), ("background", background))
        changes = {key: "" if is_own(value) else value for key, value in typed if value is not None}
        profile = self._profile(interaction).model_copy(update=changes)
        await self.bot.house.people.save(profile)
        await answer(interaction, described(profile))

    @app_commands.command()
    async def show(self, interaction: It) -> None:
        """See what agents know of you."""
        await answer(interaction, described(self._profile(interaction)))

    @app_commands.command()
    @app_commands.describe(on="False to be heard again")
    async def ignore(self, interaction: It, on: bool = True) -> None:
        """Not be heard: the bot neither keeps nor passes on what you say from now on."""
        await self.bot.house.people.save(self._profile(interaction).model_copy(update={"ignored": on}))
        heard = _("You are heard again in the rooms of this server.")
        ignored = _(
            "You are not heard: what you say from now on is neither kept nor passed on. `/profile ignore on:False` "
            "changes that."
        )
        await answer(interaction, ignored if on else heard)

    @app_commands.command()
    async def forget(self, interaction: It) -> None:
        """Delete what agents know of you, and all you said in this server's rooms."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self.bot.house.forget_member(interaction.guild_id or 0, interaction.user.id)
        await answer(
            interaction,
            _(
                "Your profile is deleted, and with it what you said in this server's rooms, as far as the bot kept it. "
                "What stands in the channels is kept by Discord: those messages are yours to delete."
            ),
        )

    def _profile(self, interaction: It) -> Profile:
        return self.bot.house.people.profile(interaction.guild_id or 0, interaction.user.id)


def described(profile: Profile) -> str:
    """A profile in words, for its owner."""
    if profile.ignored:
        return _("You are not heard in the rooms of this server. `/profile ignore on:False` changes that.")
    name = _("Agents call you by your name here.")
    if profile.name:
        name = _("Agents call you **{name}**.").format(name=plain(profile.name))
    return f"{name}\n> {plain(profile.background)}" if profile.background else name


async def setup(bot: RoomsBot) -> None:
    await bot.add_cog(ProfileCog(bot))
