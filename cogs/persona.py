"""/persona: the characters that this server can seat, and those of its own among them."""

import asyncio
import re
from functools import partial
from io import BytesIO

import discord
from discord import app_commands
from discord.ext import commands

from rooms_bot.chat.bot import RoomsBot, answer, who
from rooms_bot.chat.completion import complete
from rooms_bot.chat.drafting import Typed, drafted, rebased, typed_of
from rooms_bot.chat.escaping import plain
from rooms_bot.chat.forms import PersonaForm
from rooms_bot.chat.guard import public
from rooms_bot.chat.meanwhile import Outdated
from rooms_bot.chat.naming import require_free
from rooms_bot.chat.permissions import require_admin
from rooms_bot.chat.personas import card, catalogue, cut, reloaded
from rooms_bot.chat.uploads import face, fetched
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import Seat
from rooms_bot.errors import Refused, SetupError
from rooms_bot.i18n import N_, _
from rooms_bot.store.faces import kind
from rooms_bot.store.imports import MAX_FILE, opened
from rooms_bot.store.persona_writing import written

It = discord.Interaction[RoomsBot]
GONE = N_("{name} was deleted or renamed since you opened the form.")


@app_commands.guild_only()
class PersonaCog(commands.GroupCog, name="persona", description="The characters that can be invited on this server"):
    """The commands about a server's personas; rooms that are open keep those they have."""

    def __init__(self, bot: RoomsBot) -> None:
        self.bot, self.shelf = bot, bot.furniture.shelf

    @app_commands.command()
    async def create(self, interaction: It) -> None:
        """Make a persona of this server's own, in a form."""
        await self.bot.require_host(interaction)
        await interaction.response.send_modal(
            PersonaForm(_("A new persona"), Typed(), partial(self._typed, None), new=True)
        )

    @app_commands.command()
    @app_commands.describe(name="Which of this server's own personas")
    async def edit(self, interaction: It, name: str) -> None:
        """Change a persona of this server's own, in a form."""
        await self.bot.require_host(interaction)
        old = self.shelf.find(interaction.guild_id, name)
        form = PersonaForm(_("Edit {name}").format(name=old.name), typed_of(old), partial(self._typed, old))
        await interaction.response.send_modal(form)

    @app_commands.command()
    @app_commands.describe(name="Which of this server's own personas")
    async def delete(self, interaction: It, name: str) -> None:
        """Delete a persona of this server's own; where it sits already, it stays."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self.bot.require_host(interaction)
        gone = self.shelf.find(interaction.guild_id, name)
        await self.shelf.drop(interaction.guild_id or 0, gone.name)
        self._write_down(interaction, N_("deleted the persona **{name}**"), gone.name)
        await answer(interaction, _("**{name}** is deleted; where it sits, it stays.").format(name=plain(gone.name)))

    @app_commands.command()
    @app_commands.describe(name="Whom to look at")
    async def show(self, interaction: It, name: str) -> None:
        """See what a persona is, what it knows about, and which model speaks for it."""
        persona = self.shelf.get(interaction.guild_id, name)
        if persona is None:
            raise Refused("There is no persona of that name. `/persona list` names them.")
        agents, own = self.bot.furniture.agents, persona in self.shelf.own(interaction.guild_id)
        voice = agents.describe(agents.model(Seat(id=1, name=persona.name, persona=persona)))
        await answer(interaction, card(persona, voice, own=own, host=await self.bot.hosts(interaction)))

    @app_commands.command(name="list")
    async def list_(self, interaction: It) -> None:
        """See who can be invited on this server."""
        await answer(interaction, catalogue(self.shelf, interaction.guild_id))

    @app_commands.command(name="import")
    @app_commands.describe(
        file="A persona's Markdown file, or a Character Card as PNG or JSON",
        avatar="Its face: PNG, JPEG, GIF or WebP, square, at most 256 KiB",
    )
    async def import_(
        self, interaction: It, file: discord.Attachment, avatar: discord.Attachment | None = None
    ) -> None:
        """Make a persona of this server's own from a file, or replace the one of its name."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self.bot.require_host(interaction)
        raw = await fetched(file, MAX_FILE)
        found = await asyncio.to_thread(opened, raw, self.bot.furniture.agents.allowed)
        picture = await face(avatar) if avatar else found.picture
        known = self.shelf.mine(interaction.guild_id, found.persona.name)
        kept = found.persona.model_copy(update={"avatar": known.avatar if known else None})
        await self._keep(interaction, kept, known, picture, *found.notes)

    @app_commands.command()
    @app_commands.describe(name="Which of this server's own personas")
    async def export(self, interaction: It, name: str) -> None:
        """Get a persona of this server's own as a Markdown file that only you see."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self.bot.require_host(interaction)
        persona = self.shelf.find(interaction.guild_id, name)
        picture, stem = await self.shelf.image(persona), re.sub(r"\W+", "-", persona.name.casefold())[:40].strip("-")
        image = f"{stem or 'persona'}.{kind(picture)}" if picture else ""
        files = [discord.File(BytesIO(written(persona, image).encode()), f"{stem or 'persona'}.md")]
        files += [discord.File(BytesIO(picture), image)] if picture else []
        await answer(interaction, _("Here it is. `/persona import` takes it back."), files=files)

    @app_commands.command()
    async def reload(self, interaction: It) -> None:
        """Read the operator's persona files anew, for all servers."""
        require_admin(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        old = self.bot.furniture.library
        try:
            new = await asyncio.to_thread(self.bot.furniture.reread)
        except SetupError as error:
            raise Refused(error.sentence, **error.values) from error
        self.bot.furniture.library, self.shelf.shared = new, new.personas
        self._write_down(interaction, N_("had the operator's personas read anew"))
        await answer(interaction, reloaded(old, new))

    # What was handed in

    async def _typed(self, opened: Persona | None, interaction: It, typed: Typed) -> None:
        """`opened` is the persona as it was when the form was opened."""
        await self.bot.require_host(interaction)
        picture = await face(typed.picture) if typed.picture else None
        old = self._now(interaction, opened) if opened else None
        persona = drafted(rebased(typed, opened, old) if opened and old else typed, old)
        known = self.shelf.mine(interaction.guild_id, persona.name)
        if known is not None and (old is None or known.name != old.name):
            raise Refused("This server has a persona called {name} already: `/persona edit`.", name=known.name)
        await self._keep(interaction, persona, old, picture)

    def _now(self, interaction: It, opened: Persona) -> Persona:
        """Raises `Outdated` where it is gone."""
        if (now := self.shelf.mine(interaction.guild_id, opened.name)) is None:
            raise Outdated(GONE, name=opened.name)
        return now

    async def _keep(
        self, interaction: It, persona: Persona, old: Persona | None, picture: bytes | None, *notes: str
    ) -> None:
        require_free(interaction, persona.name)
        self.bot.guard.require(interaction.guild_id, *public(persona), persona.greeting)
        await self.shelf.save(interaction.guild_id or 0, persona, old.name if old else None, picture)
        act = N_("made the persona **{name}**") if old is None else N_("changed the persona **{name}**")
        self._write_down(interaction, act, persona.name)
        done = _("**{name}** can be invited: `/agent invite`.") if old is None else _("**{name}** is changed.")
        await answer(
            interaction, cut([done.format(name=plain(persona.name)), *(f"-# {plain(note)}" for note in notes)])
        )

    def _write_down(self, interaction: It, act: str, name: str = "") -> None:
        """For the server's log channel."""
        guild, audit = interaction.guild_id or 0, self.bot.audit
        audit.did(guild, who(interaction), audit.text(guild, act, name=plain(name)))

    @show.autocomplete("name")
    async def complete_any(self, interaction: It, current: str) -> list[app_commands.Choice[str]]:
        return complete(self.shelf.names(interaction.guild_id), current)

    @edit.autocomplete("name")
    @delete.autocomplete("name")
    @export.autocomplete("name")
    async def complete_own(self, interaction: It, current: str) -> list[app_commands.Choice[str]]:
        return complete([persona.name for persona in self.shelf.own(interaction.guild_id)], current)


async def setup(bot: RoomsBot) -> None:
    await bot.add_cog(PersonaCog(bot))
