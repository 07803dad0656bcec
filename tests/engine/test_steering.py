"""What hosts may do to a room that is going on: give turns, skip them, change rules and seats."""

from collections.abc import Sequence

import pytest

from rooms_bot.domain.events import Usage, Why
from rooms_bot.domain.fold import fold
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import Place, RoomConfig
from rooms_bot.domain.talk import Ranking
from rooms_bot.engine import commands as ask
from rooms_bot.engine import seating
from rooms_bot.engine.house import House
from rooms_bot.engine.room import Room
from rooms_bot.errors import PostRefused, Refused, RoomsError
from rooms_bot.store.ram import RamStore
from rooms_bot.turns.argumentative import sides
from tests.engine.conftest import SAM, THEO, Stage, all_events, kinds, nothing, posted
from tests.engine.fakes import Cast, Held, Page, TurnedClock, names, saying


async def test_a_host_gives_an_agent_the_turn_also_one_that_only_listens(stage: Stage) -> None:
    agents = {"Ada": saying("a"), "Bob": saying("b"), "Cy": saying("c")}
    room, page = await stage.open(agents, human_every=1)
    await page.told("waiting")
    await room.do(seating.mute("Cy", True, SAM))
    await room.do(seating.force("cy", SAM))
    await page.told("waiting", 2)
    assert names(page.posts) == ["Ada", "Cy"]
    assert stage.cast.planned[-1].why is Why.FORCED
    assert stage.cast.planned[-1].by == "Sam"
    with pytest.raises(Refused, match="Nobody here has that name"):
        await room.do(seating.force("Zoe", SAM))


async def test_a_room_that_paused_since_all_only_listened_goes_on_once_one_need_not(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("a"), "Bob": saying("b")}, human_every=1)
    await page.told("waiting")
    for name in ("Ada", "Bob"):
        await room.do(seating.mute(name, True, SAM))
    stage.hear("anybody?")
    await page.told("paused")
    await room.do(seating.mute("Bob", False, SAM))
    await page.told("waiting", 2)
    assert names(page.posts) == ["Ada", "Bob"]
    await room.do(ask.pause(SAM))
    await room.do(seating.mute("Ada", False, SAM))
    assert room.state.paused is not None, "what a person paused a person resumes"


async def test_a_forced_turn_drops_a_thought_that_answers_nobody(stage: Stage) -> None:
    held = Held()
    room, page = await stage.open({"Ada": held, "Bob": saying("b")}, turns=2)
    await held.started.wait()
    await room.do(seating.force("Bob", THEO))
    held.release.set()
    assert names(await page.next(2)) == ["Bob", "Ada"]
    assert held.dropped == 1


async def test_who_is_skipped_while_thinking_has_had_its_turn(stage: Stage) -> None:
    held = Held()
    room, page = await stage.open({"Ada": held, "Bob": saying("b")}, turns=2)
    await held.started.wait()
    await room.do(ask.skip(SAM))
    await page.told("closed")
    assert names(page.posts) == ["Bob"]
    assert held.dropped == 1
    assert (await page.told("passed")).what.model_dump()["by"]["name"] == "Sam"


async def test_the_next_one_is_skipped_before_it_begins(stage: Stage) -> None:
    agents = {"Ada": saying("a"), "Bob": saying("b"), "Cy": saying("c")}
    room, page = await stage.open(agents, pace=60, turns=3)
    await page.next(1)
    await stage.clock.until_asleep(60)
    await room.do(ask.skip(SAM))
    stage.clock.advance(60)
    assert names(await page.next(1)) == ["Cy"]


async def test_there_must_be_somebody_to_skip(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("PASS")})
    await page.told("waiting")
    with pytest.raises(Refused, match="Nobody is about to speak"):
        await room.do(ask.skip(SAM))


async def test_the_mode_is_switched_in_a_live_room(stage: Stage) -> None:
    agents = {"Ada": saying("a"), "Bob": saying("b"), "Cy": saying("c")}
    room, page = await stage.open(agents, human_every=2, mode="argumentative")
    await page.told("waiting")
    await room.do(ask.configure(SAM, mode="round_robin"))
    await room.do(ask.go_on(SAM))
    await page.told("waiting", 2)
    assert names(page.posts) == ["Ada", "Bob", "Cy", "Ada"]
    assert room.state.turns_taken == 4


