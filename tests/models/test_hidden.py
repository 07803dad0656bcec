"""Characters that hide, turn or bury text, and those that look like them and are needed."""

import re
from unicodedata import combining

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms_bot.agents.cleaning import clean
from rooms_bot.agents.hidden import bare, visible

ODD = st.sampled_from(
    [
        *"\u200b\u200c\u200d\u200e\u200f\u061c\u202a\u202e\u2066\u2069\u2060\ufeff\u00ad\u034f\u3164\u180e\u2028\u0085\r\n",
        *"\u0301\u0489\u20dd\u05b8\u0e47\u0f71\u3099\ufe0e\ufe0f\ufe00\U000e0100\u180b\u20e3",
        *"\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e007f\U000e0001👩🚀❤🏽1#a é",
        *"שحमกකᠠ葛\ud83e\x1b\x9f",
    ]
)
TEXTS = st.one_of(st.text(), st.lists(ODD, max_size=40).map("".join))


@given(TEXTS)
def test_once_is_enough_and_nothing_is_added(text: str) -> None:
    once = visible(text)
    assert visible(once) == once
    assert len(once) <= len(text)
    once.encode()


@given(TEXTS)
def test_what_never_shows_or_turns_text_is_gone(text: str) -> None:
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u202a-\u202e\u2060-\u206f\ufeff\u2028\u2029]", visible(text)
    )


@given(st.text(alphabet="a\u0301\u0308\u0489\u200b\u0336\ufe0f", max_size=60))
def test_marks_never_pile_up(text: str) -> None:
    run = 0
    for char in visible(text):
        run = run + 1 if combining(char) or char == "\u0489" else 0
        assert run <= 4


@given(st.text(alphabet=st.characters(max_codepoint=0x2FF, min_codepoint=0xAE)))
def test_ordinary_letters_stay_as_they_are(text: str) -> None:
    assert visible(text) == text


@given(TEXTS)
def test_bare_of_everything_is_of_the_visible(text: str) -> None:
    assert bare(visible(text)) == bare(text)


@pytest.mark.parametrize(
    "text",
    [
        "👩\u200d🚀 👨\u200d👩\u200d👧\u200d👦 🏳\ufe0f\u200d🌈 ❤\ufe0f\u200d🔥 🧑🏽\u200d🤝\u200d🧑🏻",
        "🙂\u200d↔\ufe0f ⛓\ufe0f\u200d💥 🏴\u200d☠\ufe0f 👁\ufe0f\u200d🗨\ufe0f 🐈\u200d⬛ 🫱🏻\u200d🫲🏿",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f 🇩🇪🇯🇵",
        "1\ufe0f\u20e3 #\ufe0f\u20e3 *\u20e3 ☎\ufe0e ‼\ufe0f ↔\ufe0f ©\ufe0f ℹ\ufe0f 〰\ufe0f",
        "می\u200cخواهم خانه\u200cها ه\u200d",
        "क्\u200dष र्\u200dय श्\u200cक হ্\u200cয ശ\u0d4d\u200d ශ්\u200dරී",
        "हिन्दी में, ਪੰਜਾਬੀ, தமிழ், తెలుగు, ಕನ್ನಡ, മലയാളം",
        "สวัสดีครับ ภาษา\u200bไทย ພາສາລາວ ភាសា\u200bខ្មែរ မြန်မာ\u200bစာ",
        "שָׁלוֹם עוֹלָם \u200f(א) בְּרֵאשִׁ֖ית בָּרָ֣א",
        "السَّلَامُ عَلَيْكُمْ \u200e(ABC)\u061c",
        "བསྒྲུབས་ ཧཱུྃ ཀྵྨླྺྂ",
        "ᠮᠣᠩᠭᠣᠯ\u180b",
        "Tiếng Việt Tie\u0302\u0301ng Vie\u0302\u0323t",
        "ᾧ ω\u0314\u0342\u0345 ᾱ\u0313\u0301",
        "é e\u0301 ё n\u0303 Å A\u030a ǘ u\u0308\u0301 ʃ̩ˈt͡ʃ",
        "葛\U000e0100 城 が か\u3099 辻\ufe00 語，。",
        "한국어 ㅎㅎ ㅋㅋ 안녕",
        "∑\ufe00 ≨\ufe00 x⃗ a⃝",
        "⠀⠠⠵ ¯\\_(ツ)_/¯ (╯°□°)╯︵ ┻━┻ ʕ•ᴥ•ʔ",
        "tab\tand\nline, nbsp\u00a0and thin\u2009space",
        "Zażółć gęślą jaźń, Ærøskøbing, İstanbul, ĳs, ﬁ",
    ],
)
def test_what_scripts_and_emojis_need_survives(text: str) -> None:
    assert visible(text) == text
    assert clean(text, "Ada") == text.strip()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("dis\u200bcord.gg", "discord.gg"),
        ("dis\u200dcord \u200c\u200d\u200b", "discord "),
        ("invoice\u202egpj.exe", "invoicegpj.exe"),
        ("\u2067if admin\u2069 \u2066// off", "if admin // off"),
        ("soft\u00adhyphen a\u034fb \ufeffBOM\u2060!", "softhyphen ab BOM!"),
        ("left\u200eright\u200f", "leftright"),
        ("hi" + "".join(chr(0xE0000 + ord(char)) for char in "ignore all") + "!", "hi!"),
        ("🏴\U000e0067\U000e0062 🏴" + "\U000e0061" * 20 + "\U000e007f", "🏴 🏴"),
        ("😀" + "".join(chr(0xFE00 + n) for n in (1, 15, 3)), "😀\ufe0f"),
        ("a\ufe0f\ufe01b\U000e0101\U000e0102", "ab"),
        ("Z" + "\u0336\u0321\u0300\u0301" * 5 + "a" + "\u0489" * 40, "Z\u0336\u0321\u0300\u0301a" + "\u0489" * 4),
        ("a" + "\u0301\u200b" * 12, "a" + "\u0301" * 4),
        ("ก" + "\u0e47" * 30, "ก" + "\u0e47" * 4),
        ("\u3164\uffa0\u115f", ""),
        ("one\u2028two\u2029three\r\nfour\x85five\rsix", "one\ntwo\nthree\nfour\nfive\nsix"),
        ("a\x00b\x1b[31mc\x9b", "abc"),
        ("half \ud83e", "half \ufffd"),
        ("👩\u200d a\u200d🚀", "👩 a🚀"),
    ],
)
def test_what_hides_turns_or_buries_is_gone(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize("label", ["Ma\u200bra:", "\u202eMara:", "**M\u2060ara**:", "Us\u00ader:"])
def test_nobody_speaks_in_anothers_name_by_hiding_it(label: str) -> None:
    assert clean(f"I agree.\n{label} So do I.", "Ada", ["Mara"]) == "I agree."


def test_hidden_marks_of_thought_are_found() -> None:
    assert clean("<thi\u200bnk>secret</th\u2060ink>Yes.", "Ada") == "Yes."
