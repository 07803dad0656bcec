"""What people read, in their language: gettext catalogues by Discord's locale, English where one has no word for it.

Sentences are marked with `_` where they are said, with `N_` where they are only named (`NN_` for what is counted), and
are the first argument of an error. Values go in by name, afterwards:
`_("**{name}** speaks next.").format(name=name)`.

Each interaction speaks the language of who caused it; a room's own task speaks English, so that reasons that are kept
are keys of the catalogues, and a notice the language of its server.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files

DOMAIN = "rooms"

Plural = tuple[str, str]
"""One and many, as English has them; said by `ngettext`."""

_COMMAS = ("de",)
"""Languages with a catalogue that part decimals by a comma, and thousands by a point."""
_SWAPPED = str.maketrans(",.", ".,")

_language: ContextVar[str] = ContextVar("language", default="en")


def _(text: str) -> str:
    """`text` in the language that is spoken here."""
    return _catalogue(_language.get()).gettext(text) if text else ""


def ngettext(one: str, many: str, number: float) -> str:
    """The form of the sentence that goes with `number`; it is not filled in. A fraction is many."""
    return _catalogue(_language.get()).ngettext(one, many, int(number) if number == int(number) else 2)


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for it
    """Marks a sentence that is said later, by `_`."""
    return text


def NN_(one: str, many: str) -> Plural:  # noqa: N802
    """Marks what is counted later: `ngettext(*TURNS, number)`."""
    return one, many


def number(value: float, digits: int | None = None) -> str:
    """With the separators of the language that is spoken here: `1,234.5`, `1.234,5`.

    `digits` stand after the point, else as many as it has, six at most.
    """
    text = f"{value:,.6f}".rstrip("0").rstrip(".") if digits is None else f"{value:,.{digits}f}"
    return text.translate(_SWAPPED) if _language.get().partition("-")[0] in _COMMAS else text


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


def spoken() -> str:
    """The language that is spoken here, by its locale."""
    return _language.get()


def has_words(locale: str) -> bool:
    """Whether there is a catalogue for this locale, or for its language."""
    return isinstance(_catalogue(locale), GNUTranslations)


@lru_cache(maxsize=64)
def _catalogue(locale: str) -> NullTranslations:
    """The locale's own, else that of its language, else English."""
    for name in dict.fromkeys((locale, locale.partition("-")[0])):
        file = files("rooms_bot").joinpath("locales", name, "LC_MESSAGES", f"{DOMAIN}.mo")
        if name.replace("-", "").isalnum() and file.is_file():
            with file.open("rb") as compiled:
                return GNUTranslations(compiled)
    return NullTranslations()