async def test_another_number_of_turns_moves_the_end(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("a"), "Bob": saying("b")}, turns=20, human_every=2)
    await page.told("waiting")
    await room.do(ask.configure(SAM, turns=3))
    await room.do(ask.go_on(SAM))
    await page.told("closed")
    assert len(page.posts) == 3


async def test_a_seat_takes_another_persona_and_keeps_its_place(stage: Stage) -> None:
    agents = {"Ada": saying("a"), "Bob": saying("b"), "Cy": saying("c")}
    room, page = await stage.open(agents, human_every=1)
    await page.told("waiting")
    stage.cast.agents["Kenji"] = saying("k")
    await room.do(seating.configure_seat("Bob", SAM, persona=Persona(name="Kenji", greeting="Hello.")))
    for count in (2, 3):
        await room.do(ask.go_on(SAM))
        await page.told("waiting", count)
    assert names(page.posts) == ["Ada", "Kenji", "Cy"]
    assert list(room.state.seats) == [1, 2, 3]


async def test_a_persona_whose_name_is_taken_is_told_apart(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("PASS"), "Bob": saying("PASS")})
    await page.told("waiting")
    await room.do(seating.configure_seat("Bob", SAM, persona=Persona(name="Ada")))
    assert [seat.name for seat in room.state.seats.values()] == ["Ada", "Ada 2"]


async def test_an_agent_changes_its_mind(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("PASS"), "Bob": saying("PASS")}, mode="argumentative")
    await page.told("waiting")
    await room.do(seating.configure_seat("Ada", SAM, stance="against"))
    assert sides(room.state.seats.values()) == {1: "against", 2: "for"}


async def test_the_orchestrator_has_instructions_and_a_name_of_its_own(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("a"), "Chair": saying("so far")}, human_every=1)
    await page.told("waiting")
    await room.do(seating.configure_moderator(SAM, name="Chair", instructions="Be brief."))
    await room.do(ask.summarise(SAM))
    await page.told("waiting", 2)
    assert "Chair: so far" in page.posts
    assert room.state.moderator.instructions == "Be brief."


async def test_a_change_that_changes_nothing_is_no_event(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("PASS")})
    await page.told("waiting")
    before = len(await all_events(room))
    await room.do(ask.configure(SAM, mode="round_robin"))
    await room.do(seating.configure_seat("Ada", SAM, stance=None))
    assert len(await all_events(room)) == before


async def test_a_greeting_is_posted_once_without_a_model_and_not_again_after_a_restart(stage: Stage) -> None:
    agents = {"Ada": saying("PASS"), "Bob": saying("PASS")}
    room, page = await stage.open(agents, cards={"Ada": {"greeting": "Hello, I am Ada."}})
    await page.told("waiting")
    assert posted(room.state) == ["Ada: Hello, I am Ada."]
    assert room.state.turns_taken == 2
    assert fold(await all_events(room)).to_greet == []


async def test_a_greeting_that_cannot_be_posted_is_gone_without(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("PASS")}, cards={"Ada": {"greeting": "Hello."}}, channel=78)

    async def refuse() -> None:
        page.gate = None
        raise PostRefused("no")

    page.gate = refuse
    await page.told("waiting")
    assert page.posts == []
    assert "greeted" in kinds(await all_events(room))


async def test_only_a_choice_of_the_mode_is_judged_again(stage: Stage) -> None:
    """`Cast.rankings` are what a judge would say."""
    stage.cast.rankings = [Ranking({2: 5.0}, 0.9, "model", Usage(prompt_tokens=7, cost=0.5))]
    agents = {"Ada": saying("a"), "Bob": saying("b", "@Ada?"), "Cy": saying("c")}
    _, page = await stage.open(agents, mode="dynamic", human_every=1)
    await page.told("waiting")
    assert names(page.posts) == ["Bob"]
    planned = stage.cast.planned[0]
    assert planned.choice is not None
    assert (planned.choice.by, planned.choice.candidates[0].seat) == ("model", 2)
    stage.cast.rankings = [Ranking({3: 5.0}, 0.9, "model")]
    stage.hear("@Ada, please")
    await page.told("waiting", 2)
    assert names(page.posts) == ["Bob", "Ada"]
    assert len(stage.cast.rankings) == 1


