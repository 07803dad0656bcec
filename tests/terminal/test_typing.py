"""`rooms-bot chat` on a terminal: asked, typed, interrupted, saved."""

import asyncio
import json
import os
import signal
from pathlib import Path

import pytest

from tests.terminal.tty import CTRL_C, CTRL_D, ENTER, TAB, on_terminal

ROOM = ("--mode", "round_robin", "--pace", "0", "--every", "0", "--name", "Theo")
TWO = ("--topic", "Bread", "--agents", "Ada, Kenji")
HALVES = """
def speak(request):
    yield "<think>hm</think>Ada: The first half"
    open("go").read()
    yield " and the second."
"""
ENDLESS = """
import threading

def speak(request):
    yield f"{request.seat.name.upper()}BEGINS"
    threading.Event().wait()
"""
SAVE = "kept nowhere else: save it? markdown/csv/json/no [markdown]"


def plugin(folder: Path, text: str) -> dict[str, str]:
    """The environment in which every agent answers by this function, without a greeting."""
    (folder / "agent.py").write_text(text, encoding="utf-8")
    for name in ("Ada", "Kenji"):
        (folder / f"{name}.md").write_text(f"---\nname: {name}\n---\nYou are {name}.\n", encoding="utf-8")
    return {"ROOMS_MODEL": "python/agent.py:speak", "ROOMS_PERSONAS_DIR": ".", "ROOMS_PLUGINS_DIR": "."}


def saved(folder: Path, name: str) -> str:
    """What the files whose names begin so have in them."""
    return "".join(file.read_text(encoding="utf-8") for file in folder.iterdir() if file.name.startswith(name))


async def test_whoever_answers_the_wizard_gets_that_room_and_is_asked_to_save_it(tmp_path: Path) -> None:
    async with on_terminal(tmp_path, "--pace", "0") as terminal:
        await terminal.answers("Your name", "Theo")
        await terminal.answers("know of you", "A baker.")
        await terminal.answers("What is the room about?", "Bread")
        await terminal.answers(
            "Who speaks next: round_robin (in turn), argumentative (side against side) or dynamic", "loud"
        )
        await terminal.answers("The mode is round_robin, argumentative or dynamic, not “loud”.", f"round{TAB}")
        await terminal.answers("After how many turns does it end [20]?", "2")
        await terminal.answers("Who takes part", "Ada, Bob")
        await terminal.sees("There is no persona called “Bob”.")
        await terminal.completes("Ada, Ken", "Kenji")
        await terminal.answers("There are Ada, Kenji. Who of them gets a temperature or instructions", "kenji")
        await terminal.answers("Kenji's temperature, 0 to 2 [0.6]:", "0.5")
        await terminal.answers("Instructions for Kenji", "Be brief.")
        await terminal.answers("orchestrator sum up", "0")
        await terminal.sees("All 2 turns are taken and the room is over. /extend lets it go on")
        terminal.press("/extend\r")
        await terminal.sees("All 4 turns are taken and the room is over.")
        terminal.press("Too late?\r")
        await terminal.sees("The room is over. /extend lets it go on")
        terminal.press(CTRL_D)
        await terminal.answers(SAVE, "perhaps")
        await terminal.answers("Please answer markdown, csv, json or no.", "json")
        assert await terminal.ends() == 0
        assert terminal.echoes
    kept = json.loads(saved(tmp_path, "bread-"))
    assert kept["events"][0]["config"]["turns"] == 2
    [kenji] = [event["seat"] for event in kept["events"] if event["kind"] == "configured"]
    assert (kenji["name"], kenji["temperature"], kenji["instructions"]) == ("Kenji", 0.5, "Be brief.")


@pytest.mark.parametrize("key", [CTRL_C, pytest.param(CTRL_D, marks=pytest.mark.slow)])
async def test_who_leaves_the_wizard_leaves_no_trace(tmp_path: Path, key: str) -> None:
    async with on_terminal(tmp_path) as terminal:
        await terminal.answers("Your name")
        await terminal.sees("know of you")
        terminal.press(key)
        assert await terminal.ends() == 0
        assert terminal.echoes
        assert "Traceback" not in terminal.raw
    assert not os.listdir(tmp_path)


