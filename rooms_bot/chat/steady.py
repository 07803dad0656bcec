"""discord.py's client, as steady as rooms need it: what happens to a connection happens to nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import yarl
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from rooms_bot.chat.desk import Desk
from rooms_bot.chat.replays import count_once
from rooms_bot.chat.unreadable import skip_unreadable

NEW_SESSION = 5.0
"""Seconds from one session's beginning to the next (Discord's documentation, Gateway, Rate Limiting)."""


class SteadyBot(commands.Bot):
    """`desk` is set before it is started."""

    desk: Desk

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._kept_open = False
        count_once(self._connection.parsers)
        skip_unreadable(self._connection.parsers)

    async def find_gateway(self) -> None:
        """discord.py knows only Discord's own, and does not ask."""
        gateway = await self.http.request(Route("GET", "/gateway"))
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway["url"])

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Discord's pause before another session; discord.py sleeps it without a clock that could be handed in."""
        del shard_id
        if not initial:
            await self.desk.clock.sleep(NEW_SESSION)

    @contextmanager
    def kept_open(self) -> Iterator[None]:
        """Where Discord hangs up for good discord.py closes, and cuts off what rooms are posting: not within this."""
        self._kept_open = True
        try:
            yield
        finally:
            self._kept_open = False

    async def close(self) -> None:
        if not self._kept_open:
            await super().close()
