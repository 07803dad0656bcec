"""/help is one page for who asks, with commands to be clicked; and every name that is typed is completed."""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from rooms_bot.chat.bot import RoomsBot
from rooms_bot.sandbox.server import Sandbox
from tests.wire.channel import Channel, bot_in, words

Wire = dict[str, Any]
ROUND = {"mode": "round_robin", "pace": 0, "orchestrator_every": 0}
NAMES = {"agent", "agents", "persona", "model", "language"}
TEXT_OPTION = 3


@pytest.fixture
async def bot(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[RoomsBot]:
    async with bot_in(sandbox, tmp_path, rooms_models=("openai/other",)) as running:
        yield running


@pytest.fixture
def lounge(sandbox: Sandbox, bot: RoomsBot) -> Channel:
    del bot
    return Channel(sandbox)


async def test_it_is_one_page_that_the_asker_alone_sees(lounge: Channel, sandbox: Sandbox) -> None:
    page = await lounge.do("help")
    for part in ("## Rooms", "### Taking part", "### Hosting", "### Privacy"):
        assert part in page
    assert len(page) < 4000
    assert not [one for one in Channel(sandbox, "Sam").messages() if "### Taking part" in words(one)]


async def test_its_commands_can_be_clicked_and_are_all_there_are(lounge: Channel) -> None:
    page = await lounge.do("help")
    linked = dict(re.findall(r"</([a-z ]+):(\d+)>", page))
    registered = {one["name"]: one for one in lounge.people.commands(lounge.user)}
    for command, number in linked.items():
        name, _, sub = command.partition(" ")
        assert registered[name]["id"] == number
        assert sub in {option["name"] for option in registered[name]["options"]}
    assert "room start" in linked
    assert "{" not in page


async def test_a_command_that_discord_does_not_know_is_named_all_the_same(bot: RoomsBot) -> None:
    assert bot.linked("room start").startswith("</room start:")
    assert bot.linked("nothing here") == "`/nothing here`"


def typed(options: list[Wire], path: str) -> Iterator[tuple[str, Wire]]:
    """All text options of a command, each with the command's whole name."""
    for option in options:
        if option["type"] in (1, 2):
            yield from typed(option.get("options", []), f"{path} {option['name']}")
        elif option["type"] == TEXT_OPTION:
            yield path, option


async def test_every_name_that_can_be_typed_is_completed(lounge: Channel) -> None:
    bare = [
        f"{path} {option['name']}"
        for command in lounge.people.commands(lounge.user)
        for path, option in typed(command.get("options", []), command["name"])
        if option["name"] in NAMES and not option.get("autocomplete") and not option.get("choices")
    ]
    assert bare == []


async def choices(lounge: Channel, command: str, option: str, **given: str) -> list[tuple[str, str]]:
    found = await lounge.people.autocomplete(lounge.user, lounge.id, command, {option: "", **given}, option)
    return [(one["name"], one["value"]) for one in found]


async def test_what_is_in_force_is_marked_and_stands_for_itself(lounge: Channel) -> None:
    await lounge.do("room start", topic="Bread", agents="Ada", language="German", human_every=1, **ROUND)
    assert (await choices(lounge, "room configure", "language"))[:2] == [
        ("German (now)", "German"),
        ("English", "English"),
    ]
    assert ("Ada (now)", "Ada") in await choices(lounge, "agent configure", "persona", agent="ada")
    assert ("none (now)", "none") in await choices(lounge, "agent configure", "model", agent="Ada")
    await lounge.do("agent configure", agent="Ada", model="openai/other")
    marked = await choices(lounge, "agent configure", "model", agent="Ada")
    assert ("openai/other (now)", "openai/other") in marked
    assert ("none", "none") in marked
    assert ("none (now)", "none") in await choices(lounge, "orchestrator set", "model")


async def test_the_servers_language_is_proposed_first_for_a_new_room(lounge: Channel) -> None:
    first, *_ = await choices(lounge, "room start", "language")
    assert first == ("American English (now)", "American English")
    assert ("German", "German") in await choices(lounge, "room start", "language")


async def test_before_there_is_a_room_nothing_is_marked_and_nothing_fails(lounge: Channel) -> None:
    assert await choices(lounge, "agent configure", "persona", agent="Ada")
    assert await choices(lounge, "orchestrator set", "model") == [
        (name, name) for name in ("offline", "openai/other", "none")
    ]
