"""Models go wrong: an agent loses its turn at most, and the room goes on with the others."""

import json
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from rooms_bot.chat.bot import RoomsBot
from rooms_bot.sandbox.server import Sandbox
from tests.cli.program import pointed_at, started
from tests.faults.afterwards import STANDS, notices, well
from tests.faults.table import fault
from tests.models.openai_server import Answer, Cut, Embedded, Garbage, Hang, Status, Text
from tests.wire.channel import Channel, bot_in, contents
from tests.wire.scripted import Model, scripted
from tests.wire.test_long_room import QuickClock

ROUND = {"topic": STANDS, "agents": "Ada,Kenji", "mode": "round_robin", "pace": 0, "orchestrator_every": 0}
UNREACHED = "could not be reached"
LATE = "took too long to answer"
SILENT = "had nothing to say"
NONSENSE = b"\x00\xff\xfe binary \x1b[2J".decode("latin-1")


@dataclass(frozen=True, slots=True)
class Stage:
    """A bot, somebody's view of its channel, and the model that Ada and Kenji speak with."""

    bot: RoomsBot
    lounge: Channel
    model: Model

    async def take(self, turns: int = 4, **more: Any) -> None:
        """Open the room and wait until so many turns were taken, by Ada and Kenji alternately."""
        await self.lounge.do("room start", **ROUND | {"human_every": turns} | more)
        await self.lounge.until_told("The room waits for a word of yours")

    async def well(self) -> None:
        await well(self.lounge, self.bot)


