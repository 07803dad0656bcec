"""What can be done with a message out of its menu, on the wire."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from rooms_bot.chat.bot import RoomsBot
from rooms_bot.chat.flood import MESSAGES
from rooms_bot.sandbox.people import Reply
from rooms_bot.sandbox.permissions import Can
from rooms_bot.sandbox.server import Sandbox
from tests.models.openai_server import Hang
from tests.wire.channel import Channel, Wire, bot_in, contents
from tests.wire.rest import Rest
from tests.wire.scripted import scripted, talk

ROUND = {"mode": "round_robin", "pace": 0, "orchestrator_every": 0, "human_every": 1}
LONG = "\n\n".join(f"Part {part}. " + " ".join(f"Bread {part}{line}." for line in range(150)) for part in range(3))
ASK, WHO, AGAIN, DELETE = "Ask an agent about this", "Who said this?", "Regenerate", "Delete"


MODEL = "openai/test"


@pytest.fixture
def lounge(sandbox: Sandbox, bot: RoomsBot) -> Channel:
    del bot
    return Channel(sandbox)


async def menu(one: Channel, name: str, message: Wire) -> Reply:
    reply = await one.people.context(one.user, one.id, name, message["id"])
    settled = await reply.settled(15)
    assert settled.kind != "failed", settled.error
    return settled


async def chosen(one: Channel, name: str, message: Wire) -> str:
    """The text of the answer, which nobody else sees."""
    reply = await menu(one, name, message)
    assert reply.message is not None
    assert reply.message["flags"] & 64
    return str(reply.message["content"])


async def asked(one: Channel, message: Wire, agent: str, question: str = "") -> Reply:
    """Ask this agent about the message; the answer to the form."""
    form = (await menu(one, ASK, message)).modal
    assert form is not None
    (select, _) = [part["component"] for part in form["components"]]
    seats = {option["label"]: option["value"] for option in select["options"]}
    reply = await one.people.submit(one.user, form, {"agent": [seats[agent]], "question": question})
    settled = await reply.settled(15)
    assert settled.kind != "failed", settled.error
    return settled


async def started(one: Channel, agents: str = "Ada,Kenji", **more: Any) -> Wire:
    """A room that has had its first turn and waits; what was said in it."""
    await one.do("room start", topic="Bread", agents=agents, **ROUND | more)
    await one.until_told("waits")
    return one.posts()[0]


def whispered(one: Channel, words: str) -> bool:
    """Whether this person alone was told so."""
    return any(words in message["content"] and message["flags"] & 64 for message in one.messages())


def heard(bot: RoomsBot, one: Channel) -> list[str]:
    return [line.text for line in bot.house.room(int(one.id)).state.lines if line.member is not None]


# A question about it


async def test_an_agent_is_asked_about_a_message_of_the_room_and_everyone_sees_who_asks_whom(
    lounge: Channel, bot: RoomsBot, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted(monkeypatch, Ada="crumb", Kenji="crust") as model:
        first = await started(lounge)
        sam = Channel(sandbox, "Sam")
        reply = await asked(sam, first, "Kenji", "Really, @Ada? *Why* @everyone")
        shown = reply.message
        assert shown is not None
        assert not shown["flags"] & 64
        link = f"https://discord.com/channels/{sandbox.world.guild.id}/{lounge.id}/{first['id']}"
        assert shown["content"].startswith(f"**Sam** asks **Kenji** about {link}\n> ")
        assert "\\*Why\\*" in shown["content"]
        assert not shown["mention_everyone"]
        assert shown["mentions"] == []
        await lounge.until_posts(2)
        state = bot.house.room(int(lounge.id)).state
        line = state.line(int(shown["id"]))
        assert line is not None
        assert (line.name, line.reply_to, line.text) == ("Sam", int(first["id"]), "Really, @Ada? *Why* @everyone")
        assert lounge.speakers() == ["Ada", "Kenji"]
        assert "Sam (member), in reply to Ada: Really" in talk(model.sent("Kenji")[0])


async def test_what_no_agent_knows_is_quoted_in_the_question(
    lounge: Channel, bot: RoomsBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted(monkeypatch, Ada="crumb", Kenji="crust"):
        before = lounge.say("Flour\n" + "and more " * 200, attachments=[("cake.png", b"\x89PNG")])
        await started(lounge)
        await asked(lounge, before, "Kenji")
        await lounge.until_posts(2)
    (text,) = heard(bot, lounge)
    assert text.startswith("What do you say to this?\n\nYou wrote:\n> Flour\n> and more")
    assert len(text) < 1100
    assert text.endswith("…")
    assert lounge.speakers() == ["Ada", "Kenji"]


async def test_a_file_in_a_quoted_message_is_named(
    lounge: Channel, bot: RoomsBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted(monkeypatch, Ada="crumb"):
        before = lounge.say("look", attachments=[("cake.png", b"\x89PNG")])
        await started(lounge, "Ada")
        await asked(lounge, before, "Ada", "Good?")
        await lounge.until_posts(2)
    assert heard(bot, lounge) == ["Good?\n\nYou wrote:\n> look\n> [image: cake.png]"]


async def test_the_bots_own_words_about_a_question_are_not_heard_as_somebodys(
    lounge: Channel, bot: RoomsBot, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted(monkeypatch, Ada="crumb"):
        first = await started(lounge, "Ada")
        shown = (await asked(lounge, first, "Ada", "Why?")).message
        assert shown is not None
        await lounge.until_posts(2)
        edited = bot.wait_for("raw_message_edit", timeout=10)
        change = rest("PATCH", f"/channels/{lounge.id}/messages/{shown['id']}", {"content": "other words"})
        await asyncio.gather(edited, change)
        await bot.house.room(int(lounge.id)).do(lambda _: ())
    assert heard(bot, lounge) == ["Why?"]


async def test_who_wished_not_to_be_heard_neither_asks_nor_is_asked_about(
    lounge: Channel, sandbox: Sandbox, bot: RoomsBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted(monkeypatch, Ada="crumb"):
        sam = Channel(sandbox, "Sam")
        first, secret = await started(lounge, "Ada"), None
        await sam.do("profile ignore")
        secret = sam.say("for people only")
        assert "does not wish" in await chosen(lounge, ASK, secret)
        assert "/profile ignore" in await chosen(sam, ASK, first)
        assert heard(bot, lounge) == []


async def test_who_may_not_write_or_is_muted_asks_nobody(
    lounge: Channel, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted(monkeypatch, Ada="crumb"):
        first = await started(lounge, "Ada")
        channel, sam = sandbox.world.find_channel(lounge.id), Channel(sandbox, "Sam")
        deny = {"id": sam.user, "type": 1, "allow": "0", "deny": str(int(Can.SEND_MESSAGES))}
        channel["permission_overwrites"] = [deny]
        assert "not heard" in await chosen(sam, ASK, first)
        channel["permission_overwrites"] = []
        later = datetime.now(UTC) + timedelta(hours=1)
        sandbox.world.guild.members[sam.user]["communication_disabled_until"] = later.isoformat()
        assert "not heard" in await chosen(sam, ASK, first)


async def test_questions_count_like_messages_and_their_posts_are_taken_from_the_channels_budget(
    lounge: Channel, bot: RoomsBot, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted(monkeypatch, Ada="crumb"):
        first, sam = await started(lounge, "Ada", turns=100), Channel(sandbox, "Sam")
        await lounge.do("room pause")
        before = len(bot.desk.budget._windows[int(lounge.id)].posts)
        for number in range(MESSAGES):
            await asked(sam, first, "Ada", str(number))
        assert len(bot.desk.budget._windows[int(lounge.id)].posts) == before + MESSAGES
        at = datetime.now(UTC).timestamp()
        while bot.desk.flood.admits(int(lounge.id), int(sam.user), at):  # what time has given back meanwhile
            pass
        bot.desk.flood._buckets[int(lounge.id), int(sam.user)].at += 60  # nor does it give any more back
        refused = (await asked(sam, first, "Ada", "more")).message
        assert refused is not None
        assert (refused["flags"] & 64, "too fast" in refused["content"]) == (64, True)
        assert len(heard(bot, lounge)) == MESSAGES


async def test_a_question_with_blocked_words_is_refused_and_nobody_sees_it(
    lounge: Channel, bot: RoomsBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted(monkeypatch, Ada="crumb"):
        await bot.house.servers.change(int(lounge.people.guild["id"]), blocked_words=("darn",))
        first = await started(lounge, "Ada")
        refused = (await asked(lounge, first, "Ada", "you darn thing")).message
        assert refused is not None
        assert (refused["flags"] & 64, "does not allow" in refused["content"]) == (64, True)
        assert not [one for one in lounge.messages() if "asks" in one["content"]]
        assert heard(bot, lounge) == []


async def test_a_question_that_the_moderation_model_objects_to_is_refused_and_nobody_sees_it(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lounge = Channel(sandbox)
    moderating = bot_in(sandbox, tmp_path, rooms_model="openai/test", rooms_moderation_model="omni-moderation-latest")
    async with scripted(monkeypatch, Ada="crumb"), moderating as bot:
        first = await started(lounge, "Ada")
        await bot.house.servers.change(int(lounge.people.guild["id"]), moderated=True)
        refused = (await asked(lounge, first, "Ada", "you darn thing")).message
        assert refused is None, "the answer that everyone saw coming is taken away"
        await lounge.until(lambda: whispered(lounge, "This server does not allow that question."))
        (told,) = [one for one in lounge.messages() if "does not allow that question" in one["content"]]
        assert [one["filename"] for one in told["attachments"]] == ["question.txt"], "what was typed comes back"
        assert "Edit again" in str(told["components"])
        assert not [one for one in lounge.messages() if "asks" in one["content"]]
        assert heard(bot, lounge) == []


async def test_what_a_muted_member_wrote_is_passed_on_by_nobody(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lounge, kim, guild = Channel(sandbox), Channel(sandbox, "Kim"), sandbox.world.guild
    number = str(int(guild.id) + 1000)
    guild.roles[number] = guild.roles[str(guild.id)] | {"id": number, "name": "Muted", "permissions": "0"}
    guild.members[kim.user]["roles"] = [number]
    async with scripted(monkeypatch, Ada="crumb"), bot_in(sandbox, tmp_path, rooms_model="openai/test") as bot:
        await bot.house.servers.change(int(guild.id), muted_role=int(number))
        secret, matter = kim.say("a secret"), lounge.say("another matter")
        await started(lounge, "Ada")
        await asked(lounge, secret, "Ada", "And?")
        assert heard(bot, lounge) == []
        await lounge.until(lambda: whispered(lounge, "not heard in rooms here"))
        await asked(lounge, matter, "Ada", "And?")
        await lounge.until_posts(2)
        assert len(heard(bot, lounge)) == 1


async def test_without_a_room_or_with_nothing_in_it_nobody_can_be_asked(
    lounge: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted(monkeypatch, Ada="crumb"):
        before = lounge.say("hello")
        assert "/room start" in await chosen(lounge, ASK, before)
        first = await started(lounge, "Ada")
        form = (await menu(lounge, ASK, first)).modal
        assert form is not None
        await lounge.do("room stop")
        late = await lounge.people.submit(lounge.user, form, {"agent": ["1"]})
        assert late.message is not None
        assert "/room start" in late.message["content"]
        assert late.message["flags"] & 64


async def test_who_has_left_meanwhile_is_not_asked(lounge: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    async with scripted(monkeypatch, Ada="crumb"):
        first = await started(lounge)
        form = (await menu(lounge, ASK, first)).modal
        assert form is not None
        await lounge.do("agent remove", agent="Kenji")
        late = await lounge.people.submit(lounge.user, form, {"agent": ["2"]})
        assert late.message is not None
        assert "has left" in late.message["content"]


# Its origin


async def test_who_said_it_is_told_with_the_model_the_cost_and_the_reason(
    lounge: Channel, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted(monkeypatch, Ada="crumb", Kenji="crust"):
        first = await started(lounge)
        lounge.say("@Kenji?")
        await lounge.until_posts(2)
        told = await chosen(Channel(sandbox, "Sam"), WHO, lounge.posts()[1])
        assert told.startswith("**Kenji**, ")
        for words in ("with test", "this machine", "tokens read", "Why it had the turn: You asked it."):
            assert words in told
        assert "it was next in order" in await chosen(lounge, WHO, first)


async def test_of_a_choice_the_reasons_are_told(lounge: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    async with scripted(monkeypatch, Ada="sums", Kenji="rest", Yusuf="coins"):
        first = await started(lounge, "Ada,Kenji,Yusuf", mode="dynamic")
        assert "\n1. " in await chosen(lounge, WHO, first)


async def test_of_a_greeting_a_member_the_bot_and_others_a_plain_sentence_is_told(
    lounge: Channel, rest: Rest, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = await rest.webhook(lounge.id, "Feed")
    sandbox.world.webhooks[hook.split("/")[2]]["application_id"] = None
    async with scripted(monkeypatch, Ada="crumb"):
        before, feed = lounge.say("hi"), await rest.post(f"{hook}?wait=true", {"content": "news"})
        await started(lounge, "Ada")
        assert await chosen(lounge, WHO, before) == "A member wrote this: **You**."
        assert "no model was asked" in await chosen(lounge, WHO, lounge.greetings()[0])
        assert await chosen(lounge, WHO, lounge.say("again")) == "A member wrote this: **You**."
        assert await chosen(lounge, WHO, feed) == "Another app posted this: **Feed**."
        assert "The bot said this itself" in await chosen(lounge, WHO, await lounge.until_told("waits"))


async def test_of_a_room_that_is_not_kept_only_the_name_is_known(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lounge = Channel(sandbox)
    async with scripted(monkeypatch, Ada="crumb"):
        async with bot_in(sandbox, tmp_path, rooms_model="openai/test"):
            first = await started(lounge, "Ada")
            await lounge.do("room stop")
        async with bot_in(sandbox, tmp_path, rooms_model="openai/test"):
            told = await chosen(lounge, WHO, first)
            assert told == "An agent called **Ada** said this, in a room that is not kept any more."
            assert await chosen(lounge, DELETE, first) == "It is deleted."
            assert lounge.posts() == []


# Away with it


async def test_an_answer_of_several_messages_is_withdrawn_and_given_anew(
    lounge: Channel, bot: RoomsBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted(monkeypatch, Ada=("crumb", LONG, "short"), Kenji="crust") as model:
        await started(lounge)
        question = lounge.say("@Ada, what of rye?")
        await lounge.until_told("waits", 2)
        parts = lounge.posts()[1:]
        assert len(parts) > 1
        assert await chosen(lounge, AGAIN, parts[1]) == "**Ada** answers anew."
        await lounge.until(lambda: [text.split()[-1] for text in contents(lounge.posts())] == ["crumb", "short"])
        assert "Bread 1" not in talk(model.sent("Ada")[-1])
        assert "what of rye" in talk(model.sent("Ada")[-1])
        answers = bot.house.room(int(lounge.id)).state.lines[-1].answers
        assert answers == int(question["id"])
        assert "Bread 1" not in str([line.text for line in bot.house.room(int(lounge.id)).state.lines])


async def test_only_hosts_take_answers_back_and_only_agents_answers(
    lounge: Channel, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted(monkeypatch, Ada="crumb"):
        first = await started(lounge, "Ada")
        for name in (AGAIN, DELETE):
            assert "Only hosts" in await chosen(Channel(sandbox, "Sam"), name, first)
        mine = lounge.say("my own")
        assert "not something an agent said" in await chosen(lounge, AGAIN, mine)
        assert "Discord's own" in await chosen(lounge, DELETE, mine)
        assert lounge.posts()[0]["id"] == first["id"]


async def test_a_host_deletes_what_an_agent_said_for_the_agents_too(
    lounge: Channel, bot: RoomsBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted(monkeypatch, Ada=(LONG, "rye")) as model:
        first = await started(lounge, "Ada")
        assert await chosen(lounge, DELETE, first) == "It is deleted, for the agents too."
        assert lounge.posts() == []
        lounge.say("go on")
        await lounge.until_posts(1)
        assert "Bread 1" not in talk(model.sent("Ada")[-1])
        assert bot.house.room(int(lounge.id)).state.lines[1].text == ""


async def test_what_an_earlier_webhook_posted_needs_the_bots_own_permission(
    lounge: Channel, rest: Rest, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted(monkeypatch, Ada="crumb"):
        first = await started(lounge, "Ada")
        (hook,) = await rest.get(f"/channels/{lounge.id}/webhooks")
        await rest("DELETE", f"/webhooks/{hook['id']}")
        channel = sandbox.world.find_channel(lounge.id)
        deny = {"id": sandbox.world.bot_id, "type": 1, "allow": "0", "deny": str(int(Can.MANAGE_MESSAGES))}
        channel["permission_overwrites"] = [deny]
        told = await chosen(lounge, DELETE, first)
        assert told.startswith("It is deleted, for the agents too. Not all of it")
        channel["permission_overwrites"] = []
        assert await chosen(lounge, DELETE, first) == "It is deleted, for the agents too."
        assert lounge.posts() == []


async def test_in_a_thread_too(lounge: Channel, rest: Rest, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    thread = await rest.post(f"/channels/{lounge.id}/threads", {"name": "aside", "type": 11})
    aside = Channel(sandbox)
    aside.id = thread["id"]
    async with scripted(monkeypatch, Ada=("crumb", "rye")):
        first = await started(aside, "Ada")
        assert "answers anew" in await chosen(aside, AGAIN, first)
        await aside.until(lambda: contents(aside.posts()) == ["rye"])
        await asked(aside, aside.posts()[0], "Ada", "Why?")
        await aside.until_posts(2)


async def test_an_answer_that_still_grows_is_told_as_that_and_deleted_with_its_turn(
    lounge: Channel, bot: RoomsBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted(monkeypatch, Ada=Hang(text="It rises. And it is long. ")):
        await lounge.do("room start", topic="Bread", agents="Ada", **ROUND | {"turns": 1})
        (first,) = await lounge.until_posts(1)
        assert (
            await chosen(lounge, WHO, first) == "**Ada** is still speaking. Please ask again once the answer is whole."
        )
        assert await chosen(lounge, DELETE, first) == "It is deleted."
        await lounge.until_told("This room is over")
    assert lounge.posts() == []
    assert [line.text for line in bot.house.room(int(lounge.id)).state.lines if not line.greeting] == []


async def test_the_menus_go_with_their_cog_and_are_for_servers_only(bot: RoomsBot, lounge: Channel) -> None:
    del lounge
    names = {ASK, WHO, AGAIN, DELETE}
    menus = [one for one in bot.tree.get_commands() if one.name in names]
    assert len(menus) == 4
    for one in menus:
        assert one.to_dict(bot.tree)["dm_permission"] is False
    await bot.unload_extension("cogs.menus")
    assert not names & {one.name for one in bot.tree.get_commands()}


# What an agent has of the room


async def test_a_host_lets_an_agent_speak_without_seeing_or_see_without_speaking(
    lounge: Channel, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted(monkeypatch, Ada=("crumb", "rye"), Kenji="crust") as model:
        await started(lounge)
        assert "Only hosts" in await Channel(sandbox, "Sam").do("agent access", agent="Ada", access="none")
        assert "only listens" in await lounge.do("agent access", agent="Kenji", access="read")
        assert "sees only what it answers" in await lounge.do("agent access", agent="Ada", access="write")
        assert "It remembers nothing" in await lounge.do("agent show", agent="Ada")
        lounge.say("first")
        await lounge.until_told("waits", 2)
        lounge.say("@Ada, second")
        await lounge.until_told("waits", 3)
        assert lounge.speakers() == ["Ada", "Ada", "Ada"]
        assert "first" not in talk(model.sent("Ada")[-1])
        assert "second" in talk(model.sent("Ada")[-1])
