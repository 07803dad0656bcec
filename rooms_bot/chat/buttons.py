"""Buttons under the room's notices; they work after a restart, since each carries its room's number."""

import re
from collections.abc import Mapping
from typing import Any, Protocol, Self, cast

import discord


class Pressed(Protocol):
    """The client, as far as buttons need it."""

    async def pressed(self, interaction: discord.Interaction[Any], act: str, room: int) -> None:
        """Carry out what the button `act` of this room stands for, and answer."""
        ...


LABELS: Mapping[str, tuple[str, discord.ButtonStyle]] = {
    "go_on": ("Continue", discord.ButtonStyle.primary),
    "more": ("Continue", discord.ButtonStyle.primary),
    "export": ("Export", discord.ButtonStyle.secondary),
    "discard": ("Discard", discord.ButtonStyle.danger),
}


class RoomButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=r"rooms:(?P<act>[a-z_]+):(?P<room>\d+)"
):
    """A button of a room; what pressing it does is the client's to know."""

    def __init__(self, act: str, room: int) -> None:
        label, style = LABELS[act]
        super().__init__(discord.ui.Button(label=label, style=style, custom_id=f"rooms:{act}:{room}"))
        self.act, self.room = act, room

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        del interaction, item
        return cls(match["act"], int(match["room"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await cast(Pressed, interaction.client).pressed(interaction, self.act, self.room)


def row(room: int, *acts: str) -> discord.ui.View:
    """These buttons, for this room, for ever."""
    view = discord.ui.View(timeout=None)
    for act in acts:
        view.add_item(RoomButton(act, room))
    return view
