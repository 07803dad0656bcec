"""Forms that Discord opens in front of somebody. Whatever goes wrong with one, what was typed is given back."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import replace
from io import BytesIO
from typing import Any, Self

import discord
from discord import TextStyle
from discord.ui import FileUpload, Label, TextInput

from rooms_bot.chat.bot import explain
from rooms_bot.chat.drafting import LONGEST, Typed
from rooms_bot.chat.meanwhile import Outdated
from rooms_bot.chat.uploads import NoFace
from rooms_bot.i18n import _, speak

It = discord.Interaction[Any]

PATIENCE = 6 * 3600.0
"""Seconds that somebody may type: Discord never tells that a form was closed."""
KEPT = 15 * 60.0
"""Seconds that a form which could not be accepted may be opened again."""


class Form(discord.ui.Modal, ABC):
    """A form whose errors are worded as a command's are, and come with what was typed: as a file, and as a button.

    The button is left out where the form could never be accepted.
    """

    def __init__(self, title: str) -> None:
        super().__init__(title=title[:45], timeout=PATIENCE)

    @abstractmethod
    def again(self) -> Self:
        """The same form, filled in as it was sent."""

    @abstractmethod
    def typed(self) -> tuple[str, str]:
        """The name of a file, and what was typed as its text."""

    async def interaction_check(self, interaction: It, /) -> bool:
        speak(interaction.locale)
        return True

    async def on_error(self, interaction: It, error: Exception, /) -> None:  # type: ignore[override] # as Modal has it
        name, text = self.typed()
        more: dict[str, Any] = {} if isinstance(error, Outdated) else {"view": Again(self.again)}
        if text:
            more["file"] = discord.File(BytesIO(text.encode("utf-8", "replace")), name)
        await explain(interaction, error, **more)


class Again(discord.ui.View):
    """A form cannot be opened from a form's answer, but from a button under that answer."""

    def __init__(self, form: Callable[[], Form]) -> None:
        super().__init__(timeout=KEPT)
        self._form = form
        button: discord.ui.Button[Self] = discord.ui.Button(label=_("Edit again"), style=discord.ButtonStyle.primary)
        button.callback = self._open  # type: ignore[method-assign] # as discord.py's guide does it
        self.add_item(button)

    async def _open(self, interaction: It) -> None:
        speak(interaction.locale)
        await interaction.response.send_modal(self._form())


class PersonaForm(Form):
    """Who an agent is. `done` gets what was typed, after a first answer that it is being seen to."""

    def __init__(
        self, title: str, typed: Typed, done: Callable[[It, Typed], Awaitable[None]], *, new: bool = False
    ) -> None:
        super().__init__(title)
        self._sent, self._done, self._new = typed, done, new
        self.fields = [
            text_field("name", typed.name, 80),
            text_field("role", typed.role, 200, required=False),
            text_field("expertise", typed.expertise, LONGEST, required=False),
            text_field("prompt", typed.prompt, LONGEST, style=TextStyle.paragraph),
        ]
        self.picture: FileUpload[Any] = FileUpload(custom_id="avatar", required=False, max_values=1)
        labels = [
            (_("Name"), _("What it is called, and what people type after @.")),
            (_("Role"), _("A title in a few words, for people and for the other agents.")),
            (_("Expertise"), _("What it knows about, separated by commas. It decides who speaks.")),
            (_("Prompt"), _("Who it is and how it speaks, as the model is told.")),
        ]
        for (label, hint), field in zip(labels, self.fields, strict=True):
            self.add_item(labelled(label, hint, field))
        made = _("PNG, JPEG, GIF or WebP, square, at most 256 KiB; without one it gets a generated face.")
        kept = _("PNG, JPEG, GIF or WebP, square, at most 256 KiB; without one it keeps its face.")
        self.add_item(labelled(_("Avatar"), made if new else kept, self.picture))

    async def on_submit(self, interaction: It, /) -> None:
        name, role, expertise, prompt = (field.value for field in self.fields)
        picture = self.picture.values[0] if self.picture.values else self._sent.picture
        self._sent = Typed(name, role, expertise, prompt, picture)
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._done(interaction, self._sent)

    async def on_error(self, interaction: It, error: Exception, /) -> None:  # type: ignore[override] # as Modal has it
        """A picture that is refused is not sent again with the rest."""
        if isinstance(error, NoFace):
            self._sent = replace(self._sent, picture=None)
        await super().on_error(interaction, error)

    def again(self) -> Self:
        return type(self)(self.title, self._sent, self._done, new=self._new)

    def typed(self) -> tuple[str, str]:
        return "persona.md", self._sent.page()


class InstructionsForm(Form):
    """What somebody should keep in mind in a room. `done` gets the text, after a first answer."""

    def __init__(self, title: str, text: str, done: Callable[[It, str], Awaitable[None]]) -> None:
        super().__init__(title)
        self._sent, self._done = text, done
        self.field = text_field("instructions", text, LONGEST, style=TextStyle.paragraph, required=False)
        hint = _("What it should keep in mind in this room; leave it empty for nothing.")
        self.add_item(labelled(_("Instructions"), hint, self.field))

    async def on_submit(self, interaction: It, /) -> None:
        self._sent = self.field.value
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._done(interaction, self._sent)

    def again(self) -> Self:
        return type(self)(self.title, self._sent, self._done)

    def typed(self) -> tuple[str, str]:
        return "instructions.txt", self._sent


def labelled(label: str, hint: str, field: discord.ui.Item[Any]) -> Label[Any]:
    """Discord refuses the whole form for words that are too long, as those of a translation may be."""
    return Label(text=label[:45], description=hint[:100], component=field)


def text_field(
    name: str, value: str, most: int, *, required: bool = True, style: TextStyle = TextStyle.short
) -> TextInput[Any]:
    """`value` stands in it at first; one that is too long, which cannot come from a form, does not."""
    fits = value if len(value) <= most else ""
    return TextInput(custom_id=name, default=fits or None, max_length=most, required=required, style=style)
