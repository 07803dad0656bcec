"""Who speaks when, as the page says it, is what the engine does."""

import pytest

from rooms_bot.domain.rooms import MAX_SEATS, Mode, RoomConfig
from rooms_bot.turns.addressing import Named, addressed
from rooms_bot.turns.order import POLICIES
from tests.docs.pages import marked, page, table

MODES = page("docs/modes.md")
NAMES = [Named(1, "Ada"), Named(2, "Kenji"), Named(3, "Noor")]
WHOM = {"Ada": (1,), "Ada, then Kenji": (1, 2), "all of them, in turn": (1, 2, 3)}


def examples() -> list[tuple[str, tuple[int, ...]]]:
    return [
        (text, WHOM.get(whom, ())) for what, whom in table(MODES, "what is written") for text in marked(what) if whom
    ]


@pytest.mark.parametrize(("text", "whom"), examples())
def test_the_examples_of_addressing_ask_whom_the_page_says(text: str, whom: tuple[int, ...]) -> None:
    assert addressed(text, NAMES, vocative=True) == whom


def test_every_mode_is_told_of_and_no_other() -> None:
    assert [Mode(marked(row[0])[0]) for row in table(MODES, "`mode`")] == list(POLICIES)


def test_the_numbers_are_those_of_the_engine() -> None:
    config = RoomConfig(topic="any")
    limits = dict(table(MODES, "what"))
    assert limits["agents in a room"] == str(MAX_SEATS)
    assert limits["hand-overs in a row"] == str(config.max_chain_depth)
    assert f"{config.turns} unless told otherwise" in limits["turns"]
    assert f"says whom it waits for and until when: {config.human_wait:g} seconds" in MODES
    assert f"at least `pace` seconds ({config.pace:g})" in MODES
    assert f"`orchestrator_every` turns of agents ({config.orchestrator_every}; 0 for never)" in MODES
