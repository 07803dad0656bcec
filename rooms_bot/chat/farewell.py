"""The last word of a room that can say nothing any more where it was: its conversation is offered to who opened it."""

import logging
from typing import cast

import discord

from rooms_bot.chat.buttons import row
from rooms_bot.chat.escaping import plain
from rooms_bot.chat.failures import TROUBLE
from rooms_bot.chat.locales import Knowing
from rooms_bot.chat.render import when
from rooms_bot.domain.events import Closed
from rooms_bot.domain.rooms import Memory
from rooms_bot.domain.state import RoomState
from rooms_bot.i18n import _, speaking, spoken

log = logging.getLogger(__name__)


def words(closed: Closed, room: RoomState) -> str:
    """What who opened it is told, by direct message."""
    over = _("Your room “{topic}” is over, since {because}.")
    lines = [over.format(topic=plain(room.config.topic), because=_(closed.because))]
    if closed.kept_until and room.config.memory is Memory.EPHEMERAL:
        kept = _("What was said is kept until {when}. Export takes it along.")
        lines.append(kept.format(when=when(closed.kept_until, "t")))
    elif closed.kept_until:
        lines.append(_("Export takes along what was said."))
    return "\n".join(lines)


async def write_home(client: discord.Client, closed: Closed, room: RoomState, number: int) -> None:
    """Tell who opened the room `number`, once; who takes no direct messages is left alone. Never raises.

    In their own language, or the one spoken here where that is not known.
    """
    starter = room.opened.by.id
    with speaking(cast(Knowing, client).locales.of(starter) or spoken()):
        text, view = words(closed, room), row(number, "export") if closed.kept_until else discord.ui.View()
    try:
        channel = await client.create_dm(discord.Object(starter))
        await channel.send(
            text,
            view=view,
            allowed_mentions=discord.AllowedMentions.none(),
            suppress_embeds=True,
        )
    except TROUBLE as error:
        log.warning("room %s: who opened it could not be told of its end: %s", number, error or "no answer")
