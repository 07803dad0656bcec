"""What people read, in their language: gettext catalogues by Discord's locale, English where one has no word for it.

Sentences are marked with `_` where they are said, with `N_` where they are only named, and are the first argument of an
error. Values go in by name, afterwards: `_("**{name}** speaks next.").format(name=name)`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files

DOMAIN = "rooms"

_language: ContextVar[str] = ContextVar("language", default="en")


def _(text: str) -> str:
    """`text` in the language that is spoken here."""
    return _catalogue(_language.get()).gettext(text) if text else ""


def ngettext(one: str, many: str, number: float) -> str:
    """The form of the sentence that goes with `number`; it is not filled in."""
    return _catalogue(_language.get()).ngettext(one, many, 1 if number == 1 else 2)


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for it
    """Marks a sentence that is said later, by `_`."""
    return text


@contextmanager
def speaking(locale: object) -> Iterator[None]:
    """Within it, sentences are in this language: a locale as Discord names it (`de`, `en-GB`), or None for English."""
    token = _language.set(str(locale or "en"))
    try:
        yield
    finally:
        _language.reset(token)


def speak(locale: object) -> None:
    """From here on in this task, sentences are in this language; see `speaking`."""
    _language.set(str(locale or "en"))


@cache
def _catalogue(locale: str) -> NullTranslations:
    """The locale's own, else that of its language, else English."""
    for name in dict.fromkeys((locale, locale.partition("-")[0])):
        file = files("rooms_bot").joinpath("locales", name, "LC_MESSAGES", f"{DOMAIN}.mo")
        if name.replace("-", "").isalnum() and file.is_file():
            with file.open("rb") as compiled:
                return GNUTranslations(compiled)
    return NullTranslations()
