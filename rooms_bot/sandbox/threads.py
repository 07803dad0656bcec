"""Threads: starting, joining, archiving them, and who may write in them."""

from collections.abc import Sequence
from typing import Any

from rooms_bot.sandbox import entities, posts, views
from rooms_bot.sandbox.attachments import Upload
from rooms_bot.sandbox.permissions import Can
from rooms_bot.sandbox.posts import Poster
from rooms_bot.sandbox.refusals import Refusal, refused, unknown
from rooms_bot.sandbox.world import World

Wire = dict[str, Any]


def require_active(channel: Wire) -> None:
    """Raises 50083 in an archived thread."""
    if channel["type"] in entities.THREADS and channel["thread_metadata"]["archived"]:
        raise refused(50083)


def require_sendable(world: World, user_id: str, channel: Wire) -> None:
    """May `user_id` post here? Raises 50001, 50013, 160005; wakes an archived thread that is not locked."""
    if channel["type"] not in entities.THREADS:
        world.require(user_id, channel, Can.SEND_MESSAGES)
        return
    world.require(user_id, channel, Can.SEND_MESSAGES_IN_THREADS)
    if channel["thread_metadata"]["locked"] and not world.permissions(user_id, channel) & Can.MANAGE_THREADS:
        raise refused(160005)
    wake(world, channel)
    join(world, channel, user_id)


def wake(world: World, thread: Wire) -> None:
    if thread["type"] in entities.THREADS and thread["thread_metadata"]["archived"]:
        thread["thread_metadata"] |= {"archived": False, "archive_timestamp": world.now()}
        tell(world, "THREAD_UPDATE", thread)


def start(
    world: World, parent: Wire, who: Wire, body: Wire, *, kind: int, thread_id: str | None = None, quiet: bool = False
) -> Wire:
    """A new thread with its starter as member; `thread_id` is the message's it starts from."""
    made = entities.thread(thread_id or world.new_id(), parent, body["name"], kind, who["id"], world.now())
    if body.get("auto_archive_duration"):
        made["thread_metadata"]["auto_archive_duration"] = body["auto_archive_duration"]
    if body.get("rate_limit_per_user"):
        made["rate_limit_per_user"] = body["rate_limit_per_user"]
    if parent["type"] in entities.FORUMS:
        made["applied_tags"] = body.get("applied_tags") or []
    if kind == entities.PRIVATE_THREAD:
        made["thread_metadata"]["invitable"] = body.get("invitable", True)
    world.channels[made["id"]] = made
    world.messages[made["id"]] = {}
    world.thread_members[made["id"]] = {}
    if who["id"] in world.users:
        world.thread_members[made["id"]][who["id"]] = world.now()
        made["member_count"] = 1
    if not quiet:
        tell(world, "THREAD_CREATE", made, newly_created=True)
    return made


def open_post(world: World, parent: Wire, poster: Poster, asked: Wire, files: Sequence[Upload]) -> tuple[Wire, Wire]:
    """A forum's post: a thread, and its first message, which has the thread's id. Neither if the message is refused."""
    check_tags(parent, asked.get("applied_tags") or [], poster.may)
    thread = start(world, parent, poster.author, asked, kind=entities.PUBLIC_THREAD, quiet=True)
    try:
        message = posts.compose(world, thread, poster, asked["message"], files, message_id=thread["id"])
    except Refusal:
        del world.channels[thread["id"]], world.messages[thread["id"]], world.thread_members[thread["id"]]
        raise
    tell(world, "THREAD_CREATE", thread, newly_created=True)
    posts.publish(world, thread, message)
    return thread, message


def check_tags(parent: Wire, tags: Sequence[str], may: int, new: Sequence[str] | None = None) -> None:
    """Raises 10087 for a tag the forum has not, 50013 for one that moderators give, 40067 where one is needed."""
    known = {tag["id"]: tag for tag in parent["available_tags"]}
    if any(tag not in known for tag in tags):
        raise unknown("tag")
    if any(known[tag]["moderated"] for tag in (tags if new is None else new)) and not may & Can.MANAGE_THREADS:
        raise refused(50013)
    if parent["flags"] & entities.REQUIRE_TAG and not tags:
        raise refused(40067)


def announce(world: World, parent: Wire, who: Wire, thread: Wire) -> None:
    """The parent's line "… started a thread", for threads that start from no message."""
    reference = {"channel_id": thread["id"], "guild_id": parent["guild_id"], "type": 0}
    posts.notice(world, parent, who, 18, thread["name"], message_reference=reference)


def join(world: World, thread: Wire, user_id: str) -> None:
    members = world.thread_members[thread["id"]]
    if user_id not in members:
        members[user_id] = world.now()
        thread["member_count"] = len(members)
        _tell_members(world, thread, added=[user_id])


def leave(world: World, thread: Wire, user_id: str, *, told: bool = False) -> None:
    """`told`: who leaves hears of it too, though they may see nothing of the thread any more."""
    if world.thread_members[thread["id"]].pop(user_id, None) is not None:
        thread["member_count"] = len(world.thread_members[thread["id"]])
        sees = world.sees(user_id, thread["id"])
        _tell_members(world, thread, removed=[user_id], only=user_id if told and not sees else None)


def tell(world: World, name: str, thread: Wire, **more: Any) -> None:
    world.emit(name, lambda viewer: views.channel(world, thread, viewer) | more, channel=thread)


def member(world: World, thread: Wire, user_id: str, *, full: bool = False) -> Wire:
    shown = views.thread_member(thread["id"], user_id, world.thread_members[thread["id"]][user_id])
    return shown | ({"member": world.guilds[thread["guild_id"]].members[user_id]} if full else {})


def _tell_members(
    world: World,
    thread: Wire,
    *,
    added: list[str] | None = None,
    removed: list[str] | None = None,
    only: str | None = None,
) -> None:
    data = {
        "id": thread["id"],
        "guild_id": thread["guild_id"],
        "member_count": thread["member_count"],
        "added_members": [member(world, thread, u, full=True) | {"presence": None} for u in added or []],
        "removed_member_ids": removed or [],
    }
    world.emit("THREAD_MEMBERS_UPDATE", data, channel=thread)
    if only is not None:
        world.emit("THREAD_MEMBERS_UPDATE", data, channel=thread, only=only)
