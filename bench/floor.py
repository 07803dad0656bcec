"""The least a bot with a webhook can do: told `go 60` it posts so many answers, and nothing else.

`python -m bench.floor API TOKEN [typing]`; with `typing` it shows before each post that it types.
"""

import asyncio
import itertools
import sys

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bench.words import answer


class Floor(discord.Client):
    def __init__(self, types: bool) -> None:
        intents = discord.Intents.none()
        intents.guilds = intents.guild_messages = intents.message_content = True
        super().__init__(intents=intents, max_messages=None, chunk_guilds_at_startup=False)
        self._types, self._numbers = types, itertools.count()
        self._webhook: discord.Webhook | None = None

    async def setup_hook(self) -> None:
        gateway = await self.http.request(Route("GET", "/gateway"))
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway["url"])

    async def on_connect(self) -> None:
        print(f"online as {self.user}", flush=True)

    async def on_message(self, message: discord.Message) -> None:
        word, _, count = message.content.partition(" ")
        if word != "go" or not isinstance(message.channel, discord.TextChannel):
            return
        self._webhook = self._webhook or await message.channel.create_webhook(name="Floor")
        for _ in range(int(count)):
            if self._types:
                await message.channel.typing()
            await self._post(self._webhook)

    async def _post(self, webhook: discord.Webhook) -> None:
        await webhook.send(
            answer(next(self._numbers)),
            username="Ada",
            allowed_mentions=discord.AllowedMentions.none(),
            wait=True,
        )


async def main(api: str, token: str, *options: str) -> None:
    Route.BASE = api
    async with Floor("typing" in options) as bot:
        await bot.start(token)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
