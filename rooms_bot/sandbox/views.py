"""What a given user is shown: messages with their reactions and replies, guilds and members as each route has them."""

import copy
from typing import Any

from rooms_bot.sandbox import entities
from rooms_bot.sandbox.clock import iso
from rooms_bot.sandbox.permissions import EVERYTHING
from rooms_bot.sandbox.snowflakes import seconds_of
from rooms_bot.sandbox.things import Guild
from rooms_bot.sandbox.world import World

Wire = dict[str, Any]
REPLY = 19


def message(world: World, kept: Wire, viewer: str) -> Wire:
    """A message as REST gives it to `viewer`."""
    shown = copy.deepcopy(kept)
    reactions = [
        reaction(emoji, users, viewer) for emoji, users in world.reactions.get(kept["id"], {}).items() if users
    ]
    if reactions:
        shown["reactions"] = reactions
    if kept["type"] == REPLY:
        reference = kept["message_reference"]
        answered = world.messages.get(reference["channel_id"], {}).get(reference["message_id"])
        shown["referenced_message"] = copy.deepcopy(answered)
    thread = world.channels.get(kept["id"])
    if thread is not None and thread.get("parent_id") == kept["channel_id"]:
        shown["thread"] = channel(world, world.channels[kept["id"]], viewer)
    return shown


def message_event(world: World, kept: Wire, viewer: str) -> Wire:
    """A message as the gateway tells it: with its guild, and its author's membership if it has one."""
    shown = message(world, kept, viewer)
    guild_id = world.channels[kept["channel_id"]].get("guild_id")
    if guild_id is None:
        return shown
    shown["guild_id"] = guild_id
    member = world.guilds[guild_id].members.get(kept["author"]["id"])
    if member is not None:  # a webhook's id is no member's; an answer to an interaction has the bot's
        shown["member"] = without_user(member)
    return shown


def reaction(emoji: str, users: list[str], viewer: str) -> Wire:
    return {
        "emoji": partial_emoji(emoji),
        "count": len(users),
        "count_details": {"burst": 0, "normal": len(users)},
        "burst_colors": [],
        "me": viewer in users,
        "me_burst": False,
    }


def partial_emoji(emoji: str) -> Wire:
    """`emoji` is a character or `name:id`."""
    name, _, emoji_id = emoji.rpartition(":")
    return {"id": emoji_id, "name": name, "animated": False} if name else {"id": None, "name": emoji}


def without_user(member: Wire) -> Wire:
    return {key: value for key, value in member.items() if key != "user"}


def channel(world: World, kept: Wire, viewer: str) -> Wire:
    """A channel or thread; a thread with the viewer's own membership."""
    shown = copy.deepcopy(kept)
    if kept["type"] in entities.THREADS:
        joined = world.thread_members[kept["id"]].get(viewer)
        if joined is not None:
            shown["member"] = thread_member(kept["id"], viewer, joined)
    return shown


def thread_member(thread_id: str, user_id: str, joined: str) -> Wire:
    return {"id": thread_id, "user_id": user_id, "join_timestamp": joined, "flags": 0}


def guild(kept: Guild, *, counts: bool = False) -> Wire:
    """A guild as REST gives it."""
    shown = {**copy.deepcopy(kept.wire), "roles": copy.deepcopy(list(kept.roles.values()))}
    if counts:
        shown |= {"approximate_member_count": len(kept.members), "approximate_presence_count": len(kept.members)}
    return shown


def guild_create(world: World, kept: Guild, viewer: str, *, all_members: bool) -> Wire:
    """The guild as GUILD_CREATE brings it; without the members' intent only the viewer is listed."""
    channels = [c for c in world.channels_of(kept.id) if world.sees(viewer, c["id"])]
    members = kept.members.values() if all_members else [kept.members[viewer]]
    return guild(kept) | {
        "joined_at": kept.members[viewer]["joined_at"],
        "large": False,
        "unavailable": False,
        "member_count": len(kept.members),
        "members": copy.deepcopy(list(members)),
        "channels": [channel(world, c, viewer) for c in channels if c["type"] not in entities.THREADS],
        "threads": [
            channel(world, c, viewer)
            for c in channels
            if c["type"] in entities.THREADS and not c["thread_metadata"]["archived"]
        ],
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def own_guild(world: World, kept: Guild, viewer: str, *, counts: bool) -> Wire:
    shown = {
        "id": kept.id,
        "name": kept.wire["name"],
        "icon": None,
        "banner": None,
        "owner": kept.wire["owner_id"] == viewer,
        "permissions": str(world.guild_permissions(viewer, kept)),
        "features": [],
    }
    if counts:
        shown |= {"approximate_member_count": len(kept.members), "approximate_presence_count": len(kept.members)}
    return shown


def interaction_member(world: World, user_id: str, where: Wire) -> Wire:
    """A member with their permissions in the channel."""
    member = copy.deepcopy(world.guilds[where["guild_id"]].members[user_id])
    return {**member, "permissions": str(world.permissions(user_id, where) or EVERYTHING)}


def created_at(snowflake: str) -> str:
    return iso(seconds_of(snowflake))
