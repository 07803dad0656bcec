"""What a route of the REST API is given and gives back, and the tables routes are written in."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rooms_bot.sandbox.attachments import Upload
from rooms_bot.sandbox.interactions import Desk
from rooms_bot.sandbox.posts import Poster
from rooms_bot.sandbox.refusals import form_fault
from rooms_bot.sandbox.world import World

Wire = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """A status and a JSON body; None is no body."""

    status: int
    body: Any = None


@dataclass(frozen=True)
class Call:
    """One request: the path's parameters, the query and the body, decoded."""

    world: World
    desk: Desk
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: Any = None
    files: Sequence[Upload] = ()

    def __getitem__(self, name: str) -> str:
        return self.params[name]

    def flag(self, name: str) -> bool:
        """A boolean of the query: clients write `true` and `1`."""
        return self.query.get(name, "").lower() in ("true", "1")

    def number(self, name: str, default: int, low: int, high: int) -> int:
        """An integer of the query; raises Refusal 50035 outside of its bounds."""
        text = self.query.get(name)
        if text is None:
            return default
        if not text.isdigit():
            raise form_fault(name, "NUMBER_TYPE_COERCE", f'Value "{text}" is not int.')
        if int(text) < low:
            raise form_fault(name, "NUMBER_TYPE_MIN", f"int value should be greater than or equal to {low}.")
        if int(text) > high:
            raise form_fault(name, "NUMBER_TYPE_MAX", f"int value should be less than or equal to {high}.")
        return int(text)

    def snowflake(self, name: str, default: int = 0) -> int:
        """An id of the query, for paging; raises Refusal 50035 if it is none."""
        text = self.query.get(name) or str(default)
        if not text.isdigit():
            raise form_fault(name, "NUMBER_TYPE_COERCE", f'Value "{text}" is not snowflake.')
        return int(text)

    def channel(self, needed: int = 0) -> Wire:
        """The channel of the path, which the bot must see and where it must be allowed `needed`."""
        found = self.world.find_channel(self["channel_id"])
        self.world.require(self.world.bot_id, found, needed)
        return found

    def bot(self, channel: Wire) -> Poster:
        return Poster(self.world.bot, self.world.permissions(self.world.bot_id, channel))


Work = Callable[[Call], Awaitable[Any]]


@dataclass(frozen=True)
class Route:
    """A method and a path, spelt as Discord's OpenAPI description spells it.

    `limit` names the bucket ("" for none), `hidden` says whether the request counts against the channel's hidden
    limit ("counted") and is refused by it ("refused").
    """

    method: str
    template: str
    work: Work
    limit: str
    auth: bool
    hidden: str
    parts: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", tuple(self.template.strip("/").split("/")))

    def match(self, parts: Sequence[str]) -> dict[str, str] | None:
        """The path's parameters if it is this route's; `parts` are percent-decoded."""
        if len(parts) != len(self.parts):
            return None
        found: dict[str, str] = {}
        for own, given in zip(self.parts, parts, strict=True):
            if own.startswith("{"):
                found[own[1:-1]] = given
            elif own != given:
                return None
        return found


class Table(list[Route]):
    """A module's routes, written down by decorating functions."""

    def route(
        self, method: str, template: str, *, limit: str | None = None, auth: bool = True, hidden: str = ""
    ) -> Callable[[Work], Work]:
        def put(work: Work) -> Work:
            bucket = f"{method} {template}" if limit is None else limit
            self.append(Route(method, template, work, bucket, auth, hidden))
            return work

        return put
