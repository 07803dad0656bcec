"""Whose subject it is by meaning, where the words leave that open: the selector behind `ROOMS_EMBEDDING_MODEL`."""

import logging
import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace

from rooms_bot.agents.embedding import BATCH, Embedding
from rooms_bot.agents.likeness import Cast, Vector, texts
from rooms_bot.agents.quoting import shortened
from rooms_bot.clock import Clock, SystemClock
from rooms_bot.domain.events import Usage
from rooms_bot.domain.state import RoomState
from rooms_bot.domain.talk import Ranking
from rooms_bot.errors import AgentError
from rooms_bot.turns.dynamic import trust
from rooms_bot.turns.selection import doubtful, newest

log = logging.getLogger(__name__)

TIMEOUT = 3.0
"""Seconds until the words alone decide."""
REST = 60.0
"""Seconds for which a model that failed is left alone: a room should not wait for it at every turn."""
HALF = 5.0
"""Spreads of likeness that make a lead that is trusted half: the unit of a ranking's scores."""
WORDS = 0.5
"""What the lexical score counts for besides."""
READ = 250
"""Tokens of a message that are embedded; many models take 512 at most."""
KEPT = 4096
"""Vectors of cards that are kept."""
CASTS = 64
"""Rooms' casts that are kept."""

_ENGLISH = frozenset(
    """
    the what how my your you to and for with this that please are does should would could is it of i can there when
    where who why which have not but they we he she did
    """.split()
)
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
        self._rests_until = 0.0
        self._failing = False

    def suits(self, room: RoomState, ranking: Ranking) -> bool:
        """Whether it is worth asking."""
        if not doubtful(room, ranking) or self._clock.now() < self._rests_until:
            return False
        return self._multilingual or looks_english(newest(room))

    async def rank(self, room: RoomState, ranking: Ranking) -> Ranking:
        """As `Selector.rank`."""
        if not self.suits(room, ranking):
            return ranking
        cards = tuple(texts(seat.persona) for seat in room.seats.values())
        try:
            vector, usage = await self._embedded(cards, shortened(newest(room), READ))
        except AgentError as error:
            self._failed(error)
            return ranking
        if self._failing:
            log.info("the embedding model %s answers again", self._embedding.model)
            self._failing = False
        likeness = self._cast(cards).likeness(vector)
        return replace(_joined(room, ranking, likeness) if likeness else ranking, usage=ranking.usage + usage)
