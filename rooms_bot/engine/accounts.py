"""Every account of servers and members, in memory, and the limits in force for them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from rooms_bot.clock import Clock
from rooms_bot.domain.costs import smaller, until
from rooms_bot.domain.events import Budget, Nearing, Shortage, now_ms
from rooms_bot.domain.rooms import Limits, Member
from rooms_bot.engine.ledger import Account
from rooms_bot.engine.servers import Servers
from rooms_bot.ports import Store

HOUR = 3600
NOTHING = Limits()
SERVER = 0
"""In place of a member: all of a server together."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The operator's own limits for each server, by day and month, and for each member, by the hour."""

    day: Limits = NOTHING
    month: Limits = NOTHING
    member: Limits = NOTHING


class Accounts:
    """A call belongs to the hour, day and month in which it began."""

    def __init__(self, servers: Servers, clock: Clock) -> None:
        self.bounds = Bounds()
        self._servers, self._clock = servers, clock
        self._kept: dict[tuple[Budget, int, int], tuple[datetime | None, Account]] = {}
        self._dismissed: set[tuple[int, int]] = set()
        self._hour = 0

    def now(self) -> datetime:
        return now_ms(self._clock.now())

    @property
    def hour(self) -> int:
        """Whole hours since the epoch. Members' accounts of one that is over are of no use any more."""
        hour = int(self._clock.now()) // HOUR
        if hour != self._hour:
            self._hour = hour
            self._kept = {key: kept for key, kept in self._kept.items() if key[0] is not Budget.MEMBER}
            self._dismissed.clear()
        return hour

    def account(self, budget: Budget, guild: int, member: int = SERVER) -> Account:
        """As it stands in the present period."""
        key, end = (budget, guild, member), until(budget, self.now())
        kept = self._kept.get(key) if self.hour else None
        if kept is None or kept[0] != end:
            kept = self._kept[key] = (end, Account())
        return kept[1]

    def limits(self, budget: Budget, guild: int) -> Limits:
        """What is in force: the server's own or the operator's, whichever is smaller."""
        return smaller(self._own(budget, guild), self._bound(budget))

    def raised_by(self, shortage: Shortage, guild: int) -> Literal["admin", "operator"]:
        """Who could raise that limit."""
        own, bound = self._own(shortage.budget, guild), self._bound(shortage.budget)
        theirs, mine = (own.tokens, bound.tokens) if shortage.unit == "tokens" else (own.dollars, bound.dollars)
        return "operator" if mine and (not theirs or mine <= theirs) else "admin"

    def _own(self, budget: Budget, guild: int) -> Limits:
        settings = self._servers.of(guild)
        return {Budget.DAY: settings.day, Budget.MONTH: settings.month}.get(budget, settings.member)

    def _bound(self, budget: Budget) -> Limits:
        return {Budget.DAY: self.bounds.day, Budget.MONTH: self.bounds.month}.get(budget, self.bounds.member)

    def drop(self, guild: int) -> None:
        """Members' accounts are gone. The server's own stand until their time is over: no budget begins anew by it."""
        self._kept = {key: kept for key, kept in self._kept.items() if key[1] != guild or key[0] is not Budget.MEMBER}

    async def load(self, store: Store) -> None:
        """What was used this month, by an earlier process; people were told then how much that is."""
        now = self.now()
        month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        for one in await store.spending(int(month.timestamp()) // HOUR):
            at = datetime.fromtimestamp(one.hour * HOUR, UTC)
            for budget in (Budget.MEMBER,) if one.member else (Budget.DAY, Budget.MONTH):
                if until(budget, at) == until(budget, now):
                    account = self.account(budget, one.guild, one.member)
                    account.tokens, account.dollars = account.tokens + one.tokens, account.dollars + one.dollars
                    account.unpriced |= one.unpriced
        for (budget, guild, _), (_, account) in self._kept.items():
            list(account.nears(self.limits(budget, guild)))

    # Members who have used up their hour

    def heeds(self, guild: int, member: int) -> bool:
        """Whether what this member says calls for turns."""
        limits = self.limits(Budget.MEMBER, guild)
        return limits == NOTHING or not self.account(Budget.MEMBER, guild, member).is_used_up(limits)

    def is_dismissed(self, room: int, member: int) -> bool:
        """Whether this room was told so in this hour."""
        return bool(self.hour) and (room, member) in self._dismissed

    def dismiss(self, room: int, guild: int, member: Member) -> Nearing:
        """From now on nothing that this member says calls for a turn, until their hour is over; tells the room."""
        account, limits = self.account(Budget.MEMBER, guild, member.id), self.limits(Budget.MEMBER, guild)
        account.refused = limits
        self._dismissed.add((room, member.id))
        unit, used, limit = account.most(limits)
        return Nearing(budget=Budget.MEMBER, unit=unit, used=used, limit=limit, member=member, exhausted=True)
