"""Files that members hand over: fetched from Discord, no larger than they may be, and not waited for long."""

import asyncio

import aiohttp
import discord

from rooms_bot.chat.escaping import plain
from rooms_bot.errors import Refused
from rooms_bot.i18n import N_, _
from rooms_bot.store.faces import MAX_IMAGE, kind

PATIENCE = 10.0
"""Seconds for a whole file."""


async def fetched(file: discord.Attachment, most: int) -> bytes:
    """What is in it. Raises `Refused` where that is over `most` bytes, before any is fetched, or not to be had."""
    if file.size > most:
        sentence = N_("{file} has {size} KiB, of which it may have {most} at most.")
        raise Refused(sentence, file=plain(file.filename), size=-(-file.size // 1024), most=most // 1024)
    try:
        async with asyncio.timeout(PATIENCE):
            return await file.read()
    except (discord.HTTPException, aiohttp.ClientError, TimeoutError) as error:
        raise Refused("Discord does not hand over {file} now. Please try again.", file=plain(file.filename)) from error


class NoFace(Refused):
    """An image that is no face; what comes of it otherwise does not depend on it."""

    def __str__(self) -> str:
        return f"{super().__str__()} {_('Without a picture it keeps the face it has, or gets a generated one.')}"


async def face(file: discord.Attachment) -> bytes:
    """An image that can be an agent's face. Raises `NoFace`; nothing is made smaller."""
    try:
        data = await fetched(file, MAX_IMAGE)
    except Refused as error:
        raise NoFace(error.sentence, **error.values) from error
    if kind(data) is None:
        raise NoFace(N_("A face must be a PNG, JPEG, GIF or WebP image."))
    return data
