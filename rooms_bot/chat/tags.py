"""A forum's tags on the rooms in it: `live` while one goes on, `closed` once it is over, where the forum has them."""

import logging
from collections.abc import Sequence

import aiohttp
import discord

from rooms_bot.domain.rooms import Place
from rooms_bot.errors import Refused

log = logging.getLogger(__name__)

LIVE, CLOSED = "live", "closed"
MOST = 5
"""Tags of one post."""


def opening(forum: discord.ForumChannel, *, moderates: bool) -> Sequence[discord.ForumTag]:
    """The tags of a new room's post: `live`, or where a tag is needed the first the bot may give. Raises `Refused`."""
    free = [tag for tag in forum.available_tags if moderates or not tag.moderated]
    live = [tag for tag in free if is_named(tag, LIVE)]
    if live or not forum.flags.require_tag:
        return live[:1]
    if others := [tag for tag in free if not is_named(tag, CLOSED)]:
        return others[:1]
    raise Refused(
        "Posts in that forum need a tag, and there is none that the bot may give. A tag named `live` is best."
    )


def is_named(tag: discord.ForumTag, name: str) -> bool:
    return tag.name.strip().casefold() == name


async def mark(client: discord.Client, place: Place, *, live: bool) -> None:
    """Let the tag of a post of the bot's own say how its room stands; never raises."""
    forum = client.get_channel(place.parent)
    if not isinstance(forum, discord.ForumChannel) or not any(
        is_named(tag, name) for tag in forum.available_tags for name in (LIVE, CLOSED)
    ):
        return
    try:
        post = forum.get_thread(place.channel) or await client.fetch_channel(place.channel)
        if isinstance(post, discord.Thread) and client.user is not None and post.owner_id == client.user.id:
            await _swap(forum, post, live=live)
    except (discord.HTTPException, aiohttp.ClientError, TimeoutError) as error:
        log.warning("the tags of post %s could not be changed: %s", place.channel, error or "no answer")


async def _swap(forum: discord.ForumChannel, post: discord.Thread, *, live: bool) -> None:
    moderates = forum.permissions_for(forum.guild.me).manage_threads
    name = LIVE if live else CLOSED
    new = [tag for tag in forum.available_tags if is_named(tag, name) and (moderates or not tag.moderated)]
    others = [tag for tag in post.applied_tags if not is_named(tag, LIVE) and not is_named(tag, CLOSED)]
    tags = [*others[: MOST - 1], *new[:1]]
    if tags != post.applied_tags and (tags or not forum.flags.require_tag):
        await post.edit(applied_tags=tags, archived=False)
