"""For whom in a server an agent could be taken: the bot, who asks for it, and members who are called like it."""

import asyncio
import logging
from collections.abc import Iterable, Iterator
from typing import Any

import aiohttp
import discord
from discord.http import Route

from rooms_bot.chat.escaping import plain
from rooms_bot.domain.lookalikes import looks_like, readable
from rooms_bot.domain.rooms import Seat
from rooms_bot.engine.naming import AGENT
from rooms_bot.errors import Refused
from rooms_bot.i18n import _
from rooms_bot.store.persona_names import taken

log = logging.getLogger(__name__)

PATIENCE = 2.0
"""Seconds in which Discord may name members; the answer does not wait longer."""
MOST = 100
"""Members asked for with each name; Discord names those whose names begin with it."""

It = discord.Interaction[Any]


async def namesakes(interaction: It, names: Iterable[str]) -> list[str]:
    """Names that agents called `names` must not have here; looked for once each, all at the same time.

    Members whom Discord does not name soon are not found: an agent is then seated under a name that somebody has.
    """
    known = [*_bots(interaction), *_names(interaction.user)]
    found: list[str] = []
    try:
        async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as tasks:
            for name in dict.fromkeys(map(readable, names)):
                if name and not looks_like(name, known):
                    tasks.create_task(_search(interaction, name, found))
    except TimeoutError:
        log.warning("Discord did not name the members of %s in time", interaction.guild_id)
    return [*known, *found]


async def _search(interaction: It, name: str, found: list[str]) -> None:
    """discord.py asks for members over the gateway alone, where an answer that is lost is waited for."""
    route = Route("GET", "/guilds/{guild_id}/members/search", guild_id=interaction.guild_id)
    try:
        members = await interaction.client.http.request(route, params={"query": name[:32], "limit": MOST})
    except (discord.HTTPException, aiohttp.ClientError) as error:
        log.warning("Discord did not name members: %s", error)
        return
    for member in members:
        user = member["user"]
        found += filter(None, (member.get("nick"), user.get("global_name"), user["username"]))


def renamed(seats: Iterable[Seat]) -> str:
    """Which of them are not called as their personas are, since a person is; a line each."""
    sentence = _("**{persona}** is called **{name}** here, since somebody has a name that looks like it.")
    others = [seat for seat in seats if AGENT in seat.name and AGENT not in seat.persona.name]
    return "\n".join(sentence.format(persona=plain(one.persona.name), name=plain(one.name)) for one in others)


def require_free(interaction: It, name: str) -> None:
    """Raises `Refused` for a name that no persona of a server may have."""
    if looks_like(name, _bots(interaction)):
        raise Refused("That is the bot's own name, or looks like it. Please take another one.")
    if taken(name):
        raise Refused("Discord refuses that name, or it means something else in a room. Please take another one.")


def _bots(interaction: It) -> Iterator[str]:
    """What the bot is called, also on this server."""
    me = interaction.client.user
    for user in (me, interaction.guild.me if interaction.guild else None):
        yield from _names(user) if user is not None else ()


def _names(user: discord.abc.User) -> Iterator[str]:
    yield from dict.fromkeys(filter(None, (user.display_name, user.global_name, user.name)))
