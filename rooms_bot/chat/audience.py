"""Whose messages a room hears. Told at once and from what is cached: to wait here would be to lose their order."""

from collections.abc import Collection
from dataclasses import dataclass

import discord

from rooms_bot.chat.flood import Flood
from rooms_bot.chat.inbound import to_heard
from rooms_bot.chat.others import Chains, heard_in, ids, is_other
from rooms_bot.chat.roles import hosts_in, may_talk
from rooms_bot.domain.events import Heard
from rooms_bot.domain.rooms import RoomConfig
from rooms_bot.ports import GuildSettings


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is heard of a message, if anything; `slow` where its author is to be told that they are too fast."""

    heard: Heard | None = None
    slow: bool = False


NOTHING = Verdict()


class Audience:
    """`own` are our ids, `bots` the programs the operator lets speak everywhere, `host_role` a role's name."""

    def __init__(self, own: Collection[int | None], bots: Collection[int], host_role: str, flood: Flood) -> None:
        self._own, self._bots, self._host_role = own, bots, host_role
        self._flood, self._chains = flood, Chains()

    def judge(self, message: discord.Message, settings: GuildSettings, config: RoomConfig) -> Verdict:
        """What the room of these rules hears of it."""
        if not self.admits(message, settings):
            return NOTHING
        heard, channel = to_heard(message, self._own), message.channel.id
        if heard is None:
            return NOTHING
        if not self._flood.admits(channel, heard.member.id, message.created_at.timestamp()):
            return Verdict(slow=not is_other(message) and self._flood.first(channel, heard.member.id))
        if not is_other(message):
            self._chains.person(channel)
        elif self._chains.another(channel) > config.max_chain_depth:
            heard = heard.model_copy(update={"unheeded": True})
        return Verdict(heard)

    def admits(self, message: discord.Message, settings: GuildSettings) -> bool:
        """Whether its author is one of those who are heard there."""
        if is_other(message):
            parent = getattr(message.channel, "parent_id", None)
            allowed = heard_in(message.channel.id, parent, settings.heard_bots).union(self._bots)
            return not allowed.isdisjoint(ids(message))
        host = hosts_in(message.channel, message.author, settings, self._host_role)
        return may_talk(message.author, settings, host=host)
