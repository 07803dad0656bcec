"""Buttons under the room's notices and its panel; they work after a restart, since each carries its room's number."""

import re
from collections.abc import Mapping
from typing import Any, Protocol, Self, cast

import discord

from rooms_bot.i18n import N_, _


class Pressed(Protocol):
    """The client, as far as buttons need it."""

    async def pressed(self, interaction: discord.Interaction[Any], act: str, room: int) -> None:
        """Carry out what the button `act` of this room stands for, and answer."""
        ...


QUIET, LOUD, GRAVE = discord.ButtonStyle.secondary, discord.ButtonStyle.primary, discord.ButtonStyle.danger

LABELS: Mapping[str, tuple[str, discord.ButtonStyle]] = {
    "go_on": (N_("Continue"), LOUD),
    "more": (N_("Continue"), LOUD),
    "export": (N_("Export"), QUIET),
    "discard": (N_("Discard"), GRAVE),
    "join": (N_("Join"), LOUD),
    "pause": (N_("Pause"), QUIET),
    "resume": (N_("Resume"), LOUD),
    "next": (N_("Next"), QUIET),
    "summary": (N_("Summary now"), QUIET),
    "stop": (N_("Stop"), GRAVE),
    "end": (N_("Stop the room"), GRAVE),
    "keep": (N_("Cancel"), QUIET),
}

AnyButton = discord.ui.Button[Any]


PATTERN = rf"rooms:(?P<act>{'|'.join(LABELS)}):(?P<room>[0-9]{{1,18}})"
"""Of a button's id: no longer a number than databases can look for."""


def button_id(act: str, room: int) -> str:
    return f"rooms:{act}:{room}"


class RoomButton(discord.ui.DynamicItem[AnyButton], template=PATTERN):
    """A button of a room; what pressing it does is the client's to know."""

    def __init__(self, act: str, room: int) -> None:
        label, style = LABELS[act]
        super().__init__(discord.ui.Button(label=_(label), style=style, custom_id=button_id(act, room)))
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


def strip(room: int, *acts: str) -> discord.ui.ActionRow[discord.ui.LayoutView]:
    """The same, within a panel; at most five."""
    shown: discord.ui.ActionRow[discord.ui.LayoutView] = discord.ui.ActionRow()
    for act in acts:
        shown.add_item(RoomButton(act, room))
    return shown
