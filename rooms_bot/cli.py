"""The operator's commands. A wrong set-up is one sentence on stderr and exit code 2, never a traceback."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from rooms_bot import __version__
from rooms_bot.errors import SetupError
from rooms_bot.settings import Settings, read

WRONG = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command; the exit code."""
    options = parser().parse_args(arguments)
    try:
        return int(options.door(options))
    except SetupError as error:
        print(error, file=sys.stderr)
        return WRONG
    except KeyboardInterrupt:
        return 0


def parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(prog="rooms-bot", description="Rooms for agents and people on Discord.")
    doors = whole.add_subparsers(required=True, metavar="COMMAND")
    doors.add_parser("run", help="run the bot").set_defaults(door=_run)
    sandbox = doors.add_parser("sandbox", help="try it on this machine, without Discord")
    sandbox.add_argument("--port", type=int, default=0, help="the port of the page and the API; else a free one")
    sandbox.add_argument("--token", help="the bot's token in the sandbox; else a random one")
    sandbox.add_argument("--no-bot", action="store_true", help="only the stand-in for Discord, for a bot of your own")
    sandbox.set_defaults(door=_sandbox)
    doors.add_parser("doctor", help="check the set-up, the model included").set_defaults(door=_doctor)
    persona = doors.add_parser("persona", help="for persona writers").add_subparsers(required=True, metavar="COMMAND")
    check = persona.add_parser("check", help="say what is wrong with persona files")
    check.add_argument("files", nargs="+", type=Path, metavar="FILE")
    check.set_defaults(door=_check)
    doors.add_parser("version", help="print the version").set_defaults(door=_version)
    return whole


def _run(options: argparse.Namespace) -> int:
    from rooms_bot import app  # noqa: PLC0415 - discord.py costs a second that the other commands need not pay

    del options
    asyncio.run(app.run(_settings()))
    return 0


def _sandbox(options: argparse.Namespace) -> int:
    from rooms_bot import app  # noqa: PLC0415 - see _run

    asyncio.run(app.sandbox(_settings(), options.port, options.token, not options.no_bot))
    return 0


def _doctor(options: argparse.Namespace) -> int:
    from rooms_bot import doctor  # noqa: PLC0415 - see _run

    del options
    return 0 if asyncio.run(doctor.examine(_settings())) else WRONG


def _check(options: argparse.Namespace) -> int:
    from rooms_bot.store.personas import report  # noqa: PLC0415 - see _run

    text, fine = report(options.files)
    print(text)
    return 0 if fine else 1


def _version(options: argparse.Namespace) -> int:
    del options
    print(f"rooms-bot {__version__}")
    return 0


def _settings() -> Settings:
    """The settings, with the logs set up as they say."""
    from rooms_bot import logs  # noqa: PLC0415 - see _run

    settings = read()
    secrets = [one.get_secret_value() for one in (settings.discord_token, settings.rooms_database_url) if one]
    logs.set_up(settings.rooms_log_level, settings.rooms_log_format, secrets)
    return settings
