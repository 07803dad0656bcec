"""What a message points back at: the one it answers, or the one it forwards."""

from typing import Any

from rooms_bot.sandbox import views
from rooms_bot.sandbox.refusals import form_fault
from rooms_bot.sandbox.world import World

Wire = dict[str, Any]


def in_guild(channel: Wire) -> Wire:
    return {"guild_id": channel["guild_id"]} if "guild_id" in channel else {}


def refer(world: World, channel: Wire, made: Wire, reference: Wire | None) -> None:
    if reference is None:
        return
    source = reference.get("channel_id") or channel["id"]
    found = world.messages.get(source, {}).get(reference["message_id"])
    if found is None or (source != channel["id"] and not reference.get("type")):
        if reference.get("fail_if_not_exists", True):
            raise form_fault("message_reference", "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message")
        return
    kind = reference.get("type") or 0
    made["message_reference"] = {"type": kind, "message_id": found["id"], "channel_id": source, **in_guild(channel)}
    if kind == 0:
        made["type"] = views.REPLY
    else:
        kept = ("type", "content", "embeds", "attachments", "timestamp", "edited_timestamp", "flags", "mentions",
                "mention_roles", "components")  # fmt: skip
        made["message_snapshots"] = [{"message": {key: found[key] for key in kept}}]
