"""Who speaks, in every mode."""

import itertools

import pytest

from rooms_bot.domain.events import Why
from rooms_bot.domain.personas import Persona
from rooms_bot.engine.commands import resume
from rooms_bot.engine.seating import invite, remove
from rooms_bot.errors import Refused
from tests.engine.conftest import SAM, THEO, Stage, all_events, kinds
from tests.engine.fakes import Held, failing, names, saying


async def test_everyone_speaks_in_seating_order(stage: Stage) -> None:
    _, page = await stage.open({"Ada": saying("a"), "Bob": saying("b"), "Cy": saying("c")}, turns=7)
    assert names(await page.next(7)) == ["Ada", "Bob", "Cy", "Ada", "Bob", "Cy", "Ada"]


async def test_no_path_exceeds_the_turns_and_the_room_says_that_it_is_over(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("@Bob?"), "Bob": saying("@Ada!")}, turns=4, orchestrator_every=2)
    closed = await page.told("closed")
    assert room.state.turns_taken == 4
    assert closed.what.kind == "closed"
    assert closed.what.reason == "turns"
    assert len(page.posts) == 4


async def test_a_pass_posts_nothing_and_takes_its_place_in_the_order(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("a"), "Bob": saying("**Pass.**"), "Cy": saying("c")}, turns=6)
    await page.told("closed")
    assert names(page.posts) == ["Ada", "Cy", "Ada", "Cy"]
    assert room.state.passes == 2


async def test_an_answer_that_contains_the_word_is_an_answer(stage: Stage) -> None:
    _, page = await stage.open({"Ada": saying("We must not PASS on security")}, turns=1)
    assert await page.next(1) == ["Ada: We must not PASS on security"]


async def test_when_everyone_has_passed_the_room_waits_for_a_person_without_a_limit(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("PASS", "PASS", "here I am"), "Bob": saying("pass")})
    waiting = await page.told("waiting")
    assert waiting.what.kind == "waiting"
    assert waiting.what.until is None
    assert room.state.turns_taken == 2
    stage.hear("anyone?")
    await page.told("waiting", 2)
    stage.hear("@Ada?")
    assert await page.next(1) == ["Ada: here I am"]


async def test_a_room_that_waits_for_a_day_closes_by_itself(stage: Stage) -> None:
    _, page = await stage.open({"Ada": saying("PASS")})
    await page.told("waiting")
    await stage.clock.until_asleep(24 * 3600)
    stage.clock.advance(24 * 3600)
    closed = await page.told("closed")
    assert closed.what.kind == "closed"
    assert closed.what.reason == "idle"


async def test_a_failing_agent_loses_its_turn_and_the_room_goes_on(stage: Stage) -> None:
    room, page = await stage.open({"Broken": failing(1), "Plato": saying("forms")}, turns=3)
    assert await page.next(2) == ["Plato: forms", "Broken: back again"]
    failed = await page.told("failed")
    assert failed.what.kind == "failed"
    assert failed.what.reason == "could not be reached"
    assert room.state.turns_taken == 3


async def test_what_a_provider_said_is_never_kept(stage: Stage) -> None:
    plato = saying("forms")
    room, page = await stage.open({"Broken": failing(), "Plato": plato}, turns=8)
    await page.told("closed")
    written = "".join(event.model_dump_json() for event in await all_events(room))
    assert "secret" not in written
    sent = [message.content for request in plato.seen for message in request.messages]
    assert sent
    assert not [text for text in sent if "secret" in text]


async def test_three_failures_in_a_row_bench_an_agent_until_a_member_asks_it(stage: Stage) -> None:
    room, page = await stage.open({"Broken": failing(3), "Plato": saying("forms")}, turns=12, human_every=6)
    await page.told("failed", 3)
    await page.told("waiting")
    assert room.state.benched(1)
    stage.hear("@Broken are you there?")
    await page.next(4)
    assert "Broken: back again" in page.posts
    assert not room.state.benched(1)


async def test_resume_brings_a_benched_agent_back(stage: Stage) -> None:
    room, page = await stage.open({"Broken": failing(3), "Plato": saying("forms")}, human_every=6)
    await page.told("waiting")
    await room.do(resume(THEO))
    await page.told("waiting", 2)
    assert "Broken: back again" in page.posts


async def test_where_no_agent_is_left_the_room_pauses(stage: Stage) -> None:
    room, page = await stage.open({"Broken": failing(3)})
    paused = await page.told("paused")
    assert paused.what.kind == "paused"
    assert paused.what.reason == "no agent is left to speak"
    assert room.state.turns_taken == 3
    stage.hear("anybody?")
    stage.hear("@Broken?")
    assert (await page.next(1)) == ["Broken: back again"]


async def test_whom_a_member_addresses_speaks_next_in_the_order_named(stage: Stage) -> None:
    agents = {"Ada": saying("PASS", "a"), "Bob": saying("PASS", "b"), "Cy": saying("PASS", "c")}
    _, page = await stage.open(agents)
    await page.told("waiting")
    stage.hear("@Cy and @Ada, what about the cost?")
    assert names(await page.next(2)) == ["Cy", "Ada"]


async def test_whom_a_member_addresses_is_next_also_while_another_thinks_who_comes_after(stage: Stage) -> None:
    held = Held("thought again")
    _, page = await stage.open({"Ada": saying("a"), "Bob": held, "Cy": saying("c")}, turns=4)
    await held.started.wait()
    stage.hear("@Cy, what about the cost?")
    assert names(await page.next(2)) == ["Ada", "Cy"]
    held.release.set()
    assert names(await page.next(2)) == ["Bob", "Cy"]
    assert held.dropped == 1


