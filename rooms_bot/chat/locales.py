"""Which languages people's clients speak: Discord says it only with what they ask for, messages to them come later."""

from collections import OrderedDict
from typing import Any, Protocol

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
