"""The laws of what is a server's own: its settings, its personas with their images, and what it has spent."""

import asyncio

from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import Limits
from rooms_bot.ports import GuildSettings, Spending, Store
from rooms_bot.store.sql import SqlStore
from tests.store.samples import ADA, SNOWFLAKE

CHOSEN = GuildSettings(
    guild=SNOWFLAKE,
    host_role=1,
    member_role=2,
    muted_role=3,
    channels=(4, SNOWFLAKE),
    heard_bots={5: (6, 7)},
    log_channel=8,
    blocked_words=("damn", "ß"),
    moderated=True,
    day=Limits(tokens=10**12, dollars=0.1),
    month=Limits(dollars=99.5),
    member=Limits(tokens=5),
    introduced=True,
)


def spent(hour: int, tokens: int, dollars: float = 0.0, guild: int = SNOWFLAKE, member: int = 0) -> Spending:
    return Spending(guild=guild, member=member, hour=hour, tokens=tokens, dollars=dollars)


# Settings


async def test_all_that_a_server_decided_comes_back_whole(store: Store) -> None:
    await store.save_settings(CHOSEN)
    await store.save_settings(GuildSettings(guild=5, channels=(9,)))
    assert await store.settings(SNOWFLAKE) == CHOSEN
    found = sorted(await store.all_settings(), key=lambda one: one.guild)
    assert found == [GuildSettings(guild=5, channels=(9,)), CHOSEN]


async def test_what_is_no_longer_decided_is_gone(store: Store) -> None:
    await store.save_settings(CHOSEN)
    await store.save_settings(GuildSettings(guild=SNOWFLAKE))
    assert await store.all_settings() == [GuildSettings(guild=SNOWFLAKE)]


# Personas


async def test_a_servers_personas_come_back_with_their_server_in_order_of_name(store: Store) -> None:
    zoe, emil = Persona(name="Zoë", expertise=("π",), prompt="Say\n“so”."), Persona(name="emil")
    for guild, persona in ((2, zoe), (2, emil), (1, zoe)):
        await store.save_persona(guild, persona)
    assert await store.personas() == [(1, zoe), (2, emil), (2, zoe)]


async def test_a_persona_takes_the_place_of_one_of_the_same_name_in_any_case(store: Store) -> None:
    await store.save_persona(1, Persona(name="Ada"))
    await store.save_persona(1, Persona(name="ADA", role="a nurse"))
    await store.save_persona(2, ADA.persona)
    assert await store.personas() == [(1, Persona(name="ADA", role="a nurse")), (2, ADA.persona)]


async def test_a_persona_is_dropped_from_one_server_alone(store: Store) -> None:
    for guild in (1, 2):
        await store.save_persona(guild, Persona(name="Ada"))
    await store.drop_persona(1, "aDA")
    await store.drop_persona(1, "nobody")
    assert await store.personas() == [(2, Persona(name="Ada"))]


async def test_an_image_is_kept_byte_for_byte_until_it_is_dropped(store: Store) -> None:
    digest, image = "a" * 64, bytes(range(256)) * 100
    assert await store.image(digest) is None
    await store.save_image(digest, b"another")
    await store.save_image(digest, image)
    assert await store.image(digest) == image
    await store.drop_image(digest)
    assert await store.image(digest) is None


# Spending


async def test_what_is_spent_in_one_hour_adds_up(store: Store) -> None:
    await store.spend([spent(100, 5, 0.25), spent(100, 7, 0.5), spent(100, 3, member=8)])
    await store.spend([spent(100, 1, 0.125), spent(100, 9, guild=4)])
    await store.spend([])
    found = sorted(await store.spending(0), key=lambda one: (one.guild, one.member))
    assert found == [spent(100, 9, guild=4), spent(100, 13, 0.875), spent(100, 3, member=8)]


async def test_that_a_price_was_unknown_is_kept_with_what_was_spent(store: Store) -> None:
    unknown = spent(100, 5).model_copy(update={"unpriced": True})
    await store.spend([unknown])
    await store.spend([spent(100, 1, 0.5), spent(101, 1, 0.5)])
    found = sorted(await store.spending(0), key=lambda one: one.hour)
    assert found == [spent(100, 6, 0.5).model_copy(update={"unpriced": True}), spent(101, 1, 0.5)]
    await store.spend([unknown.model_copy(update={"hour": 101})])
    assert all(one.unpriced for one in await store.spending(0))


async def test_earlier_hours_are_left_out(store: Store) -> None:
    await store.spend([spent(hour, hour) for hour in (99, 100, 101)])
    found = sorted(await store.spending(100), key=lambda one: one.hour)
    assert found == [spent(100, 100), spent(101, 101)]


async def test_more_than_32_bits_of_tokens_can_be_spent(store: Store) -> None:
    await store.spend([spent(1, 2**40)])
    await store.spend([spent(1, 2**40)])
    assert await store.spending(0) == [spent(1, 2**41)]


async def test_what_is_spent_at_the_same_time_is_all_counted(store: Store) -> None:
    async with asyncio.TaskGroup() as tasks:
        for _ in range(20):
            tasks.create_task(store.spend([spent(1, 1, 0.5), spent(1, 1, member=2)]))
    found = sorted(await store.spending(0), key=lambda one: one.member)
    assert found == [spent(1, 20, 10.0), spent(1, 20, member=2)]


async def test_of_a_forgotten_member_no_spending_is_left_and_the_servers_stays(store: Store) -> None:
    await store.spend([spent(1, 5), spent(1, 5, member=8), spent(1, 2, guild=3, member=8)])
    await store.forget_member(SNOWFLAKE, 8)
    found = sorted(await store.spending(0), key=lambda one: one.guild)
    assert found == [spent(1, 2, guild=3, member=8), spent(1, 5)]


async def test_what_is_a_servers_own_outlives_the_process(database: str) -> None:
    async with SqlStore.open(database) as store:
        await store.save_settings(CHOSEN)
        await store.save_persona(1, ADA.persona)
        await store.save_image("a", b"png")
        await store.spend([spent(1, 5, 0.5)])
    async with SqlStore.open(database) as store:
        assert await store.all_settings() == [CHOSEN]
        assert await store.personas() == [(1, ADA.persona)]
        assert await store.image("a") == b"png"
        assert await store.spending(0) == [spent(1, 5, 0.5)]
