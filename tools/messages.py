"""Brings the catalogues in `rooms_bot/locales` up to what the bot says: `make messages`.

A language is a folder there, named as Discord names its locale, with `LC_MESSAGES/rooms.po`, which people edit, and the
`rooms.mo` made of it, which is read. New sentences are added without words, those nobody says any more are dropped.
`python -m tools.messages --check` only fails, naming what is to be done, where a catalogue is behind or German is
not complete.
"""

import ast
import asyncio
import io
import sys
from collections.abc import Callable, Iterable, Sequence
from gettext import GNUTranslations
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from discord import Locale
from discord.app_commands import TranslationContextTypes, Translator, locale_str

from rooms_bot.chat.translator import is_said
from rooms_bot.i18n import DOMAIN
from tools.commands import tree

ROOT = Path(__file__).parents[1]
LOCALES = ROOT / "rooms_bot" / "locales"

COMPLETE = ("de",)
"""What every sentence has words in."""

SAID = {"_", "N_", "Refused", "OutletGone", "PostBlocked", "Unfit", "Malformed"}
"""Whose first argument is a sentence."""
COUNTED = {"ngettext", "NN_"}
"""Whose first two are one and many."""

ELSEWHERE = {"sandbox", "terminal", "migrations"}
"""Places that nobody on Discord hears of. The operator's own sentences, of errors of the set-up, are English too."""

Id = str | tuple[str, str]


class Words(Catalog):
    """A catalogue whose head says only what must be known to read it: no dates, names or programs, which change."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Language", str(self.locale_identifier)),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", self.plural_forms),
        ]


def main(arguments: Sequence[str]) -> int:
    said = asyncio.run(sentences())
    faults = []
    for folder in sorted(path.parent for path in LOCALES.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        language = folder.parent.name
        faults += [f"{language}: {fault}" for fault in (check if "--check" in arguments else renew)(folder, said)]
    print(*faults, sep="\n", end="\n" if faults else "")
    return 1 if faults else 0


def renew(folder: Path, said: Iterable[Id]) -> list[str]:
    """Write the language's two files anew; what is then still to be done, in words."""
    language = folder.parent.name
    words = renewed(language, _read(folder), said)
    (folder / f"{DOMAIN}.po").write_bytes(as_po(words))
    (folder / f"{DOMAIN}.mo").write_bytes(as_mo(words))
    return [f"“{one}” has no words yet" for one in wanting(words)] if language in COMPLETE else []


def check(folder: Path, said: Iterable[Id]) -> list[str]:
    """What is wrong with the language's two files, in words."""
    language, old = folder.parent.name, _read(folder)
    words = renewed(language, old, said)
    known, now = {message.id for message in old if message.id}, {message.id for message in words if message.id}
    faults = [f"“{_shown(one)}” is not in the catalogue: run `make messages`" for one in now - known]
    faults += [f"“{_shown(one)}” is said nowhere any more: run `make messages`" for one in known - now]
    if not faults and (folder / f"{DOMAIN}.po").read_bytes() != as_po(words):
        faults.append("the catalogue is not as `make messages` writes it")
    if not _reads_as(folder / f"{DOMAIN}.mo", words):
        faults.append(f"{DOMAIN}.mo is not made of this {DOMAIN}.po: run `make messages`")
    if language in COMPLETE:
        faults += [f"“{one}” has no words, or doubtful ones" for one in wanting(words)]
    return sorted(faults)


def renewed(language: str, old: Catalog, said: Iterable[Id]) -> Words:
    """A catalogue of what is said, with the words of the old one."""
    words = Words(language, DOMAIN, header_comment=old.header_comment, charset="utf-8", fuzzy=False)
    for one in said:
        known = old.get(one)
        same = known is not None and isinstance(known.id, str) == isinstance(one, str)
        kept = known if same and known is not None else Message(one)
        flags = kept.flags & {"fuzzy"}
        message = words.add(one, kept.string or ("" if isinstance(one, str) else ("", "")), flags=flags)
        message.flags = set(flags)
        message.user_comments = list(kept.user_comments)
    return words


def wanting(words: Catalog) -> list[str]:
    """The sentences that have no words, or doubtful ones."""
    return [_shown(one.id) for one in words if one.id and (one.fuzzy or not all(forms(one.string)))]


def forms(text: object) -> Sequence[str]:
    """A sentence, or its words, as one for each number that it has a form for."""
    return tuple(map(str, text)) if isinstance(text, tuple | list) else (str(text or ""),)


def _shown(one: object) -> str:
    return forms(one)[0]


# Files


def _read(folder: Path) -> Catalog:
    with (folder / f"{DOMAIN}.po").open("rb") as file:
        return read_po(file, locale=folder.parent.name.replace("-", "_"), domain=DOMAIN, abort_invalid=True)


def as_po(words: Catalog) -> bytes:
    """Sorted, and without the places where things are said, which change with every line that is added."""
    return _written(lambda file: write_po(file, words, width=120, no_location=True, sort_output=True))


def as_mo(words: Catalog) -> bytes:
    return _written(lambda file: write_mo(file, words))


def _written(write: Callable[[io.BytesIO], object]) -> bytes:
    file = io.BytesIO()
    write(file)
    return file.getvalue()


def _reads_as(file: Path, words: Catalog) -> bool:
    if not file.exists():
        return False
    read, wanted = (vars(GNUTranslations(io.BytesIO(raw)))["_catalog"] for raw in (file.read_bytes(), as_mo(words)))
    return bool(read == wanted)


# What is said


async def sentences() -> list[Id]:
    """Everything people on Discord may read, by the English of it."""
    return sorted({*in_source(), *await in_commands()}, key=str)


def in_source() -> set[Id]:
    """Read from the syntax tree: Babel's own way of it sees nothing within f-strings before Python 3.12."""
    return {
        said
        for folder in (ROOT / "rooms_bot", ROOT / "cogs")
        for path in folder.rglob("*.py")
        if not set(path.relative_to(ROOT).parts) & ELSEWHERE
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and (said := _said(node))
    }


def _said(call: ast.Call) -> Id | None:
    """The sentence, or the two, that this call marks."""
    match call.func, call.args:
        case ast.Name(id=name) | ast.Attribute(attr=name), [ast.Constant(value=str(one)), *more]:
            if name in COUNTED and more and isinstance(more[0], ast.Constant):
                return one, str(more[0].value)
            return one if name in SAID else None
        case _:
            return None


async def in_commands() -> set[str]:
    """What the commands say of themselves: all that discord.py asks a translator for."""
    commands, listener = await tree(), _Listener()
    for command in commands.get_commands():
        await command.get_translated_payload(commands, listener)
    return listener.heard


class _Listener(Translator):
    """Translates nothing, and remembers what it was asked for."""

    def __init__(self) -> None:
        self.heard: set[str] = set()

    async def translate(self, string: locale_str, locale: Locale, context: TranslationContextTypes) -> None:
        del locale
        if is_said(context):
            self.heard.add(string.message)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
