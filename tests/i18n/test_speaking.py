"""What is said is said in the language that is spoken there, and in English where that has no words for it."""

import asyncio
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from discord import Locale
from discord.app_commands import TranslationContext, locale_str
from discord.app_commands import TranslationContextLocation as At

from rooms_bot import i18n
from rooms_bot.chat.translator import CommandTranslator
from rooms_bot.errors import Refused
from rooms_bot.i18n import N_, NN_, _, ngettext, speak, speaking

HELLO, FILES = N_("hello, {name}"), NN_("{number} file", "{number} files")


@pytest.fixture
def catalogues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """`cs` knows two sentences, `pt-BR` one, `fr` what commands say; nobody knows another."""
    keep(tmp_path, "cs", {HELLO: "ahoj, {name}", FILES: ("{number} soubor", "{number} soubory", "{number} souborů")})
    keep(tmp_path, "pt-BR", {HELLO: "oi, {name}"})
    keep(tmp_path, "fr", {"Whom to invite": "x" * 100, "Whom to look at": "x" * 101, "invite": "inviter"})
    monkeypatch.setattr(i18n, "files", lambda _package: tmp_path)
    i18n._catalogue.cache_clear()
    yield
    i18n._catalogue.cache_clear()


def keep(folder: Path, language: str, words: dict[str | tuple[str, str], str | tuple[str, ...]]) -> None:
    catalogue, file = Catalog(language.replace("-", "_")), io.BytesIO()
    for one, said in words.items():
        catalogue.add(one, said)
    write_mo(file, catalogue)
    place = folder / "locales" / language / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "rooms.mo").write_bytes(file.getvalue())


@pytest.mark.usefixtures("catalogues")
@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("cs", "ahoj, {name}"),
        ("cs-CZ", "ahoj, {name}"),
        ("pt-BR", "oi, {name}"),
        ("pt", HELLO),
        ("en-GB", HELLO),
        ("th", HELLO),
        ("../../etc", HELLO),
        (None, HELLO),
    ],
)
def test_a_language_without_a_catalogue_is_english_and_a_countrys_own_comes_first(
    locale: str | None, said: str
) -> None:
    with speaking(locale):
        assert _(HELLO) == said
    assert _(HELLO) == HELLO


@pytest.mark.usefixtures("catalogues")
def test_a_sentence_without_words_is_english() -> None:
    with speaking("cs"):
        assert _("not known") == "not known"
        assert _("") == ""


@pytest.mark.usefixtures("catalogues")
@pytest.mark.parametrize(
    ("number", "czech", "english"),
    [(1, "soubor", "file"), (2, "soubory", "files"), (5, "souborů", "files"), (1.5, "soubory", "files")],
)
def test_what_is_counted_has_as_many_forms_as_its_language(number: float, czech: str, english: str) -> None:
    assert ngettext(*FILES, number) == f"{{number}} {english}"
    with speaking("cs"):
        assert ngettext(*FILES, number) == f"{{number}} {czech}"


@pytest.mark.usefixtures("catalogues")
def test_an_error_is_said_in_the_language_of_who_reads_it() -> None:
    error = Refused(HELLO, name="{Ada}")
    with speaking("cs"):
        assert str(error) == "ahoj, {Ada}"
    assert str(error) == "hello, {Ada}"


@pytest.mark.usefixtures("catalogues")
async def test_each_task_speaks_its_own_language() -> None:
    async def said(locale: str) -> str:
        speak(locale)
        await asyncio.sleep(0)
        return _(HELLO)

    async with asyncio.TaskGroup() as tasks:
        both = [tasks.create_task(said(locale)) for locale in ("cs", "pt-BR")]
    assert [task.result() for task in both] == ["ahoj, {name}", "oi, {name}"]
    assert _(HELLO) == HELLO


@pytest.mark.usefixtures("catalogues")
@pytest.mark.parametrize(
    ("said", "where", "words"),
    [
        ("Whom to invite", At.parameter_description, "x" * 100),
        ("Whom to look at", At.parameter_description, None),  # Discord would refuse all commands for it
        ("not known", At.parameter_description, None),
        ("invite", At.command_name, None),
        ("invite", At.parameter_name, None),
    ],
)
async def test_commands_are_translated_where_words_are_there_and_fit(said: str, where: At, words: str | None) -> None:
    made: Any = TranslationContext
    context = made(location=where, data=None)
    assert await CommandTranslator().translate(locale_str(said), Locale.french, context) == words
