"""The laws of removing: what is over for long, a whole server; and how an ephemeral room's standing is kept."""

from datetime import UTC, datetime, timedelta

import pytest

from rooms_bot.domain.events import Paused, Rebuilt, Recalled, Tally, Usage
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import Member, Place
from rooms_bot.ports import GuildSettings, Profile, Spending, Store
from rooms_bot.store.failures import Misplaced, NoSuchRoom
from rooms_bot.store.sql import SqlStore
from tests.store.samples import ALICE, SNOWFLAKE, TurnedClock, every_kind, heard, kept, numbered, record

TALLY = Tally(
    panel=SNOWFLAKE,
    paused=Paused(by=ALICE, reason="lunch"),
    muted=(2,),
    taken=7,
    allowed=20,
    redone=1,
    spent=Usage(prompt_tokens=5, cost=0.25),
    unpriced=True,
)
HERE, THERE = SNOWFLAKE, 2
NOBODY = Member(id=ALICE.id, name="someone")


async def opened(store: Store, guild: int = HERE) -> int:
    room = await store.open_room(record(place=Place(guild=guild, channel=1, parent=1)))
    await store.append(room, every_kind())
    return room


async def ended(store: Store, guild: int = HERE) -> int:
    room = await opened(store, guild)
    await store.save_room(record(id=room, place=Place(guild=guild, channel=1, parent=1), open=False))
    return room


def at(clock: TurnedClock) -> datetime:
    """Now, which goes on by a second."""
    return datetime.fromtimestamp(clock.now(), UTC)


# Tallies


async def test_how_a_room_stands_is_kept_with_its_row(store: Store) -> None:
    one, two = await store.open_room(record(tally=TALLY)), await store.open_room(record())
    assert [room.tally for room in await store.open_rooms()] == [TALLY, Tally()]
    await store.save_tallies({two: TALLY, one: Tally(taken=8)})
    assert [room.tally for room in await store.open_rooms()] == [Tally(taken=8), TALLY]
    assert [room.config for room in await store.open_rooms()] == [record().config] * 2


async def test_how_an_unknown_room_stands_is_passed_over(store: Store) -> None:
    room = await store.open_room(record())
    await store.save_tallies({404: TALLY, room: TALLY})
    await store.save_tallies({})
    assert [row.id for row in await store.open_rooms()] == [room]


async def test_saving_a_rooms_row_saves_how_it_stands(store: Store) -> None:
    room = await store.open_room(record(tally=TALLY))
    await store.save_room(record(id=room, tally=Tally(panel=9)))
    assert [row.tally for row in await store.open_rooms()] == [Tally(panel=9)]


async def test_who_paused_a_room_is_forgotten_there_too(store: Store) -> None:
    await store.open_room(record(tally=TALLY, opened_by=NOBODY))
    await store.forget_member(HERE, ALICE.id)
    (left,) = await store.open_rooms()
    assert left.tally == TALLY.model_copy(update={"paused": Paused(by=NOBODY, reason="lunch")})


# What was said before a restart


def recalled(text: str, post: int, member: Member | None = ALICE) -> Recalled:
    return Recalled(name="Ali of old", text=text, posts=(post,), member=member, seat=None if member else 1)


async def test_what_was_read_again_comes_back_as_it_was(store: Store) -> None:
    room = await store.open_room(record())
    events = numbered(recalled("hi", 5), recalled("A sum.", 6, None), Rebuilt(tally=TALLY, lines=2))
    await store.append(room, events)
    assert await kept(store, room) == events


async def test_a_member_is_forgotten_in_what_was_read_again(store: Store) -> None:
    room = await store.open_room(record())
    await store.append(
        room, numbered(recalled("xyzzy", 5), recalled("A sum.", 6, None), Rebuilt(tally=TALLY), heard("plugh", 7))
    )
    await store.redact(room, ALICE.id)
    after = await kept(store, room)
    assert [getattr(event.what, "text", "") for event in after] == ["xyzzy", "A sum.", "", "plugh"]
    assert "Alice" not in repr(after)
    await store.forget_member(HERE, ALICE.id)
    after = await kept(store, room)
    assert [getattr(event.what, "text", "") for event in after] == ["", "A sum.", "", ""]
    assert after[0].what == Recalled(name="someone", text="", posts=(5,), member=NOBODY)


# Rooms that are over


async def test_rooms_that_have_been_over_for_long_are_removed_with_all_that_was_said(
    store: Store, clock: TurnedClock
) -> None:
    old, live = await ended(store), await opened(store)
    between = at(clock)
    new = await ended(store)
    assert await store.expire(between) == 1
    assert [len(await kept(store, room)) for room in (old, live, new)] == [0, 25, 25]
    with pytest.raises(NoSuchRoom):
        await store.save_room(record(id=old))
    await store.save_room(record(id=new))
    assert await store.expire(between) == 0


