"""An agent that says what a test gave it to say, and the rest when the test lets it: no model has to be loaded."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from rooms_bot.ports import Request
from tests.models.openai_server import Hang

Line = str | Hang

_script: list[Line] = []


def minded(folder: Path, *lines: Line) -> dict[str, Any]:
    """The settings of a bot whose agents say these, in turn."""
    _script[:] = lines
    plugins = folder / "plugins"
    plugins.mkdir()
    (plugins / "mind.py").write_text("from tests.faults.mind import speak\n\n__all__ = ['speak']\n")
    return {"rooms_model": "python/mind.py:speak", "rooms_plugins_dir": plugins}


async def speak(request: Request) -> AsyncIterator[str]:
    """The next line, whoever is asked."""
    del request
    line = _script.pop(0)
    if isinstance(line, str):
        yield line
        return
    yield line.text
    await line.released.wait()
    yield line.then
