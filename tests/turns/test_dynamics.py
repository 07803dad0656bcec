"""Who speaks in the mode `dynamic`, simulated: eight experts, runs of topics, follow-ups, mentions, an open floor."""

import json
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from pathlib import Path

import pytest

from bench.routing import persona_of
from rooms_bot.domain.events import Resumed
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import Seat
from rooms_bot.turns.addressing import Named, addressed
from tests.turns.play import Play, chosen

DATA = Path(__file__).parents[3] / "shared" / "routing" / "data"
K = 8

CARDS = {
    "baker": "bread and cakes: bread dough flour oven yeast bake cake pastry crust sourdough",
    "doctor": "medicine and illness: fever pain doctor pill symptom headache cough medicine infection clinic",
    "lawyer": "law and contracts: contract law court lawyer sue tenant judge rights liable lawsuit",
    "banker": "money and loans: loan bank interest mortgage savings account credit debt invest deposit",
    "gardener": "plants and soil: soil seed plant garden prune compost tomato roses weeds fertilizer",
    "mechanic": "cars and engines: engine car brake tyre oil gearbox clutch exhaust motor battery",
    "pilot": "flying and airports: plane flight airport runway landing cockpit turbulence airline wing altitude",
    "teacher": "school and learning: school pupil homework exam lesson classroom grade teacher maths spelling",
}
TEXTS = {
    "baker": [
        "Why does my sourdough crust stay soft?",
        "How much yeast does this dough need?",
        "Which flour for a cake?",
    ],
    "doctor": ["I have a fever and a cough.", "Does this pill help against a headache?", "The infection came back."],
    "lawyer": ["Can my tenant sue me?", "Is this contract good in court?", "What would a judge say about my rights?"],
    "banker": ["Should I pay off the loan or the mortgage?", "What interest does my account get?", "My credit is bad."],
    "gardener": ["When do I prune the roses?", "My tomato plant needs compost.", "These weeds love my soil."],
    "mechanic": ["The engine loses oil.", "My car pulls left when I brake.", "The clutch and the gearbox grind."],
    "pilot": ["Why is the landing so hard?", "Our flight had turbulence.", "How long must a runway be for that plane?"],
    "teacher": ["My pupil hates homework.", "How do I grade this exam?", "The maths lesson was too short."],
}
FOLLOWING = ["And why is that?", "How long will it take?", "What if not?"]
SMALL_TALK = ["Are you sure?", "Could you say more?", "ok thanks"]
"""These follow up too, but among the experts of the real questions is one for small talk."""


@dataclass
class Score:
    """Of each kind of message: how many went where they should."""

    right: Counter[str] = field(default_factory=Counter)
    all: Counter[str] = field(default_factory=Counter)

    def count(self, kind: str, right: bool) -> None:
        self.all[kind] += 1
        self.right[kind] += right

    def share(self, kind: str) -> float:
        return self.right[kind] / self.all[kind]


class Simulation:
    """Experts in seats 1 to K, each with texts of its own subject."""

    def __init__(
        self, personas: Mapping[str, Persona], texts: Mapping[str, Sequence[str]], following: Sequence[str], seed: int
    ) -> None:
        self.random = random.Random(seed)
        self.labels = list(personas)
        seats = [Seat(id=number, name=one.name, persona=one) for number, one in enumerate(personas.values(), 1)]
        self.play = Play(seats, mode="dynamic", turns=500, orchestrator_every=0)
        self.play.happen(Resumed(turns=10_000))
        self.texts, self.following, self.score = texts, following, Score()

    def run(self, topics: int) -> Score:
        """Each topic: a first question, follow-ups to whoever answered, now and then a mention and a free floor."""
        last = 0
        for _ in range(topics):
            last = self.random.choice([number for number in range(1, K + 1) if number != last])
            answered = self.ask("switch", self.text(last), last)
            for _ in range(self.random.randint(1, 3)):
                self.ask("follow-up", self.follow_up(answered), answered)
            if self.random.random() < 0.3:
                last = self.mention()
            elif self.random.random() < 0.3:
                last = self.floor(3)[-1]
        return self.score

    def follow_up(self, seat: int) -> str:
        """Something that tells nobody's subject, or more about the same."""
        return self.random.choice([self.random.choice(self.following), self.text(seat)])

    def text(self, seat: int) -> str:
        return self.random.choice(self.texts[self.labels[seat - 1]])

    def ask(self, kind: str, text: str, expert: int, *called: int) -> int:
        """A person's message and its answer; who answered."""
        self.play.hear(text, *called)
        answered = chosen(self.play)
        self.score.count(kind, answered == expert)
        self.play.say(answered, self.text(answered))
        return answered

    def mention(self) -> int:
        """A question to one expert by name, about the subject of another."""
        seat = self.play.room.seats[self.random.randint(1, K)]
        text = f"@{seat.name}, {self.text(self.random.randint(1, K))}"
        names = [Named(one.id, one.name) for one in self.play.room.seats.values()]
        return self.ask("mention", text, seat.id, *addressed(text, names, vocative=True))

    def floor(self, turns: int) -> list[int]:
        """Agents among themselves."""
        spoke = []
        for _ in range(turns):
            spoke.append(chosen(self.play))
            self.play.say(spoke[-1], self.text(spoke[-1]))
        return spoke


