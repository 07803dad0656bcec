"""German sentences are whole ones, with the right cases and numbers, wherever their words come from."""

import pytest

from rooms_bot.domain.events import Configured, Failed, Paused, Resumed
from rooms_bot.domain.fold import fold
from rooms_bot.domain.rooms import Mode
from rooms_bot.export import budgets, standing
from rooms_bot.export.files import Format
from rooms_bot.export.reasons import reasons
from rooms_bot.i18n import speaking
from tests.export.samples import ALICE, ELENA, OPENED, room, whole, written


@pytest.fixture(autouse=True)
def _german() -> object:
    with speaking("de"):
        yield


@pytest.mark.parametrize(
    ("turns", "said"),
    [
        (1, "der Raum endet nach 1 Zug (bisher 0)"),
        (7, "der Raum endet nach 7 Zügen (bisher 0)"),
    ],
)
def test_rules_are_told_with_their_numbers(turns: int, said: str) -> None:
    config = OPENED.config.model_copy(update={"turns": turns})
    state = fold(room(Configured(config=config, changed=("turns",), by=ALICE)))
    assert standing.rules(state)["turns"] == said


def test_a_pause_is_told_with_who_and_why() -> None:
    state = fold(room(Paused(by=ALICE)))
    assert standing.paused(Paused(by=ALICE), state) == "Alice hat den Raum pausiert. `/room resume` setzt ihn fort."


def test_what_is_kept_in_english_is_told_in_german() -> None:
    told = written(Format.MARKDOWN, room(Failed(turn=0, seat=ELENA.id, reason="took too long to answer")))
    assert "brauchte zu lange für eine Antwort" in told


def test_an_export_is_in_the_language_of_who_takes_it_along() -> None:
    told = written(Format.MARKDOWN, whole())
    assert "- **Geöffnet:** 2026-03-01 12:00:00 UTC von Alice" in told
    assert "der Modus wechselte von dynamisch zu reihum" in told.replace("Der", "der")


def test_columns_and_kinds_of_a_table_are_the_same_in_every_language() -> None:
    head, *rows = written(Format.CSV, room(Resumed(by=ALICE, reason="resumed"))).splitlines()
    assert head.startswith('\ufeff"index","time","kind"')
    assert '"resumed"' in rows[-1]
    assert "Der Raum ging weiter, auf Wunsch von Alice" in rows[-1]


def test_the_mode_is_part_of_a_sentence() -> None:
    config = OPENED.config.model_copy(update={"mode": Mode.ROUND_ROBIN})
    state = fold(room(Configured(config=config, changed=("mode",), by=ALICE)))
    assert standing.rules(state)["mode"] == "ab jetzt: alle der Reihe nach"
    assert reasons(state) == "Noch kein Agent war am Zug."


def test_numbers_have_the_separators_of_the_language() -> None:
    assert budgets.of(697, 500_000, "tokens") == "697 von 500.000 Token"
    assert budgets.amount(1234.5, "dollars") == "1.234,50 $"
    assert standing.counted(4.5, "second") == "4,5 Sekunden"
