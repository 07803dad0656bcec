"""A room to read: what was said in block quotes under the speaker's name, all else in small lines."""

from datetime import datetime

from rooms_bot.domain.events import Attached, Event, Greeted, Heard, Said, Summarised
from rooms_bot.domain.rooms import MODERATOR, Member, Seat
from rooms_bot.domain.talk import SOMEONE
from rooms_bot.export.prose import plain, quoted, verbatim
from rooms_bot.export.sentences import CLOSED, sentence
from rooms_bot.export.survey import Survey


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
            return "# A room\n\n*Nothing has happened.*\n"
        lines = [
            f"# {plain(survey.config.topic)}",
            "",
            f"- **Opened:** {moment(survey.opened_at)} UTC by {_name(survey.opened.by.name)}",
            self._end(survey.last_at),
            f"- **Mode:** {survey.config.mode.value.replace('_', ' ')}",
            f"- **Turns:** {survey.turns} of {survey.turns_allowed}, {survey.passes} of them passed",
            f"- **Tokens:** {survey.spent.prompt_tokens:,} read, {survey.spent.completion_tokens:,} written",
            f"- **Cost:** {self._cost()}",
            *self._participants(),
            "",
            "All times are UTC.",
            "",
            "---",
        ]
        return "\n".join(lines) + "\n" + ("" if survey.said else "\n*Nothing was said.*\n")

    def event(self, event: Event) -> str:
        match event.what:
            case Heard(member=member):
                return self._message(event, member.name, "member")
            case Said(seat=seat):
                return self._message(
                    event, self._survey.name(seat, event), "moderator" if seat == MODERATOR else "agent"
                )
            case Summarised(seat=seat):
                return self._message(event, self._survey.name(seat, event), "summary")
            case Greeted(seat=seat) as greeted if greeted.text or greeted.posts:
                return self._message(event, self._survey.name(seat, event), "greeting")
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
        changed = " · edited" if lines and self._survey.changes.edited(event) else ""
        said = "\n".join(lines) or "*deleted*"
        return f"\n**{_name(name)}** · {role} · {moment(event.at)}{changed}\n\n{said}\n"

    def _file(self, event: Event, by: Member | None, name: str, text: str) -> str:
        lines = "\n".join((f"> {_name(name)}", ">", *verbatim(text)))
        return f"\n**{_name(by.name if by else SOMEONE)}** · file · {moment(event.at)}\n\n{lines}\n"

    def _end(self, last: datetime) -> str:
        closed, at = self._survey.closed, self._survey.closed_at
        if closed is None:
            return f"- **Still open:** {moment(last)} UTC"
        return f"- **Closed:** {moment(at or last)} UTC, {CLOSED[closed.reason]}"

    def _cost(self) -> str:
        spent = self._survey.spent
        if not spent.unpriced:
            return f"${spent.cost:.4f}"
        return f"at least ${spent.cost:.4f}" if spent.cost else "unknown"

    def _participants(self) -> list[str]:
        survey = self._survey
        seats = [*survey.agents, *(seat for seat in survey.seats.values() if seat.id == MODERATOR)]
        people = [f"  - {_name(member.name)}" for member in survey.members.values()]
        return ["- **Agents:**", *(f"  - {_seat(seat)}" for seat in seats), "- **Members:**", *people]


def _name(name: str) -> str:
    return plain(name) or "(no name)"


def _seat(seat: Seat) -> str:
    role = plain(seat.persona.role)
    model = plain(seat.model or seat.persona.model or "")
    what = " (orchestrator)" if seat.id == MODERATOR else f", {role}" if role else ""
    return _name(seat.name) + what + (f" · {model}" if model else "")
