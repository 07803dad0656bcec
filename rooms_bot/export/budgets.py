"""What is said of budgets, by every door: how they stand, that most of one is used, that one does not suffice.

Commands in backquotes by their names in Discord, and times as Discord shows each reader their own.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from rooms_bot.domain.costs import Share, until
from rooms_bot.domain.events import Budget, Nearing, Shortage
from rooms_bot.domain.rooms import Limits
from rooms_bot.i18n import N_, _, ngettext, number

WHOSE = {
    Budget.ROOM: N_("the room's budget"),
    Budget.DAY: N_("the server's budget for today"),
    Budget.MONTH: N_("the server's budget for this month"),
    Budget.MEMBER: N_("your budget for this hour"),
}
EACH = N_("the budget of each member for an hour")
OF = {
    Budget.ROOM: N_("This room"),
    Budget.DAY: N_("This server today"),
    Budget.MONTH: N_("This server this month"),
    Budget.MEMBER: N_("You, this hour"),
}
RAISED = {
    "host": N_("A host can change it with `/room configure`."),
    "admin": N_("Those who manage the server can change it with `/settings`."),
    "operator": N_("The operator of the bot can change it."),
}


def paused(short: Shortage) -> str:
    """That the room is paused for it, and what helps."""
    said = _("The room is paused: {reason}.").format(reason=lacking(short))
    return " ".join((said, *_ways(short), _("`/room resume` tries again.")))


def lacking(short: Shortage) -> str:
    """Completes “The room is paused: …”, without a stop."""
    budget = _(EACH if short.budget is Budget.MEMBER else WHOSE[short.budget])
    if short.unit == "price":
        said = _("{budget} is in money ({limit}), and the price of the model is unknown")
        return said.format(budget=budget, limit=amount(short.limit, "dollars"))
    said = _("what is left of {budget} does not suffice for another turn, {used} being used")
    return said.format(budget=budget, used=of(short.used, short.limit, short.unit))


def _ways(short: Shortage) -> Iterator[str]:
    if short.until is not None and short.unit != "price":
        yield _("It begins anew {time}.").format(time=when(short.until))
    if short.unit == "price":
        yield _("Without that budget, or with a model of known price, it goes on.")
    yield _(RAISED[short.raised_by])


def nearing(event: Nearing, at: datetime, name: str) -> str:
    """That most of a budget is used; `name` is the member's, safe for where it is shown, where it is theirs."""
    share, end = f"{event.used / event.limit:.0%}" if event.limit else "100%", until(event.budget, at)
    if event.exhausted and end is not None:
        said = _("{name}, you have used up {budget}. What you say is heard; agents answer you again {time}.")
        return said.format(name=name, budget=_(WHOSE[event.budget]), time=when(end))
    used = of(event.used, event.limit, event.unit)
    said = _("{name}, {share} of {budget} is used: {used}.") if name else _("{share} of {budget} is used: {used}.")
    return said.format(name=name, share=share, budget=_(WHOSE[event.budget]), used=used)


def figures(shares: Sequence[Share], *, limited: bool = False) -> list[str]:
    """How these budgets stand, a line each.

    `limited` leaves out those without a limit, and those of a server of which nothing is used.
    """
    return [
        _figure(share, limited=limited)
        for share in shares
        if not limited or (share.limits != Limits() and (share.tokens or share.budget is Budget.ROOM))
    ]


def _figure(share: Share, *, limited: bool) -> str:
    used = [of(share.tokens, share.limits.tokens, "tokens")]
    used += [] if limited and not share.limits.dollars else [_dollars(share)]
    said = _("{whose}: {used}; anew {time}") if share.until else _("{whose}: {used}")
    return said.format(whose=_(OF[share.budget]), used=", ".join(used), time=when(share.until) if share.until else "")


def _dollars(share: Share) -> str:
    if share.unpriced and not (share.dollars or share.limits.dollars):
        return _("of unknown price")
    dollars = of(share.dollars, share.limits.dollars, "dollars")
    return _("{dollars} and calls of unknown price").format(dollars=dollars) if share.unpriced else dollars


def limited(limits: Limits) -> str:
    """What a room may use, as a rule of its own."""
    parts = [amount(limits.tokens, "tokens")] if limits.tokens else []
    parts += [amount(limits.dollars, "dollars")] if limits.dollars else []
    if not parts:
        return _("the room has no budget of its own")
    return _("the room's budget is {amounts}").format(amounts=" / ".join(parts))


def of(used: float, limit: float, unit: str) -> str:
    """`300 of 1,200 tokens`, or without a limit what is used alone."""
    if not limit:
        return amount(used, unit)
    counted = number(int(used)) if unit == "tokens" else amount(used, unit)
    return _("{used} of {limit}").format(used=counted, limit=amount(limit, unit))


def amount(value: float, unit: str) -> str:
    """`1,200 tokens`, `$0.25`; below ten cents to the hundredth of a cent."""
    if unit == "tokens":
        return ngettext("{count} token", "{count} tokens", int(value)).format(count=number(int(value)))
    return dollars(value, 2 if value >= 0.1 or not value else 4)


def dollars(value: float, digits: int) -> str:
    """With as many digits after the point."""
    return _("${amount}").format(amount=number(value, digits))


def when(time: datetime) -> str:
    """As each reader's own clock shows it: how long from now."""
    return f"<t:{int(time.timestamp())}:R>"
