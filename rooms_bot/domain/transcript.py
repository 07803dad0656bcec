"""What was said in a room, and what was made of its beginning: kept up to date one line at a time."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from rooms_bot.domain.talk import SOMEONE, Digest, Line


@dataclass(slots=True)
class Transcript:
    """Lines in order. `RoomState` alone changes it."""

    lines: list[Line] = field(default_factory=list)
    places: dict[int, int] = field(default_factory=dict)
    """Message id to its place in `lines`."""
    struck: set[int] = field(default_factory=set)
    """Messages of agents' that were taken back, or were to be."""
    newest: int = 0
    """The newest message that any line stands in."""
    newest_post: int = 0
    """The newest of an agent's."""
    totals: list[int] = field(default_factory=lambda: [0])
    """How many tokens the lines before each place take, and at the end all of them."""
    digests: list[Digest] = field(default_factory=list)
    """In order of what they stand for; each stands for all that the one before does, and more."""
    version: int = 0
    """Grows whenever lines change that were said before."""
    outdated: dict[int, str] = field(default_factory=dict)
    """Events (by index) whose text is to be overwritten in the journal, and with what."""

    def add(self, line: Line) -> None:
        for source in line.sources:
            self.places[source] = len(self.lines)
        self.newest = max(self.newest, *line.sources) if line.sources else self.newest
        if line.seat is not None and line.sources:
            self.newest_post = max(self.newest_post, *line.sources)
        self.lines.append(line)
        self.totals.append(self.totals[-1] + line.tokens)

    def line(self, source: int) -> Line | None:
        place = self.places.get(source)
        return None if place is None else self.lines[place]

    def reword(self, source: int, text: str, *carriers: int) -> None:
        """`carriers` are events that carry the new text themselves."""
        if (place := self.places.get(source)) is not None:
            old = self.lines[place]
            self._put(place, replace(old, text=text, events=(*old.events, *carriers)))

    def attach(self, source: int, name: str, text: str, event: int) -> None:
        """The text of a file that came with this message."""
        if (place := self.places.get(source)) is not None:
            old = self.lines[place]
            kept = text if old.text else ""  # the message is gone already
            self._put(place, replace(old, files=(*old.files, (name, kept)), file_events=(*old.file_events, event)))

    def delete(self, source: int) -> None:
        if (place := self.places.get(source)) is not None:
            if self.lines[place].seat is not None:
                self.struck.update(self.lines[place].sources)
            self._put(place, _blank(self.lines[place]))

    def forget(self, member: int) -> None:
        """This member's words are gone, and all notes, which may tell of them without their words."""
        self._change(lambda line: replace(_blank(line), name=SOMEONE) if line.member == member else line)
        if any(line.member == member for line in self.lines):
            self._void(0)

    def expire(self, before: datetime) -> None:
        """What was said before is gone, and all notes that were made of it."""
        self._change(lambda line: _blank(line) if line.at < before and (line.text or line.files) else line)

    def digest(self, digest: Digest) -> None:
        self.digests = [older for older in self.digests if older.lines < digest.lines] + [digest]

    def _put(self, place: int, line: Line) -> None:
        self._change(lambda old: line if old is self.lines[place] else old, place)

    def _change(self, change: Callable[[Line], Line], start: int = 0) -> None:
        """Rare, so it may cost as much as there are lines. What was made of a changed line is void."""
        first = None
        for place in range(start, len(self.lines)):
            new = change(old := self.lines[place])
            if new is not old:
                first = place if first is None else first
                self.lines[place] = new
                self.outdated |= dict.fromkeys(new.events, new.text) | dict(
                    zip(new.file_events, (text for _, text in new.files), strict=True)
                )
            self.totals[place + 1] = self.totals[place] + self.lines[place].tokens
        if first is not None:
            self.version += 1
            self._void(first)

    def _void(self, first: int) -> None:
        """What was made of this line and later ones counts no more."""
        void = [digest for digest in self.digests if digest.lines > first]
        self.digests = [digest for digest in self.digests if digest.lines <= first]
        self.outdated |= {digest.event: "" for digest in void}


def _blank(line: Line) -> Line:
    return replace(line, text="", files=tuple((name, "") for name, _ in line.files))
