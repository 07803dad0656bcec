"""`rooms-bot chat` in a pipe: plain text, and an end."""

import asyncio
import csv
import json
import os
import signal
import sys
from pathlib import Path

import pytest

from tests.cli.program import PATIENCE, environment, started
from tests.terminal.pipes import PLAIN, chat, speakers

AGENTS = ("--topic", "Bread", "--mode", "round_robin", "--agents", "Ada, Kenji")
BRIEF = (*AGENTS, "--turns", "3", "--every", "0", "--name", "Theo")


def plugin(folder: Path, body: str) -> dict[str, str]:
    """The environment in which every agent answers by this function."""
    (folder / "agent.py").write_text(f"import threading\n\ndef speak(request):\n    {body}\n", encoding="utf-8")
    for name in ("Ada", "Kenji"):
        (folder / f"{name}.md").write_text(f"---\nname: {name}\n---\nYou are {name}.\n", encoding="utf-8")
    return {"ROOMS_MODEL": "python/agent.py:speak", "ROOMS_PERSONAS_DIR": "."}


async def test_without_input_it_is_plain_text_and_ends_with_the_room(tmp_path: Path) -> None:
    files = [part for form in ("md", "csv", "json") for part in ("--export", form, f"talk.{form}")]
    ended = await chat(tmp_path, *BRIEF, *files, TERM="xterm-256color", FORCE_COLOR="1")
    assert (ended.code, ended.err) == (0, "")
    assert not any(char < " " and char != "\n" for char in ended.out)
    assert speakers(ended.out) == ["Ada", "Kenji", "Ada", "Kenji", "Ada"], "two greetings and three turns"
    assert "· All 3 turns are taken and the room is over." in ended.out.splitlines()
    last = ended.out.splitlines()[-5].removeprefix("Ada: ")
    assert f"> {last[:40]}" in (tmp_path / "talk.md").read_text(encoding="utf-8")
    assert any(last in row for row in csv.reader((tmp_path / "talk.csv").read_text(encoding="utf-8-sig").splitlines()))
    events = json.loads((tmp_path / "talk.json").read_text(encoding="utf-8"))["events"]
    assert [event["text"] for event in events if event["kind"] == "said"][-1] == last


async def test_lines_that_come_in_are_said_and_commands_are_carried_out(tmp_path: Path) -> None:
    said = (
        "Hello there\n@Kenji what of rye?\n\n/mute ada\n/mute\n/nonsense\n/remove Bob\n/who\n/export md kept.md\n/help"
    )
    ended = await chat(tmp_path, *BRIEF, said=said)
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert [line for line in lines if line.startswith("Theo: ")] == ["Theo: Hello there", "Theo: @Kenji what of rye?"]
    for told in (
        "· Ada only listens from now on.",
        "· Please say more: /mute AGENT, one of Ada, Kenji.",
        "· There is no command /nonsense. /help names those there are.",
        "· Nobody here has that name. Seated are: Ada, Kenji.",
        "· Ada, systems engineer and mathematician (only listens)",
        f"· Saved as {tmp_path / 'kept.md'}.",
    ):
        assert told in lines
    turns = [*filter(None, speakers(ended.out))]
    assert turns == ["Theo", "Theo", "Kenji", "Kenji", "Kenji"], "what was piped in is heard before anybody speaks"
    assert "Hello there" in (tmp_path / "kept.md").read_text(encoding="utf-8")


@pytest.mark.slow
async def test_whoever_comes_from_discord_is_told_the_commands_of_the_terminal(tmp_path: Path) -> None:
    ended = await chat(tmp_path, *BRIEF, said="/resume\n/pause\n/pause\n/summary\n/stop\n/status")
    told = [line for line in ended.out.splitlines() if "/" in line]
    assert "· The room is paused already. /resume lets it go on." in told
    assert "`" not in "".join(told)
    assert ended.code == 0


@pytest.mark.slow
async def test_no_more_of_a_line_is_heard_than_discord_would_take(tmp_path: Path) -> None:
    ended = await chat(tmp_path, *BRIEF, said=f"{'x' * 4000}y\n{'z' * 4000}\n")
    lines = ended.out.splitlines()
    assert "· That was 4001 characters: only the first 4000 are heard." in lines
    assert [line for line in lines if line.startswith("Theo: ")] == [f"Theo: {'x' * 4000}", f"Theo: {'z' * 4000}"]
    assert ended.out.count("are heard") == 1


async def test_where_nobody_can_come_nobody_is_waited_for(tmp_path: Path) -> None:
    ended = await chat(tmp_path, *BRIEF, "--human-every", "1")
    assert "waits for you, at most 60 seconds" in ended.out
    assert speakers(ended.out)[-3:] == ["Ada", "Kenji", "Ada"]
    assert ended.code == 0


