"""What Discord proposes while somebody types the value of an option: at most 25 choices of 100 characters."""

from collections.abc import Iterable

from discord.app_commands import Choice

from rooms_bot.i18n import _

MOST, LONGEST = 25, 100

LANGUAGES = (
    "English",
    "German",
    "French",
    "Spanish",
    "Portuguese",
    "Italian",
    "Dutch",
    "Polish",
    "Ukrainian",
    "Russian",
    "Turkish",
    "Arabic",
    "Hindi",
    "Chinese",
    "Japanese",
    "Korean",
    "Indonesian",
    "Vietnamese",
    "Thai",
    "Greek",
    "Czech",
    "Hungarian",
    "Romanian",
    "Swedish",
    "Danish",
    "Norwegian",
    "Finnish",
    "Bulgarian",
    "Croatian",
    "Lithuanian",
    "Hebrew",
    "Bengali",
)
"""As prompts name them; any other can be typed."""


def complete(names: Iterable[str], current: str, now: str | None = None) -> list[Choice[str]]:
    """The names that go with what was typed, those that begin with it first; the one in force `now` is marked."""
    typed = current.strip().casefold()
    fitting = [name for name in names if typed in name.casefold() and len(name) <= LONGEST]
    fitting.sort(key=lambda name: not name.casefold().startswith(typed))
    return [Choice(name=_label(name, now), value=name) for name in fitting[:MOST]]


def _label(name: str, now: str | None) -> str:
    marked = _("{name} (now)").format(name=name)
    return marked if name == now and len(marked) <= LONGEST else name


def complete_language(current: str, now: str) -> list[Choice[str]]:
    """Languages that are common, after the one spoken now."""
    return complete(dict.fromkeys((*([now] if now else []), *LANGUAGES)), current, now)


def complete_list(names: Iterable[str], current: str) -> list[Choice[str]]:
    """The same for the last name of a list with commas; those before it stand already."""
    *done, typed = [part.strip() for part in current.split(",")]
    taken = {name.casefold() for name in done}
    whole = [", ".join([*done, name]) for name in names if _goes_on(name, typed, taken)]
    return [Choice(name=text, value=text) for text in whole if len(text) <= LONGEST][:MOST]


def _goes_on(name: str, typed: str, taken: set[str]) -> bool:
    return typed.casefold() in name.casefold() and name.casefold() not in taken
