"""What a server decided, in words: a line for each thing, to be shown, and to be told of when it changes."""

from collections.abc import Mapping
from dataclasses import dataclass

from rooms_bot.chat.escaping import plain
from rooms_bot.domain.rooms import Limits
from rooms_bot.export import budgets
from rooms_bot.i18n import N_, _, ngettext
from rooms_bot.ports import GuildSettings

LANGUAGES = {"": N_("as the server has it at Discord"), "en": N_("English"), "de": N_("German")}


@dataclass(frozen=True, slots=True)
class Given:
    """What the operator decided: the name of the hosts' role, and whether there is a moderation model."""

    host_role: str
    moderates: bool


def lines(settings: GuildSettings, given: Given) -> Mapping[str, str]:
    """By its field of `GuildSettings`, each thing that was decided."""
    return {
        "host_role": _("**Hosts** have Manage Channels, the role “{name}”{role}.").format(
            name=plain(given.host_role),
            role=_(" or {role}").format(role=f"<@&{settings.host_role}>") if settings.host_role else "",
        ),
        "member_role": _("**Heard** is {who}.").format(who=_members(settings)),
        "muted_role": _("**Muted** is {who}.").format(
            who=f"<@&{settings.muted_role}>" if settings.muted_role else _("nobody but who has a timeout")
        ),
        "channels": _("**Rooms** are opened {where}.").format(
            where=_("in {channels}").format(channels=_channels(settings.channels))
            if settings.channels
            else _("everywhere")
        ),
        "log_channel": _("**Log channel**: {channel}.").format(
            channel=f"<#{settings.log_channel}>" if settings.log_channel else _("none")
        ),
        "heard_bots": _("**Bots and webhooks** that are heard: {bots}.").format(bots=_bots(settings)),
        "day": _("**Budget for a day**: {limits}.").format(limits=_limits(settings.day)),
        "month": _("**Budget for a month**: {limits}.").format(limits=_limits(settings.month)),
        "member": _("**Budget of a member for an hour**: {limits}.").format(limits=_limits(settings.member)),
        "language": _("**Language** of notices: {language}.").format(language=_(LANGUAGES[settings.language])),
        "blocked_words": _("**Blocked words**: {number}.").format(number=_words(len(settings.blocked_words))),
        "moderated": _("**Moderation model**: {state}.").format(state=_moderation(settings, given)),
    }


def changes(old: GuildSettings, new: GuildSettings, given: Given) -> list[str]:
    """The lines of what is other than it was."""
    return [line for field, line in lines(new, given).items() if getattr(old, field) != getattr(new, field)]


def _members(settings: GuildSettings) -> str:
    if settings.member_role is None:
        return _("everyone")
    return _("who has {role}, besides hosts").format(role=f"<@&{settings.member_role}>")


def _channels(channels: tuple[int, ...]) -> str:
    return ", ".join(f"<#{channel}>" for channel in channels)


def _bots(settings: GuildSettings) -> str:
    heard = [
        _("{bots} in {channel}").format(bots=", ".join(f"<@{bot}>" for bot in bots), channel=f"<#{channel}>")
        for channel, bots in settings.heard_bots.items()
        if bots
    ]
    return "; ".join(heard) or _("none")


def _limits(limits: Limits) -> str:
    parts = [
        budgets.amount(number, unit)
        for number, unit in ((limits.tokens, "tokens"), (limits.dollars, "dollars"))
        if number
    ]
    return ", ".join(parts) or _("none of this server's own")


def _words(number: int) -> str:
    return ngettext("{number} entry", "{number} entries", number).format(number=number) if number else _("none")


def _moderation(settings: GuildSettings, given: Given) -> str:
    if not given.moderates:
        return (
            _("on, but the bot's operator names none: agents can say nothing")
            if settings.moderated
            else _("the bot's operator names none")
        )
    return _("on") if settings.moderated else _("off")
