"""A model over HTTP that says what a test gave each agent to say, and remembers what it was sent for whom."""

import re
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import pytest

from tests.models.openai_server import Answer, Asked, OpenAIServer

Lines = Mapping[str, Answer | tuple[Answer, ...]]
"""By name, what is answered in turn, the last one for ever; who is not named passes."""

DOCTOR = ""


class Model(OpenAIServer):
    """`sent("Ada")` are the requests for Ada, oldest first."""

    def __init__(self, lines: Lines) -> None:
        super().__init__(self._speak)
        self._lines = {name: line if isinstance(line, tuple) else (line,) for name, line in lines.items()}
        self._sent: defaultdict[str, list[Asked]] = defaultdict(list)

    def sent(self, name: str) -> list[Asked]:
        return self._sent[name]

    async def first(self, name: str) -> Asked:
        """The first request for this one, waiting for it."""
        while not self._sent[name]:
            await self.asked(len(self.requests) + 1)
        return self._sent[name][0]

    @property
    def turns(self) -> list[Asked]:
        """The requests for agents, without the look whether the model answers."""
        return [asked for name, requests in self._sent.items() if name != DOCTOR for asked in requests]

    def _speak(self, asked: Asked) -> Answer:
        found = re.findall(r"t is your turn, (.+?)\.", asked["messages"][-1]["content"])
        name = found[-1] if found else DOCTOR
        self._sent[name].append(asked)
        lines = self._lines.get(name, ("PASS",))
        return lines[min(len(self._sent[name]), len(lines)) - 1]


@asynccontextmanager
async def scripted(monkeypatch: pytest.MonkeyPatch, **lines: Answer | tuple[Answer, ...]) -> AsyncIterator[Model]:
    """The model that `rooms_model="openai/test"` then is."""
    async with Model(lines) as model:
        monkeypatch.setenv("OPENAI_API_BASE", model.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", "sk-only-for-this-test")
        yield model


def system(asked: Asked) -> str:
    """The one system message of a request."""
    (message,) = [message["content"] for message in asked["messages"] if message["role"] == "system"]
    return str(message)


def talk(asked: Asked) -> str:
    """All of a request but its system message."""
    return "\n".join(str(message["content"]) for message in asked["messages"] if message["role"] != "system")
