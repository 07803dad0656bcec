"""Where a message came from is told as exactly as the room knows it."""

from collections.abc import Callable

from rooms_bot.domain.events import Configured, Failed, Generated, Greeted, Planned, Said, Usage, Why
from rooms_bot.domain.fold import fold
from rooms_bot.export.provenance import Provenance, trace
from rooms_bot.export.reasons import given
from tests.export.samples import ALICE, CHOICE, ELENA, OPENED, heard, room, whole

PAID = Usage(prompt_tokens=100, completion_tokens=10, cost=0.5)


def turn(number: int, seat: int = 1, **more: object) -> tuple[Planned, Generated]:
    planned = Planned.model_validate({"turn": number, "seat": seat, "why": Why.MODE} | more)
    return planned, Generated(turn=number, seat=seat, text="x", model=f"m{number}", seconds=2, usage=PAID)


def found(*happenings: object, source: int) -> Provenance:
    known = trace(room(*happenings), source)  # type: ignore[arg-type]
    assert known is not None
    return known


def test_any_part_of_an_answer_leads_to_its_turn_and_to_no_other() -> None:
    first, second = turn(0), turn(1)
    said = (*first, Said(turn=0, seat=1, text="x", posts=(7, 8)), *second, Said(turn=1, seat=1, text="x", posts=(9,)))
    for source, (planned, generated) in {7: first, 8: first, 9: second}.items():
        known = found(*said, source=source)
        assert (known.planned, known.generated, known.usage) == (planned, generated, PAID)
    assert trace(room(*said), 10) is None


def test_what_the_choice_cost_is_part_of_what_the_turn_cost() -> None:
    known = found(*turn(0, choice=CHOICE), Said(turn=0, seat=1, text="x", posts=(7,)), source=7)
    assert known.usage == PAID + CHOICE.usage


def test_what_nobody_counted_is_unknown_and_not_nothing() -> None:
    planned, _ = turn(0)
    known = found(planned, Said(turn=0, seat=1, text="adopted", posts=(7,)), source=7)
    assert (known.generated, known.usage) == (None, None)


def test_an_answer_that_was_dropped_is_not_taken_for_the_next_one() -> None:
    dropped, _ = turn(0)
    again, _ = turn(1)
    known = found(dropped, turn(0)[1], again, Said(turn=1, seat=1, text="x", posts=(7,)), source=7)
    assert (known.planned, known.generated) == (again, None)


def test_an_agent_is_who_it_was_when_it_spoke() -> None:
    other = ELENA.model_copy(update={"name": "Portia"})
    planned, generated = turn(0)
    said = Said(turn=0, seat=1, text="x", posts=(7,))
    known = found(planned, generated, said, Configured(seat=other, was=ELENA.name, by=ALICE), source=7)
    assert known.seat == ELENA


def test_a_greeting_has_no_turn_and_a_members_message_no_agent() -> None:
    greeted = found(Greeted(seat=1, text="Order!", posts=(7,)), source=7)
    assert (greeted.seat, greeted.planned, greeted.usage) == (ELENA, None, None)
    member = found(heard("hi", source=7), source=7)
    assert (member.member, member.seat) == (ALICE, None)


def test_why_it_broke_off_is_known_and_what_it_cost_all_the_same() -> None:
    failed = Failed(turn=0, seat=1, reason="took too long to answer", text="As", posts=(7,), usage=PAID)
    known = found(turn(0)[0], failed, source=7)
    assert (known.cut, known.usage) == ("took too long to answer", PAID)


def test_the_orchestrators_summary_is_known_too() -> None:
    known = trace(whole(), 9)
    assert known is not None
    assert known.seat == OPENED.moderator


def test_the_reason_for_any_turn_can_be_told_and_names_are_made_safe() -> None:
    shout: Callable[[str], str] = str.upper
    state = fold(room())
    asked = Planned(turn=0, seat=1, why=Why.ASKED, by="Sam")
    assert list(given(state, asked, shout)) == ["SAM asked it"]
    assert list(given(state, Planned(turn=0, seat=0, why=Why.SUMMARY))) == ["it was time to sum up"]
    two = CHOICE.model_copy(update={"candidates": (*CHOICE.candidates, *CHOICE.candidates)})
    chosen = list(given(state, asked.model_copy(update={"choice": two}), shout))
    assert len(chosen) == 3
    assert chosen[1].startswith("1. ELENA (THE LAWYER) 2.50")
