"""A question of the program's own to a model: the whole answer at once."""

from contextlib import aclosing

from rooms_bot.agents.cleaning import clean, ran_out
from rooms_bot.domain.events import Usage
from rooms_bot.domain.talk import tokens
from rooms_bot.errors import AgentEmpty
from rooms_bot.ports import Agent, Request

LONGEST = 5000
"""Tokens that are read of an answer."""
HEEDED = 2
"""How many times its bound an answer may have by our count, until its model is known not to heed it."""


async def answer(agent: Agent, request: Request) -> tuple[str, Usage]:
    """What it answers, without what it thought aloud; an answer with nothing in it is empty, and was paid for.

    Raises `AgentError`.
    """
    text, usage, most = "", Usage(), HEEDED * (request.max_tokens or LONGEST)
    try:
        async with aclosing(agent.stream(request)) as pieces:
            async for piece in pieces:
                if isinstance(piece, Usage):
                    usage = piece
                elif tokens(text := text + piece) > most:
                    break
    except AgentEmpty:
        text = ""
    cut = tokens(text) > most or ran_out(usage.completion_tokens, request.max_tokens)
    return clean(text, request.seat.name, cut=cut), usage
