"""Texts as vectors, by any embedding model that LiteLLM reaches."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from rooms_bot.agents.failures import failure, provider_error
from rooms_bot.agents.likeness import Vector, unit
from rooms_bot.agents.litellm import Route, loaded, price
from rooms_bot.domain.events import Usage
from rooms_bot.errors import AgentError, AgentTimeout

BATCH = 16
"""Texts of one call: few enough for a slow machine to embed them in a second or two."""
LONGEST = 60.0
"""Seconds after which LiteLLM itself gives up: always the same, since it keeps a client, with its connections, for each
value. The time that counts is kept here."""
LARGEST = 8192
"""Numbers of a vector; more are refused, since they are worked with in plain Python."""


class Embedding:
    """One embedding model. `route` says where it is; it may start it first, or raise an `AgentError`."""

    def __init__(self, model: str, route: Callable[[str], Awaitable[Route]]) -> None:
        self.model = model
        self._route = route

    async def prepare(self) -> None:
        """Do now what the first call would wait for: load LiteLLM, start a model of our own. Raises `AgentError`."""
        await loaded()
        await self._route(self.model)

    async def vectors(self, texts: Sequence[str], within: float) -> tuple[list[Vector], Usage]:
        """Their vectors, of length 1 and all of one size, within so many seconds. Raises `AgentError`."""
        litellm, route = await loaded(), await self._route(self.model)
        try:
            async with asyncio.timeout(within):
                answer = await litellm.aembedding(
                    model=route.model,
                    input=list(texts),
                    api_base=route.api_base,
                    api_key=route.api_key,
                    encoding_format="float",  # OpenAI's client asks for base64 otherwise, which few others know
                    timeout=LONGEST,
                    num_retries=0,
                    max_retries=0,
                )
        except provider_error(litellm) as error:
            raise failure(litellm, error) from error
        except TimeoutError as error:
            raise AgentTimeout(f"no vectors in {within:.1f} s") from error
        return _read(answer.data, len(texts)), _usage(litellm, route, answer)


def _read(data: Any, count: int) -> list[Vector]:
    """The vectors in the order of the texts, whatever order they came in. Raises `AgentError`."""
    rows = data if isinstance(data, list) else []
    try:
        rows = sorted(rows, key=lambda row: int(row["index"]))
        vectors = [_vector(row["embedding"]) for row in rows]
    except (ArithmeticError, KeyError, TypeError, ValueError) as error:
        raise AgentError(f"the answer holds no vectors ({type(error).__name__}: {error})"[:300]) from error
    if len(vectors) != count or len({len(vector) for vector in vectors}) > 1:
        raise AgentError(f"{len(vectors)} vectors of {sorted({len(one) for one in vectors})} numbers for {count} texts")
    return vectors


def _vector(numbers: Any) -> Vector:
    if not isinstance(numbers, list) or not 0 < len(numbers) <= LARGEST:
        raise ValueError("a vector is a list of at most 8,192 numbers")
    vector = unit([float(number) for number in numbers])
    if vector is None:
        raise ValueError("a vector has no direction")
    return vector


def _usage(litellm: Any, route: Route, answer: Any) -> Usage:
    counted = getattr(answer, "usage", None)
    tokens = getattr(counted, "prompt_tokens", None)
    if not isinstance(tokens, int) or tokens <= 0:
        return Usage()
    return Usage(prompt_tokens=tokens, cost=0.0 if route.free else price(litellm, route.model, counted))
