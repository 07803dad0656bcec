"""The page about the terminal agrees with its flags and commands, and its examples are accepted."""

import argparse
import shlex
from pathlib import Path

import pytest

from rooms_bot.agents.choice import Agents, Models
from rooms_bot.cli import parser
from rooms_bot.domain.events import Configured
from rooms_bot.domain.rooms import Seat
from rooms_bot.store.personas import read_library
from rooms_bot.terminal.flags import Wishes, wishes
from rooms_bot.terminal.notices import guide, opening
from rooms_bot.terminal.orders import ORDERS
from rooms_bot.terminal.plan import plan, shelf
from rooms_bot.terminal.wizard import wizard
from tests.docs.pages import code, page, table
from tests.models.rooms import TestRoom

PAGE = page("docs/terminal.md")


def flags() -> list[list[str]]:
    """Each flag of the parser as the table has it."""
    [doors] = [action for action in parser()._actions if isinstance(action, argparse._SubParsersAction)]
    return [
        [f"`{' '.join((action.option_strings[-1], *metavars(action)))}`", f"{action.help}"]
        for action in doors.choices["chat"]._actions
        if action.dest != "help"
    ]


def metavars(action: argparse.Action) -> tuple[str, ...]:
    return (action.metavar,) if isinstance(action.metavar, str) else action.metavar or ()


def test_the_table_of_flags_is_the_parsers() -> None:
    assert table(PAGE, "flag") == flags()


def test_the_table_of_commands_is_that_of_help() -> None:
    assert table(PAGE, "command") == [[f"`{order.usage}`", order.help] for order in ORDERS]


async def test_the_conversation_on_the_page_is_asked_for_and_opened_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "theo")
    dialogue, talk = code(PAGE, "text")
    _, *lines = dialogue.splitlines()

    async def ask(question: str, words: object) -> str:
        del words
        line = lines.pop(0)
        assert line.startswith(question)
        return line.removeprefix(question).strip()

    there = shelf(read_library().personas, ())
    made = plan(await wizard(Wishes(), there, ask, pytest.fail), there)
    room = TestRoom(*(Seat(id=one, name=card.name, persona=card) for one, card in enumerate(made.personas, 1)))
    room.happen(Configured(config=made.config))
    opened = opening(room.state, lambda _: Agents(Models("offline")).describe("offline"))
    assert not lines
    assert talk.startswith(f"{opened}\n{guide(room.state)}\n")


def test_the_examples_are_accepted(tmp_path: Path) -> None:
    [persona] = [block for block in code(page("docs/personas.md"), "markdown") if "name: Zoltan" in block]
    (tmp_path / "zoltan.md").write_text(persona, encoding="utf-8")
    for example in code(PAGE, "sh"):
        program, *rest = shlex.split(example.replace("zoltan.md", str(tmp_path / "zoltan.md")))
        assert program == "rooms-bot"
        wished = wishes(parser().parse_args(rest))
        assert len(plan(wished, shelf(read_library().personas, wished.personas)).personas) == 3
