"""What an agent said is withdrawn and said anew, struck, or rated: what that changes in a room, and what not."""

from collections.abc import AsyncGenerator
from typing import Literal

import pytest

from rooms_bot.domain.events import Failed, Generated, Planned, Rated, Regenerated, Usage, Waiting, Why
from rooms_bot.domain.fold import fold
from rooms_bot.domain.rooms import Member
from rooms_bot.engine import commands as ask
from rooms_bot.engine import seating
from rooms_bot.engine.room import Room
from rooms_bot.engine.seating import Access
from rooms_bot.errors import Refused
from rooms_bot.ports import Agent, Request
from tests.engine.conftest import CHANNEL, SAM, THEO, Stage, all_events, heard, kinds, nothing
from tests.engine.fakes import Held, Page, failing, names, saying


async def waiting_room(stage: Stage, **agents: Agent) -> tuple[Room, Page]:
    """A room that has had its first turn and waits for people."""
    room, page = await stage.open(agents, human_every=1)
    await page.told("waiting")
    return room, page


def spoken(room: Room) -> list[str]:
    return [f"{line.name}: {line.text}" for line in room.state.lines]


# The new answer


async def test_an_answer_is_withdrawn_and_the_same_message_is_answered_anew_without_having_seen_it(
    stage: Stage,
) -> None:
    ada = saying("a", "poor", "better")
    room, page = await waiting_room(stage, Ada=ada, Bob=saying("b"))
    question = heard("@Ada, what is form?", SAM)
    stage.house.hear(CHANNEL, question)
    await page.told("waiting", 2)
    await room.do(ask.regenerate(page.post_ids[1], THEO))
    await page.told("waiting", 3)
    assert spoken(room) == ["Ada: a", "Sam: @Ada, what is form?", "Ada: ", "Ada: better"]
    assert stage.cast.planned[-1].answers == question.source
    assert "Ada: poor" not in stage.cast.sent
    assert "poor" not in repr(await all_events(room))
    assert fold(await all_events(room)).turns_taken == room.state.turns_taken


async def test_an_answer_taken_anew_costs_the_room_no_turn_and_no_place(stage: Stage) -> None:
    agents = {"Ada": saying("a"), "Bob": saying("b"), "Moderator": saying("sum")}
    room, page = await stage.open(agents, human_every=2, turns=6, orchestrator_every=4)
    await page.told("waiting")
    await room.do(ask.regenerate(page.post_ids[0], THEO))
    await page.told("waiting", 2)
    assert names(page.posts) == ["Ada", "Bob", "Ada"]
    assert room.state.turns_left == 4
    await room.do(ask.go_on(SAM))
    await page.told("waiting", 3)
    assert names(page.posts)[3:] == ["Bob", "Ada", "Moderator"]


async def test_the_last_turn_can_be_taken_anew_and_then_the_room_ends(stage: Stage) -> None:
    bob = Held()
    room, page = await stage.open({"Ada": saying("a", "better"), "Bob": bob}, turns=2)
    await bob.started.wait()
    await room.do(ask.regenerate(page.post_ids[0], THEO))
    bob.release.set()
    await page.told("closed")
    assert page.posts == ["Ada: a", "Ada: better", "Bob: at last"]
    with pytest.raises(Refused, match="/room start"):
        await room.do(ask.regenerate(page.post_ids[0], THEO))


async def test_two_answers_withdrawn_at_once_are_both_taken_anew_and_one_withdrawn_twice_is_once(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("a", "a2"), "Bob": saying("b", "b2")}, turns=3, human_every=2)
    await page.told("waiting")
    for source in page.post_ids[:2]:
        room.put(ask.regenerate(source, THEO))
    with pytest.raises(Refused, match="not something an agent said"):
        await room.do(ask.regenerate(page.post_ids[0], SAM))
    await page.told("waiting", 2)
    assert page.posts[2:] == ["Bob: b2", "Ada: a2"]
    assert room.state.turns_left == 1
    assert kinds(await all_events(room)).count("regenerated") == 2


async def test_the_orchestrators_summary_is_made_anew_and_counts_as_no_turn(stage: Stage) -> None:
    agents = {"Ada": saying("a"), "Moderator": saying("sum", "better sum")}
    room, page = await stage.open(agents, human_every=1, orchestrator_every=1)
    await page.told("waiting")
    await room.do(ask.regenerate(page.post_ids[1], THEO))
    await page.told("waiting", 2)
    assert page.posts == ["Ada: a", "Moderator: sum", "Moderator: better sum"]
    assert (room.state.turns_taken, room.state.turns_allowed) == (1, 20)


