"""What of an answer is shown in its channel, and in what words: as it grows, as it ends, and where it breaks off."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from rooms_bot.agents.drafts import showable
from rooms_bot.chat.escaping import outgoing, plain
from rooms_bot.chat.splitting import Split, split, whole
from rooms_bot.domain.events import WISHED, Planned
from rooms_bot.domain.rooms import Member, Place, Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.engine.floor import others, spellings
from rooms_bot.i18n import _, speaking
from rooms_bot.turns.passing import is_pass

JUMP = re.compile(r"\A-# ↪ \[.*?\]\(https://discord\.com/channels/\d+/\d+/\d+\)(?:\n|\Z)")
"""The line that `Turn.link` is."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is, and where and why."""

    place: Place
    seat: Seat
    planned: Planned
    room: RoomState
    locale: str = "en"

    @property
    def urgent(self) -> bool:
        """Whether somebody waits for it."""
        return self.planned.answers is not None or self.planned.why in WISHED

    @property
    def link(self) -> str:
        """The line that leads to the message it answers, if it answers one."""
        if self.planned.answers is None:
            return ""
        where = f"{self.place.guild}/{self.place.channel}/{self.planned.answers}"
        return f"-# ↪ [{plain(self.planned.by) or '…'}](https://discord.com/channels/{where})\n"

    def drafted(self, raw: str) -> str:
        """What may be shown of the answer so far: whole sentences, and nothing that might have to be taken back."""
        shown = showable(raw, self.seat.name, others(self.room, self.seat))
        text = whole(shown + raw[len(raw.rstrip()) :])
        return "" if is_pass(text) else text

    def marked(self, text: str) -> str:
        """As what it is where it breaks off there."""
        with speaking(self.locale):
            return f"{text}\n{_('(cut off)')}" if text.endswith("```") else f"{text} {_('(cut off)')}"

    def fits(self, text: str) -> bool:
        """Whether it is one message, even when it breaks off."""
        return len(self.split(self.marked(text)).parts) == 1

    def rest(self, text: str) -> Split:
        """The messages that follow what stands already."""
        return split(outgoing(text, {}))

    def whole(self, text: str) -> str:
        """What is shown of the text in all of its messages together."""
        return self.link + outgoing(text, {})

    def split(self, text: str, pings: Collection[Member] = ()) -> Split:
        """The messages that this text is, `pings` being mentioned."""
        return split(self.link + outgoing(text, {name: one.id for one in pings for name in spellings(one)}))
