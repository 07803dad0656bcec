"""Asks before all of a server is deleted: a button, and behind it a form into which the server's name is typed."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Self

import discord

from rooms_bot.chat.bot import explain
from rooms_bot.chat.escaping import plain
from rooms_bot.chat.failures import TROUBLE
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
        self._button: discord.ui.Button[Self] = discord.ui.Button(
            label=_("Delete everything"), style=discord.ButtonStyle.danger
        )
        self._button.callback = self._open  # type: ignore[method-assign] # as discord.py's guide does it
        self.add_item(self._button)

    @property
    def words(self) -> str:
        return warning(plain(server(self._asked)))

    async def interaction_check(self, interaction: It, /) -> bool:
        speak(interaction.locale)
        return True

    async def _open(self, interaction: It) -> None:
        require_admin(interaction)
        await interaction.response.send_modal(NameForm(self._delete))

    async def _delete(self, interaction: It) -> None:
        """Once it is done it is not asked any more."""
        await self._done(interaction)
        self.stop()
        self._button.disabled = True
        await self._show(view=self)

    async def on_error(self, interaction: It, error: Exception, item: discord.ui.Item[Any], /) -> None:
        del item
        await explain(interaction, error)

    async def on_timeout(self) -> None:
        speak(self._asked.locale)
        await self._show(content=_(LAPSED), view=None)

    async def _show(self, **what: Any) -> None:
        with suppress(*TROUBLE):  # dismissed meanwhile: then nobody sees it
            await self._asked.edit_original_response(**what)


class WrongName(Refused):
    """Another name was typed than the server's."""


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
            raise WrongName(N_("That is not the name of this server, and nothing was deleted."))
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._done(interaction)

    async def on_error(self, interaction: It, error: Exception, /) -> None:  # type: ignore[override] # as Modal has it
        """Only another name can be typed in its place; for all else the question still stands."""
        if isinstance(error, WrongName):
            await super().on_error(interaction, error)
        else:
            await explain(interaction, error)

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
