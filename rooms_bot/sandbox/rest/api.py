"""The REST API as a whole: finds the route, checks the token and the limits, answers as Discord does."""

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from rooms_bot.sandbox.faults import Faults
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
    pins,
    reactions,
    threads,
    users,
    webhooks,
)
from rooms_bot.sandbox.rest.bodies import Sent, decode
from rooms_bot.sandbox.rest.calls import Answer, Call, Route
from rooms_bot.sandbox.world import World

Wire = dict[str, Any]
_MODULES = (channels, commands, emojis, guilds, interactions, messages, pins, reactions, threads, users, webhooks)
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


@dataclass(frozen=True)
class Reply:
    """What is sent back; no status: not yet known."""

    status: int | None
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


Observer = Callable[[Exchange], None]


class Api:
    """Everything under /api/v10."""

    def __init__(self, world: World, desk: Desk, limiter: RateLimiter) -> None:
        self.observe: Observer | None = None
        self.faults = Faults()
        self._world = world
        self._desk = desk
        self._limiter = limiter
        every = [route for module in _MODULES for route in module.routes]
        # A literal part wins over a parameter: /messages/@original over /messages/{message_id}.
        self._routes = sorted(every, key=lambda route: route.template.count("{"))

    async def answer(self, request: web.Request) -> web.StreamResponse:
        path = "/" + "/".join(unquote(part) for part in request.rel_url.raw_path.strip("/").split("/")[2:])
        route, params = self._find(request.method, path.strip("/").split("/"))
        sent = Sent()
        fault = self.faults.next(route.method, route.template, path) if route else None
        if fault is not None and not fault.done:
            if fault.late and not request.content_type.startswith("multipart/"):
                await request.read()  # nothing of it can be read any more once the client has given up
            await fault.hold()
        if fault is not None and not fault.acts:
            return fault.response(request)
        if route is None:
            reply = _not_found(known=bool(params))
        else:
            self._world.tally.requests[f"{route.method} {route.template}"] += 1
            reply = self._refuse(request, route, params)
            if reply.status is None:
                sent, reply = await self._work(request, route, params, reply)
        assert reply.status is not None
        if fault is not None:
            await fault.hold()
            return fault.response(request)
        if self.observe is not None:
            template = route.template if route else path
            told = None if reply.body is None else json.loads(json.dumps(reply.body))
            self.observe(
                Exchange(request.method, template, request.query, sent.body, reply.status, told, reply.headers)
            )
        return _response(reply)

    def _refuse(self, request: web.Request, route: Route, params: Mapping[str, str]) -> Reply:
        """401 or 429; without a status where the request may go on."""
        if route.auth and not self._known(request.headers.get("Authorization", "")):
            return Reply(401, {"message": "401: Unauthorized", "code": 0})
        limited = self._limit(route, params)
        if isinstance(limited, Limited):
            self._world.tally.limited[limited.scope] += 1
            return Reply(429, limited.wire(), limited.all_headers())
        return Reply(None, None, limited)

    def _find(self, method: str, parts: list[str]) -> tuple[Route | None, Mapping[str, str]]:
        """The route and its parameters; some parameters without a route for a known path and another method."""
        other: Mapping[str, str] = {}
        for route in self._routes:
            params = route.match(parts)
            if params is not None and route.method == method:
                return route, params
            other = {"known": "", **params} if params is not None else other
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
        self, request: web.Request, route: Route, params: Mapping[str, str], told: Reply
    ) -> tuple[Sent, Reply]:
        sent = Sent()
        try:
            sent = await decode(request)
            call = Call(self._world, self._desk, params, request.query, sent.body, sent.files)
            status, body = _plain(await route.work(call))
        except Refusal as refusal:
            status, body = refusal.status, refusal.wire()
        return sent, Reply(status, body, told.headers)


def _plain(result: Any) -> tuple[int, Any]:
    if isinstance(result, Answer):
        return result.status, result.body
    return (204, None) if result is None else (200, result)


def _not_found(*, known: bool) -> Reply:
    if known:
        return Reply(405, {"message": "405: Method Not Allowed", "code": 0})
    return Reply(404, {"message": "404: Not Found", "code": 0})


def _response(reply: Reply) -> web.Response:
    """Exactly `application/json`: clients compare the header with it."""
    assert reply.status is not None
    if reply.body is None:
        return web.Response(status=reply.status, headers=reply.headers)
    headers = {**reply.headers, "Content-Type": "application/json"}
    return web.Response(
        status=reply.status, body=json.dumps(reply.body, separators=(",", ":")).encode(), headers=headers
    )
