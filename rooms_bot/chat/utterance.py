"""From a message of an agent's, as it stands in the channel, back to what the agent said."""

import re
from collections.abc import Callable

import discord

from rooms_bot.chat.escaping import NAMELESS, webhook_name
from rooms_bot.chat.wording import JUMP
from rooms_bot.domain.state import RoomState
from rooms_bot.ports import Uttered
from rooms_bot.turns.prose import code

MENTION = re.compile(r"<@!?(\d+)>")
_BROKEN = re.compile("@\u200b")
_INVITE = re.compile(r"\b((?:discord|dsc|invite|dis)\[\.\]gg|discord(?:app)?\[\.\]com)(?=[/\\:])", re.I)
_MASK = re.compile(r"\] (?=\(<?https?://)")


def is_agents(message: discord.Message, application: int | None) -> bool:
    """Whether a webhook of this application, ours, posted it; answers to commands come through one of Discord's own."""
    ours = application is not None and message.application_id == application
    return ours and message.webhook_id not in (None, application)


def to_uttered(message: discord.Message, room: RoomState) -> Uttered:
    """What this message of an agent's says. Whoever had to speak without their name is nobody."""
    seats = {webhook_name(seat.name): seat.id for seat in (room.moderator, *room.seats.values())}
    name = message.author.name
    return Uttered(
        post=message.id,
        name=name,
        content=message.content,
        text=_original(message, room),
        seat=None if name == NAMELESS else seats.get(name),
    )


def _original(message: discord.Message, room: RoomState) -> str:
    """The words as they were before they were made fit to be posted, as far as that can be told; code as it stands."""
    called = {user.id: user.display_name for user in message.mentions}
    called |= {member.id: member.name for member in room.members.values()}

    def named(found: re.Match[str]) -> str:
        return f"@{called.get(int(found.group(1)), 'someone')}"

    def said(text: str) -> str:
        text = _MASK.sub("]", _INVITE.sub(lambda found: found.group().replace("[.]", "."), text))
        return _BROKEN.sub("@", MENTION.sub(named, text))

    return _outside_code(JUMP.sub("", message.content), said)


def _outside_code(text: str, change: Callable[[str], str]) -> str:
    pieces, place = [], 0
    for block in code(text):
        if block.closed:
            pieces += [change(text[place : block.start]), text[block.start : block.end]]
            place = block.end
    return "".join([*pieces, change(text[place:])])
