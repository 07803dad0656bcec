"""A small moderation model on the loopback, as OpenAI has it."""

from collections.abc import Callable
from typing import Any, Self

from aiohttp import web

Verdict = Callable[[str], object]
"""What is answered about a text: a JSON body, or the number of a status."""


def flagging(*words: str) -> Verdict:
    """Objects to texts with one of these words."""

    def verdict(text: str) -> object:
        bad = any(word in text for word in words)
        categories = {"harassment": bad, "hate": bad, "violence": False}
        result = {"flagged": bad, "categories": categories, "category_scores": dict.fromkeys(categories, 0.5)}
        return {"id": "modr-1", "model": "omni-moderation-latest", "results": [result]}

    return verdict


class ModerationServer:
    """`asked` are the bodies of the requests, oldest first."""

    def __init__(self, verdict: Verdict) -> None:
        self._verdict = verdict
        self.asked: list[dict[str, Any]] = []
        self.base_url = ""

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/v1/moderations", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.asked.append(body)
        verdict = self._verdict(body["input"])
        return web.json_response({}, status=verdict) if isinstance(verdict, int) else web.json_response(verdict)
