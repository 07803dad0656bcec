"""What is written for operators is so."""

import re
from typing import Any

import discord
from pydantic import SecretStr

from rooms_bot.chat.permissions import NEEDED
from rooms_bot.settings import Settings
from tests.docs.pages import marked, page, table

PERMISSIONS = re.compile(r"^The permissions: (.+?)\.", re.DOTALL | re.MULTILINE)


def test_the_table_of_settings_has_every_setting_with_its_default() -> None:
    written = {marked(name)[0]: (marked(default) or [""])[0] for name, default, _ in settings()}
    assert written == {name.upper(): plain(field.default) for name, field in Settings.model_fields.items()}


def test_the_example_names_every_setting_and_holds_nothing_that_differs() -> None:
    example = dict(re.findall(r"^#?([A-Z_]+)=(.*)$", page(".env.example"), re.MULTILINE))
    fields = {name.upper(): plain(field.default) for name, field in Settings.model_fields.items()}
    assert set(fields) <= set(example)
    values = {name: example[name].removeprefix("./") for name in fields if name != "ROOMS_MODEL"}
    assert values == {name: default for name, default in fields.items() if name != "ROOMS_MODEL"}


def test_the_permissions_are_those_the_bot_asks_for() -> None:
    found = PERMISSIONS.search(page("docs/operating.md"))
    assert found is not None
    shown = re.split(r",\s+", found.group(1).replace("View Channels", "View Channel"))
    names = [name.replace(" ", "_").lower() for name in shown]
    assert discord.Permissions(**dict.fromkeys(names, True)) == discord.Permissions(NEEDED.value)


def settings() -> list[list[str]]:
    return table(page("docs/operating.md"), "variable")


def plain(default: Any) -> str:
    """A default as one writes it into `.env`."""
    if default is None or default == () or isinstance(default, SecretStr):
        return ""
    return str(int(default)) if isinstance(default, bool) else str(default)
