"""People are answered in their client's language, channels are told things in their server's, else in English."""

from pathlib import Path

import pytest

from rooms_bot.chat.bot import RoomsBot
from rooms_bot.sandbox.admins import Admin
from rooms_bot.sandbox.server import Sandbox
from tests.models.openai_server import Hang
from tests.wire.channel import Channel, bot_in
from tests.wire.places import direct
from tests.wire.scripted import scripted

ROUND = {"mode": "round_robin", "pace": 0, "orchestrator_every": 0}


MODEL = "openai/test"


def person(sandbox: Sandbox, locale: str, name: str = "You") -> Channel:
    """One whose client speaks this language."""
    channel = Channel(sandbox, name)
    sandbox.people.speaks(channel.user, locale)
    return channel


@pytest.mark.parametrize(
    ("locale", "refusal", "described"),
    [
        ("de", "Hier ist kein Raum offen", "Agenten nennen dich **Jo**."),
        ("en-GB", "No room is open here", "Agents call you **Jo**."),
        ("th", "No room is open here", "Agents call you **Jo**."),
    ],
)
async def test_answers_and_refusals_are_in_the_language_of_who_asks(
    sandbox: Sandbox, bot: RoomsBot, locale: str, refusal: str, described: str
) -> None:
    del bot
    asking = person(sandbox, locale)
    assert refusal in await asking.do("room pause")
    assert await asking.do("profile set", name="Jo") == described


async def test_two_who_ask_at_once_are_each_answered_in_their_own(sandbox: Sandbox, bot: RoomsBot) -> None:
    del bot
    german, english = person(sandbox, "de"), person(sandbox, "en-US", "Sam")
    asked = [await one.people.command(one.user, one.id, "room status", {}) for one in (german, english, german)]
    told = [(await reply.settled(15)).message for reply in asked]
    assert [one and one["content"][:4] for one in told] == ["Hier", "No r", "Hier"]


async def test_commands_describe_themselves_in_german_under_their_english_names(
    sandbox: Sandbox, bot: RoomsBot
) -> None:
    del bot
    room = next(one for one in sandbox.world.commands[None].values() if one["name"] == "room")
    start = next(one for one in room["options"] if one["name"] == "start")
    mode = next(one for one in start["options"] if one["name"] == "mode")
    assert room["description_localizations"].keys() == {"de"}
    assert start["description_localizations"]["de"].startswith("Öffne hier einen Raum")
    assert start["name_localizations"] == {}
    assert {one["value"]: one["name_localizations"].get("de") for one in mode["choices"]}["round_robin"] == "reihum"


async def test_a_channel_is_told_things_in_the_language_of_its_server_whoever_caused_them(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is kept of it is English: other readers speak other languages."""
    sandbox.world.guild.wire["preferred_locale"] = "de"
    host = person(sandbox, "en-US")
    async with scripted(monkeypatch, Ada=Hang()), bot_in(sandbox, tmp_path, rooms_model="openai/test"):
        assert "The room is open" in await host.do("room start", topic="Brot", agents="Ada", **ROUND)
        await host.until(lambda: "Sagt jederzeit etwas" in panels(host))
        await host.do("agent invite", persona="Noor")
        await host.until_told("kommt in den Raum")
        await host.do("room stop")
        await host.until_told("Dieser Raum ist zu Ende")


async def test_a_server_chooses_the_language_of_what_everyone_reads(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Most servers cannot choose one at Discord."""
    host = person(sandbox, "en-US")
    async with scripted(monkeypatch, Ada=Hang()), bot_in(sandbox, tmp_path, rooms_model="openai/test") as bot:
        assert await host.do("settings language", language="de") == "**Language** of notices: German."
        assert "The room is open" in await host.do("room start", topic="Brot", agents="Ada", **ROUND)
        await host.until(lambda: "Sagt jederzeit etwas" in panels(host))
        assert bot.house.room(int(host.id)).state.config.language == "German"
        assert "as the server has it" in await host.do("settings language", language="discord")
        await host.do("room stop")
        await host.until_told("This room is over")


def panels(channel: Channel) -> str:
    """What stands in messages of components."""
    return str([message["components"] for message in channel.messages()])


async def test_why_an_agent_failed_is_kept_in_english_and_told_in_the_servers_language(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox.world.guild.wire["preferred_locale"] = "de"
    german = person(sandbox, "de")
    async with scripted(monkeypatch, Ada=""), bot_in(sandbox, tmp_path, rooms_model="openai/test") as bot:
        await german.do("room start", topic="Brot", agents="Ada", human_every=1, **ROUND)
        await german.until_told("hatte nichts zu sagen")
        room = bot.house.room(int(german.id))
        kept = [event.what async for event in room.events() if event.what.kind == "failed"]
        assert [getattr(one, "reason", "") for one in kept][:1] == ["had nothing to say"]


async def test_buttons_are_labelled_for_the_server_and_answer_who_presses(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox.world.guild.wire["preferred_locale"] = "de"
    host, guest = person(sandbox, "en-US"), person(sandbox, "fr", "Sam")
    async with scripted(monkeypatch, Ada="Krume"), bot_in(sandbox, tmp_path, rooms_model="openai/test"):
        await host.do("room start", topic="Brot", agents="Ada", turns=1, **ROUND)
        over = await host.until_told("Dieser Raum ist zu Ende")
        assert "Verwerfen" in str(over["components"])
        told = (await (await guest.press(over, "Export")).settled(15)).message
        assert told is not None
        assert told["content"].startswith("Here it is")
        sandbox.people.speaks(guest.user, "de")
        told = (await (await guest.press(over, "Export")).settled(15)).message
        assert told is not None
        assert told["content"].startswith("Hier ist es")


async def test_a_form_speaks_the_language_of_who_opens_it_and_so_does_what_comes_of_it(
    sandbox: Sandbox, bot: RoomsBot
) -> None:
    del bot
    asking = person(sandbox, "de")
    form = (await sandbox.people.command(asking.user, asking.id, "persona create", {})).modal
    assert form is not None
    assert form["title"] == "Eine neue Persona"
    filled = {label["component"]["custom_id"]: "Brot" for label in form["components"] if "avatar" not in str(label)}
    told = await (await sandbox.people.submit(asking.user, form, filled)).settled(15)
    assert told.message is not None
    assert "kann eingeladen werden" in told.message["content"]


async def test_a_direct_message_is_in_the_language_its_reader_last_asked_in(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = person(sandbox, "de")
    async with scripted(monkeypatch, Ada=Hang()), bot_in(sandbox, tmp_path, rooms_model="openai/test"):
        await host.do("room start", topic="Brot", agents="Ada", **ROUND)
        await host.until(lambda: "Say something at any time" in panels(host))
        Admin(sandbox.world, host.user).delete(host.id)
        told = await direct(sandbox).until_told("Dein Raum „Brot“ ist zu Ende: der Kanal ist weg")
        assert "Mit Export kannst du es sichern" in told["content"]


async def test_context_menus_have_german_names(sandbox: Sandbox, bot: RoomsBot) -> None:
    del bot
    menus = {
        one["name"]: one["name_localizations"] for one in sandbox.world.commands[None].values() if one["type"] == 3
    }
    assert menus["Who said this?"] == {"de": "Wer hat das gesagt?"}
