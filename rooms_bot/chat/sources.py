"""Where a message came from, in words for the one who asked."""

from collections.abc import Callable, Iterator

import discord

from rooms_bot.chat.escaping import plain
from rooms_bot.chat.render import introduce
from rooms_bot.domain.events import Generated, Usage
from rooms_bot.domain.state import RoomState
from rooms_bot.export.budgets import amount
from rooms_bot.export.provenance import Provenance
from rooms_bot.export.reasons import given
from rooms_bot.i18n import _, number

LONGEST = 2000
"""Characters of a message."""

Describe = Callable[[str], str]
"""A model by its name, in words: which it is and whose machine it runs on."""


def told(found: Provenance, room: RoomState, describe: Describe) -> str:
    """All that is known of a message of this room."""
    if found.member is not None:
        return _("A member wrote this: **{name}**.").format(name=plain(found.member.name))
    who = introduce(found.seat) if found.seat is not None else _("An agent that left")
    lines = [_("{agent} said this.").format(agent=who), *_turn(found, room, describe)]
    return "\n".join(lines)[:LONGEST]


def _turn(found: Provenance, room: RoomState, describe: Describe) -> Iterator[str]:
    if found.recalled:
        yield _("That was before the bot was restarted: how it came to be is no longer known.")
        return
    if found.planned is None:
        yield _("It is a greeting out of its persona: no model was asked.")
        return
    yield _spoke(found.generated, describe)
    yield _cost(found.usage)
    reason, *weighed = given(room, found.planned, plain)
    yield _("Why it had the turn: {reason}.").format(reason=reason)
    yield from weighed
    if found.cut:
        yield _("It was cut off: {name} {reason}.").format(
            name=plain(found.seat.name) if found.seat else _("An agent that left"), reason=_(found.cut)
        )


def _spoke(generated: Generated | None, describe: Describe) -> str:
    if generated is None or not generated.model:
        return _("Which model spoke is not known.")
    return _("It spoke {voice}, and took {seconds} s.").format(
        voice=plain(describe(generated.model)), seconds=number(generated.seconds, 1)
    )


def _cost(usage: Usage | None) -> str:
    if usage is None:
        return _("How many tokens that took is not known.")
    price = _("of unknown price") if usage.cost is None else amount(usage.cost, "dollars")
    return _("{read} tokens read, {written} written: {price}.").format(
        read=number(usage.prompt_tokens), written=number(usage.completion_tokens), price=price
    )


def stranger(message: discord.Message, own: int | None, *, agents: bool) -> str:
    """What Discord alone knows of a message that is part of no room; `own` is the bot's id."""
    name = plain(message.author.display_name)
    if agents:
        return _("An agent called **{name}** said this, in a room that is not kept any more.").format(name=name)
    if message.author.id == own:
        return _("The bot said this itself, not one of its agents.")
    if message.author.bot or message.webhook_id is not None:
        return _("Another app posted this: **{name}**.").format(name=name)
    return _("A member wrote this: **{name}**.").format(name=name)
