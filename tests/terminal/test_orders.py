"""What is proposed while somebody types a command or a name."""

import pytest

from rooms_bot.terminal.notices import here
from rooms_bot.terminal.orders import ORDERS, completions

SEATS, PERSONAS = ["Ada", "Ada 2"], ["Ada", "Kenji", "Noor"]


@pytest.mark.parametrize(
    ("before", "typed", "words"),
    [
        ("/e", "/e", ["/extend", "/export"]),
        ("/mute a", "a", ["Ada", "Ada 2"]),
        ("/invite ", "", ["Kenji", "Noor"]),
        ("/export m", "m", ["md"]),
        ("/stop ", "", []),
        ("/nonsense a", "a", []),
        ("What of rye, @ada ", "ada ", ["Ada 2"]),
        ("@", "", ["Ada", "Ada 2", "all"]),
        ("@Ada what", "Ada what", []),
        ("plain words", "", []),
        ("", "", []),
    ],
)
def test_commands_names_and_formats_are_completed(before: str, typed: str, words: list[str]) -> None:
    assert completions(before, SEATS, PERSONAS) == (typed, words)


def test_sentences_about_commands_elsewhere_name_those_here() -> None:
    told = here("All seats are taken. `/agent remove` makes room; `/room extend turns:5` goes on. /room stop ends.")
    assert told == "All seats are taken. /remove makes room; /extend goes on. /stop ends."
    assert {"remove", "extend", "stop"} <= {order.name for order in ORDERS}
