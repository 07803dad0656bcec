"""Answers of a usual length for agents of the benchmarks, the same in every run."""

import random

SENTENCES = (
    "I would rather see a small trial on one street than a plan for the whole town.",
    "The budget has room for either the benches or the trees, and we keep speaking as if it had room for both.",
    "What worries me is the winter, when nobody sweeps the leaves off the tracks.",
    "People will use what is on their way; everything else is a monument.",
    "The numbers from last summer say the opposite, and they were counted by hand, at noon, in the heat.",
    "Let us ask who maintains it in ten years, because that is what it will really cost.",
    "A shop owner told me that deliveries take twenty minutes longer since the last change.",
    "There is a law on noise that we would break every market day.",
    "That is a fair point, and it is also the reason why I would begin at the school.",
    "If we cannot measure whether it helped, we will argue about it for ever.",
    "My neighbours are old, and for them a hundred metres is the difference between going and staying.",
    "We could borrow the paint and the cones, and know by October.",
    "Water is what decides this: where it goes when it rains for three days.",
    "I have seen this done well once, and it took one stubborn person with a key to the shed.",
)


def answer(number: int) -> str:
    """The `number`th answer, of about 60 words; every eighth hands the turn to somebody."""
    dice = random.Random(number)
    said = " ".join(dice.sample(SENTENCES, 4))
    return f"{said} @{dice.choice(('Ada', 'Kenji', 'Noor', 'Yusuf'))}, what do you say?" if number % 8 == 0 else said


def pieces(text: str) -> list[str]:
    """It as a model streams it, a word a piece."""
    words = text.split(" ")
    return [*(f"{word} " for word in words[:-1]), words[-1]]


ANSWERS = [pieces(answer(number)) for number in range(200)]
