"""Who is addressed, and who is merely spoken of."""

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms_bot.turns.addressing import Named, addressed, calls
from rooms_bot.turns.common_words import needs_at

ADA, BOB, GREEN, LAWYER, PAGE, AIDA, ZOE, CPP, CHEN, WILL, SAM = range(1, 12)
NAMES = (
    Named(ADA, "Ada"),
    Named(BOB, "Bob"),
    Named(GREEN, "Al Green"),
    Named(LAWYER, "Al (The Lawyer)"),
    Named(PAGE, "Page"),
    Named(AIDA, "艾达"),
    Named(ZOE, "Zoë"),
    Named(CPP, "C++"),
    Named(CHEN, "Dr. Chen"),
    Named(WILL, "Will"),
    Named(SAM, "Sam O’Neill"),
)
EVERYONE = tuple(one.id for one in NAMES)


def to(text: str, *names: str) -> tuple[str, ...]:
    """Who of these is called by an @, by name."""
    seated = [Named(number, name) for number, name in enumerate(names)]
    return tuple(names[number] for number in addressed(text, seated, vocative=False))


@pytest.mark.parametrize("vocative", [False, True])
@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("@Ada what about the cost?", (ADA,)),
        ("what does @ada think", (ADA,)),
        ("@ADA!", (ADA,)),
        ("@Ada's plan", (ADA,)),
        ("@Ada’s plan", (ADA,)),
        ("@Ada, @Ada. (@Ada) @Ada: @Ada; @Ada? “@Ada” @Ada…", (ADA,)),
        ("**@Ada** or @**Ada** or _@Ada_ or @_Ada_", (ADA,)),
        ("@Ada-", (ADA,)),
        ("@Ada/@Bob", (ADA, BOB)),
        ("@Bob @Ada @Bob", (BOB, ADA)),
        ("@Bob,@Ada", (BOB, ADA)),
        ("@Bob ignore Alice", (BOB,)),
        ("@Al Green what?", (GREEN,)),
        ("@Al  Green what?", (GREEN,)),
        ("@Al\nGreen what?", ()),
        ("@Al (The Lawyer) what?", (LAWYER,)),
        (r"@Al \(The Lawyer\) what?", (LAWYER,)),
        ("@Al what?", ()),
        ("@Sam?", (SAM,)),
        ("@Sam O'Neill?", (SAM,)),
        ("@Chen and @Dr. Chen", (CHEN,)),
        ("@C++ is fast", (CPP,)),
        ("@Page, go on", (PAGE,)),
        ("@Zoë", (ZOE,)),
        ("@Zoe\u0308", (ZOE,)),
        ("@ZOE", (ZOE,)),
        ("＠Ａｄａ", (ADA,)),
        ("@A\u200dda\ufe0f", (ADA,)),
        ("@艾达你好", (AIDA,)),
        ("你好@艾达", (AIDA,)),
        ("问@Ada吧", (ADA,)),
        ("@all please", EVERYONE),
        ("@ALL", EVERYONE),
        ("@Bob and @all", (BOB, *(number for number in EVERYONE if number != BOB))),
        (f"<@{BOB}> and <@!{ADA}>", (BOB, ADA)),
        ("<@99>", ()),
        ("<@&1>", ()),
        ("a@Bob", ()),
        ("a@Bob.com and bob@ada", ()),
        ("@Bobby", ()),
        ("@Bob_2", ()),
        ("@Bob-Marley", ()),
        ("@bob.smith", ()),
        ("@Bob@mastodon.example", ()),
        ("@allow", ()),
        ("@ Ada", ()),
        ("@\u200bAda", ()),
        ("@nobody", ()),
        ("hello alice, hey bob", ()),
        ("https://example.com/@Ada and www.example.com/@Bob", ()),
        ("medium.com/@Ada/post", ()),
        ("see https://example.com/@Ada @Bob", (BOB,)),
        ("`@Ada` @Bob", (BOB,)),
        ("``@Ada ` @Bob`` @Page", (PAGE,)),
        ("`@Ada", (ADA,)),
        ("```\n@Ada\n``` @Bob", (BOB,)),
        ("```py\n@Ada\nclass A: ...", ()),
        ("x ``` @Ada", (ADA,)),
        ("```py\n>>> x\n```\n@Ada", (ADA,)),
        ("> @Ada said so\n@Bob", (BOB,)),
        (">@Ada said so\n@Bob", (BOB,)),
        ("@Bob\n> @Ada", (BOB,)),
        ("> it`s @Ada\n@Bob it`s you", (BOB,)),
        ("> ```\n> @Ada\n@Bob", (BOB,)),
        (">>> @Ada\nand @Bob", ()),
        (">:( @Ada", (ADA,)),
        ("", ()),
    ],
)
def test_an_at_before_a_name_addresses_it(text: str, whom: tuple[int, ...], vocative: bool) -> None:
    assert addressed(text, NAMES, vocative=vocative) == whom


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("Ada, what about the cost?", (ADA,)),
        ("ada, what about the cost?", (ADA,)),
        ("What about the cost, Ada?", (ADA,)),
        ("What about the cost, Ada", (ADA,)),
        ("Ada: what about the cost?", (ADA,)),
        ("Ada : qu'en penses-tu ?", (ADA,)),
        ("I see. Ada, is it so? Yes.", (ADA,)),
        ("I see.\nAda, is it so?", (ADA,)),
        ("**Ada**, is it so?", (ADA,)),
        ("**Ada:** is it so?", (ADA,)),
        ("- Ada, is it so?\n- Bob, is it?", (ADA, BOB)),
        ("1. Ada, is it so?", (ADA,)),
        ("Hey Ada, is it so?", (ADA,)),
        ("Thanks, Ada!", (ADA,)),
        ("So, Ada, is it?", (ADA,)),
        ("My question: Ada, is it so?", (ADA,)),
        ("Ada, Bob, is it so?", (ADA, BOB)),
        ("Ada and Bob, is it so?", (ADA, BOB)),
        ("Is it so, Ada and Bob?", (ADA, BOB)),
        ("@Bob, Ada, is it so?", (BOB, ADA)),
        ("Ada, Bob is wrong.", (ADA,)),
        ("Dr. Chen, is it so?", (CHEN,)),
        ("Is it so, Dr. Chen?", (CHEN,)),
        ("Al Green, is it so?", (GREEN,)),
        ("Sam, is it so?", (SAM,)),
        ("艾达，你怎么看？", (AIDA,)),
        ("你怎么看，艾达？", (AIDA,)),
        ("Is it so, Ada 🙂", (ADA,)),
        ("Ada?", (ADA,)),
        ("> Bob, is it so?\nAda, is it?", (ADA,)),
    ],
)
def test_a_name_set_off_at_the_head_or_end_of_a_sentence_is_addressed(text: str, whom: tuple[int, ...]) -> None:
    assert addressed(text, NAMES, vocative=True) == whom
    assert addressed(text.replace("@", ""), NAMES, vocative=False) == ()


