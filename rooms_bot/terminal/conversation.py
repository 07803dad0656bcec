"""One conversation in a terminal, from its first word until it is saved or let go."""

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from rooms_bot.agents.choice import Agents
from rooms_bot.clock import Clock
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import Place
from rooms_bot.engine import commands, seating
from rooms_bot.engine.house import House
from rooms_bot.engine.room import Room
from rooms_bot.errors import Refused
from rooms_bot.export.files import Format
from rooms_bot.store.ram import RamStore
from rooms_bot.terminal.keeping import Kept, free_name, save
from rooms_bot.terminal.keyboard import asked, strays
from rooms_bot.terminal.orders import Desk
from rooms_bot.terminal.outlet import TerminalOutlet
from rooms_bot.terminal.pipe import Pipe
from rooms_bot.terminal.plan import CHANNEL, FORMATS, GUILD, Plan
from rooms_bot.terminal.progress import Progress
from rooms_bot.terminal.screen import Screen
from rooms_bot.terminal.talk import Talk
from rooms_bot.terminal.wizard import meant

T = TypeVar("T")

PATIENCE = 3.0
"""Seconds that a room which was stopped has to say so."""
LAST = "This conversation is kept nowhere else: save it? markdown/csv/json/no [markdown]"


@dataclass(frozen=True, slots=True)
class Supplies:
    """What any conversation works with; `personas` by casefolded name."""

    personas: Mapping[str, Persona]
    moderator: Persona
    agents: Agents
    clock: Clock


async def unless(stop: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """What `work` returns, or None where `stop` was set first, which ends it."""
    async with asyncio.TaskGroup() as tasks:
        doing, stopping = tasks.create_task(work), tasks.create_task(stop.wait())
        await asyncio.wait((doing, stopping), return_when=asyncio.FIRST_COMPLETED)
        doing.cancel()
        stopping.cancel()
    return None if doing.cancelled() else doing.result()


async def converse(plan: Plan, supplies: Supplies, screen: Screen, stop: asyncio.Event, *, deaf: bool = False) -> None:
    """Hold the conversation; `stop` ends it at once. Raises `Refused` where it could not be saved as wished."""
    progress, kept = Progress(supplies.clock), Kept()
    agents = supplies.agents
    outlet = TerminalOutlet(screen, progress, lambda seat: agents.describe(agents.model(seat)), deaf=deaf)
    pipe = Pipe(sys.stdin.fileno()) if screen.plain and not deaf else None
    if pipe:
        await pipe.ready()  # else agents may have had all their turns before what was piped in is read
    with ExitStack() as stack:
        if not screen.plain:
            stack.enter_context(strays(screen))
        async with House(RamStore(), kept, lambda *_: outlet, agents, supplies.clock) as house:
            room = await _opened(house, plan, supplies)
            desk = Desk(house, room, plan.member, supplies.personas, lambda: kept.events(room.id))
            talk = Talk(desk, outlet, screen, progress, supplies.clock)
            with _interrupted_by_ctrl_c(talk.interrupt, stop.set):
                await unless(stop, talk.piped(pipe) if screen.plain else talk.typed())
            room.put(commands.stop(plan.member))
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    await outlet.ended.wait()
        await _farewell(plan, desk, screen, stop)


async def _opened(house: House, plan: Plan, supplies: Supplies) -> Room:
    """The room, with each seat as it is wished before anybody speaks."""
    await house.people.save(plan.profile)
    place = Place(guild=GUILD, channel=CHANNEL, parent=CHANNEL)
    room = await house.open(place, plan.config, plan.personas, supplies.moderator, plan.member)
    for name, changes in plan.changes.items():
        room.put(seating.configure_seat(name, plan.member, **changes))
    return room


@contextmanager
def _interrupted_by_ctrl_c(interrupt: Callable[[], None], afterwards: Callable[[], None]) -> Iterator[None]:
    """SIGINT interrupts; on Windows, whose event loop has no signals, it ends the program as usual."""
    loop = asyncio.get_running_loop()
    with suppress(NotImplementedError):
        loop.add_signal_handler(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        with suppress(NotImplementedError):
            loop.add_signal_handler(signal.SIGINT, afterwards)


async def _farewell(plan: Plan, desk: Desk, screen: Screen, stop: asyncio.Event) -> None:
    """Save what was said, as wished beforehand, else as whoever sits here wishes now."""
    failure = None
    for form, file in plan.exports:
        try:
            await save(form, file, desk.events, anew=False)
            screen.note(f"Saved as {file}.")
        except Refused as refusal:
            failure = refusal
            screen.note(str(refusal))
    if screen.plain or not desk.room.state.lines or (plan.exports and not failure):
        if failure:
            raise failure
        return
    await unless(stop, _ask_to_save(desk, screen))


async def _ask_to_save(desk: Desk, screen: Screen) -> None:
    while True:
        try:
            answer = meant(await asked(LAST, FORMATS), list(FORMATS)).casefold() or Format.MARKDOWN
        except EOFError:
            return
        if answer in ("n", "no"):
            return
        try:
            if (form := FORMATS.get(answer)) is None:
                raise Refused("Please answer markdown, csv, json or no.")
            file = free_name(form, desk.room.state)
            await save(form, file, desk.events)
            screen.note(f"Saved as {file}.")
            return
        except Refused as refusal:
            screen.note(str(refusal))
