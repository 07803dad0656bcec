"""Who may do what: one table for every command, menu and button, and for everybody who may ask."""

from collections.abc import Mapping
from typing import Any

from rooms_bot.sandbox.permissions import Can

ALL, MEMBER, HOST, ADMIN = "all", "member", "host", "admin"
"""Everyone who sees the channel; who is heard in rooms; who starts and steers them; who manages the server."""

COMMANDS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "room start": (HOST, {"topic": "Rye"}),
    "room configure": (HOST, {"turns": 400}),
    "room status": (ALL, {}),
    "room doctor": (ALL, {}),
    "room pause": (HOST, {}),
    "room resume": (HOST, {}),
    "room next": (HOST, {"agent": "Ada"}),
    "room skip": (HOST, {}),
    "room why": (ALL, {}),
    "room export": (ALL, {"format": "csv"}),
    "agent invite": (HOST, {"persona": "Noor"}),
    "agent configure": (HOST, {"agent": "Ada", "stance": "for"}),
    "agent show": (ALL, {"agent": "Ada"}),
    "agent list": (ALL, {}),
    "agent mute": (HOST, {"agent": "Ada"}),
    "agent unmute": (HOST, {"agent": "Ada"}),
    "agent access": (HOST, {"agent": "Ada", "access": "all"}),
    "agent remove": (HOST, {"agent": "Noor"}),
    "orchestrator set": (HOST, {"every": 7}),
    "orchestrator instructions": (HOST, {}),
    "orchestrator show": (ALL, {}),
    "orchestrator now": (HOST, {}),
    "orchestrator off": (HOST, {}),
    "profile set": (ALL, {"background": "a baker"}),
    "profile show": (ALL, {}),
    "profile ignore": (ALL, {"on": False}),
    "profile forget": (ALL, {}),
    "persona create": (HOST, {}),
    "persona import": (HOST, {"file": ("zed.md", b"---\nname: Zed\n---\nYou are Zed.")}),
    "persona edit": (HOST, {"name": "Zed"}),
    "persona export": (HOST, {"name": "Zed"}),
    "persona show": (ALL, {"name": "Ada"}),
    "persona list": (ALL, {}),
    "persona delete": (HOST, {"name": "Zed"}),
    "persona reload": (ADMIN, {}),
    "privacy policy": (ALL, {}),
    "privacy delete-server-data": (ADMIN, {}),
    "settings show": (ADMIN, {}),
    "settings change": (ADMIN, {}),
    "settings hosts": (ADMIN, {"role": "{helpers}"}),
    "settings language": (ADMIN, {"language": "discord"}),
    "settings bots": (ADMIN, {"channel": "{lounge}", "webhook": "123456789012345678", "allow": False}),
    "help": (ALL, {}),
    "usage": (ALL, {}),
    "room stop": (HOST, {}),
}
"""By name: who may, and with which options it is asked for; what ends the room comes last."""

MENUS: Mapping[str, str] = {
    "Ask an agent about this": MEMBER,
    "Who said this?": ALL,
    "Regenerate": HOST,
    "Delete": HOST,
}

BUTTONS: Mapping[str, str] = {
    "go_on": MEMBER,
    "join": MEMBER,
    "export": ALL,
    "keep": ALL,
    "pause": HOST,
    "resume": HOST,
    "next": HOST,
    "summary": HOST,
    "stop": HOST,
    "more": HOST,
    "end": HOST,
    "discard": HOST,
}
"""By what they do, as in `rooms_bot.chat.buttons`."""

ANYWHERE = frozenset({"help"})
"""What works in direct messages too."""

REFUSALS: Mapping[str, str] = {
    "Only hosts can do this": HOST,
    "This needs the permission Manage Server": ADMIN,
    "You are not heard in": MEMBER,
    "On this server you may not take part": MEMBER,
}
"""How an answer begins that says what somebody lacks."""
DIRECT = ("That works in a server's channels only", "Only who opened that room gets its export here")

ROLES: Mapping[str, int] = {
    "crew": 0,
    "silenced": 0,
    "helpers": 0,
    "Room Host": 0,
    "keepers": int(Can.MANAGE_CHANNELS),
    "managers": int(Can.MANAGE_GUILD),
    "chiefs": int(Can.ADMINISTRATOR),
}
"""The server's: crew may talk, silenced may not, helpers host by its settings; and what the roles themselves permit."""

PEOPLE: Mapping[str, tuple[tuple[str, ...], frozenset[str]]] = {
    "nobody special": ((), frozenset({ALL})),
    "a member": (("crew",), frozenset({ALL, MEMBER})),
    "a host by the operator's name": (("Room Host",), frozenset({ALL, MEMBER, HOST})),
    "a host by the server's setting": (("helpers",), frozenset({ALL, MEMBER, HOST})),
    "who may manage channels": (("keepers",), frozenset({ALL, MEMBER, HOST})),
    "who may manage the server": (("managers",), frozenset({ALL, ADMIN})),
    "an administrator": (("chiefs",), frozenset({ALL, MEMBER, HOST, ADMIN})),
    "the owner": ((), frozenset({ALL, MEMBER, HOST, ADMIN})),
    "a muted member": (("crew", "silenced"), frozenset({ALL})),
    "a muted host": (("helpers", "silenced"), frozenset({ALL, HOST})),
    "a member with a timeout": (("crew",), frozenset({ALL})),
}
"""By role: what they have, and what they may."""
FEW = ("nobody special", "a member", "a host by the server's setting", "who may manage the server")
