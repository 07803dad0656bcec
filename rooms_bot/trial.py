"""The sandbox with the bot in it: Rooms Bot without an account, on this machine."""

import errno
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from rooms_bot.agents.choice import LOCAL, OFFLINE, is_local
from rooms_bot.agents.local import broken, unavailable
from rooms_bot.agents.ollama import ollama_model
from rooms_bot.app import alone, furnished, serve, stopped_by_signals
from rooms_bot.errors import SetupError
from rooms_bot.sandbox.server import Sandbox
from rooms_bot.settings import Settings


async def sandbox(settings: Settings, port: int = 0, token: str | None = None, with_bot: bool = True) -> None:
    """Run the stand-in for Discord with its page, and unless told otherwise the bot in it, until SIGTERM or SIGINT."""
    stop = stopped_by_signals()
    async with AsyncExitStack() as stack:
        world = await stack.enter_async_context(opened_sandbox(port, token))
        print(f"Open {world.page_url}\nAPI {world.api_url}\nToken {world.token}", flush=True)
        if not with_bot:
            world.banner = "No bot is running here: point one at the API's address that the terminal shows."
            await stop.wait()
            return
        model, world.banner = await choose(settings)
        folder = stack.enter_context(TemporaryDirectory(prefix="rooms-sandbox-"))
        inside = settings.model_copy(
            update={
                "rooms_discord_api": world.api_url,
                "rooms_discord_cdn": world.cdn_url,
                "rooms_model": model,
                "rooms_data_dir": Path(folder),
                "rooms_database_url": None,
                "rooms_guilds": (),
            }
        )
        with alone(SetupError):
            async with furnished(inside) as bot:
                await serve(bot, world.token, stop)


@asynccontextmanager
async def opened_sandbox(port: int, token: str | None) -> AsyncIterator[Sandbox]:
    """Raises `SetupError` where the port cannot be had."""
    async with AsyncExitStack() as stack:
        try:
            world = await stack.enter_async_context(Sandbox(port, token))
        except (OSError, OverflowError) as error:
            taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
            reason = "is in use already" if taken else "cannot be used"
            raise SetupError(f"Port {port} {reason}; give another one with --port.") from error
        yield world


async def choose(settings: Settings) -> tuple[str, str]:
    """The model that speaks in the sandbox, and the line that says so and how to get a better one."""
    better = "For a better one, put ROOMS_MODEL and its key into .env, or start Ollama, and start again."
    named = settings.rooms_model
    if named == OFFLINE:
        return OFFLINE, "No model speaks here, only prepared sentences, as ROOMS_MODEL says."
    if named and not is_local(named):
        return named, f"The agents speak with {named}, as ROOMS_MODEL says."
    if not named and (found := await ollama_model()):
        return found, f"The agents speak with {found}, from Ollama on this machine."
    if (reason := unavailable(named or LOCAL) or await broken()) is not None:
        return OFFLINE, f"No model speaks here, only prepared sentences: {reason} {better}"
    if named and named != LOCAL:
        return named, f"The agents speak with {named}, as ROOMS_MODEL says."
    return LOCAL, f"The agents speak with SmolLM2-135M, a very small model on this machine. {better}"