async def test_an_answer_is_seen_as_it_grows_while_somebody_types(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "go")
    async with on_terminal(tmp_path, *ROOM, *TWO, "--turns", "1", **plugin(tmp_path, HALVES)) as terminal:
        seen = await terminal.sees("Ada: The first half")
        assert "<think" not in terminal.raw
        assert seen.count("Ada:") == 1
        await terminal.completes("/wh", "/who")
        await terminal.sees("Not here yet (/invite): Ishaan")
        await asyncio.to_thread((tmp_path / "go").write_text, "go on")
        await terminal.sees("Ada: The first half and the second.")
        await terminal.sees("The one turn is taken and the room is over")
        terminal.press(f"/stop{ENTER}")
        await terminal.answers(SAVE)
        assert await terminal.ends() == 0
    assert "The first half and the second." in saved(tmp_path, "bread-"), "Enter alone loses nothing"


async def test_names_are_completed_and_whoever_is_asked_speaks(tmp_path: Path) -> None:
    async with on_terminal(tmp_path, *ROOM, *TWO, **plugin(tmp_path, ENDLESS)) as terminal:
        await terminal.sees("ADABEGINS")
        await terminal.completes("What of rye, @ke", "Kenji")
        await terminal.sees("Theo: What of rye, @Kenji")
        await terminal.sees("KENJIBEGINS")
        terminal.press(f"/why{ENTER}")
        await terminal.sees("Kenji has the turn: Theo asked it.")
        terminal.press(CTRL_D)
        await terminal.answers(SAVE, "no")
        assert await terminal.ends() == 0
    assert not saved(tmp_path, "bread-")


async def test_ctrl_c_stops_the_thought_then_the_room(tmp_path: Path) -> None:
    async with on_terminal(tmp_path, *ROOM, *TWO, **plugin(tmp_path, ENDLESS)) as terminal:
        await terminal.sees("Ada is speaking")
        terminal.press(CTRL_C)
        await terminal.sees("Ada is skipped.")
        await terminal.sees("Ctrl-C again within 2 seconds ends the room.")
        await terminal.sees("Kenji is speaking")
        terminal.press(f"One word.{ENTER}")
        await terminal.sees("Theo: One word.")
        terminal.press(CTRL_C + CTRL_C)
        await terminal.sees("The room is over")
        await terminal.answers(SAVE, "md")
        await terminal.sees("Saved as ")
        assert await terminal.ends() == 0
        assert terminal.echoes
    assert "> One word." in saved(tmp_path, "bread-")


async def test_ctrl_c_ends_a_room_in_which_nobody_thinks(tmp_path: Path) -> None:
    async with on_terminal(tmp_path, *ROOM, *TWO, "--human-every", "1") as terminal:
        await terminal.sees("waits for you, at most 60 seconds. Enter alone lets them go on.")
        terminal.press(ENTER)
        await terminal.sees("waits for you")
        terminal.press(CTRL_C)
        await terminal.sees("The room is over")
        await terminal.sees(SAVE)
        terminal.press(CTRL_C)
        assert await terminal.ends() == 0


async def test_sigterm_leaves_the_terminal_as_it_was_and_saves_what_was_to_be_saved(tmp_path: Path) -> None:
    given = plugin(tmp_path, ENDLESS)
    async with on_terminal(tmp_path, *ROOM, *TWO, "--export", "md", "talk.md", **given) as terminal:
        await terminal.sees("Ada is speaking")
        terminal.process.send_signal(signal.SIGTERM)
        assert await terminal.ends() == 0
        assert terminal.echoes
        assert "Traceback" not in terminal.raw
    assert (tmp_path / "talk.md").exists()


async def test_logs_stand_above_the_line_and_cannot_touch_the_terminal(tmp_path: Path) -> None:
    failing = 'def speak(request):\n    raise ValueError("\\x1b[2Jsecret details")\n'
    async with on_terminal(tmp_path, *ROOM, *TWO, **plugin(tmp_path, failing)) as terminal:
        await terminal.sees("secret details")
        assert "\x1b[2J" not in terminal.raw
        await terminal.sees("The room is paused")
        terminal.press(CTRL_D)
        assert await terminal.ends() == 0
