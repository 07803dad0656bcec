"""People in a room: heard at once, waited for, never held up; and the orchestrator beside them."""

from datetime import timedelta

import pytest

from rooms_bot.domain.events import Why
from rooms_bot.domain.fold import fold
from rooms_bot.engine import commands as ask
from rooms_bot.engine import seating
from rooms_bot.errors import Refused
from rooms_bot.ports import Profile
from tests.engine.conftest import SAM, THEO, Stage, all_events, heard, kinds
from tests.engine.fakes import Held, names, saying


async def test_the_room_waits_for_a_person_after_every_so_many_turns_and_then_goes_on(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("a"), "Bob": saying("b")}, human_every=2, human_wait=30)
    waiting = (await page.told("waiting")).what
    assert waiting.kind == "waiting"
    assert waiting.until is not None
    assert room.state.turns_taken == 2
    await stage.clock.until_asleep(30)
    stage.clock.advance(30)
    await page.told("waiting", 2)
    assert room.state.turns_taken == 4


async def test_continue_ends_a_wait(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("a"), "Bob": saying("b")}, human_every=1)
    await page.told("waiting")
    await room.do(ask.go_on(SAM))
    await page.told("waiting", 2)
    assert names(page.posts) == ["Ada", "Bob"]


async def test_the_orchestrator_does_not_skip_the_interval_for_people(stage: Stage) -> None:
    _, page = await stage.open({"Ada": saying("a"), "Moderator": saying("so far")}, human_every=2, orchestrator_every=2)
    await page.told("waiting")
    assert names(page.posts) == ["Ada", "Ada", "Moderator"]


async def test_an_agent_that_addresses_a_member_is_answered_before_anything_else(stage: Stage) -> None:
    agents = {"Ada": saying("a", "Sam, what would you do?", "thanks"), "Bob": saying("b"), "Moderator": saying("sum")}
    room, page = await stage.open(agents, human_every=1, orchestrator_every=2)
    await page.told("waiting")
    stage.hear("I am Sam and about to ask Ada", SAM)
    await page.told("waiting", 2)
    await room.do(ask.go_on(SAM))
    asked = (await page.told("waiting", 3)).what
    assert asked.kind == "waiting"
    assert (asked.reason, asked.member, asked.seat) == ("asked", SAM.id, 1)
    assert page.pings[-1] == (SAM.id,)


async def test_only_the_asked_members_answer_goes_to_the_one_who_asked(stage: Stage) -> None:
    agents = {"Ada": saying("@Sam, your view?", "I see"), "Bob": saying("b"), "Cy": saying("c")}
    room, page = await stage.open(agents, turns=9)
    await room.do(ask.pause(THEO))
    stage.hear("hello", SAM)
    await room.do(ask.resume(THEO))
    await page.told("waiting")
    before = len(page.posts)
    stage.hear("mine? none", SAM)
    await page.next(before + 1)
    assert page.posts[before] == "Ada: I see"


async def test_a_name_merely_said_is_not_an_address(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("PASS", "as Sam said, forms"), "Bob": saying("PASS", "b")})
    await page.told("waiting")
    stage.hear("forms!", SAM)
    await page.next(1)
    assert room.state.must_wait is None
    assert page.pings == [()]


async def test_a_members_own_words_never_make_the_room_wait_for_them(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("PASS", "a"), "Bob": saying("PASS", "b")}, turns=4)
    await page.told("waiting")
    stage.hear("I am Theo", THEO)
    await page.told("closed")
    assert room.state.turns_taken == 4


async def test_what_is_said_during_a_turn_is_answered_by_one_turn_that_has_read_it_all(stage: Stage) -> None:
    held, bob = Held("at last"), saying("I read it all", "PASS")
    room, page = await stage.open({"Ada": held, "Bob": bob}, turns=2)
    await held.started.wait()
    for text in ("one", "two", "three"):
        stage.hear(text)
    held.release.set()
    await page.told("closed")
    assert names(page.posts) == ["Ada", "Bob"]
    assert [message.content for message in bob.seen[0].messages][:3] == ["Theo: one", "Theo: two", "Theo: three"]
    assert room.state.turns_taken == 2


