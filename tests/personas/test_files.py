"""What makes a persona file good, and what is said about one that is not."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rooms_bot.errors import PersonaError
from rooms_bot.store.faces import MAX_IMAGE
from rooms_bot.store.persona_files import MAX_BYTES, Finding, check, load

PNG = b"\x89PNG\r\n\x1a\n"


def written(folder: Path, text: str | bytes, name: str = "one.md") -> Path:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def said(folder: Path, text: str | bytes) -> list[tuple[str, int | None, str]]:
    return [(it.severity, it.line, it.sentence) for it in check(written(folder, text))]


def test_only_a_name_is_required(tmp_path: Path) -> None:
    persona = load(written(tmp_path, "---\nname: Bela\n---\nYou are Bela."))
    assert persona.name == "Bela"
    assert persona.prompt == "You are Bela."
    assert persona.expertise == ()
    assert persona.temperature is None


def test_the_body_is_kept_verbatim_rules_and_all(tmp_path: Path) -> None:
    body = "You are Bela.\n\n---\n\n\tname: not a key\n**Bold** {braces} é 😀"
    assert load(written(tmp_path, f"---\nname: Bela\n---\n\n{body}\n")).prompt == body


def test_every_key_is_read(tmp_path: Path) -> None:
    written(tmp_path, PNG, "bela.png")
    text = """---
name: Bela
role: composer
description: Helps to hear.
memory: none
talkativeness: 0.5
expertise: [music, "rhythm: odd ones"]
stance: against
model: python/bela.py:answer
temperature: 0.5
max_tokens: 300
timeout: 20
avatar: bela.png
greeting: |
  Good evening.
expansion:
  - song
  - 3/4
