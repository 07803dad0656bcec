"""The REST API as a whole: finds the route, checks the token and the limits, answers as Discord does."""

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from rooms_bot.sandbox.interactions import Desk
from rooms_bot.sandbox.limits import Limited, RateLimiter
from rooms_bot.sandbox.refusals import Refusal
from rooms_bot.sandbox.rest import (
    channels,
    commands,
    emojis,
    guilds,
    interactions,
    messages,
    reactions,
    threads,
    users,
    webhooks,
)
from rooms_bot.sandbox.rest.bodies import Sent, decode
from rooms_bot.sandbox.rest.calls import Answer, Call, Route
from rooms_bot.sandbox.world import World

Wire = dict[str, Any]
_MODULES = (channels, commands, emojis, guilds, interactions, messages, reactions, threads, users, webhooks)
_MAJOR = ("channel_id", "guild_id", "webhook_id")


@dataclass(frozen=True)
class Exchange:
    """One request and its answer, for those who observe: the path as Discord's OpenAPI description spells it."""

    method: str
    template: str
    query: Mapping[str, str]
    request: Any
    status: int
    response: Any
    headers: Mapping[str, str]


Observer = Callable[[Exchange], None]


class Api:
    """Everything under /api/v10."""

    def __init__(self, world: World, desk: Desk, limiter: RateLimiter) -> None:
        self.observe: Observer | None = None
        self._world = world
        self._desk = desk
        self._limiter = limiter
        every = [route for module in _MODULES for route in module.routes]
        # A literal part wins over a parameter: /messages/@original over /messages/{message_id}.
        self._routes = sorted(every, key=lambda route: route.template.count("{"))

    async def answer(self, request: web.Request) -> web.StreamResponse:
        parts = [unquote(part) for part in request.rel_url.raw_path.strip("/").split("/")[2:]]
        route, params = self._find(request.method, parts)
        if route is None:
            return _response(*_not_found(known=params is not None), {})
        assert params is not None
        self._world.tally.requests[f"{route.method} {route.template}"] += 1
        if route.auth and not self._known(request.headers.get("Authorization", "")):
            return _response(401, {"message": "401: Unauthorized", "code": 0}, {})
        limited = self._limit(route, params)
        if isinstance(limited, Limited):
            self._world.tally.limited[limited.scope] += 1
            return _response(429, limited.wire(), limited.all_headers())
        return await self._work(request, route, params, limited)

    def _find(self, method: str, parts: list[str]) -> tuple[Route | None, dict[str, str] | None]:
        """The route and its parameters; parameters without a route for a known path and another method."""
        other = None
        for route in self._routes:
            params = route.match(parts)
            if params is not None and route.method == method:
                return route, params
            other = params if params is not None else other
        return None, other

    def _known(self, authorization: str) -> bool:
        kind, _, token = authorization.partition(" ")
        return kind == "Bot" and secrets.compare_digest(token.encode(), self._world.token.encode())

    def _limit(self, route: Route, params: Mapping[str, str]) -> Limited | dict[str, str]:
        if not route.limit:
            return {}
        limited = self._limiter.globally() if route.auth else None
        if limited is not None:
            return limited
        major = next((params[key] for key in _MAJOR if key in params), "") + params.get("webhook_token", "")
        headers = self._limiter.bucket(route.limit, major)
        if isinstance(headers, Limited) or not route.hidden:
            return headers
        channel_id = self._posted_to(params)
        if channel_id is None:
            return headers
        return self._limiter.hidden(channel_id, headers, refuse=route.hidden == "refused") or headers

    def _posted_to(self, params: Mapping[str, str]) -> str | None:
        """The channel whose hidden limit a post counts against: threads share their parent's."""
        if "webhook_id" in params:
            hook = self._world.webhooks.get(params["webhook_id"])
            return hook["channel_id"] if hook else None
        channel = self._world.channels.get(params["channel_id"])
        return str(self._world.parent_of(channel)["id"]) if channel else None

    async def _work(
        self, request: web.Request, route: Route, params: Mapping[str, str], headers: dict[str, str]
    ) -> web.StreamResponse:
        sent = Sent()
        try:
            sent = await decode(request)
            call = Call(self._world, self._desk, params, request.query, sent.body, sent.files)
            result = await route.work(call)
            status, body = _plain(result)
        except Refusal as refusal:
            status, body = refusal.status, refusal.wire()
        if self.observe is not None:
            told = None if body is None else json.loads(json.dumps(body))
            self.observe(Exchange(route.method, route.template, request.query, sent.body, status, told, headers))
        return _response(status, body, headers)


def _plain(result: Any) -> tuple[int, Any]:
    if isinstance(result, Answer):
        return result.status, result.body
    return (204, None) if result is None else (200, result)


def _not_found(*, known: bool) -> tuple[int, Wire]:
    if known:
        return 405, {"message": "405: Method Not Allowed", "code": 0}
    return 404, {"message": "404: Not Found", "code": 0}


def _response(status: int, body: Any, headers: Mapping[str, str]) -> web.Response:
    """Exactly `application/json`: clients compare the header with it."""
    if body is None:
        return web.Response(status=status, headers=headers)
    return web.Response(
        status=status,
        body=json.dumps(body, separators=(",", ":")).encode(),
        headers={**headers, "Content-Type": "application/json"},
    )
