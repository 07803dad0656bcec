"""One interaction: what a person asked, and how far the application's answer has come."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

Wire = dict[str, Any]

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5
MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, FORM = 4, 5, 6, 7, 8, 9


@dataclass
class Interaction:
    """One thing a person asked; `first` and `last` come true as the application answers."""

    id: str
    token: str
    kind: int
    channel: Wire
    user_id: str
    data: Wire
    made_at: float
    source: Wire | None = None
    trigger: Wire | None = None
    first: "asyncio.Future[Wire]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    last: "asyncio.Future[None]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    original: str | None = None
    pending: bool = False

    def settle(self) -> None:
        self.pending = False
        if not self.last.done():
            self.last.set_result(None)
