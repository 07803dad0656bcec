"""What one person sees happen."""

import asyncio
import copy
from collections.abc import AsyncIterator
from typing import Any

from rooms_bot.sandbox.things import Event
from rooms_bot.sandbox.world import World

Wire = dict[str, Any]


class Watch:
    """What one person sees happen: events {"t": name, "d": data} from the moment of watching.

    Names are the gateway's (MESSAGE_CREATE, MESSAGE_UPDATE, MESSAGE_DELETE, MESSAGE_DELETE_BULK,
    MESSAGE_REACTION_ADD, MESSAGE_REACTION_REMOVE, TYPING_START, CHANNEL_CREATE/UPDATE/DELETE, THREAD_*,
    GUILD_MEMBER_*, ...). A message carries what this person may see, ephemeral answers to them included.
    """

    def __init__(self, world: World, user_id: str) -> None:
        self._world = world
        self._user_id = user_id
        self._events: asyncio.Queue[Wire] = asyncio.Queue()

    def hear(self, event: Event) -> None:
        if event.name != "INTERACTION_CREATE" and self._world.may_know(self._user_id, event):
            self._events.put_nowait({"t": event.name, "d": copy.deepcopy(event.view(self._user_id))})

    async def get(self) -> Wire:
        """The next event, waited for."""
        return await self._events.get()

    async def __aiter__(self) -> AsyncIterator[Wire]:
        while True:
            yield await self._events.get()
