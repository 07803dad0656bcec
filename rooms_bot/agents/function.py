"""Agents that are functions of the operator's: `python/file.py:function`, from the plugins folder only.

A function is given the `Request`, or, if its first parameter is called `messages` or annotated as a list, the
messages as dictionaries. It returns the text, or yields pieces of it, and may be async in either case.
"""

import asyncio
import inspect
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

from rooms_bot.agents.plugins import Plugins
from rooms_bot.agents.threads import Threads
from rooms_bot.domain.events import Usage
from rooms_bot.errors import AgentEmpty, AgentError, AgentTimeout
from rooms_bot.ports import Request

Function = Callable[..., Any]


class FunctionAgent:
    """Runs plugins, each turn under its real time: what hangs loses its turn, not the room."""

    def __init__(self, folder: Path | None) -> None:
        self._plugins = Plugins(folder)
        self._threads = Threads()

    async def load(self, model: str) -> Function:
        """The function behind the name. Raises `AgentError` where there is none or its file cannot be run."""
        file, name = self._plugins.locate(model)
        known = self._plugins.known(file)
        if known is None:
            async for module in self._threads.run(lambda: self._plugins.load(file)):
                known = module
        function: Function | None = getattr(known, name, None)
        if not callable(function):
            raise AgentError(f"{file.name} has no function {name}")
        return function

    async def stream(self, request: Request) -> AsyncGenerator[str | Usage, None]:
        """As `Agent.stream`; whatever the function raises is an `AgentError` here."""
        deadline = asyncio.get_running_loop().time() + request.timeout
        answer = self._answer(request)
        spoke = False
        try:
            while (piece := await _before(deadline, anext(answer, None))) is not None:
                spoke = spoke or bool(piece.strip())
                yield piece
        except TimeoutError as error:
            raise AgentTimeout(f"{request.model} took longer than {request.timeout:g} s") from error
        finally:
            await answer.aclose()
        if not spoke:
            raise AgentEmpty(f"{request.model} gave no text")

    async def _answer(self, request: Request) -> Any:
        function = await self.load(request.model)
        given = _given(function, request)
        on_loop = inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)
        results = _called(function, given) if on_loop else self._threads.run(lambda: function(given))
        async for result in results:
            async for piece in _pieces(result):
                yield _text(request.model, piece)


async def _before(deadline: float, step: Awaitable[Any]) -> Any:
    async with asyncio.timeout_at(deadline):
        return await step


def _given(function: Function, request: Request) -> object:
    """What the function takes, told by its first parameter."""
    parameters = list(inspect.signature(function).parameters.values())
    if not parameters:
        raise AgentError(f"{request.model} takes no argument")
    kind = parameters[0].annotation
    said = kind if isinstance(kind, str) else "" if kind is inspect.Parameter.empty else str(kind)
    if parameters[0].name == "messages" or said.removeprefix("typing.").lower().startswith("list"):
        return [{"role": message.role, "content": message.content} for message in request.messages]
    return request


async def _called(function: Function, given: object) -> AsyncIterator[Any]:
    yield function(given)


async def _pieces(result: Any) -> AsyncIterator[Any]:
    """What an operator's function does is not foreseen: anything it raises is its failure, and only its own."""
    try:
        if inspect.isawaitable(result):
            yield await result
        elif hasattr(result, "__aiter__"):
            async for piece in result:
                yield piece
        else:
            yield result
    except (AgentError, GeneratorExit):
        raise
    except asyncio.CancelledError as error:
        if _is_cancelled():
            raise
        raise AgentError("something that it waited for was cancelled") from error
    except (Exception, SystemExit) as error:
        raise AgentError(f"{type(error).__name__}: {error}") from error


def _is_cancelled() -> bool:
    """Whether it is this turn that is cancelled, and not something of the function's own."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _text(model: str, piece: object) -> str:
    if piece is None:
        return ""
    if not isinstance(piece, str):
        raise AgentError(f"{model} gave {type(piece).__name__} instead of text")
    return piece
