"""Whatever a model says: it pings nobody it may not, leads nowhere it hides, and passes for nobody else."""

import re
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from rooms_bot.chat.speech import EVERY
from rooms_bot.sandbox.rest.api import Exchange
from rooms_bot.sandbox.server import Sandbox
from tests.models.openai_server import Text
from tests.security.test_fuzz_splitting import LIVE, prose
from tests.wire.channel import Channel, bot_in, words
from tests.wire.scripted import scripted
from tests.wire.writing import EDIT, POST, writing

ROUND: dict[str, Any] = {"mode": "round_robin", "pace": 0, "orchestrator_every": 0, "agents_answer": "people"}
LED = re.compile(r"\A-# ↪ \[[^\]\n]*\]\(https://discord\.com/channels/\d+/\d+/\d+\)")
"""The line of the bot's own that leads to what is answered."""
NUMBERS = " ".join(map(str, range(500)))
TEXTS = (
    "Wake up @everyone and @here now.",
    "Call <@&{role}> and <@{sam}> and <@!{sam}> please.",
    "Read [your bank](https://evil.example) or discord.gg/abc or https://discord.com/invite/abc today.",
    "Look:\n```\n@everyone <@&{role}>",
    "A `tick @everyone and a ``` fence <@&{role}>.",
    "# Notice\n-# The room is over. [Continue](https://evil.example)\n>>> @everyone all of it.",
    "-# ↪ [You](https://discord.com/channels/1/2/3)\nAs was said @here.",
    "\u202e@everyone\u202c d\u200biscord.gg/abc @ever\u2060yone.",
    "｠@everyone＠here <@&{role}\u200b> <\u200b@{sam}>",
)
LONG = (
    f"`{NUMBERS} @everyone discord.gg/abc [x](https://evil.example) {NUMBERS}` so.",
    f"```py\n{NUMBERS}  # @everyone\n{NUMBERS}\n```\n@everyone discord.gg/abc it is.",
)
"""More than one message each."""
ENDS = (" so.", " it is.")


class Bodies:
    """What the bot asked Discord to post and to edit."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.made: list[Exchange] = []
        sandbox.observe = self.made.append

    def of_agents(self) -> Iterator[dict[str, Any]]:
        for one in self.made:
            if (one.method, one.template) in (POST, EDIT) and one.status < 300:
                yield one.request


def filled(sandbox: Sandbox, text: str) -> str:
    role = next(iter(sandbox.world.guild.roles))
    return text.replace("{role}", role).replace("{sam}", sandbox.people.named("Sam"))


def assert_harmless(message: dict[str, Any]) -> None:
    assert (message["mention_everyone"], message["mention_roles"], message["mentions"]) == (False, [], [])
    assert LIVE.findall(prose(LED.sub("", message["content"]))) == []


async def test_no_answer_pings_anybody_or_hides_an_address(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bodies, lines = Bodies(sandbox), tuple(Text(filled(sandbox, text), chunk=400) for text in (*TEXTS, *LONG))
    async with scripted(monkeypatch, Ada=lines), bot_in(sandbox, tmp_path, rooms_model="openai/test"):
        lounge = Channel(sandbox)
        await lounge.do("room start", topic="Bread", agents="Ada,Kenji", **ROUND)
        await lounge.do("room configure", streaming=False)
        sandbox.world.add_member(sandbox.world.guild, sandbox.world.add_user("Robin"))
        # One alone would be too fast to be heard, and Sam may be pinged by an answer to Sam.
        people = cycle((lounge, Channel(sandbox, "Robin")))
        for number in range(1, len(TEXTS) + 1):
            next(people).say(f"@Ada, go on to {number}")
            await lounge.until(lambda number=number: len(lounge.posts()) == number, patience=60)  # type: ignore[misc] # bound at once
        for end in ENDS:
            next(people).say("@Ada, and the next")
            await lounge.until(lambda end=end: lounge.posts()[-1]["content"].endswith(end), patience=60)  # type: ignore[misc] # bound at once
    assert len(lounge.posts()) > len(TEXTS) + len(LONG)
    for message in lounge.posts():
        assert_harmless(message)
    for body in bodies.of_agents():
        assert body["allowed_mentions"]["parse"] == []
        assert not body["allowed_mentions"].get("roles")


@pytest.mark.parametrize("text", TEXTS[:7])
async def test_nor_does_one_that_grows_by_edits(text: str, sandbox: Sandbox, tmp_path: Path) -> None:
    bodies = Bodies(sandbox)
    async with writing(sandbox, tmp_path) as page, page.speech() as speech:
        await page.begin(speech, "It rises. Then", "It rises.")
        page.clock.advance(EVERY)
        await page.go_on(speech, f"It rises. {filled(sandbox, text)} And then")
        page.clock.advance(EVERY)
        await speech.finish(f"It rises. {filled(sandbox, text)} And then it falls.")
        stood = [one for one in page.lounge.messages() if one.get("webhook_id")]
    for message in stood:
        assert_harmless(message)
    assert "PATCH" in [one.method for one in bodies.made]
    for body in bodies.of_agents():
        assert body["allowed_mentions"]["parse"] == []


async def test_what_looks_like_a_notice_is_an_agents_and_notices_are_the_bots_own(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An agent can say the words of a notice; it cannot say them as the bot, nor with a button."""
    async with (
        scripted(monkeypatch, Ada="-# The room is over. `/room start` opens a new one."),
        bot_in(sandbox, tmp_path, rooms_model="openai/test"),
    ):
        lounge = Channel(sandbox)
        await lounge.do("room start", topic="Bread", agents="Ada", **ROUND)
        lounge.say("@Ada, go on")
        (forged,) = await lounge.until(lounge.posts, patience=60)
        await lounge.do("room stop")
        real = await lounge.until_told("This room is over")
    assert forged["webhook_id"]
    assert forged["author"]["username"] == "Ada"
    assert forged["components"] == []
    assert "webhook_id" not in real
    assert real["author"]["id"] == sandbox.world.bot_id


HOSTILE = "@everyone [x](https://evil.example) <@&1> discord.gg/abc\n# Big `"


async def test_no_topic_name_or_background_works_in_the_bots_own_words(lounge: Channel) -> None:
    answers = [await lounge.do("profile set", name=HOSTILE[:80], background=HOSTILE)]
    name = HOSTILE.replace("\n", " ")[:80]
    answers.append(await lounge.do("persona import", file=("x.md", f"---\nname: '{name}'\n---\nYou.".encode())))
    answers.append(await lounge.do("room start", topic=HOSTILE, agents=name, **ROUND))
    for command, options in (
        ("room status", {}),
        ("agent list", {}),
        ("agent show", {"agent": "nobody at all"}),
        ("agent show", {"agent": name}),
        ("agent invite", {"persona": HOSTILE}),
        ("persona list", {}),
        ("persona edit", {"name": HOSTILE}),
        ("orchestrator set", {"name": name}),
        ("agent configure", {"agent": name, "stance": name}),
        ("room next", {"agent": HOSTILE}),
    ):
        answers.append(await lounge.do(command, **options))
    shown = [words(message) for message in lounge.messages() if "webhook_id" not in message]
    for text in (*answers, *shown):
        assert LIVE.findall(prose(re.sub(r"\\.", "·", text))) == [], text
    assert not any(message["mention_everyone"] for message in lounge.messages())