# Others meanwhile


async def test_who_thinks_of_their_own_accord_gives_way_and_goes_on_after(stage: Stage) -> None:
    bob = Held()
    room, page = await stage.open({"Ada": saying("a", "better"), "Bob": bob, "Cy": saying("c")}, human_every=3)
    await bob.started.wait()
    await room.do(ask.regenerate(page.post_ids[0], THEO))
    assert await page.next(2) == ["Ada: a", "Ada: better"]
    assert bob.dropped == 1
    bob.release.set()
    assert await page.next(2) == ["Bob: at last", "Cy: c"]


async def test_who_answers_a_person_or_speaks_already_is_not_cut_off(stage: Stage) -> None:
    bob = Held()
    room, page = await waiting_room(stage, Ada=saying("a", "better"), Bob=bob)
    stage.hear("@Bob?", SAM)
    await bob.started.wait()
    await room.do(ask.regenerate(page.post_ids[0], THEO))
    bob.release.set()
    assert await page.next(3) == ["Ada: a", "Bob: at last", "Ada: better"]
    assert bob.dropped == 0


async def test_a_question_to_the_same_agent_is_answered_besides(stage: Stage) -> None:
    bob = Held()
    ada = saying("a", "to the first", "first, better", "to the second")
    room, page = await waiting_room(stage, Ada=ada, Bob=bob)
    first, second = heard("@Ada, one?", SAM), heard("@Ada, two?", SAM)
    stage.house.hear(CHANNEL, first)
    await page.told("waiting", 2)
    stage.hear("@Bob?", THEO)
    await bob.started.wait()
    await room.do(ask.regenerate(page.post_ids[1], THEO))
    stage.house.hear(CHANNEL, second)
    await room.do(nothing)
    bob.release.set()
    await page.next(5)
    assert page.posts[2:] == ["Bob: at last", "Ada: first, better", "Ada: to the second"]
    assert [planned.answers for planned in stage.cast.planned[-2:]] == [first.source, second.source]


async def test_a_hand_over_in_what_was_withdrawn_leads_to_nothing(stage: Stage) -> None:
    bob = Held()
    room, page = await stage.open({"Ada": saying("@Cy, you?", "better"), "Bob": saying("b"), "Cy": bob}, human_every=2)
    await bob.started.wait()
    assert stage.cast.planned[-1].why == "handed"
    await room.do(ask.regenerate(page.post_ids[0], THEO))
    await page.told("waiting")
    assert names(page.posts) == ["Ada", "Ada", "Bob"]
    assert room.state.chain == 0


async def test_nobody_waits_for_whom_only_withdrawn_words_asked(stage: Stage) -> None:
    room, page = await waiting_room(stage, Ada=saying("a", "Sam, what do you say?", "better"))
    stage.hear("@Ada?", SAM)
    await page.told("waiting", 2)
    assert room.state.waiting is not None
    assert room.state.waiting.reason == "asked"
    await room.do(ask.regenerate(page.post_ids[1], THEO))
    last = (await page.told("waiting", 3)).what
    assert isinstance(last, Waiting)
    assert last.reason == "interval"
    assert room.state.asked == {}


async def test_whom_another_waits_for_is_waited_for_after(stage: Stage) -> None:
    agents = {"Ada": saying("a", "better"), "Bob": saying("b", "Sam, and you?")}
    room, page = await stage.open(agents, human_every=9, turns=9)
    stage.hear("@Bob?", SAM)
    await page.told("waiting")
    ada = next(line for line in room.state.lines if line.name == "Ada")
    await room.do(ask.regenerate(ada.sources[0], THEO))
    again = (await page.told("waiting", 2)).what
    assert isinstance(again, Waiting)
    assert (again.reason, again.member) == ("asked", SAM.id)
    assert page.posts[-1] == "Ada: better"


async def test_an_agent_that_only_listens_or_is_benched_answers_anew(stage: Stage) -> None:
    room, page = await waiting_room(stage, Ada=saying("a", "better"), Bob=saying("b"))
    await room.do(seating.mute("Ada", True, THEO))
    stage.cast.agents["Bob"] = failing()
    await room.do(ask.regenerate(page.post_ids[0], THEO))
    await page.next(2)
    assert page.posts[1] == "Ada: better"
    assert 1 in room.state.muted


