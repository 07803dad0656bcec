"""Builds everything once, runs it, and takes it down in the right order."""

import asyncio
import logging
import math
import signal
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from functools import partial
from pathlib import Path

import discord

from rooms_bot import health
from rooms_bot.agents.choice import LOCAL, Agents, Models
from rooms_bot.agents.endpoints import at_home
from rooms_bot.agents.litellm import as_named
from rooms_bot.agents.local import unavailable
from rooms_bot.agents.moderation import Moderation, as_known
from rooms_bot.chat.audience import Audience
from rooms_bot.chat.audit import Audit
from rooms_bot.chat.bot import Furniture, RoomsBot, Rules
from rooms_bot.chat.budget import Budget
from rooms_bot.chat.desk import Desk
from rooms_bot.chat.erasing import Eraser
from rooms_bot.chat.faces import Faces
from rooms_bot.chat.flood import Flood
from rooms_bot.chat.guard import Guard
from rooms_bot.chat.members import Members
from rooms_bot.chat.online import online
from rooms_bot.chat.outlet import ChannelOutlet
from rooms_bot.chat.panels import Panels
from rooms_bot.chat.privacy import Practice
from rooms_bot.chat.webhooks import Webhooks
from rooms_bot.clock import Clock, SystemClock
from rooms_bot.domain.rooms import Limits, Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.engine.accounts import Bounds
from rooms_bot.engine.house import House
from rooms_bot.engine.retention import Retention
from rooms_bot.engine.shelf import Shelf
from rooms_bot.errors import RoomsError, SetupError
from rooms_bot.export import budgets
from rooms_bot.settings import Settings
from rooms_bot.store.personas import Library, read_library
from rooms_bot.store.ram import RamStore
from rooms_bot.store.sql import SqlStore

log = logging.getLogger(__name__)


@asynccontextmanager
async def furnished(settings: Settings, clock: Clock | None = None) -> AsyncIterator[RoomsBot]:
    """The whole program but for its connection to Discord. Raises `SetupError`."""
    clock = clock or SystemClock()
    # Else discord.py warns that it cannot do voice, which nothing here needs.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    async with AsyncExitStack() as stack:
        library = library_of(settings)
        store = await stack.enter_async_context(SqlStore.open(settings.database_url, clock.now))
        agents = await stack.enter_async_context(agents_of(settings))
        rules = Rules(
            api=settings.rooms_discord_api,
            cdn=settings.rooms_discord_cdn,
            guilds=settings.rooms_guilds,
            heard_bots=settings.rooms_hear_bots,
            host_role=settings.rooms_host_role,
        )
        shelf = Shelf(library.personas, store, agents.allowed)
        await shelf.load()
        bot = await stack.enter_async_context(
            RoomsBot(rules, Furniture(store, library, agents, shelf, partial(library_of, settings)), clock)
        )
        budget = Budget(settings.rooms_posts_per_minute, clock)
        faces = Faces(bot, store, rules.cdn, shelf.owner)

        def voice(seat: Seat) -> str:
            return agents.describe(agents.model(seat))

        bot.panels = Panels(bot, faces, budget, voice, bot.traffic.pace.crowded)
        bot.guard = Guard(lambda guild: bot.house.servers.of(guild), moderation_of(settings))
        audit = Audit(bot, lambda: bot.house.servers, budget, clock)
        bot.audit = await stack.enter_async_context(audit)
        webhooks = Webhooks(bot)
        bot.eraser = Eraser(bot, webhooks)
        flood = Flood()
        audience = Audience(bot, lambda: bot.house, rules.heard_bots, rules.host_role, flood)
        members = Members(bot, clock)
        bot.desk = desk = Desk(
            bot, webhooks, faces, budget, clock, bot.guard, audit, bot.panels, audience, members, flood
        )
        bot.traffic.refused = desk.refused
        outlets = partial(ChannelOutlet, desk)
        house = House(store, RamStore(), outlets, agents, clock)
        house.quotas.accounts.bounds = bounds_of(settings)
        bot.panels.figures = partial(_figures, house)
        bot.locales.chosen = lambda guild: house.servers.of(guild).language
        bot.house = await stack.enter_async_context(house)
        bot.practice = practice_of(settings)
        retention = Retention(house, store, clock, settings.rooms_retention_days)
        bot.retention = await stack.enter_async_context(retention)
        yield bot


def _figures(house: House, room: RoomState, number: int) -> Sequence[str]:
    """How the room's budget stands, and what of the server's is used, where they have any."""
    return budgets.figures(house.quotas.standing(room.opened.place.guild, number), limited=True)


def bounds_of(settings: Settings) -> Bounds:
    """What each server may spend at most."""
    return Bounds(
        day=Limits(tokens=settings.rooms_daily_tokens_per_guild, dollars=settings.rooms_daily_dollars_per_guild),
        month=Limits(tokens=settings.rooms_monthly_tokens_per_guild, dollars=settings.rooms_monthly_dollars_per_guild),
        member=Limits(tokens=settings.rooms_hourly_tokens_per_member),
    )


