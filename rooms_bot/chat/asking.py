"""A question about a message: the form for it, what the channel shows of it, and what the agent hears."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import discord
from discord import ui

from rooms_bot.chat.bot import explain
from rooms_bot.chat.escaping import plain
from rooms_bot.chat.inbound import readable
from rooms_bot.domain.rooms import Seat
from rooms_bot.i18n import _, speak

LONGEST = 1000
"""Characters of a question, and of what is quoted."""
SHOWN = 1500
"""Characters of a question as it is shown, where signs that mean something to Discord count twice."""
OPTION = 100
"""Characters of a choice's name, and of what is said of it."""

Asked = Callable[[discord.Interaction[Any], int, str], Awaitable[None]]
"""Is given the seat and the question, which may be empty."""


class Question(ui.Modal):
    """Who is asked, and what; `author` is the seat that said what it is about, if one did."""

    def __init__(self, seats: Iterable[Seat], asked: Asked, author: int | None = None) -> None:
        super().__init__(title=_("Ask an agent about this"))
        self._asked = asked
        options = [_option(seat, chosen=seat.id == author) for seat in seats]
        self.agent: ui.Select[Question] = ui.Select(custom_id="agent", options=options)
        self.question: ui.TextInput[Question] = ui.TextInput(
            custom_id="question", style=discord.TextStyle.paragraph, required=False, max_length=LONGEST
        )
        self.add_item(ui.Label(text=_("Agent"), component=self.agent))
        hint = _("Empty: “{question}”").format(question=_("What do you say to this?"))
        self.add_item(ui.Label(text=_("Question"), description=hint, component=self.question))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        speak(interaction.locale)
        await self._asked(interaction, int(self.agent.values[0]), self.question.value.strip())

    async def on_error(self, interaction: discord.Interaction[Any], error: Exception, /) -> None:  # type: ignore[override]
        await explain(interaction, error)


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
