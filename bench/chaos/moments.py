"""When the bot is killed: at a request of some kind, before, in the midst of or shortly after it, or at any time."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass

MODEL, POST, EDIT, DELETE, READ, OTHER, ANY = "model", "post", "edit", "delete", "read", "other", "any"
BEFORE, MIDST, HELD, AFTER = "before", "midst", "held", "after"
"""Of a request: it is not obeyed yet; its answer is under way; it was obeyed and is never answered; it was answered."""
WEIGHTS = {
    (MODEL, BEFORE): 3,
    (MODEL, MIDST): 3,
    (MODEL, AFTER): 5,
    (POST, BEFORE): 4,
    (POST, HELD): 7,
    (POST, AFTER): 5,
    (EDIT, BEFORE): 1,
    (EDIT, HELD): 3,
    (EDIT, AFTER): 3,
    (DELETE, BEFORE): 1,
    (DELETE, HELD): 1,
    (DELETE, AFTER): 1,
    (READ, HELD): 1,
    (READ, AFTER): 1,
    (ANY, AFTER): 3,
}
EARLY = 0.2
"""The share of processes that are killed while they still take up what the one before them left."""
TAKING_UP = (DELETE, READ)
"""Requests that are made then, and hardly ever later."""
SOON = 0.025
"""Seconds within which "after" lies: what the bot does next is begun by then."""
LONGEST = 8.0
"""Seconds that a process has to begin its calm turns."""
RARE = 2.0
"""Seconds that the moment is waited for then; the process is killed without it."""

Passing = Callable[[str, str], bool]
"""Is told that a request of this kind is at this point; true if the bot has just been killed for it."""


@dataclass(slots=True)
class Moment:
    """The `count`th request of this kind, counted from when `calm` turns were begun."""

    kind: str
    phase: str
    count: int
    calm: int
    delay: float

    def __str__(self) -> str:
        return f"{self.kind} {self.phase}"


def drawn(chance: random.Random, mean: float) -> Moment:
    """The next moment, with `mean` turns before it on average."""
    kind, phase = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    delay = chance.uniform(0.001, SOON) if phase == AFTER else 0.0
    if kind in TAKING_UP or chance.random() < EARLY:
        return Moment(kind, phase, chance.randint(1, 5), 0, delay)
    calm = round(chance.expovariate(1 / max(mean, 0.1)))
    return Moment(kind, phase, 1 if kind == EDIT else chance.randint(1, 3), calm, delay)


class Watch:
    """Waits for a moment, and kills in it."""

    def __init__(self) -> None:
        self._moment: Moment | None = None
        self._kill: Callable[[], None] = lambda: None
        self._near, self._struck = asyncio.Event(), asyncio.Event()

    async def strike(self, moment: Moment, kill: Callable[[], None]) -> str:
        """Kill at this moment, or without it where it does not come; what it was."""
        self._near.clear()
        self._struck.clear()
        self._moment, self._kill = moment, kill
        name = str(moment)
        try:
            async with asyncio.timeout(LONGEST if moment.calm else LONGEST / 2):
                await (self._near if moment.calm else self._struck).wait()
            async with asyncio.timeout(RARE):
                await self._struck.wait()
            await asyncio.sleep(moment.delay)
        except TimeoutError:
            name = "any time"
        self._moment = None
        kill()
        return name

    def passes(self, kind: str, phase: str) -> bool:
        """A request is at this point; true where the bot was killed at once."""
        moment = self._moment
        if moment is None:
            return False
        if moment.calm > 0:
            moment.calm -= (kind, phase) == (MODEL, BEFORE)
            if not moment.calm:
                self._near.set()
            return False
        if moment.kind != ANY and (moment.kind, moment.phase) != (kind, phase):
            return False
        moment.count -= 1
        if moment.count > 0:
            return False
        self._moment = None
        if not moment.delay:
            self._kill()
        self._struck.set()
        return not moment.delay
