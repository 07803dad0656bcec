"""How far back an agent reads, and how alike its requests begin."""

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rooms_bot.agents.choice import Agents, Models
from rooms_bot.agents.litellm import loaded
from rooms_bot.agents.window import LABEL, LEAST, NEWEST, Part, block, due, part, scaled, within
from rooms_bot.domain.events import Compacted, Generated, Usage
from rooms_bot.ports import Message
from tests.models.rooms import TestRoom, seat

NAMES = ("Ada", "Kenji", "Noor", "Yusuf")
CAST = tuple(seat(at, name, prompt=f"You are {name}. " + "b" * 1500) for at, name in enumerate(NAMES, 1))


def words(number: int, characters: int = 300) -> str:
    """A message of so many characters, another one for each number."""
    dice = random.Random(number)
    text = f"{number}: "
    while len(text) < characters:
        text += dice.choice(("town", "people", "the old railway", "money", "trees", "and", "nobody asks")) + " "
    return text[: characters - 1] + "."


def raw(messages: tuple[Message, ...]) -> bytes:
    return "\0".join(f"{message.role}\n{message.content}" for message in messages).encode()


def alike(one: bytes, other: bytes) -> int:
    """How many bytes they begin with in common."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


async def talk(turns: int, ready: int = 0) -> tuple[list[int], list[int]]:
    """Of each turn of four agents in order: bytes of its prompt, and how many are as in the agent's one before.

    Digests are there `ready` turns after they are due.
    """
    room, agents, before = TestRoom(*CAST), Agents(Models("openai/test", orchestrator="offline")), dict[int, bytes]()
    room.heard(words(0))
    sizes, same, coming = [], [], dict[int, Compacted]()
    for turn in range(turns):
        if lines := agents.due(room.state):
            coming.setdefault(turn + ready, await agents.digest(room.state, lines))
        if turn in coming:
            room.happen(coming.pop(turn))
        number = 1 + turn % len(CAST)
        prompt = raw(agents.request(room.state, room.state.seats[number]).messages)
        sizes.append(len(prompt))
        same.append(alike(prompt, before.get(number, b"")))
        before[number] = prompt
        room.said(number, words(turn + 1))
    return sizes, same


@pytest.mark.parametrize("ready", [0, 5])
async def test_of_200_turns_prompts_85_percent_are_as_in_the_agents_one_before(ready: int) -> None:
    sizes, same = await talk(200, ready)
    assert sum(same) / sum(sizes) >= 0.88


async def test_a_prompt_does_not_grow_with_the_room() -> None:
    sizes, _ = await talk(1000)
    early, late = sum(sizes[150:200]) / 50, sum(sizes[950:1000]) / 50
    assert 0.95 <= late / early <= 1.05
    assert max(sizes) / 4 <= 8000


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=300), st.integers(100, 9000), st.booleans())
@settings(max_examples=100, deadline=None)
def test_with_digests_as_they_come_due_every_line_is_shown_or_told_in_short(
    lengths: list[int], space: int, compacting: bool
) -> None:
    room = TestRoom()
    said = room.state.transcript
    for at, length in enumerate(lengths):
        room.said(1 + at % 2, "x" * (1 + length))
        if compacting and (lines := due(said, [block(space)])):
            room.happen(Compacted(lines=lines, text="so far"))
        shown = part(said, space)
        told = shown.digest.lines if shown.digest else 0
        assert told + shown.missing == shown.start or shown.start == max(0, len(said.lines) - NEWEST)
        assert not (shown.missing and compacting and space >= LEAST * 5 / 4)
        rest = said.totals[-1] - said.totals[shown.start] + LABEL * (len(said.lines) - shown.start)
        assert rest <= space or shown.start >= len(said.lines) - NEWEST


def test_lines_go_in_blocks_whether_or_not_there_are_digests() -> None:
    room, starts = TestRoom(), []
    for at in range(400):
        room.said(1 + at % 2, words(at))
        starts.append(part(room.state.transcript, 6000))
    changes = [two for one, two in pairwise(starts) if one != two]
    assert changes[0] == Part(51, None, 51)
    assert len(changes) <= 8


def test_a_small_windows_digests_do_for_a_large_window_too() -> None:
    room = TestRoom()
    for at in range(400):
        room.said(1 + at % 2, words(at))
        if lines := due(room.state.transcript, [block(1500), block(6000)]):
            room.happen(Compacted(lines=lines, text="so far"))
    large, small = part(room.state.transcript, 6000), part(room.state.transcript, 1500)
    assert not large.missing
    assert not small.missing
    assert large.start < small.start


def test_nothing_is_due_before_it_was_said_nor_twice() -> None:
    room = TestRoom()
    said = room.state.transcript
    assert due(said, [block(6000)]) == 0
    for at in range(80):
        room.said(1 + at % 2, words(at))
    lines = due(said, [block(6000)])
    assert 0 < lines < 80
    assert due(said, []) == 0
    room.happen(Compacted(lines=lines, text="so far"))
    assert due(said, [block(6000)]) == 0


def test_a_digest_whose_lines_changed_is_due_again() -> None:
    room = TestRoom()
    first = room.heard("the frist")
    for at in range(80):
        room.said(1 + at % 2, words(at))
    lines = due(room.state.transcript, [block(6000)])
    room.happen(Compacted(lines=lines, text="so far"))
    room.deleted(first)
    assert due(room.state.transcript, [block(6000)]) in (lines, lines + 1)


@pytest.mark.parametrize(
    ("context", "answer", "window"),
    [
        (None, None, 8000),
        (200_000, None, 8000),
        (8192, None, 6144),
        (8192, 4000, 4192),
        (4096, None, 3072),
        (4096, 9000, 1024),
    ],
)
def test_a_window_leaves_room_for_the_answer_in_the_models_own(
    context: int | None, answer: int | None, window: int
) -> None:
    assert within(context, answer) == window


@pytest.mark.parametrize(
    ("scale", "window"), [(1.0, 8000), (0.95, 8000), (0.8, 9142), (1.3, 5818), (0.01, 10_666), (50, 2000)]
)
def test_a_window_is_in_the_providers_tokens_within_reason(scale: float, window: int) -> None:
    assert scaled(8000, scale) == window


def test_what_a_provider_counts_is_learned_from_its_answers() -> None:
    room, agents = TestRoom(*CAST), Agents(Models("openai/test"))
    for at in range(200):
        room.said(1 + at % 2, words(at))
    before = agents.request(room.state, room.state.seats[1])
    assert 0.8 * before.estimate <= sum(len(one.content) for one in before.messages) / 4 <= before.estimate
    usage = Usage(prompt_tokens=before.estimate * 2, completion_tokens=1)
    turn = room.planned(1).turn
    room.happen(Generated(turn=turn, seat=1, text="x", estimate=before.estimate, usage=usage))
    assert agents.request(room.state, room.state.seats[1]).estimate < before.estimate * 0.7
    assert agents.request(room.state, room.state.seats[2]).estimate > before.estimate * 0.9


@pytest.mark.parametrize(
    ("model", "most"), [("openai/test", 8000), ("local:/none.gguf", 3072), ("ollama_chat/qwen3:4b", 3072)]
)
def test_a_window_is_never_more_than_the_models_own(model: str, most: int) -> None:
    room, agents = TestRoom(*CAST), Agents(Models(model))
    for at in range(400):
        room.said(1 + at % 2, words(at))
    assert most * 0.4 <= agents.request(room.state, room.state.seats[1]).estimate <= most


@pytest.mark.parametrize("model", ["gpt-4", "openai/gpt-4"])
async def test_what_a_model_reads_is_known_from_litellms_table(model: str) -> None:
    await loaded()
    room, agents = TestRoom(*CAST), Agents(Models(model))
    for at in range(400):
        room.said(1 + at % 2, words(at))
    assert agents.request(room.state, room.state.seats[1]).estimate <= within(8192)
