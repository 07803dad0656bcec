"""What people do in the sandbox, as their Discord client would do it."""

import copy
import mimetypes
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from rooms_bot.sandbox import entities, orders, posts, pressing, reactions, views
from rooms_bot.sandbox.attachments import Upload
from rooms_bot.sandbox.interaction import AUTOCOMPLETE, COMMAND, COMPONENT
from rooms_bot.sandbox.interactions import Desk
from rooms_bot.sandbox.options import NotTaken
from rooms_bot.sandbox.permissions import Can
from rooms_bot.sandbox.posts import Poster
from rooms_bot.sandbox.refusals import Refusal, form_fault, refused, unknown
from rooms_bot.sandbox.replies import Reply as Reply
from rooms_bot.sandbox.replies import failed, reply_to
from rooms_bot.sandbox.threads import require_active, require_sendable
from rooms_bot.sandbox.typists import tell_typing
from rooms_bot.sandbox.watch import Watch as Watch
from rooms_bot.sandbox.world import World

Wire = dict[str, Any]
File = tuple[str, bytes]
"""A file as a person picks it: its name and its bytes."""
Choice = str | int | float | bool | File
"""An option's value: users, roles and channels are given by their id."""
_LONGEST = 2000


class People:
    """The members of the sandbox's guild, each acting through their own client.

    Ids are strings everywhere (integers are taken too). What Discord's client or server would refuse raises
    `Refusal` (rooms_bot.sandbox.refusals; `.message` is a sentence, `.code` Discord's error code), except for
    commands, presses and forms, whose Reply says it ("failed" with `error`).
    """

    def __init__(self, world: World, desk: Desk) -> None:
        self._world = world
        self._desk = desk

    @property
    def users(self) -> list[Wire]:
        """The people one can act as: {id, username, global_name, avatar, ...}, the owner first."""
        return [member["user"] for member in self.members() if not member["user"].get("bot")]

    @property
    def guild(self) -> Wire:
        """The guild, with `roles`."""
        return views.guild(self._world.guild)

    def named(self, name: str) -> str:
        """The id of the person shown as `name`."""
        return next(str(user["id"]) for user in self.users if user["global_name"] == name)

    def speaks(self, user_id: str, locale: str) -> None:
        """From now on this person's client is set to that language."""
        self._world.locales[str(user_id)] = locale

    def channels(self, user_id: str) -> list[Wire]:
        """Channels and threads this person can see: channels by position, then threads (type 10, 11, 12; parent_id)."""
        mine = [c for c in self._world.channels_of(self._world.guild.id) if self._world.sees(str(user_id), c["id"])]
        mine.sort(key=lambda c: (c["type"] in entities.THREADS, c.get("position", 0), int(c["id"])))
        return [views.channel(self._world, c, str(user_id)) for c in mine]

    def members(self) -> list[Wire]:
        """All members, bots included: {user, nick, roles, joined_at, ...}."""
        return copy.deepcopy(list(self._world.guild.members.values()))

    # -- messages

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
        channel = self._world.find_channel(str(channel_id))
        if channel["type"] in (*entities.FORUMS, entities.CATEGORY):
            raise refused(50008)
        require_sendable(self._world, str(user_id), channel)
        _check_length(content)
        body: Wire = {"content": content}
        if reply_to is not None:
            body["message_reference"] = {"message_id": str(reply_to)}
        made = posts.post(self._world, channel, self._poster(user_id, channel), body, _uploads(attachments))
        return views.message(self._world, made, str(user_id))

    def edit(self, user_id: str, message_id: str, content: str) -> Wire:
        channel, message = self._message(user_id, message_id)
        require_active(channel)
        if message["author"]["id"] != str(user_id):
            raise refused(50005)
        _check_length(content)
        posts.edit(self._world, message, self._poster(user_id, channel), {"content": content})
        return views.message(self._world, message, str(user_id))

    def delete(self, user_id: str, message_id: str) -> None:
        channel, message = self._message(user_id, message_id)
        require_active(channel)
        if message["author"]["id"] != str(user_id):
            self._world.require(str(user_id), channel, Can.MANAGE_MESSAGES)
        posts.delete(self._world, message)

    def react(self, user_id: str, message_id: str, emoji: str) -> None:
        """`emoji` is a character, or `name:id` of a custom one."""
        channel, message = self._message(user_id, message_id)
        require_active(channel)
        self._world.require(str(user_id), channel, Can.ADD_REACTIONS)
        reactions.add(self._world, message, str(user_id), reactions.known(self._world, emoji))

    def unreact(self, user_id: str, message_id: str, emoji: str) -> None:
        _, message = self._message(user_id, message_id)
        reactions.remove(self._world, message, str(user_id), reactions.known(self._world, emoji))

    def typing(self, user_id: str, channel_id: str) -> None:
        channel = self._world.find_channel(str(channel_id))
        require_sendable(self._world, str(user_id), channel)
        tell_typing(self._world, channel, str(user_id))

    def history(self, user_id: str, channel_id: str, limit: int = 50) -> list[Wire]:
        """The newest `limit` messages this person may see, oldest first, ephemeral answers to them included."""
        channel = self._world.find_channel(str(channel_id))
        self._world.require(str(user_id), channel, Can.READ_MESSAGE_HISTORY)
        kept = self._world.messages.get(channel["id"], {}).values()
        mine = [m for m in kept if self._world.only_for.get(m["id"], str(user_id)) == str(user_id)]
        return [views.message(self._world, m, str(user_id)) for m in mine[-limit:]] if limit else []

    def dismiss(self, user_id: str, message_id: str) -> None:
        """Take an ephemeral answer out of this person's sight."""
        _, message = self._message(user_id, message_id)
        if self._world.only_for.get(message["id"]) != str(user_id):
            raise refused(50013)
        posts.delete(self._world, message)

    def _message(self, user_id: str, message_id: str) -> tuple[Wire, Wire]:
        for channel_id, kept in self._world.messages.items():
            found = kept.get(str(message_id))
            if found is not None and self._world.only_for.get(found["id"], str(user_id)) == str(user_id):
                self._world.require(str(user_id), self._world.channels[channel_id], 0)
                return self._world.channels[channel_id], found
        raise unknown("message")

    def _poster(self, user_id: str, channel: Wire) -> Poster:
        return Poster(self._world.users[str(user_id)], self._world.permissions(str(user_id), channel))

    # -- asking the application

    def commands(self, user_id: str) -> list[Wire]:
        """The application's commands this person may use, as registered on the wire (types 1, 2 and 3)."""
        return orders.permitted(self._world, str(user_id))

    async def autocomplete(
        self, user_id: str, channel_id: str, path: str, options: Mapping[str, Choice], focused: str
    ) -> list[Wire]:
        """The choices {name, value} for the option `focused` while its value is as in `options`; [] if none came."""
        try:
            channel, data = orders.typed(self._world, str(user_id), str(channel_id), path, options, focus=focused)
        except NotTaken:
            return []
        asked = self._desk.open(AUTOCOMPLETE, str(user_id), channel, data)
        reply = await reply_to(self._world, self._desk, asked)
        return reply.choices

    async def command(
        self, user_id: str, channel_id: str, path: str, options: Mapping[str, Choice] | None = None
    ) -> Reply:
        """Send a slash command: `path` is "room start", `options` its values by name, as typed or chosen."""
        try:
            channel, data = orders.typed(self._world, str(user_id), str(channel_id), path, options or {})
        except (NotTaken, Refusal) as error:
            return failed(_sentence(error))
        return await reply_to(self._world, self._desk, self._desk.open(COMMAND, str(user_id), channel, data))

    async def context(self, user_id: str, channel_id: str, name: str, target_id: str) -> Reply:
        """Choose a command from the menu of a message (type 3) or of a user (type 2)."""
        try:
            channel, data = orders.chosen(self._world, str(user_id), str(channel_id), name, str(target_id))
        except (NotTaken, Refusal) as error:
            return failed(_sentence(error))
        return await reply_to(self._world, self._desk, self._desk.open(COMMAND, str(user_id), channel, data))

    async def press(self, user_id: str, message_id: str, custom_id: str, values: Iterable[str] = ()) -> Reply:
        """Press a button, or choose `values` in a select."""
        try:
            channel, message = self._message(user_id, message_id)
            data = pressing.pressed(
                message, custom_id, [str(v) for v in values], orders.resolved(self._world, channel), str(user_id)
            )
        except (NotTaken, Refusal) as error:
            return failed(_sentence(error))
        asked = self._desk.open(COMPONENT, str(user_id), channel, data, source=message)
        return await reply_to(self._world, self._desk, asked)

    async def submit(self, user_id: str, modal: Wire, fields: pressing.Fields) -> Reply:
        """Send the form `modal` (from a Reply): `fields` are values, or files, by the inputs' custom_id."""
        opened = self._desk.find(modal["id"])
        try:
            data = pressing.submitted(modal, fields, orders.resolved(self._world, opened.channel), str(user_id))
        except (NotTaken, Refusal) as error:
            return failed(_sentence(error))
        asked = self._desk.open_form(str(user_id), opened, data)
        return await reply_to(self._world, self._desk, asked)

    @contextmanager
    def watch(self, user_id: str) -> Iterator[Watch]:
        """Everything `user_id` sees from now on, until the block ends; no event is lost while nobody waits."""
        watch = Watch(self._world, str(user_id))
        self._world.listeners.append(watch)
        try:
            yield watch
        finally:
            self._world.listeners.remove(watch)


def _sentence(error: NotTaken | Refusal) -> str:
    return error.message if isinstance(error, Refusal) else str(error)


def _check_length(content: str) -> None:
    if len(content) > _LONGEST:
        raise form_fault("content", "BASE_TYPE_MAX_LENGTH", f"Must be {_LONGEST} or fewer in length.")


def _uploads(files: Sequence[File]) -> list[Upload]:
    guess = mimetypes.guess_type
    return [Upload(n, f[0], guess(f[0])[0] or "application/octet-stream", f[1]) for n, f in enumerate(files)]
