"""How much of a transcript an agent is shown: what fits its window, the oldest left out in large blocks.

A provider that caches prompts looks at how far one begins like another. So the beginning is kept for as long as it
fits: then a whole block goes at once, and a digest stands for all that went. Blocks end at multiples of a power of two
of tokens, counted from the room's first word. Where one begins depends on nothing but the transcript and the size of
the window, and every end of a large window's block is one of a small window's too: they share digests.
"""

import math
from bisect import bisect_left
from collections.abc import Collection
from dataclasses import dataclass

from rooms_bot.domain.talk import Digest
from rooms_bot.domain.transcript import Transcript

WINDOW = 8000
"""Tokens of a whole request."""
DIGEST = 600
"""Tokens of a digest, at most."""
CUE = 200
"""Tokens kept for what a request ends with."""
USUAL = 600
"""Tokens of a system message besides the persona's prompt, about."""
LABEL = 4
"""Tokens that a line takes besides its speaker's name and its text."""
LEAST = 1024
"""Tokens of lines that are worth a digest."""
NEWEST = 3
"""Lines that are shown in any case, each at most a third of what there is room for."""
SHARE = 4 / 5
"""How much of the room for the transcript a block may be; it is more than half of that."""


@dataclass(frozen=True, slots=True)
class Part:
    """The lines from `start`, after the digest of those before; `missing` lines between the two are nowhere."""

    start: int
    digest: Digest | None = None
    missing: int = 0


def within(context: int | None, answer: int | None = None) -> int:
    """The window for a model that reads and writes so many tokens, at most `answer` of them its own."""
    return WINDOW if context is None else min(WINDOW, max(context - max(context // 4, answer or 0), context // 4))


def scaled(window: int, scale: float) -> int:
    """A window in tokens of ours, where its provider counts `scale` of its own for each.

    In steps of an eighth, since what is reported changes a little with each request, and within reason.
    """
    return window * 8 // min(max(math.ceil(scale * 8), 6), 32)


def space(window: int, others: int) -> int:
    """Tokens for the transcript in a window in which `others` are taken: a quarter of it in any case."""
    return max(window - others - DIGEST - CUE, window // 4)


def block(tokens: int) -> int:
    """How many tokens of lines go at once from a transcript with room for so many."""
    return 1 << int(tokens * SHARE).bit_length() - 1


def part(said: Transcript, tokens: int) -> Part:
    """What is shown of it where there is room for so many tokens."""
    over = _until(said, len(said.lines)) - tokens
    if over <= 0:
        return Part(0)
    size = block(tokens)
    cut = _place(said, -(-over // size) * size)
    after = bisect_left(said.digests, cut, key=lambda digest: digest.lines)
    digest = said.digests[after if after < len(said.digests) else -1] if said.digests else None
    gone = digest.lines if digest else 0
    start = max(0, min(max(cut, gone), len(said.lines) - NEWEST))
    return Part(start, digest, max(0, start - gone)) if start else Part(0)


def due(said: Transcript, blocks: Collection[int]) -> int:
    """How many lines should have a digest soon and have none, for windows with blocks of these sizes; 0 for none.

    A block's is made when an eighth of the next was said; no window is full before a quarter of it was.
    """
    if not blocks:
        return 0
    size = max(min(blocks), LEAST)
    lines = _place(said, (_until(said, len(said.lines)) - size // 8) // size * size)
    return lines if lines > (said.digests[-1].lines if said.digests else 0) else 0


def _until(said: Transcript, place: int) -> int:
    """Tokens of the lines before."""
    return said.totals[place] + LABEL * place


def _place(said: Transcript, tokens: int) -> int:
    """The first place with at least so many before it."""
    return bisect_left(range(len(said.lines)), tokens, key=lambda place: _until(said, place))
