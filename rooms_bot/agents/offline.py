"""Agents without any model: sentences put together from the topic, the persona and what was said last.

For tests, `doctor`, benchmarks, and machines where no model runs. The same room, seat and turn give the same words.
"""

import random
import re
from collections.abc import AsyncGenerator, Sequence

from rooms_bot.agents.quoting import one_line, plain_name
from rooms_bot.domain.events import Usage
from rooms_bot.domain.rooms import MODERATOR, Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.domain.talk import Line
from rooms_bot.errors import AgentEmpty
from rooms_bot.ports import Request

_COMMON = frozenset(
    re.findall(
        r"\w+",
        """
about after again against all also and any are because been before being between both but can could did does
doing down each even every few for from had has have having her here his how into its just like make many more
most much must never not now off one only other our out over own really same say says she should some still
such than that the their them then there these they thing things this those through too under until very was
way were what when where which while who why will with would you your yours think people good need want
""",
    )
)

OPENERS = (
    "“{quote}”, says {who}; I would start somewhere else.",
    "“{quote}” – that is where {who} and I part.",
    "There is something in what {who} says about {point}, but only half of it.",
    "I keep coming back to {point}, which {who} brought up.",
    "{who} is right about {point}, and that makes it harder, not easier.",
    "Let me turn {who}'s point about {point} round.",
    "What {who} says of {point} holds, as long as nobody has to pay for it.",
)
FIRST = (
    "So: {topic} I have waited for somebody to ask.",
    "{topic} The honest answer begins with what we do not know.",
    "{topic} Let us not begin with the answer but with {point}.",
)
CLAIMS = (
    "In {field}, the first version always looks cheaper than it is.",
    "Anyone who has worked in {field} has seen this fail for a dull reason: nobody owned it.",
    "From {field} I know one thing: what is not measured is decided by whoever speaks loudest.",
    "{Field} taught me patience: try it small, for a month, and write down what happened.",
    "I look at it through {field}: who has to get up earlier because of our decision?",
    "To me {point} is really a matter of {field}, and there the order counts more than the speed.",
    "If {field} taught me anything, it is that the exception becomes the rule by spring.",
    "There is a plain test from {field}: would we still do it if nobody were watching?",
    "In {field} we would ask for a second opinion, and {point} deserves one.",
)
SIDES = (
    "I am not against touching {point}; I am against doing it twice.",
    "If we must choose, I choose what can be undone.",
    "My worry is the people who are not in this conversation.",
    "Give me one example where {point} went well, and I will change my mind.",
    "It costs little to wait for the numbers, and a lot to explain later why we did not.",
    "I would rather have a small step on {point} that works than a large one that is announced.",
    "That is a trade, not a solution, and we should say so.",
    "The other side of {point} deserves a fair hearing too.",
)
ENDINGS = (
    "What would have to be true for that to fail?",
    "I will leave it there for now.",
    "@{other}, how does that look from {its}?",
    "@{other}, you have seen this closer than I have.",
    "Prove me wrong.",
    "",
    "",
    "",
)
SUMMARIES = (
    "What is on the table: {views} We agree that {point} matters, and not on who carries the cost.",
    "A pause to look back. {views} What nobody has answered yet: what happens to {point} when it goes wrong?",
    "Two lines so far. {views} The open question is {point}.",
)
VIEWS = (
    "{who} came back to {point}.",
    "{who} weighed {point}.",
    "For {who} it is about {point}.",
    "{who} put {point} first.",
)


class OfflineAgent:
    """Streams a few sentences, word by word. With another `seed` the same turn is told otherwise."""

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed

    async def stream(self, request: Request) -> AsyncGenerator[str | Usage, None]:
        """As `Agent.stream`. It reads the room itself, not the request's messages."""
        room = request.room
        if room is None:
            raise AgentEmpty("the offline agent was given no room")
        turn = room.current.turn if room.current else room.next_turn
        dice = random.Random(f"{self._seed}/{room.config.topic}/{request.seat.id}/{request.seat.name}/{turn}")
        for word in re.findall(r"\S+\s*", _words(room, request.seat, dice, turn)):
            yield word