@asynccontextmanager
async def stage(
    sandbox: Sandbox,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    *ada: Answer,
    moderator: tuple[Answer, ...] = (),
    patience: float = 60,
    **more: Any,
) -> AsyncIterator[Stage]:
    """Ada's model answers so in turn, the last one for ever; Kenji's is well. The bot's clock goes ten times as fast.

    Ada has so many seconds for an answer.
    """
    personas = folder / "personas"
    personas.mkdir()
    (personas / "ada.md").write_text(f"---\nname: Ada\ntimeout: {patience}\n---\nYou are Ada.\n")
    settings = {"rooms_model": "openai/test", "rooms_personas_dir": personas} | more
    async with (
        scripted(monkeypatch, Ada=ada, Kenji="The crust decides.", Moderator=moderator) as model,
        bot_in(sandbox, folder, clock=QuickClock(10), **settings) as bot,
    ):
        yield Stage(bot, Channel(sandbox), model)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        pytest.param(
            Status(401, "invalid api key sk-hunter2hunter2"),
            UNREACHED,
            marks=fault("Models", "the provider refuses the key (401)", "a line: the agent could not be reached"),
        ),
        pytest.param(
            Status(402),
            UNREACHED,
            marks=[
                fault("Models", "the operator's credit is used up (402)", "a line: the agent could not be reached"),
                pytest.mark.slow,
            ],
        ),
        pytest.param(
            Status(404, "no such model"),
            UNREACHED,
            marks=[
                fault("Models", "there is no model of that name (404)", "a line: the agent could not be reached"),
                pytest.mark.slow,
            ],
        ),
        pytest.param(
            Status(429, retry_after="3600"),
            UNREACHED,
            marks=fault(
                "Models",
                "the provider asks for more patience than the agent has (429, an hour)",
                "a line at once: the agent could not be reached",
            ),
        ),
        pytest.param(
            Status(400, "context length exceeded"),
            "could not answer",
            marks=[
                fault("Models", "the provider refuses the request (400)", "a line: the agent could not answer"),
                pytest.mark.slow,
            ],
        ),
        pytest.param(
            Status(400, "against our content policy", code="content_policy_violation"),
            "was not allowed to answer by its provider",
            marks=fault("Models", "the provider declines the content", "a line: the agent was not allowed to answer"),
        ),
        pytest.param(
            Hang(),
            LATE,
            marks=fault("Models", "the model never answers", "a line, once its time is over: it took too long"),
        ),
        pytest.param(
            "",
            SILENT,
            marks=fault("Models", "the answer is empty", "a line: the agent had nothing to say"),
        ),
        pytest.param(
            " \n\t ",
            SILENT,
            marks=[fault("Models", "the answer is blank", "a line: the agent had nothing to say"), pytest.mark.slow],
        ),
        pytest.param(
            "<think>Bread, bread, bread. I had better think about it.</think>",
            SILENT,
            marks=[
                fault("Models", "the model thinks and says nothing", "a line: it had nothing to say; no thought"),
                pytest.mark.slow,
            ],
        ),
        pytest.param(
            Garbage(),
            None,
            marks=fault("Models", "a page comes instead of an answer", "a line: the agent could not answer"),
        ),
        pytest.param(
            Garbage('{"choices": 7}', "application/json"),
            None,
            marks=[
                fault("Models", "the answer is JSON of another shape", "a line: the agent could not answer"),
                pytest.mark.slow,
            ],
        ),
        pytest.param(
            Garbage(NONSENSE * 1000, "application/octet-stream"),
            None,
            marks=[fault("Models", "the answer is binary", "a line: the agent could not answer"), pytest.mark.slow],
        ),
    ],
)
async def test_an_agent_whose_model_fails_loses_its_turn_and_no_more(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: Answer, told: str | None
) -> None:
    patience = 1 if isinstance(answer, Hang) else 60
    async with stage(sandbox, tmp_path, monkeypatch, answer, "The crumb decides.", patience=patience) as here:
        await here.take()
        assert here.lounge.speakers() == ["Kenji", "Ada", "Kenji"]
        (line,) = notices(here.lounge, "Ada")
        assert told is None or told in line
        assert "hunter2" not in str(here.lounge.messages())
        await here.well()


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Status(500), marks=fault("Models", "the provider breaks down once (500)", "nothing")),
        pytest.param(
            Status(503), marks=[fault("Models", "the provider is overloaded once (503)", "nothing"), pytest.mark.slow]
        ),
        pytest.param(
            Status(429),
            marks=[
                fault("Models", "the provider is asked too often, and says no more (429)", "nothing"),
                pytest.mark.slow,
            ],
        ),
        pytest.param(
            Status(429, retry_after="0.1"),
            marks=fault("Models", "the provider asks for a moment's patience (429)", "the answer comes late, once"),
        ),
        pytest.param(Cut(), marks=fault("Models", "the connection is lost before the first word", "nothing")),
        pytest.param(
            Garbage('data: {"choices": [{"delta": {"content": 7}}]}\n\ndata: [[]]\n\n', "text/event-stream"),
            marks=[fault("Models", "the stream holds pieces of no known kind, once", "nothing"), pytest.mark.slow],
        ),
        pytest.param(
            Garbage("data: {not json\n\nevent: ?\n\n:\n\n", "text/event-stream"),
            marks=fault("Models", "the stream holds no JSON, once", "nothing"),
        ),
    ],
)
async def test_trouble_that_passes_costs_no_turn(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: Answer
) -> None:
    async with stage(sandbox, tmp_path, monkeypatch, answer, "The crumb decides.") as here:
        await here.take(2)
        assert here.lounge.speakers() == ["Ada", "Kenji"]
        assert notices(here.lounge, "Ada") == []
        await here.well()