def practice_of(settings: Settings) -> Practice:
    """What `/privacy policy` tells of what was decided here."""
    moderation = settings.rooms_moderation_model
    return Practice(
        orchestrator=settings.rooms_orchestrator_model,
        embedding=settings.rooms_embedding_model,
        moderation=as_known(moderation) if moderation else None,
        days=settings.rooms_retention_days,
    )


def moderation_of(settings: Settings) -> Moderation | None:
    """The operator's moderation model, if they name one."""
    model = settings.rooms_moderation_model
    return Moderation(model, at_home if settings.rooms_local_only else as_named) if model else None


def agents_of(settings: Settings) -> Agents:
    """Raises `SetupError` where no model is named and none is embedded."""
    model = settings.rooms_model or LOCAL
    if settings.rooms_model is None and (reason := unavailable(LOCAL)):
        raise SetupError(f"ROOMS_MODEL is not set; .env.example names some models. {reason}")
    return Agents(
        Models(
            default=model,
            orchestrator=settings.rooms_orchestrator_model,
            allowed=settings.rooms_models,
            plugins=settings.rooms_plugins_dir,
            local_only=settings.rooms_local_only,
            embedding=settings.rooms_embedding_model,
            multilingual=settings.rooms_embedding_multilingual,
        )
    )


def library_of(settings: Settings) -> Library:
    """The personas; what is wrong with their files is logged, and the others are there."""
    library = read_library([settings.rooms_personas_dir] if settings.rooms_personas_dir else [])
    for problem in library.problems:
        log.error("%s", problem)
    for warning in library.warnings:
        log.warning("%s", warning)
    return library


async def run(settings: Settings) -> None:
    """Run the bot until SIGTERM or SIGINT. Raises `SetupError`."""
    stop = stopped_by_signals()
    token = settings.token()
    with alone(SetupError):
        async with furnished(settings) as bot:
            await serve(bot, token, stop, _invite, health.file_in(settings.rooms_data_dir))


def _invite(bot: RoomsBot) -> None:
    try:
        print(f"Rooms Bot is online as {bot.user}. This link invites it to a server:\n{bot.invite()}", flush=True)
    except OSError as error:  # a full disk, or nobody who reads it
        log.warning("the link that invites the bot could not be written (%s)", error.strerror)


def stopped_by_signals() -> asyncio.Event:
    """Set by SIGTERM and SIGINT; where the event loop cannot do that (Windows), Ctrl-C interrupts as usual."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    return stop


async def serve(
    bot: RoomsBot,
    token: str,
    stop: asyncio.Event,
    greet: Callable[[RoomsBot], None] = lambda _: None,
    alive: Path | None = None,
) -> None:
    """Be connected until `stop` is set; once connected, `greet`. Raises `SetupError` where Discord refuses the bot.

    The file `alive` is kept fresh for `rooms-bot health`.
    """
    with alone(SetupError):
        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(online(bot, token)), tasks.create_task(_welcome(bot, greet))]
            if alive is not None:
                running.append(tasks.create_task(_beat(bot, alive)))
            await stop.wait()
            for task in running:
                task.cancel()


@contextmanager
def alone(kind: type[BaseException]) -> Iterator[None]:
    """Lets an error of this kind out of the groups that task groups put it in, where it is all that went wrong."""
    try:
        yield
    except BaseExceptionGroup as group:
        found, others = group.split(kind)
        if found is None or others is not None:
            raise
        first: BaseException = found
        while isinstance(first, BaseExceptionGroup):
            first = first.exceptions[0]
        raise first from None


async def _welcome(bot: RoomsBot, greet: Callable[[RoomsBot], None]) -> None:
    """After READY: the greeting, then a look whether the models answer. They may come up later, so it is a warning."""
    await bot.connected.wait()
    greet(bot)
    agents = bot.furniture.agents
    for check in (partial(_look, agents), agents.check_embedding):
        try:
            await check()
        except RoomsError as error:
            log.warning("%s The bot goes on; the model may come up later.", error)


async def _look(agents: Agents) -> None:
    await agents.prepare(agents.choices[0])
    await agents.check(agents.choices[0])


async def _beat(bot: RoomsBot, alive: Path) -> None:
    """Touch the file for as long as the connection stands and Discord answers on it; at the end it is gone."""
    pause = health.SOON
    try:
        health.end(alive)  # what a bot that was killed left is not this one's
        await bot.connected.wait()
        while True:
            if bot.ws.open and math.isfinite(bot.latency):  # Discord's first answer comes a moment after READY
                health.touch(alive)
                pause = health.EVERY
            await asyncio.sleep(pause)
    except OSError as error:
        log.warning("%s cannot be written (%s): `rooms-bot health` will not find the bot.", alive, error.strerror)
    finally:
        with suppress(OSError):
            health.end(alive)
