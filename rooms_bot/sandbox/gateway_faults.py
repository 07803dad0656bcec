"""What goes wrong at the gateway on purpose, for whoever connects from now on."""

from collections import deque
from dataclasses import dataclass, field

from rooms_bot.sandbox.session import Outgoing


@dataclass
class GatewayFaults:
    """All is well until a test changes something here. In the queues stands what is sent in place of an answer."""

    away: int | None = None
    """The HTTP status that everybody gets who connects; 0 cuts them off without one."""
    speechless: int = 0
    """So many connections are opened without a HELLO."""
    acknowledging: bool = True
    """Whether heartbeats are."""
    identifies: deque[Outgoing] = field(default_factory=deque)
    """What the next to identify get instead of READY."""
    resumes: deque[Outgoing] = field(default_factory=deque)
    """What the next to resume get instead of what they missed."""
    after_ready: deque[int] = field(default_factory=deque)
    """Close codes for the next new sessions: READY still comes, the guilds do not."""
    again: int = 0
    """So many events that a client already had are told once more when it resumes."""
