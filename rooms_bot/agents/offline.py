"""Agents without any model: sentences put together from the topic, the persona and what was said last.

For tests, `doctor`, benchmarks, and machines where no model runs. The same room, seat and turn give the same words.
"""

import random
import re
from collections.abc import AsyncIterator, Sequence

from rooms_bot.agents.quoting import one_line, plain_name
from rooms_bot.domain.events import Usage
from rooms_bot.domain.rooms import MODERATOR, Seat
from rooms_bot.domain.state import Line, RoomState
from rooms_bot.errors import AgentEmpty
from rooms_bot.ports import Request

_COMMON = frozenset(
    "about after again against all also and any are because been before being between both but can could did does doing "
    "down each even every few for from had has have having her here his how into its just like make many more most much "
    "must never not now off one only other our out over own really same say says she should some still such than that "
    "the their them then there these they thing things this those through too under until very was way were what when "
    "where which while who why will with would you your yours think people good need want".split()
)

OPENERS = (
    "{who}, you say “{quote}”. I would start somewhere else.",
    "“{quote}” – that is where I stop, {who}.",
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
    "{Field} teaches patience. Try it small, for a month, and write down what happened.",
    "I look at it through {field}: who has to get up earlier because of our decision?",
    "The question of {point} is really one of {field}, and there the order matters more than the speed.",
    "If {field} has taught me anything, it is that the exception becomes the rule by spring.",
    "There is a plain test from {field}: would we still do it if nobody were watching?",
    "In {field} we would ask for a second opinion before touching {point}.",
)
SIDES = (
    "I am not against {point}; I am against doing it twice.",
    "If we must choose, I choose what can be undone.",
    "My worry is the people who are not in this conversation.",
    "Give me one example where {point} went well, and I will change my mind.",
    "It costs little to wait for the numbers, and a lot to explain later why we did not.",
    "I would rather have a small {point} that works than a large one that is announced.",
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
    "Let me gather what is on the table. {views} We agree that {point} matters; we do not agree on who carries the cost.",
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

    async def stream(self, request: Request) -> AsyncIterator[str | Usage]:
        """As `Agent.stream`. It reads the room itself, not the request's messages."""
        room = request.room
        if room is None:
            raise AgentEmpty("the offline agent was given no room")
        turn = room.current.turn if room.current else room.next_turn
        dice = random.Random(f"{self._seed}/{room.config.topic}/{request.seat.id}/{request.seat.name}/{turn}")
        for word in re.findall(r"\S+\s*", _words(room, request.seat, dice)):
            yield word


def _words(room: RoomState, seat: Seat, dice: random.Random) -> str:
    heard = [line for line in room.lines if line.text and line.seat != seat.id]
    if seat.id == MODERATOR:
        return _summary(room, heard, dice)
    last = heard[-1] if heard else None
    point = _point((last.text if last else "") + " " + room.config.topic, dice)
    field = dice.choice([one_line(skill) for skill in seat.persona.expertise] or [_trade(seat) or "my own work"])
    parts = [
        dice.choice(OPENERS if last else FIRST),
        dice.choice(CLAIMS),
        dice.choice(SIDES),
        _ending(room, seat, dice),
    ]
    if dice.random() < 0.35:
        del parts[2]
    said = " ".join(part for part in parts if part)
    return said.format(
        who=plain_name(last.name) if last else "",
        quote=_quote(last, dice) if last else "",
        point=point,
        topic=_sentence(room.config.topic),
        field=field,
        Field=field[:1].upper() + field[1:],
    )


def _summary(room: RoomState, heard: Sequence[Line], dice: random.Random) -> str:
    newest: dict[str, Line] = {line.name: line for line in heard[-8:]}
    ways = dice.sample(VIEWS, len(VIEWS))
    views = " ".join(
        ways[at % len(ways)].format(who=plain_name(name), point=_point(line.text, dice))
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
    """A word that the text is about: a long one that is not among the commonest."""
    words = [word for word in re.findall(r"[^\W\d_][\w'’-]{3,}", text) if word.lower().strip("'’") not in _COMMON]
    longest = sorted(dict.fromkeys(word.lower() for word in words), key=lambda word: (-len(word), word))[:4]
    return dice.choice(longest) if longest else "this"


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
