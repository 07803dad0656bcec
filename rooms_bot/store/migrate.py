"""Brings a database's tables up to this version, and refuses one that a newer version has changed."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from rooms_bot.errors import SetupError
from rooms_bot.store.schema import NEWEST

MIGRATIONS = Path(__file__).with_name("migrations")


def migrate(connection: Connection, place: str) -> None:
    """`place` is the database in words. Raises `SetupError` for a newer version's or another program's."""
    revision = _revision(connection)
    if revision != NEWEST:
        _upgrade(connection, revision, place)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: Connection, revision: str | None, place: str) -> None:
    # Here and not above: Alembic takes 0.4 s and 12 MB, and most starts need no migration.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise SetupError(f"{place} was written by a newer version of Rooms Bot; update this one, or use a copy.")
    if revision is None and (strange := _tables(connection)):
        raise SetupError(f"{place} belongs to another program (it has a table {strange[0]}); use one of its own.")
    if connection.dialect.name == "sqlite":
        # Python's driver opens a transaction before INSERT only, not before CREATE TABLE.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    command.upgrade(config, "head")


def _tables(connection: Connection) -> list[str]:
    return [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
