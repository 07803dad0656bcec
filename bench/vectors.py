"""Scores who speaks next with `ROOMS_EMBEDDING_MODEL` set: `python -m bench.vectors FOLDER [set …]`.

The folder is the one of `bench.routing`. The rooms reach MiniLM through LiteLLM and a server on this machine, a process
of its own that `python -m bench.vectors serve` starts: `/v1/embeddings` as OpenAI has it.
"""

import asyncio
import os
import sys
from collections.abc import Coroutine, Mapping, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter
from types import ModuleType, SimpleNamespace
from typing import Any, cast

from aiohttp import web

from bench.children import ROOT, child
from bench.minilm import MiniLM
from bench.routing import Card, Messages, Shipped, room_of, scorer
from rooms_bot.agents.choice import Agents, Models
from rooms_bot.domain.talk import Ranking
from rooms_bot.turns.dynamic import weigh

MODEL = "openai/all-minilm-l6-v2"


class Near(Shipped):
    """What ships, with an embedding model; asked from a thread beside the loop in which the model is waited for."""

    def __init__(self, agents: Agents, loop: asyncio.AbstractEventLoop, cards: Mapping[str, Card]) -> None:
        super().__init__(cards)
        self._agents, self._loop = agents, loop
        self.turns = 0
        self.asked: list[float] = []
        """Milliseconds of each time that the model was asked."""

    def decide(self, room: Sequence[str], messages: Messages) -> dict[str, float]:
        heard = room_of(self.seats(room), room, messages)
        ranking = self.rank(room, messages)
        self.turns += 1
        if (selector := self._agents.selector(heard, ranking)) is not None:
            started = perf_counter()
            better = self._run(selector.rank(heard, ranking))
            while better.by != "vectors":  # the cards' own vectors come over several turns, where the machine is slow
                if self._agents.selector(heard, ranking) is None:
                    raise SystemExit("the embedding model does not answer; its warning says why")
                better = self._run(selector.rank(heard, ranking))
            ranking = better
            self.asked.append(1e3 * (perf_counter() - started))
        return {room[one.seat - 1]: one.total for one in weigh(heard, ranking, heard.candidates).candidates}

    def _run(self, judging: Coroutine[Any, Any, Ranking]) -> Ranking:
        return asyncio.run_coroutine_threadsafe(judging, self._loop).result()

    def __str__(self) -> str:
        times = sorted(self.asked)
        share = f"asked in {100 * len(times) / self.turns:.0f} % of turns"
        return (
            f"{share}, p50 {times[len(times) // 2]:.1f} ms p99 {times[len(times) * 99 // 100]:.1f} ms"
            if times
            else share
        )


async def serve() -> None:
    """Until it is killed; prints its address."""
    model = MiniLM()

    async def embeddings(request: web.Request) -> web.Response:
        body = await request.json()
        given = body["input"]
        texts = [given] if isinstance(given, str) else given
        vectors = model.embed(texts).tolist()
        data = [{"object": "embedding", "index": at, "embedding": vector} for at, vector in enumerate(vectors)]
        tokens = sum(len(text) // 4 + 1 for text in texts)
        return web.json_response(_answer(body["model"], data, tokens))

    app = web.Application(client_max_size=2**24)
    app.router.add_post("/v1/embeddings", embeddings)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}/v1", flush=True)
    await asyncio.Event().wait()


def _answer(model: str, data: list[dict[str, Any]], tokens: int) -> dict[str, Any]:
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return {"object": "list", "model": model, "data": data, "usage": usage}


async def main(folder: Path, sets: list[str]) -> None:
    score, made = scorer(folder), list[Near]()
    names = sets or sorted(path.stem for path in (folder / "data").glob("*.jsonl"))
    async with child("bench.vectors", "serve", folder=ROOT, OPENBLAS_NUM_THREADS="1") as server:
        address, _ = await server.until("http")
        os.environ |= {"OPENAI_API_BASE": address.strip(), "OPENAI_API_KEY": "none"}
        async with Agents(Models("offline", embedding=MODEL)) as agents:
            await agents.check_embedding()
            make = partial(Near, agents, asyncio.get_running_loop())
            sys.modules["vectors"] = cast(ModuleType, SimpleNamespace(Near=lambda cards: _kept(made, make(cards))))
            await asyncio.to_thread(score.main, "vectors:Near", names)
    for name, near in zip(names, made, strict=True):
        print(f"{name:14s} {near}")


def _kept(made: list[Near], near: Near) -> Near:
    made.append(near)
    return near


if __name__ == "__main__":
    asyncio.run(serve() if sys.argv[1:] == ["serve"] else main(Path(sys.argv[1]), sys.argv[2:]))
