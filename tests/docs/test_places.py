"""The page about places names every reason for which a room ends there, in the words that members read."""

import pytest

from rooms_bot.chat import losses
from rooms_bot.chat.permissions import NEW_POST, NEW_THREAD, WORDS
from tests.docs.pages import page

REASONS = sorted(
    value for name, value in vars(losses).items() if name.isupper() and isinstance(value, str) and " " in value
)


@pytest.mark.parametrize("reason", REASONS)
def test_each_reason_is_on_the_page(reason: str) -> None:
    assert f"*{reason}*" in page("docs/places.md")


def test_every_permission_the_bot_may_lack_has_a_word() -> None:
    assert {*NEW_THREAD, *NEW_POST} <= set(WORDS)