async def test_a_redelivered_message_is_heard_once(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("PASS")})
    await page.told("waiting")
    again = heard("hello")
    for _ in range(3):
        stage.house.hear(77, again)
    await room.do(ask.pause(THEO))
    assert kinds(await all_events(room)).count("heard") == 1


async def test_edits_and_deletions_change_what_is_remembered(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("PASS"), "Bob": saying("b")}, human_every=2)
    await page.told("waiting")
    stage.hear("the secret is 42", source=900)
    stage.hear("another", source=901)
    stage.house.edited(77, 900, "never mind")
    stage.house.deleted(77, 901)
    stage.house.deleted(77, page.post_ids[0])
    await room.do(ask.pause(THEO))
    assert [line.text for line in room.state.lines[:3]] == ["", "never mind", ""]
    written = "".join(event.model_dump_json() for event in await all_events(room))
    assert "42" not in written
    assert "another" not in written


async def test_who_wishes_not_to_be_heard_is_not(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("PASS")})
    await page.told("waiting")
    await stage.house.people.save(Profile(guild=9, member=SAM.id, ignored=True))
    assert not stage.hear("do not keep this", SAM)
    assert stage.hear("but this", THEO)
    await room.do(ask.pause(THEO))
    assert [line.text for line in room.state.lines] == ["but this"]


async def test_a_profile_tells_name_and_background(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("PASS")})
    await page.told("waiting")
    await stage.house.people.save(Profile(guild=9, member=SAM.id, name="Samira", background="a baker"))
    stage.hear("hello", SAM)
    await room.do(ask.pause(THEO))
    assert room.state.members[SAM.id].name == "Samira"
    assert room.state.members[SAM.id].background == "a baker"


async def test_an_agent_that_leaves_with_a_question_open_says_whose(stage: Stage) -> None:
    held = Held()
    room, page = await stage.open({"Ada": held, "Bob": saying("b")})
    await held.started.wait()
    stage.hear("@Bob what about the cost?", SAM)
    await room.do(seating.remove("bob", THEO))
    held.release.set()
    left = (await page.told("left")).what
    assert left.kind == "left"
    assert left.unserved == ("Sam",)


async def test_a_muted_agent_loses_its_turn_and_answers_only_a_person_who_asks_it(stage: Stage) -> None:
    held = Held("not for Bob")
    room, page = await stage.open({"Ada": held, "Bob": saying("@Ada?", "b")}, turns=6)
    await held.started.wait()
    await room.do(seating.mute("Ada", True, THEO))
    assert names(await page.next(2)) == ["Bob", "Bob"]
    assert held.dropped == 1
    held.release.set()
    await page.told("closed")
    assert "Ada" not in names(page.posts)


# The orchestrator


async def test_the_orchestrator_speaks_after_every_so_many_agents_turns(stage: Stage) -> None:
    agents = {"Ada": saying("a"), "Bob": saying("b"), "Moderator": saying("so far")}
    room, page = await stage.open(agents, turns=6, orchestrator_every=3)
    await page.told("closed")
    assert names(page.posts) == ["Ada", "Bob", "Ada", "Moderator", "Bob", "Ada", "Bob", "Moderator"]
    assert room.state.turns_taken == 6


async def test_an_orchestrator_that_passes_burns_no_turn(stage: Stage) -> None:
    agents = {"Ada": saying("a"), "Bob": saying("b"), "Moderator": saying("Pass!")}
    room, page = await stage.open(agents, turns=5, orchestrator_every=2)
    await page.told("closed")
    assert names(page.posts) == ["Ada", "Bob", "Ada", "Bob", "Ada"]
    assert room.state.turns_taken == 5


async def test_the_orchestrators_redirection_is_followed(stage: Stage) -> None:
    agents = {"Ada": saying("a"), "Bob": saying("b"), "Cy": saying("c"), "Moderator": saying("@Cy, your view?")}
    room, page = await stage.open(agents, turns=3, orchestrator_every=1)
    assert names(await page.next(4)) == ["Ada", "Moderator", "Cy", "Moderator"]
    planned = [event.what for event in await all_events(room) if event.what.kind == "planned"]
    assert planned[2].kind == "planned"
    assert planned[2].why is Why.REDIRECTED


