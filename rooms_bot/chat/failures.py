"""What it means that Discord did not do as asked, and how long to wait before asking again."""

import re

import aiohttp
import discord

from rooms_bot.chat.losses import loss
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
    if isinstance(error, discord.NotFound | discord.Forbidden) or code_of(error) == LOCKED:
        assert isinstance(error, discord.HTTPException)
        return loss(error, place)
    return None


def passes(error: Exception) -> bool:
    """Whether trying again may help. discord.py gives a 429 up that did not come through Discord's own proxy."""
    return not isinstance(error, discord.HTTPException) or error.status in (408, 429) or error.status >= 500


def about_the_name(error: Exception) -> bool:
    """Whether the name is what Discord does not accept."""
    return isinstance(error, discord.HTTPException) and error.code == INVALID_FORM and "username" in error.text


def pause(error: Exception, attempt: int) -> float:
    """Seconds until the next try: as Discord asks for, else 0, 1, 3, 7 …"""
    asked = error.response.headers.get("Retry-After", "") if isinstance(error, discord.HTTPException) else ""
    return float(asked) if re.fullmatch(r"\d+(\.\d+)?", asked) else min(LONGEST_PAUSE, 2.0**attempt - 1)
