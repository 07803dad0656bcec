"""What a person gets back for a command, a press or a form."""

import asyncio
from dataclasses import dataclass, field
from typing import Any, Literal

from rooms_bot.sandbox import views
from rooms_bot.sandbox.interaction import CHOICES, DEFERRED, DEFERRED_UPDATE, FORM, MESSAGE, Interaction
from rooms_bot.sandbox.interactions import Desk
from rooms_bot.sandbox.world import World

Wire = dict[str, Any]
Kind = Literal["message", "deferred", "modal", "update", "failed"]
SILENT = "The application did not respond"


@dataclass
class Reply:
    """What the application answered to a command, a press or a form.

    `message` (its `flags & 64`: seen by this person only) for "message" and "update" (the message that carries the
    pressed button, as it is now); `modal` {id, custom_id, title, components} for "modal"; `error` is a sentence for
    "failed". A deferred reply ("deferred": a message that says "thinking", `flags & 128`, or an update yet to come)
    has its last word in `settled()`.
    """

    kind: Kind
    message: Wire | None = None
    modal: Wire | None = None
    error: str = ""
    choices: list[Wire] = field(default_factory=list)
    _asked: Interaction | None = None
    _world: World | None = None

    async def settled(self, within: float = 900.0) -> "Reply":
        """The final answer; itself unless deferred. "failed" once `within` seconds (at most 15 min) have passed.

        A deferred message the application deleted settles as "message" without one.
        """
        if self.kind != "deferred" or self._asked is None or self._world is None:
            return self
        try:
            async with asyncio.timeout(within):
                await asyncio.shield(self._asked.last)
        except TimeoutError:
            return failed(SILENT)
        update = self._asked.source is not None and self._asked.original == self._asked.source["id"]
        return Reply("update" if update else "message", _original(self._world, self._asked))


def failed(error: str) -> Reply:
    return Reply("failed", error=error)


async def reply_to(world: World, desk: Desk, asked: Interaction) -> Reply:
    """Wait for the application's first answer, as long as Discord does."""
    try:
        async with asyncio.timeout(desk.limits.answer):
            answer = await asked.first
    except TimeoutError:
        return failed(SILENT)
    except asyncio.CancelledError:
        if asked.first.cancelled() and not _being_cancelled():
            return failed(SILENT)
        raise
    return _reply(world, asked, answer)


def _being_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _reply(world: World, asked: Interaction, answer: Wire) -> Reply:
    kind, data = answer["type"], answer["data"]
    if kind == CHOICES:
        return Reply("message", choices=data["choices"])
    if kind == FORM:
        modal = {"id": asked.id, **{key: data[key] for key in ("custom_id", "title", "components")}}
        return Reply("modal", modal=modal)
    message = _original(world, asked)
    if kind in (DEFERRED, DEFERRED_UPDATE):
        return Reply("deferred", message, _asked=asked, _world=world)
    return Reply("message" if kind == MESSAGE else "update", message)


def _original(world: World, asked: Interaction) -> Wire | None:
    kept = world.messages.get(asked.channel["id"], {}).get(asked.original or "")
    return views.message(world, kept, asked.user_id) if kept else None
