"""What a server decided, in words: a line for each thing, to be shown, and to be told of when it changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rooms_bot.chat.escaping import plain
from rooms_bot.domain.rooms import Limits, Memory
from rooms_bot.engine.accounts import Bounds
from rooms_bot.export import budgets
from rooms_bot.i18n import N_, _, ngettext
from rooms_bot.ports import GuildSettings

LANGUAGES = {"": N_("as the server has it at Discord"), "en": N_("English"), "de": N_("German")}

MEMORY = {
    Memory.EPHEMERAL: N_("in memory only, until 15 minutes after the end"),
    Memory.DURABLE: N_("in the bot's database"),
}


@dataclass(frozen=True, slots=True)
class Given:
    """What the operator decided: the name of the hosts' role, whether there is a moderation model, the budgets."""

    host_role: str
    moderates: bool
    bounds: Bounds = field(default_factory=Bounds)


def lines(settings: GuildSettings, given: Given) -> Mapping[str, str]:
    """By its field of `GuildSettings`, each thing that was decided."""
    return {
        "host_role": _("**Hosts**: who may manage channels, or has the role “{name}”{role}.").format(
            name=plain(given.host_role),
            role=_(" or {role}").format(role=f"<@&{settings.host_role}>") if settings.host_role else "",
        ),
        "member_role": _("**Who may talk**: {who}.").format(who=_members(settings)),
        "muted_role": _("**Muted**: {who}.").format(who=_muted(settings)),
        "channels": _("**Rooms may be opened**: {where}.").format(
            where=_("in {channels}").format(channels=_channels(settings.channels))
            if settings.channels
            else _("everywhere")
        ),
        "log_channel": _("**Log channel**: {channel}.").format(
            channel=f"<#{settings.log_channel}>" if settings.log_channel else _("none")
        ),
        "heard_bots": _("**Bots and webhooks** that are heard: {bots}.").format(bots=_bots(settings)),
        "day": _("**Budget per day**: {limits}.").format(limits=_limits(settings.day, given.bounds.day)),
        "month": _("**Budget per month**: {limits}.").format(limits=_limits(settings.month, given.bounds.month)),
        "member": _("**Budget per member and hour**: {limits}.").format(
            limits=_limits(settings.member, given.bounds.member)
        ),
        "memory": _("**Conversations** are kept {where}, unless `/room start` says otherwise.").format(
            where=_(MEMORY[settings.memory])
        ),
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
    return _("hosts, and who has {role}").format(role=f"<@&{settings.member_role}>")


def _muted(settings: GuildSettings) -> str:
    if settings.muted_role is None:
        return _("nobody, besides Discord's timeouts")
    return _("who has {role}, besides Discord's timeouts").format(role=f"<@&{settings.muted_role}>")


def _channels(channels: tuple[int, ...]) -> str:
    return ", ".join(f"<#{channel}>" for channel in channels)


def _bots(settings: GuildSettings) -> str:
    heard = [
        _("{bots} in {channel}").format(bots=", ".join(f"<@{bot}>" for bot in bots), channel=f"<#{channel}>")
        for channel, bots in settings.heard_bots.items()
        if bots
    ]
    return "; ".join(heard) or _("none")


def _limits(limits: Limits, bound: Limits) -> str:
    """The server's own, and the operator's, which holds all the same."""
    own, most = amounts(limits) or _("none of this server's own"), amounts(bound)
    return _("{own} (the operator allows at most {most})").format(own=own, most=most) if most else own


def amounts(limits: Limits) -> str:
    """In tokens and in money; empty without a limit."""
    both = ((limits.tokens, "tokens"), (limits.dollars, "dollars"))
    return ", ".join(budgets.amount(number, unit) for number, unit in both if number)


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
