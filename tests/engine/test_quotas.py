"""Budgets hold: what does not fit is not called, what was called is charged, and people are told in time."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms_bot.domain.costs import Cost, Share, smaller, until
from rooms_bot.domain.events import Budget, Heard, Nearing, Paused, Usage, now_ms
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import Limits, Member, Seat
from rooms_bot.engine import commands as ask
from rooms_bot.engine.accounts import Bounds
from rooms_bot.engine.bookkeeping import Bookkeeping
from rooms_bot.engine.call import writes
from rooms_bot.engine.house import House
from rooms_bot.engine.ledger import Account
from rooms_bot.engine.room import Room
from rooms_bot.errors import AgentTimeout, RoomsError
from rooms_bot.export import budgets
from rooms_bot.ports import GuildSettings, Request, Spending
from rooms_bot.store.ram import RamStore
from tests.engine.conftest import CHANNEL, SAM, THEO, Stage, all_events, heard, kinds, nothing, posted
from tests.engine.fakes import Crashing, Held, Page, TurnedClock, failing

GUILD, OTHER = 9, 78
NOON = 1_800_000_000.0
"""A Friday, 8:00 in UTC: where the clock of a stage stands."""


class Costly:
    """An agent each of whose answers takes 10 tokens to read and 30 to write, or so many as nobody says."""

    def __init__(self, text: str = "well", *, says: bool = True, cost: float | None = 0.04) -> None:
        self.text, self.says, self.cost, self.requests = text, says, cost, 0

    async def stream(self, request: Request) -> AsyncGenerator[str | Usage, None]:
        del request
        self.requests += 1
        yield self.text
        if self.says:
            yield Usage(prompt_tokens=10, completion_tokens=30, cost=self.cost)


class Wordy:
    """An agent that writes as much as its request lets it, by its provider's count."""

    def __init__(self) -> None:
        self.bounds: list[int | None] = []

    async def stream(self, request: Request) -> AsyncGenerator[str | Usage, None]:
        self.bounds.append(request.max_tokens)
        yield "well."
        yield Usage(prompt_tokens=4 * len(request.messages), completion_tokens=request.max_tokens or 9000)


class Endless:
    """An agent that heeds no bound."""

    async def stream(self, request: Request) -> AsyncGenerator[str | Usage, None]:
        del request
        while True:
            yield "So it is. "


class Slow:
    """An agent that begins to speak and then takes too long."""

    async def stream(self, request: Request) -> AsyncGenerator[str | Usage, None]:
        del request
        yield "a" * 40
        raise AgentTimeout("no whole answer")


@pytest.fixture
def stage(stage: Stage) -> Stage:
    """Calls cost a dollar for a thousand tokens here; 40 are reserved for an answer, 4 for each line before it."""
    stage.cast.price, stage.cast.longest = lambda read, written: (read + written) / 1000, 40
    return stage


async def allow(stage: Stage, **limits: Limits) -> None:
    await stage.house.servers.save(GuildSettings(guild=GUILD).model_copy(update=limits))


async def short(page: Page, count: int = 1) -> Paused:
    paused = (await page.told("paused", count)).what
    assert isinstance(paused, Paused)
    return paused


def used(stage: Stage, room: Room | None = None, member: Member | None = None) -> dict[Budget, int]:
    shares = stage.house.quotas.standing(GUILD, room.id if room else None, member.id if member else None)
    return {one.budget: one.tokens for one in shares}


# A room's


async def test_a_room_pauses_before_the_call_that_does_not_fit_and_loses_nothing(stage: Stage) -> None:
    ada = Costly()
    room, page = await stage.open({"Ada": ada}, budget=Limits(tokens=100))
    paused = await short(page)
    assert ada.requests == 2
    assert (paused.by, paused.short and paused.short.budget, paused.short and paused.short.used) == (None, "room", 80)
    assert "80 of 100 tokens" in paused.reason
    assert (room.state.current, room.state.turns_taken) == (None, 2)
    await room.do(ask.resume(THEO))
    await short(page, 2)
    assert ada.requests == 2
    await room.do(ask.configure(THEO, budget=Limits(tokens=140)))
    await room.do(ask.resume(THEO))
    assert (await short(page, 3)).short is not None
    assert ada.requests == 3