async def test_a_turn_that_answers_a_member_is_not_dropped_for_another(stage: Stage) -> None:
    held = Held("for Theo")
    _, page = await stage.open({"Ada": saying("PASS"), "Bob": held, "Cy": saying("c")}, human_every=1)
    await page.told("waiting")
    stage.hear("@Bob?")
    await held.started.wait()
    stage.hear("@Cy?", SAM)
    held.release.set()
    assert names(await page.next(2)) == ["Bob", "Cy"]
    assert held.dropped == 0


async def test_forced_turns_do_not_move_the_place_in_the_order(stage: Stage) -> None:
    agents = {"Ada": saying("a"), "Bob": saying("b"), "Cy": saying("c")}
    _, page = await stage.open(agents, human_every=1, turns=9)
    await page.told("waiting", 1)
    stage.hear("@Cy?")
    await page.told("waiting", 2)
    stage.hear("go on")
    await page.told("waiting", 3)
    assert names(page.posts) == ["Ada", "Cy", "Bob"]


async def test_a_reply_to_an_agents_message_addresses_it(stage: Stage) -> None:
    _, page = await stage.open({"Ada": saying("a"), "Bob": saying("b")}, human_every=2)
    await page.told("waiting")
    stage.hear("why is that?", reply_to=page.post_ids[0])
    assert names(await page.next(3)) == ["Ada", "Bob", "Ada"]


async def test_at_all_asks_everyone(stage: Stage) -> None:
    agents = {"Ada": saying("PASS", "a"), "Bob": saying("PASS", "b"), "Cy": saying("PASS", "c")}
    _, page = await stage.open(agents)
    await page.told("waiting")
    stage.hear("@all what do you think?")
    assert names(await page.next(3)) == ["Ada", "Bob", "Cy"]


async def test_after_a_persons_words_the_last_speaker_may_answer_again(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("a"), "Bob": saying("b")}, human_every=1)
    await page.told("waiting")
    assert [seat.name for seat in room.state.candidates] == ["Bob"]
    stage.hear("go on", SAM)
    await page.told("waiting", 2)
    assert names(page.posts) == ["Ada", "Bob"]


async def test_an_agent_hands_the_next_turn_to_the_one_it_names(stage: Stage) -> None:
    agents = {"Ada": saying("What does @Cy say?"), "Bob": saying("b"), "Cy": saying("c")}
    room, page = await stage.open(agents, turns=3)
    assert names(await page.next(3)) == ["Ada", "Cy", "Bob"]
    planned = [event.what for event in await all_events(room) if event.what.kind == "planned"]
    assert [one.why for one in planned if one.kind == "planned"] == [Why.MODE, Why.HANDED, Why.MODE]


async def test_two_agents_cannot_play_ping_pong_for_ever(stage: Stage) -> None:
    agents = {"Ada": saying("@Bob?"), "Bob": saying("@Ada!"), "Cy": saying("c")}
    room, page = await stage.open(agents, turns=12)
    await page.told("closed")
    spoken = names(page.posts)
    assert spoken[:6] == ["Ada", "Bob", "Ada", "Bob", "Ada", "Bob"]
    assert "Cy" in spoken
    assert room.state.turns_taken == 12


async def test_argumentative_answers_from_the_other_side_with_more_than_two(stage: Stage) -> None:
    agents = {name: saying(name.lower()) for name in ("Ada", "Bob", "Cy", "Di", "Ed")}
    _, page = await stage.open(agents, mode="argumentative", turns=20)
    spoken = names(await page.next(20))
    side = {"Ada": 0, "Bob": 1, "Cy": 0, "Di": 1, "Ed": 0}
    assert all(side[one] != side[two] for one, two in itertools.pairwise(spoken))
    assert set(spoken) == set(agents)


async def test_dynamic_asks_the_most_relevant_expert(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("PASS", "PASS", "a")}, mode="dynamic")
    await page.told("waiting")
    stage.cast.agents.update({"Cook": saying("soup"), "Judge": saying("law")})
    await room.do(invite(Persona(name="Cook", role="Chef", expertise=("recipes", "oven", "soup")), THEO))
    await room.do(invite(Persona(name="Judge", role="Lawyer", expertise=("contracts", "court", "liability")), THEO))
    stage.hear("Which court decides about contracts?")
    assert (await page.next(1))[0].startswith("Judge")


async def test_the_second_of_a_name_gets_a_number(stage: Stage) -> None:
    room, _ = await stage.open({"Ada": saying("a")}, human_every=1)
    await room.do(invite(Persona(name="ada"), THEO))
    assert [seat.name for seat in room.state.seats.values()] == ["Ada", "ada 2"]
    with pytest.raises(Refused, match="Seated are: Ada, ada 2"):
        await room.do(remove("Zoe", THEO))


async def test_events_have_no_gap_and_begin_with_the_opening(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("a"), "Bob": saying("PASS")}, turns=3)
    await page.told("closed")
    events = await all_events(room)
    assert [event.index for event in events] == list(range(len(events)))
    assert kinds(events)[:3] == ["opened", "joined", "joined"]
    assert all(event.at.utcoffset() is not None and event.at.microsecond % 1000 == 0 for event in events)
