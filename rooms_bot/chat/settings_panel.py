"""A server's settings with everything to change them, for one admin, for as long as they are at it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord
from discord import ButtonStyle, ChannelType, SelectDefaultValue, SelectDefaultValueType
from discord.ui import ActionRow, Button, ChannelSelect, Container, LayoutView, RoleSelect, Separator, TextDisplay

from rooms_bot.chat.bot import explain
from rooms_bot.chat.settings_forms import Changes, SettingsForm, blocked_words, members_budget, server_budgets
from rooms_bot.chat.settings_words import Given, lines
from rooms_bot.domain.rooms import Memory
from rooms_bot.i18n import N_, _, speak
from rooms_bot.ports import GuildSettings

It = discord.Interaction[Any]
Save = Callable[[It, Changes], Awaitable[GuildSettings]]
"""Checks who asks, keeps the changes, and returns what then holds."""

OPEN_FOR = 14 * 60.0
"""Seconds without a press after which it closes: Discord lets an answer be changed for 15 minutes."""
MOST = 25
"""Channels that can be chosen."""
ROLES: Mapping[str, str] = {
    "host_role": N_("Who may start and steer rooms, besides who may manage channels"),
    "member_role": N_("Who may talk, besides hosts"),
    "muted_role": N_("Who may not talk"),
}
EMPTY: Mapping[str, str] = {
    "host_role": N_("No other role"),
    "member_role": N_("Everyone"),
    "muted_role": N_("Nobody"),
    "channels": N_("Everywhere"),
    "log_channel": N_("No log"),
}
"""What a select says in which nothing is chosen."""
ROOMS = (ChannelType.text, ChannelType.voice, ChannelType.forum)
FORMS: Mapping[str, tuple[str, Callable[..., SettingsForm]]] = {
    "server": (N_("Server's budgets"), server_budgets),
    "members": (N_("Members' budget"), members_budget),
    "words": (N_("Blocked words"), blocked_words),
}
OVER = N_("This is closed now. `/settings change` opens it again.")


@dataclass(frozen=True, slots=True)
class Context:
    """What every version of the panel has in common."""

    given: Given
    save: Save


class SettingsPanel(LayoutView):
    """Every change is kept at once, and the panel shown anew with what then holds."""

    def __init__(self, settings: GuildSettings, context: Context) -> None:
        super().__init__(timeout=OPEN_FOR)
        self._settings, self._context = settings, context
        self.answers: It | None = None
        """The interaction whose answer shows this."""
        self.add_item(Container(*self._items()))

    def _items(self) -> list[discord.ui.Item[Any]]:
        words = "\n".join(lines(self._settings, self._context.given).values())
        items: list[discord.ui.Item[Any]] = [TextDisplay(f"## {_('Settings')}\n{words}"), Separator()]
        for field, label in ROLES.items():
            items += _labelled(_(label), self._roles(field))
        items += _labelled(_("Where rooms may be opened"), self._channels("channels", MOST, ROOMS))
        log = self._channels("log_channel", 1, (ChannelType.text,))
        items += _labelled(_("Where it is written down what hosts do, and what agents were kept from saying"), log)
        return [*items, ActionRow(*self._forms(), self._moderation(), self._memory())]

    def _roles(self, field: str) -> RoleSelect[Any]:
        chosen = _defaults([getattr(self._settings, field)], SelectDefaultValueType.role)
        select: RoleSelect[Any] = RoleSelect(
            custom_id=field, placeholder=_(EMPTY[field]), min_values=0, max_values=1, default_values=chosen
        )
        self._one(select, field)
        return select

    def _channels(self, field: str, most: int, kinds: Sequence[ChannelType]) -> ChannelSelect[Any]:
        value = getattr(self._settings, field)
        chosen = _defaults(value if most > 1 else [value], SelectDefaultValueType.channel)
        select: ChannelSelect[Any] = ChannelSelect(
            custom_id=field,
            placeholder=_(EMPTY[field]),
            min_values=0,
            max_values=most,
            channel_types=[*kinds],
            default_values=chosen[:most],
        )
        (self._many if most > 1 else self._one)(select, field)
        return select

    def _one(self, select: Any, field: str) -> None:
        self._on(select, lambda: {field: select.values[0].id if select.values else None})

    def _many(self, select: Any, field: str) -> None:
        self._on(select, lambda: {field: tuple(one.id for one in select.values)})

    def _on(self, item: Any, changes: Callable[[], Changes]) -> None:
        async def pressed(interaction: It) -> None:
            await self._change(interaction, changes())

        item.callback = pressed

    def _forms(self) -> list[Button[Any]]:
        return [self._form(name, label, form) for name, (label, form) in FORMS.items()]

    def _form(self, name: str, label: str, form: Callable[..., SettingsForm]) -> Button[Any]:
        async def pressed(interaction: It) -> None:
            now = interaction.client.house.servers.of(interaction.guild_id)
            await interaction.response.send_modal(form(now, self._change))

        button: Button[Any] = Button(label=_(label), custom_id=name)
        button.callback = pressed  # type: ignore[method-assign] # as discord.py's guide does it
        return button

    def _moderation(self) -> Button[Any]:
        on = self._settings.moderated
        button: Button[Any] = Button(
            label=_("Switch moderation off") if on else _("Switch moderation on"),
            custom_id="moderated",
            style=ButtonStyle.secondary if on else ButtonStyle.primary,
            disabled=not on and not self._context.given.moderates,
        )
        self._on(button, lambda: {"moderated": not on})
        return button

    def _memory(self) -> Button[Any]:
        durable = self._settings.memory is Memory.DURABLE
        label = _("Keep rooms in memory only") if durable else _("Keep rooms in the database")
        button: Button[Any] = Button(label=label, custom_id="memory")
        self._on(button, lambda: {"memory": Memory.EPHEMERAL if durable else Memory.DURABLE})
        return button

    async def _change(self, interaction: It, changes: Changes) -> None:
        new = await self._context.save(interaction, changes)
        shown = SettingsPanel(new, self._context)
        shown.answers = interaction
        self.stop()
        await interaction.response.edit_message(view=shown)

    # What discord.py asks of a view

    async def interaction_check(self, interaction: It, /) -> bool:
        speak(interaction.locale)
        return True

    async def on_error(self, interaction: It, error: Exception, item: discord.ui.Item[Any], /) -> None:
        del item
        await explain(interaction, error)

    async def on_timeout(self) -> None:
        over = LayoutView(timeout=None)
        over.add_item(TextDisplay(_(OVER)))
        if self.answers is None:
            return
        try:
            await self.answers.edit_original_response(view=over)
        except (discord.HTTPException, aiohttp.ClientError):
            return  # dismissed meanwhile: then nobody sees that it is over


def _labelled(label: str, select: discord.ui.Item[Any]) -> list[discord.ui.Item[Any]]:
    return [TextDisplay(f"-# {label}"), ActionRow(select)]


def _defaults(ids: Sequence[int | None], kind: SelectDefaultValueType) -> list[SelectDefaultValue]:
    return [SelectDefaultValue(id=number, type=kind) for number in ids if number]
