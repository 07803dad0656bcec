"""What people do in the sandbox, as their Discord client would do it."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

Wire = dict[str, Any]
File = tuple[str, bytes]
"""A file as a person picks it: its name and its bytes."""
Choice = str | int | float | bool | File
"""An option's value: users, roles and channels are given by their id."""
Kind = Literal["message", "deferred", "modal", "update", "failed"]


@dataclass
class Reply:
    """What the application answered to a command, a press or a form.

    `message` (or its `flags & 64`, seen by this person only) for "message" and "update" (the message that carries
    the pressed button, as it is now); `modal` {id, custom_id, title, components} for "modal"; `error` is a sentence
    for "failed". A deferred reply ("deferred": a message that says "thinking", or an update yet to come) has its
    last word in `settled()`.
    """

    kind: Kind
    message: Wire | None = None
    modal: Wire | None = None
    error: str = ""

    async def settled(self, timeout: float = 900.0) -> "Reply":
        """The final answer; itself unless deferred. "failed" once `timeout` seconds (at most 15 min) have passed."""
        raise NotImplementedError


class Watch:
    """What one person sees happen: events {"t": name, "d": data} from the moment of watching.

    Names are the gateway's (MESSAGE_CREATE, MESSAGE_UPDATE, MESSAGE_DELETE, MESSAGE_DELETE_BULK,
    MESSAGE_REACTION_ADD, MESSAGE_REACTION_REMOVE, TYPING_START, CHANNEL_CREATE/UPDATE/DELETE, THREAD_*,
    GUILD_MEMBER_*, ...). A message carries what this person may see, ephemeral answers to them included.
    """

    async def get(self) -> Wire:
        raise NotImplementedError

    def __aiter__(self) -> AsyncIterator[Wire]:
        raise NotImplementedError


class People:
    """The members of the sandbox's guild, each acting through their own client.

    Ids are strings everywhere (integers are taken too). What Discord's client or server would refuse raises
    `Refusal` (rooms_bot.sandbox.refusals; `.message` is a sentence, `.code` Discord's error code), except for
    commands, presses and forms, whose Reply says it ("failed" with `error`).
    """

    @property
    def users(self) -> list[Wire]:
        """The people one can act as: {id, username, global_name, avatar, ...}, the owner first."""
        raise NotImplementedError

    @property
    def guild(self) -> Wire:
        """The guild, with `roles`."""
        raise NotImplementedError

    def channels(self, user_id: str) -> list[Wire]:
        """Channels and threads this person can see: channels by position, then threads (type 10, 11, 12; parent_id)."""
        raise NotImplementedError

    def members(self) -> list[Wire]:
        """All members, bots included: {user, nick, roles, joined_at, ...}."""
        raise NotImplementedError

    def say(
        self,
        user_id: str,
        channel_id: str,
        content: str,
        *,
        reply_to: str | None = None,
        attachments: Sequence[File] = (),
    ) -> Wire:
        """Post a message; returns it as the wire has it."""
        raise NotImplementedError

    def edit(self, user_id: str, message_id: str, content: str) -> Wire:
        raise NotImplementedError

    def delete(self, user_id: str, message_id: str) -> None:
        raise NotImplementedError

    def react(self, user_id: str, message_id: str, emoji: str) -> None:
        """`emoji` is a character, or `name:id` of a custom one."""
        raise NotImplementedError

    def unreact(self, user_id: str, message_id: str, emoji: str) -> None:
        raise NotImplementedError

    def typing(self, user_id: str, channel_id: str) -> None:
        raise NotImplementedError

    def history(self, user_id: str, channel_id: str, limit: int = 50) -> list[Wire]:
        """The newest `limit` messages this person may see, oldest first, ephemeral answers to them included."""
        raise NotImplementedError

    def dismiss(self, user_id: str, message_id: str) -> None:
        """Take an ephemeral answer out of this person's sight."""
        raise NotImplementedError

    def commands(self, user_id: str) -> list[Wire]:
        """The application's commands this person may use, as registered on the wire (types 1, 2 and 3)."""
        raise NotImplementedError

    async def autocomplete(
        self, user_id: str, channel_id: str, path: str, options: Mapping[str, Choice], focused: str
    ) -> list[Wire]:
        """The choices {name, value} for the option `focused` while its value is as in `options`; [] if none came."""
        raise NotImplementedError

    async def command(
        self, user_id: str, channel_id: str, path: str, options: Mapping[str, Choice] | None = None
    ) -> Reply:
        """Send a slash command: `path` is "room start", `options` its values by name, as typed or chosen."""
        raise NotImplementedError

    async def context(self, user_id: str, channel_id: str, name: str, target_id: str) -> Reply:
        """Choose a command from the menu of a message (type 3) or of a user (type 2)."""
        raise NotImplementedError

    async def press(self, user_id: str, message_id: str, custom_id: str, values: Iterable[str] = ()) -> Reply:
        """Press a button, or choose `values` in a select."""
        raise NotImplementedError

    async def submit(self, user_id: str, modal: Wire, fields: Mapping[str, str | Sequence[str]]) -> Reply:
        """Send the form `modal` (from a Reply): `fields` are values by the inputs' custom_id."""
        raise NotImplementedError

    @contextmanager
    def watch(self, user_id: str) -> Iterator[Watch]:
        """Everything `user_id` sees from now on, until the block ends; no event is lost while nobody waits."""
        raise NotImplementedError
        yield
