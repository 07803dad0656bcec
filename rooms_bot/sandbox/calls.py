"""What a window of the page may ask for: the deeds of the one person it acts as."""

import base64
import binascii
import inspect
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rooms_bot.sandbox.people import Choice, File, People, Wire
from rooms_bot.sandbox.refusals import Refusal, form_fault
from rooms_bot.sandbox.replies import Reply


class Calls:
    """What a window may ask for, under the names it asks by: the person's own deeds and nothing else."""

    def __init__(self, people: People, me: str) -> None:
        self.people = people
        self.me = me

    async def make(self, name: str, args: Mapping[str, Any]) -> Any:
        """Raises Refusal with Discord's sentence."""
        deed = DEEDS[name]
        answer = deed(self, **args)
        return await answer if inspect.isawaitable(answer) else answer

    def history(self, channel: str, limit: int) -> list[Wire]:
        return self.people.history(self.me, channel, limit)

    def channels(self) -> list[Wire]:
        return self.people.channels(self.me)

    def members(self) -> list[Wire]:
        return self.people.members()

    def commands(self) -> list[Wire]:
        return self.people.commands(self.me)

    def say(self, channel: str, content: str, reply_to: str | None, files: Sequence[Wire]) -> Wire:
        attachments = [_picked(file) for file in files]
        return self.people.say(self.me, channel, content, reply_to=reply_to, attachments=attachments)

    def edit(self, message: str, content: str) -> Wire:
        return self.people.edit(self.me, message, content)

    def delete(self, message: str) -> None:
        self.people.delete(self.me, message)

    def dismiss(self, message: str) -> None:
        self.people.dismiss(self.me, message)

    def react(self, message: str, emoji: str) -> None:
        self.people.react(self.me, message, emoji)

    def unreact(self, message: str, emoji: str) -> None:
        self.people.unreact(self.me, message, emoji)

    def typing(self, channel: str) -> None:
        self.people.typing(self.me, channel)

    async def autocomplete(self, channel: str, path: str, options: Wire, focused: str) -> list[Wire]:
        return await self.people.autocomplete(self.me, channel, path, _choices(options), focused)

    async def command(self, channel: str, path: str, options: Wire) -> Wire:
        return _as_wire(await self.people.command(self.me, channel, path, _choices(options)))

    async def context(self, channel: str, name: str, target: str) -> Wire:
        return _as_wire(await self.people.context(self.me, channel, name, target))

    async def press(self, message: str, custom_id: str, values: Sequence[str]) -> Wire:
        return _as_wire(await self.people.press(self.me, message, custom_id, values))

    async def submit(self, modal: Wire, fields: Mapping[str, str | Sequence[str] | Sequence[Wire]]) -> Wire:
        filled = {name: _chosen_files(value) for name, value in fields.items()}
        return _as_wire(await self.people.submit(self.me, modal, filled))


DEEDS = {name: deed for name, deed in vars(Calls).items() if name != "make" and not name.startswith("_")}


def sentence(refusal: Refusal) -> str:
    """What a client shows of it: the first fault of a form, which says more than "Invalid Form Body"."""
    return next(_faults(refusal.errors or {}), refusal.message)


def _faults(errors: Mapping[str, Any]) -> Iterator[str]:
    for name, below in errors.items():
        yield from (fault["message"] for fault in below) if name == "_errors" else _faults(below)


def _picked(file: Wire) -> File:
    try:
        return str(file["name"]), base64.b64decode(file["data"], validate=True)
    except binascii.Error as error:
        raise form_fault("files", "BINARY", f"{file['name']} arrived damaged.") from error


def _choices(options: Wire) -> dict[str, Choice]:
    return {name: _picked(value) if isinstance(value, dict) else value for name, value in options.items()}


def _chosen_files(value: str | Sequence[str] | Sequence[Wire]) -> str | Sequence[str] | Sequence[File]:
    """A form's value, in which files came as they travel."""
    if isinstance(value, str):
        return value
    files = [_picked(one) for one in value if not isinstance(one, str)]
    return files or [one for one in value if isinstance(one, str)]


def _as_wire(reply: Reply) -> Wire:
    return {"kind": reply.kind, "message": reply.message, "modal": reply.modal, "error": reply.error}
