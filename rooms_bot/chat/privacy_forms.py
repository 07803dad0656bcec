"""Asks before all of a server is deleted: a button, and behind it a form into which the server's name is typed."""

from collections.abc import Awaitable, Callable
from typing import Any, Self

import aiohttp
import discord

from rooms_bot.chat.bot import explain
from rooms_bot.chat.escaping import plain
from rooms_bot.chat.forms import Form, labelled, text_field
from rooms_bot.chat.permissions import require_admin
from rooms_bot.chat.privacy import warning
from rooms_bot.errors import Refused
from rooms_bot.i18n import N_, _, speak

It = discord.Interaction[Any]
Done = Callable[[It], Awaitable[None]]

OPEN_FOR = 14 * 60.0
"""Seconds that the button stands: Discord lets an answer be changed for 15 minutes."""
LONGEST_NAME = 100
"""Characters of a server's name."""
LAPSED = N_("Nothing was deleted. `/privacy delete-server-data` asks anew.")


class Question(discord.ui.View):
    """Whether all is to be deleted; `done` sees to it, after a first answer."""

    def __init__(self, asked: It, done: Done) -> None:
        super().__init__(timeout=OPEN_FOR)
        self._asked, self._done = asked, done
        button: discord.ui.Button[Self] = discord.ui.Button(
            label=_("Delete everything"), style=discord.ButtonStyle.danger
        )
        button.callback = self._open  # type: ignore[method-assign] # as discord.py's guide does it
        self.add_item(button)

    @property
    def words(self) -> str:
        return warning(plain(server(self._asked)))

    async def interaction_check(self, interaction: It, /) -> bool:
        speak(interaction.locale)
        return True

    async def _open(self, interaction: It) -> None:
        require_admin(interaction)
        await interaction.response.send_modal(NameForm(self._done))

    async def on_error(self, interaction: It, error: Exception, item: discord.ui.Item[Any], /) -> None:
        del item
        await explain(interaction, error)

    async def on_timeout(self) -> None:
        speak(self._asked.locale)
        try:
            await self._asked.edit_original_response(content=_(LAPSED), view=None)
        except (discord.HTTPException, aiohttp.ClientError):
            return  # dismissed meanwhile: then nobody sees that it has lapsed


class NameForm(Form):
    """The server's name, so that nobody deletes the wrong one, or by a slip."""

    def __init__(self, done: Done, sent: str = "") -> None:
        super().__init__(_("Delete everything"))
        self._done, self._sent = done, sent
        self.field = text_field("server", sent, LONGEST_NAME)
        self.add_item(labelled(_("Name of this server"), _("Type it to delete all that is kept of it."), self.field))

    async def on_submit(self, interaction: It, /) -> None:
        require_admin(interaction)
        self._sent = self.field.value
        if _folded(self._sent) != _folded(server(interaction)):
            raise Refused("That is not the name of this server, and nothing was deleted.")
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._done(interaction)

    def again(self) -> Self:
        return type(self)(self._done, self._sent)

    def typed(self) -> tuple[str, str]:
        return "server.txt", ""


def server(interaction: It) -> str:
    """The name of the server. Raises `Refused` where Discord has not told it."""
    if interaction.guild is None:
        raise Refused("Discord has not told the name of this server yet. Please try again in a moment.")
    return interaction.guild.name


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
