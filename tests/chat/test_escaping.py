"""Hostile texts and names."""

import re
from unicodedata import category, normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rooms_bot.agents.hidden import visible
from rooms_bot.chat.escaping import NAMELESS, outgoing, plain, webhook_name

SAM, IDA = 100000000000000001, 100000000000000002
MEMBERS = {"Sam": SAM, "Ida Wells": IDA}
MENTIONS = re.compile(r"@(?:everyone|here)|<@[!&]?\d+>")


@pytest.mark.parametrize(
    ("text", "posted"),
    [
        ("@Sam, what do you think?", f"<@{SAM}>, what do you think?"),
        ("@sam's and @IDA WELLS's", f"<@{SAM}>'s and <@{IDA}>'s"),
        ("@Ida?", f"<@{IDA}>?"),
        ("ask @**Sam**", f"ask **<@{SAM}>**"),
        (f"<@{SAM}> and <@!{IDA}>", f"<@{SAM}> and <@{IDA}>"),
        ("@Samuel, sam@Sam and Sam", "@Samuel, sam@Sam and Sam"),
        ("@all", "@all"),
        ("`@Sam` and ```\n@Sam <@5>\n```", "`@Sam` and ```\n@Sam <@5>\n```"),
        ("line\r\nline\rline", "line\nline\nline"),
        ("a\x00b\x07c", "abc"),
        ("half \ud83e", "half \ufffd"),
    ],
)
def test_members_who_may_be_pinged_are_and_code_stays_as_it_is(text: str, posted: str) -> None:
    assert outgoing(text, MEMBERS) == posted


@pytest.mark.parametrize(
    "text",
    [
        "@everyone",
        "@here!",
        "x@everyone",
        "@@everyone",
        "**@here**",
        "<@&123456789012345678>",
        "<@&5>",
        "<@123456789012345678>",
        "<@!7>",
        "``` @everyone",
        "` @here",
    ],
)
def test_nobody_else_is_mentioned_and_the_text_looks_the_same(text: str) -> None:
    posted = outgoing(text, MEMBERS)
    assert not MENTIONS.search(posted)
    assert posted.replace("\u200b", "") == text


@pytest.mark.parametrize(
    ("text", "posted"),
    [
        ("join discord.gg/abc now", "join discord[.]gg/abc now"),
        ("https://discord.gg/abc", "https://discord[.]gg/abc"),
        ("<https://www.Discord.GG/abc>", "<https://www.Discord[.]GG/abc>"),
        ("https://discord.com/invite/abc", "https://discord[.]com/invite/abc"),
        ("discordapp.com//invite/abc", "discordapp[.]com//invite/abc"),
        ("https://you@ptb.discord.com/invite/abc", "https://you@ptb.discord[.]com/invite/abc"),
        ("dis\u200bcord.g\u2060g/abc", "discord[.]gg/abc"),
        ("discord。gg/abc", "discord[.]gg/abc"),
        ("ｄｉｓｃｏｒｄ.gg/abc 値.", "ｄｉｓｃｏｒｄ[.]gg/abc 値."),
        ("𝐝𝐢𝐬𝐜𝐨𝐫𝐝.𝐠𝐠/abc", "𝐝𝐢𝐬𝐜𝐨𝐫𝐝[.]𝐠𝐠/abc"),
        ("dsc.gg/abc and invite.gg/abc", "dsc[.]gg/abc and invite[.]gg/abc"),
        ("https://discord.gg:443/abc", "https://discord[.]gg:443/abc"),
        ("https://discord.gg./abc", "https://discord[.]gg./abc"),
        ("discord.gg\\abc", "discord[.]gg\\abc"),
        ("https://discord.com:443/invite/abc", "https://discord[.]com:443/invite/abc"),
        ("https://discord.com/./invite/abc", "https://discord[.]com/./invite/abc"),
        ("https://discord.com//..\\invite/abc", "https://discord[.]com//..\\invite/abc"),
        ("https://discord.com/%69nvite/abc", "https://discord[.]com/%69nvite/abc"),
        ("https://discord.com/a/../invite/abc", "https://discord[.]com/a/../invite/abc"),
        ("https://discord.com/%2e/invite/abc", "https://discord[.]com/[.]/invite/abc"),
        ("discord․gg/abc", "discord[.]gg/abc"),
        ("https://discord%2Egg/abc", "https://discord[.]gg/abc"),
        ("https://%64iscord.gg/abc", "https://%64iscord[.]gg/abc"),
        ("[our place](https://discord.gg/abc)", "[our place] (https://discord[.]gg/abc)"),
        ("[your bank](https://evil.example)", "[your bank] (https://evil.example)"),
        ("[your bank]( <https://evil.example> 'a title')", "[your bank] ( <https://evil.example> 'a title')"),
        ("[your]\u200b(https://evil.example)", "[your] (https://evil.example)"),
        ("# [a](ht\\tps://evil.example)", "# [a] (ht\\tps://evil.example)"),
        ("https://evil.example and <https://en.wikipedia.org/wiki/A_(b)>",) * 2,
        ("`[a](https://evil.example)` and ```\ndiscord.gg/abc\n```",) * 2,
        ("notdiscord.gg/abc, discord.com/channels/1, discord.gg itself, discord.ggs/x, x[1] (y)",) * 2,
        ("https://discord.com/developers/docs/resources/invite, discord.gg: 50%/day",) * 2,
    ],
)
def test_invitations_lead_nowhere_and_links_show_their_address(text: str, posted: str) -> None:
    assert outgoing(text, MEMBERS) == posted
    assert outgoing(posted, MEMBERS) == posted