async def test_a_question_outlasts_the_pause_and_asking_again_does_not_end_it(stage: Stage) -> None:
    room, page = await stage.open({"Ada": Costly()}, budget=Limits(tokens=30), agents_answer="people")
    stage.hear("@Ada why?")
    await short(page)
    stage.hear("@Ada why?")
    await room.do(nothing)
    assert kinds(await all_events(room)).count("paused") == 1
    assert [one.answers for one in room.state.asked_by_members] == [room.state.lines[0].sources[0]]
    await room.do(ask.configure(THEO, budget=Limits()))
    await room.do(ask.resume(THEO))
    assert await page.next(1) == ["Ada: well"]


async def test_people_are_told_once_when_four_fifths_are_used_and_again_of_another_limit(stage: Stage) -> None:
    room, page = await stage.open({"Ada": Costly()}, budget=Limits(tokens=200), turns=20)
    await short(page)
    told = [event.what for event in page.notices if isinstance(event.what, Nearing)]
    assert told == [Nearing(budget=Budget.ROOM, unit="tokens", used=160, limit=200)]
    await room.do(ask.configure(THEO, budget=Limits(tokens=205)))
    await room.do(ask.resume(THEO))
    assert (await short(page, 2)).short is not None
    assert [event.what.limit for event in page.notices if isinstance(event.what, Nearing)] == [200]
    await room.do(ask.configure(THEO, budget=Limits(tokens=250)))
    await room.do(ask.resume(THEO))
    await short(page, 3)
    assert [event.what.limit for event in page.notices if isinstance(event.what, Nearing)] == [200, 250]


async def test_what_costs_nobody_anything_counts_for_no_budget(stage: Stage) -> None:
    stage.cast.price = None
    stage.house.quotas.accounts.bounds = Bounds(day=Limits(tokens=1, dollars=0.01), member=Limits(tokens=1))
    _, page = await stage.open({"Ada": Costly(cost=0.0)}, budget=Limits(tokens=1, dollars=0.01), turns=3)
    await page.next(3)
    await page.told("closed")
    assert used(stage) == {Budget.DAY: 0, Budget.MONTH: 0}


# A server's


async def test_two_rooms_cannot_overdraw_together(stage: Stage) -> None:
    await allow(stage, day=Limits(tokens=75))
    ada, bob = Held(), Held()
    _, first = await stage.open({"Ada": ada}, turns=1)
    await asyncio.wait_for(ada.started.wait(), 5)
    _, second = await stage.open({"Bob": bob}, channel=OTHER, turns=1)
    assert (await short(second)).short is not None
    assert not bob.started.is_set()
    ada.release.set()
    await first.told("closed")
    assert used(stage)[Budget.DAY] == 2


async def test_a_new_day_and_a_new_month_begin_at_nothing(stage: Stage) -> None:
    await allow(stage, day=Limits(tokens=60), month=Limits(tokens=110))
    room, page = await stage.open({"Ada": Costly()})
    paused = (await short(page)).short
    assert paused is not None
    assert (paused.budget, paused.until, paused.raised_by) == ("day", datetime(2027, 1, 16, tzinfo=UTC), "admin")
    stage.clock.advance(16 * 3600)
    await room.do(ask.resume(THEO))
    assert (await short(page, 2)).short is not None
    assert used(stage, room) == {Budget.ROOM: 80, Budget.DAY: 40, Budget.MONTH: 80}
    stage.clock.advance(16 * 24 * 3600)
    await room.do(ask.resume(THEO))
    assert (await short(page, 3)).short is not None
    assert used(stage, room) == {Budget.ROOM: 120, Budget.DAY: 40, Budget.MONTH: 40}


