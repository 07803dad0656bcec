"""Budgets on the wire: a room says why it pauses, people are told in time, and everyone can look."""

import re
from pathlib import Path

import pytest

from rooms_bot.sandbox.server import Sandbox
from tests.engine.fakes import TurnedClock
from tests.wire.channel import Channel, bot_in
from tests.wire.scripted import scripted

ROUND = {"topic": "Bread", "agents": "Ada,Kenji", "mode": "round_robin", "pace": 0, "orchestrator_every": 0}


async def test_a_room_whose_budget_does_not_suffice_says_so_and_calls_nobody(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with (
        scripted(monkeypatch, Ada="crumb", Kenji="crust") as model,
        bot_in(sandbox, tmp_path, rooms_model="openai/test"),
    ):
        lounge = Channel(sandbox)
        await lounge.do("room start", **ROUND, budget_tokens=20, human_every=1)
        told = await lounge.until_told("does not suffice")
        assert "what is left of the room's budget does not suffice for another turn" in told["content"]
        assert "0 of 20 tokens" in told["content"]
        assert "`/room configure`" in told["content"]
        assert model.turns == []
        assert "This room: 0 of 20 tokens" in await lounge.do("room status")
        assert (
            "the room's budget is 90,000 tokens" in (await lounge.do("room configure", budget_tokens=90_000)).casefold()
        )
        await lounge.do("room resume")
        assert (await lounge.until_posts(1))[0]["content"] == "crumb"


async def test_most_of_a_budget_is_told_once_and_usage_shows_everything(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with (
        scripted(monkeypatch, Ada="crumb", Kenji="crust"),
        bot_in(sandbox, tmp_path, rooms_model="openai/test", rooms_daily_tokens_per_guild=3000),
    ):
        lounge = Channel(sandbox)
        assert "This room" not in await lounge.do("usage")
        await lounge.do("room start", **ROUND)
        told = await lounge.until_told("does not suffice")
        assert "what is left of the server's budget for today" in told["content"]
        assert "The operator of the bot can change it." in told["content"]
        assert "<t:" in told["content"]
        usage = await lounge.do("usage")
        for words in (
            "This room: ",
            "This server today: ",
            " of 3,000 tokens",
            "This server this month: ",
            "You, this hour: 0 tokens",
        ):
            assert words in usage
        assert "tokens, of unknown price" in usage
        status = await lounge.do("room status")
        assert "This server today" in status
        assert "This server this month" not in status


async def test_that_a_price_is_unknown_is_known_after_a_restart(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lounge = Channel(sandbox)
    async with scripted(monkeypatch, Ada="crumb", Kenji="crust"):
        async with bot_in(sandbox, tmp_path, rooms_model="openai/test"):
            await lounge.do("room start", **ROUND, turns=2)
            await lounge.until_told("This room is over")
        async with bot_in(sandbox, tmp_path, rooms_model="openai/test"):
            assert "This server today: " in (told := await lounge.do("usage"))
            assert "tokens, of unknown price" in told


async def test_four_fifths_of_a_rooms_budget_are_told_once(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with (
        scripted(monkeypatch, Ada="crumb", Kenji="crust"),
        bot_in(sandbox, tmp_path, rooms_model="openai/test"),
    ):
        lounge = Channel(sandbox)
        await lounge.do("room start", **ROUND, budget_tokens=15_000, turns=100)
        await lounge.until_told("does not suffice")
        near = [one for one in lounge.messages() if "of the room's budget is used" in one["content"]]
        assert len(near) == 1
        assert near[0]["content"].startswith("-# ")


async def test_money_is_not_spent_where_the_price_is_unknown(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with (
        scripted(monkeypatch, Ada="crumb", Kenji="crust") as model,
        bot_in(sandbox, tmp_path, rooms_model="openai/test"),
    ):
        lounge = Channel(sandbox)
        await lounge.do("room start", **ROUND, budget_dollars=1.5)
        told = await lounge.until_told("is in money ($1.50), and the price of the model is unknown")
        assert "The room is paused: " in told["content"]
        assert model.turns == []


async def test_a_member_who_has_used_up_their_hour_is_told_until_when(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = TurnedClock()
    async with (
        scripted(monkeypatch, Ada="crumb", Kenji="crust") as model,
        bot_in(sandbox, tmp_path, clock, rooms_model="openai/test", rooms_hourly_tokens_per_member=500),
    ):
        lounge = Channel(sandbox)
        await lounge.do("room start", **ROUND, agents_answer="people")
        lounge.say("@Ada what is the crumb?")
        told = await lounge.until_told("you have used up your budget for this hour")
        assert f"<t:{int(clock.now()) + 3600}:R>" in told["content"]
        assert told["content"].startswith("-# You, ")
        lounge.say("@Kenji and the crust?")
        assert "The room is open" not in await lounge.do("usage")
        assert model.turns == []


async def test_what_costs_nobody_anything_runs_whatever_the_budget(sandbox: Sandbox, tmp_path: Path) -> None:
    async with bot_in(sandbox, tmp_path, rooms_model="offline", rooms_daily_tokens_per_guild=1):
        lounge = Channel(sandbox)
        await lounge.do("room start", **ROUND, turns=3, budget_tokens=1)
        await lounge.until_told("This room is over")
        assert "This server today: 0 of 1 token, $0.00" in await lounge.do("usage")


async def test_long_answers_end_where_the_budget_does(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = " ".join(f"This is sentence {number} of an answer." for number in range(300))
    async with (
        scripted(monkeypatch, Ada=long, Kenji=long) as model,
        bot_in(sandbox, tmp_path, rooms_model="openai/test", rooms_daily_tokens_per_guild=2500),
    ):
        lounge = Channel(sandbox)
        await lounge.do("room start", **ROUND)
        await lounge.until_told("does not suffice")
        assert [asked["max_tokens"] for asked in model.turns] == [1000]
        assert lounge.posts()[-1]["content"].endswith("of an answer.")
        used = re.search(r"This server today: ([\d,]+) of 2,500 tokens", await lounge.do("usage"))
        assert used is not None
        assert 1000 < int(used[1].replace(",", "")) <= 2500
