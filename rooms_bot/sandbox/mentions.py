"""Whom a message pings: what its text names, cut down by `allowed_mentions` and by what its author may do."""

import re
from dataclasses import dataclass
from typing import Any

from rooms_bot.sandbox.refusals import Form

Wire = dict[str, Any]

ALL = frozenset({"users", "roles", "everyone"})
USERS = frozenset({"users"})
_USER, _ROLE, _EVERYONE = re.compile(r"<@!?(\d+)>"), re.compile(r"<@&(\d+)>"), re.compile(r"@(everyone|here)\b")
_CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)


@dataclass(frozen=True)
class Pings:
    users: list[str]
    roles: list[str]
    everyone: bool


def check(form: Form, allowed: Wire | None) -> None:
    """Discord refuses a kind both parsed and listed."""
    for kind in ("users", "roles"):
        if allowed and kind in (allowed.get("parse") or ()) and allowed.get(kind):
            form.fault(
                "allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.',
            )  # fmt: skip


def find(text: str, allowed: Wire | None, *, default: frozenset[str], replied: str | None = None) -> Pings:
    """`default` is what is parsed when `allowed` is absent; `replied` the author a reply answers to.

    https://discord.com/developers/docs/resources/message#allowed-mentions-object
    """
    text = _CODE.sub("", text)
    users, roles = _unique(_USER.findall(text)), _unique(_ROLE.findall(text))
    everyone = bool(_EVERYONE.search(text))
    ping_replied = allowed is None or bool(allowed.get("replied_user"))
    if allowed is not None:
        parse = allowed.get("parse") or ()
        users = users if "users" in parse else [u for u in users if u in (allowed.get("users") or ())]
        roles = roles if "roles" in parse else [r for r in roles if r in (allowed.get("roles") or ())]
        everyone = everyone and "everyone" in parse
    else:
        users, roles = users if "users" in default else [], roles if "roles" in default else []
        everyone = everyone and "everyone" in default
    if replied is not None and ping_replied:
        users = _unique([*users, replied])
    return Pings(users, roles, everyone)


def _unique(ids: list[str]) -> list[str]:
    return list(dict.fromkeys(ids))
