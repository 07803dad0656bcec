"""What an earlier process posted of an answer, beside what is to stand there: what of it stays, and what is missing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from rooms_bot.chat.escaping import NAMELESS, webhook_name
from rooms_bot.chat.sheets import Sheet, sheets_of
from rooms_bot.chat.utterance import MENTION
from rooms_bot.chat.wording import Turn
from rooms_bot.domain.rooms import Member
from rooms_bot.ports import Uttered

_CLOSE = "```"
"""What a beginning may end with that the whole does not have there."""


@dataclass(frozen=True, slots=True)
class Adoption:
    """`kept` are the first messages of the answer, `missing` are those that come after them.

    The first of `missing` can take the place of `draft`, where there is one. `spare` has to go.
    """

    kept: Sequence[int]
    draft: int | None
    spare: Sequence[int]
    missing: Sequence[Sheet]


def adopted(turn: Turn, left: Sequence[Uttered], text: str, pings: Collection[Member]) -> Adoption:
    """What becomes of `left`, the messages that stand there, oldest first.

    Whoever was to be notified then may not be the same as now; what stands as it was posted stays all the same. A
    beginning stays where nobody is to be notified, since edits notify nobody.
    """
    plans = [_compared(turn, left, sheets_of(turn.split(text, who), who)) for who in (pings, _notified(turn, left), ())]
    best = max(plans, key=lambda plan: len(plan.kept))
    if best.kept or pings or not best.missing:
        return best
    draft = next((one.post for one in left if _is_ours(turn, one) and _begins(one.content, turn.whole(text))), None)
    return Adoption((), draft, [post for post in best.spare if post != draft], best.missing)


def _notified(turn: Turn, left: Sequence[Uttered]) -> Collection[Member]:
    """Those whom the messages mention."""
    found = {int(number) for one in left for number in MENTION.findall(one.content)}
    return [member for member in turn.room.members.values() if member.id in found]


def _compared(turn: Turn, left: Sequence[Uttered], sheets: Sequence[Sheet]) -> Adoption:
    """Each message in its turn: one that is missing between others cannot be put there any more."""
    kept: list[int] = []
    for one in left:
        if len(kept) < len(sheets) and _is_ours(turn, one) and one.content.split() == sheets[len(kept)].text.split():
            kept.append(one.post)
    return Adoption(kept, None, [one.post for one in left if one.post not in kept], sheets[len(kept) :])


def _is_ours(turn: Turn, one: Uttered) -> bool:
    return one.name in (webhook_name(turn.seat.name), NAMELESS)


def _begins(shown: str, whole: str) -> bool:
    """Whether the whole begins so, but for white space and the end of a fence that was still open."""
    started = _solid(shown)
    return bool(started) and _solid(whole).startswith((started, started.removesuffix(_CLOSE) or started))


def _solid(text: str) -> str:
    return "".join(text.split())
