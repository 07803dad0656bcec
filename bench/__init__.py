"""How fast and how small the program is: `python -m bench` prints it, docs/benchmarks.md keeps it."""
