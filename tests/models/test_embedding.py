"""Whom a message concerns by its meaning: LiteLLM over HTTP, with vectors whose meaning can be read."""

import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from rooms_bot.agents.choice import Agents, Models
from rooms_bot.agents.embedding import Embedding
from rooms_bot.agents.likeness import Cast, texts, unit
from rooms_bot.agents.litellm import Route
from rooms_bot.agents.local import unavailable, weights
from rooms_bot.agents.vectors import REST, Vectors, looks_english
from rooms_bot.domain.events import Joined, Left
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.state import RoomState
from rooms_bot.domain.talk import Ranking
from rooms_bot.errors import SetupError
from rooms_bot.turns.order import decide
from rooms_bot.turns.selection import by_words
from tests.engine.fakes import TurnedClock
from tests.models.connections import connections
from tests.models.openai_server import Cut, Embedded, Garbage, Hang, OpenAIServer, Status
from tests.models.rooms import TestRoom, seat

pytestmark = pytest.mark.usefixtures("connections_closed")

MODEL = "openai/text-embedding-3-small"
SUBJECTS = ({"bank", "loan", "credit", "wallet", "broke"}, {"sea", "fish", "reef", "waves"}, {"court", "judge", "sue"})
MONEY, SEA, LAW = 1, 2, 3
BROKE = "My wallet is empty and I am broke."


def meaning(text: str) -> list[float]:
    """A number for each subject, and one that is high in any text, as in real models."""
    words = set(text.casefold().replace(".", "").split())
    return [*(float(len(words & subject)) for subject in SUBJECTS), 5.0, len(text) % 7 / 10]


def embed(given: list[str]) -> Embedded:
    return [meaning(text) for text in given]


def cast(*saying: str) -> TestRoom:
    room = TestRoom(
        seat(MONEY, "Penny", role="banker", expertise=["bank account", "loan"], expansion=["credit"]),
        seat(SEA, "Marin", role="diver", expertise=["reef", "fish"], description="Knows the sea."),
        seat(LAW, "Portia", role="lawyer", expertise=["court", "judge"]),
    )
    for text in saying:
        room.heard(text)
    return room


@asynccontextmanager
async def near(
    embed: Callable[[list[str]], Embedded] = embed, multilingual: bool = False, clock: TurnedClock | None = None
) -> AsyncIterator[tuple[Vectors, OpenAIServer]]:
    async with OpenAIServer(embed=embed) as server:

        async def route(model: str) -> Route:
            return Route(model, server.base_url, "sk-nothing")

        yield Vectors(Embedding(MODEL, route), multilingual, clock), server


async def ranked(vectors: Vectors, room: RoomState) -> Ranking:
    return await vectors.rank(room, by_words(room))


def first(ranking: Ranking) -> int:
    return max(ranking.scores, key=lambda number: ranking.scores[number])


async def test_where_words_tell_little_meaning_tells_who_is_the_expert() -> None:
    room = cast(BROKE).state
    async with near() as (vectors, _):
        ranking = await ranked(vectors, room)
    assert (ranking.by, first(ranking)) == ("vectors", MONEY)
    assert min(ranking.scores.values()) == 0
    assert 0 < ranking.confidence < 1
    assert getattr(decide(room, ranking), "seat", None) == MONEY


async def test_where_the_words_suffice_nothing_is_asked() -> None:
    room = cast("Which bank gives a loan on a bank account?").state
    async with near() as (vectors, server):
        assert not vectors.suits(room, by_words(room))
        assert await ranked(vectors, room) == by_words(room)
    assert server.embedded == []


async def test_another_language_is_asked_about_only_where_the_model_knows_it() -> None:
    room = cast("Mein Portemonnaie ist leer. wallet").state
    async with near() as (english, server):
        assert (await ranked(english, room)).by == "words"
    assert server.embedded == []
    async with near(multilingual=True) as (multilingual, _):
        assert first(await ranked(multilingual, room)) == MONEY


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("What is the weather like?", True),
        ("please book a flight to Rome 🙂", True),
        ("Wie ist das Wetter in der Nähe?", False),
        ("Schalte alle Wecker aus", False),
        ("¿Puedes poner una alarma para mañana?", False),
        ("what is 天气", False),
        ("42", False),
        ("", False),
    ],
)
def test_english_is_told_by_its_commonest_words(text: str, english: bool) -> None:
    assert looks_english(text) is english


