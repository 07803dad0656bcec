"""What a check finds, as lines for a terminal: each begins with what it means."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """`good` is None for what only deserves a look."""

    good: bool | None
    text: str

    def __str__(self) -> str:
        mark = {True: "ok  ", False: "FAIL", None: "look"}[self.good]
        return f"{mark}  {' '.join(self.text.split())}"


def counted(number: int, one: str, many: str) -> str:
    """The number with what is counted: `counted(2, "room is", "rooms are")` is “2 rooms are”."""
    return f"{number} {one if number == 1 else many}"
