"""The shapes of application commands, and the rules that hold across a whole list of them."""

import re
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from rooms_bot.sandbox.forms import Body, Permissions, read
from rooms_bot.sandbox.refusals import Form, Refusal

Wire = dict[str, Any]
Words = dict[str, str | None]
Listed = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Number = Annotated[int | float, Field(ge=-(2**53), le=2**53)]

# https://discord.com/developers/docs/interactions/application-commands#application-command-object-application-command-naming
_NAME = re.compile(r"[-_'\w\u0900-\u097F\u0E00-\u0E7F]{1,32}")
_TOTAL = 8000


class ChoiceForm(Body):
    name: Listed
    name_localizations: Words | None = None
    value: Annotated[str, StringConstraints(max_length=6000)] | int | float


class OptionForm(Body):
    type: Annotated[int, Field(ge=1, le=11)]
    name: Annotated[str, StringConstraints(min_length=1, max_length=32)]
    name_localizations: Words | None = None
    description: Listed
    description_localizations: Words | None = None
    required: bool | None = None
    choices: Annotated[list[ChoiceForm], Field(max_length=25)] | None = None
    options: Annotated[list["OptionForm"], Field(max_length=25)] | None = None
    channel_types: list[int] | None = None
    min_value: Number | None = None
    max_value: Number | None = None
    min_length: Annotated[int, Field(ge=0, le=6000)] | None = None
    max_length: Annotated[int, Field(ge=1, le=6000)] | None = None
    autocomplete: bool | None = None


class CommandForm(Body):
    id: str | int | None = None
    type: Annotated[int, Field(ge=1, le=4)] | None = None
    name: Annotated[str, StringConstraints(min_length=1, max_length=32)]
    name_localizations: Words | None = None
    description: Annotated[str, StringConstraints(max_length=100)] | None = None
    description_localizations: Words | None = None
    options: Annotated[list[OptionForm], Field(max_length=25)] | None = None
    default_member_permissions: Permissions | None = None
    dm_permission: bool | None = None
    contexts: list[Annotated[int, Field(ge=0, le=2)]] | None = None
    integration_types: list[Annotated[int, Field(ge=0, le=1)]] | None = None
    nsfw: bool | None = None
    handler: int | None = None


class CommandList(Body):
    commands: list[CommandForm]


def read_command(data: object) -> Wire:
    """One command; raises Refusal 50035."""
    command = read(CommandForm, data)
    form = Form()
    _check_command(form, "", command)
    form.close()
    return command


def read_commands(data: object) -> list[Wire]:
    """A whole list for PUT; faults are told by the command's place in it."""
    form = Form()
    if not isinstance(data, list):
        form.fault("", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        form.close()
    try:
        commands: list[Wire] = read(CommandList, {"commands": data})["commands"]
    except Refusal as error:
        nested = (error.errors or {}).get("commands")
        raise Refusal(error.status, error.code, error.message, nested) from None
    for place, command in enumerate(commands):
        _check_command(form, f"{place}.", command)
    _check_twins(form, commands)
    form.close()
    return commands


def _check_twins(form: Form, commands: list[Wire]) -> None:
    seen = set()
    for place, command in enumerate(commands):
        key = (command.get("type") or 1, command["name"])
        if key in seen:
            form.fault(
                f"{place}.name", "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique"
            )
        seen.add(key)


def _check_command(form: Form, at: str, command: Wire) -> None:
    if (command.get("type") or 1) == 1:
        _check_name(form, f"{at}name", command["name"])
        if not command.get("description"):
            form.fault(f"{at}description", "BASE_TYPE_REQUIRED", "This field is required")
        _check_options(form, at, command.get("options") or [], depth=0)
        if _size(command) > _TOTAL:
            form.fault(at.rstrip("."), "APPLICATION_COMMAND_TOO_LARGE", f"Command exceeds maximum size ({_TOTAL})")
    elif command.get("description") or command.get("options"):
        form.fault(
            f"{at}description", "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_INVALID",
            "Context menu commands cannot have description",
        )  # fmt: skip


def _check_name(form: Form, at: str, name: str) -> None:
    if not _NAME.fullmatch(name) or name != name.lower():
        form.fault(at, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _check_options(form: Form, at: str, options: list[Wire], depth: int) -> None:
    names: set[str] = set()
    optional_seen = False
    for place, option in enumerate(options):
        here = f"{at}options.{place}."
        _check_name(form, f"{here}name", option["name"])
        if option["name"] in names:
            form.fault(f"{here}name", "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", "Option names must be unique")
        names.add(option["name"])
        if option["type"] in (1, 2):
            if depth + (option["type"] == 2) > 1:
                form.fault(f"{here}type", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-command option type invalid")
            _check_options(form, here, option.get("options") or [], depth + 1)
        elif option.get("required") and optional_seen:
            form.fault(
                f"{here}required", "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                "Required options must be placed before non-required options",
            )  # fmt: skip
        optional_seen |= not option.get("required")
        if option.get("autocomplete") and option.get("choices"):
            form.fault(
                f"{here}autocomplete", "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES_INVALID",
                "Autocomplete options cannot have choices",
            )  # fmt: skip
    if len({option["type"] in (1, 2) for option in options}) > 1:
        form.fault(
            f"{at}options", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
            "Sub-command and sub-command group option types are mutually exclusive to all other types",
        )  # fmt: skip


def _size(thing: Wire) -> int:
    """Characters of names, descriptions and choices' values, the longest translation standing for its text."""
    own = sum(_longest(thing, key) for key in ("name", "description"))
    own += sum(_longest(c, "name") + len(str(c["value"])) for c in thing.get("choices") or [])
    return own + sum(_size(option) for option in thing.get("options") or [])


def _longest(thing: Wire, key: str) -> int:
    texts = [thing.get(key), *(thing.get(f"{key}_localizations") or {}).values()]
    return max(len(text) for text in texts if text is not None) if any(texts) else 0