@pytest.mark.parametrize(
    "text",
    [
        "as Ada said, it is so",
        "It is so, as Ada said.",
        "It is so, said Ada.",
        "Ada is right",
        "Ada is right, of course",
        "Ada's idea, I think, is right",
        "I agree with Ada, Bob and Sam.",
        "I agree with Bob, and with Ada.",
        "Bob and Ada agree.",
        "Bob, Ada and Sam agree.",
        "Ada and I, too",
        "Ada",
        "hello ada",
        "Adam, is it so?",
        "Canada, is it so?",
        "“Ada, come here,” said the king.",
        "`Ada`, is it so?",
        "> Ada, is it so?",
        "ada:8080",
        "Page, by the way, is a book's.",
        "Well, will it? Will, perhaps.",
        "That is it, will?",
        "al, is it so?",
    ],
)
def test_about_a_name_is_not_to_it_and_common_words_need_the_at(text: str) -> None:
    assert addressed(text, NAMES, vocative=True) == ()


def test_the_longest_name_is_meant() -> None:
    assert to("@Ada Lovelace", "Ada", "Ada Lovelace") == ("Ada Lovelace",)
    assert to("@Ada", "Ada Lovelace", "Ada") == ("Ada",)
    assert to("@Ada Love", "Ada Lovelace", "Ada") == ("Ada",)
    assert to("@艾达琳你好", "艾达", "艾达琳") == ("艾达琳",)


def test_a_short_form_counts_while_it_is_clear_who_is_meant() -> None:
    assert to("@Chef", "Chef Luca", "DJ Sol") == ("Chef Luca",)
    assert to("@Chef", "Chef Luca", "Chef Ana") == ()
    assert to("@Al", "Al (The Lawyer)", "Bob") == ("Al (The Lawyer)",)
    assert to("@The", "The Lawyer") == ()
    assert to("@Lawyer", "The Lawyer") == ("The Lawyer",)
    assert to("@Ada", "Ada", "Ada (2)") == ("Ada",)
    assert to("@Jose", "José") == ("José",)
    assert to("@Fox", "🦊 Fox") == ("🦊 Fox",)


def test_korean_names_carry_their_endings() -> None:
    assert to("@지민은 어때요?", "지민") == ("지민",)


