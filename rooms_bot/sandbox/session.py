"""A gateway session: what a bot was told, kept so that it can be told again after a lost connection."""

import asyncio
import json
import secrets
from collections import deque
from collections.abc import Collection, Iterator
from typing import Any

from rooms_bot.sandbox import intents as wanted
from rooms_bot.sandbox.limits import Limits
from rooms_bot.sandbox.things import Event
from rooms_bot.sandbox.world import World

Wire = dict[str, Any]
Outgoing = Wire | int | str | bytes
"""A payload to send, or the code to close with. Text and bytes go out as they are, whatever a client makes of them."""
Line = asyncio.Queue[Outgoing]
Shard = tuple[int, int]


class Session:
    """Hears the world's events for one bot; outlives its connections."""

    def __init__(self, world: World, session_id: str, intents: int, shard: Shard, replay: int) -> None:
        self.id = session_id
        self.intents = intents
        self.line: Line | None = None
        self.lost_at = 0.0
        self.held: list[tuple[str, Wire]] | None = None
        """What happened while events are held back."""
        self._world = world
        self._shard = shard
        self._sent: deque[tuple[int, Wire]] = deque(maxlen=replay)
        self._sequence = 0

    @property
    def sequence(self) -> int:
        return self._sequence

    def serves(self, guild_id: str | None) -> bool:
        """Direct messages and the application's own events belong to shard 0."""
        index, count = self._shard
        return (int(guild_id or 0) >> 22) % count == index

    def hear(self, event: Event) -> None:
        me = self._world.bot_id
        if event.guild_id in self._world.unavailable and event.only is None:
            return
        if not self.serves(event.guild_id) or not self._world.may_know(me, event):
            return
        if event.only is None and not wanted.asked_for(self.intents, event.name, in_guild=event.guild_id is not None):
            return
        data = event.view(me)
        if event.name in ("MESSAGE_CREATE", "MESSAGE_UPDATE") and event.guild_id is not None:
            data = wanted.blinded(self.intents, data, me)
        self.dispatch(event.name, data)

    def dispatch(self, name: str, data: Wire) -> None:
        # A copy through JSON: what was told does not change when the world does.
        told = json.loads(json.dumps(data))
        if self.held is not None:
            self.held.append((name, told))
            return
        self._sequence += 1
        payload = {"op": 0, "t": name, "s": self._sequence, "d": told}
        self._sent.append((self._sequence, payload))
        if self.line is not None:
            self.line.put_nowait(payload)

    def can_resume(self, sequence: int) -> bool:
        """Whether everything after `sequence` is still kept."""
        return sequence >= self._sequence or (bool(self._sent) and self._sent[0][0] <= sequence + 1)

    def resume(self, sequence: int, line: Line) -> None:
        """Tell all that came after `sequence` again, on a new connection."""
        self.line = line
        for number, payload in self._sent:
            if number > sequence:
                line.put_nowait(payload)
        self.dispatch("RESUMED", {"_trace": []})

    def repeat(self, names: Collection[str]) -> None:
        """Tell all events of these names once more, as they were told."""
        for _, payload in self._sent:
            if self.line is not None and payload["t"] in names:
                self.line.put_nowait(payload)


class Sessions:
    """The sessions there are, and how often bots began and resumed one."""

    def __init__(self, world: World, limits: Limits) -> None:
        self.world = world
        self.limits = limits
        self.identified = 0
        self.resumed = 0
        self._open: dict[str, Session] = {}

    def __len__(self) -> int:
        return len(self._open)

    def __iter__(self) -> Iterator[Session]:
        return iter(list(self._open.values()))

    def find(self, session_id: object) -> Session | None:
        return self._open.get(str(session_id))

    def start(self, intents: int, shard: Shard, line: Line) -> Session:
        now = self.world.clock.now()
        for old in [s for s in self._open.values() if s.line is None and s.lost_at < now - self.limits.session]:
            self.end(old)
        self.identified += 1
        self.world.starts_left -= 1
        made = Session(self.world, secrets.token_hex(16), intents, shard, self.limits.replay)
        made.line = line
        self._open[made.id] = made
        self.world.listeners.append(made)
        return made

    def lose(self, session: Session) -> None:
        """Its connection is gone; it may be resumed for a while."""
        session.line, session.lost_at = None, self.world.clock.now()

    def end(self, session: Session) -> None:
        if self._open.pop(session.id, None) is not None:
            self.world.listeners.remove(session)
