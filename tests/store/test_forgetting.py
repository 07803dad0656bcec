"""The laws of forgetting a member: nothing of their own is left, and nothing of anybody else's is touched."""

from pathlib import Path

import pytest

from rooms_bot.domain.events import (
    Attached,
    Budget,
    Compacted,
    Edited,
    Failed,
    Heard,
    Nearing,
    Opened,
    Planned,
    Rated,
    Regenerated,
    Said,
    Why,
)
from rooms_bot.domain.rooms import Member, Place
from rooms_bot.ports import Store
from rooms_bot.store.sql import SqlStore
from tests.store.samples import ALICE, HOST, SNOWFLAKE, every_kind, heard, kept, numbered, record

GUILD = SNOWFLAKE
BO = Member(id=2, name="Bo", background="a smith")
NOBODY = Member(id=ALICE.id, name="someone")


def bos(text: str) -> Heard:
    return Heard(source=1, member=BO, text=text)


async def opened(store: Store, guild: int = GUILD, by: Member = ALICE) -> int:
    return await store.open_room(record(place=Place(guild=guild, channel=1, parent=1), opened_by=by))


async def test_redacting_takes_a_members_name_and_background_and_leaves_what_was_said(store: Store) -> None:
    room = await opened(store)
    await store.append(room, every_kind())
    await store.redact(room, ALICE.id)
    before, after = every_kind(), await kept(store, room)
    assert "Alice" not in repr(after)
    assert "a nurse" not in repr(after)
    assert [getattr(event.what, "text", None) for event in after] == [
        getattr(event.what, "text", None) for event in before
    ]
    assert after[3].what == heard("What is\nthis? 😀 ⅞").model_copy(update={"member": NOBODY})


async def test_redacting_one_member_leaves_the_others_their_names(store: Store) -> None:
    room = await opened(store)
    opening = Opened(place=record().place, config=record().config, moderator=HOST, by=BO)
    events = numbered(opening, bos("hi"), Planned(turn=0, seat=1, why=Why.ASKED, by="Bo"), heard("hi"))
    await store.append(room, events)
    await store.redact(room, ALICE.id)
    assert (await kept(store, room))[:3] == events[:3]


async def test_who_rated_or_had_something_said_anew_or_used_up_a_budget_is_nobody(store: Store) -> None:
    room = await opened(store)
    await store.append(
        room,
        numbered(
            Rated(source=5, seat=1, member=ALICE, rating=1),
            Regenerated(source=5, seat=1, by=ALICE),
            Nearing(budget=Budget.MEMBER, unit="tokens", used=8, limit=10, member=ALICE),
            Failed(turn=1, seat=1, reason="broke off", text="Well", thought="Alice asks.", posts=(6,)),
            heard("hi"),
        ),
    )
    await store.redact(room, ALICE.id)
    after = await kept(store, room)
    assert "Alice" not in repr(after)
    assert repr(after).count(repr(NOBODY)) == 4


async def test_a_seat_that_is_called_like_the_member_keeps_its_hand_overs(store: Store) -> None:
    room = await opened(store)
    events = numbered(
        heard("hi"),
        Planned(turn=0, seat=1, why=Why.ASKED, by=ALICE.name),
        Planned(turn=1, seat=2, why=Why.HANDED, by=ALICE.name),
    )
    await store.append(room, events)
    await store.redact(room, ALICE.id)
    after = await kept(store, room)
    assert [event.what.by for event in after[1:] if isinstance(event.what, Planned)] == ["someone", ALICE.name]


async def test_a_member_is_forgotten_with_all_they_said_and_all_that_was_made_of_it(store: Store) -> None:
    room = await opened(store)
    mine = (
        heard("xyzzy", source=5),
        Attached(source=5, name="xyzzy.txt", text="xyzzy"),
        Edited(source=5, text="xyzzy"),
        Compacted(lines=1, text="They said xyzzy."),
    )
    others = bos("hello"), Said(turn=0, seat=1, text="A sum.", posts=(6,)), Edited(source=1, text="hello!")
    await store.append(room, numbered(*mine, *others))
    await store.forget_member(GUILD, ALICE.id)
    after = await kept(store, room)
    assert "xyzzy" not in repr(after)
    assert ALICE.name not in repr(after)
    assert after[4:] == numbered(*mine, *others)[4:]
    assert [event.what.kind for event in after[:4]] == ["heard", "attached", "edited", "compacted"]


async def test_a_digest_of_a_room_in_which_they_never_spoke_stays(store: Store) -> None:
    room = await opened(store)
    events = numbered(bos("hello"), Compacted(lines=1, text="Bo said hello."))
    await store.append(room, events)
    await store.forget_member(GUILD, ALICE.id)
    assert await kept(store, room) == events


async def test_who_opened_a_room_is_forgotten_there_too_whether_or_not_they_spoke(store: Store) -> None:
    await opened(store)
    await opened(store, by=BO)
    await store.forget_member(GUILD, ALICE.id)
    assert [row.opened_by for row in await store.open_rooms()] == [NOBODY, BO]


async def test_another_servers_rooms_remember(store: Store) -> None:
    room = await opened(store, guild=7)
    await store.append(room, every_kind())
    await store.forget_member(GUILD, ALICE.id)
    assert await kept(store, room) == every_kind()
    assert (await store.open_rooms())[0].opened_by == ALICE


async def test_whoever_was_forgotten_can_speak_again_and_be_forgotten_again(store: Store) -> None:
    room = await opened(store)
    await store.append(room, numbered(heard("xyzzy", source=1)))
    await store.forget_member(GUILD, ALICE.id)
    await store.append(room, numbered(heard("plugh", source=2), first=1))
    assert "plugh" in repr(await kept(store, room))
    await store.forget_member(GUILD, ALICE.id)
    assert "plugh" not in repr(await kept(store, room))


async def test_forgetting_where_nothing_is_known_changes_nothing(store: Store) -> None:
    room = await opened(store, by=BO)
    await store.append(room, numbered(bos("hello")))
    await store.forget_member(GUILD, 404)
    await store.redact(404, 404)
    assert await kept(store, room) == numbered(bos("hello"))


@pytest.mark.parametrize("what", ["name", "words"])
async def test_what_was_forgotten_is_in_no_file_any_more(sqlite: str, tmp_path: Path, what: str) -> None:
    def files() -> bytes:
        return b"".join(path.read_bytes() for path in (tmp_path / "data").iterdir())

    async with SqlStore.open(sqlite) as store:
        room = await opened(store)
        await store.append(room, numbered(heard("xyzzy")))
        assert b"a nurse" in files()
        await (store.redact(room, ALICE.id) if what == "name" else store.forget_member(GUILD, ALICE.id))
        assert (b"a nurse" in files()) == (what == "name")  # `redact` is of the room's events alone
        assert (b"xyzzy" in files()) == (what == "name")