@fault(
    "Models",
    "the provider is away for good",
    "a line each turn; after the third the agent is left out until someone asks it or `/room resume`",
)
async def test_an_agent_is_left_out_after_its_third_failure_and_comes_back_when_it_is_asked(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage(sandbox, tmp_path, monkeypatch, *[Status(401)] * 3, "The crumb decides.") as here:
        await here.take(8)
        first, second, third = notices(here.lounge, "Ada")
        assert "left out" not in first + second
        assert "left out until `/room resume` or until someone asks @Ada" in third
        assert here.lounge.speakers() == ["Kenji"] * 5
        here.lounge.say("@Ada, and now?")
        await here.lounge.until(lambda: here.lounge.speakers()[-1:] == ["Ada"])
        await here.well()


@pytest.mark.parametrize(
    ("released", "told"),
    [
        pytest.param(
            True,
            UNREACHED,
            marks=fault(
                "Models",
                "the connection is lost in the middle of an answer",
                "what could be read stands there, marked as cut off; a line says why",
            ),
        ),
        pytest.param(
            False,
            LATE,
            marks=fault(
                "Models",
                "the model falls silent in the middle of an answer",
                "what could be read stands there, marked as cut off; a line says why",
            ),
        ),
    ],
)
async def test_what_can_be_read_of_an_answer_that_breaks_off_is_marked(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, released: bool, told: str
) -> None:
    half = Hang(text="It rises. Then it", cut=True)
    patience = 60 if released else 1
    async with stage(sandbox, tmp_path, monkeypatch, half, "The crumb decides.", patience=patience) as here:
        await here.lounge.do("room start", **ROUND, human_every=4)
        await here.lounge.until_posts(1)
        if released:
            half.released.set()
        await here.lounge.until_told("The room waits for a word of yours")
        assert contents(here.lounge.posts())[:2] == ["It rises. (cut off)", "The crust decides."]
        assert here.lounge.speakers() == ["Ada", "Kenji", "Ada", "Kenji"]
        assert told in notices(here.lounge, "Ada")[0]
        await here.well()


@fault("Models", "the answer comes a few letters at a time", "the answer, once, as it grows")
async def test_a_trickle_becomes_one_answer(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with stage(sandbox, tmp_path, monkeypatch, Text("The crumb decides. It does. " * 2, chunk=1)) as here:
        await here.take(2)
        assert contents(here.lounge.posts())[0] == "The crumb decides. It does. The crumb decides. It does."
        await here.well()


@pytest.mark.parametrize(
    ("budget", "parts"),
    [
        pytest.param(
            0,
            6,
            marks=fault(
                "Models",
                "the answer has 100,000 characters and does not end",
                "five messages and a file with the rest; nothing after 24,000 characters is read",
            ),
        ),
        pytest.param(
            500_000,
            2,
            marks=[
                fault(
                    "Models",
                    "the same, where the server's tokens are limited",
                    "about 4,000 characters: what was reserved for an answer",
                ),
                pytest.mark.slow,
            ],
        ),
    ],
)
async def test_an_answer_without_an_end_is_bounded(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, budget: int, parts: int
) -> None:
    endless = Text("".join(f"This is sentence number {number}. " for number in range(3200)), chunk=500)
    more: dict[str, Any] = {"rooms_daily_tokens_per_guild": budget}
    async with stage(sandbox, tmp_path, monkeypatch, endless, "The crumb decides.", **more) as here:
        await here.take()
        *long, last = [post for post in here.lounge.posts() if post["author"]["username"] == "Ada"]
        assert last["content"] == "The crumb decides."
        assert len(long) == parts
        assert all(len(post["content"]) <= 2000 for post in long)
        assert bool(long[-1]["attachments"]) == (not budget)
        assert sum(one["size"] for post in long for one in post["attachments"]) < 24_000
        assert here.lounge.speakers()[-3:] == ["Kenji", "Ada", "Kenji"]
        await here.well()


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(
            "@everyone @here <@1> <@&2> <#3> </room stop:4>",
            marks=fault("Models", "the answer is nothing but mentions", "the words as they are; nobody is notified"),
        ),
        pytest.param(
            "**" * 300 + "```" * 7 + "||" * 50 + "# " * 20 + "> " * 30,
            marks=fault(
                "Models", "the answer is nothing but markdown", "that, or a line that there was nothing to say"
            ),
        ),
        pytest.param(
            "It \ud800 rises \udfff and \x00 falls.",
            marks=fault("Models", "the answer holds halves of characters", "the answer without them"),
        ),
        pytest.param(
            "\u202e\u200b\u2063\ufeff" * 100,
            marks=[
                fault("Models", "the answer is made of signs that cannot be seen", "a line: it had nothing to say"),
                pytest.mark.slow,
            ],
        ),
    ],
)
async def test_an_answer_without_words_harms_nobody(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    async with stage(sandbox, tmp_path, monkeypatch, answer, "The crumb decides.") as here:
        await here.take()
        assert here.lounge.speakers()[-3:] == ["Kenji", "Ada", "Kenji"]
        assert len(notices(here.lounge, "Ada")) + len(here.lounge.posts()) >= 4
        assert not [post for post in here.lounge.posts() if post["mentions"] or post["mention_everyone"]]
        await here.well()


@pytest.mark.parametrize(
    "address",
    [
        pytest.param(
            "http://127.0.0.1:9/v1",
            marks=fault("Models", "nobody takes the connection", "a line: the agent could not be reached"),
        ),
        pytest.param(
            "http://rooms-bot.invalid/v1",
            marks=[
                fault("Models", "the provider's name is not found", "a line: the agent could not be reached"),
                pytest.mark.slow,
            ],
        ),
    ],
)
async def test_a_provider_that_is_not_there_costs_turns_until_it_is(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    async with stage(sandbox, tmp_path, monkeypatch, "The crumb decides.") as here:
        monkeypatch.setenv("OPENAI_API_BASE", address)
        await here.take(2)
        assert here.lounge.posts() == []
        assert all(UNREACHED in line for name in ("Ada", "Kenji") for line in notices(here.lounge, name))
        monkeypatch.setenv("OPENAI_API_BASE", here.model.base_url)
        here.lounge.say("And now?")
        await here.lounge.until_posts(1)
        await here.well()


@fault("Models", "the orchestrator's model is away", "a line instead of a summary; the agents go on")
async def test_without_its_orchestrator_the_room_goes_on(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moderator = Status(401), "So far, so good."
    async with stage(sandbox, tmp_path, monkeypatch, "The crumb decides.", moderator=moderator) as here:
        await here.take(4, orchestrator_every=2)
        await here.lounge.until(lambda: here.lounge.speakers()[-1:] == ["Moderator"])
        assert [name for name in here.lounge.speakers() if name != "Moderator"] == ["Ada", "Kenji"] * 2
        (line,) = notices(here.lounge, "Moderator")
        assert UNREACHED in line
        await here.well()


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(
            Status(503), marks=fault("Models", "the embedding model is overloaded", "nothing: words decide who speaks")
        ),
        pytest.param(
            Garbage(),
            marks=[
                fault("Models", "the embedding model answers nonsense", "nothing: words decide who speaks"),
                pytest.mark.slow,
            ],
        ),
        pytest.param(
            Cut(),
            marks=[
                fault("Models", "the embedding model's connection is cut", "nothing: words decide who speaks"),
                pytest.mark.slow,
            ],
        ),
    ],
)
async def test_without_vectors_words_decide(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: Embedded
) -> None:
    more: dict[str, Any] = {"rooms_embedding_model": "openai/vectors"}
    async with stage(sandbox, tmp_path, monkeypatch, "The crumb decides.", **more) as here:
        here.model.embed = lambda _: answer
        here.model.embedded.clear()
        await here.take(2, mode="dynamic")
        here.lounge.say("Which of the two is it that we should have for our supper?")
        await here.lounge.until_told("The room waits for a word of yours", 2)
        assert here.model.embedded
        assert len(here.lounge.posts()) == 4
        await here.well()


ODD = {"object": "chat.completion.chunk", "created": 0, "model": "test", "id": [{"xyzzy": "a secret"}]}


@pytest.mark.slow
@fault("Models", "the answer's particulars are of the wrong kind", "the answer; nothing of it gets into the log")
async def test_an_odd_answer_is_not_quoted_in_the_log(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chunk = ODD | {"choices": [{"index": 0, "delta": {"role": "assistant", "content": "It rises."}}]}
    odd = Garbage(f"data: {json.dumps(chunk)}\n\ndata: [DONE]\n\n", "text/event-stream")
    async with scripted(monkeypatch, Ada=odd) as model:
        mine = {"ROOMS_MODEL": "openai/test", "OPENAI_API_BASE": model.base_url, "OPENAI_API_KEY": "sk-for-this-test"}
        async with started(tmp_path, "run", **pointed_at(sandbox, **mine)) as program:
            await program.out.has("is online as")
            lounge = Channel(sandbox)
            await lounge.do("room start", **ROUND | {"agents": "Ada", "human_every": 1})
            await lounge.until_told("The room waits for a word of yours", patience=60)
            assert contents(lounge.posts()) == ["It rises."]
            assert await program.stopped_by(signal.SIGTERM) == 0
    assert not [line for line in program.err.lines if "xyzzy" in line]
