"""The functions of docs/agents.md do what the page says."""

import re
from pathlib import Path

import pytest

from rooms_bot.agents.choice import Agents, Models
from rooms_bot.domain.events import Usage
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import Member
from tests.docs.pages import ROOT
from tests.models.rooms import TestRoom, seat

EXAMPLES = re.findall(r"```python\n# (\S+)\n(.*?)```", (ROOT / "docs/agents.md").read_text(encoding="utf-8"), re.DOTALL)


async def answer(folder: Path, model: str) -> str:
    for name, code in EXAMPLES:
        (folder / name).write_text(code, encoding="utf-8")
    room = TestRoom(seat(1, "Ada"))
    room.heard("Bread, please.", Member(id=5, name="Theo"))
    speaker = room.state.seats[1].model_copy(update={"persona": Persona(name="Ada", model=model)})
    async with Agents(Models(default="offline", plugins=folder)) as agents:
        request = agents.request(room.state, speaker)
        pieces = [piece async for piece in agents.agent(speaker).stream(request)]
    return "".join(piece for piece in pieces if not isinstance(piece, Usage))


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("python/clock.py:tell", "The last word was: Bread, please."),
        ("python/count.py:slowly", "1 … 2 … 3 …"),
        ("python/echo.py:echo", "Ada"),
    ],
)
async def test_an_example_answers(tmp_path: Path, model: str, said: str) -> None:
    assert said in await answer(tmp_path, model)
