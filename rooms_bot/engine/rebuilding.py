"""An ephemeral room after a restart: what was said in it, out of what stands in its channel. Pure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from rooms_bot.domain.events import Heard, Recalled
from rooms_bot.ports import Found, Uttered

PART = 400
"""Characters that a message has at least which is not the last one of an answer."""


def kept(found: Sequence[Found], forgotten: Mapping[int, int]) -> Sequence[Found]:
    """Without what members said before they wished it to be forgotten."""

    def is_kept(said: object) -> bool:
        return not isinstance(said, Heard) or said.source > forgotten.get(said.member.id, 0)

    return [one for one in found if is_kept(one.what)]


def newest_words(found: Sequence[Found]) -> tuple[Sequence[Found], Sequence[Found]]:
    """What was said up to the last words of an agent, and what members have said since."""
    last = max((at for at, one in enumerate(found, 1) if isinstance(one.what, Uttered)), default=0)
    return found[:last], found[last:]


def recalled(found: Sequence[Found], admit: Callable[[Heard], Heard | None]) -> Sequence[tuple[datetime, Recalled]]:
    """What was said, each with its time. Messages of one agent in a row are one answer where they can be."""
    lines: list[tuple[datetime, Recalled]] = []
    length = 0
    for one in found:
        match one.what:
            case Heard() as heard:
                if (said := admit(heard)) is not None:
                    lines.append((one.at, _by_member(said, one.files)))
                length = 0
            case Uttered() as uttered:
                if length >= PART and lines[-1][1].seat == uttered.seat and lines[-1][1].name == uttered.name:
                    lines[-1] = (lines[-1][0], _and(lines[-1][1], uttered))
                else:
                    posts = (uttered.post,)
                    lines.append(
                        (one.at, Recalled(name=uttered.name, text=uttered.text, posts=posts, seat=uttered.seat))
                    )
                length = len(uttered.content)
    return lines


def _by_member(said: Heard, files: Sequence[tuple[str, str]]) -> Recalled:
    text = "\n".join([said.text, *(f"[{name}]\n{content}" for name, content in files if content)])
    member = said.member
    return Recalled(name=member.name, text=text, posts=(said.source,), member=member, reply_to=said.reply_to)


def _and(line: Recalled, more: Uttered) -> Recalled:
    return line.model_copy(update={"text": f"{line.text}\n{more.text}", "posts": (*line.posts, more.post)})
