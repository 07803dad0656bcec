"""A hand that sends interactions as no client of Discord's would."""

import copy
from collections.abc import Iterator
from typing import Any

from rooms_bot.sandbox import orders, pressing
from rooms_bot.sandbox.answers import event
from rooms_bot.sandbox.interaction import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL, Interaction
from rooms_bot.sandbox.options import NotTaken
from rooms_bot.sandbox.people import Reply
from rooms_bot.sandbox.replies import reply_to
from rooms_bot.sandbox.server import Sandbox

Wire = dict[str, Any]
SUBCOMMAND, GROUP, CHANNEL = 1, 2, 7


class Hand:
    """What one person sends from one channel, without the checks that Discord's client makes."""

    def __init__(self, sandbox: Sandbox, user: str, channel: str) -> None:
        self._sandbox, self._world, self._desk = sandbox, sandbox.world, sandbox.desk
        self.user, self.channel = user, channel

    async def command(self, path: str, **values: Any) -> Reply:
        """A slash command with these values, whatever they are."""
        return await self._settled(COMMAND, self.typed(path, values))

    def typed(self, path: str, values: Wire) -> Wire:
        """The data of such a command."""
        names = path.split()
        command = next(one for one in self.known() if one["name"] == names[0] and one["type"] == 1)
        kinds = {option["name"]: option["type"] for option in options_of(command, names)}
        given: list[Wire] = [{"name": name, "type": kinds[name], "value": value} for name, value in values.items()]
        for name in reversed(names[1:]):
            given = [{"name": name, "type": SUBCOMMAND, "options": given}]
        data = {"id": command["id"], "name": names[0], "type": 1, "options": given}
        found = orders.resolved(self._world, self._world.channels[self.channel])
        for name, value in values.items():
            if kinds[name] == CHANNEL:
                found.channel_of(str(value), self.user)
        return data | ({"resolved": found.found} if found.found else {})

    async def menu(self, name: str, message: str) -> Reply:
        _, data = orders.chosen(self._world, self.user, self.channel, name, message)
        return await self._settled(COMMAND, data)

    async def press(self, source: Wire, custom_id: str) -> Reply:
        """Press a button under a message as it was, whether or not it still has it: the first answer."""
        found = orders.resolved(self._world, self._world.channels[self.channel])
        try:
            data = pressing.pressed(source, custom_id, [], found, self.user)
        except NotTaken:
            data = {"component_type": 2, "custom_id": custom_id, "id": 1}
        return await self._first(COMPONENT, data, source)

    def known(self) -> list[Wire]:
        """All commands that are registered."""
        return [*self._world.commands[None].values()]

    async def _settled(self, kind: int, data: Wire) -> Reply:
        return await (await self._first(kind, data)).settled(15)

    async def _first(self, kind: int, data: Wire, source: Wire | None = None) -> Reply:
        asked = self._desk.open(kind, self.user, self._world.channels[self.channel], data, source=source)
        return await reply_to(self._world, self._desk, asked)

    def event(self, kind: int, data: Wire, source: Wire | None = None) -> Wire:
        """An INTERACTION_CREATE that is not sent yet."""
        channel, now = self._world.channels[self.channel], self._world.clock.now()
        asked = Interaction(self._world.new_id(), "a" * 160, kind, channel, self.user, data, now, source)
        return copy.deepcopy(event(self._world, asked))

    def throw(self, payload: Wire, name: str = "INTERACTION_CREATE") -> None:
        """Send it, and wait for nothing."""
        self._world.emit(name, payload, only=self._world.bot_id)


def options_of(command: Wire, names: list[str]) -> list[Wire]:
    """The options with a value of a command or subcommand."""
    part = command
    for name in names[1:]:
        part = next(one for one in part["options"] if one["name"] == name)
    return [one for one in part.get("options", []) if one["type"] not in (SUBCOMMAND, GROUP)]


def paths(commands: list[Wire]) -> Iterator[str]:
    """The names of all slash commands, as they are typed."""
    for command in commands:
        if command["type"] == 1:
            below = [one for one in command.get("options", []) if one["type"] == SUBCOMMAND]
            yield from (f"{command['name']} {one['name']}" for one in below) if below else [command["name"]]


def menus(commands: list[Wire]) -> list[str]:
    return [command["name"] for command in commands if command["type"] in (2, 3)]


__all__ = ["AUTOCOMPLETE", "COMMAND", "COMPONENT", "MODAL", "Hand", "menus", "options_of", "paths"]
