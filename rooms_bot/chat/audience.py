"""Whose messages a room hears. Told at once and from what is cached: to wait here would be to lose their order."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import discord

from rooms_bot.chat.flood import Flood
from rooms_bot.chat.inbound import to_heard
from rooms_bot.chat.others import Chains, heard_in, ids, is_other
from rooms_bot.chat.roles import hosts_in, may_talk
from rooms_bot.domain.events import Heard
from rooms_bot.domain.rooms import Place
from rooms_bot.domain.state import RoomState
from rooms_bot.engine.house import House


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is heard of a message, if anything; `slow` where its author is to be told that they are too fast."""

    heard: Heard | None = None
    slow: bool = False


NOTHING = Verdict()


class Audience:
    """`bots` are the programs the operator lets speak everywhere, `host_role` a role's name."""

    def __init__(
        self, client: discord.Client, house: Callable[[], House], bots: Collection[int], host_role: str, flood: Flood
    ) -> None:
        self._client, self._house, self._bots, self._host_role = client, house, bots, host_role
        self._flood, self._chains = flood, Chains()

    def aside(self) -> "Audience":
        """The same for messages of another time: who was fast then has not been so now."""
        return Audience(self._client, self._house, self._bots, self._host_role, Flood())

    def judge(self, message: discord.Message, room: RoomState) -> Verdict:
        """What this room hears of it."""
        place, channel = room.opened.place, room.opened.place.channel
        if self._ignores(message, place) or not self.admits(message, place):
            return NOTHING
        heard = to_heard(message, self._own)
        if heard is None:
            return NOTHING
        if not self._flood.admits(channel, heard.member.id, message.created_at.timestamp()):
            return Verdict(slow=not is_other(message) and self._flood.first(channel, heard.member.id))
        if not is_other(message):
            self._chains.person(channel)
        elif self._chains.another(channel) > room.config.max_chain_depth:
            heard = heard.model_copy(update={"unheeded": True})
        return Verdict(heard)

    def admits(self, message: discord.Message, place: Place) -> bool:
        """Whether its author is one of those who are heard there."""
        settings = self._house().servers.of(place.guild)
        if is_other(message):
            allowed = heard_in(place.channel, place.parent, settings.heard_bots).union(self._bots)
            return not allowed.isdisjoint(ids(message))
        channel = self._client.get_channel(place.channel) or self._client.get_channel(place.parent)
        host = hosts_in(channel, message.author, settings, self._host_role)
        return may_talk(message.author, settings, host=host)

    def judges_by_roles(self, guild: int) -> bool:
        """Whether roles decide there who is heard."""
        settings = self._house().servers.of(guild)
        return settings.member_role is not None or settings.muted_role is not None

    @property
    def _own(self) -> Collection[int | None]:
        """The ids of our application, which its webhooks' messages carry, and of its user."""
        return (self._client.application_id, self._client.user.id if self._client.user else None)

    def _ignores(self, message: discord.Message, place: Place) -> bool:
        """Whether its author wishes not to be heard."""
        return self._house().people.profile(place.guild, message.author.id).ignored
