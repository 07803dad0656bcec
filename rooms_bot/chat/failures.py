"""What it means that Discord did not do as asked, and how long to wait before asking again."""

import re

import aiohttp
import discord

from rooms_bot.chat.losses import loss
from rooms_bot.chat.traffic import LONGEST_LIMIT, Undone
from rooms_bot.domain.rooms import Place
from rooms_bot.errors import OutletGone

LONGEST_PAUSE = 60.0
"""Seconds between two tries while Discord cannot be reached; the first pauses are 0, 1, 3, 7 …"""
INVALID_FORM = 50035
UNKNOWN_MESSAGE = 10008
LOCKED = 160005
"""The thread is."""
LOST_WEBHOOK = (10015, 50027)
"""Unknown webhook, invalid webhook token."""
TROUBLE = (discord.HTTPException, aiohttp.ClientError, TimeoutError)
"""What a request to Discord raises where it was not answered as it should."""


def code_of(error: Exception) -> int:
    """Discord's code for what is wrong, or 0."""
    return error.code if isinstance(error, discord.HTTPException) else 0


def gone(error: Exception, place: Place) -> OutletGone | None:
    """What to raise where nothing can be posted there any more."""
    if not isinstance(error, discord.HTTPException) or is_page(error):
        return None
    lost = isinstance(error, discord.NotFound | discord.Forbidden) or error.code == LOCKED
    return loss(error, place) if lost else None


def is_page(error: discord.HTTPException) -> bool:
    """Whether it is not Discord's API that says so, but what stands in front of it: nothing is gone for that."""
    return "json" not in error.response.headers.get("Content-Type", "")


def passes(error: Exception) -> bool:
    """Whether trying again may help. discord.py gives a 429 up that did not come through Discord's own proxy."""
    if not isinstance(error, discord.HTTPException) or is_page(error):
        return True
    return error.status in (408, 429) or error.status >= 500


def about_the_name(error: Exception) -> bool:
    """Whether the name is what Discord does not accept."""
    return isinstance(error, discord.HTTPException) and error.code == INVALID_FORM and "username" in error.text


def pause(error: Exception, attempt: int) -> float:
    """Seconds until the next try: as Discord asks for, up to ten minutes, else 0, 1, 3, 7 …"""
    if isinstance(error, Undone) and error.wait is not None:
        return error.wait
    asked = error.response.headers.get("Retry-After", "") if isinstance(error, discord.HTTPException) else ""
    if re.fullmatch(r"\d+(\.\d+)?", asked):
        return min(LONGEST_LIMIT, float(asked))
    return min(LONGEST_PAUSE, 2.0 ** min(attempt, 10) - 1)
