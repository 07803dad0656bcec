"""The first room of a server is proposed where nobody is named, and begins with one press."""

import pytest

from rooms_bot.chat import proposal
from rooms_bot.chat.bot import RoomsBot
from rooms_bot.sandbox.server import Sandbox
from tests.wire.channel import PATIENCE, Channel, Wire, labels, parts, words

COURT = "Which court decides about liability in contracts?"
SELECT = 3
QUICK = {"pace": 0, "turns": 1}


@pytest.fixture
def lounge(sandbox: Sandbox, bot: RoomsBot) -> Channel:
    del bot
    return Channel(sandbox)


async def proposed(lounge: Channel, **more: object) -> Wire:
    message = (await lounge.ask("room start", **({"topic": COURT} | QUICK | more))).message
    assert message is not None
    return message


def now(lounge: Channel, message: Wire) -> Wire:
    return next(one for one in lounge.messages() if one["id"] == message["id"])


def introduced(lounge: Channel, bot: RoomsBot) -> bool:
    return bot.house.servers.of(int(lounge.people.guild["id"])).introduced


async def test_three_who_fit_are_proposed_and_one_press_opens_the_room(
    lounge: Channel, bot: RoomsBot, sandbox: Sandbox
) -> None:
    offer = await proposed(lounge, turns=7, pace=2)
    lines = words(offer).splitlines()
    assert lines[0] == f"**The first room on this server: {COURT}**"
    assert sum(line.startswith("- **") for line in lines) == 3
    assert any("Mirela" in line and "judge" in line for line in lines)
    for rule in ("whoever knows most about it", "7 turns", "2 seconds", "memory only"):
        assert rule in words(offer)
    assert labels(offer) == ["Start", "Other agents", "Cancel"]
    assert not [one for one in Channel(sandbox, "Sam").messages() if COURT in words(one)]
    assert not introduced(lounge, bot)
    opened = (await (await lounge.press(offer, "Start")).settled(PATIENCE)).message
    assert opened is not None
    assert "The room is open" in words(opened)
    assert labels(opened) == []
    await lounge.until_told("## ")
    assert len(bot.house.room(int(lounge.id)).state.seats) == 3
    assert introduced(lounge, bot)


async def test_others_can_be_chosen_from_a_list_and_start_with_start(lounge: Channel, bot: RoomsBot) -> None:
    offer = await proposed(lounge)
    await (await lounge.press(offer, "Other agents")).settled(PATIENCE)
    (chosen,) = [one for one in parts(now(lounge, offer)) if one["type"] == SELECT]
    assert (chosen["min_values"], chosen["max_values"]) == (1, min(12, len(chosen["options"])))
    assert sum(bool(option.get("default")) for option in chosen["options"]) == 3
    assert labels(now(lounge, offer)) == ["Start", "Cancel"]
    assert {"Ada", "Kenji"} < {option["value"] for option in chosen["options"]}
    await lounge.people.press(lounge.user, offer["id"], chosen["custom_id"], ["Kenji", "Ada"])
    assert not bot.house.rooms()
    await lounge.press(now(lounge, offer), "Start")
    await lounge.until_told("## ")
    seats = bot.house.room(int(lounge.id)).state.seats.values()
    assert sorted(seat.name for seat in seats) == ["Ada", "Kenji"]


async def test_a_proposal_that_is_cancelled_opens_nothing(lounge: Channel, bot: RoomsBot) -> None:
    offer = await proposed(lounge)
    await (await lounge.press(offer, "Cancel")).settled(PATIENCE)
    assert words(now(lounge, offer)) == "No room was opened."
    assert labels(now(lounge, offer)) == []
    assert not bot.house.rooms()
    assert labels(await proposed(lounge)) == ["Start", "Other agents", "Cancel"]


async def test_with_agents_a_room_starts_at_once_also_the_first(lounge: Channel, bot: RoomsBot) -> None:
    assert "The room is open" in words(await proposed(lounge, agents="Ada"))
    assert introduced(lounge, bot)


async def test_the_second_room_starts_at_once(lounge: Channel, sandbox: Sandbox) -> None:
    await proposed(lounge, agents="Ada")
    assert "The room is open" in words(await proposed(Channel(sandbox, channel="library")))


async def test_who_may_not_open_rooms_is_proposed_none_and_no_more_after_losing_that(
    lounge: Channel, sandbox: Sandbox, bot: RoomsBot
) -> None:
    sam = Channel(sandbox, "Sam")
    assert "Only hosts" in words(await proposed(sam))
    assert not bot.house.rooms()
    del lounge


async def test_of_two_proposals_the_second_is_refused_once_a_room_is_open(lounge: Channel) -> None:
    first, second = await proposed(lounge), await proposed(lounge, turns=3)
    await (await lounge.press(first, "Start")).settled(PATIENCE)
    await lounge.press(second, "Start")
    await lounge.until(lambda: any("A room is open here already" in words(one) for one in lounge.messages()))
    assert "Start" in labels(now(lounge, second))


async def test_a_proposal_that_lapses_says_so(lounge: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proposal, "WAIT", 0.2)
    offer = await proposed(lounge)
    await lounge.until(lambda: "lapsed" in words(now(lounge, offer)))
    assert labels(now(lounge, offer)) == []
