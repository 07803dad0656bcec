"""Agents without a model."""

import pytest

from rooms_bot.agents.offline import OfflineAgent
from rooms_bot.domain.rooms import MODERATOR
from rooms_bot.errors import AgentEmpty
from rooms_bot.ports import Request
from rooms_bot.turns.passing import is_pass
from tests.models.rooms import TestRoom, seat


def room() -> TestRoom:
    return TestRoom(
        seat(1, "Ada", expertise=("maintenance", "power {grids}")),
        seat(2, "Mara {x}", role="organiser"),
        seat(3, "Linus"),
    )


async def said(test: TestRoom, number: int, seed: int = 0) -> str:
    state = test.state
    return "".join(
        [
            str(piece)
            async for piece in OfflineAgent(seed).stream(Request(state.seat(number), "offline", (), room=state))
        ]
    )


async def conversation(seed: int = 0, turns: int = 30) -> list[str]:
    test, texts = room(), []
    test.heard("My sister delivers {flowers}.")
    for turn in range(turns):
        number = MODERATOR if turn % 6 == 5 else turn % 3 + 1
        texts.append(await said(test, number, seed))
        test.said(number, texts[-1])
    return texts


async def test_the_same_seed_gives_the_same_words_and_another_one_others() -> None:
    assert await conversation() == await conversation()
    assert await conversation() != await conversation(seed=1)


async def test_a_conversation_does_not_repeat_itself_and_nobody_passes() -> None:
    texts = await conversation()
    assert len(set(texts)) == len(texts)
    assert all(
        5 <= len(text.split()) <= 90 and "{" not in text.replace("{flowers}", "").replace("{grids}", "")
        for text in texts
    )
    assert not any(is_pass(text) for text in texts)


async def test_the_topic_a_persons_words_and_ones_expertise_are_taken_up() -> None:
    text = " ".join(await conversation(turns=12))
    assert "cars" in text
    assert "flowers" in text
    assert "maintenance" in text
    assert "Theo" in text


async def test_agents_are_addressed_now_and_then_and_people_never() -> None:
    texts = await conversation(turns=60)
    addressed = [text for text in texts if "@" in text]
    assert 2 <= len(addressed) <= 30
    assert not any("@Theo" in text or text.startswith("Theo,") for text in texts)


async def test_it_needs_the_room() -> None:
    with pytest.raises(AgentEmpty):
        await anext(OfflineAgent().stream(Request(seat(1, "Ada"), "offline", ())))
