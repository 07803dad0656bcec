"""What a room works with, and what it lends to those who work for it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from rooms_bot.clock import Clock
from rooms_bot.domain.events import Heard
from rooms_bot.domain.state import RoomState
from rooms_bot.engine.commands import Command
from rooms_bot.engine.errands import Expand
from rooms_bot.engine.floor import Minds
from rooms_bot.engine.purse import Purse
from rooms_bot.engine.quotas import Quotas
from rooms_bot.engine.rows import Rows
from rooms_bot.ports import Journal, Outlet

Admit = Callable[[Heard], Heard | None]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a room works with.

    `expand` finds words for a persona that has none; `admit`
    tells what is heard of what a member said.
    """

    journal: Journal
    outlet: Outlet
    minds: Minds
    clock: Clock
    quotas: Quotas
    rows: Rows
    expand: Expand
    admit: Admit


@dataclass(frozen=True, slots=True)
class Desk:
    """A room's state and what it spends from, and how its own task lets things happen."""

    state: RoomState
    purse: Purse
    record: Callable[..., Awaitable[None]]
    """These happen now."""
    meanwhile: Callable[..., Awaitable[Any]]
    """See `Listening.meanwhile`."""
    put: Callable[[Command], None]
    leaving: Callable[[], bool]
    """Whether the task is to end soon."""
