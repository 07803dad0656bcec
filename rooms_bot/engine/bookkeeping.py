"""What was spent, on its way into the store: nobody waits for it, and nothing is lost where the program ends well."""

import logging
from types import TracebackType
from typing import Self

from rooms_bot.clock import Clock
from rooms_bot.domain.costs import Cost
from rooms_bot.engine.soon import Soon
from rooms_bot.errors import RoomsError
from rooms_bot.ports import Spending, Store

log = logging.getLogger(__name__)


class Bookkeeping:
    """`async with` it: what was added is written soon, in one go, and the rest on leaving."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._open: dict[tuple[int, int, int], Spending] = {}
        self._soon = Soon(self._write_what_is_open, clock)

    async def __aenter__(self) -> Self:
        await self._soon.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._soon.__aexit__(kind, error, trace)

    def add(self, guild: int, member: int, hour: int, cost: Cost) -> None:
        """So much was used, by this member or, with 0, by the whole server."""
        dollars, unpriced = cost.dollars or 0.0, cost.dollars is None
        self._add(
            Spending(guild=guild, member=member, hour=hour, tokens=cost.tokens, dollars=dollars, unpriced=unpriced)
        )
        self._soon.ask()

    def drop(self, guild: int) -> None:
        """What is not written yet of this server's is never to be."""
        self._open = {key: one for key, one in self._open.items() if key[0] != guild}

    def _add(self, one: Spending) -> None:
        key = (one.guild, one.member, one.hour)
        old = self._open.get(key)
        self._open[key] = old.plus(one) if old is not None else one

    async def _write_what_is_open(self) -> None:
        """Where the database fails it is tried again with what comes next."""
        if not self._open:
            return
        written, self._open = self._open, {}
        try:
            await self._store.spend(list(written.values()))
        except RoomsError as error:
            log.warning("what was spent could not be written: %s", error)
            for one in written.values():
                self._add(one)
