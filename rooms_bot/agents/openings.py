"""How a very small model's answers begin: words that are given to it, so that no two answers are alike.

Left to itself it praises the topic, whoever it is; with these words it goes on as somebody who has something to say.
"""

import re
import zlib
from collections.abc import Sequence

from rooms_bot.domain.rooms import MODERATOR, Seat
from rooms_bot.domain.state import RoomState

OPENINGS = (
    "For example, we could",
    "I see it differently, because",
    "The risk that nobody mentions is that",
    "The first thing I would do is",
    "What matters most to me is",
    "The people who gain from this are",
    "I agree that",
    "This reminds me of",
    "Before we decide, we should know",
    "It would work only if",
    "The hard part is",
    "Think of the people who",
    "A small step would be",
    "My worry is that",
    "Suppose that",
    "I am not so sure that",
    "One thing is clear to me:",
)
OF_FIELD = (
    "When it comes to {field},",
    "If we look at {field},",
    "For me this is about {field}, because",
    "I think of {field} here, because",
    "My experience with {field} tells me that",
    "From {field} I have learnt that",
    "I cannot help thinking of {field}, where",
    "Anybody who knows {field} would say that",
    "There is more of {field} in this than it seems:",
)
OF_ROLE = (
    "As {role}, I have seen",
    "As {role}, I would",
    "I am {role}, so I",
    "In my work as {role}, I",
    "Being {role}, I worry that",
    "What {role} learns early is that",
)
ANSWERS = (
    "I would say that",
    "My answer is that",
    "It depends on whether",
    "Honestly, I think that",
    "You are right, and",
    "In that case I would",
)
SUMMARIES = (
    "So far, we have heard that",
    "Two things stand out:",
    "The point on the table is",
    "What is still open is",
)

AGAIN = 24
"""Messages after which an opening may come again."""


def opening(room: RoomState, seat: Seat, turn: int, answers_a_person: bool, field: str, role: str) -> str:
    """One that nobody has begun with for a while; in other languages than English none.

    `field` is what it knows about and is to think of, `role` what it is, with its article; either may be empty.
    """
    language = room.config.language.casefold()
    if language and "english" not in language and not language.startswith("en"):
        return ""
    recent = [line for line in room.lines[-AGAIN:] if line.text and not line.greeting]
    own = [line.text for line in recent if line.seat == seat.id]
    work = (OF_FIELD if field else ()) + (OF_ROLE if role else ())
    kinds = ANSWERS if answers_a_person and seat.id != MODERATOR else _kinds(seat, work, own)
    at = zlib.crc32(f"{room.config.topic} {seat.name} {turn}".encode()) % len(kinds)
    turned = kinds[at:] + kinds[:at]
    fresh = (kind for kind in turned if not any(line.text.startswith(_head(kind)) for line in recent))
    return next(fresh, turned[0]).format(field=field, role=re.split(r" and | who |[,;]", role)[0])


def _kinds(seat: Seat, work: tuple[str, ...], own: Sequence[str]) -> tuple[str, ...]:
    """By turns out of its own `work`, if it has any, and what anybody may begin with."""
    if seat.id == MODERATOR:
        return SUMMARIES
    due = own[-1].startswith((*OPENINGS, *ANSWERS)) if own else seat.id % 2
    return (work if due else ()) or OPENINGS


def _head(kind: str) -> str:
    return kind.partition("{")[0]
