"""Hands a conversation out as files, in as many messages as Discord's limits ask for."""

from collections.abc import Collection
from contextlib import AsyncExitStack
from typing import Any

import discord

from rooms_bot.chat.bot import answer
from rooms_bot.domain.rooms import Memory
from rooms_bot.engine.room import Room
from rooms_bot.export.files import Format, file_name, stream
from rooms_bot.export.parts import messages, parted
from rooms_bot.i18n import N_, _

IN_PIECES = N_(
    "The conversation is too large for one file here. Unpack these in the order of their numbers and put one behind "
    "the other: that is the file."
)


async def hand_out(interaction: discord.Interaction[Any], room: Room, forms: Collection[Format], words: str) -> None:
    """Answer with the room's events in these formats: each a file, a zip where that is too large, else several."""
    limit, topic, at = interaction.filesize_limit, room.state.config.topic, room.state.opened_at
    durable = room.state.config.memory is Memory.DURABLE
    async with AsyncExitStack() as files:
        parts = []
        for form in forms:
            pieces = parted(file_name(form, topic, at), stream(form, room.events), limit, disk=durable)
            parts += await files.enter_async_context(pieces)
        told = [words if len(parts) == len(forms) else _(IN_PIECES)]
        for group in messages(parts, limit):
            text = told.pop() if told else ""
            await answer(interaction, text, files=[discord.File(part.data, part.name) for part in group])
