"""Whatever people read on Discord is in the catalogues, or named here with the reason why it is not."""

from pathlib import Path

import pytest

from cogs.help import COMMANDS
from rooms_bot.chat.completion import LANGUAGES
from tests.i18n.outside import codes, deaf, strays

ROOT = Path(__file__).parents[2]
PLACES = [
    *(path for place in ("chat", "engine", "export", "turns") for path in (ROOT / "rooms_bot" / place).glob("*.py")),
    *(ROOT / "cogs").glob("*.py"),
    *(
        ROOT / "rooms_bot" / name
        for name in (
            "errors.py",
            "agents/choice.py",
            "domain/personas.py",
            "store/cards.py",
            "store/front_matter.py",
            "store/imports.py",
            "store/persona_files.py",
            "store/persona_names.py",
            "store/persona_writing.py",
            "store/png.py",
        )
    ),
]

WORDS_OF_A_LANGUAGE = "these words are looked for"
MATCHED = "what YAML's scanner says is recognised by it"
ON_DISCORD = "a name on Discord that is the same for everybody"
FIELDS = "fields of tuples and files"

ALLOWED = {
    "cogs/settings.py": dict.fromkeys(
        ("As the server has it at Discord", "English", "Deutsch"), "choices, which the translator of commands sees"
    ),
    "cogs/help.py": dict.fromkeys(COMMANDS.values(), "the name of a command"),
    "rooms_bot/agents/choice.py": {"Answer with one word: ready.": "for the model"},
    "rooms_bot/chat/bot.py": {"Room Host": "the role, as the operator names it"},
    "rooms_bot/chat/completion.py": dict.fromkeys(LANGUAGES, "a language as prompts name it, which is the value typed"),
    "rooms_bot/chat/options.py": {"English": "a language as prompts name it"},
    "rooms_bot/chat/escaping.py": {"Agent": ON_DISCORD},
    "rooms_bot/chat/sites.py": {"Rooms Bot: a room of agents": "for the server's audit log"},
    "rooms_bot/chat/traffic.py": dict.fromkeys(
        (
            "Discord answered {}",
            "it was not asked for, since others wait",
            "what came back is no answer of Discord's API",
        ),
        "for the log",
    ),
    "rooms_bot/chat/webhooks.py": {
        "Rooms": ON_DISCORD,
        "Rooms Bot: the voices of this channel's agents": "for the server's audit log",
    },
    "rooms_bot/export/json.py": {'{"room": {},\n"events": [': FIELDS},
    "rooms_bot/export/standing.py": {"after turn": "the key of a unit"},
    "rooms_bot/store/cards.py": {
        "Examples of how {} speaks:\n{}": "for the model",
        "the user": "for the model",
    },
    "rooms_bot/store/front_matter.py": {
        "Null": "a value of YAML",
        "mapping values are not allowed": MATCHED,
        "quoted scalar|unexpected end of stream": MATCHED,
        "could not find expected ':'": MATCHED,
        "expected <block end>": MATCHED,
        r"expected ',' or '\]'": MATCHED,
        "expected the node content": MATCHED,
        "expected a single document": MATCHED,
    },
    "rooms_bot/turns/addressing.py": {"Call": FIELDS, "Named": FIELDS},
}
OPERATORS = {"rooms_bot/chat/online.py"}
"""Whose sentences are the operator's, and stay English."""
LISTS = {"rooms_bot/store/persona_names.py", "rooms_bot/turns/common_words.py", "rooms_bot/turns/features.py"}
"""Where texts of many lines are words that are looked for in what people say."""


PEOPLES = [path for path in PLACES if path.relative_to(ROOT).as_posix() not in OPERATORS]


def found(path: Path, vocabulary: set[str]) -> set[str]:
    name, source = path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
    words = {stray.words for stray in strays(source, vocabulary)}
    return {text for text in words if not (name in LISTS and text.count("\n") > 2)}


@pytest.fixture(scope="module")
def vocabulary() -> set[str]:
    return codes([*(ROOT / "rooms_bot").rglob("*.py"), *(ROOT / "cogs").glob("*.py")])


@pytest.mark.parametrize("path", sorted(PEOPLES), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_sentence_is_outside_the_catalogues(path: Path, vocabulary: set[str]) -> None:
    allowed = ALLOWED.get(path.relative_to(ROOT).as_posix(), {})
    there = found(path, vocabulary)
    assert there - set(allowed) == set(), "say it through `_`, or with `N_` where it is only named"
    assert set(allowed) - there == set(), "nothing like this is there any more"


@pytest.mark.parametrize(
    "source",
    [
        'await answer(interaction, "The room is paused.")',
        'await answer(interaction, f"**{plain(name)}** speaks next.")',
        'raise Refused(f"There is no agent {name} here.")',
        'raise Refused("There is no agent %s here." % name)',
        '_(f"There is no agent {name} here.")',
        '_("The room is " + state)',
        'Button(label="Continue", style=style)',
        'LABELS = {"more": ("Continue", style)}',
        'TextDisplay(f"{used} of {most}")',
        'said = "It goes on." if on else _("It is over.")',
        "return f\"{name}{' was skipped' if skipped else text}, by {who}\"",
        'def answer(text: str = "That is it.") -> None: ...',
    ],
)
def test_a_planted_one_is_found(source: str) -> None:
    assert strays(source)


@pytest.mark.parametrize(
    "source",
    [
        '"""A sentence for developers."""',
        'await answer(interaction, _("The room is paused."))',
        'raise Refused("There is no agent {name} here.", name=name)',
        'ngettext("{number} turn is left", "{number} turns are left", number).format(number=number)',
        'log.warning("the room %s met a fault", room)',
        'if reason == "everyone passed": pass',
        'Button(label=_("Continue"), custom_id=f"rooms:{act}:{room}")',
        'def of(kind: "Literal[\'nobody came\']") -> "a name": ...',
        "@app_commands.describe(agent=\"Who should leave\")\ndef leave() -> None: ...",
        'text = f"**{name}**, {role}"',
        'match reason:\n    case "nobody came":\n        pass',
    ],
)  # fmt: skip
def test_what_nobody_reads_or_is_in_the_catalogue_is_no_stray(source: str) -> None:
    assert strays(source) == []


def test_codes_are_no_words() -> None:
    assert strays('Resumed(reason="nobody came")')
    assert strays('Resumed(reason="nobody came")', {"nobody came"}) == []


@pytest.mark.parametrize("path", sorted(PEOPLES), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_form_and_view_speaks_the_language_of_who_uses_it(path: Path) -> None:
    assert deaf(path.read_text(encoding="utf-8")) == [], "call `speak(interaction.locale)` in `interaction_check`"


def test_one_that_does_not_is_found() -> None:
    silent = "class Form(ui.Modal):\n    async def on_submit(self, interaction) -> None: ...\n"
    assert deaf(silent) == ["Form"]
    assert deaf(silent + "    async def interaction_check(self, interaction): speak(interaction.locale)") == []
    assert deaf("class Panel(ui.LayoutView):\n    def __init__(self) -> None: ...") == []
