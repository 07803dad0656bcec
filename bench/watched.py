"""`python -m bench.watched MODULE …` is `python -m MODULE …`, but tells its CPU time and memory to who asks.

Each line on its standard input is answered by one on its standard output: `usage`, CPU seconds so far, resident MB.
"""

import runpy
import sys
import threading
import time
from pathlib import Path

if sys.platform != "win32":
    import resource

WORD = "usage"


def resident() -> float:
    """MB of memory the process holds; else the most it ever held; not a number where the system tells neither."""
    status = Path("/proc/self/status")
    if status.exists():
        fields = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(fields["VmRSS"].split()[0]) * 1024 / 1e6
    if sys.platform == "win32":
        return float("nan")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def tell() -> None:
    for _ in sys.stdin:
        print(WORD, time.process_time(), resident(), flush=True)


if __name__ == "__main__":
    threading.Thread(target=tell, daemon=True).start()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
