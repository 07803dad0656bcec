"""`python -m bench` measures everything, `python -m bench NAME …` only these; each in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.machine import description

NAMES = ("engine", "model", "wire", "start", "journal", "recovery")
ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    names = sys.argv[1:] or NAMES
    if unknown := [name for name in names if name not in NAMES]:
        print(f"There is no benchmark {', '.join(unknown)}; there are {', '.join(NAMES)}.", file=sys.stderr)
        return 2
    print(description(), flush=True)
    with TemporaryDirectory(prefix="rooms-bench-") as cache:
        return max(_run(name, cache) for name in names)


def _run(name: str, cache: str) -> int:
    """With compiled modules in `cache`, so that nothing depends on whether they lie about from before."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment = kept | {"PYTHONPYCACHEPREFIX": cache}
    return subprocess.run([sys.executable, "-m", f"bench.{name}"], cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
