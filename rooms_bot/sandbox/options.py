"""A command's options as a person gives them, turned into what the application receives."""

import mimetypes
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rooms_bot.sandbox import views
from rooms_bot.sandbox.attachments import Upload
from rooms_bot.sandbox.permissions import EVERYTHING
from rooms_bot.sandbox.world import World

Wire = dict[str, Any]
SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, FILE = range(1, 12)
_LONGEST = 6000


class NotTaken(Exception):
    """Discord's client does not send this; the text is a sentence for the person who typed it."""


@dataclass
class Resolved:
    """The objects an interaction's data points at, by kind and id."""

    world: World
    channel: Wire
    store: Callable[[Upload], Wire]
    found: dict[str, dict[str, Wire]] = field(default_factory=dict)

    def user(self, user_id: str) -> bool:
        guild = self.world.guilds.get(self.channel.get("guild_id", ""))
        if user_id not in self.world.users:
            return False
        self.found.setdefault("users", {})[user_id] = self.world.users[user_id]
        if guild and user_id in guild.members:
            member = views.interaction_member(self.world, user_id, self.channel)
            kept = {key: value for key, value in member.items() if key not in ("user", "mute", "deaf")}
            self.found.setdefault("members", {})[user_id] = kept
        return True

    def role(self, role_id: str) -> bool:
        guild = self.world.guilds.get(self.channel.get("guild_id", ""))
        if guild is None or role_id not in guild.roles:
            return False
        self.found.setdefault("roles", {})[role_id] = guild.roles[role_id]
        return True

    def channel_of(self, channel_id: str, viewer: str) -> bool:
        if not self.world.sees(viewer, channel_id):
            return False
        shown = views.channel(self.world, self.world.channels[channel_id], viewer)
        shown["permissions"] = str(self.world.permissions(viewer, self.world.channels[channel_id]) or EVERYTHING)
        self.found.setdefault("channels", {})[channel_id] = shown
        return True

    def message(self, message: Wire) -> None:
        self.found.setdefault("messages", {})[message["id"]] = views.message(self.world, message, self.world.bot_id)

    def file(self, name: str, data: bytes) -> str:
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        kept = self.store(Upload(0, name, kind, data))
        self.found.setdefault("attachments", {})[kept["id"]] = kept
        return str(kept["id"])


def filled(
    command: Wire, path: list[str], values: Mapping[str, Any], resolved: Resolved, viewer: str, *, focus: str = ""
) -> Wire:
    """The interaction's data for `command`; with `focus`, as far as it is typed, for autocompletion.

    Raises NotTaken for what Discord's client would not send.
    """
    leaf, chain = _descend(command, path)
    known = {option["name"]: option for option in leaf.get("options", [])}
    for name in values:
        if name not in known:
            raise NotTaken(f"/{' '.join(path)} has no option “{name}”.")
    given = []
    for name, option in known.items():
        if name in values and (values[name] not in (None, "") or name == focus):
            given.append(_one(option, values[name], resolved, viewer, focus=focus))
        elif name == focus:
            given.append({"name": name, "type": option["type"], "value": "", "focused": True})
        elif option.get("required") and not focus:
            raise NotTaken(f"“{name}” is required. Specify a value.")
    for part in reversed(chain):
        given = [{"name": part["name"], "type": part["type"], "options": given}]
    data: Wire = {"id": command["id"], "name": command["name"], "type": command["type"]}
    data |= {"guild_id": command["guild_id"]} if "guild_id" in command else {}
    data |= {"options": given} if given else {}
    return data | ({"resolved": resolved.found} if resolved.found else {})


def _descend(command: Wire, path: list[str]) -> tuple[Wire, list[Wire]]:
    leaf, chain = command, []
    for name in path[1:]:
        below = {o["name"]: o for o in leaf.get("options", []) if o["type"] in (SUBCOMMAND, GROUP)}
        if name not in below:
            raise NotTaken(f"There is no command /{' '.join(path)}.")
        leaf = below[name]
        chain.append(leaf)
    if any(option["type"] in (SUBCOMMAND, GROUP) for option in leaf.get("options", [])):
        raise NotTaken(f"/{' '.join(path)} needs a subcommand.")
    return leaf, chain


def _one(option: Wire, value: Any, resolved: Resolved, viewer: str, *, focus: str) -> Wire:
    made = {"name": option["name"], "type": option["type"]}
    if option["name"] == focus:  # still being typed: as text, whatever its type
        return made | {"value": str(value), "focused": True}
    return made | {"value": _value(option, value, resolved, viewer)}


def _value(option: Wire, value: Any, resolved: Resolved, viewer: str) -> Any:
    name, kind = option["name"], option["type"]
    if option.get("choices"):
        return _choice(option, value)
    if kind == STRING:
        return _text(option, str(value))
    if kind in (INTEGER, NUMBER):
        return _number(option, value)
    if kind == BOOLEAN:
        if str(value).lower() not in ("true", "false"):
            raise NotTaken(f"“{name}” must be True or False.")
        return str(value).lower() == "true"
    if kind == FILE:
        return resolved.file(*value)
    key = str(value).strip("<>@&#!")
    if _names(option, key, resolved, viewer):
        return key
    raise NotTaken(f"“{value}” is not something “{name}” can be.")


def _names(option: Wire, key: str, resolved: Resolved, viewer: str) -> bool:
    match option["type"]:
        case 6:
            return resolved.user(key)
        case 7:
            return _fits(option, key, resolved) and resolved.channel_of(key, viewer)
        case 8:
            return resolved.role(key)
    return resolved.user(key) or resolved.role(key)


def _fits(option: Wire, channel_id: str, resolved: Resolved) -> bool:
    kinds, channel = option.get("channel_types"), resolved.world.channels.get(channel_id)
    return channel is not None and (not kinds or channel["type"] in kinds)


def _choice(option: Wire, value: Any) -> Any:
    for choice in option["choices"]:
        if value == choice["value"] or str(value).lower() in (str(choice["value"]).lower(), choice["name"].lower()):
            return choice["value"]
    names = ", ".join(choice["name"] for choice in option["choices"])
    raise NotTaken(f"“{option['name']}” must be one of: {names}.")


def _text(option: Wire, text: str) -> str:
    least, most = option.get("min_length", 0), option.get("max_length", _LONGEST)
    if len(text) < least:
        raise NotTaken(f"“{option['name']}” must have at least {least} characters.")
    if len(text) > most:
        raise NotTaken(f"“{option['name']}” must have at most {most} characters; it has {len(text)}.")
    return text


def _number(option: Wire, value: Any) -> int | float:
    name = option["name"]
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise NotTaken(f"“{name}” must be a number.") from None
    if option["type"] == INTEGER and not number.is_integer():
        raise NotTaken(f"“{name}” must be a whole number.")
    if number < option.get("min_value", -(2**53)) or number > option.get("max_value", 2**53):
        low, high = option.get("min_value", "-2^53"), option.get("max_value", "2^53")
        raise NotTaken(f"“{name}” must be from {low} to {high}.")
    return int(number) if option["type"] == INTEGER else number


def focused(data: Wire) -> Wire:
    """The option being typed in an autocompletion's data."""
    for option in data.get("options", []):
        if option.get("focused"):
            return dict(option)
        if "options" in option:
            return focused(option)
    return {"type": STRING}