def own(seed: int) -> Simulation:
    """Experts and texts of these tests, of which each text is plainly somebody's."""
    personas = {}
    for label, card in CARDS.items():
        subject, _, words = card.partition(": ")
        personas[label] = Persona(name=label.title(), role=label, expertise=(subject,), expansion=tuple(words.split()))
    return Simulation(personas, TEXTS, FOLLOWING + SMALL_TALK, seed)


def real(seed: int) -> Simulation:
    """Eight of the experts and real questions of the development data."""
    if not DATA.is_dir():
        pytest.skip("the labelled conversations are not beside this checkout")
    cards = json.loads((DATA / "cards" / "clinc10.json").read_text("utf-8"))
    rows = [json.loads(line) for line in (DATA / "clinc10.jsonl").read_text("utf-8").splitlines()]
    labels = random.Random(seed).sample(sorted(cards), K)
    texts = {label: [row["messages"][-1]["text"] for row in rows if row["label"] == label] for label in labels}
    return Simulation({label: persona_of(cards[label]) for label in labels}, texts, FOLLOWING, seed)


def test_on_plain_texts_switches_are_followed_and_follow_ups_kept() -> None:
    score = own(1).run(150)
    assert score.share("switch") >= 0.95
    assert score.share("follow-up") >= 0.95
    assert score.share("mention") == 1


def test_on_real_questions_switches_are_followed_and_follow_ups_kept() -> None:
    scores = [real(seed).run(120) for seed in range(5)]
    right, count = sum((one.right for one in scores), Counter()), sum((one.all for one in scores), Counter())
    assert right["switch"] >= 0.75 * count["switch"]
    assert right["follow-up"] >= 0.85 * count["follow-up"]
    assert right["mention"] == count["mention"]


@pytest.mark.parametrize("make", [own, real])
@pytest.mark.parametrize("seed", range(5))
def test_an_open_floor_goes_round(make: Callable[[int], Simulation], seed: int) -> None:
    simulation = make(seed)
    simulation.ask("switch", simulation.text(1), 1)
    spoke = simulation.floor(40)
    assert max(Counter(spoke).values()) <= 0.3 * 40
    assert all(before != after for before, after in pairwise(spoke))
    assert max(_silences(spoke)) <= 5 * K


@pytest.mark.parametrize("seed", range(3))
def test_nobody_has_the_floor_for_long_whatever_people_say(seed: int) -> None:
    """Runs are of turns that no person asked for."""
    simulation = own(seed)
    simulation.run(60)
    unasked = [list(run) for _, run in groupby(simulation.floor(200))]
    assert max(map(len, unasked)) <= 2


def _silences(spoke: Sequence[int]) -> list[int]:
    """How many turns each expert waited at most."""
    longest = []
    for seat in range(1, K + 1):
        turns = [-1, *(turn for turn, who in enumerate(spoke) if who == seat), len(spoke)]
        longest.append(max(after - before for before, after in pairwise(turns)))
    return longest
