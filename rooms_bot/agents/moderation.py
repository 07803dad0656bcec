"""A second look at what agents say: any moderation model that LiteLLM reaches."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from rooms_bot.agents.endpoints import base_url
from rooms_bot.agents.failures import failure, provider_error
from rooms_bot.agents.litellm import Route, as_named, loaded
from rooms_bot.errors import AgentError, AgentTimeout

WITHIN = 10.0
"""Seconds in which the answer must be there."""


class Moderation:
    """One moderation model, by its name for LiteLLM: `omni-moderation-latest`. `route` may refuse to go there."""

    def __init__(self, model: str, route: Callable[[str], Awaitable[Route]] = as_named) -> None:
        self._model = as_known(model)
        self._route = route

    async def found(self, text: str) -> tuple[str, ...]:
        """The categories it objects to, none where it has no objection. Raises `AgentError` where that is not known."""
        litellm, route = await loaded(), await self._route(self._model)
        address = route.api_base or base_url(self._model)
        try:
            async with asyncio.timeout(WITHIN):
                answer = await litellm.amoderation(input=text, model=self._model, api_base=address)
        except provider_error(litellm) as error:
            raise failure(litellm, error) from error
        except TimeoutError as error:
            raise AgentTimeout(f"no verdict in {WITHIN:g} s") from error
        except (AttributeError, LookupError, TypeError, ValueError) as error:  # what LiteLLM makes of a strange answer
            raise AgentError(f"the answer is no verdict ({type(error).__name__})") from error
        return _verdict(answer)


def as_known(model: str) -> str:
    """Its name with its provider: without one it is OpenAI's."""
    return model if "/" in model else f"openai/{model}"


def _verdict(answer: Any) -> tuple[str, ...]:
    """Raises `AgentError` where there is none."""
    results = getattr(answer, "results", None) or ()
    if not results:
        raise AgentError("the answer is no verdict")
    return tuple(dict.fromkeys(name for one in results if _flagged(one) for name in _names(one)))


def _flagged(result: Any) -> bool:
    flagged = getattr(result, "flagged", None)
    if not isinstance(flagged, bool):
        raise AgentError("the answer is no verdict")
    return flagged


def _names(result: Any) -> list[str]:
    categories = getattr(result, "categories", None)
    table = categories if isinstance(categories, Mapping) else getattr(categories, "__dict__", {})
    return [name for name, objected in table.items() if objected is True] or ["unnamed"]
