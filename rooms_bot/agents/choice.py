"""Which agent thinks for which seat: every kind of model there is, behind one door."""

import math
from collections.abc import Collection
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from rooms_bot.agents.compaction import ANSWER as NOTES
from rooms_bot.agents.compaction import compact
from rooms_bot.agents.embedding import Embedding
from rooms_bot.agents.endpoints import at_home, base_url, host, is_private, is_this_machine, provider
from rooms_bot.agents.expansion import ANSWER as WORD_LIST
from rooms_bot.agents.expansion import expanded
from rooms_bot.agents.function import FunctionAgent
from rooms_bot.agents.judge import ANSWER as VERDICT
from rooms_bot.agents.judge import judged
from rooms_bot.agents.litellm import LiteLLMAgent, as_named, close_clients, context, expected, thinks
from rooms_bot.agents.local import CONTEXT, LocalModel, is_small, unavailable
from rooms_bot.agents.offline import OfflineAgent
from rooms_bot.agents.plugins import PREFIX
from rooms_bot.agents.prompt import compose, stops
from rooms_bot.agents.small import SmallAgent, compose_small, small_stops
from rooms_bot.agents.vectors import Vectors
from rooms_bot.agents.window import USUAL, WINDOW, block, due, scaled, space, within
from rooms_bot.domain.costs import COUNTED, Cost
from rooms_bot.domain.events import Compacted, Planned, Usage
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import MODERATOR, Seat, Selection
from rooms_bot.domain.state import RoomState
from rooms_bot.domain.talk import Ranking, tokens
from rooms_bot.errors import AgentEmpty, AgentError, SetupError
from rooms_bot.i18n import _
from rooms_bot.ports import Agent, Errand, Message, Request, Selector
from rooms_bot.turns.selection import doubtful

OFFLINE = "offline"
LOCAL = "local"
TIMEOUT = 60.0

SMALL_ANSWER = 90
"""Tokens of a very small model's answer: it wanders off in longer ones."""
LOCAL_ANSWER = 300
THOUGHTFUL_ANSWER = 4000
"""Of one by a model that may think first, out of sight: with less it may have nothing left to say it with."""
EMBEDDED = 2000
JUDGED = 2500, VERDICT
WORDS = 1000, WORD_LIST
"""Tokens that an embedding, a judgement and the words for a persona take at most, about: read, and written."""
OLLAMA_CONTEXT = 4096
"""What an Ollama server gives any model unless told otherwise, on machines with less than 24 GiB of graphics memory; it
drops the rest of a request without a word (docs.ollama.com/context-length)."""


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
    embedding: str | None = None
    """Compares messages with what agents know, where words alone leave open whom they concern."""
    multilingual: bool = False
    """Whether it knows other languages than English."""