async def test_the_month_holds_where_the_day_would_do(stage: Stage) -> None:
    await allow(stage, day=Limits(tokens=600), month=Limits(tokens=60))
    _, page = await stage.open({"Ada": Costly()})
    paused = (await short(page)).short
    assert paused is not None
    assert (paused.budget, paused.until) == ("month", datetime(2027, 2, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("own", "bound", "who"), [(50, 0, "admin"), (50, 60, "admin"), (60, 50, "operator"), (0, 50, "operator")]
)
async def test_the_smaller_of_the_servers_and_the_operators_limit_holds(
    stage: Stage, own: int, bound: int, who: str
) -> None:
    await allow(stage, day=Limits(tokens=own))
    stage.house.quotas.accounts.bounds = Bounds(day=Limits(tokens=bound))
    _, page = await stage.open({"Ada": Costly()})
    paused = (await short(page)).short
    assert paused is not None
    assert (paused.limit, paused.raised_by) == (50, who)


async def test_what_was_used_outlives_the_process_and_nobody_is_told_twice(stage: Stage) -> None:
    store, page = RamStore(), Page()
    await store.save_settings(GuildSettings(guild=GUILD, day=Limits(tokens=100)))
    async with House(store, RamStore(), lambda *_: page, stage.cast, stage.clock) as house:
        stage.house = house
        stage.pages[CHANNEL] = page
        await stage.open({"Ada": Costly()})
        await short(page)
        assert "nearing" in [event.what.kind for event in page.notices]
    assert await store.spending(0) == [Spending(guild=GUILD, member=0, hour=500_000, tokens=80, dollars=0.08)]
    again, stage.cast.longest = Page(), 15
    async with House(store, RamStore(), lambda *_: again, stage.cast, stage.clock) as house:
        stage.house = house
        stage.pages[OTHER] = again
        ada = Costly()
        await stage.open({"Ada": ada}, channel=OTHER)
        await short(again)
        assert ada.requests == 1
        assert "nearing" not in [event.what.kind for event in again.notices]


async def test_what_is_being_thought_when_the_program_ends_is_written_down(stage: Stage) -> None:
    store, page, ada = RamStore(), Page(), Held()
    stage.cast.estimate = 80
    async with House(store, RamStore(), lambda *_: page, stage.cast, stage.clock) as house:
        stage.house, stage.pages[CHANNEL] = house, page
        await stage.open({"Ada": ada})
        await asyncio.wait_for(ada.started.wait(), 5)
    assert [one.tokens for one in await store.spending(0)] == [100]


async def test_a_members_hour_outlives_the_process(stage: Stage) -> None:
    store = RamStore()
    await store.save_settings(GuildSettings(guild=GUILD, member=Limits(tokens=90)))
    await store.spend(
        [
            Spending(guild=GUILD, member=THEO.id, hour=500_000, tokens=90),
            Spending(guild=GUILD, member=SAM.id, hour=499_999, tokens=90),
        ]
    )
    async with House(store, RamStore(), lambda *_: Page(), stage.cast, stage.clock) as house:
        assert not house.quotas.heeds(GUILD, THEO.id)
        assert house.quotas.heeds(GUILD, SAM.id)
        assert house.quotas.heeds(GUILD + 1, THEO.id)
        stage.clock.advance(3600)
        assert house.quotas.heeds(GUILD, THEO.id)


class Broken(RamStore):
    """A database that fails the first time something is spent."""

    failed = False

    async def spend(self, spent: object) -> None:
        if not self.failed:
            self.failed = True
            raise RoomsError("the disk is full")
        await super().spend(spent)  # type: ignore[arg-type]


async def test_a_database_that_fails_costs_no_turn_and_what_was_spent_is_written_later(stage: Stage) -> None:
    store, page = Broken(), Page()
    async with House(store, RamStore(), lambda *_: page, stage.cast, stage.clock) as house:
        stage.house, stage.pages[CHANNEL] = house, page
        await stage.open({"Ada": Costly()}, turns=2)
        await page.told("closed")
    assert [one.tokens for one in await store.spending(0)] == [80]


# Calls that do not end well


async def test_a_call_that_is_broken_off_has_been_paid_for(stage: Stage) -> None:
    stage.cast.estimate = 80
    ada = Held()
    room, _ = await stage.open({"Ada": ada}, agents_answer="people")
    stage.hear("@Ada why?")
    await asyncio.wait_for(ada.started.wait(), 5)
    await room.do(ask.pause(THEO))
    await room.do(nothing)
    assert used(stage)[Budget.DAY] == 104  # 80 of ours are 100 of theirs, and 4 for the line
    assert room.state.spent.prompt_tokens == 104
    assert room.state.spent.cost == pytest.approx(0.104)


async def test_a_thought_dropped_by_the_end_of_the_room_is_part_of_what_it_cost(stage: Stage) -> None:
    stage.cast.estimate, ada = 80, Held()
    room, page = await stage.open({"Ada": ada})
    await asyncio.wait_for(ada.started.wait(), 5)
    await room.do(ask.stop(THEO))
    await page.told("closed")
    await room.do(nothing)
    assert room.state.spent.prompt_tokens == used(stage, room)[Budget.ROOM] == 100
    assert room.over


async def test_a_fault_of_ours_holds_nothing_back(stage: Stage) -> None:
    await allow(stage, day=Limits(tokens=100))
    room, page = await stage.open({"Ada": Crashing()}, turns=2)
    await stage.clock.until_asleep(2)
    stage.clock.advance(2)
    assert await page.next(1) == ["Ada: well again"]
    await page.told("closed")
    assert used(stage, room)[Budget.DAY] == 3


async def test_where_the_provider_does_not_count_the_estimate_stays(stage: Stage) -> None:
    room, page = await stage.open({"Ada": Costly("a" * 40, says=False)}, turns=1)
    await page.told("closed")
    assert used(stage, room)[Budget.ROOM] == room.state.spent.completion_tokens == 11
    assert room.state.scales == {}


async def test_a_failure_costs_what_came_until_then_and_nothing_where_nobody_was_reached(stage: Stage) -> None:
    room, page = await stage.open({"Ada": Slow(), "Bob": failing()}, turns=2)
    await page.told("closed")
    assert used(stage, room)[Budget.ROOM] == room.state.spent.completion_tokens == 11


async def test_without_a_known_price_no_money_is_spent(stage: Stage) -> None:
    stage.cast.price = lambda *_: None
    ada = Costly(cost=None)
    room, page = await stage.open({"Ada": ada}, budget=Limits(dollars=5))
    paused = await short(page)
    assert (ada.requests, paused.short and paused.short.unit) == (0, "price")
    assert "the price of the model is unknown" in paused.reason
    await room.do(ask.configure(THEO, budget=Limits(tokens=60)))
    await room.do(ask.resume(THEO))
    assert await page.next(1) == ["Ada: well"]
    await short(page, 2)
    assert [share.unpriced for share in stage.house.quotas.standing(GUILD, room.id)] == [True, True, True]


async def test_money_is_counted_as_tokens_are(stage: Stage) -> None:
    ada = Costly()
    await allow(stage, month=Limits(dollars=0.1))
    _, page = await stage.open({"Ada": ada})
    paused = await short(page)
    assert ada.requests == 2
    assert paused.short is not None
    assert paused.short.used == pytest.approx(0.08)
    assert "$0.0800 of $0.10" in paused.reason


async def test_where_the_provider_names_no_cost_the_table_of_prices_does(stage: Stage) -> None:
    room, page = await stage.open({"Ada": Costly(cost=None)}, turns=1)
    await page.told("closed")
    assert room.state.spent.cost == pytest.approx(0.04)
    assert not room.state.spent.unpriced


# Errands


async def test_errands_are_charged_and_left_quietly_where_they_do_not_fit(stage: Stage) -> None:
    stage.cast.errand, stage.cast.words = Cost(50, 0.05), {"Ada": ("sums",), "Bob": ("chess",)}
    await allow(stage, day=Limits(tokens=100))
    room, page = await stage.open({"Ada": Costly()}, turns=1)
    await page.told("closed")
    assert room.state.seats[1].persona.expansion == ("sums",)
    assert used(stage, room)[Budget.DAY] == 50
    player = {"Bob": {"role": "player"}}
    room, page = await stage.open({"Bob": Held()}, OTHER, player, agents_answer="people")
    while not room.state.seats[1].persona.expansion:
        await room.do(nothing)
    stage.cast.due_lines = 1
    stage.house.hear(OTHER, heard("hello"))
    await short(page)
    await room.do(ask.stop(THEO))
    await page.told("closed")
    assert "compacted" not in kinds(await all_events(room))
    assert used(stage)[Budget.DAY] == 60


# How long answers may be


async def test_an_answer_is_bounded_by_what_is_left_and_a_useless_one_is_not_bought(stage: Stage) -> None:
    stage.cast.longest, wordy = None, Wordy()
    room, page = await stage.open({"Ada": wordy}, budget=Limits(tokens=1500))
    await short(page)
    assert wordy.bounds == [1000, 496]  # what was said takes 4 to read
    assert used(stage, room)[Budget.ROOM] == 1500
    await room.do(ask.configure(THEO, budget=Limits(tokens=1500 + 207)))
    await room.do(ask.resume(THEO))
    await short(page, 2)
    await room.do(ask.configure(THEO, budget=Limits(tokens=1500 + 208)))
    await room.do(ask.resume(THEO))
    await short(page, 3)
    assert wordy.bounds == [1000, 496, 200]


async def test_money_bounds_an_answer_as_tokens_do(stage: Stage) -> None:
    stage.cast.longest, wordy = None, Wordy()
    await allow(stage, month=Limits(dollars=1.5))
    _, page = await stage.open({"Ada": wordy})
    await short(page)
    assert wordy.bounds == [1000, 496]


async def test_a_long_answer_is_bounded_by_its_own_bound_and_shortened_to_a_fifth_of_it_at_most(stage: Stage) -> None:
    stage.cast.longest, wordy = 4000, Wordy()
    _, page = await stage.open({"Ada": wordy}, budget=Limits(tokens=4000 + 803))
    await short(page)
    assert wordy.bounds == [4000]


async def test_without_a_limit_an_answer_is_as_long_as_its_model_likes(stage: Stage) -> None:
    stage.cast.longest, wordy = None, Wordy()
    _, page = await stage.open({"Ada": wordy}, turns=1)
    await page.told("closed")
    assert wordy.bounds == [None]


async def test_who_heeds_no_bound_is_read_up_to_it_and_says_whole_sentences(stage: Stage) -> None:
    stage.cast.longest = None
    await allow(stage, day=Limits(tokens=1200))
    room, page = await stage.open({"Ada": Endless()})
    await short(page)
    assert used(stage, room)[Budget.DAY] == pytest.approx(1000, abs=3)
    assert room.state.lines[0].text.endswith("So it is.")


async def test_two_rooms_with_long_answers_stay_within_their_servers_money(stage: Stage) -> None:
    stage.cast.longest = None
    await allow(stage, day=Limits(dollars=2.5))
    _, first = await stage.open({"Ada": Wordy()})
    _, second = await stage.open({"Bob": Wordy()}, channel=OTHER)
    await short(first)
    await short(second)
    [day] = [share for share in stage.house.quotas.standing(GUILD) if share.budget is Budget.DAY]
    assert 2.3 <= day.dollars <= 2.5 + 1e-6


# What is kept


class Waiting(RamStore):
    """A database that takes its time."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.ready = asyncio.Event(), asyncio.Event()

    async def spend(self, spent: Sequence[Spending]) -> None:
        self.asked.set()
        await self.ready.wait()
        await super().spend(spent)


async def test_what_is_spent_while_the_last_of_it_is_written_is_written_too() -> None:
    store = Waiting()
    async with Bookkeeping(store, TurnedClock()) as books:
        books.add(GUILD, 0, 5, Cost(100))
        await store.asked.wait()
        books.add(GUILD, 0, 5, Cost(700))
        asyncio.get_running_loop().call_soon(store.ready.set)
    assert [one.tokens for one in await store.spending(0)] == [800]


async def test_that_a_rooms_price_was_unknown_outlives_the_process(stage: Stage) -> None:
    store, stage.cast.price = RamStore(), lambda *_: None
    for start in (1, 2):
        async with House(store, RamStore(), lambda *_: stage.pages[CHANNEL], stage.cast, stage.clock) as house:
            stage.house = house
            stage.pages.setdefault(CHANNEL, Page())
            if start == 1:
                _, page = await stage.open({"Ada": Costly(cost=None)}, memory="durable", human_every=1)
                await page.told("waiting")
            await house.wake()
            own = house.quotas.standing(GUILD, house.room(CHANNEL).id)[0]
            assert (own.budget, own.tokens, own.unpriced) == (Budget.ROOM, 40, True)


# Members'


async def test_a_member_pays_for_answers_and_is_heard_and_not_answered_once_their_hour_is_used_up(stage: Stage) -> None:
    await allow(stage, member=Limits(tokens=90))
    room, page = await stage.open({"Ada": Costly()}, agents_answer="people")
    stage.hear("@Ada one")
    await page.next(1)
    stage.hear("@Ada two", SAM)
    await page.next(1)
    stage.hear("@Ada three")
    assert await page.next(0) == []
    told = (await page.told("nearing")).what
    assert isinstance(told, Nearing)
    assert (told.member and told.member.name, told.exhausted, told.used) == ("Theo", True, 40)
    stage.hear("@Ada four")
    stage.hear("@Ada five", SAM)
    await page.told("nearing", 2)
    assert [line.text for line in room.state.lines if line.member] == [
        f"@Ada {number}" for number in ("one", "two", "three", "four", "five")
    ]
    assert kinds(await all_events(room)).count("nearing") == 2  # Theo's, and Sam's, who asked twice
    assert posted(room.state).count("Ada: well") == 2
    stage.clock.advance(3600)
    stage.hear("@Ada six")
    assert await page.next(1) == ["Ada: well"]
    assert used(stage, member=THEO)[Budget.MEMBER] == 40


async def test_who_is_not_heeded_is_told_once_in_each_room_and_hour_and_ends_no_wait(stage: Stage) -> None:
    await allow(stage, member=Limits(tokens=44))
    room, page = await stage.open({"Ada": Costly()}, agents_answer="people", budget=Limits(tokens=1000))
    stage.hear("well?")
    await page.next(1)
    stage.hear("@Ada and?")
    await page.told("nearing", 2)
    for _ in range(3):
        stage.hear("@Ada and?")
        await room.do(nothing)
    unheeded = [event.what.unheeded for event in await all_events(room) if isinstance(event.what, Heard)]
    assert unheeded == [False, False, True, True, True]
    dismissed = [event.what for event in page.notices if isinstance(event.what, Nearing) and event.what.exhausted]
    assert len(dismissed) == 1
    assert room.state.asked_by_members == []


async def test_a_turn_that_the_mode_gives_after_a_message_is_its_authors(stage: Stage) -> None:
    room, page = await stage.open({"Ada": Costly(), "Bob": Costly()}, human_every=1)
    await page.told("waiting")
    stage.hear("what do you think?")
    await page.told("waiting", 2)
    assert used(stage, room, THEO) == {Budget.ROOM: 80, Budget.DAY: 80, Budget.MONTH: 80, Budget.MEMBER: 40}


# Words


def test_what_is_said_names_the_budget_the_amounts_and_who_can_change_it() -> None:
    at = now_ms(NOON)
    near = Nearing(budget=Budget.DAY, unit="tokens", used=1700, limit=2000)
    assert budgets.nearing(near, at, "") == ("85% of the server's budget for today is used: 1,700 of 2,000 tokens.")
    over = Nearing(budget=Budget.MEMBER, unit="tokens", used=90, limit=90, member=THEO, exhausted=True)
    assert "Theo, you have used up your budget for this hour" in budgets.nearing(over, at, "Theo")
    assert "<t:1800003600:R>" in budgets.nearing(over, at, "Theo")


def test_figures_are_told_with_their_limits_and_what_is_unknown() -> None:
    at = now_ms(NOON)
    shares = [
        Share(Budget.ROOM, 1200, 0.0325, Limits(tokens=20_000, dollars=0.5), unpriced=True),
        Share(Budget.DAY, 0, 0.0, Limits(tokens=5), at),
        Share(Budget.MONTH, 7, 3.0, Limits(), at),
    ]
    room, day, month = budgets.figures(shares)
    assert room == ("This room: 1,200 of 20,000 tokens, $0.0325 of $0.50 and calls of unknown price")
    assert day == f"This server today: 0 of 5 tokens, $0.00; anew <t:{int(NOON)}:R>"
    assert budgets.figures(shares, limited=True) == [room]
    unused = Share(Budget.ROOM, 0, 0.0, Limits(tokens=20))
    assert budgets.figures([unused, shares[1]], limited=True) == ["This room: 0 of 20 tokens"]
    assert month.startswith("This server this month: 7 tokens, $3.00")


# The arithmetic


def test_periods_end_with_the_hour_the_day_and_the_month_in_utc() -> None:
    last = datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)
    ends = {budget: until(budget, last) for budget in (Budget.MEMBER, Budget.DAY, Budget.MONTH)}
    assert set(ends.values()) == {datetime(2027, 1, 1, tzinfo=UTC)}
    assert until(Budget.MONTH, datetime(2028, 2, 29, tzinfo=UTC)) == datetime(2028, 3, 1, tzinfo=UTC)
    assert until(Budget.ROOM, last) is None


def test_no_limit_is_larger_than_any() -> None:
    assert smaller(Limits(tokens=5), Limits(tokens=3, dollars=2)) == Limits(tokens=3, dollars=2)
    assert smaller(Limits(), Limits()) == Limits()


seat = Seat(id=1, name="Ada", persona=Persona(name="Ada"))
costs = st.builds(Cost, st.integers(0, 200), st.floats(0, 2, allow_nan=False) | st.none())
deeds = st.lists(st.tuples(st.sampled_from(["call", "end"]), costs, st.integers(0, 20)), max_size=60)


@given(deeds, st.integers(0, 500), st.floats(0, 5, allow_nan=False))
def test_what_is_used_and_held_never_goes_beyond_a_limit_where_estimates_hold(
    deeds: list[tuple[str, Cost, int]], tokens: int, dollars: float
) -> None:
    account, limits, held = Account(), Limits(tokens=tokens, dollars=dollars), list[Cost]()
    for deed, cost, which in deeds:
        if deed == "call" and account.lacks(cost, limits) is None:
            account.hold(cost)
            held.append(cost)
        elif deed == "end" and held:
            estimate = held.pop(which % len(held))
            taken = min(estimate.tokens, cost.tokens), min(estimate.dollars or 0.0, cost.dollars or 0.0)
            account.settle(estimate, Cost(*taken))
        if tokens:
            assert account.tokens + account.held_tokens <= tokens
        if dollars:
            assert account.dollars + account.held_dollars <= dollars + 1e-6
    assert account.held_tokens == sum(one.tokens for one in held)


asked = st.tuples(st.integers(0, 300), st.integers(0, 900), st.integers(1, 3000), st.floats(0, 1), st.booleans())
"""Of a call: tokens to read by our count and its provider's, to write at most, how many of those it writes, and
whether one ends before it."""


@given(st.lists(asked, max_size=40), st.integers(1, 6000))
def test_a_limit_is_passed_by_no_more_than_requests_were_underestimated(
    calls: list[tuple[int, int, int, float, bool]], tokens: int
) -> None:
    account, limits, under = Account(), Limits(tokens=tokens), 0
    held = list[tuple[Cost, Cost]]()
    for read, counted, usual, share, ends in calls:
        if held and ends:
            account.settle(*held.pop(0))
        request = Request(seat, "test", (), max_tokens=usual)
        written = writes(request, lambda most, read=read: account.lacks(Cost(read + most), limits) is None)  # type: ignore[misc]
        assert min(usual, 200) <= written <= usual
        if account.lacks(Cost(read + written), limits) is None:
            account.hold(Cost(read + written))
            held.append((Cost(read + written), Cost(counted + int(share * written))))
            under += max(0, counted - read)
    for one in held:
        account.settle(*one)
    assert account.tokens <= tokens + under
