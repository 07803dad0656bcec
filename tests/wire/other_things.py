"""What the second stand-in for Discord sends: objects with no more in them than discord.py cannot do without."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Wire = dict[str, Any]
Act = Callable[[web.Request], Awaitable[web.StreamResponse]]

TOKEN = "MTE1MDAwMDAwMDAwMDAwMDAwMQ.AbCdEf.a-token-of-the-other-one"
GUILD, CHANNEL = "1150000000000000010", "1150000000000000020"
AT = "2026-01-01T00:00:00+00:00"


def user(number: int, name: str) -> Wire:
    """A person or, as far as what must be said goes, a bot."""
    return {"id": str(1150000000000000000 + number), "username": name, "discriminator": "0", "avatar": None}


BOT, MIRA = user(1, "rooms"), user(2, "Mira")
MEMBER = {"roles": [], "joined_at": AT, "deaf": False, "mute": False, "flags": 0}
HALL = {"id": CHANNEL, "type": 0, "guild_id": GUILD, "name": "hall", "position": 0}
APPLICATION = {
    **{"id": BOT["id"], "name": "Rooms", "icon": None, "description": "", "verify_key": "", "owner": BOT},
    **{"bot_public": True, "bot_require_code_grant": False, "team": None},
}
INTERACTION = {
    **{"application_id": BOT["id"], "version": 1, "guild_id": GUILD, "channel": HALL, "channel_id": CHANNEL},
    **{"member": MEMBER | {"user": MIRA, "permissions": str(1 << 4)}, "app_permissions": str(2**53 - 1)},
    **{"entitlements": [], "authorizing_integration_owners": {}, "attachment_size_limit": 10 << 20},
}
MESSAGE = {
    **{"channel_id": CHANNEL, "type": 0, "timestamp": AT, "edited_timestamp": None, "tts": False, "pinned": False},
    **{"mention_everyone": False, "mentions": [], "mention_roles": [], "attachments": [], "embeds": []},
}
_EVERYONE = {"id": GUILD, "name": "@everyone", "permissions": "0", "color": 0, "position": 0}
SERVER = {
    **{"id": GUILD, "name": "Elsewhere", "roles": [_EVERYONE], "unavailable": False},
    **{"members": [], "channels": [], "threads": []},
}


@dataclass(frozen=True, slots=True)
class Fault:
    """How one request fails: with this status or, for 0, no answer at all; `late` is after the act was done."""

    status: int = 0
    body: Wire = field(default_factory=dict)
    late: bool = False


def in_json(body: Any, status: int = 200) -> web.Response:
    """Nothing stands behind the content type, and of limits an answer says no more than it must."""
    headers = {"Content-Type": "application/json"} | ({"Retry-After": "0.1"} if status == 429 else {})
    return web.Response(body=json.dumps(body).encode(), status=status, headers=headers)


def given(body: Callable[[], Any]) -> Act:
    async def give(_: web.Request) -> web.Response:
        return in_json(body())

    return give
