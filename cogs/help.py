"""/help: what rooms are, and what one can do here, on one page."""

import discord
from discord import app_commands
from discord.ext import commands

from rooms_bot.chat.bot import RoomsBot
from rooms_bot.i18n import N_, _

It = discord.Interaction[RoomsBot]

WHAT = N_(
    "## Rooms\n"
    "A room is a discussion in a channel or thread: some agents, each with a name, a face and an expertise of its own, "
    "talk about a topic, and everyone who can write there takes part. Agents are not people: their messages carry "
    "Discord's APP mark."
)
MEMBERS = N_(
    "### Taking part\n"
    "1. **Speak:** write something at any time, and they hear it.\n"
    "2. **Ask one of them:** write `@` and its name, or reply to what it said. `@all` asks all of them.\n"
    "3. **See how it stands:** {status} shows the panel, {why} tells why the last agent had its turn.\n"
    "4. **Take it along:** {export}, or Export on the panel, gives you the conversation as a file.\n"
    "5. **Say who you are, or stay out:** {set} tells agents about you; with {ignore} nothing of yours is heard."
)
HOSTS = N_(
    "### Hosting\n"
    "Hosts may manage channels or have the role for it. {start} opens a room, {configure} changes its rules; {pause}, "
    "{resume}, {next}, {skip} and {stop} steer it, as do the buttons of its panel. {invite}, {mute} and {remove} say "
    "who takes part, {now} asks for a summary."
)
PRIVACY = N_(
    "### Privacy\n"
    "What is written in a room is passed on to the models that this bot's operator has chosen; the panel names those "
    "that speak, and whose machine they run on. What is written elsewhere is neither kept nor passed on, unless "
    "somebody asks an agent about it. A room is kept in memory until 15 minutes after its end, or in the bot's "
    "database where its host or this server chose so. {forget} deletes what you said and what you told of yourself; "
    "{policy} tells the rest."
)

COMMANDS = {
    "status": "room status",
    "why": "room why",
    "export": "room export",
    "set": "profile set",
    "ignore": "profile ignore",
    "start": "room start",
    "configure": "room configure",
    "pause": "room pause",
    "resume": "room resume",
    "next": "room next",
    "skip": "room skip",
    "stop": "room stop",
    "invite": "agent invite",
    "mute": "agent mute",
    "remove": "agent remove",
    "now": "orchestrator now",
    "forget": "profile forget",
    "policy": "privacy policy",
}
"""What the page calls them: the commands' names."""


class HelpCog(commands.Cog):
    """One page, for who asks alone."""

    def __init__(self, bot: RoomsBot) -> None:
        self.bot = bot

    @app_commands.command()
    async def help(self, interaction: It) -> None:
        """See what rooms are and what you can do in them."""
        links = {name: self.bot.linked(command) for name, command in COMMANDS.items()}
        view = discord.ui.LayoutView(timeout=None)
        for part in (WHAT, MEMBERS, HOSTS, PRIVACY):
            view.add_item(discord.ui.TextDisplay(_(part).format(**links)))
        await interaction.response.send_message(view=view, ephemeral=True)


async def setup(bot: RoomsBot) -> None:
    await bot.add_cog(HelpCog(bot))
