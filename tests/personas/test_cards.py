"""Character Cards become personas; whoever made one decides nothing but its texts."""

import zlib
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rooms_bot.domain.personas import Persona
from rooms_bot.errors import Refused
from rooms_bot.store.cards import MAX_JSON
from rooms_bot.store.faces import MAX_IMAGE
from rooms_bot.store.imports import MAX_FILE, Import, opened
from tests.personas.cards import BELA, HEAD, chunk, coded, international, packed, picture, text, v2


def nothing(_: str) -> bool:
    return False


def bela(card: Any) -> Persona:
    return opened(coded(card), nothing).persona


def refusal(raw: bytes) -> str:
    with pytest.raises(Refused) as caught:
        opened(raw, nothing)
    return str(caught.value)


def test_a_card_of_version_two_becomes_a_persona() -> None:
    found = opened(coded(v2()), nothing)
    assert found.persona == Persona(
        name="Bela",
        description="A keeper of bees , see for more.",
        expertise=("bees", "honey"),
        greeting="Good day, everyone.",
        prompt="You are Bela.\n\nBela keeps bees. the user is a guest.\n\nPersonality: calm\n\nScenario: A garden.\n\n"
        "Examples of how Bela speaks:\nthe user: Hm?\nBela: Honey.",
    )
    assert found.picture is None
    [note] = found.notes
    assert "the other greetings, the instructions after the conversation, what other programs keep in it" in note


@pytest.mark.parametrize("name", ["Bee 👨‍👩‍👧", "❤️‍🔥", "👩🏽‍🚀", "🏴󠁧󠁢󠁥󠁮󠁧󠁿 Bela", "می‌خواهم", "क्‍ष"])
def test_joined_emojis_and_letters_of_a_name_stay_joined(name: str) -> None:
    assert bela(v2(name=name)).name == name


def test_what_does_not_show_in_a_name_and_nothing_needs_is_left_out() -> None:
    assert bela(v2(name="\u202eB\u200de \u200b\u200d l\ufeffa\u200d\U000e0041")).name == "Be la"


def test_versions_one_and_three_are_read_where_they_agree_with_it() -> None:
    flat = {key: BELA[key] for key in ("name", "description", "personality", "scenario", "first_mes", "mes_example")}
    assert bela(flat).prompt.startswith("Bela keeps bees.")
    third = v2(nickname="B", assets=[{"uri": "https://example.org"}]) | {"spec": "chara_card_v3"}
    assert bela(third).prompt == bela(v2()).prompt
    assert "pictures and sounds" in opened(coded(third), nothing).notes[-1]


@pytest.mark.parametrize(
    "hidden",
    [
        text(v2()),
        packed(v2()),
        international(v2(), pack=False),
        international(v2(), pack=True),
        text(v2(), b"Chara"),
        text({"name": "old"}) + text(v2(), b"ccv3"),
        chunk(b"tEXt", b"Comment\0hello") + text(v2()),
    ],
)
def test_a_card_is_found_in_a_picture_whose_texts_do_not_become_its_face(hidden: bytes) -> None:
    found = opened(picture(hidden), nothing)
    assert found.persona == bela(v2())
    assert found.picture == picture()


def test_a_picture_that_is_too_large_for_a_face_is_left_out() -> None:
    found = opened(picture(text(v2()), pixels=520), nothing)
    assert found.picture is None
    assert "265 KiB" in " ".join(found.notes)
    assert found.persona.name == "Bela"


def test_a_picture_that_is_cut_off_gives_no_face() -> None:
    assert opened(picture(text(v2()))[:-6], nothing).picture is None


def test_what_is_too_long_is_left_out_or_refused_and_never_cut() -> None:
    found = opened(coded(v2(first_mes="x" * 2001)), nothing)
    assert found.persona.greeting == ""
    assert "2001 characters" in found.notes[0]
    long = opened(coded(v2(mes_example="x" * 32_000)), nothing)
    assert long.persona.prompt.endswith("Scenario: A garden.")
    assert "examples are left out" in long.notes[0]
    assert "32100 characters" in refusal(coded({"name": "Bela", "description": "x" * 32_100}))
    assert opened(coded(v2(creator_notes="word " * 100)), nothing).persona.description.endswith(" word…")
    assert "`name` must have at most 80 characters" in refusal(coded(v2(name="x" * 81)))


