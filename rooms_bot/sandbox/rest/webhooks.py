"""Webhooks: made and managed with the bot's token, used with their own; an interaction's token works like one."""

from typing import Any

from rooms_bot.sandbox import posts, threads, views, webhooks
from rooms_bot.sandbox.forms import read
from rooms_bot.sandbox.message_forms import ExecuteWebhook, MessageForm
from rooms_bot.sandbox.permissions import Can
from rooms_bot.sandbox.refusals import refused
from rooms_bot.sandbox.resource_forms import CreateWebhook, ModifyWebhook
from rooms_bot.sandbox.rest.calls import Answer, Call, Table

Wire = dict[str, Any]
routes = Table()
_OPEN = "/webhooks/{webhook_id}/{webhook_token}"
_MESSAGE = _OPEN + "/messages/{message_id}"


@routes.route("POST", "/channels/{channel_id}/webhooks")
async def create(call: Call) -> Wire:
    channel = call.channel(Can.MANAGE_WEBHOOKS)
    body = read(CreateWebhook, call.body)
    return webhooks.create(call.world, channel, body["name"], body.get("avatar"))


@routes.route("GET", "/channels/{channel_id}/webhooks")
async def of_channel(call: Call) -> list[Wire]:
    channel = call.channel(Can.MANAGE_WEBHOOKS)
    return [hook for hook in call.world.webhooks.values() if hook["channel_id"] == channel["id"]]


@routes.route("GET", "/guilds/{guild_id}/webhooks")
async def of_guild(call: Call) -> list[Wire]:
    guild = call.world.find_guild(call["guild_id"])
    if not call.world.guild_permissions(call.world.bot_id, guild) & Can.MANAGE_WEBHOOKS:
        raise refused(50013)
    return [hook for hook in call.world.webhooks.values() if hook["guild_id"] == guild.id]


def _managed(call: Call) -> Wire:
    hook = webhooks.find(call.world, call["webhook_id"])
    call.world.require(call.world.bot_id, call.world.find_channel(hook["channel_id"]), Can.MANAGE_WEBHOOKS)
    return hook


def _opened(call: Call) -> Wire:
    return webhooks.opened(call.world, call["webhook_id"], call["webhook_token"])


@routes.route("GET", "/webhooks/{webhook_id}")
async def get(call: Call) -> Wire:
    return _managed(call)


@routes.route("GET", _OPEN, auth=False)
async def get_open(call: Call) -> Wire:
    return webhooks.without_user(_opened(call))


@routes.route("PATCH", "/webhooks/{webhook_id}")
async def modify(call: Call) -> Wire:
    hook = _managed(call)
    body = read(ModifyWebhook, call.body)
    if body.get("channel_id"):
        target = call.world.find_channel(body["channel_id"])
        call.world.require(call.world.bot_id, target, Can.MANAGE_WEBHOOKS)
        hook["channel_id"] = target["id"]
    return _modify(call, hook, body)


@routes.route("PATCH", _OPEN, auth=False)
async def modify_open(call: Call) -> Wire:
    return webhooks.without_user(_modify(call, _opened(call), read(ModifyWebhook, call.body)))


def _modify(call: Call, hook: Wire, body: Wire) -> Wire:
    if body.get("name") is not None:
        webhooks.check_name(body["name"], "name")
        hook["name"] = body["name"]
    if "avatar" in body:
        hook["avatar"] = webhooks.set_avatar(call.world, hook["id"], body["avatar"])
    webhooks.tell(call.world, hook)
    return hook


@routes.route("DELETE", "/webhooks/{webhook_id}")
async def delete(call: Call) -> None:
    _delete(call, _managed(call))


@routes.route("DELETE", _OPEN, auth=False)
async def delete_open(call: Call) -> None:
    _delete(call, _opened(call))


def _delete(call: Call, hook: Wire) -> None:
    del call.world.webhooks[hook["id"]]
    webhooks.tell(call.world, hook)


@routes.route("POST", _OPEN, limit="webhook", auth=False, hidden="refused")
async def execute(call: Call) -> Wire | Answer:
    if call["webhook_id"] == call.world.bot_id:
        return call.desk.follow_up(call["webhook_token"], call.body, call.files)
    hook = _opened(call)
    body = read(ExecuteWebhook, call.body)
    made = webhooks.execute(call.world, hook, body, call.files, call.query.get("thread_id"))
    return views.message(call.world, made, call.world.bot_id) if call.flag("wait") else Answer(204)


@routes.route("GET", _OPEN + "/messages/@original", auth=False)
async def get_original(call: Call) -> Wire:
    return call.desk.shown(call.desk.original(call["webhook_token"]))


@routes.route("PATCH", _OPEN + "/messages/@original", limit="webhook_edits", auth=False)
async def edit_original(call: Call) -> Wire:
    return call.desk.edit_original(call["webhook_token"], call.body, call.files)


@routes.route("DELETE", _OPEN + "/messages/@original", auth=False)
async def delete_original(call: Call) -> None:
    call.desk.delete(call["webhook_token"], call.desk.original(call["webhook_token"]))


@routes.route("GET", _MESSAGE, auth=False)
async def get_message(call: Call) -> Wire:
    if call["webhook_id"] == call.world.bot_id:
        return call.desk.shown(call.desk.message(call["webhook_token"], call["message_id"]))
    message, _ = _own(call)
    return views.message(call.world, message, call.world.bot_id)


@routes.route("PATCH", _MESSAGE, limit="webhook_edits", auth=False, hidden="refused")
async def edit_message(call: Call) -> Wire:
    if call["webhook_id"] == call.world.bot_id:
        return call.desk.edit(call["webhook_token"], call["message_id"], call.body, call.files)
    message, poster = _own(call)
    channel = call.world.channels[message["channel_id"]]
    threads.require_active(channel)
    posts.edit(call.world, message, poster, read(MessageForm, call.body), call.files)
    return views.message(call.world, message, call.world.bot_id)


@routes.route("DELETE", _MESSAGE, auth=False)
async def delete_message(call: Call) -> None:
    if call["webhook_id"] == call.world.bot_id:
        call.desk.delete(call["webhook_token"], call.desk.message(call["webhook_token"], call["message_id"]))
        return
    message, _ = _own(call)
    threads.require_active(call.world.channels[message["channel_id"]])
    posts.delete(call.world, message)


def _own(call: Call) -> tuple[Wire, posts.Poster]:
    return webhooks.own_message(call.world, _opened(call), call["message_id"], call.query.get("thread_id"))