async def test_a_room_is_over_since_its_first_end_until_it_goes_on(store: Store, clock: TurnedClock) -> None:
    room = await ended(store)
    await store.save_room(record(id=room))
    between = at(clock)
    await store.save_room(record(id=room, open=False))
    assert await store.expire(between) == 0
    later = at(clock)
    await store.save_room(record(id=room, open=False))  # its end is not its last change
    assert await store.expire(later) == 1


async def test_very_many_rooms_are_removed(store: Store, clock: TurnedClock) -> None:
    for _ in range(45):
        number = await store.open_room(record())
        await store.save_room(record(id=number, open=False))
    assert await store.expire(at(clock)) == 45


async def test_the_number_of_a_removed_room_is_not_given_again(store: Store, clock: TurnedClock) -> None:
    room = await ended(store)
    await store.expire(at(clock))
    assert await store.open_room(record()) > room


async def test_a_removed_room_hears_nothing_any_more(database: str, clock: TurnedClock) -> None:
    async with SqlStore.open(database, clock.now) as store:
        room = await ended(store)
        await store.expire(at(clock))
        with pytest.raises(Misplaced):
            await store.append(room, numbered(heard("late")))


async def test_what_was_not_looked_for_in_that_time_goes_too(store: Store, clock: TurnedClock) -> None:
    for name in ("old", "used"):
        await store.save_face(name, 1, f"url of {name}", HERE)
        await store.save_expansion(name, [name])
    between = at(clock)
    await store.face("used")
    await store.expansion("used")
    await store.expire(between)
    assert [await store.face(name) for name in ("old", "used")] == [None, "url of used"]
    assert [await store.expansion(name) for name in ("old", "used")] == [None, ("used",)]


async def test_what_was_spent_is_removed_but_for_the_running_month(store: Store, clock: TurnedClock) -> None:
    now = at(clock)
    month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    hours = [int((month + timedelta(hours=more)).timestamp()) // 3600 for more in (-800, -1, 0, 1)]
    await store.spend([Spending(guild=HERE, member=0, hour=hour, tokens=1) for hour in hours])
    await store.expire(now - timedelta(days=30))
    assert sorted(one.hour for one in await store.spending(-9999)) == hours[1:]
    await store.expire(now)
    assert sorted(one.hour for one in await store.spending(-9999)) == hours[2:]


# A server


async def filled(store: Store, guild: int, avatar: str | None) -> int:
    """A server of which everything there is is kept; its room."""
    await store.save_profile(Profile(guild=guild, member=3, background="a nurse"))
    await store.save_settings(GuildSettings(guild=guild, blocked_words=("tea",)))
    await store.save_persona(guild, Persona(name="Ada", avatar=avatar))
    await store.spend([Spending(guild=guild, member=member, hour=1, tokens=2) for member in (0, 3)])
    await store.save_face(f"face of {guild}", 4, "url", guild)
    await ended(store, guild)
    return await opened(store, guild)


async def test_a_server_is_forgotten_with_all_that_is_kept_of_it(store: Store) -> None:
    for digest in ("a", "b"):
        await store.save_image(digest, digest.encode())
    here, there = await filled(store, HERE, "image:a"), await filled(store, THERE, "image:b")
    await store.forget_guild(HERE)
    assert [room.place.guild for room in await store.open_rooms()] == [THERE]
    assert [len(await kept(store, room)) for room in (here, here - 1, there, there - 1)] == [0, 0, 25, 25]
    assert [one.guild for one in await store.profiles()] == [THERE]
    assert [one.guild for one in await store.all_settings()] == [THERE]
    assert [guild for guild, _ in await store.personas()] == [THERE]
    assert {one.guild for one in await store.spending(0)} == {THERE}
    assert [await store.image(digest) for digest in ("a", "b")] == [None, b"b"]
    assert [await store.oldest_face(guild, 0) for guild in (HERE, THERE)] == [None, (f"face of {THERE}", 4)]


async def test_an_image_that_another_server_uses_too_stays(store: Store) -> None:
    await store.save_image("a", b"a")
    await filled(store, HERE, "image:a")
    await filled(store, THERE, "image:a")
    await store.forget_guild(HERE)
    assert await store.image("a") == b"a"
    await store.forget_guild(THERE)
    assert await store.image("a") is None


async def test_a_server_that_was_forgotten_or_never_known_can_be_forgotten(store: Store) -> None:
    await store.forget_guild(HERE)
    await filled(store, HERE, None)
    await store.forget_guild(HERE)
    await store.forget_guild(HERE)
    assert await store.open_rooms() == []
