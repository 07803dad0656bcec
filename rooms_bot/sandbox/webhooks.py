"""Webhooks: making, naming, finding them, and posting through them."""

import secrets
from collections.abc import Sequence
from typing import Any

from rooms_bot.sandbox import entities, images, mentions, posts, threads
from rooms_bot.sandbox.attachments import Upload
from rooms_bot.sandbox.posts import Poster
from rooms_bot.sandbox.refusals import form_fault, refused, unknown
from rooms_bot.sandbox.world import World

Wire = dict[str, Any]
PARENTS = frozenset({entities.TEXT, entities.VOICE, entities.NEWS}) | entities.FORUMS
_MOST = 15
_FORBIDDEN = ("clyde", "discord")
_RESERVED = frozenset({"everyone", "here"})


def check_name(name: str, path: str) -> None:
    """Raises Refusal 50035 for names Discord keeps for itself.

    https://discord.com/developers/docs/resources/webhook#create-webhook
    """
    for word in _FORBIDDEN:
        if word in name.lower():
            raise form_fault(path, "USERNAME_INVALID_CONTAINS", f'Username cannot contain "{word}"')
    if name.strip().lower() in _RESERVED:
        raise form_fault(path, "USERNAME_INVALID_CONTAINS", f'Username cannot be "{name.strip()}"')
    if not name.strip():
        raise form_fault(path, "BASE_TYPE_REQUIRED", "This field is required")


def create(world: World, channel: Wire, name: str, avatar: str | None) -> Wire:
    check_name(name, "name")
    if channel["type"] not in PARENTS:
        raise refused(50024)
    if sum(1 for hook in world.webhooks.values() if hook["channel_id"] == channel["id"]) >= _MOST:
        raise refused(30007)
    hook_id, token = world.new_id(), secrets.token_urlsafe(51)
    made = {
        "id": hook_id,
        "type": 1,
        "guild_id": channel["guild_id"],
        "channel_id": channel["id"],
        "name": name,
        "avatar": set_avatar(world, hook_id, avatar),
        "token": token,
        "application_id": world.bot_id,
        "user": world.bot,
        "url": f"{world.cdn_url.removesuffix('/cdn')}/api/webhooks/{hook_id}/{token}",
    }
    world.webhooks[hook_id] = made
    tell(world, made)
    return made


def set_avatar(world: World, hook_id: str, avatar: str | None) -> str | None:
    """Keep an image sent as a data URI; returns its hash."""
    if avatar is None:
        return None
    image = images.from_data_uri(avatar, "avatar")
    key = images.digest(image.data)
    world.files[f"avatars/{hook_id}/{key}"] = image
    return key


def tell(world: World, hook: Wire) -> None:
    data = {"guild_id": hook["guild_id"], "channel_id": hook["channel_id"]}
    world.emit("WEBHOOKS_UPDATE", data, channel=world.channels.get(hook["channel_id"]), guild=hook["guild_id"])


def find(world: World, hook_id: str) -> Wire:
    if hook_id not in world.webhooks:
        raise unknown("webhook")
    return world.webhooks[hook_id]


def opened(world: World, hook_id: str, token: str) -> Wire:
    """The webhook, if the token is its own; else 10015 or 50027."""
    hook = find(world, hook_id)
    if not secrets.compare_digest(hook["token"].encode(), token.encode()):
        raise refused(50027)
    return hook


def without_user(hook: Wire) -> Wire:
    return {key: value for key, value in hook.items() if key != "user"}


def place(world: World, hook: Wire, thread_id: str | None) -> Wire:
    """The webhook's channel, or the thread of it that was asked for."""
    channel = world.channels[hook["channel_id"]]
    if thread_id is None:
        return channel
    thread = world.channels.get(thread_id)
    if thread is None or thread.get("parent_id") != channel["id"] or thread["type"] not in entities.THREADS:
        raise unknown("channel")
    return thread


def execute(world: World, hook: Wire, body: Wire, files: Sequence[Upload], thread_id: str | None) -> Wire:
    """Post as the webhook, under the name and face the message brings."""
    if body.get("username") is not None:
        check_name(body["username"], "username")
    body["flags"] = (body.get("flags") or 0) & posts.SENDABLE
    poster = _poster(world, hook, body)
    parent = world.channels[hook["channel_id"]]
    if parent["type"] in entities.FORUMS and not body.get("thread_name") and not thread_id:
        raise refused(220001)
    if parent["type"] in entities.FORUMS and body.get("thread_name") and thread_id:
        raise refused(220002)
    if body.get("thread_name") and parent["type"] not in entities.FORUMS:
        raise refused(220003)
    if body.get("thread_name"):
        asked = {"name": body["thread_name"], "applied_tags": body.get("applied_tags"), "message": body}
        return threads.open_post(world, parent, poster, asked, files)[1]
    where = place(world, hook, thread_id)
    if where["type"] in entities.THREADS and where["thread_metadata"]["locked"]:
        raise refused(160005)
    made = posts.post(world, where, poster, body, files)
    threads.wake(world, where)
    return made


def _poster(world: World, hook: Wire, body: Wire) -> Poster:
    avatar = hook["avatar"]
    if body.get("avatar_url"):
        avatar = images.digest(body["avatar_url"].encode())
        world.faces[avatar] = body["avatar_url"]
    author = entities.webhook_author(hook["id"], body.get("username") or hook["name"], avatar)
    return Poster(author, 0, mentions.USERS, webhook_id=hook["id"], application_id=hook["application_id"])


def own_message(world: World, hook: Wire, message_id: str, thread_id: str | None) -> tuple[Wire, Poster]:
    """A message this webhook wrote, and its writer; 10008 for any other."""
    where = place(world, hook, thread_id)
    message = world.find_message(where["id"], message_id)
    if message.get("webhook_id") != hook["id"]:
        raise unknown("message")
    poster = Poster(message["author"], 0, mentions.USERS, webhook_id=hook["id"], application_id=hook["application_id"])
    return message, poster
