"""Checks the whole set-up without starting: each finding is a line, and says what to do."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import discord

from rooms_bot.app import agents_of
from rooms_bot.chat.online import BAD_TOKEN, NO_INTENT
from rooms_bot.chat.permissions import NEEDED, SCOPES
from rooms_bot.errors import RoomsError, SetupError
from rooms_bot.findings import Finding
from rooms_bot.settings import Settings
from rooms_bot.store.address import in_use, parse
from rooms_bot.store.personas import read_library
from rooms_bot.store.sql import SqlStore

INTENT_FLAGS = 1 << 18 | 1 << 19
"""Application flags that let it read messages: granted, or granted while in few servers."""


async def examine(settings: Settings, blot: Callable[[str], str] = str) -> bool:
    """Print a line for each thing looked at, secrets blotted out; whether all of it can be used."""
    fine = True
    for check in (_discord, _database, _personas, _models):
        async for finding in check(settings):
            print(blot(str(finding)), flush=True)
            fine = fine and finding.good is not False
    return fine


async def _discord(settings: Settings) -> AsyncIterator[Finding]:
    """Asks who the token is for, and what it was granted; connects to nothing else."""
    try:
        application = await _application(settings.rooms_discord_api, settings.token())
    except SetupError as error:
        yield Finding(False, f"Discord: {error}")
        return
    yield Finding(True, f"Discord: the token is for {application.get('name', 'an application')}")
    reads = bool(application.get("flags", 0) & INTENT_FLAGS)
    yield Finding(True, "Discord: may read messages") if reads else Finding(False, f"Discord: {NO_INTENT}")
    if application.get("approximate_guild_count") == 0:
        invite = discord.utils.oauth_url(application.get("id", 0), permissions=NEEDED, scopes=SCOPES)
        yield Finding(None, f"Discord: the bot is in no server yet. This link invites it: {invite}")


async def _application(api: str, token: str) -> dict[str, Any]:
    """What Discord knows of the token's application. Raises `SetupError`."""
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(15)) as session,
            session.get(f"{api}/applications/@me", headers={"Authorization": f"Bot {token}"}) as answer,
        ):
            if answer.status == 401:
                raise SetupError(BAD_TOKEN)
            answer.raise_for_status()
            application = await answer.json()
    except aiohttp.ClientResponseError as error:
        raise SetupError(f"what answers at {api} does not do as Discord does ({error.status}).") from error
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
        raise SetupError(f"cannot be reached at {api} ({str(error) or type(error).__name__}).") from error
    if not isinstance(application, dict):
        raise SetupError(f"what answers at {api} is not Discord's API.")
    return application


async def _database(settings: Settings) -> AsyncIterator[Finding]:
    """Opens it as the bot does: it is there then, with its tables."""
    try:
        async with SqlStore.open(settings.database_url):
            yield Finding(True, "database: can be used")
    except SetupError as error:
        if str(error) == str(in_use(parse(settings.database_url))):
            yield Finding(None, "database: another process uses it, the running bot probably, so it was not opened")
        else:
            yield Finding(False, f"database: {error}")


async def _personas(settings: Settings) -> AsyncIterator[Finding]:
    try:
        library = read_library([settings.rooms_personas_dir] if settings.rooms_personas_dir else [])
    except SetupError as error:
        yield Finding(False, f"personas: {error}")
        return
    yield Finding(True, f"personas: {', '.join(library.names())}")
    for problem in library.problems:
        yield Finding(False, f"persona: {problem}")
    for warning in library.warnings:
        yield Finding(None, f"persona: {warning}")


async def _models(settings: Settings) -> AsyncIterator[Finding]:
    """Asks each model that members or personas may choose for a word."""
    try:
        agents = agents_of(settings)
    except SetupError as error:
        yield Finding(False, f"model: {error}")
        return
    library = read_library([settings.rooms_personas_dir] if settings.rooms_personas_dir else [])
    personas = [*library.personas.values(), library.moderator]
    named = (*agents.choices, settings.rooms_orchestrator_model, *(persona.model for persona in personas))
    async with agents:
        for model in dict.fromkeys(filter(None, named)):
            yield await _tried(f"model {model}", agents.check(model))
        if embedding := settings.rooms_embedding_model:
            yield await _tried(f"embedding model {embedding}", agents.check_embedding())


async def _tried(what: str, check: Awaitable[None]) -> Finding:
    try:
        await check
    except RoomsError as error:
        return Finding(False, f"{what}: {error}")
    return Finding(True, f"{what}: can be used")
