"""The application's commands, for everywhere and for one guild."""

from typing import Any

from rooms_bot.sandbox.command_forms import CommandForm, read_command, read_commands
from rooms_bot.sandbox.refusals import form_fault, refused, unknown
from rooms_bot.sandbox.rest.calls import Answer, Call, Table
from rooms_bot.sandbox.world import World

Wire = dict[str, Any]
routes = Table()
_MOST = {1: 100, 2: 15, 3: 15, 4: 1}
_BASES = ("/applications/{application_id}/commands", "/applications/{application_id}/guilds/{guild_id}/commands")


def _home(call: Call) -> str | None:
    """The guild whose commands they are, None for all; raises 50001 for another application's."""
    if call["application_id"] != call.world.bot_id:
        raise refused(50001)
    guild_id = call.params.get("guild_id")
    if guild_id is not None:
        call.world.find_guild(guild_id)
        call.world.commands.setdefault(guild_id, {})
    return guild_id


def _find(call: Call) -> Wire:
    found = call.world.commands[_home(call)].get(call["command_id"])
    if found is None:
        raise unknown("application command")
    return found


def _put(world: World, home: str | None, sent: Wire) -> tuple[Wire, bool]:
    """Keep a command; one of the same name and type gives it its id. Says whether it is new."""
    kind = sent.get("type") or 1
    known = next((c for c in world.commands[home].values() if (c["type"], c["name"]) == (kind, sent["name"])), None)
    made = _complete(world, home, sent, known["id"] if known else world.new_id())
    if known and {**known, "version": ""} == {**made, "version": ""}:
        return known, False
    world.commands[home][made["id"]] = made
    return made, known is None


def _complete(world: World, home: str | None, sent: Wire, command_id: str) -> Wire:
    kept = {key: value for key, value in sent.items() if value is not None and key not in ("id", "type")}
    made = {
        "id": command_id,
        "application_id": world.bot_id,
        "version": world.new_id(),
        "type": sent.get("type") or 1,
        "description": "",
        "default_member_permissions": None,
        "nsfw": False,
        "dm_permission": True,
        "contexts": None,
        "integration_types": [0],
        **kept,
    }
    if home is None:
        return made
    del made["dm_permission"]
    return made | {"guild_id": home}


async def listed(call: Call) -> list[Wire]:
    found = call.world.commands[_home(call)].values()
    if call.flag("with_localizations"):
        return list(found)
    hidden = ("name_localizations", "description_localizations")
    return [{key: value for key, value in command.items() if key not in hidden} for command in found]


async def replace(call: Call) -> list[Wire]:
    home = _home(call)
    sent = read_commands(call.body)
    for kind, most in _MOST.items():
        if sum(1 for command in sent if (command.get("type") or 1) == kind) > most:
            raise refused(30032)
    made = [_put(call.world, home, command)[0] for command in sent]
    call.world.commands[home] = {command["id"]: command for command in made}
    return made


async def create(call: Call) -> Answer:
    home = _home(call)
    sent = read_command(call.body)
    kind = sent.get("type") or 1
    others = [c for c in call.world.commands[home].values() if c["type"] == kind and c["name"] != sent["name"]]
    if len(others) >= _MOST[kind]:
        raise refused(30032)
    made, new = _put(call.world, home, sent)
    return Answer(201 if new else 200, made)


async def get(call: Call) -> Wire:
    return _find(call)


async def modify(call: Call) -> Wire:
    found = _find(call)
    if not isinstance(call.body, dict):
        raise form_fault("", "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
    fields = CommandForm.model_fields
    whole = {key: value for key, value in found.items() if key in fields} | call.body | {"type": found["type"]}
    changed = read_command(whole)
    home = call.params.get("guild_id")
    made = _complete(call.world, home, changed, found["id"])
    call.world.commands[home][found["id"]] = made
    return made


async def delete(call: Call) -> None:
    found = _find(call)
    del call.world.commands[call.params.get("guild_id")][found["id"]]


for _base in _BASES:
    routes.route("GET", _base)(listed)
    routes.route("PUT", _base)(replace)
    routes.route("POST", _base)(create)
    routes.route("GET", _base + "/{command_id}")(get)
    routes.route("PATCH", _base + "/{command_id}")(modify)
    routes.route("DELETE", _base + "/{command_id}")(delete)
