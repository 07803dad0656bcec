"""What a server does not want to be said, in whatever spelling; and a model that looks at it too."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms_bot.agents.moderation import Moderation
from rooms_bot.chat.blocked_words import blocked, entries
from rooms_bot.chat.guard import Guard
from rooms_bot.errors import AgentError, AgentTimeout, AgentUnreachable, PostBlocked, Refused
from rooms_bot.ports import GuildSettings
from tests.models.moderation_server import ModerationServer, flagging

GUILD = 7


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("darn", "Well, DARN it!"),
        ("Darn", "darn"),
        ("darn", "ｄａｒｎ"),
        ("darn", "d\u200ba\u00adr\u2060n"),
        ("darn", "𝓭𝓪𝓻𝓷"),
        ("darn", "d**ar**n and d||a||rn"),
        ("darn", "d\\arn"),
        ("darn", "_darn_"),
        ("darn", "so_darn_bad"),
        ("darn", "d\u0336a\u0336r\u0336n\u0336"),
        ("darn", "d\u0489a\u20ddr\u0361\u0361n"),
        ("darn it", "darn  \n it"),
        ("darn", "dаrn"),  # a Cyrillic а
        ("darn", "Это dаrn!"),
        ("darn", "d**а**rn, это"),
        ("darn", "DΑRΝ"),  # a Greek Alpha and Nu
        ("pot", "рот"),  # Cyrillic, among no other letters
        ("darn", "ᴅᴀʀɴ"),
        ("darn", "🅳🅰🆁🅽 🅳🅰️🆁🅽"),
        ("darn", "🇩🇦🇷🇳"),
        ("darn", "d\u2800arn"),
        ("darn", "so\u2800darn\u2800bad"),
        ("darn", "dа\u0336rn"),
        ("straße", "STRASSE"),
        ("café", "cafe\u0301"),
        ("darn*", "darnedest"),
        ("*darn", "goshdarn"),
        ("*darn*", "goshdarnit"),
        ("d*n", "doooon"),
        ("c++", "I like C++."),
        ("坏话", "这是坏话。"),
        ("ばか", "あなたはばかです"),
        ("плохо", "Это ПЛОХО"),
        ("खराब", "यह खराब है"),
        ("👎", "no👎👎"),
    ],
)
def test_a_blocked_word_is_found(word: str, text: str) -> None:
    assert blocked(("gosh what", word), text) == word


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("ass", "class assembly bass"),
        ("darn", "darned darning"),
        ("darn*", "goshdarn"),
        ("कल", "कला"),
        ("cafe", "café"),
        ("darn it", "darnit"),
        ("d*n", "d n"),
        ("darn", ""),
        ("pot", "Закрой рот."),
        ("sik", "çok sık"),
        ("pot", "Το ροτ της λέξης"),
    ],
)
def test_what_only_looks_like_it_is_not(word: str, text: str) -> None:
    assert blocked((word,), text) is None


@given(st.text(max_size=60), st.text(max_size=200))
def test_any_entry_can_be_looked_for_in_any_text(line: str, text: str) -> None:
    try:
        words = entries([line])
    except Refused:
        return
    blocked(words, text)
    assert all(blocked((word,), f"so {word.strip('*')} it") == word for word in words if word.strip("* ").isalnum())


def test_no_entry_takes_long_to_look_for() -> None:
    words = entries(["a*a*a", "*a*b*c*", "aaaaaaaa*aaaaaaaaa*ab"])
    assert blocked(words, "a" * 40) == "a*a*a"
    assert blocked(words, "a" * 20_000) is None


@pytest.mark.parametrize("line", ["*", "a", " ** ", "x" * 61, "a*b*c*d"])
def test_what_would_block_everything_or_take_for_ever_is_refused(line: str) -> None:
    with pytest.raises(Refused):
        entries([line])


def test_entries_are_lines_each_once() -> None:
    assert entries([" darn ", "", "gosh  what", "darn", "**x y"]) == ("darn", "gosh  what", "*x y")


class Judging:
    """A moderation model that objects to one word, or fails."""

    def __init__(self, word: str = "rude", error: AgentError | None = None) -> None:
        self._word, self._error = word, error
        self.asked: list[str] = []

    async def found(self, text: str) -> tuple[str, ...]:
        self.asked.append(text)
        if self._error is not None:
            raise self._error
        return ("harassment",) if self._word in text else ()


def guard(judging: Judging | None = None, *, moderated: bool = False) -> Guard:
    return Guard(lambda guild: GuildSettings(guild=guild, blocked_words=("darn",), moderated=moderated), judging)


async def test_blocked_words_come_before_the_model_and_hold_without_one() -> None:
    judging = Judging()
    with pytest.raises(PostBlocked) as caught:
        await guard(judging, moderated=True).check(GUILD, "oh darn")
    assert caught.value.detail == "the blocked word “darn”"
    assert "darn" not in str(caught.value)
    assert judging.asked == []
    assert not guard().passes(GUILD, "oh darn")
    assert guard().passes(GUILD, "oh dear, how rude")


async def test_the_model_is_asked_only_where_the_server_wants_it_and_then_nothing_is_shown_half_way() -> None:
    judging = Judging()
    off, on = guard(judging), guard(judging, moderated=True)
    await off.check(GUILD, "how rude")
    assert judging.asked == []
    assert off.may_stream(GUILD)
    assert not on.may_stream(GUILD)
    await on.check(GUILD, "how nice")
    with pytest.raises(PostBlocked, match="does not allow") as caught:
        await on.check(GUILD, "how rude")
    assert caught.value.detail == "moderation: harassment"


@pytest.mark.parametrize("error", [AgentTimeout("no verdict"), AgentUnreachable("401 sk-secret")])
async def test_while_the_model_does_not_answer_nothing_gets_past_it(error: AgentError) -> None:
    with pytest.raises(PostBlocked) as caught:
        await guard(Judging(error=error), moderated=True).check(GUILD, "hello")
    assert "secret" not in caught.value.detail
    with pytest.raises(PostBlocked):
        await guard(moderated=True).check(GUILD, "hello")


async def test_a_moderation_model_is_asked_through_litellm(monkeypatch: pytest.MonkeyPatch) -> None:
    async with ModerationServer(flagging("rude")) as server:
        monkeypatch.setenv("OPENAI_API_BASE", server.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", "sk-only-for-this-test")
        moderation = Moderation("omni-moderation-latest")
        assert await moderation.found("how rude") == ("harassment", "hate")
        assert await moderation.found("how nice") == ()
        assert server.asked == [
            {"input": "how rude", "model": "omni-moderation-latest"},
            {"input": "how nice", "model": "omni-moderation-latest"},
        ]


@pytest.mark.parametrize("answer", [{"id": "x", "model": "y", "results": []}, {"error": "no"}, 500, 401])
async def test_an_answer_that_is_no_verdict_is_a_failure(monkeypatch: pytest.MonkeyPatch, answer: object) -> None:
    async with ModerationServer(lambda _: answer) as server:
        monkeypatch.setenv("OPENAI_API_BASE", server.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", "sk-only-for-this-test")
        with pytest.raises(AgentError):
            await Moderation("openai/omni-moderation-latest").found("hello")
