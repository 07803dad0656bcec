"""Models reached through LiteLLM, over HTTP, on a real server."""

import asyncio
import os
import subprocess
import sys

import pytest

from rooms_bot.agents.failures import redacted
from rooms_bot.agents.litellm import LiteLLMAgent, Route
from rooms_bot.domain.events import Usage
from rooms_bot.errors import AgentEmpty, AgentError, AgentRefused, AgentTimeout, AgentUnreachable
from rooms_bot.ports import Message, Request
from tests.models.connections import connections
from tests.models.openai_server import Cut, Garbage, Hang, OpenAIServer, Script, Status, Text
from tests.models.rooms import seat

pytestmark = pytest.mark.usefixtures("connections_closed")

MESSAGES = (Message("system", "You are Ada."), Message("user", "Theo: hello"))
FAMILIES = ("openai", "hosted_vllm")


class NoWaiting:
    """A clock whose waits are over at once and are written down."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def now(self) -> float:
        return 0.0

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)


def agent(server: OpenAIServer, clock: NoWaiting | None = None) -> LiteLLMAgent:
    async def route(model: str) -> Route:
        return Route(model, server.base_url, "sk-very-secret-key")

    return LiteLLMAgent(route, clock or NoWaiting())


def request(
    timeout: float = 20,
    model: str = "openai/test",
    messages: tuple[Message, ...] = MESSAGES,
    stop: tuple[str, ...] = (),
    temperature: float | None = None,
    max_tokens: int | None = None,
) -> Request:
    return Request(seat(1, "Ada"), model, messages, stop, temperature, max_tokens, timeout)


async def answer(
    script: Script, ask: Request | None = None, clock: NoWaiting | None = None
) -> tuple[str, Usage | None]:
    async with OpenAIServer(script) as server:
        pieces = [piece async for piece in agent(server, clock).stream(ask or request())]
    usage = pieces.pop() if isinstance(pieces[-1], Usage) else None
    return "".join(str(piece) for piece in pieces), usage if isinstance(usage, Usage) else None


@pytest.mark.parametrize("family", FAMILIES)
async def test_an_answer_comes_in_pieces_and_its_usage_last(family: str) -> None:
    async with OpenAIServer("It depends on the cost.") as server:
        pieces = [piece async for piece in agent(server).stream(request(model=f"{family}/test"))]
    assert pieces[:-1] == ["It ", "depends ", "on ", "the ", "cost."]
    assert pieces[-1] == Usage(prompt_tokens=5, completion_tokens=5, cost=None)


@pytest.mark.parametrize("family", FAMILIES)
async def test_what_is_asked_is_what_the_request_says(family: str) -> None:
    ask = request(model=f"{family}/test", stop=("\nMara:",), temperature=0.3, max_tokens=77)
    async with OpenAIServer("Yes.") as server:
        assert [piece async for piece in agent(server).stream(ask)]
        body = server.requests[0]
        assert server.headers[0]["Authorization"] == "Bearer sk-very-secret-key"
    assert body["messages"] == [
        {"role": "system", "content": "You are Ada."},
        {"role": "user", "content": "Theo: hello"},
    ]
    assert (body["model"], body["stop"], body["temperature"], body["max_tokens"]) == ("test", ["\nMara:"], 0.3, 77)


async def test_a_known_models_answer_has_a_price() -> None:
    _, usage = await answer("Yes. " * 100, request(model="openai/gpt-4o-mini"))
    assert usage is not None
    assert usage.cost is not None
    assert 0 < usage.cost < 0.01


async def test_an_answer_that_was_begun_begins_with_it() -> None:
    ask = request(messages=(*MESSAGES, Message("assistant", "The hard part is")))
    assert (await answer("the cost.", ask))[0] == "The hard part is the cost."
    assert (await answer(", well, cost.", ask))[0] == "The hard part is, well, cost."


async def test_a_hundred_thousand_characters_arrive_whole() -> None:
    text = " ".join(map(str, range(18_000)))[:100_000]
    assert (await answer(Text(text, chunk=2_000)))[0] == text


@pytest.mark.parametrize("trouble", [Status(429), Status(500), Status(503), Cut()])
@pytest.mark.parametrize("family", FAMILIES)
async def test_what_may_pass_is_tried_once_more(trouble: Status | Cut, family: str) -> None:
    clock = NoWaiting()
    text, _ = await answer([trouble, "Yes."], request(model=f"{family}/test"), clock)
    assert text == "Yes."
    assert len(clock.waits) == 1


@pytest.mark.parametrize("family", FAMILIES)
async def test_the_wait_is_as_long_as_the_provider_asks(family: str) -> None:
    clock = NoWaiting()
    await answer([Status(429, retry_after="7"), "Yes."], request(model=f"{family}/test"), clock)
    assert clock.waits == [7.0]


async def test_a_wait_longer_than_the_turn_is_not_waited() -> None:
    clock = NoWaiting()
    async with OpenAIServer(Status(429, retry_after="3600")) as server:
        with pytest.raises(AgentUnreachable):
            await anext(agent(server, clock).stream(request()))
        assert len(server.requests) == 1
    assert clock.waits == []


@pytest.mark.parametrize("trouble", [Status(429), Status(500), Cut()])
async def test_there_is_no_third_try(trouble: Status | Cut) -> None:
    async with OpenAIServer(trouble) as server:
        with pytest.raises(AgentUnreachable):
            await anext(agent(server).stream(request()))
        assert len(server.requests) == 2


@pytest.mark.parametrize("family", FAMILIES)
async def test_what_broke_off_after_its_first_words_is_not_asked_again(family: str) -> None:
    async with OpenAIServer([Cut("One two"), "Never."]) as server:
        stream = agent(server).stream(request(model=f"{family}/test"))
        assert await anext(stream) == "One "
        with pytest.raises(AgentUnreachable):
            assert [piece async for piece in stream]
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        (Status(401, "Incorrect API key provided: sk-very-secret-key"), AgentUnreachable),
        (Status(404, "no such model"), AgentUnreachable),
        (Status(400, "stop is not supported"), AgentError),
        (Status(400, "against our content policy", "content_policy_violation"), AgentRefused),
        (Text("", finish="content_filter"), AgentRefused),
        (Text("  \n "), AgentEmpty),
        ("", AgentEmpty),
        (Garbage(), AgentEmpty),
    ],
)
async def test_each_failure_has_its_name_and_is_not_tried_again(trouble: Script, error: type[AgentError]) -> None:
    async with OpenAIServer(trouble) as server:
        with pytest.raises(error) as failed:
            assert [piece async for piece in agent(server).stream(request()) if isinstance(piece, str)] == []
        assert len(server.requests) == 1
    assert type(failed.value) is error
    assert str(failed.value) == error.phrase
    assert "very-secret" not in failed.value.detail


async def test_an_answer_of_which_nothing_can_be_seen_was_paid_for() -> None:
    async with OpenAIServer("") as server:
        pieces = agent(server).stream(request())
        assert isinstance(await anext(pieces), Usage)
        with pytest.raises(AgentEmpty):
            await anext(pieces)


async def test_nobody_listening_is_unreachable() -> None:
    async with OpenAIServer() as server:
        pass
    with pytest.raises(AgentUnreachable):
        await anext(agent(server).stream(request()))


async def test_a_model_nobody_knows_is_an_error_of_that_turn() -> None:
    with pytest.raises(AgentError):
        await anext(LiteLLMAgent().stream(request(model="nobody-knows-this")))


@pytest.mark.parametrize("text", ["", "One "])
async def test_an_answer_that_hangs_is_given_up_in_time_and_the_connection_closed(text: str) -> None:
    async with OpenAIServer(Hang(text=text)) as server:
        with pytest.raises(AgentTimeout):
            assert [piece async for piece in agent(server).stream(request(timeout=0.3))]
        async with asyncio.timeout(5):
            await server.gone.wait()


async def test_a_turn_that_is_called_off_closes_its_connection() -> None:
    async with OpenAIServer(Hang(text="One two three")) as server, asyncio.timeout(10):
        async with asyncio.TaskGroup() as group:
            turn = group.create_task(_all(agent(server)))
            await server.asked(1)
            turn.cancel()
        await server.gone.wait()


async def test_one_turn_after_the_other_uses_the_same_connection() -> None:
    async with OpenAIServer("Yes.") as server:
        one = agent(server)
        with connections() as made:
            for _ in range(3):
                assert await _all(one)
    assert len(made) == 1


async def _all(one: LiteLLMAgent) -> list[str | Usage]:
    return [piece async for piece in one.stream(request())]


def test_importing_litellm_connects_to_nothing_and_says_nothing() -> None:
    program = (
        "import sys\n"
        "calls = ('socket.connect', 'socket.getaddrinfo')\n"
        "sys.addaudithook(lambda event, args: event in calls and print(event, args))\n"
        "import asyncio\n"
        "from rooms_bot.agents.litellm import loaded\n"
        "assert 'litellm' not in sys.modules\n"
        "asyncio.run(loaded())\n"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_environments_secrets_are_not_in_details() -> None:
    environ = {"SOME_API_KEY": "abcdefgh1234", "HOME": "/home/theo"}
    assert redacted("key abcdefgh1234, sk-proj-aaaaaaaaaa, /home/theo", environ) == "key [secret], [secret], /home/theo"
    assert redacted("Authorization: Bearer abc.def", {}) == "Authorization: Bearer [secret]"
    assert len(redacted("x" * 10_000, {})) == 500


@pytest.mark.slow
async def test_a_proxy_is_not_asked_for_models_on_this_machine() -> None:
    program = (
        "import asyncio, sys\n"
        "from rooms_bot.agents.choice import Agents, Models\n"
        "async def main():\n"
        "    async with Agents(Models('openai/test')) as agents:\n"
        "        await agents.check('openai/test')\n"
        "asyncio.run(main())\n"
    )
    async with OpenAIServer("Ready.") as server:
        proxied = {"HTTP_PROXY": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9", "OPENAI_API_KEY": "sk-x"}
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, env={**os.environ, **proxied, "OPENAI_API_BASE": server.base_url}
        )
        assert await child.wait() == 0
        assert len(server.requests) == 1
