"""Rooms in a terminal: the same engine, without Discord."""

import asyncio
import sys
from dataclasses import replace

from rooms_bot.app import agents_of, library_of, stopped_by_signals
from rooms_bot.clock import SystemClock
from rooms_bot.errors import Refused, SetupError
from rooms_bot.settings import Settings
from rooms_bot.terminal.conversation import Supplies, converse, unless
from rooms_bot.terminal.flags import Wishes
from rooms_bot.terminal.keyboard import asked
from rooms_bot.terminal.plan import Shelf, plan, shelf
from rooms_bot.terminal.screen import Screen
from rooms_bot.terminal.wizard import wizard
from rooms_bot.trial import choose

NO_TOPIC = "Say what the room is about with --topic: questions are asked only where somebody can type an answer."


async def chat(settings: Settings, wishes: Wishes) -> None:
    """Hold a conversation in this terminal, or in a pipe, until it is over. Raises `SetupError`."""
    stop = stopped_by_signals()
    library = library_of(settings)
    deaf = wishes.no_input or sys.stdin is None  # which it is where the program was started without one
    screen = Screen(plain=deaf or not (sys.stdin.isatty() and sys.stdout.isatty()))
    try:
        there = shelf(library.personas, wishes.personas)
        answered = await _answered(wishes, there, screen, stop)
        if answered is None:
            return
        planned = plan(answered, there)
        wished = wishes.model or settings.rooms_model
        model, line = await choose(settings.model_copy(update={"rooms_model": wished}))
        async with agents_of(settings.model_copy(update={"rooms_model": model})) as agents:
            screen.note(line if model != wished else "")
            supplies = Supplies(there.personas, library.moderator, agents, SystemClock())
            await converse(planned, supplies, screen, stop, deaf=deaf)
    except Refused as refusal:
        raise SetupError(str(refusal)) from refusal


async def _answered(wishes: Wishes, there: Shelf, screen: Screen, stop: asyncio.Event) -> Wishes | None:
    """The wishes, with what must still be asked for; None where somebody leaves instead."""
    if screen.plain:
        if wishes.topic is None:
            raise Refused(NO_TOPIC)
        return wishes if wishes.pace is not None else replace(wishes, pace="0")
    return wishes if wishes.topic is not None else await unless(stop, _asked(wishes, there, screen))


async def _asked(wishes: Wishes, there: Shelf, screen: Screen) -> Wishes | None:
    try:
        return await wizard(wishes, there, asked, screen.note)
    except EOFError:
        return None