def _words(room: RoomState, seat: Seat, dice: random.Random, turn: int) -> str:
    heard = [line for line in room.lines if line.text and line.seat != seat.id]
    if seat.id == MODERATOR:
        return _summary(room, heard, dice)
    last = heard[-1] if heard else None
    field = dice.choice([one_line(skill) for skill in seat.persona.expertise] or [_trade(seat) or "my own work"])
    parts = [_next(OPENERS if last else FIRST, room, turn), _next(CLAIMS, room, turn), _next(SIDES, room, turn)]
    if dice.random() < 0.35:
        del parts[2]
    said = " ".join(part for part in (*parts, _ending(room, seat, dice)) if part)
    return said.format(
        who=plain_name(last.name) if last else "",
        quote=_quote(last, dice) if last else "",
        point=_point(_raised(room, last), dice),
        topic=_sentence(room.config.topic),
        field=field,
        Field=field[:1].upper() + field[1:],
    )


def _next(of: Sequence[str], room: RoomState, turn: int) -> str:
    """All of them in an order of the room's own before one comes again."""
    order = random.Random(f"{room.config.topic}/{of[0]}").sample(of, len(of))
    return order[turn % len(of)]


def _raised(room: RoomState, last: Line | None) -> str:
    """What there is to talk about: what a person just said, else the topic. Agents here say nothing of their own."""
    return last.text if last is not None and last.member is not None else room.config.topic


def _summary(room: RoomState, heard: Sequence[Line], dice: random.Random) -> str:
    newest: dict[str, Line] = {line.name: line for line in heard[-8:]}
    ways = dice.sample(VIEWS, len(VIEWS))
    views = " ".join(
        ways[at % len(ways)].format(
            who=plain_name(name), point=_point(line.text if line.member else room.config.topic, dice)
        )
        for at, (name, line) in enumerate(list(newest.items())[-4:])
    )
    return " ".join(dice.choice(SUMMARIES).format(views=views, point=_point(room.config.topic, dice)).split())


def _ending(room: RoomState, seat: Seat, dice: random.Random) -> str:
    others = [other for other in room.active if other.id != seat.id]
    ending = dice.choice(ENDINGS)
    if "{other}" not in ending:
        return ending
    if not others or dice.random() < 0.5:
        return ""
    other = dice.choice(others)
    its = one_line(dice.choice(other.persona.expertise)) if other.persona.expertise else "your side"
    return ending.format(other=_literal(other.name), its=_literal(its))


def _literal(text: str) -> str:
    return text.replace("{", "(").replace("}", ")")


def _point(text: str, dice: random.Random) -> str:
    """One or two neighbouring words that the text is about, quoted: none of the commonest ones."""
    found, run = [], list[str]()
    for word in [*re.findall(r"[^\W\d_][\w'’-]*|\S", text), "."]:
        if len(word) > 2 and word.lower() not in _COMMON:
            run.append(word)
        elif run:
            found.append(" ".join(run[-2:]))
            run = []
    return f"“{dice.choice(found)}”" if found else "this"


def _quote(line: Line, dice: random.Random) -> str:
    """A few words of it, in their order."""
    clauses = [part.strip() for part in re.split(r"[.!?;:,–—\n“”\"@]+", one_line(line.text, 600))]
    fitting = [part for part in clauses if 3 <= len(part.split()) <= 9]
    return dice.choice(fitting) if fitting else " ".join(one_line(line.text, 600).split()[:6])


def _sentence(topic: str) -> str:
    topic = one_line(topic)
    return topic if topic.endswith(("?", ".", "!")) else f"{topic}."


def _trade(seat: Seat) -> str:
    return one_line(seat.persona.role).lower()
