"""The words people use who need a persona that has none of its own: asked once for each card, and then kept."""

from hashlib import sha256

from rooms_bot.domain.costs import Cost
from rooms_bot.domain.events import Shortage, Usage
from rooms_bot.domain.personas import Persona
from rooms_bot.engine.errands import Afford
from rooms_bot.engine.floor import Minds
from rooms_bot.ports import Store

CARD = {"role", "description", "expertise", "prompt"}
"""What of a persona they are found by."""


class Expansions:
    """Out of the store, or else of a model."""

    def __init__(self, store: Store, minds: Minds) -> None:
        self._store, self._minds = store, minds

    async def of(self, persona: Persona, afford: Afford) -> tuple[tuple[str, ...], Usage]:
        """The words, and what it cost to find them; none where none were found. Raises `RoomsError`."""
        card = sha256(persona.model_dump_json(include=CARD).encode()).hexdigest()
        if (known := await self._store.expansion(card)) is not None:
            return known, Usage()
        if isinstance(reserved := afford(), Shortage):
            return (), Usage()
        with reserved:
            words, usage = await self._minds.expand(persona)
            reserved.settle(Cost.of(usage) or (None if words else Cost()))
        if words:
            await self._store.save_expansion(card, words)
        return words, usage
