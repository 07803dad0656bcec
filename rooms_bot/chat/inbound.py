"""From a message of Discord's to what a room hears, or to nothing."""

import re
from collections.abc import Container

import discord

from rooms_bot.domain.events import Heard
from rooms_bot.domain.rooms import Member

SPOKEN = (discord.MessageType.default, discord.MessageType.reply)
"""All other types are Discord's own words: pins, joins, threads started."""

MENTION = re.compile(r"<@!?(\d+)>|<@&(\d+)>|<#(\d+)>")


def to_heard(message: discord.Message, own: Container[int | None], heard_bots: Container[int] = ()) -> Heard | None:
    """What a room hears of it: nothing of our own echo, of system messages, of bots that are not `heard_bots`.

    `own` are the ids of our application, which its webhooks' messages carry, and of its user.
    """
    ours = message.author.id in own or (message.application_id is not None and message.application_id in own)
    if ours or message.type not in SPOKEN:
        return None
    if (message.author.bot or message.webhook_id is not None) and message.author.id not in heard_bots:
        return None
    text = readable(message)
    if not text:
        return None
    reference = message.reference.message_id if message.reference is not None else None
    return Heard(source=message.id, member=to_member(message.author), text=text, reply_to=reference)


def to_member(user: discord.abc.User) -> Member:
    return Member(id=user.id, name=user.display_name)


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
