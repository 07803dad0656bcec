"""The bot's own user and application, other users, its guilds, direct messages, and where the gateway is."""

from typing import Any

from rooms_bot.sandbox import absences, applications, images, views
from rooms_bot.sandbox.forms import read
from rooms_bot.sandbox.refusals import refused, unknown
from rooms_bot.sandbox.resource_forms import ModifySelf, OpenDirect
from rooms_bot.sandbox.rest.calls import Call, Table

Wire = dict[str, Any]
routes = Table()


@routes.route("GET", "/gateway", auth=False)
async def gateway(call: Call) -> Wire:
    return {"url": call.world.gateway_url}


@routes.route("GET", "/gateway/bot")
async def gateway_bot(call: Call) -> Wire:
    start = {"total": 1000, "remaining": call.world.starts_left, "reset_after": 86_400_000, "max_concurrency": 1}
    return {"url": call.world.gateway_url, "shards": 1, "session_start_limit": start}


async def application(call: Call) -> Wire:
    return applications.wire(call.world)


for _path in ("/applications/@me", "/oauth2/applications/@me"):
    routes.route("GET", _path)(application)


@routes.route("GET", "/users/@me")
async def me(call: Call) -> Wire:
    return applications.own_user(call.world)


@routes.route("PATCH", "/users/@me")
async def modify_me(call: Call) -> Wire:
    body = read(ModifySelf, call.body)
    if body.get("username"):
        call.world.bot["username"] = body["username"]
    if "avatar" in body:
        call.world.bot["avatar"] = None
        if body["avatar"] is not None:
            image = images.from_data_uri(body["avatar"], "avatar")
            call.world.bot["avatar"] = images.digest(image.data)
            call.world.files[f"avatars/{call.world.bot_id}/{call.world.bot['avatar']}"] = image
    call.world.emit("USER_UPDATE", applications.own_user(call.world), only=call.world.bot_id)
    return applications.own_user(call.world)


@routes.route("GET", "/users/{user_id}")
async def user(call: Call) -> Wire:
    if call["user_id"] not in call.world.users:
        raise unknown("user")
    return call.world.users[call["user_id"]]


@routes.route("GET", "/users/@me/guilds")
async def guilds(call: Call) -> list[Wire]:
    limit, after = call.number("limit", 200, 1, 200), call.snowflake("after")
    before = call.snowflake("before", 2**63)
    mine = [g for g in call.world.guilds.values() if call.world.bot_id in g.members and after < int(g.id) < before]
    return [views.own_guild(call.world, g, call.world.bot_id, counts=call.flag("with_counts")) for g in mine[:limit]]


@routes.route("DELETE", "/users/@me/guilds/{guild_id}")
async def leave(call: Call) -> None:
    guild = call.world.find_guild(call["guild_id"])
    if call.world.bot_id not in guild.members:
        raise unknown("guild")
    absences.remove(call.world, guild)


@routes.route("POST", "/users/@me/channels")
async def direct(call: Call) -> Wire:
    """Opening a direct channel twice gives the same one."""
    who = call.world.users.get(read(OpenDirect, call.body)["recipient_id"])
    if who is None:
        raise unknown("user")
    if who.get("bot"):
        raise refused(50007)
    return call.world.direct_channel(who)