async def test_cards_are_embedded_once_and_of_what_people_say_nothing_is_kept() -> None:
    room = cast(BROKE)
    async with near() as (vectors, server):
        await ranked(vectors, room.state)
        cards = server.embedded[:-1]
        await ranked(vectors, room.state)
        room.heard("I am broke and it is awful.")
        await ranked(vectors, room.state)
    assert cards
    assert server.embedded == [*cards, [BROKE], [BROKE], ["I am broke and it is awful."]]


async def test_what_it_cost_is_told_with_the_ranking() -> None:
    room = cast(BROKE).state
    async with near() as (vectors, server):
        ranking = await ranked(vectors, room)
    tokens = sum(len(given) for given in server.embedded)
    assert ranking.usage.prompt_tokens == tokens
    assert ranking.usage.cost == pytest.approx(tokens * 0.02e-6)


WRONG: dict[str, Callable[[list[str]], Embedded]] = {
    "a fault": lambda _: Status(500, "broken"),
    "too many": lambda _: Status(429, "slow down", retry_after="600"),
    "no key": lambda _: Status(401),
    "a page": lambda _: Garbage(),
    "no JSON": lambda _: Garbage('{"data": ['),
    "null": lambda _: Garbage('{"object": "list", "data": null}'),
    "cut off": lambda _: Cut(),
    "nothing": lambda _: [],
    "too few": lambda _: [[1.0, 2.0]],
    "too many vectors": lambda given: [[1.0, 2.0]] * (len(given) + 1),
    "empty vectors": lambda given: [[] for _ in given],
    "all of nothing": lambda given: [[0.0, 0.0] for _ in given],
    "no numbers": lambda given: [[float("nan")] * 3 for _ in given],
    "endless ones": lambda given: [[float("inf"), 1.0] for _ in given],
    "numbers too large": lambda given: [[1e308, 1e308] for _ in given],
    "words": lambda given: [["a", "b"] for _ in given],
    "base64": lambda given: ["AACAPw==" for _ in given],
    "tables": lambda given: [[[1.0]] for _ in given],
    "nulls": lambda given: [None for _ in given],
    "of all sizes": lambda given: [[1.0] * (1 + at) for at, _ in enumerate(given)],
    "of a size for each call": lambda given: [[1.0] * len(given) for _ in given],
    "far too long": lambda given: [[1.0] * 9000 for _ in given],
    "all alike": lambda given: [[1.0, 2.0] for _ in given],
}


@pytest.mark.parametrize("wrong", WRONG)
async def test_whatever_the_model_answers_the_words_rank_at_least(wrong: str) -> None:
    room = cast(BROKE).state
    async with near(WRONG[wrong]) as (vectors, _):
        ranking = await ranked(vectors, room)
    assert (ranking.scores, ranking.confidence, ranking.by) == (
        by_words(room).scores,
        by_words(room).confidence,
        "words",
    )


async def test_a_model_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rooms_bot.agents.vectors.TIMEOUT", 0.05)
    room = cast(BROKE).state
    async with near(lambda _: Hang()) as (vectors, _):
        assert await ranked(vectors, room) == by_words(room)
        assert not vectors.suits(room, by_words(room))


async def test_a_model_that_fails_is_left_alone_for_a_while_and_that_is_told_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    answers: Iterator[Embedded] = iter([Status(500), Status(500)])
    clock, room = TurnedClock(), cast(BROKE).state
    async with near(lambda given: next(answers, None) or embed(given), clock=clock) as (vectors, server):
        assert (await ranked(vectors, room)).by == "words"
        assert (await ranked(vectors, room)).by == "words"
        assert len(server.embedded) == 1
        clock.advance(REST)
        assert (await ranked(vectors, room)).by == "words"
        assert len(server.embedded) == 2
        clock.advance(REST)
        assert (await ranked(vectors, room)).by == "vectors"
    said = [record.getMessage() for record in caplog.records if "embedding model" in record.getMessage()]
    assert len(said) == 2
    assert "the words alone decide" in said[0]
    assert "answers again" in said[1]


async def test_one_message_that_it_does_not_take_costs_no_other_its_vectors() -> None:
    room = cast("Is it the odd one?")
    async with near(lambda given: Status(400, "too long") if "odd" in given[0] else embed(given)) as (vectors, _):
        assert (await ranked(vectors, room.state)).by == "words"
        room.heard(BROKE)
        assert (await ranked(vectors, room.state)).by == "vectors"


async def test_when_another_model_answers_to_the_name_the_cards_are_embedded_anew() -> None:
    room, wider = cast(BROKE).state, list[bool]()
    async with near(lambda given: [meaning(text) + [0.0] * len(wider) for text in given]) as (vectors, _):
        assert (await ranked(vectors, room)).by == "vectors"
        wider.append(True)
        assert (await ranked(vectors, room)).by == "words"
        ranking = await ranked(vectors, room)
    assert (ranking.by, first(ranking)) == ("vectors", MONEY)


