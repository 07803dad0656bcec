"""Asks, step by step, for what the flags have not said; each answer is looked at before the next question."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rooms_bot.domain.personas import Persona
from rooms_bot.errors import Refused
from rooms_bot.terminal.flags import MODES, Wishes
from rooms_bot.terminal.plan import Plan, Shelf, own_name, plan, present

Ask = Callable[[str, Sequence[str]], Awaitable[str]]
"""Puts a question, with words to complete the answer from; returns the answer, stripped. Raises `EOFError`."""
Tell = Callable[[str], None]

WHO = "Who speaks next: round_robin (in turn), argumentative (side against side) or dynamic (who knows most) [dynamic]?"


@dataclass(frozen=True, slots=True)
class Step:
    """A question for one of the wishes; what stands in brackets is taken where nothing is answered."""

    wish: str
    question: str
    words: tuple[str, ...] = ()
    agent: str = ""
    """Whom it is about, where each agent has a wish of its own."""


async def wizard(wishes: Wishes, there: Shelf, ask: Ask, tell: Tell) -> Wishes:
    """The wishes with all that was asked for. Raises `EOFError` where somebody leaves."""
    names = tuple(persona.name for persona in there.personas.values())
    for step in (
        Step("name", f"Your name [{own_name()}]:"),
        Step("background", "What should the agents know of you [nothing]?"),
        Step("topic", "What is the room about?"),
        Step("mode", WHO, MODES),
        Step("turns", "After how many turns does it end [20]?"),
        Step("agents", "Who takes part, separated by commas [those who fit the topic best]?", names),
    ):
        if not getattr(wishes, step.wish):
            wishes = await _step(step, wishes, there, ask, tell)
    if not (wishes.temperature or wishes.instructions):
        wishes = await _one_by_one(wishes, there, ask, tell)
    every = Step("every", "After how many turns does the orchestrator sum up, 0 for never [5]?")
    return wishes if wishes.every else await _step(every, wishes, there, ask, tell)


async def _step(step: Step, wishes: Wishes, there: Shelf, ask: Ask, tell: Tell) -> Wishes:
    """Asked until the answer is one that can be."""
    while True:
        answer = meant(await ask(step.question, step.words), step.words)
        if not answer and step.wish != "topic":
            return wishes
        wished = _wished(step, wishes, answer)
        try:
            _planned(wished, there)
        except Refused as refusal:
            tell(str(refusal))
        else:
            return wished


def meant(answer: str, words: Sequence[str]) -> str:
    """`answer`, in which a beginning that only one of these words has, if there are any, stands for it."""
    return ", ".join(_word(part.strip(), words) for part in answer.split(",")) if words else answer


def _word(typed: str, words: Sequence[str]) -> str:
    """A key pressed right after Tab comes before the proposals do."""
    begun = typed.lstrip("@").casefold()
    fitting = [word for word in words if word.casefold().startswith(begun)]
    return fitting[0] if begun and len(fitting) == 1 else typed


def _wished(step: Step, wishes: Wishes, answer: str) -> Wishes:
    value: Any = (*getattr(wishes, step.wish), f"{step.agent}={answer}") if step.agent else answer
    return replace(wishes, **{step.wish: value})


async def _one_by_one(wishes: Wishes, there: Shelf, ask: Ask, tell: Tell) -> Wishes:
    """Temperature and instructions of those for whom they should be others than the persona's own."""
    cast = _planned(wishes, there).personas
    names = tuple(persona.name for persona in cast)
    question = f"There are {', '.join(names)}. Who of them gets a temperature or instructions [nobody]?"
    while answer := meant(await ask(question, names), names):
        try:
            chosen = dict.fromkeys(present(cast, part) for part in answer.split(",") if part.strip())
        except Refused as refusal:
            tell(str(refusal))
        else:
            for persona in chosen:
                wishes = await _tuned(persona, wishes, there, ask, tell)
            break
    return wishes


async def _tuned(persona: Persona, wishes: Wishes, there: Shelf, ask: Ask, tell: Tell) -> Wishes:
    name = persona.name
    own = "the model's own" if persona.temperature is None else f"{persona.temperature:g}"
    heat = Step("temperature", f"{name}'s temperature, 0 to 2 [{own}]:", agent=name)
    words = Step("instructions", f"Instructions for {name} in this room [none]:", agent=name)
    return await _step(words, await _step(heat, wishes, there, ask, tell), there, ask, tell)


def _planned(wishes: Wishes, there: Shelf) -> Plan:
    """What it comes to; that the topic is still to come is no fault."""
    return plan(wishes if wishes.topic is not None else replace(wishes, topic="anything"), there)
