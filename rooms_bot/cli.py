"""The operator's commands. A wrong set-up is one sentence on stderr and exit code 2, never a traceback."""

import argparse
import asyncio
import io
import os
import signal
import sys
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any, NoReturn

from rooms_bot import __version__
from rooms_bot.errors import SetupError
from rooms_bot.terminal.flags import add_flags, wishes

WRONG = 2
INTERRUPTED = 130
"""What shells call a program that was ended by Ctrl-C; the bot itself ends with 0 then."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command; the exit code."""
    options = parser().parse_args(arguments, argparse.Namespace(blot=str))
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # names may have signs that a terminal has not
    try:
        return int(options.door(options))
    except SetupError as error:
        print(options.blot(" ".join(str(error).split())), file=sys.stderr)
        return WRONG
    except KeyboardInterrupt:
        return INTERRUPTED


class Parser(argparse.ArgumentParser):
    """Says what is wrong with the flags in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(WRONG, f"{self.prog}: {message}\n")


def parser() -> argparse.ArgumentParser:
    whole = Parser(prog="rooms-bot", description="Rooms for agents and people on Discord.")
    doors = whole.add_subparsers(required=True, metavar="COMMAND")
    doors.add_parser("run", help="run the bot").set_defaults(door=_run)
    sandbox = doors.add_parser("sandbox", help="try it on this machine, without Discord")
    sandbox.add_argument("--port", type=int, default=0, help="the port of the page and the API; else a free one")
    sandbox.add_argument("--token", help="the bot's token in the sandbox; else a random one")
    sandbox.add_argument("--no-bot", action="store_true", help="only the stand-in for Discord, for a bot of your own")
    sandbox.set_defaults(door=_sandbox)
    chat = doors.add_parser("chat", help="hold a room in this terminal, without Discord")
    add_flags(chat)
    chat.set_defaults(door=_chat)
    doors.add_parser("doctor", help="check the set-up, the model included").set_defaults(door=_doctor)
    doors.add_parser("health", help="say whether the running bot is connected").set_defaults(door=_health)
    persona = doors.add_parser("persona", help="for persona writers").add_subparsers(required=True, metavar="COMMAND")
    check = persona.add_parser(
        "check",
        help="say what is wrong with persona files",
        epilog="Exit code 0: all can be used, if with warnings; 1: some cannot.",
    )
    check.add_argument("files", nargs="+", type=Path, metavar="FILE")
    check.set_defaults(door=_check)
    _add_database(doors)
    doors.add_parser("version", help="print the version").set_defaults(door=_version)
    return whole


def _add_database(doors: Any) -> None:
    database = doors.add_parser("db", help="for the database").add_subparsers(required=True, metavar="COMMAND")
    backup = database.add_parser("backup", help="copy a SQLite database, also while the bot runs")
    backup.add_argument("file", type=Path, metavar="FILE", help="the copy; it must not be there yet")
    backup.set_defaults(door=_backup)
    check = database.add_parser(
        "check",
        help="look the database through, also while the bot runs; nothing is changed",
        epilog="Exit code 0: all is well, or deserves a look; 1: something is damaged.",
    )
    check.set_defaults(door=_check_database)


def _run(options: argparse.Namespace) -> int:
    _end_when_asked()
    settings = _settings(options)
    settings.token()  # a set-up that cannot work is told before seconds are spent
    from rooms_bot import app  # noqa: PLC0415 - discord.py and SQLAlchemy cost seconds that other commands need not pay

    return _lasting(app.run(settings))


def _sandbox(options: argparse.Namespace) -> int:
    _end_when_asked()
    settings = _settings(options)
    from rooms_bot.settings import sendable  # noqa: PLC0415 - see _settings

    token = None if options.token is None else sendable(options.token, "The token after --token")
    from rooms_bot import trial  # noqa: PLC0415 - see _run

    return _lasting(trial.sandbox(settings, options.port, token, not options.no_bot))


def _chat(options: argparse.Namespace) -> int:
    _end_when_asked()
    settings = _settings(options)
    from rooms_bot import console  # noqa: PLC0415 - see _run

    return _lasting(console.chat(settings, wishes(options)))


def _doctor(options: argparse.Namespace) -> int:
    settings = _settings(options)
    from rooms_bot import doctor  # noqa: PLC0415 - see _run

    return 0 if asyncio.run(doctor.examine(settings, options.blot)) else WRONG


def _health(options: argparse.Namespace) -> int:
    from rooms_bot import health  # noqa: PLC0415 - see _run
    from rooms_bot.settings import read  # noqa: PLC0415 - see _settings

    del options
    connected = health.fresh(health.file_in(read().rooms_data_dir))
    print("The bot is connected to Discord." if connected else "No bot of this data folder is connected to Discord.")
    return 0 if connected else 1


def _check(options: argparse.Namespace) -> int:
    from rooms_bot.store.personas import report  # noqa: PLC0415 - see _run

    text, fine = report(options.files)
    print(text)
    return 0 if fine else 1


def _backup(options: argparse.Namespace) -> int:
    settings = _settings(options)
    from rooms_bot.store.backup import back_up  # noqa: PLC0415 - see _run

    print(options.blot(back_up(settings.database_url, options.file)))
    return 0


def _check_database(options: argparse.Namespace) -> int:
    settings = _settings(options)
    from rooms_bot.store.inspection import inspected  # noqa: PLC0415 - see _run

    async def check() -> bool:
        fine = True
        async for finding in inspected(settings.database_url):
            print(options.blot(str(finding)), flush=True)
            fine = fine and finding.good is not False
        return fine

    return 0 if asyncio.run(check()) else 1


def _version(options: argparse.Namespace) -> int:
    del options
    print(f"rooms-bot {__version__}")
    return 0


def _settings(options: argparse.Namespace) -> Any:
    """The settings, with the logs set up as they say; from then on `options.blot` blots secrets out of a text."""
    from rooms_bot import logs  # noqa: PLC0415 - see _run
    from rooms_bot.settings import read  # noqa: PLC0415 - pydantic costs a third of a second, `version` needs none

    settings = read()
    options.blot = logs.set_up(settings.rooms_log_level, settings.rooms_log_format, settings.environment())
    return settings


def _end_when_asked() -> None:
    """Until there is something to take down, SIGTERM and SIGINT end the program at once, and well."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: os._exit(0))


def _lasting(work: Coroutine[Any, Any, None]) -> int:
    """Do `work`, which has its own way with signals; one that comes after its end changes nothing any more."""
    try:
        asyncio.run(work)
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        _drop_unwritten()
    return 0


def _drop_unwritten() -> None:
    """What nobody takes any more, or the disk has no room for: the interpreter would end with 120 for it."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
