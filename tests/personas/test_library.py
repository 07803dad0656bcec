"""Many folders make one library: later ones replace, broken files are named, the rest goes on."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from rooms_bot.domain.personas import Persona
from rooms_bot.errors import SetupError
from rooms_bot.store.personas import read_library, report


def folder(at: Path, **files: str) -> Path:
    """A folder with a persona a file; a text without a line break is a name."""
    at.mkdir()
    for stem, text in files.items():
        whole = text if "\n" in text else f"---\nname: {text}\n---\nYou are {text}, from {at.name}."
        (at / f"{stem}.md").write_text(whole)
    return at


def test_the_same_name_in_a_later_folder_replaces(tmp_path: Path) -> None:
    shipped = folder(tmp_path / "shipped", moderator="Moderator", a="Bela", b="Zoltan")
    own = folder(tmp_path / "own", mine="BELA", c="Kata")
    library = read_library([own], shipped)
    assert library.names() == ("BELA", "Zoltan", "Kata")
    bela = library.get("bela")
    assert bela is not None
    assert bela.prompt == "You are BELA, from own."


def test_a_broken_file_is_named_and_the_others_still_load(tmp_path: Path) -> None:
    shipped = folder(tmp_path / "shipped", moderator="Moderator", a="Bela", b="Zoltan")
    own = folder(tmp_path / "own", a="---\nname: Bela\ntemperature: hot\n---\n", b="Kata")
    library = read_library([own], shipped)
    assert library.names() == ("Bela", "Zoltan", "Kata")
    [problem] = library.problems
    assert str(problem) == f"{own / 'a.md'}, line 3: `temperature` must be a number"


def test_a_missing_folder_is_a_problem_not_the_end(tmp_path: Path) -> None:
    shipped = folder(tmp_path / "shipped", moderator="Moderator", a="Bela")
    library = read_library([tmp_path / "absent"], shipped)
    assert library.names() == ("Bela",)
    [problem] = library.problems
    assert problem.file == str(tmp_path / "absent")
    assert "No such file" in problem.reason


def test_two_of_one_name_in_one_folder_is_a_problem_and_the_first_stays(tmp_path: Path) -> None:
    shipped = folder(tmp_path / "shipped", moderator="Moderator", a="Bela", b="bela")
    library = read_library([], shipped)
    assert library.names() == ("Bela",)
    [problem] = library.problems
    assert problem.file.endswith("b.md")
    assert "a.md" in problem.reason


def test_the_moderator_is_nobody_to_invite_and_can_be_replaced(tmp_path: Path) -> None:
    shipped = folder(tmp_path / "shipped", moderator="Moderator", a="Bela")
    own = folder(tmp_path / "own", moderator="Chairwoman")
    assert read_library([], shipped).moderator.name == "Moderator"
    library = read_library([own], shipped)
    assert library.moderator.name == "Chairwoman"
    assert library.names() == ("Bela",)


def test_a_broken_moderator_leaves_the_shipped_one(tmp_path: Path) -> None:
    shipped = folder(tmp_path / "shipped", moderator="Moderator")
    own = folder(tmp_path / "own", moderator="---\n---\n")
    library = read_library([own], shipped)
    assert library.moderator.name == "Moderator"
    assert len(library.problems) == 1


def test_without_any_moderator_there_is_no_library(tmp_path: Path) -> None:
    with pytest.raises(SetupError):
        read_library([], folder(tmp_path / "shipped", a="Bela"))


def test_an_agent_called_like_the_moderator_is_warned_about(tmp_path: Path) -> None:
    shipped = folder(tmp_path / "shipped", moderator="Moderator", a="moderator", b="Bela")
    [warning] = read_library([], shipped).warnings
    assert "'Moderator' is the name of an agent and of the moderator" in warning.sentence


def test_warnings_come_with_the_library(tmp_path: Path) -> None:
    shipped = folder(tmp_path / "shipped", moderator="Moderator", a="---\nname: Bela\nroll: x\n---\nYou.")
    [warning] = read_library([], shipped).warnings
    assert str(warning) == f"{shipped / 'a.md'}:3: warning: 'roll' is not a known key: did you mean `role`?"


def test_only_persona_files_are_read(tmp_path: Path) -> None:
    shipped = folder(tmp_path / "shipped", moderator="Moderator", a="Bela", README="x\n", _draft="x\n")
    (shipped / ".hidden.md").write_text("x")
    (shipped / "notes.txt").write_text("x")
    library = read_library([], shipped)
    assert library.names() == ("Bela",)
    assert library.problems == ()


def test_a_report_has_a_line_for_each_finding_and_for_each_good_file(tmp_path: Path) -> None:
    own = folder(tmp_path / "own", a="Bela", b="---\nname: Kata\nroll: x\n---\nYou.")
    assert report([own / "a.md", own / "b.md"]) == (
        f"{own / 'a.md'}: good\n{own / 'b.md'}:3: warning: 'roll' is not a known key: did you mean `role`?",
        True,
    )
    text, fine = report([own / "absent.md", own])
    assert not fine
    assert text.splitlines()[0] == f"{own / 'absent.md'}: error: there is no such file"
    assert len(text.splitlines()) == 3


def test_words_of_which_nothing_is_left_are_refused() -> None:
    with pytest.raises(ValidationError, match="must not be empty"):
        Persona(name="Ada", expertise=("\x1f",))