async def test_who_comes_or_goes_meanwhile_does_no_harm() -> None:
    room = cast(BROKE)

    def joining(given: list[str]) -> Embedded:
        if given == [BROKE]:
            room.happen(Joined(seat=seat(4, "Ada", role="engineer")))
            room.happen(Left(seat=SEA, name="Marin"))
        return embed(given)

    async with near(joining) as (vectors, _):
        assert first(await ranked(vectors, room.state)) == MONEY


async def test_after_an_agents_words_the_others_are_weighed_without_it() -> None:
    """Its own words are about its own subject; that says nothing about who is next."""
    room = cast()
    room.said(MONEY, "The bank gives a loan on a bank account, but the waves took my boat.")
    async with near() as (vectors, _):
        ranking = await ranked(vectors, room.state)
    assert ranking.by == "vectors"
    assert getattr(decide(room.state, ranking), "seat", None) == SEA


def test_what_all_texts_have_in_common_tells_nothing() -> None:
    """Some models' cosines are all near 0.8, others' near 0.2."""
    cards = [["bank", "loan"], ["reef", "fish"], ["court", "judge"]]

    def likeness(common: float) -> list[float]:
        def vector(text: str) -> Any:
            return unit([*(10 * number for number in meaning(text)[:3]), len(text) / 10, common])

        return Cast([[vector(text) for text in card] for card in cards]).likeness(vector("wallet")) or []

    assert likeness(0.0)[0] == max(likeness(0.0))
    assert likeness(200.0) == pytest.approx(likeness(20.0), rel=0.05)


def test_a_card_is_few_texts_however_long_it_is() -> None:
    words = [f"word{number}" for number in range(100)]
    persona = Persona(name="Ada", role="engineer", description="Builds.", expertise=words[:64], expansion=words)
    embedded = texts(persona)
    assert len(embedded) <= 50
    assert set(" ".join(embedded).split()) >= set(words)
    assert texts(Persona(name="Ada", prompt="You are Ada.")) == ()


def test_a_seat_without_a_card_is_nobodys_expert() -> None:
    vectors = [[unit(meaning(text)) or [] for text in card] for card in (["bank", "loan"], ["reef", "sea"], [])]
    money, sea, bare = Cast(vectors).likeness(unit(meaning("wallet")) or []) or []
    assert money > sea == bare


# The whole of it


async def test_rooms_ask_the_model_that_the_operator_set(monkeypatch: pytest.MonkeyPatch) -> None:
    room = cast(BROKE).state
    async with OpenAIServer(embed=embed) as server, Agents(Models("offline", embedding=MODEL)) as agents:
        monkeypatch.setenv("OPENAI_API_BASE", server.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", "sk-nothing")
        await agents.check_embedding()
        selector = agents.selector(room, by_words(room))
        assert selector is not None
        assert first(await selector.rank(room, by_words(room))) == MONEY
    assert Agents(Models("offline")).selector(room, by_words(room)) is None


async def test_an_embedding_model_elsewhere_is_refused_where_only_local_ones_are_allowed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("OPENAI_API_BASE", raising=False)
    room = cast(BROKE).state
    async with Agents(Models("offline", embedding=MODEL, local_only=True)) as agents:
        with connections() as made:
            assert await agents.rank(room, by_words(room)) == by_words(room)
            with pytest.raises(SetupError, match="ROOMS_LOCAL_ONLY"):
                await agents.check_embedding()
    assert made == []


@pytest.mark.parametrize("model", ["local", "offline", "python/mine.py:speak"])
def test_what_makes_no_vectors_is_no_embedding_model(model: str) -> None:
    with pytest.raises(SetupError, match="ROOMS_EMBEDDING_MODEL"):
        Agents(Models("offline", embedding=model))


async def test_a_model_file_that_is_not_there_or_makes_no_vectors_is_told(tmp_path: Path) -> None:
    if (reason := unavailable()) is not None:
        pytest.skip(reason)
    async with Agents(Models("offline", embedding=f"local:{tmp_path}/none.gguf")) as agents:
        with pytest.raises(SetupError, match="no model file"):
            await agents.check_embedding()
    async with Agents(Models("offline", embedding=f"local:{weights('local')}")) as agents:
        with pytest.raises(SetupError, match="could not answer"):
            await agents.check_embedding()
