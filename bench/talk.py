"""What agents say with the embedded model, counted before and after cleaning: `python -m bench.talk`.

`--layouts` compares the layouts that were tried, in one short room each; names after it choose among them. `--posts`
prints what was said too. It takes about twenty minutes on two cores, with `--layouts` half an hour.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from bench.machine import description
from bench.rooms import HOST, NAMES, TOPIC
from bench.talk_figures import Figures, Measure
from bench.talk_layouts import LAYOUTS, shipped
from bench.talk_room import Conversation, Layout, Scene, conversation
from rooms_bot.agents.local import LocalModel, unavailable
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import Mode
from rooms_bot.store.personas import read_library

SCENES = (
    Scene(
        TOPIC,
        (
            "My grandmother lives beside the line and she cannot walk far.",
            "The council says it has only 200,000 euros for this.",
            "Last summer some kids were hurt on the old bridge.",
        ),
    ),
    Scene(
        "Should schools ban mobile phones?",
        (
            "My daughter is twelve and she is the only one in her class without a phone.",
            "Two of our teachers already collect them in a box every morning.",
            "Some parents want to reach their children at any time.",
        ),
    ),
    Scene(
        "Is it right to keep animals in zoos?",
        (
            "I saw a tiger walk in circles for an hour last Sunday.",
            "Our zoo bred forty condors and set them free.",
            "My son decided to become a vet after a day at the zoo.",
        ),
    ),
)
MODES = (Mode.ROUND_ROBIN, Mode.DYNAMIC)
TURNS = 40
SHORT = 20
"""Turns of the one room in which layouts are compared."""
ROWS = (
    ("names", "begin with a name", "0"),
    ("others", "speak for another", "0"),
    ("repeated", "more than half said already", "≤ 5"),
    ("near", "near-copies", "≤ 3"),
    ("empty", "empty", "≤ 2"),
    ("persona", "nearest to its own persona of 4", "≥ 45"),
    ("own", "the same without the words it is begun with", ""),
    ("topic", "nearest to its own topic of 3", ""),
)


@dataclass(frozen=True, slots=True)
class Talk:
    """What was said with one layout, and how long an answer took."""

    conversations: Sequence[Conversation]
    seconds: float

    def of(self, mode: Mode) -> list[Conversation]:
        return [one for one in self.conversations if one.mode is mode]


async def talk(local: LocalModel, layout: Layout, scenes: Sequence[Scene], modes: Sequence[Mode], turns: int) -> Talk:
    cast, rooms, started = _cast(), list[Conversation](), time.perf_counter()
    for mode, scene in product(modes, scenes):
        rooms.append(await conversation(local, layout, scene, mode, cast, turns))
        print(f"{layout.name}: {scene.topic} ({_plain(mode)})", file=sys.stderr, flush=True)
    return Talk(rooms, (time.perf_counter() - started) / sum(len(room.turns) for room in rooms))


async def main(options: argparse.Namespace) -> None:
    if reason := unavailable():
        raise SystemExit(reason)
    measure = Measure(_cast(), [HOST.name], [scene.topic for scene in SCENES])
    print(description(), flush=True)
    async with LocalModel() as local:
        if options.layouts is None:
            found = await talk(local, Layout("shipped", shipped), SCENES, MODES, TURNS)
            print("", *_table(found, measure), sep="\n", flush=True)
            _posts(found, options.posts)
            return
        print("", _heading(), sep="\n", flush=True)
        for layout in LAYOUTS:
            if not options.layouts or any(name in layout.name for name in options.layouts):
                found = await talk(local, layout, SCENES[:1], MODES[:1], SHORT)
                print(_line(layout.name, found, measure), flush=True)
                _posts(found, options.posts)


def _table(found: Talk, measure: Measure) -> Iterator[str]:
    """Per cent of the turns, by mode."""
    columns = [measure.figures(found.of(mode), cleaned) for mode in MODES for cleaned in (False, True)]
    modes = "".join(f"{_plain(mode):>20}" for mode in MODES)
    yield f"{'':<46}{modes}"
    yield f"{'per cent of the turns':<46}" + f"{'before':>10}{'cleaned':>10}" * len(MODES) + f"{'wanted':>9}"
    for field, what, wanted in ROWS:
        figures = "".join(f"{getattr(column, field):>10.1f}" for column in columns)
        yield f"{what:<46}{figures}{wanted:>9}".rstrip()
    turns = [turn for one in found.conversations for turn in one.turns]
    heard = sum(turn.heard for turn in turns)
    yield f"The member's words stood in {sum(turn.told for turn in turns)} of {heard} requests that came after them."
    yield f"{len(turns)} turns, {found.seconds:.1f} s each."


def _heading() -> str:
    names = ("name", "others", "repeated", "near", "empty", "persona", "own", "topic", "seconds")
    return f"{'before/cleaned, per cent of the turns':<46}" + "".join(f"{name:>10}" for name in names)


def _line(name: str, found: Talk, measure: Measure) -> str:
    before, after = (measure.figures(found.conversations, cleaned) for cleaned in (False, True))
    both = "".join(f"{_pair(before, after, field):>10}" for field, _, _ in ROWS)
    return f"{name:<46}{both}{found.seconds:>10.1f}"


def _pair(before: Figures, after: Figures, field: str) -> str:
    return f"{getattr(before, field):.0f}/{getattr(after, field):.0f}"


def _posts(found: Talk, wanted: bool) -> None:
    for one in found.conversations if wanted else ():
        print(f"\n{one.topic} ({_plain(one.mode)})\n")
        for place, turn in enumerate(one.turns):
            if place in one.remarks:
                print(f"{HOST.name}: {one.remarks[place]}")
            print(f"{turn.name}: {turn.text or '(nothing)'}")


def _plain(mode: Mode) -> str:
    return mode.replace("_", " ")


def _cast() -> list[Persona]:
    library = read_library()
    return [library.personas[name.casefold()] for name in NAMES]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.talk", description="What agents say with the embedded model."
    )
    parser.add_argument("--layouts", nargs="*", metavar="NAME", help="compare the layouts that were tried")
    parser.add_argument("--posts", action="store_true", help="print what was said too")
    return parser.parse_args()


if __name__ == "__main__":
    asyncio.run(main(_options()))
