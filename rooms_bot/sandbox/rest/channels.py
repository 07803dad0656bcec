"""Channels: reading, changing, deleting them and their permission overwrites."""

from typing import Any

from rooms_bot.sandbox import entities, threads, views
from rooms_bot.sandbox.forms import read
from rooms_bot.sandbox.permissions import Can
from rooms_bot.sandbox.refusals import refused, unknown
from rooms_bot.sandbox.resource_forms import CreateChannel, ModifyChannel, ModifyThread, SetOverwrite
from rooms_bot.sandbox.rest.calls import Answer, Call, Table
from rooms_bot.sandbox.world import World

Wire = dict[str, Any]
routes = Table()
_OVERWRITE = "/channels/{channel_id}/permissions/{overwrite_id}"
_METADATA = ("archived", "locked", "auto_archive_duration", "invitable")


@routes.route("GET", "/channels/{channel_id}")
async def get(call: Call) -> Wire:
    return views.channel(call.world, call.channel(), call.world.bot_id)


@routes.route("PATCH", "/channels/{channel_id}")
async def modify(call: Call) -> Wire:
    channel = call.channel()
    if channel["type"] == entities.DM:
        raise refused(50003)
    if channel["type"] in entities.THREADS:
        return _modify_thread(call, channel)
    call.world.require(call.world.bot_id, channel, Can.MANAGE_CHANNELS)
    _apply(channel, read(ModifyChannel, call.body))
    call.world.emit("CHANNEL_UPDATE", channel, channel=channel)
    return channel


def _apply(channel: Wire, body: Wire) -> None:
    if body.get("name") is None:
        body.pop("name", None)
    elif channel["type"] in (entities.TEXT, entities.NEWS, *entities.FORUMS):
        body["name"] = body["name"].lower().replace(" ", "-")
    if body.get("permission_overwrites") is None:
        body.pop("permission_overwrites", None)
    for overwrite in body.get("permission_overwrites", []):
        overwrite.setdefault("allow", "0")
        overwrite.setdefault("deny", "0")
    channel |= body


def _modify_thread(call: Call, thread: Wire) -> Wire:
    """A member may wake a thread by writing in it, the starter may change it, locking takes Manage Threads."""
    body = read(ModifyThread, call.body)
    world, me = call.world, call.world.bot_id
    locked = thread["thread_metadata"]["locked"]
    opening = body.get("archived") is False and set(body) <= {"archived"} and not locked
    if thread["thread_metadata"]["archived"] and not opening and "archived" not in body:
        raise refused(50083)
    world.require(me, thread, Can.SEND_MESSAGES_IN_THREADS if opening else 0)
    if (thread["owner_id"] != me and not opening) or "locked" in body or locked:
        world.require(me, thread, Can.MANAGE_THREADS)
    if body.get("applied_tags") is not None:
        new = [tag for tag in body["applied_tags"] if tag not in thread.get("applied_tags", [])]
        threads.check_tags(world.parent_of(thread), body["applied_tags"], world.permissions(me, thread), new)
    metadata = {key: body.pop(key) for key in _METADATA if key in body}
    if "archived" in metadata and metadata["archived"] != thread["thread_metadata"]["archived"]:
        metadata["archive_timestamp"] = world.now()
    thread["thread_metadata"] |= {key: value for key, value in metadata.items() if value is not None}
    thread |= {key: value for key, value in body.items() if value is not None}
    threads.tell(world, "THREAD_UPDATE", thread)
    return views.channel(world, thread, me)


@routes.route("DELETE", "/channels/{channel_id}")
async def delete(call: Call) -> Wire:
    channel = call.channel()
    thread = channel["type"] in entities.THREADS
    call.world.require(call.world.bot_id, channel, Can.MANAGE_THREADS if thread else Can.MANAGE_CHANNELS)
    shown = views.channel(call.world, channel, call.world.bot_id)
    remove(call.world, channel)
    return shown


def remove(world: World, channel: Wire) -> None:
    """Take a channel away with its threads, messages and webhooks, and tell everyone who saw it."""
    if channel["type"] in entities.THREADS:
        gone = {key: channel[key] for key in ("id", "guild_id", "parent_id", "type")}
        world.emit("THREAD_DELETE", gone, channel=channel)
    else:
        for thread in [c for c in world.channels.values() if c.get("parent_id") == channel["id"]]:
            if thread["type"] in entities.THREADS:
                _forget(world, thread)
        world.emit("CHANNEL_DELETE", channel, channel=channel)
    _forget(world, channel)


def _forget(world: World, channel: Wire) -> None:
    del world.channels[channel["id"]]
    world.messages.pop(channel["id"], None)
    world.thread_members.pop(channel["id"], None)
    for hook in [h for h in world.webhooks.values() if h["channel_id"] == channel["id"]]:
        del world.webhooks[hook["id"]]


@routes.route("PUT", _OVERWRITE)
async def set_overwrite(call: Call) -> None:
    channel = call.channel(Can.MANAGE_ROLES)
    body = read(SetOverwrite, call.body)
    made = {"id": call["overwrite_id"], "type": body["type"], "allow": body.get("allow") or "0"}
    made["deny"] = body.get("deny") or "0"
    kept = [o for o in channel["permission_overwrites"] if o["id"] != made["id"]]
    channel["permission_overwrites"] = [*kept, made]
    call.world.emit("CHANNEL_UPDATE", channel, channel=channel)


@routes.route("DELETE", _OVERWRITE)
async def delete_overwrite(call: Call) -> None:
    channel = call.channel(Can.MANAGE_ROLES)
    kept = [o for o in channel["permission_overwrites"] if o["id"] != call["overwrite_id"]]
    if len(kept) == len(channel["permission_overwrites"]):
        raise unknown("overwrite")
    channel["permission_overwrites"] = kept
    call.world.emit("CHANNEL_UPDATE", channel, channel=channel)


@routes.route("GET", "/guilds/{guild_id}/channels")
async def of_guild(call: Call) -> list[Wire]:
    guild = call.world.find_guild(call["guild_id"])
    return [c for c in call.world.channels_of(guild.id) if c["type"] not in entities.THREADS]


@routes.route("POST", "/guilds/{guild_id}/channels")
async def create(call: Call) -> Answer:
    guild = call.world.find_guild(call["guild_id"])
    if not call.world.guild_permissions(call.world.bot_id, guild) & Can.MANAGE_CHANNELS:
        raise refused(50013)
    body = read(CreateChannel, call.body)
    kind = body.pop("type", None) or entities.TEXT
    made = call.world.add_channel(guild, body["name"].lower().replace(" ", "-"), kind)
    _apply(made, {key: value for key, value in body.items() if value is not None})
    return Answer(201, made)
