"""The commands of the terminal: `/name argument`, each with one line of help and one sentence for an answer."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from rooms_bot.domain.events import Event
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import Member, Mode
from rooms_bot.engine import commands as ask
from rooms_bot.engine import seating
from rooms_bot.engine.casting import named
from rooms_bot.engine.house import House
from rooms_bot.engine.room import Room
from rooms_bot.errors import Refused
from rooms_bot.export import standing
from rooms_bot.export.reasons import reasons
from rooms_bot.terminal.keeping import free_name, path, save
from rooms_bot.terminal.notices import OVER, here, roster, status
from rooms_bot.terminal.plan import FORMATS

Kind = Literal["seat", "guest", "format", "mode", ""]


@dataclass(slots=True)
class Desk:
    """What the commands work with; `leave` ends the conversation."""

    house: House
    room: Room
    member: Member
    personas: Mapping[str, Persona]
    events: Callable[[], AsyncIterator[Event]]
    leave: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class Order:
    """One command: what may stand behind its name, of which kind that is, and what it does."""

    name: str
    argument: str
    help: str
    act: Callable[[Desk, str], Awaitable[str]]
    kind: Kind = ""
    afterwards: bool = False
    """Whether it can be given once the room is over, too."""

    @property
    def usage(self) -> str:
        return f"/{self.name} {self.argument}".strip()


async def carry_out(desk: Desk, line: str) -> str:
    """Do what the line says, which begins with a slash; the answer, also where it cannot be."""
    name, _, argument = line.lstrip("/").strip().partition(" ")
    order = next((order for order in ORDERS if order.name == name.casefold()), None)
    if order is None:
        return f"There is no command /{name}. /help names those there are."
    argument = argument.strip()
    if not argument and order.argument and not order.argument.startswith("["):
        seats, personas = desk.room.state.seats.values(), desk.personas.values()
        _, choice = completions(f"/{order.name} ", (one.name for one in seats), (one.name for one in personas))
        return f"Please say more: {order.usage}, one of {', '.join(choice)}."
    if desk.room.over and not order.afterwards:
        return OVER
    try:
        return await order.act(desk, argument)
    except Refused as refusal:
        return here(str(refusal))


async def _help(desk: Desk, argument: str) -> str:
    del desk, argument
    width = max(len(order.usage) for order in ORDERS)
    lines = [f"{order.usage:<{width}}  {order.help}" for order in ORDERS]
    talk = "Whatever else you type is said in the room. @Ada, or “Ada, …”, asks Ada; @all asks everyone."
    return "\n".join([talk, *lines, "Ctrl-C skips whoever is thinking; twice, or when nobody is, it ends the room."])


async def _status(desk: Desk, argument: str) -> str:
    del argument
    return status(desk.room.state)


async def _who(desk: Desk, argument: str) -> str:
    del argument
    return roster(desk.room.state, (persona.name for persona in desk.personas.values()))


async def _next(desk: Desk, argument: str) -> str:
    by = desk.member
    await desk.room.do(seating.force(argument, by) if argument else ask.hurry(by))
    return ""


async def _skip(desk: Desk, argument: str) -> str:
    del argument
    await desk.room.do(ask.skip(desk.member, desk.room.state.current))
    return ""


async def _pause(desk: Desk, argument: str) -> str:
    del argument
    await desk.room.do(ask.pause(desk.member))
    return "The room is paused. /resume lets it go on."


async def _resume(desk: Desk, argument: str) -> str:
    del argument
    await desk.room.do(ask.resume(desk.member))
    return "The room goes on."


async def _mode(desk: Desk, argument: str) -> str:
    if argument.casefold() not in list(Mode):
        raise Refused(f"There are the modes {', '.join(Mode)}.")
    await desk.room.do(ask.configure(desk.member, mode=Mode(argument.casefold())))
    return f"{standing.MODES[desk.room.state.config.mode].capitalize()} from now on."


async def _mute(desk: Desk, argument: str) -> str:
    await desk.room.do(seating.mute(argument, True, desk.member))
    return f"{seating.find(desk.room.state, argument).name} only listens from now on."


async def _unmute(desk: Desk, argument: str) -> str:
    await desk.room.do(seating.mute(argument, False, desk.member))
    return f"{seating.find(desk.room.state, argument).name} may speak again."


async def _invite(desk: Desk, argument: str) -> str:
    (persona,) = named(desk.personas.values(), argument, most=1)
    await desk.room.do(seating.invite(persona, desk.member))
    *_, newest = desk.room.state.seats.values()
    return f"{newest.name} takes a seat."


async def _remove(desk: Desk, argument: str) -> str:
    seat = seating.find(desk.room.state, argument)
    await desk.room.do(seating.remove(seat.name, desk.member))
    return f"{seat.name} leaves."


async def _why(desk: Desk, argument: str) -> str:
    del argument
    return reasons(desk.room.state)


async def _summary(desk: Desk, argument: str) -> str:
    del argument
    await desk.room.do(ask.summarise(desk.member))
    return ""


async def _extend(desk: Desk, argument: str) -> str:
    del argument
    await desk.house.extend(desk.room, desk.member)
    return f"The room goes on for {desk.room.state.config.turns} more turns."


async def _export(desk: Desk, argument: str) -> str:
    word, _, name = argument.partition(" ")
    form = FORMATS.get(word.casefold())
    if form is None:
        raise Refused("There are the formats md, csv and json.")
    file = path(name.strip()) if name.strip() else free_name(form, desk.room.state)
    await save(form, file, desk.events)
    return f"Saved as {file}."


async def _stop(desk: Desk, argument: str) -> str:
    del argument
    desk.leave()
    return ""


ORDERS = (
    Order("help", "", "See the commands.", _help, afterwards=True),
    Order("status", "", "See how the room stands and what it has cost.", _status, afterwards=True),
    Order("who", "", "See who sits here and who could be invited.", _who, afterwards=True),
    Order("next", "[AGENT]", "Let that agent, or whoever is next, speak at once.", _next, "seat"),
    Order("skip", "", "Skip whoever is thinking.", _skip),
    Order("pause", "", "Let nobody speak until /resume.", _pause),
    Order("resume", "", "Let the room go on, with everyone who was left out.", _resume),
    Order("mode", "MODE", "Take turns another way; nothing that happened is lost.", _mode, "mode"),
    Order("mute", "AGENT", "Keep an agent's seat but skip its turns.", _mute, "seat"),
    Order("unmute", "AGENT", "Let it take turns again.", _unmute, "seat"),
    Order("invite", "PERSONA", "Give another agent a seat.", _invite, "guest"),
    Order("remove", "AGENT", "Let an agent leave.", _remove, "seat"),
    Order("why", "", "See why the last agent was given its turn.", _why, afterwards=True),
    Order("summary", "", "Let the orchestrator sum up next.", _summary),
    Order("extend", "", "Once the room is over, let it go on for as many turns again.", _extend, afterwards=True),
    Order("export", "FORMAT [FILE]", "Save the conversation as md, csv or json.", _export, "format", afterwards=True),
    Order("stop", "", "End the room and leave.", _stop, afterwards=True),
)
"""All there are, in the order of /help."""


def completions(before: str, seats: Iterable[str], personas: Iterable[str]) -> tuple[str, list[str]]:
    """What is being typed at the end of `before`, and what it could become: a command, its argument, or an @Name."""
    seats, personas = list(seats), list(personas)
    name, space, argument = before.removeprefix("/").partition(" ")
    if before.startswith("/"):
        if not space:
            return before, _fitting(before, [f"/{order.name}" for order in ORDERS])
        kinds = {"seat": seats, "guest": [one for one in personas if one not in seats], "format": ["md", "csv", "json"]}
        kinds["mode"] = list(Mode)
        kind = next((order.kind for order in ORDERS if order.name == name.casefold()), "")
        return argument, _fitting(argument, kinds.get(kind, []))
    _, at, word = before.rpartition("@")
    return (word, _fitting(word, [*seats, "all"])) if at else ("", [])


def _fitting(typed: str, words: Iterable[str]) -> list[str]:
    return [word for word in words if word.casefold().startswith(typed.casefold())]
