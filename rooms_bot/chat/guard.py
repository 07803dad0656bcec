"""Looks at what agents say before anybody else does: the server's blocked words, and a moderation model if it wants."""

import logging
from collections.abc import Callable
from typing import Protocol

from rooms_bot.chat.blocked_words import blocked
from rooms_bot.domain.personas import Persona
from rooms_bot.errors import AgentError, PostBlocked, Refused
from rooms_bot.ports import GuildSettings

log = logging.getLogger(__name__)


def public(persona: Persona) -> tuple[str, ...]:
    """What notices and panels say of it to everyone."""
    return persona.name, persona.role, persona.description, persona.stance or ""


class Moderator(Protocol):
    """A moderation model, or whatever stands in its place."""

    async def found(self, text: str) -> tuple[str, ...]:
        """The categories it objects to. Raises `AgentError` where that is not known."""
        ...


class Guard:
    """What may be said on a server, going by its `settings`. `moderation` is the operator's model, if there is one."""

    def __init__(self, settings: Callable[[int], GuildSettings], moderation: Moderator | None = None) -> None:
        self._settings, self._moderation = settings, moderation

    @property
    def moderates(self) -> bool:
        """Whether there is a model that servers can switch on."""
        return self._moderation is not None

    def may_stream(self, guild: int) -> bool:
        """Whether an answer may be shown while it grows: a model judges whole answers alone."""
        return not self._settings(guild).moderated

    def passes(self, guild: int, text: str) -> bool:
        """Whether none of the server's blocked words is in what there is of an answer."""
        return blocked(self._settings(guild).blocked_words, text) is None

    def require(self, guild: int | None, *texts: str) -> None:
        """Raises `Refused` where a host's own words, which agents and notices will carry, are not allowed."""
        if not all(self.passes(guild or 0, text) for text in texts):
            raise Refused("That has words in it which this server does not allow.")

    async def check(self, guild: int, text: str) -> None:
        """Raises `PostBlocked` where the server does not allow it.

        A server that had the model switched on gets nothing past it, also while it cannot be reached.
        """
        settings = self._settings(guild)
        if (word := blocked(settings.blocked_words, text)) is not None:
            raise PostBlocked("the blocked word “{word}”", word=word)
        if settings.moderated and text.strip():
            await self._judge(text)

    async def _judge(self, text: str) -> None:
        if self._moderation is None:
            raise PostBlocked("moderation is on, and the operator names no model for it any more")
        try:
            found = await self._moderation.found(text)
        except AgentError as error:
            log.warning("what an agent said could not be moderated: it %s (%s)", error, error.detail)
            raise PostBlocked("the moderation model did not answer") from error
        if found:
            raise PostBlocked("moderation: {categories}", categories=", ".join(found))
