"""What is counted in conversations, and the vectors that texts are compared by."""

from importlib.util import find_spec

import numpy as np
import pytest

from bench.minilm import PACKAGE, MiniLM
from bench.talk_figures import begins_with_a_name, repeated, speaks_for

weights = pytest.mark.skipif(find_spec(PACKAGE) is None, reason="the weights come with make talk")


@pytest.mark.parametrize(
    "text", ["Ada: yes", "**Ada:** yes", "[Ada] yes", "[Ada]: yes", "Ada (engineer): yes", "Ada says: yes"]
)
def test_a_label_is_a_name_at_the_beginning(text: str) -> None:
    assert begins_with_a_name(text, ["Mara", "Ada"])


@pytest.mark.parametrize("text", ["Ada, yes.", "Adam: yes", "I ask Ada: yes?", "Ada said it."])
def test_speaking_to_or_about_somebody_is_no_label(text: str) -> None:
    assert not begins_with_a_name(text, ["Mara", "Ada"])


def test_speaking_for_another_is_seen_at_any_line_or_sentence() -> None:
    assert speaks_for("Yes.\nMara: no", ["Mara"])
    assert speaks_for("Yes. Mara: no", ["Mara"])
    assert not speaks_for("Two things, Mara: cost and time.", ["Mara"])


def test_what_was_said_before_is_repeated_if_it_is_more_than_half() -> None:
    first = "the line could be a path for all"
    texts = [
        first,
        f"{first} of us",
        "we should first ask who would use the path",
        "my gran lives beside the line",
        "no",
    ]
    assert list(repeated(texts, {3: "my gran lives beside the line"})) == [False, True, False, True, False]


@weights
def test_vectors_of_like_texts_are_near() -> None:
    man, bread, mortgage = MiniLM().embed(["A man eats food.", "A man is eating bread.", "What does a mortgage cost?"])
    assert man @ bread > 0.6
    assert man @ mortgage < 0.2


@weights
def test_a_text_has_the_same_vector_in_any_company() -> None:
    model = MiniLM()
    together = model.embed(["short", "a text that is a good deal longer than the other one", ""])
    assert together.shape == (3, 384)
    assert np.allclose(together[0], model.embed(["short"])[0], atol=1e-5)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
