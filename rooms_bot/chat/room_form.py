"""The form for the rules of a room: what most want to change of it, filled in with what is in force."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Self

import discord
from discord import SelectOption
from discord.ui import Select, TextInput
from pydantic import ValidationError

from rooms_bot.chat import options
from rooms_bot.chat.amounts import decimal, filled, whole
from rooms_bot.chat.forms import Form, labelled, text_field
from rooms_bot.chat.meanwhile import changed
from rooms_bot.chat.splitting import units
from rooms_bot.domain.rooms import RoomConfig
from rooms_bot.errors import Refused
from rooms_bot.export import standing
from rooms_bot.i18n import N_, _

It = discord.Interaction[Any]
Rules = Mapping[str, Any]
"""Fields of `RoomConfig` and their values."""

LABELS: Mapping[str, tuple[str, str]] = {
    "topic": (N_("Topic"), N_("What the room is about.")),
    "mode": (N_("Mode"), N_("Who speaks when nobody is asked.")),
    "agents_answer": (N_("When agents speak"), N_("Of their own accord, or only when a person has spoken.")),
    "turns": (N_("Turns"), N_("After how many turns of agents the room ends, 1 to 500.")),
    "pace": (N_("Pace"), N_("Seconds between two agents' posts, 0 to 120.")),
}
CHOICES: Mapping[str, Mapping[Any, str]] = {"mode": standing.MODES, "agents_answer": standing.ANSWERING}
READ: Mapping[str, Callable[[str], Any]] = {
    "topic": lambda text: options.topic(text).strip(),
    "turns": whole,
    "pace": decimal,
}
MOST: Mapping[str, int] = {"topic": 300, "turns": 10, "pace": 10}
"""Characters of the fields that are typed."""
OUTSIDE: Mapping[str, str] = {
    "topic": N_("A topic has at most 300 characters."),
    "turns": N_("A room ends after 1 to 500 turns."),
    "pace": N_("Between two agents' posts lie 0 to 120 seconds."),
}


class RoomForm(Form):
    """`done` gets the rules that are wanted, after a first answer; what was not touched is as `opened` has it."""

    def __init__(
        self, opened: RoomConfig, done: Callable[[It, Rules], Awaitable[None]], sent: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(_("The rules of this room"))
        self._opened, self._done = opened, done
        self._shown = {name: _value(getattr(opened, name)) for name in LABELS}
        self._sent = self._shown if sent is None else sent
        self.fields = {name: _field(name, value) for name, value in self._sent.items()}
        for name, field in self.fields.items():
            label, hint = LABELS[name]
            self.add_item(labelled(_(label), _(hint), field))

    async def on_submit(self, interaction: It, /) -> None:
        self._sent = {name: _filled_in(field) for name, field in self.fields.items()}
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._done(interaction, {name: self._read(name, text) for name, text in self._sent.items()})

    def _read(self, name: str, text: str) -> Any:
        if text.strip() == self._shown[name].strip():
            return getattr(self._opened, name)
        return READ.get(name, str)(text)

    def again(self) -> Self:
        return type(self)(self._opened, self._done, self._sent)

    def typed(self) -> tuple[str, str]:
        return "room.txt", "\n\n".join(f"{_(LABELS[name][0])}\n{text}" for name, text in self._sent.items())


def altered(opened: RoomConfig, wanted: Rules, now: RoomConfig) -> Rules:
    """Which rules are to be others than they are `now`. Raises `Refused`."""
    was, is_now = ({name: getattr(config, name) for name in wanted} for config in (opened, now))
    changes = changed(was, wanted, is_now)
    try:
        RoomConfig.model_validate(now.model_dump() | changes)
    except ValidationError as error:
        raise Refused(OUTSIDE[str(error.errors()[0]["loc"][0])]) from None
    return changes


def _value(value: Any) -> str:
    return filled(value) if isinstance(value, int | float) else str(value)


def _field(name: str, value: str) -> TextInput[Any] | Select[Any]:
    if name not in CHOICES:
        return text_field(name, value, max(MOST[name], units(value)))
    choices = [
        SelectOption(label=_capital(_(words))[:100], value=choice.value, default=choice.value == value)
        for choice, words in CHOICES[name].items()
    ]
    return Select(custom_id=name, options=choices)


def _filled_in(field: TextInput[Any] | Select[Any]) -> str:
    return field.value if isinstance(field, TextInput) else field.values[0]


def _capital(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}"
