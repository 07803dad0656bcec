"""What others hand in as personas: any bytes are a persona or a sentence, and what is written is read as it was."""

import json
from base64 import b64encode
from collections.abc import Callable
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from rooms_bot.chat.drafting import Typed, drafted
from rooms_bot.domain.personas import Persona
from rooms_bot.errors import Refused
from rooms_bot.store.imports import opened
from rooms_bot.store.persona_files import MAX_BYTES, read_sent
from rooms_bot.store.persona_writing import written
from tests.personas.cards import chunk, coded, picture
from tests.security.fuzzing import examples

TRICKS = st.sampled_from(
    [
        *("No", "~", "null", "- a", "a: b", "'", '"', "#x", "@x", "&x", "*x", "!x", "1e3", "---", "...", "{{char}}"),
        *("é\u2028", "\u202e", "\x85", "\ufeff", "\ud800", "\0", "%YAML", "|", ">", "?", "<<", "=", "0x1", "{{user}}"),
    ]
)
TEXTS = st.text(max_size=40) | TRICKS | st.lists(TRICKS, max_size=4).map(" ".join)
LONGER = st.lists(TEXTS, max_size=5).map("\n".join)
FIELDS = st.fixed_dictionaries(
    {"name": TEXTS},
    optional={
        "role": TEXTS,
        "description": TEXTS,
        "expertise": st.lists(TEXTS, max_size=4),
        "stance": TEXTS,
        "model": TEXTS.filter(bool),
        "temperature": st.floats(0, 2),
        "max_tokens": st.integers(1, 32_000),
        "timeout": st.floats(1e-3, 600),
        "memory": st.sampled_from(["room", "none"]),
        "talkativeness": st.floats(0, 1),
        "greeting": LONGER,
        "expansion": st.lists(TEXTS, max_size=4),
        "prompt": LONGER.map(str.strip),
    },
)


def made(persona: Callable[[], Persona]) -> Persona | str:
    """The persona, or the sentence that refuses it; nothing else may be raised."""
    try:
        return persona()
    except Refused as error:
        return str(error)


@examples(200)
@example(fields={"name": "Ada", "prompt": "---\nname: x\n---", "greeting": "\n a\n", "model": "~"})
@example(fields={"name": "=", "role": "<<", "expertise": ["*x", "&x"], "temperature": 5e-324})
@given(fields=FIELDS)
def test_a_persona_is_read_from_the_file_that_was_written_of_it(fields: dict[str, Any]) -> None:
    try:
        persona = Persona.model_validate(fields)
    except ValidationError:
        return
    raw = written(persona).encode()
    if len(raw) < MAX_BYTES:
        assert read_sent(raw, "x.md")[0] == persona


@examples(200)
@given(front=st.lists(TEXTS, max_size=6).map("\n".join), body=LONGER, junk=st.binary(max_size=12))
def test_any_file_is_a_persona_or_a_sentence(front: str, body: str, junk: bytes) -> None:
    text = f"---\nname: Ada\n{front}\n---\n{body}".encode("utf-8", "surrogatepass")
    for raw in (text, junk + text, text + junk, front.encode("utf-8", "replace")):
        found = made(lambda raw=raw: opened(raw, lambda _: False).persona)  # type: ignore[misc] # bound at once
        assert found
        assert isinstance(found, str) or (found.model, found.avatar) == (None, None)


CARD = st.fixed_dictionaries(
    {"name": TEXTS, "description": LONGER},
    optional={
        "personality": LONGER,
        "scenario": LONGER,
        "first_mes": LONGER,
        "mes_example": LONGER,
        "creator_notes": LONGER,
        "system_prompt": LONGER,
        "tags": st.lists(TEXTS | st.integers(), max_size=5),
        "avatar": st.sampled_from(["http://127.0.0.1:9/x.png", "/etc/passwd", "none"]),
        "extensions": st.just({"model": "openai/x", "api_base": "http://127.0.0.1:9"}),
        "model": st.just("openai/x"),
    },
)


@examples(150)
@example(card={"name": "{{char}}", "description": "{{char}} {{user}} <BOT>"})
@given(card=CARD)
def test_a_card_is_the_same_persona_however_it_comes(card: dict[str, Any]) -> None:
    def outcome(raw: bytes) -> Persona | str:
        return made(lambda: opened(raw, lambda _: False).persona)

    whole = {"spec": "chara_card_v2", "data": card}
    alone = outcome(coded(card))
    hidden = b"chara\0" + b64encode(json.dumps(whole).encode())
    assert outcome(coded(whole)) == alone
    assert outcome(picture(chunk(b"tEXt", hidden))) == alone
    if isinstance(alone, Persona):
        assert (alone.model, alone.avatar) == (None, None)
        assert read_sent(written(alone).encode(), "x.md")[0] == alone


@examples(150)
@given(name=TEXTS, role=TEXTS, expertise=TEXTS, prompt=LONGER)
def test_whatever_is_typed_into_the_form_is_a_persona_or_a_sentence(
    name: str, role: str, expertise: str, prompt: str
) -> None:
    typed = Typed(name, role, expertise, prompt)
    assert typed.page()
    persona = made(lambda: drafted(typed))
    assert persona.endswith(".") if isinstance(persona, str) else persona.name == name.strip()
