"""Which model a seat uses, what members may choose, and what ROOMS_LOCAL_ONLY lets through."""

from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from rooms_bot.agents.choice import Agents, Models
from rooms_bot.agents.compaction import ANSWER
from rooms_bot.agents.endpoints import is_private
from rooms_bot.agents.litellm import expected, loaded
from rooms_bot.agents.ollama import ollama_model
from rooms_bot.agents.window import WINDOW
from rooms_bot.domain.costs import Cost
from rooms_bot.domain.events import Configured
from rooms_bot.domain.rooms import MODERATOR, Selection
from rooms_bot.errors import AgentUnreachable, SetupError
from rooms_bot.ports import Errand, Message, Request
from tests.models.connections import connections
from tests.models.openai_server import OpenAIServer, Status
from tests.models.rooms import TestRoom, seat

pytestmark = pytest.mark.usefixtures("connections_closed")

ERRANDS: tuple[Errand, ...] = ("words", "notes", "judging")
ENDPOINTS = ("OPENAI_BASE_URL", "OPENAI_API_BASE", "OLLAMA_API_BASE", "HOSTED_VLLM_API_BASE", "LM_STUDIO_API_BASE")


@pytest.fixture(autouse=True)
def no_endpoints(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ENDPOINTS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-nothing-nothing")


def request(model: str) -> Request:
    return Request(seat(1, "Ada"), model, (Message("user", "hello"),), timeout=10)


def test_a_seats_model_is_its_own_then_its_personas_then_the_default() -> None:
    agents = Agents(Models("openai/default", orchestrator="openai/chair"))
    plain, named = seat(1, "Ada"), seat(2, "Mara", model="offline")
    assert agents.model(plain) == "openai/default"
    assert agents.model(named) == "offline"
    chosen = named.model_copy(update={"model": "openai/chosen"})
    assert Agents(Models("openai/default", allowed=("openai/chosen",))).model(chosen) == "openai/chosen"
    assert agents.model(chosen) == "offline", "the operator allows it no longer"
    assert agents.model(seat(0, "Moderator")) == "openai/chair"
    assert Agents(Models("openai/default")).model(seat(0, "Moderator")) == "openai/default"


def test_members_choose_from_the_operators_list_only() -> None:
    alone, listed = Agents(Models("openai/a")), Agents(Models("openai/a", allowed=("openai/b",)))
    assert alone.allowed("openai/a")
    assert not alone.allowed("openai/b")
    assert listed.choices == ["openai/a", "openai/b"]
    assert not listed.allowed("python/x.py:f")


def test_a_request_carries_the_seats_settings() -> None:
    room = TestRoom(seat(1, "Ada", temperature=0.1, max_tokens=50, timeout=5), seat(2, "Mara"))
    agents = Agents(Models("openai/a", timeout=33))
    one = agents.request(room.state, room.state.seats[1])
    two = agents.request(room.state, room.state.seats[2].model_copy(update={"temperature": 1.5}))
    assert (one.temperature, one.max_tokens, one.timeout) == (0.1, 50, 5)
    assert (two.temperature, two.max_tokens, two.timeout) == (1.5, None, 33)
    assert one.room is room.state


@pytest.mark.parametrize(
    ("model", "text"),
    [
        ("local", "with SmolLM2-135M, a very small model, on this machine"),
        ("local:/models/Qwen3-4B.gguf", "with Qwen3-4B on this machine"),
        ("offline", "without a model, in prepared sentences"),
        ("python/mine.py:speak", "with mine.py:speak, a function on this machine"),
        ("openai/gpt-4o", "with gpt-4o by OpenAI"),
        ("gpt-4o", "with gpt-4o by OpenAI"),
        ("claude-sonnet-4", "with claude-sonnet-4 by Anthropic"),
        ("openrouter/meta/llama-4", "with llama-4 by OpenRouter"),
        ("ollama_chat/qwen3:4b", "with qwen3:4b on this machine (Ollama)"),
        ("strange_cloud/x", "with x by Strange Cloud"),
    ],
)
def test_people_are_told_which_model_and_whose(model: str, text: str) -> None:
    assert Agents(Models("offline")).describe(model) == text


def test_people_are_told_of_an_address_of_the_operators(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_BASE", "http://10.1.2.3:8000/v1")
    assert Agents(Models("offline")).describe("openai/x") == "with x at 10.1.2.3, a private address (OpenAI)"
    monkeypatch.setenv("OPENAI_API_BASE", "https://llm.example.org/v1")
    assert Agents(Models("offline")).describe("openai/x") == "with x at llm.example.org"


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.1", "192.168.1.9", "::1", "fd00::1", "100.64.0.1", "169.254.0.1"]
)
def test_addresses_of_ones_own(address: str) -> None:
    assert is_private(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1", "::ffff:8.8.8.8", "224.0.0.1"])
def test_addresses_of_others(address: str) -> None:
    assert not is_private(address)


@pytest.mark.parametrize(
    ("model", "base"),
    [
        ("openai/gpt-4o", None),
        ("openai/gpt-4o", "http://8.8.8.8/v1"),
        ("openai/gpt-4o", "http://[2606:4700::1]/v1"),
        ("gpt-4o", "http://127.0.0.1:9/v1"),
        ("anthropic/claude", None),
        ("groq/llama", "http://127.0.0.1:9/v1"),
        ("hosted_vllm/x", None),
        ("unheard_of/x", None),
    ],
)
async def test_local_only_calls_nobody_outside(monkeypatch: pytest.MonkeyPatch, model: str, base: str | None) -> None:
    if base:
        monkeypatch.setenv("OPENAI_API_BASE", base)
    async with Agents(Models(model, local_only=True)) as agents:
        with connections() as made, pytest.raises(AgentUnreachable, match="could not be reached") as failed:
            await anext(agents.agent_for(model).stream(request(model)))
    assert "ROOMS_LOCAL_ONLY" in failed.value.detail
    assert made == []


async def test_local_only_lets_this_machines_servers_through(monkeypatch: pytest.MonkeyPatch) -> None:
    async with OpenAIServer("Yes.") as server, Agents(Models("openai/test", local_only=True)) as agents:
        monkeypatch.setenv("OPENAI_API_BASE", server.base_url)
        with connections() as made:
            pieces = [piece async for piece in agents.agent_for("openai/test").stream(request("openai/test"))]
        assert pieces[0] == "Yes."
        assert len(made) >= 1
        assert all("127.0.0.1" in address for address in made)


async def test_agents_without_a_network_are_always_allowed(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("def speak(request):\n    return 'hello'\n")
    room = TestRoom()
    async with Agents(Models("offline", plugins=tmp_path, local_only=True)) as agents:
        with connections() as made:
            asked = agents.request(room.state, room.state.seats[1], room.planned(1))
            assert [piece async for piece in agents.agent(asked.seat).stream(asked)]
            assert [piece async for piece in agents.agent_for("python/").stream(request("python/mine.py:speak"))]
    assert made == []


async def test_a_check_says_in_a_sentence_what_is_wrong(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async with OpenAIServer([Status(401, "bad key sk-nothing-nothing"), "ready"]) as server:
        monkeypatch.setenv("OPENAI_API_BASE", server.base_url)
        async with Agents(Models("openai/test", plugins=tmp_path)) as agents:
            with pytest.raises(SetupError, match=r"The model openai/test could not be reached: .*bad key \[secret\]"):
                await agents.check("openai/test")
            await agents.check("openai/test")
            await agents.check("offline")
            with pytest.raises(SetupError, match=r"python/none.py:f cannot be used: there is no file none.py"):
                await agents.check("python/none.py:f")


async def test_an_ollama_server_tells_its_newest_model_that_chats() -> None:
    app = web.Application()
    app.router.add_get("/api/tags", _tags)
    async with TestServer(app) as server:
        assert await ollama_model(str(server.make_url("/"))) == "ollama_chat/qwen3:4b"


async def _tags(_: web.Request) -> web.Response:
    return web.json_response({"models": [{"name": "nomic-embed-text"}, {"name": "qwen3:4b"}, {"name": "llama3"}]})


@pytest.mark.parametrize("body", ["", "no json", "[]", '{"models": 3}', '{"models": [{"name": 3}]}'])
async def test_what_is_no_ollama_server_is_no_error(body: str) -> None:
    async def tags(_: web.Request) -> web.Response:
        return web.Response(text=body)

    app = web.Application()
    app.router.add_get("/api/tags", tags)
    async with TestServer(app) as server:
        url = str(server.make_url("/"))
        assert await ollama_model(url) is None
    assert await ollama_model(url) is None


@pytest.mark.parametrize("model", ["offline", "local", "local:/models/Qwen3-4B.gguf", "python/mine.py:speak"])
def test_what_runs_here_costs_nobody_anything(model: str) -> None:
    agents, room = Agents(Models(model)), TestRoom(seat(1, "Ada"))
    assert agents.cost(model, 1000, 1000) is None
    assert agents.outlay("words", room.state) is None
    assert agents.outlay("notes", room.state) is None
    assert agents.outlay("judging", room.state) is None


def test_a_call_is_priced_by_litellms_table_and_where_it_knows_none_the_price_is_unknown() -> None:
    agents = Agents(Models("openai/gpt-4o-mini"))
    known = agents.cost("openai/gpt-4o-mini", 1_000_000, 500_000)
    assert known is not None
    assert known.tokens == 1_500_000
    assert known.dollars == pytest.approx(0.15 + 0.30)
    assert agents.cost("gpt-4o-mini", 1_000_000, 500_000) == known
    assert expected("anthropic/claude-haiku-4-5", 1000, 1000) == pytest.approx(0.006)
    assert agents.cost("openai/nobody-knows-it", 10, 10) == Cost(20, None)


async def test_with_litellm_loaded_prices_are_the_same() -> None:
    before = expected("anthropic/claude-haiku-4-5", 1000, 10)
    await loaded()
    assert expected("anthropic/claude-haiku-4-5", 1000, 10) == pytest.approx(before)
    assert expected("openai/nobody-knows-it", 10, 10) is None
    assert expected("strange/x", 10, 10) is None
    assert expected("ollama_chat/llama3.2", 10, 10) == 0


def test_who_thinks_first_has_more_to_answer_with_unless_the_persona_says_how_much() -> None:
    room = TestRoom(seat(1, "Ada"), seat(2, "Mara", max_tokens=300))
    for model, longest in (("openai/gpt-5-mini", 4000), ("o3", 4000), ("openai/gpt-4o-mini", None), ("openai/x", None)):
        agents = Agents(Models(model))
        assert [agents.request(room.state, room.state.seats[one]).max_tokens for one in (1, 2)] == [longest, 300]


def test_notes_are_reserved_for_as_their_provider_counts_them() -> None:
    agents, room = Agents(Models("openai/gpt-4o-mini")), TestRoom(seat(1, "Ada"))
    assert (notes := agents.outlay("notes", room.state)) is not None
    assert notes.tokens == 1.25 * WINDOW + ANSWER
    room.state.scales[MODERATOR] = 2.0
    assert (notes := agents.outlay("notes", room.state)) is not None
    assert notes.tokens == WINDOW + ANSWER


def test_errands_are_priced_by_the_models_that_do_them() -> None:
    agents = Agents(
        Models("openai/gpt-4o-mini", orchestrator="openai/unknown", embedding="openai/text-embedding-3-small")
    )
    room = TestRoom(seat(1, "Ada"))
    room.happen(Configured(config=room.state.config.model_copy(update={"selector": Selection.MODEL})))
    words, notes, judging = (agents.outlay(errand, room.state) for errand in ERRANDS)
    assert words is not None
    assert (words.dollars or 0) > 0
    assert notes is not None
    assert notes.dollars is None
    assert judging is not None
    assert judging.tokens > 2500