@pytest.mark.parametrize("path", ["/" * 5000, "/.." * 5000, "/a/.." * 5000, "/./a" * 5000, "%2e/" * 5000])
def test_no_address_takes_long_to_look_at(path: str) -> None:
    assert outgoing(f"https://discord.com{path}", MEMBERS) == f"https://discord.com{path}"


def test_a_topic_invites_nobody() -> None:
    assert plain("see discord.gg/abc") == r"see discord\[.\]gg/abc"


BITS = st.sampled_from(
    ["@everyone", "@here", f"<@{SAM}>", "<@&123>", "<@9>", "@Sam", "@Ida", " ", "\n", "`", "```", ">"]
)
TEXTS = st.lists(st.one_of(BITS, st.text(max_size=8)), max_size=20).map("".join)


@settings(deadline=None)
@given(TEXTS)
def test_outside_of_code_only_those_allowed_are_ever_mentioned(text: str) -> None:
    posted = outgoing(text, MEMBERS)
    posted.encode()
    if "`" not in posted:
        assert set(MENTIONS.findall(posted)) <= {f"<@{SAM}>", f"<@!{SAM}>", f"<@{IDA}>"}


@settings(deadline=None)
@given(TEXTS)
def test_with_nobody_to_ping_the_words_stay_as_they_are(text: str) -> None:
    assert outgoing(text, {}).replace("\u200b", "").replace("] (", "](") == visible(text).replace("\u200b", "")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ada", "Ada"),
        ("*Ada*", r"\*Ada\*"),
        ("a_b~c`d|e", r"a\_b\~c\`d\|e"),
        ("# Big", r"\# Big"),
        ("> said", r"\> said"),
        ("- one", r"\- one"),
        ("[click](https://evil.example)", r"\[click\]\(https\://evil.example\)"),
        ("<@123> :smile: @everyone", r"\<\@123\> \:smile\: \@everyone"),
        ("back\\slash", r"back\\slash"),
        ("two\n## lines", r"two \#\# lines"),
        ("\u202egnp.exe", "gnp.exe"),
        ("艾达 🦊", "艾达 🦊"),
    ],
)
def test_a_name_in_a_notice_is_plain_text(name: str, shown: str) -> None:
    assert plain(name) == shown


@given(st.text(alphabet="\\*_~`|>#-[]()<:@a \n", max_size=60))
def test_a_plain_name_is_one_line_of_which_no_sign_is_markdown(name: str) -> None:
    shown = plain(name)
    assert "\n" not in shown
    assert re.fullmatch(r"(?:[a ]|\\[^a ])*", shown)
    assert re.sub(r"\\(.)", r"\1", shown) == " ".join(name.split())


@pytest.mark.parametrize(
    ("name", "posted"),
    [
        ("Ada", "Ada"),
        ("Jean-Luc O’Neill", "Jean-Luc O’Neill"),
        ("艾达", "艾达"),
        ("👩\u200d🚀 Eve", "👩\u200d🚀 Eve"),
        ("Clyde", "C·lyde"),
        ("Bonnie & CLYDE", "Bonnie & C·LYDE"),
        ("Discordia", "D·iscordia"),
        ("Ｄｉｓｃｏｒｄ", "D·iscord"),
        ("dis\u200dcord", "d·iscord"),
        ("everyone", "every·one"),
        (" Here ", "Her·e"),
        ("Heretic", "Heretic"),
        ("System  Message", "S·ystem Message"),
        ("a@b#c:d`e", "a＠b＃c：d’e"),
        ("\u202eAda\u202c", "Ada"),
        ("two\nlines\x00", "two lines"),
        ("", NAMELESS),
        (" \u200b\u3164 ", NAMELESS),
        ("x" * 80, "x" * 80),
        ("x" * 81, "x" * 79 + "…"),
        ("🦊" * 60, "🦊" * 39 + "…"),
        ("\u0301" * 90, "…"),
    ],
)
def test_a_name_that_discord_refuses_is_visibly_changed(name: str, posted: str) -> None:
    assert webhook_name(name) == posted


NAMES = st.lists(
    st.one_of(
        st.sampled_from(["clyde", "DISCORD", "everyone", "here", "system message", "`", "ſ", "\u200d"]),
        st.text(max_size=40),
    ),
    max_size=6,
).map("".join)


@given(NAMES)
def test_every_name_becomes_one_that_discord_accepts(name: str) -> None:
    posted = webhook_name(name)
    plainly = normalize("NFKC", posted).replace("\u200c", "").replace("\u200d", "").lower()
    assert 1 <= len(posted.encode("utf-16-le")) // 2 <= 80
    assert posted == posted.strip()
    assert "clyde" not in plainly
    assert "discord" not in plainly
    assert "system message" not in plainly
    assert plainly.strip() not in {"everyone", "here"}
    assert not any(category(char) in ("Cc", "Zl", "Zp", "Cs") for char in posted)
    assert webhook_name(posted) == posted
