"""Daemon threads for other people's blocking functions: one each, never joined, only so many at once."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from types import GeneratorType
from typing import Any

from rooms_bot.errors import AgentError, AgentUnreachable

MOST = 8
"""Threads at once; one that hangs keeps its place until it ends."""

_END = object()


class Threads:
    """Runs functions beside the event loop. A pool's threads are joined at exit; one that hangs would hold it up."""

    def __init__(self, most: int = MOST) -> None:
        self._free = threading.BoundedSemaphore(most)

    async def run(self, function: Callable[[], Any]) -> AsyncIterator[Any]:
        """What `function` returns, or, if that is a generator, what it yields. Fails at once if all are taken.

        Whatever the function raises becomes an `AgentError`; leaving early stops a generator at its next step.
        """
        if not self._free.acquire(blocking=False):
            raise AgentUnreachable("all threads for plugin functions are taken by ones that have not ended")
        results: asyncio.Queue[Any] = asyncio.Queue()
        left = threading.Event()
        loop = asyncio.get_running_loop()

        def tell(result: object) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(results.put_nowait, result)

        threading.Thread(target=self._work, args=(function, tell, left), daemon=True).start()
        try:
            while (result := await results.get()) is not _END:
                if isinstance(result, AgentError):
                    raise result
                yield result
        finally:
            left.set()

    def _work(self, function: Callable[[], Any], tell: Callable[[object], None], left: threading.Event) -> None:
        try:
            result = function()
            for piece in result if isinstance(result, GeneratorType) else (result,):
                if left.is_set():
                    break
                tell(piece)
        except BaseException as error:  # noqa: BLE001 - it is not ours: its failure is told, and stays its own
            tell(error if isinstance(error, AgentError) else AgentError(f"{type(error).__name__}: {error}"))
        finally:
            self._free.release()
            tell(_END)
