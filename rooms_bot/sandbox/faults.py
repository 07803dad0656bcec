"""What goes wrong on purpose: answers that are lost, late or not to be read, and a Discord that breaks down."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from rooms_bot.sandbox.limits import Limited

PAGE = object()


@dataclass
class Fault:
    """What happens to the next so many requests of one route, as it is spelled in Discord's description.

    With `done` the act is carried out before. Status 0 cuts the connection. Without a `body` for JSON the answer is a
    page, as it is where it comes from in front of the API. With `held` none comes before that is set, and with `late`
    the act is carried out only then. Only requests whose path has `path` in it meet it.
    """

    method: str
    template: str
    status: int = 502
    done: bool = False
    times: int = 1
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = PAGE
    held: asyncio.Event | None = None
    late: bool = False
    path: str = ""

    @property
    def acts(self) -> bool:
        """Whether what was asked for is done all the same."""
        return self.done or self.late

    async def hold(self) -> None:
        """Until it is let go."""
        if self.held is not None:
            await self.held.wait()

    def response(self, request: web.Request) -> web.StreamResponse:
        if not self.status and request.transport is not None:
            request.transport.close()
        status = self.status or 502
        if self.body is not PAGE:
            headers = {**self.headers, "Content-Type": "application/json"}
            return web.Response(status=status, body=json.dumps(self.body).encode(), headers=headers)
        page = f"<html><body>{self.status}</body></html>"
        return web.Response(status=status, text=page, content_type="text/html", headers=self.headers)


def refusal(method: str, template: str, status: int, code: int, **more: Any) -> Fault:
    """As Discord refuses something, with its code."""
    return Fault(method, template, status, body={"message": f"refused: {code}", "code": code}, **more)


def limited(method: str, template: str, wait: float, scope: str = "user", **more: Any) -> Fault:
    """A 429 of Discord's own; its headers still show room where it is shared by a channel, or global."""
    room = {} if scope == "user" else {"X-RateLimit-Limit": "5", "X-RateLimit-Remaining": "4"}
    told = Limited(scope, wait, room)
    return Fault(method, template, 429, headers=told.all_headers(), body=told.wire(), **more)


class Faults:
    """The faults that are still to come."""

    def __init__(self) -> None:
        self._coming: list[Fault] = []

    def plan(self, *faults: Fault) -> None:
        """Faults of one route happen one after the other, in this order."""
        self._coming += faults

    def end(self) -> None:
        """Nothing goes wrong any more."""
        self._coming.clear()

    @property
    def left(self) -> int:
        """How many requests will still meet one."""
        return sum(fault.times for fault in self._coming)

    def next(self, method: str, template: str, path: str = "") -> Fault | None:
        """The one that this request meets, which then has happened."""
        for fault in self._coming:
            if (fault.method, fault.template) == (method, template) and fault.path in path:
                fault.times -= 1
                self._coming = [one for one in self._coming if one.times > 0]
                return fault
        return None
