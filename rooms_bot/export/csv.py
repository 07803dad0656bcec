"""A room to count: one row for each event that people could notice, as RFC 4180 has it, in UTF-8.

It begins with a byte order mark: Excel takes a file without one for the
system's old code page. Readers that know it call it `utf-8-sig`.
"""

import csv
import io
import re
from collections.abc import Iterator

from rooms_bot.domain.events import (
    Attached,
    Came,
    Choice,
    Compacted,
    Configured,
    Displayed,
    Event,
    Failed,
    Generated,
    Greeted,
    Heard,
    Nearing,
    Passed,
    Planned,
    Posting,
    Rated,
    Rebuilt,
    Recalled,
    Spoken,
    Usage,
)
from rooms_bot.domain.rooms import Member
from rooms_bot.export.prose import mentioning
from rooms_bot.export.sentences import CUT_OFF, DELETED, EXPIRED, UNHEEDED, sentence
from rooms_bot.export.survey import Survey
from rooms_bot.i18n import _

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
    "up",
    "down",
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
        self._generated = Generated(turn=-1, seat=0, text="")
        """The last one, which is said next, or never."""

    def head(self) -> str:
        return "\ufeff" + _line(COLUMNS)

    def event(self, event: Event) -> str:
        match event.what:
            case Planned(turn=turn, seat=seat, choice=Choice(usage=usage)) if usage != Usage():
                return self._row(event, self._survey.name(seat, event), "", turn, "", "", *_counted(usage))
            case Planned() | Posting() | Displayed():
                return ""
            case Generated() as generated:
                self._generated = generated
                return ""
            case Heard(member=member) | Came(member=member) | Rated(member=member) | Nearing(member=Member() as member):
                return self._row(event, member.name, str(member.id))
            case Recalled(name=name, member=member):
                return self._row(event, name, str(member.id) if member else "")
            case Rebuilt(tally=tally):
                return self._row(event, "", "", "", "", "", *_counted(tally.spent))
            case Attached(source=source):
                author = self._survey.author(source)
                return self._row(event, *((author.name, str(author.id)) if author else ()))
            case Greeted(seat=seat):
                return self._row(event, self._survey.name(seat, event))
            case Failed(turn=turn, seat=seat, usage=usage) if usage != Usage():
                return self._row(event, self._survey.name(seat, event), "", turn, "", "", *_counted(usage))
            case Spoken(turn=turn, seat=seat) | Failed(turn=turn, seat=seat):
                return self._row(event, self._survey.name(seat, event), "", turn, *self._used(turn))
            case Passed(turn=turn, seat=seat, usage=usage):
                return self._row(event, self._survey.name(seat, event), "", turn, "", "", *_counted(usage))
            case Compacted(model=model, usage=usage):
                return self._row(event, "", "", "", model, "", *_counted(usage))
            case Configured(usage=usage) if usage != Usage():
                return self._row(event, "", "", "", "", "", *_counted(usage))
            case _:
                return self._row(event)

    def tail(self) -> str:
        return ""

    def _used(self, turn: int) -> tuple[float | str, ...]:
        generated = self._generated
        if generated.turn != turn:
            return ()
        return generated.model, generated.seconds, *_counted(generated.usage)

    def _row(self, event: Event, name: str = "", member: str = "", turn: int | str = "", *used: float | str) -> str:
        text = mentioning(self._survey.changes.text(event), self._names)
        note = "; ".join(filter(None, (sentence(event, self._survey), *self._notes(event, text))))
        time = event.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        cells = (event.index, time, event.what.kind, name, member, turn, text, note, *(used or ("",) * 5))
        return _line((*cells, *self._ratings(event)))

    def _notes(self, event: Event, text: str) -> Iterator[str]:
        if isinstance(event.what, Heard) and event.what.unheeded:
            yield _(UNHEEDED)
        if isinstance(event.what, Failed) and event.what.posts:
            yield _(CUT_OFF)
        if self._survey.changes.edited(event):
            yield _("edited") if text else _(EXPIRED if self._survey.changes.expired(event) else DELETED)

    def _ratings(self, event: Event) -> tuple[int | str, int | str]:
        match event.what:
            case Spoken(posts=posts) | Greeted(posts=posts) | Failed(posts=posts) if posts:
                return self._survey.rated(posts)
            case Recalled(posts=posts, member=None):
                return self._survey.rated(posts)
            case _:
                return "", ""


def _counted(usage: Usage) -> tuple[float | str, ...]:
    return usage.prompt_tokens, usage.completion_tokens, "" if usage.cost is None else usage.cost


def _line(cells: tuple[float | str, ...]) -> str:
    """Numbers of ours need no care: none is below zero."""
    line = io.StringIO(newline="")
    csv.writer(line, quoting=csv.QUOTE_NONNUMERIC).writerow(
        harmless(cell.replace("\0", "\ufffd")) if isinstance(cell, str) else cell for cell in cells
    )
    return line.getvalue()
