"""What one room spends from: reserved before each call in every account it counts for, settled after it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self

from rooms_bot.domain.costs import Cost, Share, until
from rooms_bot.domain.events import Budget, Nearing, Planned, Shortage, Why
from rooms_bot.domain.rooms import Limits
from rooms_bot.domain.state import RoomState
from rooms_bot.engine.accounts import NOTHING, SERVER, Accounts
from rooms_bot.engine.bookkeeping import Bookkeeping
from rooms_bot.engine.ledger import Account

Tell = Callable[[Nearing], None]
"""Is told where people should know that most of a budget is used."""


@dataclass(frozen=True, slots=True)
class Claim:
    """An account that a call is charged to; where it is not `binding`, even if that goes beyond its limit."""

    budget: Budget
    account: Account
    limits: Limits
    binding: bool = True


class Purse:
    """Charges a room's calls to its own account, its server's, and those of members it answers."""

    def __init__(self, number: int, room: RoomState, accounts: Accounts, books: Bookkeeping, tell: Tell) -> None:
        self._number, self._room, self._accounts, self._books, self._tell = number, room, accounts, books, tell
        spent = room.spent
        self._own = Account(spent.prompt_tokens + spent.completion_tokens, spent.cost)
        self._own.unpriced = spent.unpriced
        list(self._own.nears(room.config.budget))  # people were told by an earlier process

    def share(self) -> Share:
        """How the room's own budget stands."""
        own = self._own
        return Share(Budget.ROOM, own.tokens, own.dollars, self._room.config.budget, unpriced=own.unpriced)

    def reserve(self, cost: Cost | None, payer: int | None = None, *, binding: bool = True) -> "Reservation | Shortage":
        """Hold so much for a call, in all that it counts for, or say where there is too little.

        None is a call that costs nobody anything. What the member `payer` may use holds only where it is `binding`.
        """
        if cost is None:
            return Reservation(Cost(), (), lambda _: None)
        if (short := self.lacks(cost, payer, binding=binding)) is not None:
            return short
        claims = self._claims(payer, binding=binding)
        for claim in claims:
            claim.account.hold(cost)
        hour = self._accounts.hour
        return Reservation(cost, claims, lambda taken: self._spent(claims, payer, hour, taken))

    def lacks(self, cost: Cost | None, payer: int | None = None, *, binding: bool = True) -> Shortage | None:
        """Where there is too little for such a call, if anywhere; see `reserve`."""
        if cost is None:
            return None
        for claim in self._claims(payer, binding=binding):
            lacking = claim.account.lacks(cost, claim.limits)
            if lacking == "price" or (lacking and claim.binding):
                return self._shortage(claim, lacking)
        return None

    def turn_away(self, member: int) -> Nearing | None:
        """A member's hour is used up: that they are heard and not answered, where they are known here."""
        who = self._room.members.get(member)
        return self._accounts.dismiss(self._number, self._guild, who) if who else None

    @property
    def _guild(self) -> int:
        return self._room.opened.place.guild

    def _claims(self, payer: int | None, *, binding: bool) -> Sequence[Claim]:
        claims = [Claim(Budget.ROOM, self._own, self._room.config.budget)]
        claims += [self._claim(budget) for budget in (Budget.DAY, Budget.MONTH)]
        return claims if payer is None else [*claims, self._claim(Budget.MEMBER, payer, binding=binding)]

    def _claim(self, budget: Budget, member: int = SERVER, *, binding: bool = True) -> Claim:
        account = self._accounts.account(budget, self._guild, member)
        return Claim(budget, account, self._accounts.limits(budget, self._guild), binding)

    def _shortage(self, claim: Claim, lacking: Literal["tokens", "dollars", "price"]) -> Shortage:
        account, money = claim.account, lacking != "tokens"
        short = Shortage(
            budget=claim.budget,
            unit=lacking,
            used=account.dollars if money else account.tokens,
            limit=claim.limits.dollars if money else claim.limits.tokens,
            until=until(claim.budget, self._accounts.now()),
        )
        if claim.budget is Budget.ROOM:
            return short
        return short.model_copy(update={"raised_by": self._accounts.raised_by(short, self._guild)})

    def _spent(self, claims: Sequence[Claim], payer: int | None, hour: int, cost: Cost) -> None:
        """Write it down, and tell people where most of a budget is used."""
        for member in (SERVER, *([payer] if payer else ())):
            self._books.add(self._guild, member, hour, cost)
        for claim in claims:
            who = self._room.members.get(payer or 0) if claim.budget is Budget.MEMBER else None
            for unit, used, limit in claim.account.nears(claim.limits):
                self._tell(Nearing(budget=claim.budget, unit=unit, used=used, limit=limit, member=who))


class Reservation:
    """Held for one call. Where the `with` is left without `settle`, what was estimated counts as used."""

    def __init__(self, cost: Cost, claims: Sequence[Claim], spent: Callable[[Cost], None]) -> None:
        self._cost, self._claims, self._spent = cost, claims, spent
        self._settled = self.free = not claims
        """Whether the call costs nobody anything."""
        self.is_limited = any(claim.limits != NOTHING for claim in claims)
        """Whether any of what it is charged to has a limit."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.settle(None)

    def settle(self, cost: Cost | None) -> None:
        """The call took so much; None, nobody knows how much, leaves it at the estimate. Only the first counts.

        A price that stays unknown is taken as it was estimated, if it was.
        """
        if self._settled:
            return
        self._settled = True
        taken = self._cost if cost is None else cost
        if taken.dollars is None:
            taken = Cost(taken.tokens, self._cost.dollars)
        for claim in self._claims:
            claim.account.settle(self._cost, taken)
        self._spent(taken)


def payer(room: RoomState, planned: Planned) -> int | None:
    """The member a turn is charged to: who is answered, or, where the mode chose, who spoke and has no answer yet."""
    if planned.why is Why.ASKED and planned.answers is not None:
        line = room.line(planned.answers)
        return line.member if line is not None else None
    return room.caller if planned.why is Why.MODE else None
