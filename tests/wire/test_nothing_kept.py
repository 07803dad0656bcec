"""Of an ephemeral room nothing that was said lies on the disk: not while it goes on, and not however the bot ends."""

import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from rooms_bot.sandbox.server import Sandbox
from tests.cli.program import Program, pointed_at, started
from tests.models.openai_server import Hang
from tests.wire.channel import PATIENCE, Channel, Wire
from tests.wire.scripted import Model, scripted, talk

SAID, FILE, FILED, EDITED, DELETED = "quincunx", "xylographfile", "pangolin", "zugzwang", "syzygy"
ASKED, ANSWERED, THOUGHT, BROKEN, SUMMED, NOTED = (
    "okapi",
    "marzipan",
    "borborygm",
    "sesquipede",
    "kerfuffle",
    "gongoozle",
)
PLANTED = (SAID, FILE, FILED, EDITED, DELETED, ASKED, ANSWERED, THOUGHT, BROKEN, SUMMED, NOTED)
TOPIC, BACKGROUND = "Brioche", "breeds llamas"
"""Configuration, and so kept: that it is found shows that what is looked for would be."""
ROOM = {"mode": "round_robin", "pace": 0, "orchestrator_every": 3, "human_every": 1}
NOTES = ("ready", f"They spoke of the {NOTED}.")
"""What the model answers besides taking part: whether it is there, and what was said in short."""
ANSWER = f"<think>A {THOUGHT}, then.</think>The {ANSWERED}."


class Disk:
    """All that a bot of its own may write to."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.temporary = folder, folder / "tmp"
        self.temporary.mkdir()

    def holds(self, *words: str) -> list[str]:
        """Which of these are in any file, the database's write-ahead log and shared memory among them."""
        files = [file.read_bytes() for file in self.folder.rglob("*") if file.is_file()]
        return [word for word in words if any(word.encode() in data for data in files)]


@asynccontextmanager
async def bot_on(disk: Disk, sandbox: Sandbox, **more: str) -> AsyncIterator[Program]:
    """The bot in a process of its own, once it is online; it logs all that it ever logs."""
    given = pointed_at(sandbox, ROOMS_LOG_LEVEL="DEBUG", TMPDIR=str(disk.temporary), **more)
    async with started(disk.folder, "run", **given) as program:
        await program.out.has("is online as")
        yield program


def written(program: Program) -> list[str]:
    """Which of the planted words it wrote to its standard streams."""
    lines = "\n".join((*program.out.lines, *program.err.lines))
    return [word for word in PLANTED if word in lines]


async def menu(one: Channel, message: Wire) -> Wire:
    reply = await (await one.people.context(one.user, one.id, "Ask an agent about this", message["id"])).settled(
        PATIENCE
    )
    assert reply.modal is not None
    return reply.modal


async def exported(lounge: Channel) -> str:
    """The conversation as whoever asks for it gets it."""
    message = (await lounge.ask("room export", format="markdown")).message
    assert message is not None
    async with aiohttp.ClientSession() as session, session.get(message["attachments"][0]["url"]) as answer:
        return await answer.text()


async def talk_about_everything(lounge: Channel, model: Model, broken: Hang) -> None:
    """Whatever can be said in a room is said in this one."""
    await lounge.do("profile set", background=BACKGROUND)
    await lounge.do("room start", topic=TOPIC, agents="Ada", memory="ephemeral", turns=50, **ROOM)
    (answer,) = await lounge.until_posts(1)
    message = lounge.say(f"@Ada my {SAID}", attachments=[(f"{FILE}.md", f"a {FILED}".encode())])
    await lounge.until(lambda: BROKEN in lounge.posts()[-1]["content"])
    broken.released.set()
    await lounge.until_told("waits", 2)
    lounge.people.edit(lounge.user, message["id"], f"my {EDITED}")
    gone = lounge.say(f"@Ada my {DELETED}")
    await lounge.until_posts(3)
    lounge.people.delete(lounge.user, gone["id"])
    form = await menu(lounge, answer)
    (select, _) = [part["component"] for part in form["components"]]
    filled = {"agent": [select["options"][0]["value"]], "question": f"Why the {ASKED}?"}
    await (await lounge.people.submit(lounge.user, form, filled)).settled(PATIENCE)
    await lounge.until(lambda: any(SUMMED in post["content"] for post in lounge.posts()))
    for _ in range(6):
        lounge.say("@Ada more", attachments=[("long.md", b"crumb " * 1500)])
    await lounge.until(lambda: any(NOTED in talk(asked) for asked in model.sent("Ada")), patience=60)
    await lounge.do("room export", format="json")


@pytest.mark.slow
async def test_of_an_ephemeral_room_nothing_that_was_said_lies_on_the_disk(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk, lounge = Disk(tmp_path), Channel(sandbox)
    broken = Hang(text=f"It was a {BROKEN}. And it is long. ", cut=True)
    lines: dict[str, Any] = {"": NOTES, "Ada": (ANSWER, broken, "Yes."), "Moderator": f"So far: {SUMMED}."}
    async with scripted(monkeypatch, **lines) as model:
        key = {"OPENAI_API_BASE": model.base_url, "OPENAI_API_KEY": "sk-only-for-this-test"}
        async with bot_on(disk, sandbox, ROOMS_MODEL="openai/test", **key) as program:
            await talk_about_everything(lounge, model, broken)
            assert disk.holds(TOPIC, BACKGROUND) == [TOPIC, BACKGROUND]
            assert disk.holds(*PLANTED) == []
            assert await program.stopped_by(signal.SIGTERM) == 0
        assert (disk.holds(*PLANTED), written(program)) == ([], [])


async def test_a_bot_that_is_killed_leaves_nothing_either_and_reads_the_room_again_without_writing_it_down(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    disk, lounge = Disk(tmp_path), Channel(sandbox)
    async with bot_on(disk, sandbox) as program:
        await lounge.do("room start", topic=TOPIC, agents="Ada", agents_answer="people", turns=50, **ROOM)
        lounge.say(f"@Ada my {SAID}", attachments=[(f"{FILE}.md", f"a {FILED}".encode())])
        await lounge.until_posts(1)
        edited = lounge.say("wait")
        lounge.people.edit(lounge.user, edited["id"], f"my {EDITED}")
        await lounge.do("room status")
        assert disk.holds(TOPIC, *PLANTED) == [TOPIC]
        program.send(signal.SIGKILL)
        await program.ends()
    assert (disk.holds(*PLANTED), written(program)) == ([], [])
    async with bot_on(disk, sandbox) as program:
        await lounge.until_told("read again from the channel")
        lounge.say(f"@Ada the {ASKED}")
        await lounge.until_posts(2)
        known = await exported(lounge)
        assert not [word for word in (SAID, FILED, EDITED, ASKED) if word not in known]
        assert disk.holds(*PLANTED) == []
        assert await program.stopped_by(signal.SIGTERM) == 0
    assert (disk.holds(*PLANTED), written(program)) == ([], [])
