"""The sandbox's state: guilds, channels, messages, webhooks, commands, and who is told of each change."""

import base64
import secrets
from collections.abc import Callable, Iterator
from typing import Any

from rooms_bot.sandbox import entities
from rooms_bot.sandbox.clock import Clock, iso
from rooms_bot.sandbox.permissions import EVERYTHING, Can, in_channel, in_guild
from rooms_bot.sandbox.refusals import refused, unknown
from rooms_bot.sandbox.snowflakes import Snowflakes
from rooms_bot.sandbox.things import Event, File, Guild, Listener, Tally

Wire = dict[str, Any]

PRESENCES, MEMBERS, MESSAGE_CONTENT = 1 << 8, 1 << 1, 1 << 15
PRIVILEGED = PRESENCES | MEMBERS | MESSAGE_CONTENT


class World:
    """Everything that is there. Objects are kept as the wire has them; ids are strings."""

    def __init__(self, clock: Clock, *, bot_name: str = "Rooms", token: str | None = None) -> None:
        self.clock = clock
        self.new_id = Snowflakes(clock)
        self.privileged = PRIVILEGED
        self.cdn_url = self.gateway_url = ""
        self.starts_left = 1000
        self.guilds: dict[str, Guild] = {}
        self.users: dict[str, Wire] = {}
        self.locales: dict[str, str] = {}
        """By user, where their client speaks another language than American English."""
        self.channels: dict[str, Wire] = {}
        self.messages: dict[str, dict[str, Wire]] = {}
        self.only_for: dict[str, str] = {}
        self.reactions: dict[str, dict[str, list[str]]] = {}
        self.pinned_at: dict[str, str] = {}
        self.thread_members: dict[str, dict[str, str]] = {}
        self.webhooks: dict[str, Wire] = {}
        self.commands: dict[str | None, dict[str, Wire]] = {None: {}}
        self.emojis: dict[str, Wire] = {}
        self.files: dict[str, File] = {}
        self.faces: dict[str, str] = {}
        self.nonces: dict[tuple[str, str], str] = {}
        self.listeners: list[Listener] = []
        self.unavailable: set[str] = set()
        self.closed_to_bot: set[str] = set()
        self.tally = Tally()
        bot_id = _id_in(token) or self.new_id()
        self.bot = self.add_user(bot_name, bot=True, user_id=bot_id)
        self.token = token or _token_for(bot_id)

    @property
    def bot_id(self) -> str:
        return str(self.bot["id"])

    def now(self) -> str:
        return iso(self.clock.now())

    # -- making

    def add_user(self, name: str, *, bot: bool = False, user_id: str | None = None) -> Wire:
        who = entities.user(user_id or self.new_id(), name, bot=bot)
        self.users[who["id"]] = who
        return who

    def add_guild(self, name: str, owner: Wire, everybody: int) -> Guild:
        made = Guild(entities.guild(self.new_id(), name, owner["id"]))
        made.roles[made.id] = entities.role(made.id, "@everyone", everybody, 0)
        self.guilds[made.id] = made
        return made

    def add_role(self, guild: Guild, name: str, permissions: int, *, tags: Wire | None = None) -> Wire:
        made = entities.role(self.new_id(), name, permissions, len(guild.roles), tags=tags)
        guild.roles[made["id"]] = made
        self.emit("GUILD_ROLE_CREATE", {"guild_id": guild.id, "role": made}, guild=guild.id)
        return made

    def add_member(self, guild: Guild, who: Wire, *roles: Wire) -> Wire:
        made = entities.member(who, [role["id"] for role in roles], self.now())
        guild.members[who["id"]] = made
        self.emit("GUILD_MEMBER_ADD", {**made, "guild_id": guild.id}, guild=guild.id)
        return made

    def add_channel(self, guild: Guild, name: str, kind: int = entities.TEXT) -> Wire:
        position = sum(1 for channel in self.channels_of(guild.id) if channel["type"] not in entities.THREADS)
        made = entities.channel(self.new_id(), guild.id, name, kind, position)
        self.channels[made["id"]] = made
        self.messages[made["id"]] = {}
        self.emit("CHANNEL_CREATE", made, channel=made)
        return made

    def direct_channel(self, who: Wire) -> Wire:
        """The channel between the bot and `who`, made at the first use; no event tells of it since API v8."""
        for channel in self.channels.values():
            if channel["type"] == entities.DM and channel["recipients"][0]["id"] == who["id"]:
                return channel
        made: Wire = {
            "id": self.new_id(),
            "type": entities.DM,
            "last_message_id": None,
            "flags": 0,
            "recipients": [who],
        }
        self.channels[made["id"]] = made
        self.messages[made["id"]] = {}
        return made

    # -- finding

    @property
    def guild(self) -> Guild:
        """The first guild: the one the page shows."""
        return next(iter(self.guilds.values()))

    def find_guild(self, guild_id: str) -> Guild:
        if guild_id not in self.guilds:
            raise unknown("guild")
        return self.guilds[guild_id]

    def find_channel(self, channel_id: str) -> Wire:
        if channel_id not in self.channels:
            raise unknown("channel")
        return self.channels[channel_id]

    def find_message(self, channel_id: str, message_id: str) -> Wire:
        found = self.messages.get(channel_id, {}).get(message_id)
        if found is None:
            raise unknown("message")
        return found

    def channels_of(self, guild_id: str) -> Iterator[Wire]:
        return (channel for channel in self.channels.values() if channel.get("guild_id") == guild_id)

    def parent_of(self, channel: Wire) -> Wire:
        """The channel a thread belongs to; the channel itself otherwise."""
        return self.channels[channel["parent_id"]] if channel["type"] in entities.THREADS else channel

    # -- permitting

    def permissions(self, user_id: str, channel: Wire) -> int:
        """What a user may do in a channel or thread; 0 if they cannot see it."""
        if channel["type"] == entities.DM:
            return (
                EVERYTHING
                if any(who["id"] == user_id for who in channel["recipients"]) or user_id == self.bot_id
                else 0
            )
        guild = self.guilds[channel["guild_id"]]
        if user_id not in guild.members:
            return 0
        member, parent = guild.members[user_id], self.parent_of(channel)
        base = in_guild(guild.id, guild.wire["owner_id"], member, guild.roles)
        allowed = in_channel(base, guild.id, member, parent["permission_overwrites"])
        hidden = channel["type"] == entities.PRIVATE_THREAD and user_id not in self.thread_members[channel["id"]]
        return 0 if hidden and not allowed & Can.MANAGE_THREADS else allowed

    def guild_permissions(self, user_id: str, guild: Guild) -> int:
        return in_guild(guild.id, guild.wire["owner_id"], guild.members[user_id], guild.roles)

    def sees(self, user_id: str, channel_id: str) -> bool:
        channel = self.channels.get(channel_id)
        return channel is not None and bool(self.permissions(user_id, channel) & Can.VIEW_CHANNEL)

    def require(self, user_id: str, channel: Wire, needed: int) -> None:
        """Raises 50001 if the user cannot see the channel, 50013 if they may not do `needed` there."""
        allowed = self.permissions(user_id, channel)
        if not allowed & Can.VIEW_CHANNEL:
            raise refused(50001)
        if needed & ~allowed:
            raise refused(50013)

    # -- telling

    def emit(
        self,
        name: str,
        data: Wire | Callable[[str], Wire],
        *,
        channel: Wire | None = None,
        guild: str | None = None,
        only: str | None = None,
    ) -> None:
        """Tell all who may know: those who see `channel`, the members of `guild`, or `only` one user."""
        view = data if callable(data) else lambda _: data
        home = channel.get("guild_id") if channel else guild
        event = Event(name, view, home, channel["id"] if channel else None, only)
        for listener in list(self.listeners):
            listener.hear(event)

    def may_know(self, user_id: str, event: Event) -> bool:
        if event.only is not None:
            return event.only == user_id
        if event.channel_id is not None and event.channel_id in self.channels:
            return self.sees(user_id, event.channel_id)
        return event.guild_id is None or user_id in self.guilds[event.guild_id].members


def _id_in(token: str | None) -> str | None:
    """The bot's id, if the token has the usual form: its base64, a dot, the rest."""
    try:
        head = base64.b64decode((token or "").split(".")[0] + "==").decode()
    except ValueError:
        return None
    return head if head.isdigit() else None


def _token_for(bot_id: str) -> str:
    head = base64.b64encode(bot_id.encode()).decode().rstrip("=")
    return f"{head}.{secrets.token_hex(3)}.{secrets.token_urlsafe(28)}"
