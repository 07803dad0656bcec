"""Which languages are spoken: people's, which Discord tells only with what they ask for, and servers'."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Protocol, cast

import discord

from rooms_bot.i18n import speak

MOST = 10_000
"""People, of whom those that asked for something last are remembered, until the bot is restarted."""


class Knowing(Protocol):
    """The client, as far as direct messages need it."""

    locales: "Locales"


class Locales:
    def __init__(self) -> None:
        self._known: OrderedDict[int, str] = OrderedDict()
        self.chosen: Callable[[int], str] = lambda _: ""
        """What a server has chosen, if it has."""

    def speak(self, interaction: discord.Interaction[Any]) -> None:
        """From here on in this task speak the language of who asks, and remember it."""
        speak(interaction.locale)
        self._known[interaction.user.id] = str(interaction.locale)
        self._known.move_to_end(interaction.user.id)
        if len(self._known) > MOST:
            self._known.popitem(last=False)

    def of(self, member: int) -> str | None:
        """None where it is not known."""
        return self._known.get(member)


def spoken_in(client: discord.Client, guild: int | None) -> str:
    """The locale of what everyone on a server reads: what it chose, else what it has at Discord, else English.

    Only servers that Discord calls communities can choose one there; all others have American English.
    """
    known = client.get_guild(guild or 0)
    own = str(known.preferred_locale) if known is not None else "en"
    return cast(Knowing, client).locales.chosen(guild or 0) or own
