"""The first answer to whatever somebody asks: it counts where Discord has it, whatever became of Discord's receipt.

Without that an answer whose receipt is lost would be given again, refused as a second one, and what was asked not done.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import aiohttp
import discord
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

from rooms_bot.chat.failures import TROUBLE

log = logging.getLogger(__name__)

ANSWERED = 40060
"""Discord's code for an interaction that has its first answer."""


class Receipts(AsyncWebhookAdapter):
    """Takes a lost receipt for one, once Discord says that the answer is there."""

    def create_interaction_response(self, interaction_id: int, token: str, **given: Any) -> Any:
        """As discord.py has it: the receipt, to be awaited."""
        return self._receipt(interaction_id, token, **given)

    async def _receipt(self, number: int, token: str, **given: Any) -> Any:
        try:
            return await self._give(number, token, **given)
        except discord.HTTPException as error:
            if error.code != ANSWERED:
                raise
            return {"interaction": {"id": number}}

    async def _give(self, number: int, token: str, **given: Any) -> Any:
        """Where the connection breaks, once more, unless there are files, of which some is sent."""
        try:
            return await super().create_interaction_response(number, token, **given)
        except (aiohttp.ClientError, TimeoutError):
            if given["params"].files:
                raise
        return await super().create_interaction_response(number, token, **given)


class Response(discord.InteractionResponse[Any]):
    """Discord.py's, with such receipts."""

    async def defer(self, **given: Any) -> Any:
        with _lenient():
            return await super().defer(**given)

    async def send_message(self, *words: Any, **given: Any) -> Any:
        with _lenient():
            return await super().send_message(*words, **given)

    async def edit_message(self, **given: Any) -> Any:
        with _lenient():
            return await super().edit_message(**given)

    async def send_modal(self, modal: discord.ui.Modal, /) -> Any:
        with _lenient():
            return await super().send_modal(modal)

    async def autocomplete(self, choices: Any) -> None:
        """Whoever types on asks again soon."""
        try:
            with _lenient():
                await super().autocomplete(choices)
        except TROUBLE as error:
            log.info("nothing could be proposed for an option: %s", error or "no answer")


_receipts = Receipts()  # type: ignore[no-untyped-call] # discord.py left it without types


@contextmanager
def _lenient() -> Iterator[None]:
    token = async_context.set(_receipts)
    try:
        yield
    finally:
        async_context.reset(token)


def lenient(interaction: discord.Interaction[Any]) -> None:
    """Let this interaction be answered so, before anybody answers it; discord.py keeps a response where it has one."""
    interaction._cs_response = Response(interaction)  # type: ignore[attr-defined] # a slot of its own making
