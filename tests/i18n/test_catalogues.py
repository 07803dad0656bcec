"""The catalogues have what is said, German all of it, and translations keep what their sentences bring."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from discord.app_commands import Group

from rooms_bot.chat.translator import LONGEST, CommandTranslator
from rooms_bot.sandbox.command_forms import read_commands
from tools.commands import tree
from tools.messages import LOCALES, Id, check, forms, renew, sentences

LANGUAGES = sorted(path.name for path in LOCALES.iterdir() if path.is_dir())
BEGUN = """msgid ""
msgstr ""
"Language: de\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"""


def messages(language: str) -> list[Message]:
    with (LOCALES / language / "LC_MESSAGES" / "rooms.po").open("rb") as file:
        return [message for message in read_po(file, locale=language.replace("-", "_")) if message.id]


def pairs() -> Iterator[tuple[str, str, str]]:
    """Language, sentence and words, of all that have any."""
    for language in LANGUAGES:
        for message in messages(language):
            said = forms(message.id)
            for place, words in enumerate(forms(message.string)):
                if words:
                    yield language, said[min(place, len(said) - 1)], words


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_catalogue_is_up_to_date_and_german_complete(language: str) -> None:
    assert check(LOCALES / language / "LC_MESSAGES", await sentences()) == []


def test_german_is_there() -> None:
    assert "de" in LANGUAGES


def places(text: str) -> set[tuple[str, str]]:
    return {(name, spec or "") for _, name, spec, _ in Formatter().parse(text) if name is not None}


def test_words_have_the_places_of_their_sentence() -> None:
    """One of a singular may be left out: `noch ein Zug`."""
    wrong = [(words, places(said) ^ places(words)) for _, said, words in pairs() if places(said) ^ places(words)]
    assert wrong == []


def marks(text: str) -> list[str]:
    """Commands and names in backquotes, bold, small lines, headings, ends of lines."""
    return sorted(re.findall(r"`[^`]*`|\*\*|^-# |^#+ |\n", text, re.MULTILINE))


def test_words_have_the_markdown_of_their_sentence() -> None:
    assert [(words, said) for _, said, words in pairs() if marks(said) != marks(words)] == []


def test_words_begin_and_end_as_their_sentence() -> None:
    """Sentences are put beside others, and reasons into sentences: a space or a full stop more would show."""

    def edges(text: str) -> tuple[str, str, bool]:
        head, tail = re.match(r"[\s,]*", text), re.search(r"[\s.:!?…]*$", text)
        return head[0] if head else "", tail[0] if tail else "", text.endswith(")")

    assert [(words, said) for _, said, words in pairs() if edges(said)[:2] != edges(words)[:2]] == []


# Commands


async def test_commands_keep_to_discords_limits_in_every_language() -> None:
    """Descriptions of 100 characters, 8,000 in all with the longest translation of each, as the sandbox counts."""
    commands = await tree()
    payload = [
        await command.get_translated_payload(commands, CommandTranslator()) for command in commands.get_commands()
    ]
    assert read_commands(payload)
    described = [text for pair in texts(payload) for text in pair]
    assert max(map(len, described)) <= LONGEST
    assert [text for text in described if text.endswith("…")] == [], "discord.py cuts a docstring that is too long"


async def test_a_command_that_a_sentence_names_is_there() -> None:
    """A group's name alone stands for its commands."""
    every = list((await tree()).walk_commands())
    groups = {one.qualified_name for one in every if isinstance(one, Group)}
    there = {one.qualified_name for one in every} - groups
    named = {
        name.strip() for said in await sentences() for one in forms(said) for name in re.findall(r"`/([a-z -]+)", one)
    }
    assert {name for name in named - groups if " ".join(name.split()[:2]) not in there} == set()


async def test_every_description_has_its_german_words() -> None:
    """One that were too long would be left out."""
    commands = await tree()
    payload = [
        await command.get_translated_payload(commands, CommandTranslator()) for command in commands.get_commands()
    ]
    wanted = {said: words for language, said, words in pairs() if language == "de"}
    wrong = [said for said, text in texts(payload) if wanted.get(said) != text]
    assert wrong == []


def texts(payload: object) -> Iterator[tuple[str, str]]:
    """Each description of commands, groups and options, and each choice's name, with its German words."""
    if isinstance(payload, list):
        for one in payload:
            yield from texts(one)
    elif isinstance(payload, dict):
        for key in ("description", "name") if "value" in payload else ("description",):
            if said := payload.get(key):
                yield said, str((payload.get(f"{key}_localizations") or {}).get("de", said))
        yield from texts(payload.get("options"))
        yield from texts(payload.get("choices"))


# The tool

SAID: list[Id] = ["The room is over.", ("{number} turn", "{number} turns")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "rooms.po").write_text(BEGUN, encoding="utf-8")
    renew(folder, SAID)
    return folder


def translate(folder: Path) -> None:
    po = folder / "rooms.po"
    text = po.read_text("utf-8")
    for empty, words in (
        ('over."\nmsgstr ""', 'over."\nmsgstr "Der Raum ist zu."'),
        ('msgstr[0] ""', 'msgstr[0] "{number} Zug"'),
        ('msgstr[1] ""', 'msgstr[1] "{number} Züge"'),
    ):
        text = text.replace(empty, words)
    po.write_text(text, "utf-8")


def test_a_new_sentence_is_added_without_words_and_asked_for(folder: Path) -> None:
    assert [fault for fault in check(folder, SAID) if "has no words" in fault]
    assert 'msgid "The room is over."' in (folder / "rooms.po").read_text("utf-8")


def test_a_catalogue_that_is_complete_has_nothing_to_be_said_of_it(folder: Path) -> None:
    translate(folder)
    assert check(folder, SAID) == ["rooms.mo is not made of this rooms.po: run `make messages`"]
    assert renew(folder, SAID) == []
    assert check(folder, SAID) == []


def test_one_that_is_behind_or_ahead_is_named(folder: Path) -> None:
    translate(folder)
    renew(folder, SAID)
    assert any("“Hello” is not in the catalogue" in fault for fault in check(folder, [*SAID, "Hello"]))
    assert any("“The room is over.” is said nowhere" in fault for fault in check(folder, SAID[1:]))


def test_doubtful_words_do_not_count(folder: Path) -> None:
    translate(folder)
    po = folder / "rooms.po"
    po.write_text(po.read_text("utf-8").replace('msgid "The room', '#, fuzzy\nmsgid "The room'), "utf-8")
    renew(folder, SAID)
    assert check(folder, SAID) == ["“The room is over.” has no words, or doubtful ones"]


def test_words_that_are_there_survive_and_old_sentences_go(folder: Path, tmp_path: Path) -> None:
    translate(folder)
    renew(folder, SAID[:1])
    text = (folder / "rooms.po").read_text("utf-8")
    assert "Der Raum ist zu." in text
    assert "{number}" not in text
    shutil.rmtree(tmp_path / "de")


def test_a_catalogue_says_nothing_of_who_wrote_it_when_and_where() -> None:
    for language in LANGUAGES:
        text = (LOCALES / language / "LC_MESSAGES" / "rooms.po").read_text("utf-8")
        assert not re.search(r"Date:|Translator|Team|Bugs|Generated|@[\w-]+\.\w|#: ", text)