@pytest.mark.parametrize(
    ("raw", "part"),
    [
        (b"{", "no JSON"),
        (b"[1, 2]", "no Character Card"),
        (b'{"name": 7}', "no Character Card"),
        (b'{"name": "system"}', "means something else"),
        (b"[" * 100_000, "no JSON"),
        (b'{"name": ' + b"9" * 5000 + b"}", "no JSON"),
        (b'{"name": "' + b"x" * MAX_JSON + b'"}', "at most 1024 KiB"),
        (picture(), "no character in this picture"),
        (picture(chunk(b"tEXt", b"chara\0****=")), "no JSON"),
        (picture(chunk(b"tEXt", b"chara\0abcde")), "damaged"),
        (picture(chunk(b"zTXt", b"chara\0\0nonsense")), "no character in this picture"),
        (picture(chunk(b"zTXt", b"chara\0\0" + zlib.compress(bytes(20_000_000)))), "at most 1024 KiB"),
        (picture(chunk(b"iTXt", b"chara\0\1\0\0\0" + zlib.compress(bytes(20_000_000)))), "at most 1024 KiB"),
        (HEAD + b"\xff\xff\xff\xfftEXt", "no character in this picture"),
        (b"x" * (MAX_FILE + 1), "larger than 8 MiB"),
        (b"\xff\xd8\xff\xe0", "only PNGs"),
        (b"PK\x03\x04", "the first line must be ---"),
        (b"", "the first line must be ---"),
    ],
)
def test_what_is_no_card_is_refused_in_a_sentence(raw: bytes, part: str) -> None:
    assert part in refusal(raw)


def test_a_markdown_file_of_a_member_decides_neither_model_nor_files(tmp_path: Any) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(HEAD)
    front = f"---\nname: Bela\nmodel: python/evil.py:run\navatar: {secret}\n---\nYou."
    found = opened(front.encode(), lambda _: True)
    assert (found.persona.model, found.persona.avatar, found.persona.prompt) == (None, None, "You.")
    assert any("model is left out" in note for note in found.notes)
    chosen = b"---\nname: Bela\nmodel: openai/good\nrolle: x\n---\nYou."
    assert opened(chosen, nothing).persona.model is None
    kept = opened(chosen, {"openai/good"}.__contains__)
    assert kept.persona.model == "openai/good"
    assert kept.notes == ["Line 4: 'rolle' is not a known key: did you mean `role`?"]
    assert "Line 3: `temperature` must be a number" in refusal(b"---\nname: Bela\ntemperature: hot\n---\nYou.")


VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=60),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*BELA, "data", "spec"]), inner),
    max_leaves=12,
)
CARDS = st.dictionaries(st.sampled_from([*BELA, "data"]), VALUES).map(coded)
PARTS = st.sampled_from(
    [HEAD, text(v2()), packed(v2()), chunk(b"IEND", b""), b"chara\0", b"\0\0", b"---\n", b"name: x\n"]
)
PNGS = st.lists(PARTS | st.binary(max_size=40), max_size=6).map(lambda parts: HEAD + b"".join(parts))


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(st.binary(max_size=300), CARDS, CARDS.map(lambda raw: picture(chunk(b"tEXt", b"chara\0" + raw))), PNGS)
)
@example(b'{"name": "\\ud800"}')
@example(b'{"name": "Ada", "description": "\\ud800\\u0000"}')
@example(b'{"name": "\\u202eadA\\u2028x"}')
@example(picture(international(v2(), pack=True))[:90])
def test_any_bytes_give_a_persona_or_a_sentence(raw: bytes) -> None:
    found = attempt(raw)
    if isinstance(found, str):
        assert 0 < len(found) < 2000
        return
    assert (found.persona.model, found.persona.avatar) == (None, None)
    assert found.picture is None or len(found.picture) <= MAX_IMAGE
    assert found.persona == Persona.model_validate(found.persona.model_dump())
    "".join((*found.notes, found.persona.model_dump_json())).encode()


def attempt(raw: bytes) -> Import | str:
    try:
        return opened(raw, nothing)
    except Refused as refused:
        return str(refused)