async def test_after_a_restart_an_answer_is_still_to_be_taken_anew(stage: Stage) -> None:
    bob = Held()
    room, page = await waiting_room(stage, Ada=saying("a", "poor"), Bob=bob)
    question = heard("@Ada?", SAM)
    stage.house.hear(CHANNEL, question)
    await page.told("waiting", 2)
    stage.hear("@Bob?", THEO)
    await bob.started.wait()
    await room.do(ask.regenerate(page.post_ids[1], THEO))
    asks = fold(await all_events(room)).asked_by_members
    assert [(one.seat, one.answers) for one in asks] == [(1, question.source)]


# What is refused


@pytest.mark.parametrize("which", ["a greeting", "a member", "unknown"])
async def test_only_what_an_agent_said_in_a_turn_can_be_taken_anew(stage: Stage, which: str) -> None:
    room, page = await stage.open({"Ada": saying("a")}, human_every=1, cards={"Ada": {"greeting": "Hello!"}})
    await page.told("waiting")
    question = heard("well")
    stage.house.hear(CHANNEL, question)
    await page.told("waiting", 2)
    sources = {"a greeting": page.post_ids[0], "a member": question.source, "unknown": 1}
    with pytest.raises(Refused, match="not something an agent said"):
        await room.do(ask.regenerate(sources[which], THEO))


async def test_who_left_or_gave_their_seat_away_or_a_paused_room_cannot_answer_anew(stage: Stage) -> None:
    room, page = await waiting_room(stage, Ada=saying("a"), Bob=saying("b"))
    await room.do(ask.pause(THEO))
    with pytest.raises(Refused, match="paused"):
        await room.do(ask.regenerate(page.post_ids[0], THEO))
    await room.do(ask.resume(THEO))
    await room.do(seating.remove("Ada", THEO))
    with pytest.raises(Refused, match="Ada has left the room"):
        await room.do(ask.regenerate(page.post_ids[0], THEO))


async def test_an_answer_that_still_grows_cannot_be_taken_anew(stage: Stage) -> None:
    ada = Growing()
    room, page = await waiting_room(stage, Ada=ada)
    page.streams = True
    stage.hear("@Ada?", SAM)
    await ada.second.started.wait()
    await room.do(nothing)
    (growing,) = room.state.standing
    with pytest.raises(Refused, match="still being written"):
        await room.do(ask.regenerate(growing, THEO))
    ada.second.release.set()
    await page.next(2)


class Growing:
    """An agent whose second answer has begun and is held."""

    def __init__(self) -> None:
        self.second, self._asked = Held(), 0

    async def stream(self, request: Request) -> AsyncGenerator[str | Usage, None]:
        self._asked += 1
        yield f"beginning {self._asked}"
        if self._asked == 2:
            async for piece in self.second.stream(request):
                yield piece


# What is struck


async def test_with_an_agents_words_goes_the_hand_over_in_them(stage: Stage) -> None:
    cy = Held()
    room, page = await stage.open({"Ada": saying("@Cy, you?"), "Bob": saying("b"), "Cy": cy}, human_every=2)
    await cy.started.wait()
    await room.do(ask.delete(page.post_ids[0]))
    await page.told("waiting")
    assert names(page.posts) == ["Ada", "Bob"]
    assert "Cy, you?" not in repr(await all_events(room))


async def test_what_broke_off_half_way_is_struck_with_all_that_was_thought_of_it(stage: Stage) -> None:
    room, _ = await waiting_room(stage, Ada=saying("a"))
    planned = Planned(turn=7, seat=1, why=Why.MODE)
    broken = (
        planned,
        Generated(turn=7, seat=1, text="secret", thought="secret"),
        Failed(turn=7, seat=1, reason="spoke in vain", text="secret", thought="secret", posts=(71, 72)),
    )
    await room.do(lambda _: broken)
    assert spoken(room)[-1] == "Ada: secret"
    await room.do(ask.delete(72))
    assert spoken(room)[-1] == "Ada: "
    assert "secret" not in repr(await all_events(room))


# What members think of it


async def rated(room: Room) -> list[tuple[int, int]]:
    return [(one.what.member.id, one.what.rating) for one in await all_events(room) if isinstance(one.what, Rated)]


