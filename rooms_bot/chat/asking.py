"""A question about a message: the form for it, what the channel shows of it, and what the agent hears."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Self

import discord
from discord import ui

from rooms_bot.chat.escaping import plain
from rooms_bot.chat.forms import Form, labelled, text_field
from rooms_bot.chat.inbound import readable
from rooms_bot.domain.rooms import Seat
from rooms_bot.i18n import _

LONGEST = 1000
"""Characters of a question, and of what is quoted."""
SHOWN = 1500
"""Characters of a question as it is shown, where signs that mean something to Discord count twice."""
OPTION = 100
"""Characters of a choice's name, and of what is said of it."""

Asked = Callable[[discord.Interaction[Any], int, str], Awaitable[None]]
"""Is given the seat and the question, which may be empty."""


class Question(Form):
    """Who is asked, and what; `chosen` is the seat that is proposed, if one is."""

    def __init__(self, seats: Iterable[Seat], asked: Asked, chosen: int | None = None, text: str = "") -> None:
        super().__init__(_("Ask an agent about this"))
        self._seats, self._asked, self._chosen, self._sent = list(seats), asked, chosen, text
        options = [_option(seat, chosen=seat.id == chosen) for seat in self._seats]
        self.agent: ui.Select[Question] = ui.Select(custom_id="agent", options=options)
        self.question = text_field("question", text, LONGEST, required=False, style=discord.TextStyle.paragraph)
        self.add_item(ui.Label(text=_("Agent"), component=self.agent))
        hint = _("Empty: “{question}”").format(question=_("What do you say to this?"))
        self.add_item(labelled(_("Question"), hint, self.question))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        self._chosen, self._sent = int(self.agent.values[0]), self.question.value.strip()
        await self._asked(interaction, self._chosen, self._sent)

    def again(self) -> Self:
        return type(self)(self._seats, self._asked, self._chosen, self._sent)

    def typed(self) -> tuple[str, str]:
        return "question.txt", self._sent


def _option(seat: Seat, *, chosen: bool) -> discord.SelectOption:
    role = seat.persona.role[:OPTION] or None
    return discord.SelectOption(label=seat.name[:OPTION], value=str(seat.id), description=role, default=chosen)


def announced(member: str, agent: str, link: str, question: str) -> str:
    """What everyone sees of it. Nothing in it is Markdown or a mention but the link."""
    line = _("**{member}** asks **{agent}** about {link}").format(member=plain(member), agent=plain(agent), link=link)
    shown = plain(question)
    return f"{line}\n> {shown if len(shown) <= SHOWN else f'{shown[:SHOWN]}…'}" if shown else line


def wording(question: str, message: discord.Message | None) -> str:
    """What the agent hears; `message` is quoted, where it is none that the agent knows."""
    asked = question or _("What do you say to this?")
    if message is None:
        return asked
    text = readable(message)
    quote = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    lines = "\n".join(f"> {line}" for line in quote.splitlines())
    wrote = _("{name} wrote:").format(name=message.author.display_name)
    return f"{asked}\n\n{wrote}\n{lines}"
