"""Who speaks next and what they are sent, with a LiteLLM model over HTTP and the room on Discord's wire."""

import asyncio

import pytest

from rooms_bot.chat.bot import RoomsBot
from rooms_bot.sandbox.server import Sandbox
from rooms_bot.store.personas import read_library
from tests.models.openai_server import Hang, Status
from tests.wire.channel import Channel, contents
from tests.wire.scripted import scripted, system, talk

MODEL = "openai/test"


@pytest.fixture
def lounge(sandbox: Sandbox, bot: RoomsBot) -> Channel:
    del bot
    return Channel(sandbox)


ROUND = {"mode": "round_robin", "pace": 0, "orchestrator_every": 0}


# What is sent


async def test_an_agent_is_sent_its_persona_verbatim_topic_language_and_company(
    lounge: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted(monkeypatch, Ada="crumbs", Moderator="so far") as model:
        await lounge.do("profile set", name="Theodora", background="keeps a bakery")
        rules = ROUND | {"orchestrator_every": 2, "human_every": 1, "turns": 2}
        await lounge.do("room start", topic="Rye or wheat?", agents="Ada,Kenji", **rules)
        await lounge.until_told("waits")
        lounge.say("I bake with rye")
        await lounge.until_told("This room is over")
        library = read_library([])
        asked = {"Ada": model.sent("Ada")[-1], "Moderator": model.sent("Moderator")[-1]}
    for name, request in asked.items():
        persona = library.moderator if name == "Moderator" else library.get(name)
        assert persona is not None
        assert system(request).startswith(persona.prompt)
        assert "Rye or wheat?" in system(request)
        assert "American English" in system(request)
        assert all(f"- {other}" in system(request) for other in ("Ada", "Kenji", "Moderator"))
    assert "Theodora (member) – a person, of themself: “keeps a bakery”" in system(asked["Moderator"])


async def test_each_message_stands_in_a_request_once_and_nothing_said_is_in_the_system_message(
    lounge: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {"Ada": "the crumb decides", "Kenji": "the crust decides", "Moderator": "both were named"}
    async with scripted(monkeypatch, **said) as model:
        await lounge.do("room start", topic="Bread", agents="Ada,Kenji", **ROUND | {"orchestrator_every": 2}, turns=6)
        lounge.say("Kenji, what decides of sourdough?")
        await lounge.until_told("This room is over")
        first = contents(lounge.posts())[0]
        last = model.requests[-1]
        assert talk(last).count("what decides of sourdough?") == 1
        assert len(model.turns) == 9
        for request in model.turns:
            assert not [text for text in (*said.values(), "sourdough") if text in system(request)]
    assert first in said.values()
    posts = contents(lounge.posts())[:-1]
    assert [talk(last).count(text) for text in said.values()] == [posts.count(text) for text in said.values()]


async def test_errors_never_enter_a_prompt_and_cost_one_short_line(
    lounge: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted(monkeypatch, Ada=(Status(400, "no such deployment xyzzy"), "well"), Kenji="crust") as model:
        await lounge.do("room start", topic="Bread", agents="Ada,Kenji", turns=4, **ROUND)
        await lounge.until_told("This room is over")
        assert not [request for request in model.turns if "xyzzy" in str(request) or "failed" in talk(request)]
    assert lounge.speakers() == ["Kenji", "Ada", "Kenji"]
    notes = [text for text in contents(lounge.messages()) if text.startswith("-# Ada")]
    assert len(notes) == 1
    assert "xyzzy" not in notes[0]


async def test_what_was_edited_or_deleted_is_sent_as_it_is_now(
    lounge: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted(monkeypatch, Ada="crumb") as model:
        await lounge.do("room start", topic="Bread", agents="Ada", human_every=1, **ROUND)
        await lounge.until_told("waits")
        one, two = lounge.say("the frist thing"), lounge.say("a secret thing")
        await lounge.until_told("waits", 2)
        lounge.people.edit(lounge.user, one["id"], "the first thing")
        lounge.people.delete(lounge.user, two["id"])
        lounge.say("and now?")
        await lounge.until_told("waits", 3)
        last = talk(model.sent("Ada")[-1])
    assert "You (member): the first thing" in last
    assert "frist" not in last
    assert "secret" not in last


async def test_a_reply_reaches_the_model_as_a_reply_and_what_is_asked_is_marked(
    lounge: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted(monkeypatch, Ada="crumb", Kenji="crust") as model:
        await lounge.do("room start", topic="Bread", agents="Ada,Kenji", human_every=1, **ROUND)
        first = (await lounge.until_posts(1))[0]
        await lounge.until_told("waits")
        lounge.say("why is that?", reply_to=first["id"])
        await lounge.until_told("waits", 2)
        last = talk(model.sent("Ada")[-1])
        assert "You (member), in reply to you: why is that?" in last
        assert "Answer You (member)." in last
    assert lounge.speakers() == ["Ada", "Ada"]


async def test_what_a_member_says_while_an_agent_thinks_is_in_the_next_request(
    lounge: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    hang = Hang(text="crumb")
    async with scripted(monkeypatch, Ada=hang, Kenji="crust") as model:
        await lounge.do("room start", topic="Bread", agents="Ada,Kenji", turns=2, **ROUND)
        await model.first("Ada")
        for text in ("one thing", "another thing"):
            lounge.say(text)
        hang.released.set()
        await lounge.until_told("This room is over")
        assert [talk(model.sent("Kenji")[0]).count(text) for text in ("one thing", "another thing")] == [1, 1]
    assert lounge.speakers() == ["Ada", "Kenji"]


# PASS


@pytest.mark.parametrize("word", ["PASS", "pass.", " **Pass** ", '"PASS"', "_pass_!", "```\nPASS\n```", "Ada: PASS"])
async def test_a_pass_posts_nothing_and_counts_as_a_turn(
    lounge: Channel, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    async with scripted(monkeypatch, Ada=word, Kenji="I would not PASS on that") as model:
        await lounge.do("room start", topic="Bread", agents="Ada,Kenji", turns=2, **ROUND)
        await lounge.until_told("This room is over")
        assert [len(model.sent(name)) for name in ("Ada", "Kenji")] == [1, 1]
    assert contents(lounge.posts()) == ["I would not PASS on that"]


async def test_when_all_have_passed_the_room_waits_for_a_person_without_a_limit(
    lounge: Channel, monkeypatch: pytest.MonkeyPatch, bot: RoomsBot
) -> None:
    async with scripted(monkeypatch, Ada=("PASS", "here I am")) as model:
        await lounge.do("room start", topic="Bread", agents="Ada,Kenji", human_every=2, **ROUND)
        waiting = await lounge.until_told("Everyone has passed")
        assert "<t:" not in waiting["content"]
        assert bot.house.room(int(lounge.id)).state.turns_taken == 2
        assert len(model.turns) == 2
        await lounge.press(waiting, "Continue")
        await lounge.until_told("waits for a word of yours")
    assert lounge.speakers() == ["Ada"]


# Hand-overs, the orchestrator, people


async def test_hand_overs_by_name_are_followed_five_times_and_then_the_mode_chooses(
    lounge: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted(monkeypatch, Ada="And you, @Kenji?", Kenji="No, you, @Ada!", Noor="Enough."):
        await lounge.do("room start", topic="Bread", agents="Ada,Kenji,Noor", turns=8, **ROUND)
        await lounge.until_told("This room is over")
    assert lounge.speakers()[:6] == ["Ada", "Kenji"] * 3
    assert "Noor" in lounge.speakers()


async def test_the_orchestrators_redirection_comes_next_even_before_a_hand_over(
    lounge: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = {"Ada": "And you, @Kenji?", "Kenji": "crust", "Noor": "salt", "Moderator": "So far. @Noor, your view?"}
    async with scripted(monkeypatch, **lines):
        rules = ROUND | {"orchestrator_every": 1, "turns": 2}
        await lounge.do("room start", topic="Bread", agents="Ada,Kenji,Noor", **rules)
        await lounge.until_told("This room is over")
    assert lounge.speakers()[:3] == ["Ada", "Moderator", "Noor"]


async def test_an_orchestrator_that_passes_posts_nothing_and_takes_no_turn(
    lounge: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted(monkeypatch, Ada="crumb", Kenji="crust", Moderator="Pass.") as model:
        await lounge.do("room start", topic="Bread", agents="Ada,Kenji", turns=4, **ROUND | {"orchestrator_every": 2})
        await lounge.until_told("This room is over")
        assert len(model.sent("Moderator")) == 2
    assert lounge.speakers() == ["Ada", "Kenji", "Ada", "Kenji"]


async def test_after_so_many_turns_the_room_shows_that_it_waits_and_anybody_may_continue_it(
    lounge: Channel, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted(monkeypatch, Ada="crumb", Kenji="crust"):
        await lounge.do("room start", topic="Bread", agents="Ada,Kenji", human_every=2, **ROUND)
        waiting = await lounge.until_told("The room waits for a word of yours")
        assert "<t:" in waiting["content"]
        assert lounge.speakers() == ["Ada", "Kenji"]
        await Channel(sandbox, "Kim").press(waiting, "Continue")
        await lounge.until_told("waits", 2)
    assert lounge.speakers() == ["Ada", "Kenji", "Ada", "Kenji"]


async def test_next_ends_a_wait_and_calls_the_next_one(lounge: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    async with scripted(monkeypatch, Ada="crumb", Kenji="crust"):
        await lounge.do("room start", topic="Bread", agents="Ada,Kenji", human_every=1, **ROUND | {"pace": 120})
        assert "next one speaks" in await lounge.do("room next")
        await lounge.until_told("waits")
        assert "next one speaks" in await lounge.do("room next")
        await lounge.until_told("waits", 2)
    assert lounge.speakers() == ["Ada", "Kenji"]


@pytest.mark.parametrize(
    ("command", "told"), [("room pause", "The room is paused"), ("room stop", "This room is over")]
)
async def test_a_thought_is_dropped_by_pause_and_stop_and_its_connection_closed(
    lounge: Channel, monkeypatch: pytest.MonkeyPatch, command: str, told: str
) -> None:
    async with scripted(monkeypatch, Ada=Hang(text="half a thou")) as model:
        await lounge.do("room start", topic="Bread", agents="Ada", **ROUND)
        await model.first("Ada")
        await lounge.do(command)
        await lounge.until_told(told)
        async with asyncio.timeout(5):
            await model.gone.wait()
    assert lounge.posts() == []


async def test_two_rooms_in_two_channels_go_on_at_once_and_know_nothing_of_each_other(
    lounge: Channel, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    library, hang = Channel(sandbox, channel="library"), Hang(text="crumb")
    async with scripted(monkeypatch, Ada=hang, Kenji="grapes") as model:
        await lounge.do("room start", topic="Bread", agents="Ada", turns=1, **ROUND)
        await model.first("Ada")
        await library.do("room start", topic="Wine", agents="Kenji", turns=2, **ROUND)
        await library.until_told("This room is over")
        hang.released.set()
        await lounge.until_told("This room is over")
        assert not [request for request in model.sent("Kenji") if "Bread" in str(request)]
    assert (lounge.speakers(), library.speakers()) == (["Ada"], ["Kenji", "Kenji"])
