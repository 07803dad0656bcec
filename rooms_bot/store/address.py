"""Reads a database's address, and words what is wrong with it or with what lies there; never with the password."""

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from rooms_bot.errors import SetupError

DRIVERS = {
    "sqlite": "sqlite",
    "sqlite+aiosqlite": "sqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}
EXAMPLES = "sqlite:///data/rooms.db or postgresql://user:password@host/rooms"


def parse(address: str) -> URL:
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        # From None: the cause may quote the address, and with it the password.
        raise SetupError(f"ROOMS_DATABASE_URL is not the address of a database such as {EXAMPLES}.") from None
    if url.drivername not in DRIVERS:
        raise SetupError(f"ROOMS_DATABASE_URL names a database that is not supported; use one such as {EXAMPLES}.")
    if url.host and "@" in url.host:
        raise SetupError("ROOMS_DATABASE_URL has an @ in its user or password; write it as %40.")
    url = url.set(drivername=DRIVERS[url.drivername])
    if not is_file(url):
        return url
    if url.database in (None, "", ":memory:"):
        raise SetupError(f"ROOMS_DATABASE_URL names no file; use an address such as {EXAMPLES}.")
    # Resolved, so that two names of one file are one lock.
    return url.set(database=str(Path(str(url.database)).expanduser().resolve()))


def is_file(url: URL) -> bool:
    return url.drivername.startswith("sqlite")


def place(url: URL) -> str:
    """The database in words, without user and password."""
    if is_file(url):
        return f"The database file {url.database}"
    return f"The PostgreSQL database {url.database or ''} at {url.host or 'localhost'}:{url.port or 5432}"


def unusable(url: URL, error: BaseException) -> SetupError:
    """What a database said when it was opened, as a sentence for the operator."""
    said = _said(error)
    if (known := _known(url, said)) is not None:
        hint = " `rooms-bot db check` says more." if _damaged(said) else ""
        return SetupError(f"{known}{hint}")
    if "disk is full" in said:
        return SetupError(f"{place(url)} cannot grow: its disk is full; make room there.")
    return SetupError(
        f"{place(url)} cannot be written ({said}); let this user write in {Path(str(url.database)).parent}, "
        "or name another file in ROOMS_DATABASE_URL."
    )


def unreadable(url: URL, error: BaseException) -> SetupError:
    """The same, where nothing was to be written."""
    said = _said(error)
    do = "restore it from a backup" if "I/O error" in said else "let this user read it"
    return SetupError(_known(url, said) or f"{place(url)} cannot be read ({said}); {do}.")


def foreign(url: URL) -> SetupError:
    return SetupError(f"{place(url)} is not one of Rooms Bot's: it has none of its tables.")


def _said(error: BaseException) -> str:
    said = (str(getattr(error, "orig", None) or error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
    return said.split(">: ", 1)[-1]


def _known(url: URL, said: str) -> str | None:
    """What is the same whether it was to be read or written."""
    if not is_file(url):
        return f"{place(url)} cannot be used ({said}); check that it runs, and ROOMS_DATABASE_URL."
    if Path(str(url.database)).is_dir():
        return f"{place(url)} cannot be used: it is a folder; move it away, or name a file in ROOMS_DATABASE_URL."
    if _damaged(said):
        return (
            f"{place(url)} is damaged or not a SQLite database; restore it from a backup, "
            "or move it away to start with an empty one."
        )
    if "locked" in said:
        return f"{place(url)} is locked by another program; close that first."
    return None


def _damaged(said: str) -> bool:
    return "not a database" in said or "malformed" in said


def in_use(url: URL) -> SetupError:
    return SetupError(
        f"{place(url)} is in use by another Rooms Bot; stop that one first, "
        "or give this one a database of its own in ROOMS_DATABASE_URL."
    )
