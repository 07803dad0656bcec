"""What all outlets share."""

from dataclasses import dataclass

import discord

from rooms_bot.chat.audience import Audience
from rooms_bot.chat.audit import Audit
from rooms_bot.chat.budget import Budget
from rooms_bot.chat.faces import Faces
from rooms_bot.chat.flood import Flood
from rooms_bot.chat.guard import Guard
from rooms_bot.chat.members import Members
from rooms_bot.chat.panels import Panels
from rooms_bot.chat.traffic import Refusal
from rooms_bot.chat.webhooks import Webhooks
from rooms_bot.clock import Clock
from rooms_bot.domain.rooms import Place, Seat
from rooms_bot.errors import PostBlocked


@dataclass(frozen=True, slots=True)
class Desk:
    """What all outlets share."""

    client: discord.Client
    webhooks: Webhooks
    faces: Faces
    budget: Budget
    clock: Clock
    guard: Guard
    audit: Audit
    panels: Panels
    audience: Audience
    members: Members
    flood: Flood

    async def allow(self, place: Place, seat: Seat, text: str) -> None:
        """Raises `PostBlocked` where this server does not let agents say it; that is then in its log channel."""
        try:
            await self.guard.check(place.guild, text)
        except PostBlocked as error:
            self.audit.blocked(place, seat.name, error, text)
            raise

    def refused(self, refusal: Refusal) -> None:
        """A post into one of the channels was one too many."""
        channel = self.webhooks.channel(refusal.webhook) if refusal.webhook else refusal.channel
        if channel is not None:
            place = self.client.get_channel(channel)
            parent = place.parent_id if isinstance(place, discord.Thread) else channel
            self.budget.refused(parent, refusal.wait, full=refusal.full, agents=refusal.webhook is not None)
