"""Agents that are language models, reached through LiteLLM: any provider it knows, by the model's name."""

import asyncio
import gc
import importlib
import json
import logging
import os
import threading
import warnings
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from rooms_bot.agents.failures import failure, passing, provider_error, retry_after
from rooms_bot.clock import Clock, SystemClock
from rooms_bot.domain.events import Usage
from rooms_bot.errors import AgentEmpty, AgentRefused, AgentTimeout
from rooms_bot.ports import Request

QUIET = ("LiteLLM", "LiteLLM Proxy", "LiteLLM Router")
"""Its loggers, which quote requests and what providers answered."""
TABLE = "model_prices_and_context_window_backup.json"
"""What it knows of models, as it comes with the package; newer lists are not fetched."""


@dataclass(frozen=True, slots=True)
class Route:
    """Where a call goes: a model's name for LiteLLM and, where it differs from what LiteLLM would do, how."""

    model: str
    api_base: str | None = None
    api_key: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    """Arguments of the call; what the request says itself comes before them."""
    free: bool = False
    """Whether it costs nothing."""


async def as_named(model: str) -> Route:
    """Where LiteLLM finds it, with keys and addresses from the environment."""
    return Route(model)


class LiteLLMAgent:
    """Streams answers. `route` says where a model is; it may start it first, or raise an `AgentError`."""

    def __init__(self, route: Callable[[str], Awaitable[Route]] = as_named, clock: Clock | None = None) -> None:
        self._route = route
        self._clock = clock or SystemClock()

    async def stream(self, request: Request) -> AsyncGenerator[str | Usage, None]:
        """As `Agent.stream`; tried again where nothing had come yet and the trouble may have passed.

        Loading LiteLLM and starting a model of our own come before the request's time begins.
        """
        litellm = await loaded()
        call = _Call(litellm, request, await self._route(request.model))
        for left in reversed(range(request.tries)):
            if left < request.tries - 1:
                call.route = await self._route(request.model)
            try:
                async with aclosing(call.pieces()) as pieces:
                    async for piece in pieces:
                        yield piece
                return
            except provider_error(litellm) as error:
                if not left or call.spoke or not passing(error):
                    raise failure(litellm, error) from error
                await self._pause(call, error)
            except TimeoutError as error:
                raise AgentTimeout(f"no whole answer in {request.timeout:g} s") from error

    async def prepare(self, model: str) -> None:
        """Do now what the first call would wait for."""
        await loaded()
        await self._route(model)

    async def _pause(self, call: "_Call", error: Exception) -> None:
        """Wait as long as the provider asks, or fail at once where that is longer than the request has."""
        seconds = retry_after(error)
        if seconds >= call.remaining:
            raise failure(call.litellm, error) from error
        await self._clock.sleep(seconds)


class _Call:
    """One request and how far its answer has come."""

    def __init__(self, litellm: Any, request: Request, route: Route) -> None:
        self.litellm, self._request, self.route = litellm, request, route
        self._deadline = asyncio.get_running_loop().time() + request.timeout
        self.spoke = False

    @property
    def remaining(self) -> float:
        return self._deadline - asyncio.get_running_loop().time()

    async def pieces(self) -> AsyncGenerator[str | Usage, None]:
        """Each wait is under the request's time; the consumer's own time between pieces cancels nothing."""
        async with asyncio.timeout_at(self._deadline):
            chunks = await self.litellm.acompletion(**self._arguments())
        usage = None
        async with aclosing(chunks):
            while (chunk := await self._next(chunks)) is not None:
                usage = self._usage(chunk) or usage
                if text := _text(chunk, self.spoke):
                    yield text if self.spoke else self._begun(text)
                    self.spoke = True
        if usage is not None:
            yield usage
        if not self.spoke:
            raise AgentEmpty("the model answered with nothing")

    def _begun(self, text: str) -> str:
        """`text` after the words that the request begins the answer with, if its last message is the assistant's."""
        last = self._request.messages[-1]
        if last.role != "assistant":
            return text
        return f"{last.content}{' ' if text[0].isalnum() else ''}{text}"

    async def _next(self, chunks: Any) -> Any:
        async with asyncio.timeout_at(self._deadline):
            return await anext(chunks, None)

    def _usage(self, chunk: Any) -> Usage | None:
        counted = getattr(chunk, "usage", None)
        if counted is None or not (counted.prompt_tokens or counted.completion_tokens):
            return None
        return Usage(
            prompt_tokens=counted.prompt_tokens or 0,
            completion_tokens=counted.completion_tokens or 0,
            cost=0.0 if self.route.free else price(self.litellm, self.route.model, counted),
        )

    def _arguments(self) -> dict[str, Any]:
        request, route = self._request, self.route
        own = {
            "api_base": route.api_base,
            "api_key": route.api_key,
            "temperature": request.temperature,
            "max_tokens": request.max_tokens,
            "stop": list(request.stop[:4]) or None,  # OpenAI takes at most four
        }
        return {
            **route.options,
            **{name: value for name, value in own.items() if value is not None},
            "model": route.model,
            "messages": [{"role": message.role, "content": message.content} for message in request.messages],
            "stream": True,
            "stream_options": {"include_usage": True},
            # Not what is left of it: LiteLLM keeps a client, with its connections, for each value it is given.
            "timeout": request.timeout,
            "num_retries": 0,
            "max_retries": 0,
        }


