"""What people may rely on where several things happen at once."""

import asyncio

from rooms_bot.domain.events import Why
from rooms_bot.engine import commands as ask
from rooms_bot.engine import seating
from rooms_bot.errors import Refused
from rooms_bot.ports import Profile
from tests.engine.conftest import SAM, THEO, Stage, all_events
from tests.engine.fakes import Held, names, saying


async def test_a_person_ends_the_chain_of_hand_overs_and_a_new_one_may_be_as_long(stage: Stage) -> None:
    agents = {"Ada": saying("@Bob?"), "Bob": saying("@Ada!"), "Cy": saying("c")}
    room, page = await stage.open(agents, human_every=3)
    await page.told("waiting")
    assert room.state.chain == 2
    stage.hear("go on")
    await page.told("waiting", 2)
    assert room.state.chain <= 3
    assert "Cy" not in names(page.posts)


async def test_a_message_that_names_two_while_one_of_them_thinks_is_answered_by_both_once(stage: Stage) -> None:
    held = Held("a")
    room, page = await stage.open({"Ada": held, "Bob": saying("b"), "Cy": saying("c")}, human_every=3, turns=9)
    await held.started.wait()
    stage.hear("@Ada and @Cy, what now?")
    stage.hear("@Cy?", SAM)
    held.release.set()
    await page.told("waiting")
    assert names(page.posts)[:2] == ["Ada", "Cy"]
    asked = [event.what for event in await all_events(room) if event.what.kind == "planned"]
    assert [one.why for one in asked if one.kind == "planned"][-3:-1] == [Why.ASKED, Why.ASKED]


async def test_who_takes_the_name_of_the_one_asked_does_not_answer_for_them(stage: Stage) -> None:
    agents = {"Ada": saying("a", "@Sam, your view?", "I see"), "Bob": saying("b")}
    room, page = await stage.open(agents, human_every=1)
    await page.told("waiting")
    stage.hear("@Ada hello", SAM)
    await page.told("waiting", 2)
    stage.hear("mine? none", THEO.model_copy(update={"name": "Sam"}))
    await page.told("waiting", 3)
    assert names(page.posts) == ["Ada", "Ada", "Bob"]
    assert room.state.asked == {SAM.id: 1}


async def test_a_muted_agent_answers_a_person_who_asks_it_and_stays_muted(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("PASS", "a"), "Bob": saying("PASS", "b")})
    await page.told("waiting")
    await room.do(seating.mute("Ada", True, THEO))
    stage.hear("@Ada?")
    assert names(await page.next(1)) == ["Ada"]
    assert [seat.name for seat in room.state.active] == ["Bob"]


async def test_of_a_continue_and_a_start_at_the_same_moment_one_gets_the_channel(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("a")}, turns=1)
    await page.told("closed")
    for first in (True, False):
        start, more = stage.open({"Bob": saying("PASS")}), stage.house.extend(room, THEO)
        both = (more, start) if first else (start, more)
        results = await asyncio.gather(*both, return_exceptions=True)
        assert len([one for one in results if isinstance(one, Refused)]) == 1
        live = [one for one in stage.house.rooms() if not one.over]
        assert len(live) <= 1
        for one in live:
            await one.do(ask.stop(THEO))


async def test_who_presses_continue_at_the_same_moment_as_somebody_else_is_told_that_the_room_goes_on(
    stage: Stage,
) -> None:
    room, page = await stage.open({"Ada": saying("a")}, turns=1)
    await page.told("closed")
    both = [stage.house.extend(room, by) for by in (THEO, SAM)]
    first, second = await asyncio.gather(*both, return_exceptions=True)
    assert first is None
    assert str(second) == "The room is still going on."
    assert room.state.turns_allowed == 2


async def test_who_wishes_not_to_be_heard_cannot_be_heard_by_an_edit(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("PASS")})
    await page.told("waiting")
    stage.hear("as it was", SAM, source=900)
    await stage.house.people.save(Profile(guild=9, member=SAM.id, ignored=True))
    stage.house.edited(77, 900, "as it is")
    await room.do(ask.pause(THEO))
    assert [line.text for line in room.state.lines] == [""]
    assert "as it" not in "".join(event.model_dump_json() for event in await all_events(room))


async def test_everyone_has_passed_also_where_people_are_waited_for_as_often(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("PASS"), "Bob": saying("PASS")}, human_every=2)
    waiting = (await page.told("waiting")).what
    assert waiting.kind == "waiting"
    assert (waiting.reason, waiting.until) == ("everyone passed", None)
    assert room.state.turns_taken == 2


async def test_a_wait_that_nobody_ended_does_not_make_those_who_passed_speak_again(stage: Stage) -> None:
    agents = {name: saying("PASS") for name in ("Ada", "Bob", "Cy")}
    room, page = await stage.open(agents, human_every=2, human_wait=30)
    await page.told("waiting")
    await stage.clock.until_asleep(30)
    stage.clock.advance(30)
    waiting = (await page.told("waiting", 2)).what
    assert waiting.kind == "waiting"
    assert waiting.reason == "everyone passed"
    assert room.state.turns_taken == 3


async def test_a_redirection_counts_also_for_one_who_was_handed_the_turn_already(stage: Stage) -> None:
    agents = {
        "Ada": saying("@Bob? @Cy?"),
        "Bob": saying("b"),
        "Cy": saying("c"),
        "Moderator": saying("@Cy first.", "PASS"),
    }
    room, page = await stage.open(agents, turns=3, orchestrator_every=1)
    await page.told("closed")
    assert names(page.posts)[:3] == ["Ada", "Moderator", "Cy"]
    planned = [event.what for event in await all_events(room) if event.what.kind == "planned"]
    assert [one.why for one in planned if one.kind == "planned"][2] is Why.REDIRECTED
