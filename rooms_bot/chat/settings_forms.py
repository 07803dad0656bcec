"""The forms behind the settings' buttons: budgets as numbers, blocked words a line each."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Self

import discord
from discord import TextStyle
from discord.ui import Label, TextInput
from pydantic import ValidationError

from rooms_bot.chat.amounts import decimal, filled, whole
from rooms_bot.chat.blocked_words import entries
from rooms_bot.chat.forms import Form
from rooms_bot.chat.meanwhile import changed
from rooms_bot.chat.splitting import units
from rooms_bot.domain.rooms import Limits
from rooms_bot.errors import Refused
from rooms_bot.i18n import N_, _
from rooms_bot.ports import GuildSettings

It = discord.Interaction[Any]
Changes = Mapping[str, Any]
"""Fields of `GuildSettings` and their new values."""
LONGEST = 4000
UNITS: Mapping[str, Callable[[str], float]] = {"tokens": whole, "dollars": decimal}
BUDGETS = {
    "day": {"tokens": N_("Tokens per day"), "dollars": N_("US dollars per day")},
    "month": {"tokens": N_("Tokens per month"), "dollars": N_("US dollars per month")},
    "member": {"tokens": N_("Tokens per hour"), "dollars": N_("US dollars per hour")},
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form; `name` is its id."""

    name: str
    label: str
    value: str
    hint: str = ""
    style: TextStyle = TextStyle.short

    def item(self) -> Label[Any]:
        most = LONGEST if self.style is TextStyle.paragraph else 20
        field: TextInput[Any] = TextInput(
            custom_id=self.name, default=self.value or None, max_length=most, required=False, style=self.style
        )
        return Label(text=self.label[:45], description=self.hint[:100] or None, component=field)


class SettingsForm(Form):
    """`read` makes changes of what was typed, by field, and of what holds now, or raises `Refused`.

    `done` carries them out and answers.
    """

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        read: Callable[[Mapping[str, str], GuildSettings], Changes],
        done: Callable[[It, Changes], Awaitable[None]],
    ) -> None:
        super().__init__(title)
        self._fields, self._read, self._done = fields, read, done
        for field in fields:
            self.add_item(field.item())

    async def on_submit(self, interaction: It, /) -> None:
        inputs = [one.component for one in self.children if isinstance(one, Label)]
        typed = {one.custom_id: one.value for one in inputs if isinstance(one, TextInput)}
        self._fields = [replace(field, value=typed[field.name]) for field in self._fields]
        now = interaction.client.house.servers.of(interaction.guild_id)
        await self._done(interaction, self._read(typed, now))

    def again(self) -> Self:
        return type(self)(self.title, self._fields, self._read, self._done)

    def typed(self) -> tuple[str, str]:
        return "settings.txt", "\n\n".join(f"{field.label}\n{field.value}" for field in self._fields)


def server_budgets(settings: GuildSettings, done: Callable[[It, Changes], Awaitable[None]]) -> SettingsForm:
    return _budgets(_("Budgets of the server"), ("day", "month"), settings, done)


def members_budget(settings: GuildSettings, done: Callable[[It, Changes], Awaitable[None]]) -> SettingsForm:
    return _budgets(_("Budget of the members"), ("member",), settings, done)


def blocked_words(settings: GuildSettings, done: Callable[[It, Changes], Awaitable[None]]) -> SettingsForm:
    hint = _("One word or phrase a line. * stands for any letters: dar* blocks darn and darned.")
    text = "\n".join(settings.blocked_words)
    field = Field("words", _("What no agent may say"), text, hint, TextStyle.paragraph)
    return SettingsForm(_("Blocked words"), [field], partial(_words, settings.blocked_words), done)


def _words(opened: Sequence[str], typed: Mapping[str, str], now: GuildSettings) -> Changes:
    """What was added and taken out, of the list as others may have left it."""
    wanted = entries(typed["words"].splitlines())
    left = [word for word in now.blocked_words if word in wanted or word not in opened]
    words = (*left, *(word for word in wanted if word not in opened and word not in left))
    if units("\n".join(words)) > LONGEST:
        raise Refused("All blocked words together have at most {most} characters.", most=LONGEST)
    return {"blocked_words": words}


def _budgets(
    title: str, names: Sequence[str], settings: GuildSettings, done: Callable[[It, Changes], Awaitable[None]]
) -> SettingsForm:
    opened, fields = _amounts(names, settings), []
    for key, amount in opened.items():
        name, unit = key.split(".")
        hint = _("Empty: the operator's limit, if there is one.")
        fields.append(Field(key, _(BUDGETS[name][unit]), filled(amount) if amount else "", hint))
    return SettingsForm(title, fields, partial(_limits, names, opened, fields), done)


def _amounts(names: Sequence[str], settings: GuildSettings) -> Mapping[str, float]:
    """By `day.tokens` and so on."""
    return {f"{name}.{unit}": getattr(getattr(settings, name), unit) for name in names for unit in UNITS}


def _limits(
    names: Sequence[str],
    opened: Mapping[str, float],
    fields: Sequence[Field],
    typed: Mapping[str, str],
    now: GuildSettings,
) -> Changes:
    wanted = {one.name: _amount(one, typed[one.name], opened[one.name]) for one in fields}
    amounts = {**_amounts(names, now), **changed(opened, wanted, _amounts(names, now))}
    try:
        return {name: Limits(**{unit: amounts[f"{name}.{unit}"] for unit in UNITS}) for name in names}
    except ValidationError:
        raise Refused("A budget is a number from 0 to a trillion tokens or a million dollars.") from None


def _amount(field: Field, text: str, opened: float) -> float:
    """`field` as it was opened; what was not touched has not been read again."""
    if text.strip() == field.value:
        return opened
    return UNITS[field.name.partition(".")[2]](text) if text.strip() else 0
