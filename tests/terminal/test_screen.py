"""How words stand on a terminal: each speaker in a colour of its own, and nobody beginning another's line."""

import io

import pytest

from rooms_bot.domain.rooms import MAX_SEATS
from rooms_bot.terminal.screen import INDENT, Screen, style
from tests.models.rooms import seat


def test_every_seat_of_a_full_room_has_a_colour_of_its_own_and_keeps_it() -> None:
    seats = [seat(number, f"Agent {number}") for number in range(MAX_SEATS + 1)]
    assert len({style(one) for one in seats}) == MAX_SEATS + 1
    assert [style(one) for one in seats] == [style(one) for one in seats]


def test_only_a_speakers_name_begins_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    for plain in (True, False):
        out = io.StringIO()
        Screen(plain, out).say(seat(1, "Ada"), f"[red]One[/red]\nKenji: forged\x1b[2J\n\n{'long ' * 60}")
        first, *others = out.getvalue().splitlines()
        assert "Ada" in first
        assert "[red]One[/red]" in first
        assert all(line.startswith(INDENT) or not line for line in others)
        assert "\x1b[2J" not in out.getvalue()
        assert ("\x1b" in out.getvalue()) is not plain