async def test_words_that_a_model_finds_for_a_persona_are_kept_and_asked_for_once(stage: Stage) -> None:
    stage.cast.words["Ada"] = ("bridge", "beam")
    room, page = await stage.open({"Ada": saying("PASS"), "Bob": saying("PASS")}, cards={"Ada": {"role": "builder"}})
    while not room.state.seats[1].persona.expansion:
        await page.told("waiting")
        await room.do(nothing)
    assert room.state.seats[1].persona.expansion == ("bridge", "beam")
    assert room.state.spent.prompt_tokens == 10 + 10 + 5
    stage.cast.words["Ada"] = ("something else",)
    other, page = await stage.open({"Ada": saying("PASS")}, channel=79, cards={"Ada": {"role": "builder"}})
    while not other.state.seats[1].persona.expansion:
        await page.told("waiting")
        await other.do(nothing)
    assert other.state.seats[1].persona.expansion == ("bridge", "beam")


async def test_who_joins_while_the_room_waits_greets_at_once(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("a")}, human_every=1)
    await page.told("waiting")
    await room.do(seating.invite(Persona(name="Kenji", greeting="Hello."), SAM))
    assert (await page.next(2))[1] == "Kenji: Hello."
    assert room.state.waiting is not None


async def test_nobody_greets_in_a_paused_room(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("PASS")})
    await page.told("waiting")
    await room.do(ask.pause(THEO))
    await room.do(seating.invite(Persona(name="Kenji", greeting="Hello."), SAM))
    await page.told("joined")
    assert page.posts == []
    await room.do(ask.resume(THEO))
    assert await page.next(1) == ["Kenji: Hello."]


async def test_who_becomes_somebody_else_while_thinking_does_not_say_what_the_other_thought(stage: Stage) -> None:
    held = Held()
    room, page = await stage.open({"Ada": held}, turns=1)
    await held.started.wait()
    stage.cast.agents["Zoe"] = saying("z")
    await room.do(seating.configure_seat("Ada", SAM, persona=Persona(name="Zoe")))
    assert await page.next(1) == ["Zoe: z"]
    assert held.dropped == 1


async def test_muting_who_answers_a_person_does_not_begin_that_answer_anew(stage: Stage) -> None:
    held = Held("for Theo")
    room, page = await stage.open({"Ada": held, "Bob": saying("PASS")}, agents_answer="people")
    await page.told("waiting")
    stage.hear("@Ada?")
    await held.started.wait()
    await room.do(seating.mute("Ada", True, SAM))
    held.release.set()
    assert await page.next(1) == ["Ada: for Theo"]
    assert held.dropped == 0


async def test_who_asked_is_told_also_when_the_answer_was_being_thought_of(stage: Stage) -> None:
    held = Held()
    room, page = await stage.open({"Ada": held, "Bob": saying("b")}, agents_answer="people")
    await page.told("waiting")
    stage.hear("@Ada?", SAM)
    await held.started.wait()
    await room.do(ask.stop(THEO))
    assert (await page.told("closed")).what.model_dump()["unserved"] == ("Sam",)


async def test_giving_the_turn_to_who_has_it_already_does_not_give_it_twice(stage: Stage) -> None:
    held = Held("a")
    room, page = await stage.open({"Ada": held, "Bob": saying("b")}, turns=2)
    await held.started.wait()
    await room.do(seating.force("Ada", SAM))
    held.release.set()
    assert names(await page.next(2)) == ["Ada", "Bob"]


