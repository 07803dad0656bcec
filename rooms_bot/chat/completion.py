"""What Discord proposes while somebody types the value of an option: at most 25 choices of 100 characters."""

from collections.abc import Iterable

from discord.app_commands import Choice

MOST, LONGEST = 25, 100


def complete(names: Iterable[str], current: str) -> list[Choice[str]]:
    """The names that go with what was typed, those that begin with it first."""
    typed = current.strip().casefold()
    fitting = [name for name in names if typed in name.casefold() and len(name) <= LONGEST]
    fitting.sort(key=lambda name: not name.casefold().startswith(typed))
    return [Choice(name=name, value=name) for name in fitting[:MOST]]


def complete_list(names: Iterable[str], current: str) -> list[Choice[str]]:
    """The same for the last name of a list with commas; those before it stand already."""
    *done, typed = [part.strip() for part in current.split(",")]
    taken = {name.casefold() for name in done}
    whole = [", ".join([*done, name]) for name in names if _goes_on(name, typed, taken)]
    return [Choice(name=text, value=text) for text in whole if len(text) <= LONGEST][:MOST]


def _goes_on(name: str, typed: str, taken: set[str]) -> bool:
    return typed.casefold() in name.casefold() and name.casefold() not in taken
