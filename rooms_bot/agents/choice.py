"""Which agent thinks for which seat: every kind of model there is, behind one door."""

from collections.abc import Collection
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from rooms_bot.agents.endpoints import at_home, base_url, host, is_private, is_this_machine, provider
from rooms_bot.agents.function import FunctionAgent
from rooms_bot.agents.litellm import LiteLLMAgent, as_named, close_clients
from rooms_bot.agents.local import LocalModel, is_small, unavailable
from rooms_bot.agents.offline import OfflineAgent
from rooms_bot.agents.plugins import PREFIX
from rooms_bot.agents.prompt import WINDOW, compose, stops
from rooms_bot.agents.small import SmallAgent, compose_small, small_stops
from rooms_bot.domain.events import Planned
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import MODERATOR, Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.errors import AgentEmpty, AgentError, SetupError
from rooms_bot.ports import Agent, Message, Request

OFFLINE = "offline"
LOCAL = "local"
TIMEOUT = 60.0

SMALL_ANSWER = 90
"""Tokens of a very small model's answer: it wanders off in longer ones."""
LOCAL_ANSWER = 300
LOCAL_WINDOW = 3000
"""Tokens of the request for other embedded models; the server's context is 4,096."""


@dataclass(frozen=True, slots=True)
class Models:
    """The operator's choice of models. Members choose among `allowed` alone, by default the `default` only."""

    default: str
    orchestrator: str | None = None
    allowed: Collection[str] = ()
    plugins: Path | None = None
    local_only: bool = False
    timeout: float = TIMEOUT
    seed: int = 0


class Agents:
    """`async with Agents(models) as agents:`; leaving it ends embedded models and closes connections."""

    def __init__(self, models: Models) -> None:
        self._models = models
        self._litellm = LiteLLMAgent(at_home if models.local_only else as_named)
        self._function = FunctionAgent(models.plugins)
        self._offline = OfflineAgent(models.seed)
        self._local: dict[str, LiteLLMAgent | SmallAgent] = {}
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self._open.push_async_callback(close_clients)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._open.aclose()

    # For the engine

    def model(self, seat: Seat) -> str:
        """The seat's own, else for the moderator the orchestrator's, else the persona's, else the default."""
        orchestrator = self._models.orchestrator if seat.id == MODERATOR else None
        return seat.model or orchestrator or seat.persona.model or self._models.default

    def agent(self, seat: Seat) -> Agent:
        return self.agent_for(self.model(seat))

    def request(self, room: RoomState, seat: Seat, planned: Planned | None = None) -> Request:
        """What the seat is sent for this turn."""
        model, persona = self.model(seat), seat.persona
        small = is_local(model) and is_small(model)
        window = LOCAL_WINDOW if is_local(model) else WINDOW
        longest = (SMALL_ANSWER if small else LOCAL_ANSWER) if is_local(model) else None
        return Request(
            seat,
            model,
            compose_small(room, seat, planned) if small else compose(room, seat, planned, window),
            stop=small_stops(room, seat) if small else stops(room, seat),
            temperature=seat.temperature if seat.temperature is not None else persona.temperature,
            max_tokens=persona.max_tokens or longest,
            timeout=persona.timeout or self._models.timeout,
            room=room,
        )

    # For people and the program

    def agent_for(self, model: str) -> Agent:
        """What thinks behind this name; that it can be reached is not looked at."""
        if model == OFFLINE:
            return self._offline
        if model.startswith(PREFIX):
            return self._function
        return self._embedded(model) if is_local(model) else self._litellm

    def allowed(self, model: str) -> bool:
        """Whether a member may choose it."""
        return model in self.choices

    @property
    def choices(self) -> list[str]:
        """What members may choose from."""
        return list(dict.fromkeys((self._models.default, *self._models.allowed)))

    def describe(self, model: str) -> str:
        """For people: which model, and whose machine it runs on."""
        if model == OFFLINE:
            return "no model: ready-made sentences, on this machine"
        if model.startswith(PREFIX):
            return f"{model.removeprefix(PREFIX)}, a function on this machine"
        if is_local(model):
            file = model.partition(":")[2]
            return f"{Path(file).stem if file else 'SmolLM2-135M, a very small model,'} on this machine"
        _, who = provider(model)
        return f"{model.rpartition('/')[2]} {_where(model, who.name)}"

    async def check(self, model: str) -> None:
        """Ask it for a word. Raises `SetupError` with a sentence that says what is wrong."""
        if model.startswith(PREFIX):
            return await self._check_function(model)
        if is_local(model) and (reason := unavailable(model)):
            raise SetupError(reason)
        if model != OFFLINE:
            await self._check_answer(model)
        return None

    async def prepare(self, model: str) -> None:
        """Load what the model needs, ahead of its first turn: LiteLLM, an embedded model. Raises `AgentUnreachable`."""
        if isinstance(agent := self.agent_for(model), LiteLLMAgent | SmallAgent):
            await agent.prepare(model)

    async def _check_function(self, model: str) -> None:
        try:
            await self._function.load(model)
        except AgentError as error:
            raise SetupError(f"The agent {model} cannot be used: {error.detail}.") from error

    async def _check_answer(self, model: str) -> None:
        seat = Seat(id=MODERATOR, name="doctor", persona=Persona(name="doctor"))
        question = Message("user", "Answer with one word: ready.")
        try:
            async for _ in self.agent_for(model).stream(Request(seat, model, (question,), timeout=30)):
                pass
        except AgentEmpty:
            return
        except AgentError as error:
            raise SetupError(f"The model {model} {error}: {error.detail}.") from error

    def _embedded(self, model: str) -> LiteLLMAgent | SmallAgent:
        if model not in self._local:
            owner = LocalModel(model)
            self._open.push_async_callback(owner.aclose)
            agent = LiteLLMAgent(owner.route)
            self._local[model] = SmallAgent(agent) if is_small(model) else agent
        return self._local[model]


def is_local(model: str) -> bool:
    return model == LOCAL or model.startswith(f"{LOCAL}:")


def _where(model: str, who: str) -> str:
    url = base_url(model)
    if is_this_machine(url):
        return f"on this machine ({who})"
    try:
        home = bool(url) and is_private(host(url))
    except ValueError:  # a name, which only the network knows
        return f"at {host(url)}" if url and host(url) != "api.openai.com" else f"by {who}"
    return f"at {host(url)}, a private address ({who})" if home else f"by {who}"
