"""Who said what, as prompts have it: each line after a label in the first column, which nothing in a text can imitate.

How a line stands there does not depend on the turn, so that prompts begin alike from one to the next.
"""

import re
from collections import Counter
from functools import lru_cache

from rooms_bot.agents.quoting import cited, one_line, plain_name, quoted, shortened, tidy
from rooms_bot.domain.rooms import Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.domain.talk import Line, tokens
from rooms_bot.ports import Message

_LIKE_A_LABEL = re.compile(r"[:：]|\(member\b", re.I)


class Voices:
    """What everybody in a room is called; `seat`, if given, is the one who reads it."""

    def __init__(self, room: RoomState, seat: Seat | None = None) -> None:
        self._room, self._seat = room, seat
        self._people = _people(room)
        agents = (one.name for one in (*room.seats.values(), room.moderator))
        self.names = (*agents, *(plain_name(member.name) for member in room.members.values()))

    def person(self, member: int) -> str:
        """No agent's name can look like it, nor another person's."""
        return self._people[member]

    def who(self, line: Line) -> str:
        return agent(line.name) if line.member is None else self._people[line.member]

    def own(self, line: Line) -> bool:
        """Whether the reader said it; what its seat said as another persona, somebody else did."""
        return self._seat is not None and line.seat == self._seat.id and line.name == self._seat.name

    def message(self, line: Line, limit: int) -> Message:
        """The line as one of a chat request's, in at most about `limit` tokens."""
        if self.own(line):
            return Message("assistant", tidy(shortened(line.text, limit)))
        return Message("user", self.told(line, limit))

    def told(self, line: Line, limit: int) -> str:
        """The line as somebody else's, with the files that came with it."""
        files = [file for file in line.files if file[1]]
        text = shortened(line.text, limit // 2 if files else limit)
        told = f"{self._label(line)}: {quoted(text, self.names)}"
        for name, file in files:
            part = shortened(file, (limit - tokens(text)) // len(files))
            told += f"\n{self.who(line)} attached the file {cited(name, 80)}:\n  {quoted(part, self.names)}"
        return told

    def _label(self, line: Line) -> str:
        original = self._room.line(line.reply_to) if line.reply_to is not None else None
        if original is None or not original.text:
            return self.who(line)
        return f"{self.who(line)}, in reply to {'you' if self.own(original) else self.who(original)}"


@lru_cache(maxsize=256)
def agent(name: str) -> str:
    """An agent's name as it is, unless it would look like the end of a label, or a person's."""
    name = one_line(name, 80)
    return plain_name(name, 80) if _LIKE_A_LABEL.search(name) else name


def _people(room: RoomState) -> dict[int, str]:
    """Each member's name; of several who are called alike, all but the first have a number."""
    called: dict[int, str] = {}
    times: Counter[str] = Counter()
    for member in room.members.values():
        name = plain_name(member.name)
        times[name.casefold()] += 1
        number = times[name.casefold()]
        called[member.id] = f"{name} (member{f' {number}' if number > 1 else ''})"
    return called