async def test_each_member_has_one_opinion_of_a_turn_and_may_take_it_back(stage: Stage) -> None:
    room, page = await waiting_room(stage, Ada=saying("a"))
    source = page.post_ids[0]
    for opinion in (rate(source, THEO, 1), rate(source, THEO, 1), rate(source, SAM, 1), rate(source, THEO, -1)):
        await room.do(opinion)
    assert room.state.ratings[source] == {THEO.id: -1, SAM.id: 1}
    await room.do(ask.unrate(source, 1, THEO.id))  # it stands no more
    await room.do(ask.unrate(source, -1, THEO.id))
    await room.do(ask.unrate(source, -1, THEO.id))
    assert await rated(room) == [(1, 1), (2, 1), (1, -1), (1, 0)]
    await room.do(ask.unrate(source))
    assert room.state.ratings[source] == {}


def rate(source: int, member: Member, rating: Literal[-1, 0, 1]) -> ask.Command:
    return ask.rate(source, member, rating)


async def test_the_parts_of_one_turn_are_rated_together_and_only_agents_words_are(stage: Stage) -> None:
    room, _ = await waiting_room(stage, Ada=saying("a"))
    question = heard("hm", SAM)
    await room.do(lambda _: (question,))
    broken = Failed(turn=7, seat=1, reason="broke off", text="half", posts=(71, 72))
    await room.do(lambda _: (broken,))
    await room.do(ask.rate(72, THEO, 1))
    await room.do(ask.rate(71, THEO, 1))
    await room.do(ask.rate(question.source, THEO, 1))
    await room.do(ask.rate(1, THEO, 1))
    assert room.state.ratings == {71: {THEO.id: 1}}


async def test_a_rating_triggers_no_turn_and_goes_with_what_was_withdrawn(stage: Stage) -> None:
    room, page = await waiting_room(stage, Ada=saying("a", "better"))
    await room.do(ask.rate(page.post_ids[0], SAM, -1))
    assert room.state.waiting is not None
    await room.do(ask.regenerate(page.post_ids[0], THEO))
    await page.told("waiting", 2)
    assert room.state.ratings == {}
    assert names(page.posts) == ["Ada", "Ada"]


# Whom a question is for


async def test_a_question_that_says_whom_it_is_for_goes_there_whatever_its_words_say(stage: Stage) -> None:
    room, page = await waiting_room(stage, Ada=saying("a"), Bob=saying("b"))
    stage.house.hear(CHANNEL, heard("@Ada, what of it?", SAM).model_copy(update={"addressed": (2,)}))
    assert (await page.next(2))[1] == "Bob: b"
    assert room.state.turns_taken == 2


async def test_a_question_for_somebody_who_is_not_there_goes_by_its_words(stage: Stage) -> None:
    room, page = await waiting_room(stage, Ada=saying("a"), Bob=saying("b"))
    stage.house.hear(CHANNEL, heard("@Bob, and you?", SAM).model_copy(update={"addressed": (9,)}))
    assert (await page.next(2))[1] == "Bob: b"
    assert [event.what.kind for event in await all_events(room)].count("failed") == 0


async def test_nobody_is_asked_who_has_left_before_it_counted(stage: Stage) -> None:
    room, _ = await waiting_room(stage, Ada=saying("a"))
    await room.do(lambda _: (Regenerated(source=1, seat=9, by=THEO),))
    assert room.state.asked_by_members == []
    assert spoken(room) == ["Ada: a"]


# What an agent has of the room


async def test_an_agents_access_says_whether_it_listens_and_whether_it_remembers(stage: Stage) -> None:
    room, page = await waiting_room(stage, Ada=saying("a"), Bob=saying("b"))
    had = {}
    for granted in (Access.READ, Access.NONE, Access.WRITE, Access.ALL, Access.ALL):
        await room.do(seating.access("Ada", granted, THEO))
        had[granted] = 1 in room.state.muted, room.state.seats[1].persona.memory
    assert had == {
        Access.READ: (True, "room"),
        Access.NONE: (True, "none"),
        Access.WRITE: (False, "none"),
        Access.ALL: (False, "room"),
    }
    assert kinds(await all_events(room)).count("configured") == 4
    assert spoken(room) == ["Ada: a"], "nothing is forgotten by it"
    assert names(page.posts) == ["Ada"]


async def test_who_only_listens_and_sees_nothing_answers_a_person_all_the_same(stage: Stage) -> None:
    room, page = await waiting_room(stage, Ada=saying("a", "yes?"), Bob=saying("b"))
    await room.do(seating.access("Ada", Access.NONE, THEO))
    stage.hear("@Ada?", SAM)
    assert (await page.next(2))[1] == "Ada: yes?"
