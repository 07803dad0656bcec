"""Plain requests to the sandbox's REST API, where a client library would hide things."""

from dataclasses import dataclass
from typing import Any

import aiohttp
from yarl import URL


@dataclass(frozen=True)
class Response:
    status: int
    body: Any
    headers: dict[str, str]

    @property
    def code(self) -> int:
        """Discord's error code."""
        return int(self.body["code"])

    @property
    def faults(self) -> dict[str, str]:
        """The code of the first fault at each path of a 50035."""
        return dict(_faults(self.body.get("errors", {}), ""))


def _faults(errors: dict[str, Any], path: str) -> list[tuple[str, str]]:
    own = [(path.lstrip("."), fault["code"]) for fault in errors.get("_errors", [])[:1]]
    for key, inner in errors.items():
        if key != "_errors":
            own += _faults(inner, f"{path}.{key}")
    return own


@dataclass(frozen=True)
class Rest:
    session: aiohttp.ClientSession
    base: str
    token: str | None = None

    async def __call__(self, method: str, path: str, body: Any = None, **more: Any) -> Response:
        """`path` is sent as it is written: percent-encoded or not."""
        headers = {"Authorization": f"Bot {self.token}"} if self.token else {}
        sent: dict[str, Any] = {} if body is None else {"json": body}
        url = URL(self.base + path, encoded=True)
        async with self.session.request(method, url, headers=headers, **sent, **more) as answer:
            given = await answer.json() if answer.content_type == "application/json" else await answer.text()
            return Response(answer.status, given, dict(answer.headers))

    async def get(self, path: str) -> Any:
        return (await self("GET", path)).body

    async def post(self, path: str, body: Any = None) -> Any:
        return (await self("POST", path, body)).body

    async def webhook(self, channel_id: str, name: str = "Rooms") -> str:
        """The path of a new webhook, with its token."""
        made = await self.post(f"/channels/{channel_id}/webhooks", {"name": name})
        return f"/webhooks/{made['id']}/{made['token']}"
