"""Checks the whole set-up without starting: each finding is a line, and says what to do."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import aiohttp

from rooms_bot.app import BAD_TOKEN, NO_INTENT, NO_TOKEN, agents_of
from rooms_bot.errors import RoomsError
from rooms_bot.settings import Settings
from rooms_bot.store.personas import read_library
from rooms_bot.store.sql import SqlStore

INTENT_FLAGS = 1 << 18 | 1 << 19
"""Application flags that let it read messages: granted, or granted while in few servers."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`good` is None for what only deserves a look."""

    good: bool | None
    text: str

    def __str__(self) -> str:
        mark = {True: "ok  ", False: "FAIL", None: "look"}[self.good]
        return f"{mark}  {self.text}"


async def examine(settings: Settings) -> bool:
    """Print a line for each thing looked at; whether all of it can be used."""
    fine = True
    for check in (_personas, _database, _discord, _models):
        async for finding in check(settings):
            print(finding, flush=True)
            fine = fine and finding.good is not False
    return fine


async def _personas(settings: Settings) -> AsyncIterator[Finding]:
    library = read_library([settings.rooms_personas_dir] if settings.rooms_personas_dir else [])
    yield Finding(True, f"personas: {', '.join(library.names())}")
    for problem in library.problems:
        yield Finding(False, f"persona: {problem}")
    for warning in library.warnings:
        yield Finding(None, f"persona: {warning}")


async def _database(settings: Settings) -> AsyncIterator[Finding]:
    async def open_it() -> str:
        async with SqlStore.open(settings.database_url):
            return "can be written"

    yield await _tried("database", open_it)


async def _models(settings: Settings) -> AsyncIterator[Finding]:
    async with agents_of(settings) as agents:
        for model in dict.fromkeys(one for one in (*agents.choices, settings.rooms_orchestrator_model) if one):

            async def ask(model: str = model) -> str:
                await agents.check(model)
                return f"{model} answers"

            yield await _tried(f"model {model}", ask)


async def _tried(what: str, work: Callable[[], Awaitable[str]]) -> Finding:
    try:
        return Finding(True, f"{what}: {await work()}")
    except RoomsError as error:
        return Finding(False, f"{what}: {error}")


async def _discord(settings: Settings) -> AsyncIterator[Finding]:
    """Asks who the token is for, and what it was granted; connects to nothing else."""
    if settings.discord_token is None:
        yield Finding(False, NO_TOKEN)
        return
    headers = {"Authorization": f"Bot {settings.discord_token.get_secret_value()}"}
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(15)) as session,
            session.get(f"{settings.rooms_discord_api}/applications/@me", headers=headers) as answer,
        ):
            if answer.status == 401:
                yield Finding(False, BAD_TOKEN)
                return
            answer.raise_for_status()
            application = await answer.json()
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        yield Finding(False, f"Discord cannot be reached at {settings.rooms_discord_api}: {type(error).__name__}")
        return
    yield Finding(True, f"Discord: the token is for {application.get('name', 'an application')}")
    yield (
        Finding(True, "Discord: may read messages")
        if application.get("flags", 0) & INTENT_FLAGS
        else Finding(False, NO_INTENT)
    )
