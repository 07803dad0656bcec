"""Whose subject it is by meaning, where the words leave that open: the selector behind `ROOMS_EMBEDDING_MODEL`."""

import asyncio
import logging
import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from rooms_bot.agents.embedding import BATCH, Embedding
from rooms_bot.agents.likeness import Cast, Vector, texts
from rooms_bot.agents.quoting import shortened
from rooms_bot.clock import Clock, SystemClock
from rooms_bot.domain.events import Usage
from rooms_bot.domain.state import RoomState
from rooms_bot.domain.talk import Ranking
from rooms_bot.errors import AgentError, AgentTimeout, AgentUnreachable
from rooms_bot.turns.dynamic import trust
from rooms_bot.turns.selection import doubtful, newest

log = logging.getLogger(__name__)

TIMEOUT = 3.0
"""Seconds until the words alone decide."""
REST = 60.0
"""Seconds for which a model that failed is left alone: a room should not wait for it at every turn."""
HALF = 6.0
"""Spreads of likeness that make a lead that is trusted half: the unit of a ranking's scores."""
WORDS = 0.5
"""What the lexical score counts for besides."""
READ = 250
"""Tokens of a message that are embedded; many models take 512 at most."""
KEPT = 4096
"""Vectors of cards that are kept."""
CASTS = 64
"""Rooms' casts that are kept."""

_COMMON = """
the what how my your you to and for with this that please are does should would could is it of i can there when
where who why which have not but they we he she did
"""
_ENGLISH = frozenset(_COMMON.split())
_WORD = re.compile("[a-z]+")

Card = tuple[str, ...]


class Vectors:
    """A `Selector` by an embedding model; `multilingual` says that it knows other languages than English.

    Of what people write nothing is kept, of cards the vectors.
    """

    def __init__(self, embedding: Embedding, multilingual: bool = False, clock: Clock | None = None) -> None:
        self._embedding, self._multilingual, self._clock = embedding, multilingual, clock or SystemClock()
        self._known: OrderedDict[str, Vector] = OrderedDict()
        self._casts: OrderedDict[tuple[Card, ...], Cast] = OrderedDict()
        self._owed = Usage()
        self._rests_until = 0.0
        self._failing = False

    def suits(self, room: RoomState, ranking: Ranking) -> bool:
        """Whether it is worth asking."""
        if not doubtful(room, ranking) or self._clock.now() < self._rests_until:
            return False
        return self._multilingual or looks_english(newest(room))

    async def rank(self, room: RoomState, ranking: Ranking) -> Ranking:
        """As `Selector.rank`."""
        seats, cards = list(room.seats), tuple(texts(seat.persona) for seat in room.seats.values())
        if sum(map(bool, cards)) < 2 or not self.suits(room, ranking):
            return ranking
        known = len(self._known)
        try:
            likeness = await self._likeness(cards, shortened(newest(room), READ))
        except AgentError as error:
            if not (isinstance(error, AgentTimeout) and len(self._known) > known):  # else the next try comes further
                self._fail(error)
            return ranking
        if self._failing:
            log.info("the embedding model %s answers again", self._embedding.model)
        self._failing, owed, self._owed = False, self._owed, Usage()
        better = _joined(seats, ranking, likeness) if likeness else ranking
        return replace(better, usage=ranking.usage + owed)

    async def _likeness(self, cards: tuple[Card, ...], text: str) -> list[float] | None:
        """The text's to each card. Loading and starting the model come before its time begins. Raises `AgentError`."""
        await self._embedding.prepare()
        deadline = asyncio.get_running_loop().time() + TIMEOUT
        cast = self._casts.get(cards) or await self._cast(cards, deadline)
        [vector] = await self._asked([text], deadline)
        if len(vector) != cast.size:
            raise self._changed()
        self._casts[cards] = cast
        self._casts.move_to_end(cards)
        _forget(self._casts, CASTS)
        return cast.likeness(vector)

    async def _cast(self, cards: tuple[Card, ...], deadline: float) -> Cast:
        """What came in time is kept, so that the next try is shorter."""
        wanted = list(dict.fromkeys(chain.from_iterable(cards)))
        vectors = {text: self._known.pop(text) for text in wanted if text in self._known}
        self._known |= vectors
        new = [text for text in wanted if text not in vectors]
        for batch in (new[at : at + BATCH] for at in range(0, len(new), BATCH)):
            found = dict(zip(batch, await self._asked(batch, deadline), strict=True))
            vectors |= found
            self._known |= found
        _forget(self._known, KEPT)
        if len({len(vector) for vector in vectors.values()}) != 1:
            raise self._changed()
        return Cast([[vectors[text] for text in card] for card in cards])

    async def _asked(self, batch: list[str], deadline: float) -> list[Vector]:
        left = deadline - asyncio.get_running_loop().time()
        vectors, usage = await self._embedding.vectors(batch, max(0.1, left))
        self._owed += usage
        return vectors

    def _changed(self) -> AgentError:
        """Another model answers to the name now."""
        self._known.clear()
        self._casts.clear()
        return AgentError("its vectors are of different sizes")

    def _fail(self, error: AgentError) -> None:
        """Told once, until it answers again. What is wrong with one message alone is no reason to leave it alone."""
        if isinstance(error, AgentUnreachable | AgentTimeout):
            self._rests_until = self._clock.now() + REST
        if not self._failing:
            model, detail = self._embedding.model, error.detail or "no details"
            log.warning("the embedding model %s %s: %s; the words alone decide who speaks", model, error, detail)
            self._failing = True


def looks_english(text: str) -> bool:
    """Whether at least every tenth word is one that English is full of, and no letter is of another alphabet."""
    if any(char.isalpha() and not char.isascii() for char in text):
        return False
    words = _WORD.findall(text.lower())
    return 10 * sum(word in _ENGLISH for word in words) >= len(words) > 0


def _joined(seats: Sequence[int], ranking: Ranking, likeness: Sequence[float]) -> Ranking:
    """Of meaning and of words, in the units of the latter."""
    sums = [near / HALF + WORDS * ranking.scores.get(seat, 0.0) for seat, near in zip(seats, likeness, strict=True)]
    scores = {seat: value - min(sums) for seat, value in zip(seats, sums, strict=True)}
    return Ranking(scores, trust(sorted(sums, reverse=True)), "vectors")


def _forget(kept: OrderedDict[Any, Any], most: int) -> None:
    """What was not used for the longest time."""
    while len(kept) > most:
        kept.popitem(last=False)
