"""The forms behind the settings' buttons: budgets as numbers, blocked words a line each."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import discord
from discord import TextStyle
from discord.ui import Label, TextInput
from pydantic import ValidationError

from rooms_bot.chat.blocked_words import entries
from rooms_bot.chat.forms import Form
from rooms_bot.domain.rooms import Limits
from rooms_bot.errors import Refused
from rooms_bot.i18n import N_, _
from rooms_bot.ports import GuildSettings

It = discord.Interaction[Any]
Changes = Mapping[str, Any]
"""Fields of `GuildSettings` and their new values."""
LONGEST = 4000
TOKENS, DOLLARS = N_("Tokens"), N_("US dollars")
BUDGETS = {
    "day": N_("The server's budget for a day"),
    "month": N_("The server's budget for a month"),
    "member": N_("Each member's budget for an hour"),
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
    """`read` makes changes of what was typed, by field, or raises `Refused`; `done` carries them out and answers."""

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        read: Callable[[Mapping[str, str]], Changes],
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
        await self._done(interaction, self._read(typed))

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
    return SettingsForm(
        _("Blocked words"), [field], lambda typed: {"blocked_words": entries(typed["words"].splitlines())}, done
    )


def _budgets(
    title: str, names: Sequence[str], settings: GuildSettings, done: Callable[[It, Changes], Awaitable[None]]
) -> SettingsForm:
    fields = []
    for name in names:
        limits: Limits = getattr(settings, name)
        for unit, label, amount in (("tokens", TOKENS, limits.tokens), ("dollars", DOLLARS, limits.dollars)):
            value = f"{amount:g}" if isinstance(amount, float) else str(amount)
            hint = f"{_(BUDGETS[name])}. {_('Empty for none.')}"
            fields.append(Field(f"{name}.{unit}", _(label), value if amount else "", hint))
    return SettingsForm(title, fields, lambda typed: {name: _limits(name, typed) for name in names}, done)


def _limits(name: str, typed: Mapping[str, str]) -> Limits:
    tokens, dollars = (_number(typed[f"{name}.{unit}"]) for unit in ("tokens", "dollars"))
    try:
        return Limits(tokens=round(tokens), dollars=dollars)
    except ValidationError:
        raise Refused("A budget is a number from 0 to a trillion tokens or a million dollars.") from None


def _number(text: str) -> float:
    """`1,200.50`, `1 200`, `1_200`: a comma before three digits parts thousands, any other is a decimal point."""
    bare = "".join(text.split()).replace("_", "").removeprefix("$")
    whole, comma, rest = bare.rpartition(",")
    bare = bare.replace(",", "") if not comma or (len(rest.partition(".")[0]) == 3 and whole) else f"{whole}.{rest}"
    try:
        number = float(bare or 0)
    except ValueError:
        raise Refused("“{text}” is no number.", text=text.strip()[:20]) from None
    if not 0 <= number < 10**15:  # also what is not a number at all
        raise Refused("A budget is a number from 0 to a trillion tokens or a million dollars.")
    return number
