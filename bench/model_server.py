"""An OpenAI-compatible server of zero latency: streams answers of 60 words, a word a piece. Prints its address."""

import asyncio
import itertools

from bench.words import answer
from tests.models.openai_server import OpenAIServer


async def main() -> None:
    numbers = itertools.count()
    async with OpenAIServer(lambda _: answer(next(numbers))) as server:
        print(server.base_url, flush=True)
        await asyncio.Event().wait()


asyncio.run(main())
