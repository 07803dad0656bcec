"""What goes wrong on purpose: answers that are lost on their way, and a Discord that breaks down."""

from dataclasses import dataclass, field

from aiohttp import web


@dataclass
class Fault:
    """What happens to the next so many requests of one route, as it is spelled in Discord's description.

    With `done` the act is carried out before. Status 0 cuts the connection. The answer is a page and no JSON, as it is
    where it comes from in front of the API.
    """

    method: str
    template: str
    status: int = 502
    done: bool = False
    times: int = 1
    headers: dict[str, str] = field(default_factory=dict)

    def response(self, request: web.Request) -> web.StreamResponse:
        if not self.status and request.transport is not None:
            request.transport.close()
        page = f"<html><body>{self.status}</body></html>"
        return web.Response(status=self.status or 502, text=page, content_type="text/html", headers=self.headers)


class Faults:
    """The faults that are still to come."""

    def __init__(self) -> None:
        self._coming: list[Fault] = []

    def plan(self, fault: Fault) -> None:
        """Faults of one route happen one after the other, in this order."""
        self._coming.append(fault)

    @property
    def left(self) -> int:
        """How many requests will still meet one."""
        return sum(fault.times for fault in self._coming)

    def next(self, method: str, template: str) -> Fault | None:
        """The one that this request meets, which then has happened."""
        for fault in self._coming:
            if (fault.method, fault.template) == (method, template):
                fault.times -= 1
                self._coming = [one for one in self._coming if one.times > 0]
                return fault
        return None
