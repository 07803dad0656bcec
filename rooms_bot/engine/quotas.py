"""Budgets that hold: what rooms, servers and members may spend, and have spent."""

from collections.abc import Sequence
from types import TracebackType
from typing import Self
from weakref import WeakValueDictionary

from rooms_bot.clock import Clock
from rooms_bot.domain.costs import Share, until
from rooms_bot.domain.events import Budget, Nearing
from rooms_bot.domain.rooms import Member
from rooms_bot.domain.state import RoomState
from rooms_bot.engine.accounts import SERVER, Accounts
from rooms_bot.engine.bookkeeping import Bookkeeping
from rooms_bot.engine.purse import Purse, Tell
from rooms_bot.engine.servers import Servers
from rooms_bot.ports import Store


class Quotas:
    """`async with` it for as long as what is spent is to be kept. `accounts.bounds` are set before that."""

    def __init__(self, store: Store, servers: Servers, clock: Clock) -> None:
        self.accounts = Accounts(servers, clock)
        self._store, self._books = store, Bookkeeping(store, clock)
        self._purses: WeakValueDictionary[int, Purse] = WeakValueDictionary()

    async def __aenter__(self) -> Self:
        await self.accounts.load(self._store)
        await self._books.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._books.__aexit__(kind, error, trace)

    def purse(self, number: int, room: RoomState, tell: Tell) -> Purse:
        """What the room of this number spends from."""
        purse = self._purses[number] = Purse(number, room, self.accounts, self._books, tell)
        return purse

    def drop(self, guild: int) -> None:
        """Nothing more is written of what this server and its members have spent."""
        self._books.drop(guild)
        self.accounts.drop(guild)

    def heeds(self, guild: int, member: int) -> bool:
        """Whether what this member says calls for turns: not once they have used up their hour."""
        return self.accounts.heeds(guild, member)

    def dismissal(self, number: int, guild: int, member: Member) -> Nearing | None:
        """Tells the room of a member who is not heeded any more, once in their hour."""
        told = self.accounts.is_dismissed(number, member.id)
        return None if told else self.accounts.dismiss(number, guild, member)

    def standing(self, guild: int, number: int | None = None, member: int | None = None) -> Sequence[Share]:
        """How budgets stand: the room's of this number, the server's for the day and the month, the member's hour.

        Those without a limit too.
        """
        purse = self._purses.get(number or 0)
        shares = [purse.share()] if purse is not None else []
        shares += [self._share(budget, guild) for budget in (Budget.DAY, Budget.MONTH)]
        return shares if member is None else [*shares, self._share(Budget.MEMBER, guild, member)]

    def _share(self, budget: Budget, guild: int, member: int = SERVER) -> Share:
        account, limits = self.accounts.account(budget, guild, member), self.accounts.limits(budget, guild)
        end = until(budget, self.accounts.now())
        return Share(budget, account.tokens, account.dollars, limits, end, account.unpriced)
