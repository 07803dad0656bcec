"""Guilds: themselves, their roles and members."""

from typing import Any

from rooms_bot.sandbox import views
from rooms_bot.sandbox.forms import read
from rooms_bot.sandbox.permissions import Can
from rooms_bot.sandbox.refusals import form_fault, refused, unknown
from rooms_bot.sandbox.resource_forms import ModifyMember, RoleForm
from rooms_bot.sandbox.rest.calls import Call, Table
from rooms_bot.sandbox.things import Guild, matching
from rooms_bot.sandbox.world import MEMBERS, World

Wire = dict[str, Any]
routes = Table()
_MEMBER = "/guilds/{guild_id}/members/{user_id}"


def _guild(call: Call, needed: int = 0) -> Guild:
    """The guild of the path; raises 10004, 50001 if the bot is not in it, 50013."""
    found = call.world.find_guild(call["guild_id"])
    if call.world.bot_id not in found.members:
        raise refused(50001)
    if needed & ~call.world.guild_permissions(call.world.bot_id, found):
        raise refused(50013)
    return found


def _member(call: Call, guild: Guild) -> Wire:
    if call["user_id"] not in call.world.users:
        raise unknown("user")
    if call["user_id"] not in guild.members:
        raise unknown("member")
    return guild.members[call["user_id"]]


@routes.route("GET", "/guilds/{guild_id}")
async def get(call: Call) -> Wire:
    return views.guild(_guild(call), counts=call.flag("with_counts"))


@routes.route("GET", "/guilds/{guild_id}/roles")
async def roles(call: Call) -> list[Wire]:
    return list(_guild(call).roles.values())


@routes.route("GET", "/guilds/{guild_id}/roles/{role_id}")
async def role(call: Call) -> Wire:
    return _role(call, _guild(call))


def _role(call: Call, guild: Guild) -> Wire:
    if call["role_id"] not in guild.roles:
        raise unknown("role")
    return guild.roles[call["role_id"]]


@routes.route("POST", "/guilds/{guild_id}/roles")
async def create_role(call: Call) -> Wire:
    guild = _guild(call, Can.MANAGE_ROLES)
    body = _role_fields(read(RoleForm, call.body or {}))
    everybody = int(guild.roles[guild.id]["permissions"])
    made = call.world.add_role(guild, body.pop("name", "new role"), everybody)
    made |= body
    return made


@routes.route("PATCH", "/guilds/{guild_id}/roles/{role_id}")
async def modify_role(call: Call) -> Wire:
    guild = _guild(call, Can.MANAGE_ROLES)
    found = _role(call, guild)
    found |= _role_fields(read(RoleForm, call.body))
    call.world.emit("GUILD_ROLE_UPDATE", {"guild_id": guild.id, "role": found}, guild=guild.id)
    return found


def _role_fields(body: Wire) -> Wire:
    body = {key: value for key, value in body.items() if value is not None}
    if "color" in body:
        body["colors"] = {"primary_color": body["color"], "secondary_color": None, "tertiary_color": None}
    return body


@routes.route("GET", "/guilds/{guild_id}/members")
async def members(call: Call) -> list[Wire]:
    """Listing all takes the privileged intent; fetching and searching do not."""
    guild = _guild(call)
    if not call.world.privileged & MEMBERS:
        raise refused(50001)
    limit, after = call.number("limit", 1, 1, 1000), call.snowflake("after")
    ids = sorted(int(user_id) for user_id in guild.members if int(user_id) > after)
    return [guild.members[str(user_id)] for user_id in ids[:limit]]


@routes.route("GET", "/guilds/{guild_id}/members/search")
async def search(call: Call) -> list[Wire]:
    guild = _guild(call)
    query = call.query.get("query", "")
    if not query:
        raise form_fault("query", "BASE_TYPE_REQUIRED", "This field is required")
    return matching(guild, query)[: call.number("limit", 1, 1, 1000)]


@routes.route("GET", _MEMBER)
async def member(call: Call) -> Wire:
    return _member(call, _guild(call))


@routes.route("PATCH", "/guilds/{guild_id}/members/@me")
async def modify_self(call: Call) -> Wire:
    guild = _guild(call, Can.CHANGE_NICKNAME)
    found = guild.members[call.world.bot_id]
    found["nick"] = read(ModifyMember, call.body).get("nick") or None
    _tell(call.world, guild, found)
    return found


@routes.route("PATCH", _MEMBER)
async def modify(call: Call) -> Wire:
    body = read(ModifyMember, call.body)
    guild = _guild(call, (Can.MANAGE_NICKNAMES if "nick" in body else 0) | (Can.MANAGE_ROLES if "roles" in body else 0))
    found = _member(call, guild)
    if any(role_id not in guild.roles for role_id in body.get("roles") or []):
        raise unknown("role")
    found |= body | ({"roles": body["roles"] or []} if "roles" in body else {})
    _tell(call.world, guild, found)
    return found


@routes.route("PUT", _MEMBER + "/roles/{role_id}")
async def give_role(call: Call) -> None:
    guild = _guild(call, Can.MANAGE_ROLES)
    found, given = _member(call, guild), _role(call, guild)
    if given["id"] not in found["roles"]:
        found["roles"].append(given["id"])
        _tell(call.world, guild, found)


@routes.route("DELETE", _MEMBER + "/roles/{role_id}")
async def take_role(call: Call) -> None:
    guild = _guild(call, Can.MANAGE_ROLES)
    found, taken = _member(call, guild), _role(call, guild)
    if taken["id"] in found["roles"]:
        found["roles"].remove(taken["id"])
        _tell(call.world, guild, found)


def _tell(world: World, guild: Guild, found: Wire) -> None:
    world.emit("GUILD_MEMBER_UPDATE", {**found, "guild_id": guild.id}, guild=guild.id)


@routes.route("GET", "/guilds/{guild_id}/emojis")
async def emojis(call: Call) -> list[Wire]:
    return list(_guild(call).wire["emojis"])
