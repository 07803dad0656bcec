"""Who said a message is told in words that are exact where something is known, and say so where it is not."""

from datetime import UTC, datetime

from rooms_bot.chat.sources import told
from rooms_bot.domain.events import Generated, Planned, Usage, Why
from rooms_bot.domain.fold import fold
from rooms_bot.export.provenance import Provenance
from tests.export.samples import ELENA, room

AT = datetime(2026, 3, 1, tzinfo=UTC)
PLANNED = Planned(turn=0, seat=1, why=Why.HANDED, by="*Host*")


def words(known: Provenance) -> list[str]:
    return told(known, fold(room()), lambda model: f"with {model}").split("\n")


def test_all_that_is_known_is_told() -> None:
    generated = Generated(turn=0, seat=1, text="x", model="m_1", seconds=1.24)
    usage = Usage(prompt_tokens=10, completion_tokens=2, cost=0.5)
    assert words(Provenance(AT, seat=ELENA, planned=PLANNED, generated=generated, usage=usage)) == [
        "**Elena \\(The Lawyer\\)**, Lawyer said this.",
        "It spoke with m\\_1, and took 1.2 s.",
        "10 tokens read, 2 written: $0.50.",
        "Why it had the turn: \\*Host\\* handed over to it.",
    ]


def test_what_is_not_known_is_said_to_be_unknown() -> None:
    _, model, cost, *_ = words(Provenance(AT, seat=ELENA, planned=PLANNED))
    assert (model, cost) == ("Which model spoke is not known.", "How many tokens that took is not known.")
    unpriced = Provenance(AT, seat=ELENA, planned=PLANNED, usage=Usage(prompt_tokens=1))
    assert words(unpriced)[2] == "1 tokens read, 0 written: of unknown price."


def test_an_answer_that_broke_off_is_said_to_have() -> None:
    cut = Provenance(AT, seat=ELENA, planned=PLANNED, cut="took too long to answer")
    assert words(cut)[-1] == "It was cut off: Elena \\(The Lawyer\\) took too long to answer."


def test_of_what_was_said_before_a_restart_no_more_is_told_than_is_known() -> None:
    assert words(Provenance(AT, seat=ELENA, recalled=True)) == [
        "**Elena \\(The Lawyer\\)**, Lawyer said this.",
        "That was before the bot was restarted: how it came to be is no longer known.",
    ]
