"""What commands answer, and what is proposed while somebody types one or a name."""

from collections.abc import AsyncIterator

import pytest

from rooms_bot.domain.events import Event
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import Member, Place, RoomConfig
from rooms_bot.engine.house import House
from rooms_bot.store.ram import RamStore
from rooms_bot.terminal.notices import here
from rooms_bot.terminal.orders import ORDERS, Desk, carry_out, completions
from tests.engine.fakes import Cast, Page, TurnedClock, saying

SEATS, PERSONAS = ["Ada", "Ada 2"], ["Ada", "Kenji", "Noor"]


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """In a room where Ada sits, among those who could be invited."""
    ada, theo = Persona(name="Ada"), Member(id=1, name="Theo")
    async with House(RamStore(), RamStore(), lambda *_: Page(), Cast({"Ada": saying("one")}), TurnedClock()) as house:
        place = Place(guild=1, channel=1, parent=1)
        room = await house.open(
            place, RoomConfig(topic="Bread", orchestrator_every=0), [ada], Persona(name="Moderator"), theo
        )

        async def events() -> AsyncIterator[Event]:
            return
            yield

        yield Desk(house, room, theo, {"ada": ada, "noor": Persona(name="Noor")}, events)


async def test_a_second_agent_of_a_persona_is_told_by_the_name_of_its_seat(desk: Desk) -> None:
    assert await carry_out(desk, "/invite ada") == "Ada 2 takes a seat."
    assert await carry_out(desk, "/invite noor") == "Noor takes a seat."


async def test_a_command_that_lacks_something_tells_what_it_could_be(desk: Desk) -> None:
    assert await carry_out(desk, "/mode") == "Please say more: /mode MODE, one of round_robin, argumentative, dynamic."
    assert await carry_out(desk, "/mute") == "Please say more: /mute AGENT, one of Ada."
    assert await carry_out(desk, "/export") == "Please say more: /export FORMAT [FILE], one of md, csv, json."


async def test_another_mode_is_told_by_what_it_means(desk: Desk) -> None:
    assert await carry_out(desk, "/mode ROUND_ROBIN") == "Everyone in turn from now on."


@pytest.mark.parametrize(
    ("before", "typed", "words"),
    [
        ("/e", "/e", ["/extend", "/export"]),
        ("/mute a", "a", ["Ada", "Ada 2"]),
        ("/invite ", "", ["Kenji", "Noor"]),
        ("/export m", "m", ["md"]),
        ("/stop ", "", []),
        ("/nonsense a", "a", []),
        ("What of rye, @ada ", "ada ", ["Ada 2"]),
        ("@", "", ["Ada", "Ada 2", "all"]),
        ("@Ada what", "Ada what", []),
        ("plain words", "", []),
        ("", "", []),
    ],
)
def test_commands_names_and_formats_are_completed(before: str, typed: str, words: list[str]) -> None:
    assert completions(before, SEATS, PERSONAS) == (typed, words)


def test_sentences_about_commands_elsewhere_name_those_here() -> None:
    told = here("All seats are taken. `/agent remove` makes room; `/room extend turns:5` goes on. /room stop ends.")
    assert told == "All seats are taken. /remove makes room; /extend goes on. /stop ends."
    assert {"remove", "extend", "stop"} <= {order.name for order in ORDERS}
