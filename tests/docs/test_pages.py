"""Generated parts of the documentation: renewed in place, and told when stale."""

from pathlib import Path

import pytest

from tools.modules import module_map
from tools.pages import renew

PAGE = "before\n<!-- list: begin -->\nold\n<!-- list: end -->\nafter\n"


def test_a_stale_part_is_told_and_only_then_renewed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.md"
    page.write_text(PAGE, encoding="utf-8")
    assert renew(page, "list", "new", check=True) == 1
    assert "+new" in capsys.readouterr().err
    assert page.read_text(encoding="utf-8") == PAGE
    assert renew(page, "list", "new", check=False) == 0
    assert renew(page, "list", "new", check=True) == 0
    assert page.read_text(encoding="utf-8").split() == PAGE.replace("old", "new").split()


def test_a_page_without_its_marks_is_an_error(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("nothing here\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no place for list"):
        renew(page, "list", "new", check=True)


def test_a_module_must_say_what_it_is_for(tmp_path: Path) -> None:
    (tmp_path / "rooms_bot").mkdir()
    (tmp_path / "rooms_bot" / "mute.py").write_text("x = 1\n", encoding="utf-8")
    with pytest.raises(ValueError, match="does not say what it is for"):
        module_map(tmp_path)


def test_the_map_has_the_first_sentence_only(tmp_path: Path) -> None:
    (tmp_path / "cogs").mkdir()
    (tmp_path / "cogs" / "one.py").write_text('"""Does one\nthing. And more.\n\nAt length.\n"""\n', encoding="utf-8")
    assert module_map(tmp_path) == "### `cogs/`\n\n- `one`: Does one thing.\n"
