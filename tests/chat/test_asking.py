"""What everyone sees of a question asked from a message's menu fits and is harmless, whatever it says."""

from hypothesis import example, given
from hypothesis import strategies as st

from rooms_bot.chat.asking import LONGEST, announced, wording

LINK = "https://discord.com/channels/1/2/3"


@given(st.text(max_size=32), st.text(max_size=80), st.text(max_size=LONGEST))
@example("*" * 32, "*" * 80, "*" * LONGEST)
@example("@everyone", "<@1>", "a\n# b\n[x](http://evil.example) <@&12345678901234567>")
def test_it_fits_into_a_message_of_two_lines_at_most(member: str, agent: str, question: str) -> None:
    shown = announced(member, agent, LINK, question)
    assert len(shown) <= 2000
    assert len(shown.split("\n")) <= 2
    assert shown.count(LINK) == 1 + question.count(LINK)


def test_without_a_question_it_is_one_line() -> None:
    assert announced("Sam", "Ada", LINK, " \n") == f"**Sam** asks **Ada** about {LINK}"
    assert wording("", None) == "What do you say to this?"
    assert wording("Why?", None) == "Why?"
