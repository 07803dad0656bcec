"""What a server is proposed that opens its first room without naming agents: three who fit, started with one press."""

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord

from rooms_bot.chat.escaping import plain
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import MAX_SEATS, Memory, RoomConfig
from rooms_bot.export import standing
from rooms_bot.i18n import N_, _, ngettext, speak

log = logging.getLogger(__name__)

WAIT = 14 * 60.0
"""Seconds that a proposal stands; Discord lets an answer be edited for 15 minutes."""
MOST_CHOICES, MOST_LETTERS = 25, 100
"""Of a select: options, and characters of each."""

TOO_LATE = N_("This proposal has lapsed. `/room start` makes a new one.")

It = discord.Interaction[Any]


@dataclass(frozen=True, slots=True)
class Offer:
    """Who could take part in the room: `fitting` are proposed, `there` can be chosen instead, best first.

    `begin` opens it with the personas that were chosen, for who pressed, and answers with what to tell them; `failed`
    tells them what went wrong.
    """

    fitting: Sequence[Persona]
    there: Sequence[Persona]
    begin: Callable[[It, Sequence[Persona]], Awaitable[str]]
    failed: Callable[[It, BaseException], Awaitable[None]]


class Proposal(discord.ui.View):
    """Start, other agents, cancel; nothing starts before Start. `asked` is the command it answers."""

    def __init__(self, asked: It, offer: Offer) -> None:
        super().__init__(timeout=WAIT)
        self._asked, self._offer, self._chosen = asked, offer, offer.fitting
        self._add(_("Start"), discord.ButtonStyle.primary, self._start)
        self._add(_("Other agents"), discord.ButtonStyle.secondary, self._others)
        self._add(_("Cancel"), discord.ButtonStyle.secondary, self._cancel)

    def _add(self, label: str, style: discord.ButtonStyle, press: Callable[[It], Awaitable[None]]) -> None:
        self.add_item(Choice(label, style, press))

    async def interaction_check(self, interaction: It, /) -> bool:
        interaction.client.locales.speak(interaction)
        return True

    async def _start(self, interaction: It) -> None:
        await self._begin(interaction, self._chosen)

    async def _others(self, interaction: It) -> None:
        """Beside the buttons there is a list of everybody."""
        self.clear_items()
        self.add_item(Guests(self._offer.there, self._chosen, self._choose))
        self._add(_("Start"), discord.ButtonStyle.primary, self._start)
        self._add(_("Cancel"), discord.ButtonStyle.secondary, self._cancel)
        await interaction.response.edit_message(view=self)

    async def _choose(self, interaction: It, personas: Sequence[Persona]) -> None:
        self._chosen = personas
        await interaction.response.defer()

    async def _cancel(self, interaction: It) -> None:
        self.stop()
        await interaction.response.edit_message(content=_("No room was opened."), view=None)

    async def _begin(self, interaction: It, personas: Sequence[Persona]) -> None:
        await interaction.response.defer()
        opened = await self._offer.begin(interaction, personas)
        self.stop()
        await interaction.edit_original_response(content=opened, view=None)

    async def on_error(self, interaction: It, error: Exception, item: discord.ui.Item[Any], /) -> None:
        del item
        await self._offer.failed(interaction, error)

    async def on_timeout(self) -> None:
        speak(self._asked.locale)
        try:
            await self._asked.edit_original_response(content=_(TOO_LATE), view=None)
        except (discord.HTTPException, aiohttp.ClientError) as error:
            log.warning("a proposal that lapsed could not be taken back: %s", error)


class Choice(discord.ui.Button[Proposal]):
    """One of its buttons."""

    def __init__(self, label: str, style: discord.ButtonStyle, press: Callable[[It], Awaitable[None]]) -> None:
        super().__init__(label=label, style=style)
        self._press = press

    async def callback(self, interaction: It) -> None:
        await self._press(interaction)


class Guests(discord.ui.Select[Proposal]):
    """Everybody who can be chosen, and who is until then."""

    def __init__(
        self,
        there: Sequence[Persona],
        chosen: Sequence[Persona],
        choose: Callable[[It, Sequence[Persona]], Awaitable[None]],
    ) -> None:
        shown = [one for one in there if len(one.name) <= MOST_LETTERS][:MOST_CHOICES]
        super().__init__(
            placeholder=_("Choose who takes part"),
            max_values=min(MAX_SEATS, len(shown)),
            options=[
                discord.SelectOption(
                    label=one.name,
                    value=one.name,
                    description=one.role[:MOST_LETTERS] or None,
                    default=one in chosen,
                )
                for one in shown
            ],
        )
        self._there, self._choose = {one.name: one for one in shown}, choose

    async def callback(self, interaction: It) -> None:
        await self._choose(interaction, [self._there[name] for name in self.values])


def proposed(config: RoomConfig, personas: Iterable[Persona]) -> str:
    """The proposal in words: the topic, who takes part, by which rules."""
    seconds = standing.counted(config.pace, "second")
    pace = _("They leave at least {seconds} between two posts.").format(seconds=seconds) if config.pace else ""
    every = config.orchestrator_every
    summing = ngettext("After every turn somebody sums up.", "Every {number} turns somebody sums up.", every)
    ephemeral = _("What is said is kept in memory only, until 15 minutes after the end.")
    durable = _("What is said is kept in the bot's database.")
    lines = [
        _("**The first room on this server: {topic}**").format(topic=plain(config.topic)),
        _("These would fit:"),
        *(_member(one) for one in personas),
        " ".join(
            [
                _("How turns go: {mode}.").format(mode=_(standing.MODES[config.mode])),
                _("It ends {after}.").format(after=standing.after(config.turns)),
                summing.format(number=every) if every else "",
                pace,
                durable if config.memory is Memory.DURABLE else ephemeral,
            ]
        ),
        _("-# Everyone here can read and join in. Other rules are options of `/room start`; `/help` tells more."),
    ]
    return "\n".join(lines)


def _member(one: Persona) -> str:
    about = " · ".join(plain(words) for words in (one.role, one.description) if words)
    return f"- **{plain(one.name)}**{about and f': {about}'}"
