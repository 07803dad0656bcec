"""The agents of the chaos run: a function of the operator's that asks the run for its words.

A model behind LiteLLM would do as well, but costs every start three seconds.
"""

import os
from collections.abc import AsyncIterator

import aiohttp

from rooms_bot.ports import Request


async def speak(request: Request) -> AsyncIterator[str]:
    """The answer to this turn, as it comes."""
    room = request.room
    turn = room.current.turn if room is not None and room.current is not None else -1
    channel = room.opened.place.channel if room is not None else 0
    asked = {"channel": channel, "turn": turn, "seat": request.seat.name}
    async with (
        aiohttp.ClientSession(raise_for_status=True) as session,
        session.post(os.environ["CHAOS_MODEL"], json=asked) as answer,
    ):
        async for piece in answer.content.iter_any():
            yield piece.decode()
