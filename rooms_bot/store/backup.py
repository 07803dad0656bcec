"""Copies a SQLite database while a bot works on it: whole, as it was at one moment, and for this user alone to read."""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL

from rooms_bot.errors import SetupError
from rooms_bot.store.address import foreign, is_file, parse, place, unreadable

OURS = {"alembic_version", "events", "rooms"}
"""Tables that no database of another program has all of."""
DUMP = "{place} is backed up with PostgreSQL's own program: pg_dump --format=custom --file={target} {address}"


def back_up(address: str, target: Path) -> str:
    """Copy the database to the new file `target`; what was done, in a sentence. Raises `SetupError`.

    Only what is kept is copied, nothing that lies in free places of the file.
    """
    url = parse(address)
    if not is_file(url):
        shown = URL.create("postgresql", url.username, None, url.host, url.port, url.database).render_as_string()
        raise SetupError(DUMP.format(place=place(url), target=target, address=shown))
    if not Path(str(url.database)).exists():
        raise SetupError(f"{place(url)} is not there, so there is nothing to copy.")
    _make(target)
    try:
        _look(url)
        _copy(url, target)
    except BaseException:
        with suppress(OSError):
            target.unlink()
        raise
    return f"{place(url)} was copied to {target} ({target.stat().st_size / 2**20:.1f} MB)."


def _make(target: Path) -> None:
    try:
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        raise SetupError(f"{target} is there already; name a file that is not.") from None
    except OSError as error:
        raise SetupError(f"{target} cannot be written ({error.strerror}).") from error


def _look(url: URL) -> None:
    """Raises `SetupError` where it is not this program's, or cannot be read."""
    try:
        with closing(_opened(url)) as connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.Error as error:
        raise unreadable(url, error) from error
    if not tables >= OURS:
        raise foreign(url)


def _opened(url: URL) -> sqlite3.Connection:
    source = f"file:{quote(str(url.database))}?mode=ro"
    return sqlite3.connect(source, uri=True, timeout=30, isolation_level=None)


def _copy(url: URL, target: Path) -> None:
    try:
        with closing(_opened(url)) as connection:
            connection.execute("VACUUM INTO ?", (str(target),))
        with closing(sqlite3.connect(target)) as copy:
            if (said := copy.execute("PRAGMA integrity_check(1)").fetchone()[0]) != "ok":
                raise sqlite3.DatabaseError(f"malformed: {said}")
    except sqlite3.Error as error:
        if "full" in str(error):
            raise SetupError(f"{target} cannot be written: its disk is full.") from error
        raise unreadable(url, error) from error
    _synced(target)


def _synced(target: Path) -> None:
    """On the disk, and found there."""
    for path in (target, target.absolute().parent):
        number = os.open(path, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
