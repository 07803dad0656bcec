"""The page about the sandbox: its example runs as it stands."""

import subprocess
import sys

from rooms_bot.cli import parser
from tests.docs.pages import ROOT, code, page


def test_the_example_runs() -> None:
    [example] = code(page("docs/sandbox.md"), "python")
    done = subprocess.run([sys.executable, "-c", example], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert done.returncode == 0, done.stderr


def test_the_options_it_names_are_taken() -> None:
    options = parser().parse_args(["sandbox", "--no-bot", "--port", "8080", "--token", "MTIz.a.b"])
    assert "`rooms-bot sandbox --no-bot --port 8080 --token MTIz.a.b`" in page("docs/sandbox.md")
    assert (options.no_bot, options.port, options.token) == (True, 8080, "MTIz.a.b")
