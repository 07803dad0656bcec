"""What can be counted in what agents said: in whose name, how often the same, and whether one can tell who spoke."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bench.minilm import Array, MiniLM
from bench.talk_room import Conversation, Turn
from rooms_bot.domain.personas import Persona

NEAR = 0.9
"""The cosine above which two posts say the same."""
SIZE = 4
"""Words of what counts as said already."""
WORD = re.compile(r"\w+(?:['’]\w+)*")


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of all turns, in per cent."""

    names: float
    """Begins with a name as in a transcript."""
    others: float
    """Goes on in somebody else's name."""
    repeated: float
    """More than half of its word 4-grams were said in the room before."""
    near: float
    """As near to an earlier post of the room as `NEAR`."""
    empty: float
    """Nothing, or no more than the words it was begun with."""
    persona: float
    """Nearest to its own persona of all in the room."""
    own: float
    """The same without the words it was begun with."""
    topic: float
    """Nearest to its own topic of all."""


class Measure:
    """Counts in conversations between `cast` about one of `topics`, in which people have the names `people`."""

    def __init__(self, cast: Sequence[Persona], people: Collection[str], topics: Sequence[str]) -> None:
        self._model = MiniLM()
        self._names = [persona.name for persona in cast]
        self._people, self._topics = people, list(topics)
        self._personas = self._model.embed([_told(persona) for persona in cast])
        self._about = self._model.embed(self._topics)

    def figures(self, conversations: Sequence[Conversation], cleaned: bool) -> Figures:
        """Of what was posted, if `cleaned`, else of what the model had answered."""
        rows = [row for one in conversations for row in self._rows(one, cleaned)]
        return Figures(*(100 * sum(column) / len(rows) for column in zip(*rows, strict=True)))

    def _rows(self, conversation: Conversation, cleaned: bool) -> Iterator[tuple[bool, ...]]:
        """For each turn what `Figures` has, in the same order."""
        texts = [turn.text if cleaned else turn.raw for turn in conversation.turns]
        vectors = self._model.embed(texts)
        rest = self._model.embed([_rest(turn, text) for turn, text in zip(conversation.turns, texts, strict=True)])
        again = list(repeated(texts, conversation.remarks))
        for place, (turn, text) in enumerate(zip(conversation.turns, texts, strict=True)):
            others = [name for name in (*self._names, *self._people) if name != turn.name]
            empty, own = not WORD.search(_rest(turn, text)), self._names.index(turn.name)
            yield (
                begins_with_a_name(text, [turn.name, *others]),
                speaks_for(text, others),
                again[place],
                bool(text) and bool((vectors[:place] @ vectors[place] > NEAR).any()),
                empty,
                not empty and nearest(self._personas, vectors[place]) == own,
                not empty and nearest(self._personas, rest[place]) == own,
                not empty and nearest(self._about, vectors[place]) == self._topics.index(conversation.topic),
            )


def begins_with_a_name(text: str, names: Collection[str]) -> bool:
    """As in `Ada: …`, `[Ada] …` or `Ada (engineer) says: …`; `Ada, …` speaks to Ada."""
    return re.match(_label(names), text.lstrip()) is not None


def speaks_for(text: str, others: Collection[str]) -> bool:
    """Whether a line or a sentence begins with such a label of another's."""
    return re.search(rf"(?:^|\n|[.!?…][\"”'’)]*\s){_label(others)}", text) is not None


def repeated(texts: Sequence[str], remarks: Mapping[int, str]) -> Iterator[bool]:
    """For each text whether more than half of its 4-grams were in those before, or in remarks made before it."""
    known: set[tuple[str, ...]] = set()
    for place, text in enumerate(texts):
        known |= _grams(remarks.get(place, ""))
        own = _grams(text)
        yield len(own & known) * 2 > len(own)
        known |= own


def nearest(to: Array, vector: Array) -> int:
    return int(np.argmax(to @ vector))


def _grams(text: str) -> set[tuple[str, ...]]:
    words = WORD.findall(text.casefold())
    return {tuple(words[at : at + SIZE]) for at in range(len(words) - SIZE + 1)}


def _label(names: Collection[str]) -> str:
    one = "|".join(map(re.escape, names))
    return rf"[\s>#*_\"“]*(?:\[(?:{one})[^\]\n]*\]|(?:{one})(?:\s*\([^)\n]*\))?[*_\"”]*(?:\s+(?:says|said))?\s*[:：])"


def _told(persona: Persona) -> str:
    """What its file tells of it, the name aside."""
    return f"{persona.role}. {', '.join(persona.expertise)}. {persona.prompt.replace(persona.name, '')}"


def _rest(turn: Turn, text: str) -> str:
    return text.removeprefix(turn.begun)
