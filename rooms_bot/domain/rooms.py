"""A room's configuration: where it is, what it is about, who sits in it and by which rules it goes."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from rooms_bot.domain.personas import Persona
from rooms_bot.domain.words import Word

MODERATOR = 0
"""The orchestrator's seat; agents' seats count from 1 and a number is never given twice."""

MAX_SEATS = 12


class Mode(StrEnum):
    """How the next speaker is found when nobody is addressed."""

    ROUND_ROBIN = "round_robin"
    ARGUMENTATIVE = "argumentative"
    DYNAMIC = "dynamic"


class Answering(StrEnum):
    """When agents speak: of their own accord too, or only after people."""

    FREELY = "freely"
    PEOPLE = "people"


class Selection(StrEnum):
    """Who judges, in the mode `dynamic`, whom a message concerns, where its words alone leave it open."""

    WORDS = "words"
    MODEL = "model"


class Memory(StrEnum):
    """Where what was said is kept: in RAM until shortly after the end, or in the database."""

    EPHEMERAL = "ephemeral"
    DURABLE = "durable"


class Place(Word):
    """Where a room is: a channel or thread of a server; webhooks belong to `parent`, the channel around a thread."""

    guild: int
    channel: int
    parent: int


class Member(Word):
    """A person of the server; the id is who they are, the name only what they are called."""

    id: int
    name: str
    background: str = ""


class Seat(Word):
    """An agent in a room. `name` is the persona's, made unique among the room's seats."""

    id: int
    name: str
    persona: Persona
    instructions: str = Field(default="", max_length=4000)
    model: str | None = None
    temperature: float | None = Field(default=None, ge=0, le=2)
    stance: str | None = Field(default=None, max_length=100)
    """Its side in this room's argument, where it is not the persona's."""
    talkativeness: float | None = Field(default=None, ge=0, le=1)

    @property
    def side(self) -> str:
        return self.persona.stance if self.stance is None else self.stance

    @property
    def eagerness(self) -> float:
        """The share of its chances to speak unasked that it takes, 0 to 1."""
        return self.persona.talkativeness if self.talkativeness is None else self.talkativeness


class Limits(Word):
    """How much may be spent: tokens (what is read and what is written together) and US dollars; 0 is no limit."""

    tokens: int = Field(default=0, ge=0, le=10**12)
    dollars: float = Field(default=0, ge=0, le=10**6)


class RoomConfig(Word):
    """The rules of one room; times in seconds, counts in agents' turns, 0 switches a count off."""

    topic: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
    mode: Mode = Mode.DYNAMIC
    turns: int = Field(default=20, ge=1, le=500)
    orchestrator_every: int = Field(default=5, ge=0, le=50)
    human_every: int = Field(default=0, ge=0, le=50)
    human_wait: float = Field(default=60, ge=0, le=86_400)
    pace: float = Field(default=4, ge=0, le=120)
    memory: Memory = Memory.EPHEMERAL
    language: str = Field(default="", max_length=60)
    max_chain_depth: int = Field(default=5, ge=1, le=50)
    agents_answer: Answering = Answering.FREELY
    selector: Selection = Selection.WORDS
    streaming: bool = True
    """Whether long answers are shown while they grow, where the door can."""
    budget: Limits = Limits()
    """For the whole room."""
