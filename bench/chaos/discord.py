"""The sandbox of a chaos run: as it always is, but for telling of each request, and for dying at the right moment."""

import random

from aiohttp import web
from aiohttp.typedefs import Handler

from bench.chaos.moments import AFTER, BEFORE, DELETE, EDIT, HELD, OTHER, POST, READ, Passing
from rooms_bot.sandbox.limits import Limits
from rooms_bot.sandbox.server import Sandbox

WEBHOOK, READING = "/webhooks/", "/messages"
KINDS = {"POST": POST, "PATCH": EDIT, "DELETE": DELETE}


class Discord(Sandbox):
    """Tells `passing` of each request of the bot's before it is obeyed, after, and once the answer is sent."""

    def __init__(self, passing: Passing, chance: random.Random) -> None:
        super().__init__(limits=Limits.wide())
        self._passing, self._chance = passing, chance

    def _app(self) -> web.Application:
        app = super()._app()
        app.middlewares.append(self._watched)
        return app

    @web.middleware
    async def _watched(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """A request whose sender dies has been sent or has not: both happen."""
        kind = self._kind(request)
        if self._passing(kind, BEFORE) and self._chance.random() < 0.5:
            return web.Response(status=500)
        response = await handler(request)
        if not self._passing(kind, HELD):
            self._passing(kind, AFTER)
        return response

    def _kind(self, request: web.Request) -> str:
        path = request.rel_url.path
        own = f"{WEBHOOK}{self.world.bot_id}/" in path
        if WEBHOOK in path and not own:
            return KINDS.get(request.method, OTHER)
        return READ if request.method == "GET" and path.endswith(READING) else OTHER