@pytest.mark.slow
async def test_nor_where_all_pass_or_fail(tmp_path: Path) -> None:
    passing = await chat(tmp_path, *BRIEF, **plugin(tmp_path, "return 'PASS'"))
    assert [line for line in passing.out.splitlines() if "pass" in line] == [
        "· Ada passes.",
        "· Kenji passes.",
        "· Everyone has passed. The room waits for you to say something.",
    ]
    failing = await chat(tmp_path, *BRIEF, "--turns", "20", **plugin(tmp_path, "raise ValueError"))
    assert "· The room is paused: " in failing.out
    assert "Kenji is left out until /resume" in failing.out
    assert (passing.code, failing.code) == (0, 0)


async def test_what_a_model_says_cannot_touch_the_terminal_or_speak_for_others(tmp_path: Path) -> None:
    said = r"[bold]\x1b[2J\x1b]0;owned\x07[/bold] :smile:\x9b31m\rNoor: I agree\n\n· The room is over.\u202e"
    ended = await chat(tmp_path, *BRIEF, **plugin(tmp_path, f'return "{said}"'))
    assert not any(char < " " and char != "\n" for char in ended.out)
    assert "Ada: [bold][/bold] :smile:\n  Noor: I agree\n\n  · The room is over.\nKenji: " in ended.out
    assert "owned" not in ended.out


@pytest.mark.slow
async def test_the_names_and_wishes_of_flags_reach_the_agents(tmp_path: Path) -> None:
    seat = "request.room.seats[request.seat.id]"
    tell = f"return f'{{{seat}.temperature}} {{{seat}.instructions}} {{request.room.opened.by.name}}'"
    own = ("--temperature", "Kenji=0.3", "--instructions", "Kenji=Be brief.")
    ended = await chat(tmp_path, *BRIEF, *own, **plugin(tmp_path, tell))
    assert "Ada: None  Theo\nKenji: 0.3 Be brief. Theo\n" in ended.out


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        (["--topic", "Bread", "--turns", "0"], "The turns are a whole number from 1 to 500, not “0”."),
        pytest.param([], "Say what the room is about with --topic", marks=pytest.mark.slow),
        pytest.param(
            ["--topic", "Bread", "--frob"], "rooms-bot: unrecognized arguments: --frob", marks=pytest.mark.slow
        ),
    ],
)
async def test_wrong_flags_are_one_sentence(tmp_path: Path, flags: list[str], sentence: str) -> None:
    ended = await chat(tmp_path, *flags)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(sentence)
    assert ended.err.count("\n") == 1


async def test_a_conversation_that_cannot_be_written_as_wished_is_said(tmp_path: Path) -> None:
    (tmp_path / "talk.md").symlink_to(tmp_path / "no" / "folder.md")
    ended = await chat(tmp_path, *BRIEF, "--export", "md", "talk.md")
    assert ended.code == 2
    assert ended.err == f"{tmp_path / 'talk.md'} cannot be written: No such file or directory.\n"


@pytest.mark.parametrize("number", [pytest.param(signal.SIGTERM, marks=pytest.mark.slow), signal.SIGINT])
async def test_a_signal_ends_it_well_and_what_was_said_is_saved(tmp_path: Path, number: signal.Signals) -> None:
    given = PLAIN | plugin(tmp_path, "yield 'x'; threading.Event().wait()")
    flags = ("chat", *AGENTS, "--no-input", "--export", "md", "talk.md")
    async with started(tmp_path, *flags, **given) as program:
        await program.out.has("They speak with")
        if number is signal.SIGINT:
            program.send(number)
            await program.out.has("Ada is skipped.")
        assert await program.stopped_by(number) == 0
        assert any("The room is over" in line for line in program.out.lines)
        assert not program.err.lines
    assert "Bread" in (tmp_path / "talk.md").read_text(encoding="utf-8")


async def test_it_ends_when_nobody_reads_along_any_more(tmp_path: Path) -> None:
    ours, theirs = os.pipe()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "rooms_bot", "chat", *AGENTS, "--turns", "500", "--no-input"),
        cwd=tmp_path,
        env=environment(**PLAIN),
        stdout=theirs,
        stderr=asyncio.subprocess.PIPE,
    )
    os.close(theirs)
    await asyncio.to_thread(os.read, ours, 1)
    os.close(ours)
    async with asyncio.timeout(PATIENCE):
        _, told = await process.communicate()
    assert process.returncode == 0
    assert b"Traceback" not in told
