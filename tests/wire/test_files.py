"""What members attach: text reaches the agents before they answer, all else is named."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from rooms_bot.chat.bot import RoomsBot
from rooms_bot.chat.inbound import MOST_BYTES, MOST_CHARACTERS
from rooms_bot.domain.talk import Line
from rooms_bot.sandbox.server import Sandbox
from tests.wire.channel import Channel, bot_in
from tests.wire.scripted import scripted, talk

ROUND = {"mode": "round_robin", "pace": 0, "orchestrator_every": 0, "human_every": 1}
PNG = b"\x89PNG\r\n\x1a\n"


MODEL = "openai/test"


@pytest.fixture
async def lounge(sandbox: Sandbox, bot: RoomsBot, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Channel]:
    """With a room in which Ada waits for people."""
    del bot
    async with scripted(monkeypatch, Ada="crumb"):
        one = Channel(sandbox)
        await one.do("room start", topic="Bread", agents="Ada", **ROUND)
        await one.until_told("waits")
        yield one


async def shared(lounge: Channel, bot: RoomsBot, *files: tuple[str, bytes]) -> Line:
    """Attach these and wait for what came of it: the line of the transcript."""
    lounge.say("look", attachments=list(files))
    await lounge.until_told("waits", 2)
    (line,) = [line for line in bot.house.room(int(lounge.id)).state.lines if line.member]
    return line


async def test_a_text_file_is_in_the_request_of_the_very_next_turn(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with (
        scripted(monkeypatch, Ada="crumb") as model,
        bot_in(sandbox, tmp_path, rooms_model="openai/test"),
    ):
        lounge = Channel(sandbox)
        await lounge.do("room start", topic="Bread", agents="Ada", **ROUND)
        await lounge.until_told("waits")
        lounge.say("my recipe", attachments=[("recipe.md", b"# Rye\n300 g of quincunx"), ("loaf.png", PNG)])
        await lounge.until_told("waits", 2)
        asked = talk(model.sent("Ada")[1])
    assert "300 g of quincunx" in asked
    assert "recipe.md" in asked
    assert "[image: loaf.png]" in asked


async def test_files_of_many_kinds_are_read_in_their_order_and_three_at_most(lounge: Channel, bot: RoomsBot) -> None:
    names = ("a.py", "b.CSV", "c.log", "d.txt")
    line = await shared(lounge, bot, *((name, name.encode()) for name in names))
    assert line.files == (("a.py", "a.py"), ("b.CSV", "b.CSV"), ("c.log", "c.log"))
    assert "[file: d.txt]" in line.text


async def test_a_marked_file_loses_its_mark_and_broken_characters_are_replaced(lounge: Channel, bot: RoomsBot) -> None:
    line = await shared(lounge, bot, ("a.txt", b"\xef\xbb\xbfna\xc3\xafve \xff"))
    assert line.files == (("a.txt", "naïve \ufffd"),)


async def test_what_only_looks_like_text_or_is_empty_is_answered_with_nothing(lounge: Channel, bot: RoomsBot) -> None:
    line = await shared(lounge, bot, ("a.txt", b"MZ\x00\x01"), ("b.txt", b""))
    assert line.files == (("a.txt", ""), ("b.txt", ""))


async def test_a_large_file_is_named_only_and_of_a_long_one_the_beginning_is_kept(
    lounge: Channel, bot: RoomsBot
) -> None:
    line = await shared(lounge, bot, ("big.txt", b"x" * (MOST_BYTES + 1)), ("long.txt", b"y" * MOST_BYTES))
    assert line.files == (("long.txt", "y" * MOST_CHARACTERS),)
    assert "[file: big.txt]" in line.text


async def test_a_file_that_is_gone_by_then_costs_nothing_but_its_text(
    lounge: Channel, bot: RoomsBot, sandbox: Sandbox
) -> None:
    said = lounge.say("look", attachments=[("a.txt", b"gone"), ("b.txt", b"there")])
    sandbox.world.files.pop(next(path for path in sandbox.world.files if path.endswith("a.txt")))
    await lounge.until_told("waits", 2)
    line = bot.house.room(int(lounge.id)).state.line(int(said["id"]))
    assert line is not None
    assert line.files == (("a.txt", ""), ("b.txt", "there"))


async def test_an_ignored_members_files_are_not_even_fetched(lounge: Channel, bot: RoomsBot, sandbox: Sandbox) -> None:
    sam = Channel(sandbox, "Sam")
    await sam.do("profile ignore")
    sam.say("look", attachments=[("a.txt", b"xyzzy")])
    line = await shared(lounge, bot, ("b.txt", b"plugh"))
    assert line.files == (("b.txt", "plugh"),)
    events = [event async for event in bot.house.room(int(lounge.id)).events()]
    assert "xyzzy" not in repr(events)


async def test_a_deleted_message_takes_its_files_along(lounge: Channel, bot: RoomsBot) -> None:
    said = lounge.say("look", attachments=[("a.txt", b"xyzzy")])
    await lounge.until_told("waits", 2)
    lounge.people.delete(lounge.user, said["id"])
    lounge.say("go on")
    await lounge.until_told("waits", 3)
    events = [event async for event in bot.house.room(int(lounge.id)).events()]
    assert "xyzzy" not in repr(events)
