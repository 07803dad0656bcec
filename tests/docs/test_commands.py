"""What the documentation says of commands is what the bot registers."""

import re
from pathlib import Path

from discord import AppCommandOptionType
from discord.app_commands.commands import Parameter

from rooms_bot.chat.buttons import LABELS
from rooms_bot.sandbox.server import Sandbox
from tests.docs.pages import code, marked, page, table
from tests.wire.channel import Channel, bot_in
from tools.commands import everything, tables, who
from tools.pages import with_part


async def test_the_tables_of_commands_are_those_of_the_bot() -> None:
    written = page("docs/commands.md")
    assert with_part(written, "commands", await tables()) == written, "run `python -m tools.commands`"


async def test_the_readme_names_every_command_and_no_other() -> None:
    there = [f"/{command.qualified_name}" for command in await everything()]
    named = [name for row in table(page("README.md"), "command") for name in marked(row[0])]
    assert sorted(named) == sorted(there)


async def test_the_command_that_the_readme_tells_a_newcomer_to_type_is_taken(tmp_path: Path) -> None:
    readme = page("README.md")
    [(topic, agents)] = re.findall(r"^/room start topic:(.+) agents:(.+)$", readme, re.MULTILINE)
    asked = re.findall(r"`@(\w+) [^`]+`", readme)
    async with Sandbox() as sandbox, bot_in(sandbox, tmp_path):
        answer = await Channel(sandbox).do("room start", topic=topic, agents=agents)
    assert "The room is open" in answer
    assert set(asked) <= set(agents.split(", "))


async def test_who_may_use_a_command_is_as_written(tmp_path: Path) -> None:
    every = await everything()
    async with Sandbox() as sandbox, bot_in(sandbox, tmp_path):
        await Channel(sandbox).do("room start", topic="Bread", agents="Ada, Kenji", human_every=1, pace=0)
        sam = Channel(sandbox, "Sam")
        for command in every:
            options = {one.display_name: some(one, sam.id) for one in command.parameters if one.required}
            answer = await sam.do(command.qualified_name, **options)
            refused = {"Only hosts": "Hosts.", "Manage Server": "Who may manage the server."}
            asked = next((whom for words, whom in refused.items() if words in answer), "Everyone.")
            assert who(command) == asked, command.qualified_name


def some(parameter: Parameter, channel: str) -> object:
    """A value it takes."""
    if parameter.choices:
        return parameter.choices[0].value
    if parameter.type is AppCommandOptionType.attachment:
        return "ada.md", b""
    if parameter.type is AppCommandOptionType.channel:
        return channel
    return 1 if parameter.min_value == 0 else "Ada"


def test_what_the_readme_runs_is_in_the_makefile() -> None:
    makefile = page("Makefile")
    [block] = [block for block in code(page("README.md"), "") if "make" in block]
    for line in block.splitlines():
        make, target = line.split()[:2]
        assert make == "make"
        assert f"\n{target}:" in makefile


def test_the_buttons_are_those_the_bot_makes() -> None:
    told = [row[0] for row in table(page("docs/commands.md"), "button")]
    assert sorted(told) == sorted(label for label, _ in LABELS.values())
