"""The bots that benchmarks launch, each in a process and a sandbox of its own."""

from contextlib import AbstractAsyncContextManager
from pathlib import Path

from bench.children import Child, child
from rooms_bot.sandbox.server import Sandbox

ONLINE = "online"
"""In the line a bot prints once it has handled READY, its commands being in place by then."""


def rooms(sandbox: Sandbox, folder: Path, **environment: str) -> AbstractAsyncContextManager[Child]:
    """Rooms Bot, its database in `folder`; without any model unless `environment` names one."""
    folder.mkdir(exist_ok=True)
    return child(
        *("rooms_bot", "run"),
        folder=folder,
        **{
            "DISCORD_TOKEN": sandbox.token,
            "ROOMS_DISCORD_API": sandbox.api_url,
            "ROOMS_DISCORD_CDN": sandbox.cdn_url,
            "ROOMS_MODEL": "offline",
            "ROOMS_POSTS_PER_MINUTE": "0",
        }
        | environment,
    )


def floor(sandbox: Sandbox, folder: Path) -> AbstractAsyncContextManager[Child]:
    """A bot that only posts when told to: see `bench.floor`."""
    return child("bench.floor", sandbox.api_url, sandbox.token, folder=folder)


def typing_floor(sandbox: Sandbox, folder: Path) -> AbstractAsyncContextManager[Child]:
    return child("bench.floor", sandbox.api_url, sandbox.token, "typing", folder=folder)
