"""Writes the tables of `docs/commands.md` from the commands as the bot registers them.

`python -m tools.commands` writes them anew; with `--check` it fails, naming the difference, where they are stale.
"""

import asyncio
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from discord import AppCommandOptionType
from discord.app_commands import Command, CommandTree, Group
from discord.app_commands.commands import Parameter

from rooms_bot.agents.choice import Agents, Models
from rooms_bot.chat.bot import COGS, Furniture, RoomsBot, Rules
from rooms_bot.chat.guard import Guard
from rooms_bot.clock import SystemClock
from rooms_bot.engine.shelf import Shelf
from rooms_bot.ports import GuildSettings
from rooms_bot.store.personas import read_library
from rooms_bot.store.ram import RamStore
from tools.pages import DOCS, renew

ONLY_LOOKING = {
    "room status",
    "room why",
    "room export",
    "agent list",
    "agent show",
    "orchestrator show",
    "persona show",
    "persona list",
    "profile set",
    "profile show",
    "profile ignore",
    "profile forget",
    "room doctor",
    "help",
    "usage",
    "privacy policy",
}
"""What everyone may do."""
MANAGING = ("settings", "persona reload", "privacy")
"""What, or what begins so, needs the permission Manage Server; all else is a host's."""


def main(arguments: Sequence[str]) -> int:
    return renew(DOCS / "commands.md", "commands", asyncio.run(tables()), "--check" in arguments)


async def tables() -> str:
    known = (await tree()).get_commands()
    grouped = [line for group in known if isinstance(group, Group) for line in _group(group)]
    alone = [line for one in known if isinstance(one, Command) for line in _command(one, "##")]
    return "\n".join((*grouped, *alone))


async def everything() -> list[Command[Any, ..., Any]]:
    """Every command that is typed, in the order of the page."""
    known = (await tree()).get_commands()
    grouped = [command for group in known if isinstance(group, Group) for command in commands(group)]
    return [*grouped, *(one for one in known if isinstance(one, Command))]


async def tree() -> CommandTree[RoomsBot]:
    """The bot's commands, as a bot that never connects has them."""
    store, library = RamStore(), read_library([])
    shelf = Shelf(library.personas, store)
    bot = RoomsBot(Rules(), Furniture(store, library, Agents(Models("offline")), shelf), SystemClock())
    bot.guard = Guard(lambda guild: GuildSettings(guild=guild))
    for name in COGS:
        await bot.load_extension(name)
    return bot.tree


def commands(group: Group) -> list[Command[Any, ..., Any]]:
    return [one for one in group.commands if isinstance(one, Command)]


def _group(group: Group) -> Iterator[str]:
    yield f"## `/{group.name}`\n"
    yield f"{group.description}.\n"
    for command in commands(group):
        yield from _command(command, "###")


def _command(command: Command[Any, ..., Any], level: str) -> Iterator[str]:
    yield f"{level} `/{command.qualified_name}`\n"
    yield f"{command.description} *{who(command)}*\n"
    yield from _options(command.parameters)


def who(command: Command[Any, ..., Any]) -> str:
    """Who may use it, in words."""
    if command.qualified_name in ONLY_LOOKING:
        return "Everyone."
    return "Who may manage the server." if command.qualified_name.startswith(MANAGING) else "Hosts."


def _options(parameters: Sequence[Parameter]) -> Iterator[str]:
    if parameters:
        yield "| option | what it is | values | if left out |"
        yield "|---|---|---|---|"
        yield from (_row(parameter) for parameter in parameters)
        yield ""


def _row(parameter: Parameter) -> str:
    cells = (f"`{parameter.display_name}`", parameter.description, values(parameter), _default(parameter))
    return f"| {' | '.join(cells)} |"


def values(parameter: Parameter) -> str:
    """What may be given, in words."""
    if parameter.choices:
        return ", ".join(f"`{choice.value}`" for choice in parameter.choices)
    least, most = parameter.min_value, parameter.max_value
    within = f", {least:g} to {most:g}" if least is not None and most is not None else ""
    kind = KINDS[parameter.type]
    unit = " characters" if within and parameter.type is AppCommandOptionType.string else ""
    return f"{kind}{within}{unit}{', completed as you type' if parameter.autocomplete else ''}"


KINDS = {
    AppCommandOptionType.string: "text",
    AppCommandOptionType.integer: "whole number",
    AppCommandOptionType.number: "number",
    AppCommandOptionType.boolean: "`True`, `False`",
    AppCommandOptionType.role: "a role",
    AppCommandOptionType.channel: "a channel",
    AppCommandOptionType.user: "a member",
    AppCommandOptionType.attachment: "a file",
}


def _default(parameter: Parameter) -> str:
    if parameter.required:
        return "required"
    default = parameter.default
    return "" if default is None else f"`{default:g}`" if isinstance(default, float) else f"`{default}`"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
