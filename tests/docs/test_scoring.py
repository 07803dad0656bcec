"""How `dynamic` chooses, as the page says it, is what it does."""

import re

from rooms_bot.turns import dynamic
from rooms_bot.turns.expertise import rank
from tests.docs.pages import page, table

PAGE = page("docs/scoring.md")


def test_the_example_ranks_as_the_page_says() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names: dict[str, object] = {}
    exec(code, names)
    seats = names["seats"]
    assert isinstance(seats, list)
    mixed, plain = rank("Will the bridge hold at high tide?", seats), rank("Are corals dying?", seats)
    assert mixed == names["found"]
    assert min(mixed.scores.values()) > 0
    assert (plain.scores[1], plain.scores[2] > 0) == (0, True)
    assert mixed.confidence < plain.confidence


def test_the_constants_are_those_of_the_mode() -> None:
    worth = [" ".join(row) for row in table(PAGE, "part")]
    for row, value in zip(worth, (dynamic.STAY, dynamic.LINGER, dynamic.FAIR), strict=False):
        assert f"{value:g}" in row
    assert f"−{dynamic.PAIR:g}" in worth[3]
    assert f"{dynamic.CITED:g}" in worth[4]
