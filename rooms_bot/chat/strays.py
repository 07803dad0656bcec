"""Presses and forms that nobody waits for any more, since the bot was restarted or they stood too long: told so."""

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

import discord
from discord import InteractionType

from rooms_bot.i18n import N_, _

It = discord.Interaction[Any]

PRESSED = N_("This does not work any more: it stood here for long, or the bot was restarted. Please ask for it anew.")
SENT = N_("This form was open for too long, or the bot was restarted. Here is what you typed; please open it again.")


def is_stray(client: discord.Client, interaction: It) -> bool:
    """Whether discord.py discards it without a word, to be asked before any of its tasks has run.

    discord.py tells only its log, so its own tables have to be looked into (`ViewStore.dispatch_view`, 2.7).
    """
    store = client._connection._view_store
    data: Mapping[str, Any] = interaction.data or {}
    custom = str(data.get("custom_id", ""))
    if interaction.type is InteractionType.modal_submit:
        return custom not in store._modals
    if interaction.type is not InteractionType.component:
        return False
    message = interaction.message.id if interaction.message else None
    key = (data.get("component_type"), custom)
    waiting = any(key in store._views.get(one, {}) for one in (message, None))
    return not waiting and not any(pattern.fullmatch(custom) for pattern in store._dynamic_items)


async def turn_away(interaction: It) -> None:
    """One sentence, and what was typed, if anything was."""
    if interaction.type is InteractionType.component:
        await interaction.response.send_message(_(PRESSED), ephemeral=True)
        return
    text = "\n\n".join(_typed(interaction.data or {})).encode("utf-8", "replace")
    files = [discord.File(BytesIO(text), "typed.txt")] if text else []
    await interaction.response.send_message(_(SENT), files=files, ephemeral=True)


def _typed(part: Mapping[str, Any]) -> Iterator[str]:
    """What was filled in anywhere in a form."""
    if isinstance(text := part.get("value"), str) and text:
        yield text
    for inner in (*part.get("components", ()), *filter(None, [part.get("component")])):
        yield from _typed(inner)
