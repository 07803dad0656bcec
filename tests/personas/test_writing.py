"""A persona that is written as a file is the same when it is read."""

from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from rooms_bot.domain.personas import Persona
from rooms_bot.store.persona_files import MAX_BYTES, read_sent
from rooms_bot.store.persona_writing import page, written
from rooms_bot.store.personas import read_library

TEXTS = st.text(max_size=80) | st.sampled_from(
    ["No", "~", "null", "- a", "a: b", "'", '"', "#x", "@x", "1e3", "---", "é\u2028"]
)


@settings(max_examples=400, deadline=None)
@given(
    name=TEXTS,
    role=TEXTS,
    expertise=st.lists(TEXTS, max_size=4),
    prompt=st.lists(TEXTS, max_size=6).map("\n".join),
    greeting=TEXTS,
    temperature=st.none() | st.floats(0, 2),
)
@example(name="Ada", role="", expertise=[], prompt="---\nname: x\n---\n", greeting="a\n\nb ", temperature=1e-7)
def test_a_written_persona_is_read_as_it_was(
    name: str, role: str, expertise: list[str], prompt: str, greeting: str, temperature: float | None
) -> None:
    fields = {"name": name, "role": role, "expertise": expertise, "temperature": temperature}
    try:
        persona = Persona.model_validate(fields | {"greeting": greeting, "prompt": prompt.strip()})
    except ValidationError:
        return
    raw = written(persona).encode()
    assert len(raw) < MAX_BYTES
    again, findings = read_sent(raw, "x.md")
    assert again == persona, (raw, findings)


def test_all_shipped_personas_can_be_written() -> None:
    for persona in read_library().personas.values():
        again, _ = read_sent(written(persona, "face.png").encode(), "x.md")
        assert again == persona.model_copy(update={"avatar": None})


@given(TEXTS, st.lists(TEXTS), TEXTS)
def test_anything_that_was_typed_can_be_written(name: str, expertise: list[str], prompt: str) -> None:
    assert page({"name": name, "expertise": expertise}, prompt).startswith("---\n")
