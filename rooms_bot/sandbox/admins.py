"""What those who run the server do to its channels, threads and permissions, through their own client."""

from typing import Any

from rooms_bot.sandbox import absences, entities, threads
from rooms_bot.sandbox.permissions import Can
from rooms_bot.sandbox.refusals import refused
from rooms_bot.sandbox.rest.channels import remove
from rooms_bot.sandbox.world import World

Wire = dict[str, Any]


class Admin:
    """One person of the first guild. Raises `Refusal` where they lack the permission."""

    def __init__(self, world: World, user_id: str) -> None:
        self._world, self._user = world, user_id

    # -- threads

    def archive(self, thread_id: str, *, archived: bool = True) -> None:
        """Close a thread, or open it again."""
        self._set(thread_id, {"archived": archived, "archive_timestamp": self._world.now()})

    def lock(self, thread_id: str, *, archived: bool = False) -> None:
        """Discord's client does this alone, or together with closing it."""
        self._set(thread_id, {"locked": True} | ({"archived": True} if archived else {}))

    def _set(self, thread_id: str, metadata: Wire) -> None:
        thread = self._channel(thread_id, Can.MANAGE_THREADS)
        thread["thread_metadata"] |= metadata
        threads.tell(self._world, "THREAD_UPDATE", thread)

    def kick(self, thread_id: str, user_id: str) -> None:
        """Take a member out of a thread; who is taken out of a private one is told, and sees it no more."""
        thread = self._channel(thread_id, Can.MANAGE_THREADS)
        threads.leave(self._world, thread, user_id, told=True)

    # -- channels

    def rename(self, channel_id: str, name: str) -> None:
        channel = self._channel(channel_id, 0)
        thread = channel["type"] in entities.THREADS
        self._channel(channel_id, Can.MANAGE_THREADS if thread else Can.MANAGE_CHANNELS)
        channel["name"] = name
        if thread:
            threads.tell(self._world, "THREAD_UPDATE", channel)
        else:
            self._tell(channel)

    def delete(self, channel_id: str) -> None:
        channel = self._channel(channel_id, 0)
        thread = channel["type"] in entities.THREADS
        remove(self._world, self._channel(channel_id, Can.MANAGE_THREADS if thread else Can.MANAGE_CHANNELS))

    def convert(self, channel_id: str, kind: int) -> None:
        """Make an announcement channel of a text channel, or the other way round; nothing else can be converted."""
        channel = self._channel(channel_id, Can.MANAGE_CHANNELS)
        if not {channel["type"], kind} <= {entities.TEXT, entities.NEWS}:
            raise refused(50024)
        channel["type"] = kind
        self._tell(channel)

    def tag(self, forum_id: str, *names: str, moderated: bool = False, required: bool = False) -> list[str]:
        """Give a forum tags, and say whether its posts need one; the ids of these."""
        forum = self._channel(forum_id, Can.MANAGE_CHANNELS)
        blank: Wire = {"moderated": moderated, "emoji_id": None, "emoji_name": None}
        made: list[Wire] = [{"id": self._world.new_id(), "name": name, **blank} for name in names]
        forum["available_tags"] += made
        forum["flags"] = forum["flags"] | entities.REQUIRE_TAG if required else forum["flags"]
        self._tell(forum)
        return [tag["id"] for tag in made]

    # -- permissions

    def forbid(self, channel_id: str, whom: str, denied: int) -> None:
        """Overwrite a channel's permissions for a role or a member; 0 takes the overwrite away."""
        channel = self._channel(channel_id, Can.MANAGE_ROLES)
        kind = 0 if whom in self._world.guilds[channel["guild_id"]].roles else 1
        others = [one for one in channel["permission_overwrites"] if one["id"] != whom]
        made = [{"id": whom, "type": kind, "allow": "0", "deny": str(int(denied))}] if denied else []
        channel["permission_overwrites"] = [*others, *made]
        self._tell(channel)

    def grant(self, role_id: str, permissions: int) -> None:
        """Give a role these permissions and no others, in the whole server."""
        guild = self._world.guild
        if not self._world.guild_permissions(self._user, guild) & Can.MANAGE_ROLES:
            raise refused(50013)
        guild.roles[role_id]["permissions"] = str(int(permissions))
        self._world.emit("GUILD_ROLE_UPDATE", {"guild_id": guild.id, "role": guild.roles[role_id]}, guild=guild.id)

    def remove_bot(self) -> None:
        guild = self._world.guild
        if not self._world.guild_permissions(self._user, guild) & Can.KICK_MEMBERS:
            raise refused(50013)
        absences.remove(self._world, guild)

    def _channel(self, channel_id: str, needed: int) -> Wire:
        channel = self._world.find_channel(str(channel_id))
        self._world.require(self._user, channel, needed)
        return channel

    def _tell(self, channel: Wire) -> None:
        """Bots are told of channels they cannot see, too: who just lost sight of one learns it this way."""
        self._world.emit("CHANNEL_UPDATE", channel, guild=channel["guild_id"])
