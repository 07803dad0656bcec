"""What hosts may change in a room that is going on, and what everyone may look at: by command, on the wire."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from rooms_bot.chat.bot import RoomsBot
from rooms_bot.sandbox.server import Sandbox
from tests.models.openai_server import Hang
from tests.wire.channel import Channel, bot_in, contents
from tests.wire.scripted import scripted, system

ROUND = {"mode": "round_robin", "pace": 0, "orchestrator_every": 0}


@pytest.fixture
async def bot(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[RoomsBot]:
    async with bot_in(sandbox, tmp_path, rooms_model="openai/test", rooms_models=("openai/other",)) as running:
        yield running


@pytest.fixture
def lounge(sandbox: Sandbox, bot: RoomsBot) -> Channel:
    del bot
    return Channel(sandbox)


async def choices(lounge: Channel, command: str, option: str, typed: str = "") -> list[str]:
    found = await lounge.people.autocomplete(lounge.user, lounge.id, command, {option: typed}, option)
    return [choice["value"] for choice in found]


# Greetings


async def test_agents_greet_once_before_the_first_turn_and_a_newcomer_when_it_joins(
    lounge: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted(monkeypatch, Ada="crumb", Kenji="crust", Noor="salt") as model:
        await lounge.do("room start", topic="Bread", agents="Ada,Kenji", human_every=1, **ROUND)
        await lounge.until_told("waits")
        assert int(lounge.greetings()[1]["id"]) < int(lounge.posts()[0]["id"])
        assert len(model.turns) == 1
        await lounge.do("agent invite", persona="Noor")
        lounge.say("go on")
        await lounge.until_told("waits", 2)
        assert [one["author"]["username"] for one in lounge.greetings()] == ["Ada", "Kenji", "Noor"]


# The rules


async def test_the_rules_of_a_live_room_change_and_it_is_said_what_changed(
    lounge: Channel, bot: RoomsBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted(monkeypatch, Ada="crumb", Kenji="crust"):
        await lounge.do("room start", topic="Bread", agents="Ada,Kenji", human_every=1, **ROUND)
        await lounge.until_told("waits")
        assert "at least one" in await lounge.do("agent configure", agent="Ada")
        rules = {"mode": "argumentative", "turns": 2, "topic": "Rye", "selector": "model", "language": "German"}
        answer = await lounge.do("room configure", **rules)
        for words in ("Side against side", "after 2 turns", "“Rye”", "a model judges", "German"):
            assert words in answer
        told = "side against side from now on; the topic is “Rye”; the room ends after 2 turns, of which 1 is taken."
        await lounge.until_told(f"**You** changed the rules: {told}")
        status = await lounge.do("room status")
        assert "Rye" in status
        assert "**Ada** `APP`\nSystems engineer and mathematician\n" in status
        assert "\n-# for\n" in status
        assert "a model judges" not in status
        assert bot.house.room(int(lounge.id)).state.turns_taken == 1
        lounge.say("and then?")
        await lounge.until_told("This room is over")
    assert lounge.speakers() == ["Ada", "Kenji"]


async def test_agents_that_answer_people_are_silent_until_somebody_speaks(
    lounge: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted(monkeypatch, Ada="crumb", Kenji="crust"):
        await lounge.do("room start", topic="Bread", agents="Ada,Kenji", agents_answer="people", **ROUND)
        await lounge.until_told("when one of you has spoken")
        await lounge.until(lambda: len(lounge.greetings()) == 2)
        assert lounge.posts() == []
        lounge.say("Rye?")
        await lounge.until_posts(1)
        assert "agents speak only when a person has" in await lounge.do("room status")
        assert "own accord" in await lounge.do("room configure", agents_answer="freely", human_every=2)
        lounge.say("Wheat?")
        await lounge.until_told("The room waits for a word")
    assert lounge.speakers() == ["Ada", "Kenji", "Ada"]
    assert not [text for text in contents(lounge.messages()) if "wait for someone" in text]


# Turns


async def test_a_host_names_who_is_next_and_skips_who_is_thinking(
    lounge: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted(monkeypatch, Ada=("crumb", Hang(text="never")), Kenji="crust", Noor="salt") as model:
        await lounge.do("room start", topic="Bread", agents="Ada,Kenji,Noor", human_every=1, **ROUND)
        await lounge.until_told("waits")
        assert await choices(lounge, "room next", "agent", "no") == ["Noor"]
        assert "**Noor** speaks next" in await lounge.do("room next", agent="noor")
        await lounge.until_told("waits", 2)
        assert "Noor had the last turn: You gave it the turn." in await lounge.do("room why")
        assert "Nobody here has that name" in await lounge.do("room next", agent="Zoe")
        assert "Moderator has no seat: `/orchestrator now`" in await lounge.do("room next", agent="@moderator")
        lounge.say("@Ada, and you?")
        while len(model.sent("Ada")) < 2:
            await model.asked(len(model.requests) + 1)
        assert "Ada has the turn: You asked it." in await lounge.do("room why")
        assert "skipped" in await lounge.do("room skip")
        await lounge.until_told("-# Ada was skipped by You.")
    assert lounge.speakers()[:2] == ["Ada", "Noor"]


async def test_why_tells_the_last_choice_with_its_parts(lounge: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    async with scripted(monkeypatch, Kenji="rest", Ada="sums", Yusuf="coins"):
        await lounge.do("room start", topic="Bread", agents="Ada,Kenji,Yusuf", mode="dynamic", human_every=1, pace=0)
        assert "No agent has had a turn" not in await _why_after(lounge, "waits")
        lounge.say("My nurse says my headache and fever need a doctor")
        text = await _why_after(lounge, "waits", 2)
    first, best, *others = text.splitlines()
    assert first.startswith("Kenji had the last turn")
    assert best.startswith("1. Kenji")
    assert "fits" in best
    assert sorted(line.split()[1] for line in others) == ["Ada", "Yusuf"]


async def _why_after(lounge: Channel, words: str, count: int = 1) -> str:
    await lounge.until_told(words, count)
    return await lounge.do("room why")


# Agents


async def test_an_agent_is_changed_in_its_seat_and_shown(
    lounge: Channel, sandbox: Sandbox, bot: RoomsBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted(monkeypatch, Ada="crumb", Kenji="crust") as model:
        await lounge.do("room start", topic="Bread", agents="Ada,Kenji", human_every=1, **ROUND)
        await lounge.until_told("waits")
        assert "cannot be chosen" in await lounge.do("agent configure", agent="Ada", model="openai/gpt-4o")
        assert "at least one" in await lounge.do("agent configure", agent="Ada")
        change = {"talkativeness": 0.5, "stance": "neither", "instructions": "Speak of *rye*.", "words": "rye, crumb"}
        answer = await lounge.do("agent configure", agent="ada", model="openai/other", temperature=0.25, **change)
        changed, card = answer.split("\n\n")
        assert changed.splitlines() == [
            "In an argument its side is “neither”.",
            "It takes about 50 % of its chances to speak unasked.",
            "Its instructions are others.",
            "It speaks with other on this machine (OpenAI).",
            "It speaks at temperature 0.25.",
            "It is found by other words.",
        ]
        for words in (
            "about 50 %",
            "“neither”",
            "Speak of \\*rye\\*.",
            "rye, crumb",
            "(OpenAI), at temperature 0.25",
        ):
            assert words in card
        assert "talkativeness 0.5" in await lounge.do("room status")
        lounge.say("@Ada?")
        await lounge.until_told("waits", 2)
        asked = model.sent("Ada")[-1]
        assert (asked["model"], asked["temperature"]) == ("other", 0.25)
        assert "Speak of *rye*." in system(asked)
        everyone = await Channel(sandbox, "Sam").do("agent show", agent="Ada")
        assert "systems engineer" in everyone
        assert "rye\\*" not in everyone
        own = {"words": "none", "instructions": "none", "model": "none", "stance": "none"}
        reset = await lounge.do("agent configure", agent="Ada", **own)
        assert "It has no instructions any more." in reset
        assert "Speak of" not in reset
        assert "how it was already" in await lounge.do("agent configure", agent="Ada", **own)
        ada = bot.house.room(int(lounge.id)).state.seats[1]
        assert (ada.model, ada.stance, ada.instructions) == (None, None, "")
        known = bot.furniture.library.get("Ada")
        assert known is not None
        assert ada.persona.expansion == known.expansion


async def test_another_persona_takes_over_a_seat_and_its_place_and_its_name_is_told(
    lounge: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted(monkeypatch, Ada="crumb", Kenji="crust", Noor="salt"):
        await lounge.do("room start", topic="Bread", agents="Ada,Kenji", human_every=2, **ROUND)
        await lounge.until_told("waits")
        assert await choices(lounge, "agent configure", "agent", "a") == ["Ada"]
        assert await choices(lounge, "agent configure", "persona", "no") == ["Noor"]
        assert (await choices(lounge, "agent configure", "model"))[-1] == "none"
        await lounge.do("agent configure", agent="Ada", persona="Noor")
        await lounge.until_told("**Ada** is now **Noor**, playwright and theatre director.")
        lounge.say("go on")
        await lounge.until_told("waits", 2)
    assert lounge.speakers() == ["Ada", "Kenji", "Noor", "Kenji"]


async def test_words_alone_do_not_rename_a_seat(lounge: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    async with scripted(monkeypatch, Ada="crumb"):
        await lounge.do("room start", topic="Bread", agents="Ada", human_every=1, **ROUND)
        await lounge.until_told("waits")
        taken = await lounge.do("agent invite", persona="Ada", talkativeness=0.25, stance="against")
        assert taken == "**Ada 2** takes a seat."
        shown = await lounge.do("agent show", agent="Ada 2")
        assert "about 25 %" in shown
        assert "“against”" in shown
        await lounge.do("agent remove", agent="Ada")
        assert "**Ada 2**" in await lounge.do("agent configure", agent="Ada 2", words="rye")


async def test_the_orchestrator_gets_another_name_voice_and_reminder(
    lounge: Channel, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted(monkeypatch, Ada="crumb", Chair="so far") as model:
        await lounge.do("room start", topic="Bread", agents="Ada", human_every=1, **ROUND)
        await lounge.until_told("waits")
        assert "An agent here has that name" in await lounge.do("orchestrator set", name="ada")
        assert "cannot be chosen" in await lounge.do("orchestrator set", model="openai/gpt-4o")
        assert "at least one" in await lounge.do("orchestrator set")
        assert "**Moderator** sums up only when asked" in await lounge.do("orchestrator show")
        wishes = {"name": "Chair", "model": "openai/other", "instructions": "Name *open* questions."}
        answer = await lounge.do("orchestrator set", every=4, **wishes)
        for words in ("**Chair** sums up every 4 turns", "other", "Name \\*open\\* questions."):
            assert words in answer
        await lounge.until_told("**Moderator** is now **Chair**")
        assert "Name \\*open\\*" in await lounge.do("orchestrator show")
        everyone = await Channel(sandbox, "Sam").do("orchestrator show")
        assert "**Chair** sums up every 4 turns" in everyone
        assert "open" not in everyone
        assert "**Chair** sums up next." in await lounge.do("orchestrator now")
        await lounge.until_told("waits", 2)
        assert "Chair" in lounge.speakers()
        (asked,) = model.sent("Chair")
        assert asked["model"] == "other"
        assert "Name *open* questions." in system(asked)


async def test_only_hosts_may_change_anything(
    lounge: Channel, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    sam = Channel(sandbox, "Sam")
    async with scripted(monkeypatch, Ada="crumb"):
        await lounge.do("room start", topic="Bread", agents="Ada", human_every=1, **ROUND)
        await lounge.until_told("waits")
        for command, more in (
            ("room configure", {"turns": 5}),
            ("room next", {"agent": "Ada"}),
            ("room skip", {}),
            ("agent configure", {"agent": "Ada", "stance": "for"}),
            ("orchestrator set", {"every": 1}),
        ):
            assert "Only hosts" in await sam.do(command, **more)
        assert "Ada had the last turn" in await sam.do("room why")


async def test_without_a_room_the_new_commands_say_how_to_open_one(lounge: Channel) -> None:
    for command, more in (
        ("room configure", {"turns": 5}),
        ("room why", {}),
        ("room skip", {}),
        ("agent show", {"agent": "Ada"}),
        ("agent configure", {"agent": "Ada", "stance": "for"}),
        ("orchestrator set", {"every": 1}),
        ("orchestrator show", {}),
    ):
        assert "/room start" in await lounge.do(command, **more)
    assert await choices(lounge, "room next", "agent") == []
