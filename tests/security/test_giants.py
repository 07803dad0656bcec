"""Whatever is given as an option, the answer is a sentence, nothing fails, and nothing is half done."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest

from rooms_bot.chat.bot import RoomsBot
from rooms_bot.sandbox.server import Sandbox
from tests.security.hand import Hand, Wire, options_of, paths
from tests.security.rights import COMMANDS
from tests.wire.channel import Channel, words

STRING, INTEGER, NUMBER = 3, 4, 10
MOST, LARGEST = 6000, 2**53
TEXTS = (
    " ",
    "x" * (MOST + 1),
    "\u202e\u200b\u2066" * 90,
    "\n\u0301" * 90,
    "a\0b\ud83e",
    "@everyone <@&1> [x](https://discord.gg/x) ```\n# _*",
    "a," * 200,
    "../../../etc/passwd",
    "{name} {0} %s",
    "none",
)
NUMBERS = (LARGEST, -LARGEST, LARGEST + 1, 0, -1, 1e308)
OUTSIDE = "outside of what may be given"
UNGIVEN = ("role", "file")
"""Options that are no text and no number, and are asked about elsewhere."""
ROOM: Wire = {"topic": "Bread", "agents": "Ada,Kenji", "agents_answer": "people", "pace": 0, "turns": 500}


def hostile(option: Wire) -> Iterator[Any]:
    """Values for an option: as long and as large as Discord lets them be, and beyond."""
    if option.get("choices"):
        yield "x" * MOST
    elif option["type"] == STRING:
        most = option.get("max_length", MOST)
        yield from ("🦊" * most, *TEXTS)
    elif option["type"] in (INTEGER, NUMBER):
        yield from (*NUMBERS, option.get("min_value", 0), option.get("max_value", 0), float("nan"))


def tried(known: list[Wire]) -> Iterator[tuple[str, str, Any]]:
    """Each command with each hostile value of each of its options."""
    for path in paths(known):
        command = next(one for one in known if one["name"] == path.split()[0])
        for option in options_of(command, path.split()):
            for value in hostile(option):
                yield path, option["name"], value


def given(value: Any, lounge: Channel) -> Any:
    return lounge.id if value == "{lounge}" else value


def standing(bot: RoomsBot, lounge: Channel) -> tuple[Any, ...]:
    """All that a command can change."""
    room, guild = bot.house.room(int(lounge.id)).state, bot.guilds[0].id
    people, servers = bot.house.people.profile(guild, int(lounge.user)), bot.house.servers.of(guild)
    seats = {**room.seats, 0: room.moderator}
    return room.config, seats, {*room.muted}, room.phase, servers, people, bot.furniture.shelf.own(guild)


@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.slow)])
async def test_no_value_of_any_option_is_answered_with_a_fault(
    sandbox: Sandbox, lounge: Channel, bot: RoomsBot, caplog: pytest.LogCaptureFixture, every: int
) -> None:
    await bot.house.servers.change(int(sandbox.world.guild.id), introduced=True)
    await lounge.do("room start", **ROOM)
    hand, library = Hand(sandbox, lounge.user, lounge.id), Channel(sandbox, channel="library")
    wrong, count = [], 0
    for path, name, value in islice(tried(hand.known()), None, None, every):
        base = {key: given(one, lounge) for key, one in COMMANDS[path][1].items() if key not in UNGIVEN}
        there = Hand(sandbox, lounge.user, library.id) if path == "room start" else hand
        before = standing(bot, lounge)
        reply = await there.command(path, **base | {name: value})
        told = words(reply.message) if reply.message else reply.kind
        if not told or len(told) > 4000 or "went wrong" in told or reply.kind == "failed":
            wrong.append((path, name, repr(value)[:40], told[:200], reply.error))
        if OUTSIDE in told and standing(bot, lounge) != before:
            wrong.append((path, name, repr(value)[:40], "changed something", ""))
        if path == "room start" and told.startswith("The room is open"):
            await Channel(sandbox, channel="library").do("room stop")
        count += 1
    assert wrong == []
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []
    assert count > 300 // every