async def test_a_lively_channel_does_not_keep_the_judge_from_ever_judging(stage: Stage) -> None:
    stage.cast.rankings = [Ranking({2: 5.0}, 0.9, "model", Usage(prompt_tokens=7, cost=0.5))]
    stage.cast.judging = Held()
    agents = {"Ada": saying("a"), "Bob": saying("b")}
    room, page = await stage.open(agents, mode="dynamic", human_every=1)
    await stage.cast.judging.started.wait()
    for text in ("one", "two", "three"):
        stage.hear(text)
    stage.cast.judging.release.set()
    await page.next(1)
    assert room.state.spent.prompt_tokens == 10 + 7


async def test_personas_that_differ_in_their_prompt_alone_have_words_of_their_own(stage: Stage) -> None:
    stage.cast.words |= {"Ada": ("bridge",), "Bob": ("bread",)}
    cards = {"Ada": {"prompt": "You build."}, "Bob": {"prompt": "You bake."}}
    room, page = await stage.open({"Ada": saying("PASS"), "Bob": saying("PASS")}, cards=cards)
    await page.told("waiting")
    while not all(seat.persona.expansion for seat in room.state.seats.values()):
        await room.do(nothing)
    assert [seat.persona.expansion for seat in room.state.seats.values()] == [("bridge",), ("bread",)]


async def test_no_agent_is_called_like_the_orchestrator(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("PASS")})
    await page.told("waiting")
    await room.do(seating.invite(Persona(name="Moderator"), SAM))
    assert room.state.seats[2].name == "Moderator 2"


async def test_an_answer_of_thoughts_alone_has_cost_what_it_cost(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("<think>hm</think>"), "Bob": saying("<think>no</think>PASS")}, turns=2)
    await page.told("closed")
    assert room.state.spent.prompt_tokens == 20
    kept = [event.what.model_dump() for event in await all_events(room)]
    assert [what["thought"] for what in kept if what["kind"] in ("failed", "passed")] == ["hm", "no"]


async def test_a_room_that_no_agent_was_left_in_goes_on_with_a_new_one(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("a")}, human_every=1)
    await page.told("waiting")
    await room.do(seating.mute("Ada", True, SAM))
    await room.do(ask.go_on(SAM))
    await page.told("paused")
    stage.cast.agents["Bob"] = saying("b")
    await room.do(seating.invite(Persona(name="Bob"), SAM))
    assert names(await page.next(2)) == ["Ada", "Bob"]


async def test_who_is_skipped_too_late_has_spoken_and_no_other_is_skipped(stage: Stage) -> None:
    ada = Held("a")
    room, page = await stage.open({"Ada": ada, "Bob": saying("b")}, human_every=2)
    await ada.started.wait()
    taken = room.state.current
    ada.release.set()
    assert names(await page.next(2)) == ["Ada", "Bob"]
    assert await refusal(room, ask.skip(SAM, taken)) == "That one has spoken already."


async def refusal(room: Room, command: ask.Command) -> str:
    with pytest.raises(Refused) as error:
        await room.do(command)
    return str(error.value)


class Forgetful(RamStore):
    """A store whose words for personas cannot be had, or not be kept."""

    def __init__(self, kept: bool) -> None:
        super().__init__()
        self.kept = kept

    async def expansion(self, card: str) -> tuple[str, ...] | None:
        del card
        if self.kept:
            raise RoomsError("the database is away")
        return None

    async def save_expansion(self, card: str, words: Sequence[str]) -> None:
        del card, words
        raise RoomsError("the database is away")


@pytest.mark.parametrize("kept", [True, False])
async def test_words_that_the_database_cannot_give_or_keep_cost_no_turn(kept: bool) -> None:
    cast, page, held = Cast({}), Page(), Held("a")
    cast.words["Ada"], cast.agents["Ada"] = ("bridge",), held
    async with House(Forgetful(kept), RamStore(), lambda *_: page, cast, TurnedClock()) as house:
        rules = RoomConfig(topic="forms", turns=1, pace=0, orchestrator_every=0)
        place = Place(guild=9, channel=77, parent=77)
        room = await house.open(place, rules, [Persona(name="Ada", role="builder")], Persona(name="Moderator"), THEO)
        await held.started.wait()
        await room.do(nothing)
        held.release.set()
        assert await page.next(1) == ["Ada: a"]
    assert room.state.failures == {}
