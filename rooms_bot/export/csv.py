"""A room to count: one row for each event that people could notice, as RFC 4180 has it, in UTF-8.

It begins with a byte order mark: Excel takes a file without one for the
system's old code page. Readers that know it call it `utf-8-sig`.
"""

import csv
import io
import re

from rooms_bot.domain.events import Event, Failed, Generated, Heard, Passed, Planned, Said, Summarised, Usage
from rooms_bot.export.prose import mentioning
from rooms_bot.export.sentences import sentence
from rooms_bot.export.survey import Survey

COLUMNS = (
    "index",
    "time",
    "kind",
    "name",
    "member",
    "turn",
    "text",
    "note",
    "model",
    "seconds",
    "prompt_tokens",
    "completion_tokens",
    "cost",
)

# What spreadsheets take for a formula, also in full width, behind space, and behind apostrophes of ours.
# https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = re.compile(r"'*(?:\s*[=+\-@＝＋－＠]|[\t\r\n])")


def harmless(cell: str) -> str:
    """`cell`, with an apostrophe before what a spreadsheet would compute."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def restored(cell: str) -> str:
    """What was made harmless, as it was."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


class Csv:
    """What a model used stands in the row of what it said; texts are quoted, numbers are not."""

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._names = survey.names
        self._generated: dict[int, Generated] = {}
        """By turn, until it is said."""

    def head(self) -> str:
        return "\ufeff" + _line(COLUMNS)

    def event(self, event: Event) -> str:
        match event.what:
            case Planned():
                return ""
            case Generated() as generated:
                self._generated[generated.turn] = generated
                return ""
            case Heard(member=member):
                return self._row(event, member.name, str(member.id))
            case Said(turn=turn, seat=seat) | Summarised(turn=turn, seat=seat):
                return self._row(event, self._survey.name(seat), "", turn, *_used(self._generated.pop(turn, None)))
            case Passed(turn=turn, seat=seat, usage=usage):
                return self._row(event, self._survey.name(seat), "", turn, "", "", *_counted(usage))
            case Failed(turn=turn, seat=seat):
                return self._row(event, self._survey.name(seat), "", turn, *_used(self._generated.pop(turn, None)))
            case _:
                return self._row(event)

    def tail(self) -> str:
        return ""

    def _row(self, event: Event, name: str = "", member: str = "", turn: int | str = "", *used: float | str) -> str:
        text = mentioning(self._survey.text(event), self._names)
        note = sentence(event, self._survey) or ("edited" if self._survey.edited(event) else "")
        time = event.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        cells = (event.index, time, event.what.kind, name, member, turn, text, note, *(used or ("",) * 5))
        return _line(cells)


def _used(generated: Generated | None) -> tuple[float | str, ...]:
    if generated is None:
        return ()
    return generated.model, generated.seconds, *_counted(generated.usage)


def _counted(usage: Usage) -> tuple[float | str, ...]:
    return usage.prompt_tokens, usage.completion_tokens, "" if usage.cost is None else usage.cost


def _line(cells: tuple[float | str, ...]) -> str:
    """Numbers of ours need no care: none is below zero."""
    line = io.StringIO(newline="")
    csv.writer(line, quoting=csv.QUOTE_NONNUMERIC).writerow(
        harmless(cell.replace("\0", "\ufffd")) if isinstance(cell, str) else cell for cell in cells
    )
    return line.getvalue()
