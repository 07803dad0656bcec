"""An agent is never called like the bot or like a person, in any letters; a room starts at once all the same."""

import pytest

from rooms_bot.chat import naming
from rooms_bot.chat.bot import RoomsBot
from rooms_bot.sandbox.faults import Fault
from rooms_bot.sandbox.rest.api import Exchange
from rooms_bot.sandbox.server import Sandbox
from tests.wire.channel import Channel, labels
from tests.wire.openapi import Ledger
from tests.wire.test_personas import create

OFFLINE = {"mode": "round_robin", "pace": 0, "orchestrator_every": 0, "human_every": 1}
SEARCH = "/guilds/{guild_id}/members/search"


@pytest.fixture
def lounge(sandbox: Sandbox, bot: RoomsBot) -> Channel:
    del bot
    return Channel(sandbox)


def call(sandbox: Sandbox, person: str, name: str) -> None:
    """Let a person be shown as `name` from now on."""
    sandbox.world.users[sandbox.people.named(person)]["global_name"] = name


def seated(bot: RoomsBot, lounge: Channel) -> list[str]:
    return [seat.name for seat in bot.house.room(int(lounge.id)).state.seats.values()]


@pytest.mark.parametrize("name", ["Ada", "ada", "Ａｄａ", "A\u200bda", "Adа"])
async def test_an_agent_called_like_a_member_is_told_apart_and_answers_to_its_name(
    lounge: Channel, bot: RoomsBot, sandbox: Sandbox, name: str
) -> None:
    call(sandbox, "You", name)
    told = await lounge.do("room start", topic="Bread", agents="Ada,Kenji", **OFFLINE)
    assert "The room is open" in told
    assert "**Ada** is called **Ada (agent)** here" in told.replace("\\", "")
    assert seated(bot, lounge) == ["Ada (agent)", "Kenji"]
    await lounge.until_posts(1)
    lounge.say("@Ada, go on")
    await lounge.until_posts(2)
    assert lounge.speakers() == ["Ada (agent)"] * 2


@pytest.mark.parametrize("name", ["Аdа", "Ａda", "A d a", "A.da"])
async def test_a_member_who_is_noticed_only_when_they_speak_or_join_is_told_apart_then(
    lounge: Channel, bot: RoomsBot, sandbox: Sandbox, name: str
) -> None:
    await lounge.do("room start", topic="Bread", agents="Ada,Kenji", **OFFLINE)
    await lounge.until_posts(1)
    sandbox.world.guild.members[sandbox.people.named("Sam")]["nick"] = name
    sandbox.world.guild.members[sandbox.people.named("Kim")]["nick"] = "Ｋenji"
    sam, kim = Channel(sandbox, "Sam"), Channel(sandbox, "Kim")
    sam.say("@Ada, go on")
    told = await lounge.until_told("**Ada** is now **Ada")
    assert "**Ada (agent)**" in told["content"].replace("\\", "")
    assert (await lounge.until_posts(2))[1]["author"]["username"] == "Ada (agent)"
    panel = next(one for one in lounge.messages() if "Join" in labels(one))
    await kim.press(panel, "Join")
    await lounge.until_told("**Kenji** is now **Kenji")
    assert seated(bot, lounge) == ["Ada (agent)", "Kenji (agent)"]


async def test_members_are_looked_for_once_for_each_name_as_it_looks(
    lounge: Channel, bot: RoomsBot, sandbox: Sandbox, ledger: Ledger | None
) -> None:
    asked: list[str] = []

    def watch(exchange: Exchange) -> None:
        if exchange.template == SEARCH:
            asked.append(exchange.template)
        if ledger is not None:
            ledger(exchange)

    sandbox.observe = watch
    call(sandbox, "Sam", "Ada")
    call(sandbox, "Kim", "Leilani Smith")
    await create(lounge, name="Аda")  # a Cyrillic А
    told = await lounge.do("room start", topic="Bread", agents="Аda, Leilani", **OFFLINE)
    assert "Аda (agent)" in told.replace("\\", "")
    assert seated(bot, lounge) == ["Аda (agent)", "Leilani"]
    assert len(asked) == 3
    await lounge.do("agent invite", persona="Kenji")
    assert len(asked) == 4


async def test_nicknames_and_those_in_the_room_count_too(lounge: Channel, bot: RoomsBot, sandbox: Sandbox) -> None:
    sandbox.world.guild.members[sandbox.people.named("Sam")]["nick"] = "Kenji"
    await lounge.do("room start", topic="Bread", agents="Noor", **OFFLINE)
    await lounge.until_told("waits")
    assert "Kenji (agent)" in (await lounge.do("agent invite", persona="Kenji")).replace("\\", "")
    await lounge.do("orchestrator set", name="Sаm")  # a Cyrillic а
    assert bot.house.room(int(lounge.id)).state.moderator.name == "Sаm (agent)"
    assert "An agent here has that name" in await lounge.do("orchestrator set", name="Кenji (agent)")


async def test_a_persona_that_takes_over_a_seat_is_told_apart(lounge: Channel, bot: RoomsBot, sandbox: Sandbox) -> None:
    call(sandbox, "Kim", "Ada")
    await lounge.do("room start", topic="Bread", agents="Noor", **OFFLINE)
    await lounge.do("agent configure", agent="Noor", persona="Ada")
    assert seated(bot, lounge) == ["Ada (agent)"]


async def test_a_room_starts_where_discord_does_not_name_its_members(
    lounge: Channel, bot: RoomsBot, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    call(sandbox, "Kim", "Ada")
    monkeypatch.setattr(naming, "PATIENCE", 0)
    assert "The room is open" in await lounge.do("room start", topic="Bread", agents="Ada", **OFFLINE)
    assert seated(bot, lounge) == ["Ada"]


@pytest.mark.parametrize("status", [403, 0])
async def test_a_search_that_fails_holds_nobody_up(
    lounge: Channel, bot: RoomsBot, sandbox: Sandbox, status: int
) -> None:
    call(sandbox, "Kim", "Kenji")
    sandbox.faults.plan(Fault("GET", SEARCH, status, times=2))
    assert "The room is open" in await lounge.do("room start", topic="Bread", agents="Kenji", **OFFLINE)
    assert seated(bot, lounge) == ["Kenji"]


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("Rooms", "the bot's own name"),
        ("Roоms", "the bot's own name"),
        ("R\u200booms", "the bot's own name"),
        ("ＲＯＯＭＳ", "the bot's own name"),
        ("Clyde", "Discord refuses"),
        ("Dіscord", "Discord refuses"),
        ("everyone", "Discord refuses"),
        ("system", "means something else"),
        ("Ѕystem", "means something else"),
    ],
)
async def test_no_persona_takes_the_bots_name_or_one_that_is_taken(lounge: Channel, name: str, part: str) -> None:
    assert part in await create(lounge, name=name)
    front = f"---\nname: {name}\n---\nYou."
    assert part in await lounge.do("persona import", file=("x.md", front.encode()))
    assert "0 personas of its own" in await lounge.do("persona list")
