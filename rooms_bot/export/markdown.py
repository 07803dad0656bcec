"""A room to read: what was said in block quotes under the speaker's name, all else in small lines."""

from collections.abc import Iterator
from datetime import datetime

from rooms_bot.domain.events import (
    Attached,
    Event,
    Failed,
    Greeted,
    Happening,
    Heard,
    Rated,
    Recalled,
    Said,
    Spoken,
    Summarised,
)
from rooms_bot.domain.rooms import MODERATOR, Member, Seat
from rooms_bot.domain.talk import SOMEONE
from rooms_bot.export.budgets import amount
from rooms_bot.export.configured import MODES
from rooms_bot.export.prose import plain, quoted, verbatim
from rooms_bot.export.sentences import CUT_OFF, DELETED, EXPIRED, UNHEEDED, sentence, why_closed
from rooms_bot.export.survey import Survey
from rooms_bot.i18n import _, number


def moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"


class Markdown:
    """CommonMark. Only headings, list items and lines that are in no quote are this program's words."""

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._names = survey.names

    def head(self) -> str:
        survey = self._survey
        if survey.opened is None or survey.config is None or survey.opened_at is None or survey.last_at is None:
            return f"# {_('A room')}\n\n*{_('Nothing has happened.')}*\n"
        lines = [
            f"# {plain(survey.config.topic)}",
            "",
            _("- **Opened:** {time} UTC by {name}").format(
                time=moment(survey.opened_at), name=_name(survey.opened.by.name)
            ),
            self._end(survey.last_at),
            _("- **Mode:** {mode}").format(mode=_(MODES[survey.config.mode])),
            *self._figures(),
            *self._participants(),
            "",
            _("All times are UTC."),
            "",
            "---",
        ]
        return "\n".join(lines) + "\n" + ("" if survey.said else f"\n*{_('Nothing was said.')}*\n")

    def _figures(self) -> Iterator[str]:
        survey, spent = self._survey, self._survey.spent
        turns = _("- **Turns:** {taken} of {allowed}, {passes} of them passed")
        redone = survey.turns_redone
        yield turns.format(taken=survey.turns - redone, allowed=survey.turns_allowed - redone, passes=survey.passes)
        tokens = _("- **Tokens:** {read} read, {written} written")
        yield tokens.format(read=number(spent.prompt_tokens), written=number(spent.completion_tokens))
        yield _("- **Cost:** {price}").format(price=self._cost())

    def event(self, event: Event) -> str:
        match event.what:
            case Heard(member=member):
                return self._message(event, member.name, _("member"))
            case Recalled(name=name, seat=seat, member=member):
                return self._message(event, name, _("member") if member is not None else _role(seat))
            case Said(seat=seat):
                return self._message(event, self._survey.name(seat, event), _role(seat))
            case Summarised(seat=seat):
                return self._message(event, self._survey.name(seat, event), _("summary"))
            case Greeted(seat=seat) as greeted if greeted.text or greeted.posts:
                return self._message(event, self._survey.name(seat, event), _("greeting"))
            case Failed(seat=seat) as failed if failed.posts:
                return self._message(event, self._survey.name(seat, event), _role(seat))
            case Rated():
                return ""
            case Attached(source=source, name=name) if text := self._survey.changes.text(event):
                return self._file(event, self._survey.author(source), name, text)
            case _:
                happened = sentence(event, self._survey)
                return f"\n*{moment(event.at)} · {plain(happened)}*\n" if happened else ""

    def tail(self) -> str:
        return ""

    def _message(self, event: Event, name: str, role: str) -> str:
        """The role is ours: a member who is called like an agent is a member all the same."""
        lines = list(quoted(self._survey.changes.text(event), self._names))
        changed = (_("edited"),) if lines and self._survey.changes.edited(event) else ()
        head = " · ".join((f"**{_name(name)}**", role, moment(event.at), *self._notes(event.what), *changed))
        gone = _(EXPIRED if self._survey.changes.expired(event) else DELETED)
        said = "\n".join(lines) or f"*{gone}*"
        return f"\n{head}\n\n{said}\n"

    def _notes(self, what: Happening) -> Iterator[str]:
        """What else is known of words, in small beside who said them."""
        match what:
            case Heard(unheeded=True):
                yield _(UNHEEDED)
            case Failed(reason=reason):
                yield f"{_(CUT_OFF)}, {plain(_(reason))}"
            case _:
                pass
        if isinstance(what, Spoken | Greeted | Failed | Recalled):
            yield from (
                f"{sign} {count}" for sign, count in zip("👍👎", self._survey.rated(what.posts), strict=True) if count
            )

    def _file(self, event: Event, by: Member | None, name: str, text: str) -> str:
        lines = "\n".join((f"> {_name(name)}", ">", *verbatim(text)))
        return f"\n**{_name(by.name if by else SOMEONE)}** · {_('file')} · {moment(event.at)}\n\n{lines}\n"

    def _end(self, last: datetime) -> str:
        closed, at = self._survey.closed, self._survey.closed_at
        if closed is None:
            return _("- **Still open:** {time} UTC").format(time=moment(last))
        return _("- **Closed:** {time} UTC, {reason}").format(time=moment(at or last), reason=plain(why_closed(closed)))

    def _cost(self) -> str:
        spent = self._survey.spent
        if not spent.unpriced:
            return amount(spent.cost, "dollars")
        return _("at least {price}").format(price=amount(spent.cost, "dollars")) if spent.cost else _("unknown")

    def _participants(self) -> list[str]:
        survey = self._survey
        seats = [*survey.agents, *(seat for seat in survey.seats.values() if seat.id == MODERATOR)]
        people = [f"  - {_name(member.name)}" for member in survey.members.values()]
        return [_("- **Agents:**"), *(f"  - {_seat(seat)}" for seat in seats), _("- **Members:**"), *people]


def _role(seat: int | None) -> str:
    return _("moderator") if seat == MODERATOR else _("agent")


def _name(name: str) -> str:
    return plain(name) or _("(no name)")


def _seat(seat: Seat) -> str:
    role = plain(seat.persona.role)
    model = plain(seat.model or seat.persona.model or "")
    what = f" ({_('orchestrator')})" if seat.id == MODERATOR else f", {role}" if role else ""
    return _name(seat.name) + what + (f" · {model}" if model else "")
