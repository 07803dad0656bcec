"""What all tests share: what a bot's start and end cost, and nothing here is about, is spared."""

import gc
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from discord.ext.commands.bot import BotBase

from rooms_bot.domain.personas import Persona
from rooms_bot.store import persona_files, personas

Read = tuple[Persona | None, list[persona_files.Finding]]


def pytest_collection_finish() -> None:
    """What the tests are made of stays: to look through it again and again would be a tenth of all work."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@cache
def _as_shipped(path: Path, changed_ns: int) -> Read:
    del changed_ns
    return persona_files.read(path)


def _read(path: Path) -> Read:
    """A shipped file as it was at the first look, unless it was changed since; any other is read anew."""
    if path.parent != personas.shipped_folder():
        return persona_files.read(path)
    return _as_shipped(path, path.stat().st_mtime_ns)


@pytest.fixture(scope="session", autouse=True)
def _shipped_personas_are_read_once() -> Iterator[None]:
    """Every bot that starts would take a dozen files' YAML apart, a fifth of the time its start takes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(personas, "read", _read)
        yield


async def _forgotten(bot: BotBase, module: ModuleType, name: str) -> None:
    """What discord.py does for each cog when a bot ends, where no cog has a `teardown` or modules of its own."""
    del module
    vars(bot)["_BotBase__extensions"].pop(name, None)
    sys.modules.pop(name, None)


@pytest.fixture(scope="session", autouse=True)
def _cogs_are_let_go_at_once() -> Iterator[None]:
    """discord.py goes through all modules there are for each cog of each bot; with LiteLLM they are thousands."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BotBase, "_call_module_finalizers", _forgotten)
        yield
