"""What the gateway tells a client about itself: READY, and members it asked for."""

from typing import Any

from rooms_bot.sandbox.applications import flags, own_user
from rooms_bot.sandbox.session import Session
from rooms_bot.sandbox.things import Guild, matching
from rooms_bot.sandbox.world import World

Wire = dict[str, Any]


def guilds_of(world: World, session: Session) -> list[Guild]:
    """The bot's guilds that the session's shard serves."""
    return [g for g in world.guilds.values() if world.bot_id in g.members and session.serves(g.id)]


def ready(world: World, session: Session, shard: list[int]) -> Wire:
    return {
        "v": 10,
        "user": own_user(world),
        "guilds": [{"id": guild.id, "unavailable": True} for guild in guilds_of(world, session)],
        "session_id": session.id,
        "session_type": "normal",
        "resume_gateway_url": world.gateway_url,
        "shard": shard,
        "application": {"id": world.bot_id, "flags": flags(world)},
        "private_channels": [],
        "relationships": [],
        "presences": [],
        "user_settings": {},
        "_trace": [],
    }


def chunk(guild: Guild, data: Wire) -> Wire:
    """Members by the beginning of a name, or by ids; names those not found and echoes the nonce."""
    ids, missing = data.get("user_ids"), []
    if ids is not None:
        asked = [str(i) for i in (ids if isinstance(ids, list) else [ids])]
        found = [guild.members[i] for i in asked if i in guild.members]
        missing = [i for i in asked if i not in guild.members]
    else:
        limit = data.get("limit") or len(guild.members)
        found = matching(guild, data.get("query") or "")[:limit]
    made: Wire = {"guild_id": guild.id, "members": found, "chunk_index": 0, "chunk_count": 1, "not_found": missing}
    if data.get("presences"):
        made["presences"] = []
    if data.get("nonce") is not None:
        made["nonce"] = data["nonce"]
    return made
