"""From a message of Discord's to what a room hears, or to nothing."""

import asyncio
import logging
import re
from collections.abc import Container, Sequence

import aiohttp
import discord

from rooms_bot.chat.others import speaker
from rooms_bot.domain.events import Heard
from rooms_bot.domain.talk import READING

log = logging.getLogger(__name__)

SPOKEN = (discord.MessageType.default, discord.MessageType.reply)
"""All other types are Discord's own words: pins, joins, threads started."""

MOST_FILES = 3
MOST_BYTES = 64 * 1024
"""A larger file is named and not read."""
MOST_CHARACTERS = 16_000
"""What is kept of a file's text."""
TEXT_TYPES = ("text/", "application/json", "application/xml", "application/x-yaml", "application/toml")
TEXT_ENDINGS = (
    *(
        ".txt",
        ".md",
        ".rst",
        ".tex",
        ".log",
        ".csv",
        ".tsv",
        ".json",
        ".jsonl",
        ".yaml",
        ".yml",
        ".toml",
        ".ini",
        ".cfg",
    ),
    *(
        ".xml",
        ".html",
        ".css",
        ".sql",
        ".diff",
        ".patch",
        ".py",
        ".js",
        ".ts",
        ".java",
        ".kt",
        ".c",
        ".h",
        ".cpp",
        ".cs",
    ),
    *(".go", ".rs", ".rb", ".php", ".swift", ".r", ".sh", ".bat", ".ps1"),
)

MENTION = re.compile(r"<@!?(\d+)>|<@&(\d+)>|<#(\d+)>")


def to_heard(message: discord.Message, own: Container[int | None]) -> Heard | None:
    """What a room hears of it, from whoever is heard there: nothing of our own echo, nor of system messages.

    `own` are the ids of our application, which its webhooks' messages carry, and of its user.
    """
    ours = message.author.id in own or (message.application_id is not None and message.application_id in own)
    if ours or message.type not in SPOKEN:
        return None
    text = readable(message)
    if not text:
        return None
    reference = message.reference.message_id if message.reference is not None else None
    files = len(texts(message))
    return Heard(source=message.id, member=speaker(message), text=text, reply_to=reference, files=files)


def readable(message: discord.Message) -> str:
    """Its text with mentions as names, and what is attached by its name."""
    people = {user.id: user.display_name for user in message.mentions}
    roles = {role.id: role.name for role in message.role_mentions}
    channels = {channel.id: getattr(channel, "name", "channel") for channel in message.channel_mentions}

    def name(match: re.Match[str]) -> str:
        person, role, channel = match.groups()
        if channel:
            return f"#{channels.get(int(channel), 'channel')}"
        return f"@{people.get(int(person), 'someone') if person else roles.get(int(role), 'role')}"

    text = MENTION.sub(name, message.content).strip()
    things = [f"[{'image' if is_image(one) else 'file'}: {one.filename}]" for one in message.attachments]
    stickers = [f"[sticker: {one.name}]" for one in message.stickers]
    return "\n".join(part for part in (text, *things, *stickers) if part)


def is_image(attachment: discord.Attachment) -> bool:
    return (attachment.content_type or "").startswith("image/")


def texts(message: discord.Message) -> Sequence[discord.Attachment]:
    """The attached files whose text is passed on."""
    return [one for one in message.attachments if is_text(one) and one.size <= MOST_BYTES][:MOST_FILES]


def is_text(attachment: discord.Attachment) -> bool:
    """Going by its type and the end of its name; what is in it shows when it is read."""
    kind = attachment.content_type or ""
    return kind.startswith(TEXT_TYPES) or attachment.filename.casefold().endswith(TEXT_ENDINGS)


async def read_text(attachment: discord.Attachment) -> str:
    """The beginning of its text as UTF-8; empty where it cannot be had in time, or is no text. Never raises."""
    try:
        async with asyncio.timeout(READING.total_seconds()):
            data = await attachment.read()
    except (discord.HTTPException, aiohttp.ClientError, TimeoutError) as error:
        log.warning("the attached file %s could not be read: %s", attachment.id, error or "no answer in time")
        return ""
    return "" if b"\0" in data else data.decode("utf-8-sig", "replace")[:MOST_CHARACTERS]