class Agents:
    """`async with Agents(models) as agents:`; leaving it ends embedded models and closes connections."""

    def __init__(self, models: Models) -> None:
        self._models = models
        self._route = at_home if models.local_only else as_named
        self._litellm = LiteLLMAgent(self._route)
        self._function = FunctionAgent(models.plugins)
        self._offline = OfflineAgent(models.seed)
        self._local: dict[str, LiteLLMAgent | SmallAgent] = {}
        self._small: dict[str, bool] = {}
        self._open = AsyncExitStack()
        self._embedding = self._embeds(models.embedding) if models.embedding else None
        self._vectors = Vectors(self._embedding, models.multilingual) if self._embedding else None

    async def __aenter__(self) -> Self:
        self._open.push_async_callback(close_clients)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._open.aclose()

    # For the engine

    def model(self, seat: Seat) -> str:
        """The seat's own, else for the moderator the orchestrator's, else the persona's, else the default.

        Members chose the seat's: once the operator allows it no longer, it counts as not chosen.
        """
        orchestrator = self._models.orchestrator if seat.id == MODERATOR else None
        chosen = seat.model if seat.model and self.allowed(seat.model) else None
        return chosen or orchestrator or seat.persona.model or self._models.default

    def agent(self, seat: Seat) -> Agent:
        return self.agent_for(self.model(seat))

    def request(self, room: RoomState, seat: Seat, planned: Planned | None = None) -> Request:
        """What the seat is sent for this turn."""
        model, persona = self.model(seat), seat.persona
        window = self._window(room, seat)
        longest = None
        if is_local(model):
            longest = SMALL_ANSWER if window is None else LOCAL_ANSWER
        elif thinks(model):
            longest = THOUGHTFUL_ANSWER
        messages = compose_small(room, seat, planned) if window is None else compose(room, seat, planned, window)
        return Request(
            seat,
            model,
            messages,
            stop=small_stops(room, seat, planned) if window is None else stops(room, seat),
            temperature=seat.temperature if seat.temperature is not None else persona.temperature,
            max_tokens=persona.max_tokens or longest,
            timeout=persona.timeout or self._models.timeout,
            estimate=sum(tokens(message.content) for message in messages),
            room=room,
        )

    def selector(self, room: RoomState, ranking: Ranking) -> Selector | None:
        """Who may judge better than this ranking; None where the words suffice, or there is nobody to ask."""
        near = self._vectors is not None and self._vectors.suits(room, ranking)
        return self if near or (self._judge(room) and doubtful(room, ranking)) else None

    async def rank(self, room: RoomState, ranking: Ranking) -> Ranking:
        """As `Selector.rank`: by meaning, and where that leaves it open too, by the model the room has for it."""
        if self._vectors is not None:
            ranking = await self._vectors.rank(room, ranking)
        if (model := self._judge(room)) and doubtful(room, ranking):
            ranking = await judged(room, ranking, self.agent_for(model), model)
        return ranking

    def due(self, room: RoomState) -> int:
        """How many lines, from the first, agents should soon read in short; 0 for none."""
        blocks = [
            block(space(window, USUAL + tokens(seat.persona.prompt)))
            for seat in (*room.seats.values(), room.moderator)
            if seat.persona.memory == "room" and (window := self._window(room, seat)) is not None
        ]
        return due(room.transcript, blocks)

    async def digest(self, room: RoomState, lines: int) -> Compacted:
        """That many lines in short; never raises."""
        model, window = self.model(room.moderator), self._window(room, room.moderator)
        agent = self.agent_for(model) if self._reasons(model) else None
        return await compact(room, lines, agent, model, window or WINDOW)

    async def expand(self, persona: Persona) -> tuple[tuple[str, ...], Usage]:
        """The words people use who need this persona; none where there is no model to ask or it fails."""
        model = self._models.default
        return await expanded(persona, self.agent_for(model), model) if self._reasons(model) else ((), Usage())

    def cost(self, model: str, read: int, written: int) -> Cost | None:
        """What a call of so many tokens takes; None where it costs nobody anything."""
        if model == OFFLINE or model.startswith(PREFIX) or is_local(model):
            return None
        return Cost(read + written, expected(model, read, written))

    def outlay(self, errand: Errand, room: RoomState) -> Cost | None:
        """At most about what the room's errand takes; None where it costs nobody anything."""
        match errand:
            case "judging":
                near = self.cost(self._embedding.model, EMBEDDED, 0) if self._embedding else None
                model = self._judge(room)
                judge = self.cost(model, *JUDGED) if model else None
                return near + judge if near and judge else near or judge
            case "notes":
                model, scale = self.model(room.moderator), room.scales.get(MODERATOR, COUNTED)
                window = self._window(room, room.moderator) or WINDOW
                return self.cost(model, math.ceil(window * scale), NOTES) if self._reasons(model) else None
            case "words":
                model = self._models.default
                return self.cost(model, *WORDS) if self._reasons(model) else None

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
        """For people: with which model somebody speaks, and whose machine it runs on."""
        if model == OFFLINE:
            return _("without a model, in prepared sentences")
        if model.startswith(PREFIX):
            return _("with {model}, a function on this machine").format(model=model.removeprefix(PREFIX))
        if is_local(model) and (file := model.partition(":")[2]):
            return _("with {model} on this machine").format(model=Path(file).stem)
        if is_local(model):
            return _("with SmolLM2-135M, a very small model, on this machine")
        return _elsewhere(model, provider(model)[1].name)

    async def check(self, model: str) -> None:
        """Ask it for a word. Raises `SetupError` with a sentence that says what is wrong."""
        if model.startswith(PREFIX):
            return await self._check_function(model)
        if is_local(model) and (reason := unavailable(model)):
            raise SetupError(reason)
        if model != OFFLINE:
            await self._check_answer(model)
        return None

    async def check_embedding(self) -> None:
        """Ask the embedding model, if there is one, for a vector. Raises `SetupError` as `check` does."""
        if self._embedding is None:
            return
        model = self._embedding.model
        if is_local(model) and (reason := unavailable(model)):
            raise SetupError(reason)
        try:
            await self._embedding.vectors(["ready"], within=30)
        except AgentError as error:
            raise SetupError(f"The embedding model {model} {error}: {error.detail}.") from error

    async def prepare(self, model: str) -> None:
        """Load what the model needs, ahead of its first turn: LiteLLM, an embedded model. Raises `AgentUnreachable`."""
        if isinstance(agent := self.agent_for(model), LiteLLMAgent | SmallAgent):
            await agent.prepare(model)

    def _window(self, room: RoomState, seat: Seat) -> int | None:
        """Tokens, by our count, of what the seat is sent; None where its model has a layout of its own."""
        model = self.model(seat)
        if self._is_small(model):
            return None
        return scaled(within(_context(model), seat.persona.max_tokens), room.scales.get(seat.id, 1.0))

    def _is_small(self, model: str) -> bool:
        if is_local(model) and model not in self._small:
            self._small[model] = is_small(model)
        return self._small.get(model, False)

    def _reasons(self, model: str) -> bool:
        """Whether it can be asked anything but to take part."""
        return model != OFFLINE and not model.startswith(PREFIX) and not self._is_small(model)

    def _judge(self, room: RoomState) -> str | None:
        """The model that chooses who speaks, where the room wants one and its model can."""
        model = self.model(room.moderator)
        return model if room.config.selector is Selection.MODEL and self._reasons(model) else None

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

    def _embeds(self, model: str) -> Embedding:
        """Raises `SetupError` where it is none."""
        if model in (LOCAL, OFFLINE) or model.startswith(PREFIX):
            raise SetupError(
                f"ROOMS_EMBEDDING_MODEL is {model}, which makes no vectors: name an embedding model, "
                "as LiteLLM does or as local:/path/to/a/model.gguf."
            )
        if not is_local(model):
            return Embedding(model, self._route)
        owner = LocalModel(model, embeds=True)
        self._open.push_async_callback(owner.aclose)
        return Embedding(model, owner.route)

    def _embedded(self, model: str) -> LiteLLMAgent | SmallAgent:
        if model not in self._local:
            owner = LocalModel(model)
            self._open.push_async_callback(owner.aclose)
            agent = LiteLLMAgent(owner.route)
            self._local[model] = SmallAgent(agent) if is_small(model) else agent
        return self._local[model]


def is_local(model: str) -> bool:
    return model == LOCAL or model.startswith(f"{LOCAL}:")


def _context(model: str) -> int | None:
    """Tokens that it reads and writes, where that is known."""
    if is_local(model):
        return CONTEXT
    return OLLAMA_CONTEXT if provider(model)[0] in ("ollama", "ollama_chat") else context(model)


def _elsewhere(model: str, who: str) -> str:
    """With which model and at which address; `who` provides it."""
    url, home, named = base_url(model), False, False
    try:
        home = bool(url) and is_private(host(url))
    except ValueError:  # a name, which only the network knows
        named = bool(url) and host(url) != "api.openai.com"
    if is_this_machine(url):
        said = _("with {model} on this machine ({who})")
    elif home:
        said = _("with {model} at {host}, a private address ({who})")
    else:
        said = _("with {model} at {host}") if named else _("with {model} by {who}")
    return said.format(model=model.rpartition("/")[2], who=_(who), host=host(url) if url else "")
