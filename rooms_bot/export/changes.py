"""What became of words after they were said: edited, deleted, taken back, or gone with who wished to be forgotten."""

from dataclasses import dataclass, field
from datetime import datetime

from rooms_bot.domain.events import (
    Attached,
    Compacted,
    Deleted,
    Edited,
    Event,
    Expired,
    Failed,
    Forgotten,
    Generated,
    Greeted,
    Heard,
    Recalled,
    Regenerated,
    Spoken,
)
from rooms_bot.domain.rooms import Member


@dataclass(slots=True)
class Changes:
    """Grows with what was changed. It takes each event and, where there are `any`, matches each once more."""

    newest: dict[int, str | None] = field(default_factory=dict)
    """Message id to its text, where that is another now; None once it was deleted."""
    turns: dict[int, str | None] = field(default_factory=dict)
    """The same by turn: what was generated does not know as what it was posted."""
    forgotten: dict[int, int] = field(default_factory=dict)
    """Member to the index of the event by which all they had said was gone."""

    before: datetime | None = None
    """What was said before that is no longer kept."""

    @property
    def any(self) -> bool:
        return bool(self.newest or self.forgotten or self.before)

    def take(self, event: Event) -> None:
        match event.what:
            case Edited(source=source, text=text):
                self.newest[source] = text
            case Deleted(source=source) | Regenerated(source=source):
                self.newest[source] = None
            case Forgotten(member=member):
                self.forgotten[member] = event.index
            case Expired(before=before):
                self.before = max(before, self.before or before)
            case _:
                pass

    def match(self, event: Event) -> None:
        if self.expired(event) or self._is_forgotten(event):
            self.newest |= dict.fromkeys(_messages(event), None)
        match event.what:
            case Spoken(turn=turn, posts=posts) | Failed(turn=turn, posts=posts) if self._of(posts):
                self.turns[turn] = self._last(posts)
            case _:
                pass

    def text(self, event: Event) -> str:
        """What this event's words are by now; nothing where they were deleted."""
        match event.what:
            case Heard(source=source, text=text) | Edited(source=source, text=text):
                return self.newest.get(source, text) or ""
            case Attached(text=text):
                return "" if self.deleted(event) else text
            case Generated(turn=turn, text=text):
                return self.turns.get(turn, text) or ""
            case Spoken(text=text) | Greeted(text=text) | Failed(text=text) | Recalled(text=text):
                posts = _messages(event)
                return (self._last(posts) or "") if self._of(posts) else text
            case Compacted(text=text):
                return text
            case _:
                return ""

    def edited(self, event: Event) -> bool:
        """Whether its words are others than at first, or none."""
        return bool(self._of(_messages(event)))

    def expired(self, event: Event) -> bool:
        """Whether this was said so long ago that it is no longer kept."""
        return self.before is not None and event.at < self.before and bool(_messages(event))

    def deleted(self, event: Event) -> bool:
        """Whether the message is gone that this came with or was to become."""
        match event.what:
            case Attached(source=source):
                return self.newest.get(source, "") is None
            case Generated(turn=turn) | Failed(turn=turn):
                return self.turns.get(turn, "") is None
            case _:
                return False

    def _is_forgotten(self, event: Event) -> bool:
        match event.what:
            case Heard(member=member) | Recalled(member=Member() as member):
                return event.index < self.forgotten.get(member.id, 0)
            case _:
                return False

    def _of(self, posts: tuple[int, ...]) -> list[str | None]:
        return [self.newest[post] for post in posts if post in self.newest]

    def _last(self, posts: tuple[int, ...]) -> str | None:
        """Words in several posts are gone with the first of these that is."""
        changes = self._of(posts)
        return None if None in changes else changes[-1]


def _messages(event: Event) -> tuple[int, ...]:
    """The channel's messages in which these words were said."""
    match event.what:
        case Heard(source=source):
            return (source,)
        case Spoken(posts=posts) | Greeted(posts=posts) | Failed(posts=posts) | Recalled(posts=posts):
            return posts
        case _:
            return ()