def _text(chunk: Any, spoke: bool) -> str:
    """The chunk's piece of text; blank ones before the first word are none. Raises `AgentRefused`."""
    if not chunk.choices:
        return ""
    if chunk.choices[0].finish_reason == "content_filter":
        raise AgentRefused("the provider's content filter ended the answer")
    text = chunk.choices[0].delta.content or ""
    return text if spoke or text.strip() else ""


def price(litellm: Any, model: str, counted: Any) -> float | None:
    """US dollars, None where LiteLLM knows no price; it then raises one of these, by provider."""
    try:
        return float(litellm.completion_cost(completion_response={"model": model, "usage": counted}, model=model))
    except (litellm.ModelNotMappedError, provider_error(litellm), ValueError):
        return None


def expected(model: str, read: int, written: int) -> float | None:
    """US dollars for a call of so many tokens; None where LiteLLM knows no price. Its table is read without it."""
    if (rates := _rates(model, "litellm" in _kept)) is None:
        return None
    return rates[0] * read + rates[1] * written


@cache
def _rates(model: str, is_loaded: bool) -> tuple[float, float] | None:
    """Dollars for one token read and for one written."""
    if is_loaded:
        litellm = _kept["litellm"]
        try:
            read, written = litellm.cost_per_token(model=model, prompt_tokens=1000, completion_tokens=1000)
        except (litellm.ModelNotMappedError, provider_error(litellm), ValueError):
            return None
        return float(read) / 1000, float(written) / 1000
    entry = _entry(_table(), model)
    rate = entry.get("input_cost_per_token")
    return None if rate is None else (float(rate), float(entry.get("output_cost_per_token") or 0.0))


@cache
def thinks(model: str) -> bool:
    """Whether it can think before it speaks, out of sight, as far as LiteLLM knows: that takes tokens too."""
    return bool(_entry(_table(), model).get("supports_reasoning"))


def _table() -> Mapping[str, Any]:
    """LiteLLM's own list of models, from its file: reading that takes 20 ms, loading LiteLLM seconds."""
    spec = find_spec("litellm")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        file = Path(folder) / TABLE
        if file.is_file():
            known: Mapping[str, Any] = json.loads(file.read_bytes())
            return known
    return {}


def context(model: str) -> int | None:
    """Tokens that a model reads, where LiteLLM is loaded and knows it.

    From its table alone: its own function for this asks servers, and waits.
    """
    size = _entry(getattr(_kept.get("litellm"), "model_cost", {}), model).get("max_input_tokens")
    return size if isinstance(size, int) else None


def _entry(table: Mapping[str, Any], model: str) -> Mapping[str, Any]:
    return table.get(model) or table.get(model.partition("/")[2]) or {}


# Loading LiteLLM

_loading = threading.Lock()


async def loaded() -> Any:
    """The package, imported at the first call in a thread: that takes seconds and 150 MB."""
    return _kept.get("litellm") or await asyncio.to_thread(_load)


def _load() -> Any:
    with _loading:
        return _ready() if "litellm" not in _kept else _kept["litellm"]


_kept: dict[str, Any] = {}


def _ready() -> Any:
    """Imports with the collector off (3.2 s of CPU become 2.3), then moves what it made out of its way for good."""
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # else prices are fetched from GitHub on import
    _spare_the_proxy()
    os.environ.setdefault("LITELLM_MODE", "PRODUCTION")  # else a .env file in the working directory is read
    collecting = gc.isenabled()
    gc.disable()
    try:
        litellm: Any = importlib.import_module("litellm")
    finally:
        if collecting:
            gc.enable()
    gc.freeze()
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    # It has made the coroutine of a call in a thread when the call is cancelled in that very moment.
    warnings.filterwarnings("ignore", r"coroutine '(\w+\.)?(async_streaming|acompletion|async_completion)' was never")
    # Where an answer is not as it should be these quote it, and warnings become logs.
    warnings.filterwarnings("ignore", "Pydantic serializer warnings")
    litellm.telemetry = False
    litellm.suppress_debug_info = True
    litellm.drop_params = True
    litellm.disable_token_counter = True  # a guess where the provider does not say, for 35 MB
    litellm.DEFAULT_MAX_RETRIES = 0  # what it does for vectors where it is told 0 (llms/openai/openai.py)
    litellm.callbacks = []
    litellm.success_callback = []
    litellm.failure_callback = []
    _kept["litellm"] = litellm
    return litellm


def _spare_the_proxy() -> None:
    """A proxy from the environment is for the network: models on this machine are called directly, as it cannot."""
    for name in ("NO_PROXY", "no_proxy"):
        spared = [host for host in os.environ.get(name, "").split(",") if host]
        os.environ[name] = ",".join(dict.fromkeys((*spared, "localhost", "127.0.0.1", "::1")))


async def close_clients() -> None:
    """Close the connections that LiteLLM keeps open for all its callers; to be awaited once, at the end."""
    litellm = _kept.get("litellm")
    if litellm is not None:
        await litellm.close_litellm_async_clients()
        litellm.in_memory_llm_clients_cache.flush_cache()
