"""Writing, changing and deleting messages, whoever does it: members, the bot, its webhooks, its answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rooms_bot.sandbox import components, entities, media, mentions, views
from rooms_bot.sandbox.attachments import Upload, attached
from rooms_bot.sandbox.permissions import Can
from rooms_bot.sandbox.references import in_guild as in_guild
from rooms_bot.sandbox.references import refer
from rooms_bot.sandbox.refusals import Form, refused
from rooms_bot.sandbox.world import World

Wire = dict[str, Any]

EPHEMERAL, LOADING = 1 << 6, 1 << 7
SUPPRESS_EMBEDS, SILENT, V2 = 1 << 2, 1 << 12, components.V2_FLAG
SENDABLE = SUPPRESS_EMBEDS | SILENT | V2
_EMBED_LIMIT = 6000


@dataclass(frozen=True)
class Poster:
    """Who speaks: `may` are the permissions in the channel, `pings` what is parsed unless the message says."""

    author: Wire
    may: int
    pings: frozenset[str] = mentions.ALL
    webhook_id: str | None = None
    application_id: str | None = None


def post(
    world: World,
    channel: Wire,
    poster: Poster,
    body: Wire,
    files: Sequence[Upload] = (),
    *,
    extra: Wire | None = None,
    only: str | None = None,
) -> Wire:
    """Put a new message into `channel` and tell everyone who sees it (or only the user `only`)."""
    made = compose(world, channel, poster, body, files) | (extra or {})
    if only is not None:
        world.only_for[made["id"]] = only
    publish(world, channel, made)
    return made


def compose(
    world: World, channel: Wire, poster: Poster, body: Wire, files: Sequence[Upload], *, message_id: str | None = None
) -> Wire:
    """A message nobody has seen yet; raises what Discord answers to one it does not take."""
    made = {**_blank(world, channel, poster.author), "tts": bool(body.get("tts")), "flags": body.get("flags") or 0}
    made |= {"id": message_id} if message_id else {}
    for key in ("webhook_id", "application_id"):
        if getattr(poster, key) is not None:
            made[key] = getattr(poster, key)
    refer(world, channel, made, body.get("message_reference"))
    _fill(world, made, poster, body, files)
    return made


def publish(world: World, channel: Wire, made: Wire) -> None:
    world.messages[channel["id"]][made["id"]] = made
    only = world.only_for.get(made["id"])
    if only is None:
        _count(channel, made)
    world.emit("MESSAGE_CREATE", lambda viewer: views.message_event(world, made, viewer), channel=channel, only=only)


def _blank(world: World, channel: Wire, author: Wire) -> Wire:
    return {
        "id": world.new_id(),
        "channel_id": channel["id"],
        "type": 0,
        "author": author,
        "content": "",
        "timestamp": world.now(),
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "components": [],
        "flags": 0,
        "pinned": False,
    }


def edit(world: World, message: Wire, poster: Poster, body: Wire, files: Sequence[Upload] = ()) -> Wire:
    """Change a message in place and tell everyone who sees it."""
    flags = message["flags"]
    if "flags" in body:  # what is V2 once stays V2
        flags = (flags & ~SUPPRESS_EMBEDS) | (body["flags"] or 0) & (SUPPRESS_EMBEDS | V2)
    draft = message | {"flags": flags}
    _fill(world, draft, poster, body, files)
    message |= draft | {"edited_timestamp": world.now()}
    tell_update(world, message)
    return message


def tell_update(world: World, message: Wire) -> None:
    """MESSAGE_UPDATE: always the whole message."""
    world.emit(
        "MESSAGE_UPDATE",
        lambda viewer: views.message_event(world, message, viewer),
        channel=world.channels[message["channel_id"]],
        only=world.only_for.get(message["id"]),
    )


def delete(world: World, message: Wire) -> None:
    channel = world.channels[message["channel_id"]]
    only = world.only_for.pop(message["id"], None)
    del world.messages[channel["id"]][message["id"]]
    world.reactions.pop(message["id"], None)
    world.pinned_at.pop(message["id"], None)
    gone = {"id": message["id"], "channel_id": channel["id"], **in_guild(channel)}
    world.emit("MESSAGE_DELETE", gone, channel=channel, only=only)


def _fill(world: World, draft: Wire, poster: Poster, body: Wire, files: Sequence[Upload]) -> None:
    """Put what was sent into the draft, or raise what Discord answers to it."""
    if "content" in body:
        draft["content"] = (body["content"] or "").strip()
    if "embeds" in body:
        draft["embeds"] = [_embed(embed) for embed in body["embeds"] or []]
    if "components" in body:
        draft["components"] = components.numbered(body["components"] or [])
    draft["attachments"] = attached(world, draft, body, files)
    form = Form()
    v2 = bool(draft["flags"] & V2)
    components.check(form, draft["components"], v2=v2)
    mentions.check(form, body.get("allowed_mentions"))
    if sum(_weight(embed) for embed in draft["embeds"]) > _EMBED_LIMIT:
        form.fault("embeds", "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {_EMBED_LIMIT}")
    for key in ("content", "embeds"):
        if v2 and draft[key]:
            form.fault(
                key, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
            )  # fmt: skip
    form.close()
    media.unfold(world, draft)
    substance = any(draft[key] for key in ("content", "embeds", "components", "attachments"))
    if not substance and "message_snapshots" not in draft and not draft["flags"] & LOADING:
        raise refused(50006)
    _ping(world, draft, poster, body)


def _ping(world: World, draft: Wire, poster: Poster, body: Wire) -> None:
    channel = world.channels[draft["channel_id"]]
    replied = None
    if draft["type"] == views.REPLY:
        answered = world.find_message(channel["id"], draft["message_reference"]["message_id"])
        replied = None if "webhook_id" in answered else answered["author"]["id"]
    shown = [c["content"] for _, c in components.walk(draft["components"]) if c["type"] == 10]
    text = "\n".join([draft["content"], *shown])
    pings = mentions.find(text, body.get("allowed_mentions"), default=poster.pings, replied=replied)
    draft["mentions"] = [world.users[u] for u in pings.users if u in world.users]
    loud = bool(poster.may & Can.MENTION_EVERYONE)
    draft["mention_everyone"] = pings.everyone and loud
    roles = world.guilds[channel["guild_id"]].roles if "guild_id" in channel else {}
    draft["mention_roles"] = [r for r in pings.roles if r in roles and (loud or roles[r]["mentionable"])]


def _embed(sent: Wire) -> Wire:
    embed = {**sent, "type": "rich"}
    if "fields" in embed:
        embed["fields"] = [{**field, "inline": field.get("inline", False)} for field in embed["fields"]]
    return embed


def _weight(embed: Wire) -> int:
    texts = [embed.get("title"), embed.get("description"), (embed.get("footer") or {}).get("text")]
    texts += [(embed.get("author") or {}).get("name")]
    texts += [field[key] for field in embed.get("fields", []) for key in ("name", "value")]
    return sum(len(text) for text in texts if text)


def _count(channel: Wire, made: Wire) -> None:
    channel["last_message_id"] = made["id"]
    if channel["type"] not in entities.THREADS:
        return
    channel["message_count"] += 1
    channel["total_message_sent"] += 1


def notice(world: World, channel: Wire, author: Wire, kind: int, content: str, **extra: Any) -> Wire:
    """One of Discord's own messages: a pin (6), a thread started (18), a thread's first message (21)."""
    made = {**_blank(world, channel, author), "type": kind, "content": content, **extra}
    publish(world, channel, made)
    return made
