"""Interactions: what people ask of the application, and how it may answer, in time and once."""

import secrets
from collections.abc import Sequence
from typing import Any

from rooms_bot.sandbox import answers, posts, views
from rooms_bot.sandbox.attachments import Upload
from rooms_bot.sandbox.forms import read
from rooms_bot.sandbox.interaction import (
    CHOICES,
    DEFERRED,
    DEFERRED_UPDATE,
    FORM,
    MODAL,
    UPDATE,
    Interaction,
)
from rooms_bot.sandbox.limits import Limits
from rooms_bot.sandbox.message_forms import MessageForm
from rooms_bot.sandbox.permissions import EVERYTHING
from rooms_bot.sandbox.posts import EPHEMERAL, LOADING, SENDABLE, Poster
from rooms_bot.sandbox.refusals import Refusal, refused, unknown
from rooms_bot.sandbox.world import World

Wire = dict[str, Any]


class Desk:
    """Where interactions are handed over, and answers to them taken."""

    def __init__(self, world: World, limits: Limits) -> None:
        self.world = world
        self.limits = limits
        self._by_id: dict[str, Interaction] = {}
        self._by_token: dict[str, Interaction] = {}

    def open(self, kind: int, user_id: str, channel: Wire, data: Wire, *, source: Wire | None = None) -> Interaction:
        """Tell the application of a new interaction; `source` is the message that carries the pressed component."""
        token, now = secrets.token_urlsafe(120), self.world.clock.now()
        return self._tell(Interaction(self.world.new_id(), token, kind, channel, user_id, data, now, source))

    def open_form(self, user_id: str, opened: Interaction, data: Wire) -> Interaction:
        """Tell the application that the form it showed in answer to `opened` was sent."""
        token, now = secrets.token_urlsafe(120), self.world.clock.now()
        made = Interaction(self.world.new_id(), token, MODAL, opened.channel, user_id, data, now, opened.source)
        made.trigger = answers.metadata(self.world, opened)
        return self._tell(made)

    def _tell(self, made: Interaction) -> Interaction:
        expired = made.made_at - self.limits.token
        for old in [old for old in self._by_id.values() if old.made_at < expired]:
            del self._by_id[old.id], self._by_token[old.token]
        self._by_id[made.id] = self._by_token[made.token] = made
        event, guild = answers.event(self.world, made), made.channel.get("guild_id")
        self.world.emit("INTERACTION_CREATE", event, guild=guild, only=self.world.bot_id)
        return made

    def find(self, interaction_id: str) -> Interaction:
        if interaction_id not in self._by_id:
            raise unknown("interaction")
        return self._by_id[interaction_id]

    # -- the first answer

    def answer(self, interaction_id: str, token: str, body: Wire, files: Sequence[Upload]) -> Wire:
        """Take the first answer; returns what `with_response` tells. Raises 10062 when late, 40060 when second."""
        found = self._by_id.get(interaction_id)
        if found is None or not secrets.compare_digest(found.token.encode(), token.encode()):
            raise unknown("interaction")
        if found.first.done() and not found.first.cancelled():
            raise refused(40060)
        if found.first.cancelled() or self.world.clock.now() - found.made_at > self.limits.answer:
            found.first.cancel()
            raise unknown("interaction")
        kind = answers.check_kind(found, body)
        data = body.get("data") or {}
        message = self._first(found, kind, data, files)
        found.first.set_result({"type": kind, "data": data})
        return answers.receipt(self.world, found, kind, message)

    def _first(self, found: Interaction, kind: int, data: Wire, files: Sequence[Upload]) -> Wire | None:
        if kind in (CHOICES, FORM):
            data |= answers.checked_choices(found, data) if kind == CHOICES else answers.checked_form(data)
            found.settle()
            return None
        if kind in (DEFERRED_UPDATE, UPDATE):
            return self._update_source(found, kind, data, files)
        if kind == DEFERRED:
            flags = ((data.get("flags") or 0) & EPHEMERAL) | LOADING
            found.pending = True
            return self._post(found, {"flags": flags}, (), original=True)
        message = self._post(found, _message(data), files, original=True)
        found.settle()
        return message

    def _update_source(self, found: Interaction, kind: int, data: Wire, files: Sequence[Upload]) -> Wire:
        assert found.source is not None
        found.original = found.source["id"]
        if kind == DEFERRED_UPDATE:
            found.pending = True
            return found.source
        posts.edit(self.world, found.source, self._poster(found), _message(data), files)
        found.settle()
        return found.source

    # -- what comes after, by token

    def _later(self, token: str) -> Interaction:
        """Raises 50027 for a token that is unknown or older than 15 minutes, 10015 before the first answer."""
        found = self._by_token.get(token)
        if found is None or self.world.clock.now() - found.made_at > self.limits.token:
            raise refused(50027)
        if not found.first.done() or found.first.cancelled():
            raise unknown("webhook")
        return found

    def original(self, token: str) -> Wire:
        found = self._later(token)
        return self.world.find_message(found.channel["id"], found.original or "")

    def message(self, token: str, message_id: str) -> Wire:
        """A message sent with this token; 10008 for any other."""
        found = self._later(token)
        message = self.world.find_message(found.channel["id"], message_id)
        own = message.get("interaction_metadata", {}).get("id") == found.id
        if not own and message_id != found.original:
            raise unknown("message")
        return message

    def shown(self, message: Wire) -> Wire:
        return views.message(self.world, message, self.world.bot_id)

    def follow_up(self, token: str, body: object, files: Sequence[Upload]) -> Wire:
        """A further message; the first one after a deferral takes the place of "thinking"."""
        found = self._later(token)
        if found.pending and self._thinking(found):
            return self.edit_original(token, body, files)
        message = self._post(found, _message(body), files)
        found.settle()
        return self.shown(message)

    def edit_original(self, token: str, body: object, files: Sequence[Upload]) -> Wire:
        return self.edit(token, self.original(token)["id"], body, files)

    def edit(self, token: str, message_id: str, body: object, files: Sequence[Upload]) -> Wire:
        found, message = self._later(token), self.message(token, message_id)
        form = read(MessageForm, body)
        was_thinking = message["flags"] & LOADING
        kept = message["flags"]
        message["flags"] &= ~LOADING
        try:
            posts.edit(self.world, message, self._poster(found), form, files)
        except Refusal:
            message["flags"] = kept
            raise
        if was_thinking:
            message["edited_timestamp"] = None
        if message_id == found.original:
            found.settle()
        return self.shown(message)

    def delete(self, token: str, message: Wire) -> None:
        found = self._later(token)
        self.message(token, message["id"])
        posts.delete(self.world, message)
        if message["id"] == found.original:
            found.settle()

    # -- posting

    def _thinking(self, found: Interaction) -> bool:
        original = self.world.messages[found.channel["id"]].get(found.original or "")
        return original is not None and bool(original["flags"] & LOADING)

    def _poster(self, found: Interaction) -> Poster:
        may = self.world.permissions(self.world.bot_id, found.channel) or EVERYTHING
        me = self.world.bot_id
        return Poster(self.world.bot, may, webhook_id=me, application_id=me)

    def _post(self, found: Interaction, body: Wire, files: Sequence[Upload], *, original: bool = False) -> Wire:
        only = found.user_id if body["flags"] & EPHEMERAL else None
        extra = answers.marks(self.world, found, original=original)
        made = posts.post(self.world, found.channel, self._poster(found), body, files, extra=extra, only=only)
        if original:
            found.original = made["id"]
        return made


def _message(data: object) -> Wire:
    body = read(MessageForm, data)
    body["flags"] = (body.get("flags") or 0) & (SENDABLE | EPHEMERAL)
    return body
