"""The flags of `rooms-bot chat`, and what they say. Nothing but argparse is needed to know them."""

import argparse
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

MODES = ("round_robin", "argumentative", "dynamic")
MANY = "(may be given several times)"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody wants of a room, as they wrote it; None is not said, and nothing has been looked at yet."""

    topic: str | None = None
    mode: str | None = None
    turns: str | None = None
    agents: str | None = None
    personas: tuple[Path, ...] = ()
    temperature: tuple[str, ...] = ()
    instructions: tuple[str, ...] = ()
    every: str | None = None
    human_every: str | None = None
    pace: str | None = None
    language: str | None = None
    name: str | None = None
    background: str | None = None
    model: str | None = None
    exports: tuple[tuple[str, str], ...] = ()
    """Format and file."""
    no_input: bool = False


def add_flags(chat: argparse.ArgumentParser) -> None:
    """Each flag's `dest` is a field of `Wishes`."""
    flag = chat.add_argument
    several: dict[str, Any] = {"action": "append", "default": []}
    flag("--topic", metavar="TEXT", help="what the room is about; without it you are asked, step by step")
    who = "who speaks when nobody is asked: round_robin, argumentative or dynamic (dynamic)"
    flag("--mode", choices=MODES, metavar="MODE", help=who)
    flag("--turns", metavar="N", help="after how many turns of agents the room ends (20)")
    flag("--agents", metavar="NAMES", help="who takes part, separated by commas; else the three who fit the topic best")
    flag("--persona", **several, dest="personas", metavar="FILE", type=Path, help=f"a persona file to try {MANY}")
    flag("--temperature", **several, metavar="NAME=NUMBER", help=f"how freely that agent speaks, 0 to 2 {MANY}")
    flag("--instructions", **several, metavar="NAME=TEXT", help=f"what that agent should keep in mind {MANY}")
    flag("--every", metavar="N", help="after how many turns the orchestrator sums up (5, 0 for never)")
    flag("--human-every", metavar="N", help="after how many turns the agents wait for you (0 for never)")
    flag("--pace", metavar="SECONDS", help="seconds between two agents' posts (4, and 0 where nobody reads along)")
    flag("--language", metavar="LANGUAGE", help="the language of the agents")
    flag("--name", metavar="NAME", help="what agents call you; else your name on this machine")
    flag("--background", metavar="TEXT", help="what agents should know of you")
    flag(
        "--model",
        metavar="MODEL",
        help="the model that speaks; else ROOMS_MODEL, else one that is found on this machine",
    )
    written = {**several, "dest": "exports", "metavar": ("FORMAT", "FILE"), "nargs": 2}
    flag("--export", **written, help=f"at the end, write the conversation into a file, as md, csv or json {MANY}")
    flag("--no-input", action="store_true", help="read nothing and write plain text; ends with the room")


def wishes(options: argparse.Namespace) -> Wishes:
    """What the flags say."""
    return Wishes(**{field.name: _fixed(getattr(options, field.name)) for field in fields(Wishes)})


def _fixed(value: Any) -> Any:
    return tuple(map(_fixed, value)) if isinstance(value, list) else value
