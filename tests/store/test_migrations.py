"""The laws of bringing an older version's database up to this one: the same tables as a new one, and all it held."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, text

from rooms_bot.domain.events import Closed, Heard, Said, Tally
from rooms_bot.domain.fold import fold
from rooms_bot.domain.rooms import Member
from rooms_bot.ports import GuildSettings, Profile
from rooms_bot.store.address import is_file, parse
from rooms_bot.store.database import as_it_is
from rooms_bot.store.migrate import MIGRATIONS
from rooms_bot.store.schema import NEWEST, metadata
from rooms_bot.store.sql import SqlStore
from tests.store.samples import kept, record

HOST = '{"id": 0, "name": "Host", "persona": {"name": "Host"}}'
ADA = '{"id": 1, "name": "Ada", "persona": {"name": "Ada", "expertise": ["tea"], "prompt": "You know tea."}}'
AL = '{"id": 3, "name": "Al", "background": "a nurse"}'
PLACE = '{"guild": 1, "channel": 4, "parent": 4}'
TEA = '{"topic": "tea", "memory": "durable", "mode": "round_robin", "turns": 20}'
OPENED = f'{{"place": {PLACE}, "config": {TEA}, "moderator": {HOST}, "by": {AL}}}'
PLANNED = '{"turn": 0, "seat": 1, "why": "asked", "by": "Al", "answers": 9}'
SAID = '{"turn": 0, "seat": 1, "posts": [11, 12], "addressed": [], "asks": null}'
FIRST = [
    "INSERT INTO guilds VALUES (1, 2)",
    "INSERT INTO profiles VALUES (1, 3, 'Al', 'a nurse', false), (1, 5, '', '', true)",
    "INSERT INTO faces VALUES ('a', 3, 'url', 1, 5)",
    f"""INSERT INTO rooms (guild, channel, parent, config, opened_by, opened_at, open)
        VALUES (1, 4, 4, '{TEA}', '{AL}', 5000, true), (1, 6, 6, '{TEA}', '{AL}', 6000, false),
               (1, 7, 7, '{{"topic": "cake"}}', '{AL}', 7000, false)""",
    f"INSERT INTO seats VALUES (1, 0, 0, '{HOST}'), (1, 1, 1, '{ADA}'), (2, 0, 0, '{HOST}'), (3, 0, 0, '{HOST}')",
    f"""INSERT INTO events VALUES
        (1, 0, 5000, 'opened', NULL, '{OPENED}'),
        (1, 1, 5000, 'joined', NULL, '{{"seat": {ADA}, "by": null}}'),
        (1, 2, 5100, 'heard', 'Täa?', '{{"source": 9, "member": {AL}, "reply_to": null, "addressed": [1]}}'),
        (1, 3, 5200, 'planned', NULL, '{PLANNED}'),
        (1, 4, 5300, 'generated', 'Green 🍵.', '{{"turn": 0, "seat": 1, "model": "m", "seconds": 0.5}}'),
        (1, 5, 5400, 'said', 'Green 🍵.', '{SAID}'),
        (2, 0, 6000, 'opened', NULL, '{OPENED}'),
        (2, 1, 6500, 'closed', NULL, '{{"reason": "stopped", "by": {AL}}}')""",
]
"""What a database of the first revision holds, as that version wrote it."""
SECOND = ["""INSERT INTO expansions VALUES ('card', '["leaf", "pot"]')"""]
RELEASED = {"0001": FIRST, "0002": FIRST + SECOND}
"""By revision, of versions that were published; no such row is ever changed."""


def touched(address: str) -> URL:
    """Its file is there."""
    url = parse(address)
    if is_file(url):
        file = Path(str(url.database))
        file.parent.mkdir(exist_ok=True)
        file.touch()
    return url


async def made(address: str, revision: str) -> None:
    """A database of this revision, filled."""

    def make(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        for statement in RELEASED[revision]:
            connection.execute(text(statement.replace(":", r"\:")))

    async with as_it_is(touched(address)) as database:
        await database.write(make)


def differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata))


def revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


async def test_the_migrations_make_the_tables_of_this_version(database: str) -> None:
    async with SqlStore.open(database):
        pass
    async with as_it_is(touched(database)) as opened:
        assert await opened.read(differences) == []


def test_this_version_knows_its_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == NEWEST


@pytest.mark.parametrize("released", RELEASED)
async def test_a_released_versions_tables_become_those_of_this_one(database: str, released: str) -> None:
    await made(database, released)
    async with as_it_is(touched(database)) as before:
        assert await before.read(revision) == released
        assert await before.read(differences) != []
    async with SqlStore.open(database):
        pass
    async with as_it_is(touched(database)) as after:
        assert await after.read(differences) == []


@pytest.mark.parametrize("released", RELEASED)
async def test_a_released_versions_rooms_go_on_with_all_that_was_said(database: str, released: str) -> None:
    await made(database, released)
    async with SqlStore.open(database) as store:
        (room,) = await store.open_rooms()
        assert (room.config.topic, [seat.name for seat in room.seats], room.opened_by.name) == ("tea", ["Ada"], "Al")
        assert (room.opened_at, room.tally) == (datetime.fromtimestamp(5, UTC), Tally())
        said = await kept(store, room.id)
        al = Member(id=3, name="Al", background="a nurse")
        assert said[2].what == Heard(source=9, member=al, text="Täa?", addressed=(1,))
        assert said[5].what == Said(turn=0, seat=1, text="Green 🍵.", posts=(11, 12))
        assert [line.text for line in fold(said).lines] == ["Täa?", "Green 🍵."]
        assert [type(event.what) for event in await kept(store, 2)][-1] is Closed


@pytest.mark.parametrize("released", RELEASED)
async def test_a_released_versions_people_and_faces_stay(database: str, released: str) -> None:
    await made(database, released)
    async with SqlStore.open(database) as store:
        assert await store.profile(1, 3) == Profile(guild=1, member=3, name="Al", background="a nurse")
        assert await store.profile(1, 5) == Profile(guild=1, member=5, ignored=True)
        assert await store.settings(1) == GuildSettings(guild=1, host_role=2)
        assert await store.face("a") == "url"
        assert await store.expansion("card") == (("leaf", "pot") if released == "0002" else None)


@pytest.mark.parametrize("released", RELEASED)
async def test_a_released_versions_database_can_be_written_afterwards(database: str, released: str) -> None:
    await made(database, released)
    async with SqlStore.open(database) as store:
        assert await store.open_room(record()) == 4
        await store.save_expansion("b", ["sum"])
        await store.save_settings(GuildSettings(guild=1, language="de"))
        assert (await store.settings(1)).language == "de"


async def test_rooms_that_were_over_before_ended_with_their_last_event(database: str) -> None:
    await made(database, "0002")
    async with SqlStore.open(database) as store:
        assert await store.expire(datetime.fromtimestamp(6.5, UTC)) == 0
        assert await store.expire(datetime.fromtimestamp(6.501, UTC)) == 1
        assert await kept(store, 2) == []
        assert await store.expire(datetime.fromtimestamp(7.001, UTC)) == 1
        assert await store.expansion("card") == ("leaf", "pot")  # as old as the day it was brought up to date


async def test_a_migration_that_is_cut_off_leaves_the_older_version(database: str) -> None:
    await made(database, "0001")

    def half(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.dialect.name == "sqlite" else "SELECT 1")
        command.upgrade(config, "0003")
        raise KeyError("the power fails")

    async with as_it_is(touched(database)) as opened:
        with pytest.raises(KeyError):
            await opened.write(half)
        assert await opened.read(revision) == "0001"
    async with SqlStore.open(database) as store:
        assert len(await kept(store, 1)) == 6
