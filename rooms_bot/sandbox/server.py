"""The sandbox as one server on this machine: REST API, gateway, CDN and page on one port."""

from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

from aiohttp import web
from aiohttp.typedefs import Handler

from rooms_bot.sandbox import cdn
from rooms_bot.sandbox.clock import Clock, WallClock
from rooms_bot.sandbox.faults import Faults
from rooms_bot.sandbox.furnish import furnish
from rooms_bot.sandbox.gateway import Gateway
from rooms_bot.sandbox.interactions import Desk
from rooms_bot.sandbox.limits import Limits, RateLimiter
from rooms_bot.sandbox.page import routes as page_routes
from rooms_bot.sandbox.people import People
from rooms_bot.sandbox.rest.api import Api, Observer
from rooms_bot.sandbox.world import World

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})
_LARGEST = 110 * 1024 * 1024


class Sandbox:
    """A running stand-in for Discord; listens on 127.0.0.1 inside `async with`.

    `banner` is a line the page shows; `observe`, if set, is called with every exchange of the REST API.
    """

    def __init__(
        self,
        port: int = 0,
        token: str | None = None,
        clock: Clock | None = None,
        limits: Limits | None = None,
        banner: str = "",
    ) -> None:
        self.banner = banner
        self.limits = limits or Limits()
        self.world = World(clock or WallClock(), token=token)
        furnish(self.world)
        self.desk = Desk(self.world, self.limits)
        self.people = People(self.world, self.desk)
        self.gateway = Gateway(self.world, self.limits)
        self.api = Api(self.world, self.desk, RateLimiter(self.world.clock, self.limits))
        self._port = port
        self._stack = AsyncExitStack()

    @property
    def port(self) -> int:
        return self._port

    @property
    def token(self) -> str:
        """The bot's token, in Discord's form: its id in base64, a dot, the rest."""
        return self.world.token

    @property
    def page_url(self) -> str:
        return f"http://127.0.0.1:{self._port}/"

    @property
    def api_url(self) -> str:
        return f"{self.page_url}api/v10"

    @property
    def cdn_url(self) -> str:
        return f"{self.page_url}cdn"

    @property
    def gateway_url(self) -> str:
        """Without a query: clients append their own."""
        return f"ws://127.0.0.1:{self._port}/gateway"

    @property
    def faults(self) -> Faults:
        """What is to go wrong with the REST API."""
        return self.api.faults

    @property
    def observe(self) -> Observer | None:
        return self.api.observe

    @observe.setter
    def observe(self, observer: Observer | None) -> None:
        self.api.observe = observer

    async def __aenter__(self) -> Self:
        runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        site = web.TCPSite(runner, "127.0.0.1", self._port)
        try:
            await site.start()
        except BaseException:
            await self._stack.aclose()
            raise
        self._port = runner.addresses[0][1]
        self.world.cdn_url, self.world.gateway_url = self.cdn_url, self.gateway_url
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.gateway.close_all(1001)
        await self._stack.aclose()

    def _app(self) -> web.Application:
        app = web.Application(middlewares=[_only_from_here], client_max_size=_LARGEST)
        app.router.add_get("/gateway", self.gateway.connect)
        app.router.add_get("/gateway/", self.gateway.connect)
        app.router.add_route("*", "/api/{version:v\\d+}/{path:.*}", self.api.answer)
        app.add_routes(cdn.routes(self.world))
        app.add_routes(page_routes(self))
        return app


@web.middleware
async def _only_from_here(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuses names that only lead to this machine because somebody's DNS says so, and other sites' pages."""
    host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    origin = request.headers.get("Origin")
    if host not in _LOOPBACK or (origin is not None and origin != f"http://{request.host}"):
        raise web.HTTPForbidden(text="This server is only for this machine.")
    return await handler(request)