async def test_the_orchestrator_can_be_called_at_once_and_switched_off(stage: Stage) -> None:
    agents = {"Ada": saying("a"), "Bob": saying("b"), "Moderator": saying("so far")}
    room, page = await stage.open(agents, human_every=1, orchestrator_every=9)
    await page.told("waiting")
    await room.do(ask.summarise(THEO))
    assert names(await page.next(2)) == ["Ada", "Moderator"]
    await room.do(ask.configure(THEO, orchestrator_every=0))
    assert room.state.config.orchestrator_every == 0


async def test_a_member_may_ask_the_orchestrator(stage: Stage) -> None:
    agents = {"Ada": saying("PASS"), "Moderator": saying("this is where we are")}
    room, page = await stage.open(agents)
    await page.told("waiting")
    stage.hear("@Moderator where are we?")
    assert await page.next(1) == ["Moderator: this is where we are"]
    assert room.state.turns_taken == 1


# Pace


async def test_agents_keep_the_pace_and_a_persons_question_does_not_wait_for_it(stage: Stage) -> None:
    _, page = await stage.open({"Ada": saying("a"), "Bob": saying("b")}, pace=10)
    await page.next(1)
    await stage.clock.until_asleep(10)
    stage.clock.advance(10)
    await page.next(1)
    await stage.clock.until_asleep(10)
    stage.hear("@Ada?")
    assert await page.next(1) == ["Ada: a"]


async def test_next_does_not_wait_for_the_pace(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("a"), "Bob": saying("b")}, pace=100)
    await page.next(1)
    await room.do(ask.hurry(THEO))
    assert await page.next(1) == ["Bob: b"]


async def test_no_turn_is_taken_before_the_channel_lets_a_post_through(stage: Stage) -> None:
    ada = saying("a")
    _, page = await stage.open({"Ada": ada}, human_every=1)
    await page.told("waiting")
    page.wait = 7.0
    stage.hear("@Ada?")
    await stage.clock.until_asleep(7)
    assert ada.requests == 1
    page.wait = 0.0
    stage.clock.advance(7)
    await page.next(2)


# Rebuilding


async def test_a_rooms_state_is_what_its_events_add_up_to(stage: Stage) -> None:
    agents = {"Ada": saying("a", "@Bob?"), "Bob": saying("PASS", "b"), "Moderator": saying("so far")}
    room, page = await stage.open(agents, turns=8, orchestrator_every=3)
    stage.hear("hello")
    await page.told("closed")
    rebuilt = fold(await all_events(room))
    assert rebuilt == room.state


async def test_a_wait_is_at_most_a_day_also_when_paused(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("PASS")})
    await page.told("waiting")
    await room.do(ask.pause(THEO))
    await page.told("paused")
    await stage.clock.until_asleep(timedelta(days=1).total_seconds())
    stage.clock.advance(timedelta(days=1).total_seconds())
    closed = (await page.told("closed")).what
    assert closed.kind == "closed"
    assert closed.reason == "idle"


async def test_a_command_that_makes_no_sense_is_refused_with_a_sentence(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("PASS")})
    await page.told("waiting")
    await room.do(ask.pause(THEO))
    with pytest.raises(Refused, match="paused already"):
        await room.do(ask.pause(THEO))
    with pytest.raises(Refused, match="`/room resume`"):
        await room.do(ask.hurry(THEO))
    with pytest.raises(Refused, match="last one here"):
        await room.do(seating.remove("Ada", THEO))


async def test_who_came_is_known_to_agents_and_can_be_asked_and_forgotten(stage: Stage) -> None:
    room, page = await stage.open({"Ada": (ada := Held("@Sam, and you?"))}, human_every=9)
    await room.do(ask.come(SAM))
    await room.do(ask.come(SAM))
    ada.release.set()
    waiting = (await page.told("waiting")).what
    assert waiting.kind == "waiting"
    assert waiting.member == SAM.id
    assert kinds(await all_events(room)).count("came") == 1
    await stage.house.forget_member(9, SAM.id)
    assert room.state.members[SAM.id].name == "someone"
    assert not [event for event in await all_events(room) if event.what.kind == "came" and "Sam" in str(event)]