---
You are Bela.
"""
    persona = load(written(tmp_path, text))
    assert persona.expertise == ("music", "rhythm: odd ones")
    assert persona.expansion == ("song", "3/4")
    assert (persona.temperature, persona.max_tokens, persona.timeout) == (0.5, 300, 20)
    assert persona.avatar == str(tmp_path / "bela.png")
    assert persona.greeting == "Good evening.\n"
    assert (persona.description, persona.memory, persona.talkativeness) == ("Helps to hear.", "none", 0.5)


@pytest.mark.parametrize("name", ["No", "1984", "2024-01-01", "0b_", "Ж", "美咲", "O'Hara-Smith", "🤖"])
def test_what_looks_like_another_type_is_still_a_name(tmp_path: Path, name: str) -> None:
    assert load(written(tmp_path, f"---\nname: {name}\n---\nYou.")).name == name


def test_a_key_without_a_value_is_as_good_as_none(tmp_path: Path) -> None:
    text = "---\nname: Bela\nmodel:\nstance: ~\nexpertise: null\n---\nYou."
    persona = load(written(tmp_path, text))
    assert (persona.model, persona.stance, persona.expertise) == (None, "", ())


@pytest.mark.parametrize(
    "text", ["\ufeff---\r\nname: Bela\r\n---\r\nYou.\r\nYes.", "\n \n---\nname: Bela\n---\nYou.\nYes."]
)
def test_byte_order_marks_line_ends_and_blank_lines_do_not_matter(tmp_path: Path, text: str) -> None:
    persona = load(written(tmp_path, text))
    assert (persona.name, persona.prompt) == ("Bela", "You.\nYes.")


ERRORS = {
    "no front matter": ("name: Bela\n", 1, "the first line must be ---"),
    "empty": ("", 1, "the first line must be ---"),
    "never closed": ("\n---\nname: Bela\n", 2, "never closed"),
    "no name": ("---\nrole: x\n---\nYou.", 1, "`name` is missing"),
    "empty name": ("---\nrole: x\nname:\n---\nYou.", 3, "`name` is missing"),
    "blank name": ("---\nname: ' '\n---\nYou.", 2, "`name` is empty"),
    "long name": (f"---\nname: {'x' * 81}\n---\nYou.", 2, "at most 80 characters"),
    "reserved name": ("---\nname: System\n---\nYou.", 2, "means something else"),
    "name of two lines": ('---\nname: "a\\nb"\n---\nYou.', 2, "one line"),
    "name that turns the text": ("---\nname: a\u202eb\n---\nYou.", 2, "direction of writing"),
    "name that does not show": ("---\nname: \u200b\n---\nYou.", 2, "that shows"),
    "half a character": ('---\nname: "\\ud800"\n---\nYou.', 2, "must be text"),
    "not a list": ("---\nname: Bela\nexpertise: logic\n---\nYou.", 3, "must be a list"),
    "not text": ("---\nname: Bela\nrole: [a]\n---\nYou.", 3, "`role` must be text"),
    "empty entry": ("---\nname: Bela\nexpertise:\n  - a\n  -\n---\nYou.", 5, "entry 2 of `expertise` is empty"),
    "no number": ("---\nname: Bela\n\ntemperature: hot\n---\nYou.", 4, "must be a number"),
    "no finite number": ("---\nname: Bela\ntemperature: .nan\n---\nYou.", 3, "must be a number"),
    "too hot": ("---\nname: Bela\ntemperature: 3\n---\nYou.", 3, "at most 2"),
    "too cold": ("---\nname: Bela\ntemperature: -1\n---\nYou.", 3, "at least 0"),
    "no time": ("---\nname: Bela\ntimeout: 0\n---\nYou.", 3, "more than 0"),
    "too talkative": ("---\nname: Bela\ntalkativeness: 2\n---\nYou.", 3, "`talkativeness` must be at most 1"),
    "other memory": ("---\nname: Bela\nmemory: some\n---\nYou.", 3, "`memory` must be `room` or `none`"),
    "long description": (f"---\nname: Bela\ndescription: {'x' * 301}\n---\nYou.", 3, "at most 300 characters"),
    "half a token": ("---\nname: Bela\nmax_tokens: 1.5\n---\nYou.", 3, "whole number"),
    "key twice": ("---\nname: Bela\nrole: a\nname: Zoltan\n---\nYou.", 4, "a second time, after line 2"),
    "tab": ("---\nname: Bela\n\trole: a\n---\nYou.", 3, "a tab"),
    "colon": ("---\nname: Bela\nrole: a: b\n---\nYou.", 3, "quotes"),
    "at sign": ("---\nname: @Bela\n---\nYou.", 2, "begins with @ must be in quotes"),
    "open quotes": ("---\nname: 'Bela\n---\nYou.", 3, "quotation mark"),
    "a list of keys": ("---\n- name\n---\nYou.", 2, "lines such as"),
    "an object": ("---\nname: !!python/object/apply:os.system [ls]\n---\nYou.", 2, "a tag"),
    "an alias": ("---\nname: &a x\nrole: *a\n---\nYou.", 3, "alias"),
    "an impossible escape": ('---\nname: "\\UFFFFFFFF"\n---\nYou.', 1, "does not exist"),
    "a well without ground": ("---\nname: " + "[" * 1000 + "\n---\nYou.", 1, "nested too deeply"),
    "control characters": ("---\nname: Be\x07la\n---\nYou.", 2, "may not stand in YAML"),
    "NUL in the body": ("---\nname: Bela\n---\n\nYou\0.", 5, "control characters"),
    "long body": ("---\nname: Bela\n---\n\n" + "You. " * 8000, 5, "at most 32000 characters"),
    "not UTF-8": ("---\nname: Béla\n---\nYou.".encode("latin-1"), 2, "UTF-8"),
    "too large": (b"---\nname: Bela\n---\n" + b"x" * MAX_BYTES, None, "larger than 64 KiB"),
}


@pytest.mark.parametrize(("text", "line", "part"), ERRORS.values(), ids=ERRORS)
def test_an_error_is_told_with_its_line_and_in_a_sentence(
    tmp_path: Path, text: str | bytes, line: int | None, part: str
) -> None:
    [(severity, where, sentence)] = said(tmp_path, text)
    assert severity == "error"
    assert where == line
    assert part in sentence
    with pytest.raises(PersonaError) as caught:
        load(tmp_path / "one.md")
    assert (caught.value.line, caught.value.reason) == (line, sentence)


def test_all_errors_of_a_file_are_told_at_once_in_order(tmp_path: Path) -> None:
    text = "---\ntemperature: 9\nname: human\nexpertise: x\nrolle: y\n---\n"
    assert [(severity, line) for severity, line, _ in said(tmp_path, text)] == [
        ("error", 2),
        ("error", 3),
        ("error", 4),
        ("warning", 5),
    ]


WARNINGS = {
    "misspelt key": ("---\nname: Bela\ntemprature: 1\n---\nYou.", 3, "did you mean `temperature`?"),
    "key in capitals": ("---\nname: Bela\nRole: x\n---\nYou.", 3, "did you mean `role`?"),
    "key from elsewhere": ("---\nname: Bela\nzzz: x\n---\nYou.", 3, "there are name, role"),
    "prompt as a key": ("---\nname: Bela\nprompt: x\n---\nYou.", 3, "below the front matter"),
    "no body": ("---\nname: Bela\n---\n", 3, "nothing stands below"),
    "refused name": ("---\nname: Discordia\n---\nYou.", 2, "Discord refuses"),
    "everyone": ("---\nname: Everyone\n---\nYou.", 2, "Discord refuses"),
    "common word": ("---\nname: Grace\n---\nYou.", 2, "answers to @Grace"),
    "comma": ("---\nname: Bela, Zoltan\n---\nYou.", 2, "comma"),
}


@pytest.mark.parametrize(("text", "line", "part"), WARNINGS.values(), ids=WARNINGS)
def test_a_warning_names_the_line_and_keeps_nobody_out(tmp_path: Path, text: str, line: int, part: str) -> None:
    findings = said(tmp_path, text)
    assert any(where == line and part in sentence for _, where, sentence in findings)
    assert {severity for severity, _, _ in findings} == {"warning"}
    assert load(tmp_path / "one.md").name


def test_a_name_that_only_contains_a_word_is_no_such_word(tmp_path: Path) -> None:
    assert said(tmp_path, "---\nname: Theresa\n---\nYou.") == []


def test_a_function_needs_no_prompt(tmp_path: Path) -> None:
    assert said(tmp_path, "---\nname: Bela\nmodel: python/bela.py:answer\n---\n") == []


@pytest.mark.parametrize(
    "avatar",
    ["https://x.org/a.png", "../a.png", "sub/a.png", "sub\\a.png", "/etc/passwd", "..", ".", "C:a.png", "file:a.png"],
)
def test_an_avatar_is_a_file_beside_the_persona_and_nowhere_else(tmp_path: Path, avatar: str) -> None:
    (tmp_path / "sub").mkdir()
    for place in (tmp_path / "a.png", tmp_path / "sub" / "a.png", tmp_path.parent / "a.png"):
        place.write_bytes(PNG)
    [(severity, line, sentence)] = said(tmp_path, f"---\nname: Bela\navatar: '{avatar}'\n---\nYou.")
    assert (severity, line) == ("error", 3)
    assert "not a path or an address" in sentence


@pytest.mark.parametrize(
    ("image", "part"),
    [
        (None, "no such file"),
        (b"<svg/>", "must be a PNG"),
        (b"", "must be a PNG"),
        (b"RIFF\0\0\0\0WAVE", "must be a PNG"),
        (PNG + b"x" * MAX_IMAGE, "at most 256 KiB"),
    ],
)
def test_an_avatar_must_be_an_image_discord_takes(tmp_path: Path, image: bytes | None, part: str) -> None:
    if image is not None:
        written(tmp_path, image, "a.png")
    [(severity, line, sentence)] = said(tmp_path, "---\nname: Bela\navatar: a.png\n---\nYou.")
    assert (severity, line) == ("error", 3)
    assert part in sentence


@pytest.mark.parametrize("image", [PNG, b"\xff\xd8\xff\xe0", b"GIF87a", b"GIF89a", b"RIFF\0\0\0\0WEBPVP8 "])
def test_the_bytes_tell_an_image_not_its_name(tmp_path: Path, image: bytes) -> None:
    written(tmp_path, image, "face of bela.dat")
    assert said(tmp_path, "---\nname: Bela\navatar: face of bela.dat\n---\nYou.") == []


def test_a_file_that_is_none_is_said_to_be_none(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "absent.md"):
        assert check(path) == [Finding(path, None, "error", "there is no such file")]


WORDS = ("9" * 5000, "avatar: ", "name", "Ada", ": ", "- ", "? ", "---", "...", "%YAML ", "!!int ", "<<: ", "&a ", "*a")
SIGNS = " []{}|>#'\"\\!@\n\t\0\x85é"
YAMLISH = st.lists(st.sampled_from([*WORDS, *SIGNS])).map(lambda parts: f"---\n{''.join(parts)}\n---\nx".encode())


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda text: text.encode("utf-8")), YAMLISH))
@example(b"---\n%YAML " + b"9" * 6000 + b".1\n---\n---\n")
@example(b'---\nname: Ada\navatar: "a\\0.png"\n---\n')
@example(b"---\nname: Ada\navatar: " + b"a" * 5000 + b"\n---\n")
@example(b'---\nname: Ada\navatar: "\\ud800"\n---\n')
@example(b'---\n"\\ud800": Ada\n---\n')
def test_no_bytes_whatever_do_more_than_raise_a_persona_error(tmp_path: Path, raw: bytes) -> None:
    file = written(tmp_path, raw)
    findings = check(file)
    "".join(map(str, findings)).encode()
    broken = any(finding.severity == "error" for finding in findings)
    try:
        load(file)
    except PersonaError:
        assert broken
    else:
        assert not broken