def test_of_two_with_one_name_the_first_is_meant() -> None:
    assert addressed("@ada", [Named(7, "Ada"), Named(8, "ADA")], vocative=False) == (7,)


def test_the_speaker_is_never_addressed_and_not_mistaken_for_another() -> None:
    names = [Named(1, "Ada"), Named(2, "Ada Lovelace")]
    assert addressed("@Ada Lovelace", names, vocative=False, speaker=2) == ()
    assert addressed("@all", names, vocative=False, speaker=2) == (1,)


def test_everyone_can_be_fewer_than_all_who_have_names() -> None:
    assert addressed("@all", NAMES, vocative=False, everyone=(BOB, ADA)) == (ADA, BOB)
    assert addressed("@all", NAMES, vocative=False, everyone=()) == ()


def test_nobody_is_addressed_where_nobody_is() -> None:
    assert addressed("@all @Ada", [], vocative=True) == ()


@pytest.mark.parametrize(
    "name", ["Page", "Well", "will", "MARK", "May", "Hope", "Grace", "Sunny", "Ernst", "Claro", "B"]
)
def test_common_words_and_single_letters_need_the_at(name: str) -> None:
    assert needs_at(name)


@pytest.mark.parametrize("name", ["Ada", "Ishaan", "Kenji", "Leilani", "Mirela", "Noor", "Moderator", "Will Smith"])
def test_other_names_do_not(name: str) -> None:
    assert not needs_at(name)


def test_calls_tell_where_in_the_text_as_it_was_written() -> None:
    text = "Ｈi  @Zoe\u0308, `@Ada` and @**Ada**"
    zoe, ada = calls(text, NAMES)
    assert text[zoe.start : zoe.end] == "@Zoe\u0308"
    assert text[ada.start : ada.end] == "@**Ada"
    assert text[ada.name : ada.end] == "Ada"


WRITTEN = st.text(alphabet="Aa@d, .`>\n*_Bobé艾达(你)<1>/:?\\-", max_size=80)


@given(WRITTEN, st.booleans())
def test_any_text_is_read_and_each_is_named_once(text: str, vocative: bool) -> None:
    found = addressed(text, NAMES, vocative=vocative)
    assert len(set(found)) == len(found)
    assert set(found) <= set(EVERYONE)


@given(WRITTEN)
def test_what_is_quoted_or_code_adds_nobody(text: str) -> None:
    quoted = "".join(f"> {line}\n" for line in text.splitlines())
    assert addressed(quoted, NAMES, vocative=True) == ()
    assert addressed(f"```\n{text.replace('`', '')}\n```", NAMES, vocative=True) == ()


@given(WRITTEN, st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_unicode_forms_and_case_change_nothing(text: str, form: str) -> None:
    other = normalize(form, text)  # type: ignore[arg-type]
    assert addressed(other, NAMES, vocative=True) == addressed(text, NAMES, vocative=True)
    assert addressed(text.upper(), NAMES, vocative=True) == addressed(text, NAMES, vocative=True)


@given(st.text(max_size=30), st.text(max_size=30))
def test_an_at_and_a_name_between_spaces_address_it(before: str, after: str) -> None:
    before, after = before.replace("`", "").replace(">", ""), after.replace("`", "")
    assert ADA in addressed(f"{before} @Ada {after}", NAMES, vocative=False)


@pytest.mark.parametrize(
    "name", ["Ada", "Al Green", "Zoë", "艾达", "C++", "Jörg-Uwe", "O’Brien", "J. R. R.", "🦊", "R2-D2"]
)
def test_every_name_can_be_called_in_its_own_spelling(name: str) -> None:
    for text in (f"@{name}", f"@{name},", f"hey @{name}!", f"@{name}'s", f"@{name.upper()}?", f"@{name.lower()} …"):
        assert to(text, name, "Someone Else") == (name,)


HOSTILE = ["@", "@Ad", "@Ada ", "`", "` ``", "```\n", "> ", ">>>", "\n", " ", "Ada, ", "Ada\n", "Ada and ", "(", "*"]
HOSTILE += [
    "a.",
    "a.a/",
    "https://",
    "<@1",
    "<@1>",
    "\\",
    "e\u0301",
    "\u0301",
    "艾",
    "@艾达",
    "Al ",
    "@Al (The ",
    "Ada****",
]
HOSTILE += ["hey ", "Ada?\n", "Ada @", "www.", "1."]


@pytest.mark.parametrize("bit", HOSTILE)
def test_hostile_texts_take_linear_time(bit: str) -> None:
    """Quadratic time would be minutes here."""
    text = bit * (100_000 // len(bit))
    assert set(addressed(text, NAMES, vocative=True)) <= {ADA, AIDA}
