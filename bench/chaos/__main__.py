"""`python -m bench.chaos`: kills the bot 300 times over 3,000 turns on SQLite and on PostgreSQL, and counts the damage.

Exit code 1 where anything was lost, doubled, altered or paid twice, or nothing was tried. A seed gives the same answers
and the same moments, as far as processes repeat themselves.
"""

import argparse
import asyncio
import sys

from bench.chaos.books import postgres, sqlite
from bench.chaos.report import Findings, verdict
from bench.chaos.run import Plan, run
from bench.machine import description

PLACES = {"sqlite": sqlite, "postgres": postgres}


def main() -> int:
    options = _options()
    print(description(), flush=True)
    plan = Plan(options.kills, options.turns, options.rooms, options.seed)
    found = {name: _tried(plan, name) for name in options.databases}
    print(f"\n{verdict(found)}", flush=True)
    tried = [one for one in found.values() if one is not None]
    return int(not tried or any(one.wrong for one in tried))


def _tried(plan: Plan, name: str) -> Findings | None:
    print(f"\n{name}: {plan}", flush=True)
    try:
        report = asyncio.run(run(plan, PLACES[name]))
    except OSError as error:
        print(f"skipped: {error}")
        return None
    print(*report.lines(), sep="\n", flush=True)
    return report.findings


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.chaos", description="Kills the bot and counts the damage.")
    parser.add_argument("databases", nargs="*", default=list(PLACES), metavar="sqlite|postgres")
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--turns", type=int, default=3000)
    parser.add_argument("--rooms", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if unknown := [name for name in options.databases if name not in PLACES]:
        parser.error(f"there is no {', '.join(unknown)}")
    return options


if __name__ == "__main__":
    sys.exit(main())
