"""What became of words after they were said: edited, deleted, taken back, or gone with who wished to be forgotten."""

from dataclasses import dataclass, field

from rooms_bot.domain.events import (
    Attached,
    Compacted,
    Deleted,
    Edited,
    Event,
    Failed,
    Forgotten,
    Generated,
    Greeted,
    Heard,
    Regenerated,
    Spoken,
)


@dataclass(slots=True)
class Changes:
    """Grows with what was changed. It takes each event and, where there are `any`, matches each once more."""

    newest: dict[int, str | None] = field(default_factory=dict)
    """Message id to its text, where that is another now; None once it was deleted."""
    turns: dict[int, str | None] = field(default_factory=dict)
    """The same by turn: what was generated does not know as what it was posted."""
    forgotten: dict[int, int] = field(default_factory=dict)
    """Member to the index of the event by which all they had said was gone."""

    @property
    def any(self) -> bool:
        return bool(self.newest or self.forgotten)

    def take(self, event: Event) -> None:
        match event.what:
            case Edited(source=source, text=text):
                self.newest[source] = text
            case Deleted(source=source) | Regenerated(source=source):
                self.newest[source] = None
            case Forgotten(member=member):
                self.forgotten[member] = event.index
            case _:
                pass

    def match(self, event: Event) -> None:
        match event.what:
            case Heard(source=source, member=member) if event.index < self.forgotten.get(member.id, 0):
                self.newest[source] = None
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
            case Spoken(text=text, posts=posts) | Greeted(text=text, posts=posts) | Failed(text=text, posts=posts):
                return (self._last(posts) or "") if self._of(posts) else text
            case Compacted(text=text):
                return text
            case _:
                return ""

    def edited(self, event: Event) -> bool:
        """Whether its words are others than at first, or none."""
        match event.what:
            case Heard(source=source):
                return source in self.newest
            case Spoken(posts=posts) | Greeted(posts=posts) | Failed(posts=posts):
                return bool(self._of(posts))
            case _:
                return False

    def deleted(self, event: Event) -> bool:
        """Whether the message is gone that this came with or was to become."""
        match event.what:
            case Attached(source=source):
                return self.newest.get(source, "") is None
            case Generated(turn=turn) | Failed(turn=turn):
                return self.turns.get(turn, "") is None
            case _:
                return False

    def _of(self, posts: tuple[int, ...]) -> list[str | None]:
        return [self.newest[post] for post in posts if post in self.newest]

    def _last(self, posts: tuple[int, ...]) -> str | None:
        """Words in several posts are gone with the first of these that is."""
        changes = self._of(posts)
        return None if None in changes else changes[-1]
