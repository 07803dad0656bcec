"""The larger things of the sandbox's world: guilds, what happens in them, files, and the count of requests."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

Wire = dict[str, Any]


@dataclass
class Guild:
    """A server: its own fields, and its roles and members by id."""

    wire: Wire
    roles: dict[str, Wire] = field(default_factory=dict)
    members: dict[str, Wire] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return str(self.wire["id"])


@dataclass(frozen=True)
class Event:
    """Something that happened; `view` is what a given user is told of it. `only` names its sole witness."""

    name: str
    view: Callable[[str], Wire]
    guild_id: str | None = None
    channel_id: str | None = None
    only: str | None = None


class Listener(Protocol):
    def hear(self, event: Event) -> None: ...


@dataclass
class File:
    """Bytes the CDN serves."""

    data: bytes
    content_type: str
    filename: str = ""


@dataclass
class Tally:
    """What was asked of the REST API: requests by "METHOD /template", and the 429s given by scope."""

    requests: Counter[str] = field(default_factory=Counter)
    limited: Counter[str] = field(default_factory=Counter)


def matching(guild: Guild, query: str) -> list[Wire]:
    """Members whose user name, shown name or nick begins with `query`."""
    start = query.lower()
    return [m for m in guild.members.values() if any(n.lower().startswith(start) for n in _names(m))]


def _names(member: Wire) -> list[str]:
    return [n for n in (member["user"]["username"], member["user"]["global_name"], member["nick"]) if n]
