"""The bounds of commands and of their options: Discord keeps to them, and nothing below relies on that.

A value that no client can send would end in a fault somewhere; here it is refused before a command sees it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import discord
from discord import AppCommandOptionType as Kind
from discord import app_commands

from rooms_bot.chat.escaping import plain
from rooms_bot.errors import Refused

It = discord.Interaction[Any]

LONGEST = 6000
"""Characters of a text option without a bound of its own (Discord's documentation, Application Command Object)."""
LARGEST = 2**53
"""Of a number, either way (the same)."""


def require_within(interaction: It) -> None:
    """Raises `Refused`. Texts lose what is no character, NUL and halves of surrogate pairs, which databases refuse.

    What is still being typed is not looked at: Discord does not, either.
    """
    command, data = interaction.command, interaction.data
    if command is None or interaction.type is discord.InteractionType.autocomplete:
        return
    if interaction.guild_id is None and _for_servers(command):
        raise Refused("That works in a server's channels only.")
    known = {one.display_name: one for one in command.parameters} if isinstance(command, app_commands.Command) else {}
    for option in _options(data or {}):
        _repair(option)
        parameter = known.get(option["name"])
        if parameter is not None and not _fits(parameter, option.get("value")):
            raise Refused(
                "“{option}” cannot be that: it is outside of what may be given.", option=plain(option["name"])
            )


def _for_servers(command: app_commands.Command[Any, ..., Any] | app_commands.ContextMenu) -> bool:
    whole = command.root_parent or command if isinstance(command, app_commands.Command) else command
    return bool(whole.guild_only)


def _options(part: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Those with a value, below subcommands too."""
    for option in part.get("options") or ():
        if "value" in option:
            yield option
        yield from _options(option)


def _repair(option: dict[str, Any]) -> None:
    if isinstance(value := option["value"], str):
        option["value"] = value.replace("\0", "").encode("utf-8", "replace").decode()


def _fits(parameter: app_commands.Parameter, value: object) -> bool:
    if parameter.choices and value not in [choice.value for choice in parameter.choices]:
        return False
    match parameter.type:
        case Kind.string:
            return isinstance(value, str) and _least(parameter, 0) <= len(value) <= _most(parameter, LONGEST)
        case Kind.integer | Kind.number:
            number = isinstance(value, int if parameter.type is Kind.integer else int | float)
            bounds = _least(parameter, -LARGEST), _most(parameter, LARGEST)
            return number and not isinstance(value, bool) and bounds[0] <= value <= bounds[1]  # type: ignore[operator] # as `number` says
        case Kind.boolean:
            return isinstance(value, bool)
    return True


def _least(parameter: app_commands.Parameter, usual: float) -> float:
    return usual if parameter.min_value is None else parameter.min_value


def _most(parameter: app_commands.Parameter, usual: float) -> float:
    return usual if parameter.max_value is None else parameter.max_value
