"""`/room configure` without options: the rules of the room in a form, on the wire."""

from typing import Any

import pytest

from rooms_bot.chat.bot import RoomsBot
from rooms_bot.domain.rooms import Answering, Mode, RoomConfig
from rooms_bot.sandbox.server import Sandbox
from tests.wire.channel import Channel, words

RULES = {"mode": "round_robin", "orchestrator_every": 0, "human_every": 1, "turns": 30, "pace": 0}


class Host(Channel):
    """Somebody who changes the rules in the form."""

    async def start(self) -> None:
        await self.do("room start", topic="Bread", agents="Ada", **RULES)

    async def form(self) -> dict[str, Any]:
        reply = await self.people.command(self.user, self.id, "room configure", {})
        assert reply.modal is not None, reply
        return reply.modal

    async def send(self, form: dict[str, Any], **fields: Any) -> str:
        settled = await (await self.people.submit(self.user, form, fields)).settled(15)
        assert settled.message is not None, settled
        assert settled.message["flags"] & 64
        return words(settled.message)


@pytest.fixture
async def host(sandbox: Sandbox, bot: RoomsBot) -> Host:
    del bot
    made = Host(sandbox)
    await made.start()
    return made


def rules(bot: RoomsBot, host: Channel) -> RoomConfig:
    return bot.house.room(int(host.id)).state.config


def shown(form: dict[str, Any]) -> dict[str, str]:
    """What stands in the form's fields at first, or is chosen in them."""
    fields = [label["component"] for label in form["components"]]
    return {
        one["custom_id"]: one["value"]
        if "value" in one
        else next(choice["value"] for choice in one["options"] if choice.get("default"))
        for one in fields
    }


async def test_the_form_is_filled_in_with_what_is_in_force_and_changes_what_was_touched(
    host: Host, bot: RoomsBot
) -> None:
    form = await host.form()
    assert shown(form) == {
        "topic": "Bread",
        "mode": "round_robin",
        "agents_answer": "freely",
        "turns": "30",
        "pace": "0",
    }
    told = await host.send(form, topic="Rye", mode="dynamic", agents_answer="people", turns="40", pace="2,5")
    assert "The topic is “Rye”." in told
    now = rules(bot, host)
    assert (now.topic, now.mode, now.turns, now.pace) == ("Rye", Mode.DYNAMIC, 40, 2.5)
    assert now.agents_answer is Answering.PEOPLE
    assert await host.send(await host.form()) == "That is how it was already."


async def test_numbers_in_the_form_are_those_of_the_language(sandbox: Sandbox, host: Host, bot: RoomsBot) -> None:
    await host.do("room configure", pace=2.5)
    sandbox.people.speaks(host.user, "de")
    form = await host.form()
    assert shown(form)["pace"] == "2,5"
    assert "45 Zügen" in await host.send(form, turns="45")
    assert rules(bot, host).pace == 2.5


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("turns", "501", "1 to 500 turns"),
        ("turns", "many", "no whole number"),
        ("pace", "121", "0 to 120 seconds"),
        ("pace", "1.234", "two ways"),
        ("topic", " ", "Please give the room a topic"),
    ],
)
async def test_what_cannot_be_is_told_and_changes_nothing(
    host: Host, bot: RoomsBot, field: str, typed: str, told: str
) -> None:
    before = rules(bot, host)
    assert told in await host.send(await host.form(), **{"mode": "dynamic", field: typed})
    assert rules(bot, host) == before


async def test_blocked_words_are_no_topic(host: Host, bot: RoomsBot) -> None:
    await bot.house.servers.change(int(host.people.guild["id"]), blocked_words=("darn",))
    assert "does not allow" in await host.send(await host.form(), topic="darn bread")
    assert rules(bot, host).topic == "Bread"


async def test_only_hosts_get_the_form_and_only_while_there_is_a_room(sandbox: Sandbox, host: Host) -> None:
    sam = Host(sandbox, "Sam")
    assert "Only hosts" in await sam.do("room configure")
    await host.do("room stop")
    assert "over" in await host.do("room configure")


async def test_what_others_changed_meanwhile_stands_and_is_not_overwritten(host: Host, bot: RoomsBot) -> None:
    form, second = await host.form(), await host.form()
    await host.do("room configure", turns=50)
    await host.send(form, mode="dynamic")
    assert (rules(bot, host).turns, rules(bot, host).mode) == (50, Mode.DYNAMIC)
    assert "Somebody else has changed this" in await host.send(second, turns="60")
    assert rules(bot, host).turns == 50


async def test_a_form_is_for_the_room_it_was_opened_for(host: Host, bot: RoomsBot) -> None:
    form = await host.form()
    await host.do("room stop")
    await host.start()
    assert "over" in await host.send(form, topic="The old room's")
    assert rules(bot, host).topic == "Bread"
