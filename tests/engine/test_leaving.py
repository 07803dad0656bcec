"""A server of which nothing is to be kept: its rooms end first, and then all is gone, in memory too."""

import asyncio

import pytest

from rooms_bot.domain.costs import Cost
from rooms_bot.domain.events import Budget, Closed
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import Member, Memory, Place, RoomConfig
from rooms_bot.engine.house import House
from rooms_bot.engine.leaving import Leaving, Removed
from rooms_bot.engine.shelf import Shelf
from rooms_bot.errors import Refused
from rooms_bot.ports import GuildSettings, Profile
from rooms_bot.store.failures import StoreFailed
from tests.engine.conftest import CHANNEL, MODERATOR, SAM, THEO, Stage, all_events, heard
from tests.engine.fakes import Held, saying

GUILD, OTHER = 9, 10
ELSEWHERE = CHANNEL + 1


class Faces:
    """What the server has at Discord; held, if a test wants to look at the middle of it."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.reached, self.go_on = asyncio.Event(), asyncio.Event()
        self.go_on.set()

    async def forget(self, guild: int) -> None:
        self.asked.append(guild)
        self.reached.set()
        await self.go_on.wait()


class Scene:
    """A stage with somebody who wants to leave it."""

    def __init__(self, stage: Stage) -> None:
        self.faces, self.shelf = Faces(), Shelf({}, stage.store)
        self.leaving = Leaving(stage.house, stage.store, self.shelf, self.faces.forget)

    async def go(self) -> Removed:
        async with asyncio.timeout(5):
            return await self.leaving.forget_guild(GUILD, SAM)


@pytest.fixture
def scene(stage: Stage) -> Scene:
    return Scene(stage)


async def kept(stage: Stage, guild: int) -> list[object]:
    """All that the store has of a server."""
    store = stage.store
    return [
        *[record for record in await store.open_rooms() if record.place.guild == guild],
        *[profile for profile in await store.profiles() if profile.guild == guild],
        *[settings for settings in await store.all_settings() if settings.guild == guild],
        *[persona for owner, persona in await store.personas() if owner == guild],
        *[spent for spent in await store.spending(0) if spent.guild == guild],
    ]


async def furnish(stage: Stage, scene: Scene, guild: int) -> None:
    """A profile, settings, a persona with a face."""
    await stage.house.people.save(Profile(guild=guild, member=SAM.id, background="breeds okapis"))
    await stage.house.servers.save(GuildSettings(guild=guild, blocked_words=("darn",)))
    await scene.shelf.save(guild, Persona(name=f"Bela {guild}"), picture=f"face {guild}".encode())


@pytest.mark.parametrize("memory", Memory)
async def test_rooms_end_with_a_notice_before_anything_is_removed(stage: Stage, scene: Scene, memory: Memory) -> None:
    held = Held()
    room, page = await stage.open({"Ada": held}, memory=memory)
    await held.started.wait()
    assert (await scene.go()).rooms == 1
    (told,) = [event.what for event in page.notices if isinstance(event.what, Closed)]
    assert told.because.startswith("those who manage the server")
    assert (page.posts, held.dropped, stage.house.rooms()) == ([], 1, [])
    assert await all_events(room) == []
    assert await kept(stage, GUILD) == []


async def test_of_the_server_nothing_is_left_and_of_others_everything(stage: Stage, scene: Scene) -> None:
    for guild in (GUILD, OTHER):
        await furnish(stage, scene, guild)
    before = await kept(stage, OTHER)
    removed = await scene.go()
    assert removed == Removed(rooms=0, profiles=1, personas=1)
    assert (await kept(stage, GUILD), await kept(stage, OTHER)) == ([], before)
    assert stage.house.people.profile(GUILD, SAM.id).background == ""
    assert stage.house.people.profile(OTHER, SAM.id).background == "breeds okapis"
    assert stage.house.servers.of(GUILD) == GuildSettings(guild=GUILD)
    assert stage.house.servers.of(OTHER).blocked_words == ("darn",)
    assert (scene.shelf.own(GUILD), len(scene.shelf.own(OTHER))) == ([], 1)
    assert scene.faces.asked == [GUILD]


async def test_rooms_that_are_over_but_still_kept_go_too_without_another_word(stage: Stage, scene: Scene) -> None:
    room, page = await stage.open({"Ada": saying("a")}, turns=1)
    await page.told("closed")
    assert (await scene.go()).rooms == 0
    assert (await all_events(room), stage.house.rooms()) == ([], [])
    last = page.notices[-1].what
    assert isinstance(last, Closed)
    assert (last.reason, last.because) == ("discarded", "")


async def test_a_channel_that_is_gone_hinders_nobody(stage: Stage, scene: Scene) -> None:
    held = Held()
    _, lost = await stage.open({"Ada": held}, human_every=1)
    await stage.open({"Bob": saying("b")}, channel=ELSEWHERE, human_every=1)
    await held.started.wait()
    lost.gone = True
    assert (await scene.go()).rooms == 2
    assert stage.house.rooms() == []


async def test_no_room_opens_while_it_is_at_it_and_any_may_afterwards(stage: Stage, scene: Scene) -> None:
    scene.faces.go_on.clear()
    rules, place = RoomConfig(topic="forms"), Place(guild=GUILD, channel=CHANNEL, parent=CHANNEL)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(scene.go())
        await scene.faces.reached.wait()
        with pytest.raises(Refused, match="is being deleted"):
            await stage.house.open(place, rules, [Persona(name="Ada")], MODERATOR, THEO)
        with pytest.raises(Refused, match="already"):
            await scene.leaving.forget_guild(GUILD, THEO)
        await stage.house.open(place.model_copy(update={"guild": OTHER}), rules, [Persona(name="Ada")], MODERATOR, THEO)
        scene.faces.go_on.set()
    await stage.open({"Ada": saying("a")}, channel=ELSEWHERE)
    assert len(await kept(stage, GUILD)) == 1


async def test_where_something_fails_it_is_said_and_can_be_done_again(
    stage: Stage, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    await furnish(stage, scene, GUILD)

    async def fail(guild: int) -> None:
        raise StoreFailed(f"no space for {guild}")

    with monkeypatch.context() as broken:
        broken.setattr(stage.store, "forget_guild", fail)
        with pytest.raises(StoreFailed):
            await scene.go()
    assert stage.house.people.profile(GUILD, SAM.id).background == "breeds okapis"
    assert (await scene.go()).profiles == 1
    assert await kept(stage, GUILD) == []


async def test_where_a_room_cannot_end_now_nothing_is_removed(
    stage: Stage, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, _ = await stage.open({"Ada": saying("a")}, human_every=1)
    await furnish(stage, scene, GUILD)

    async def refuse(*_: object) -> None:
        raise Refused("The bot's database cannot be used just now.")

    with monkeypatch.context() as broken:
        broken.setattr(room, "do", refuse)
        with pytest.raises(Refused, match="just now"):
            await scene.go()
    assert len(await kept(stage, GUILD)) == 4
    assert scene.faces.asked == []
    assert (await scene.go()).rooms == 1


async def test_what_was_spent_is_written_nowhere_any_more_but_no_budget_begins_anew(stage: Stage, scene: Scene) -> None:
    stage.cast.price = lambda read, written: 0.001 * (read + written)
    _, page = await stage.open({"Ada": saying("a")}, turns=1)
    await page.told("closed")
    used = stage.house.quotas.accounts.account(Budget.DAY, GUILD).tokens
    assert used > 0
    await scene.go()
    assert await stage.store.spending(0) == []
    assert stage.house.quotas.accounts.account(Budget.DAY, GUILD).tokens == used


async def test_a_members_account_is_gone_with_the_server(stage: Stage, scene: Scene) -> None:
    account = stage.house.quotas.accounts.account(Budget.MEMBER, GUILD, SAM.id)
    account.hold(Cost(100))
    await scene.go()
    assert stage.house.quotas.accounts.account(Budget.MEMBER, GUILD, SAM.id) is not account


async def test_what_is_said_afterwards_is_heard_by_nobody(stage: Stage, scene: Scene) -> None:
    await stage.open({"Ada": saying("a")}, human_every=1)
    await scene.go()
    house: House = stage.house
    assert not house.hear(CHANNEL, heard("still there?", Member(id=3, name="Kim")))
