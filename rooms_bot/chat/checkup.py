"""What `/room doctor` tells: what keeps rooms out of this channel, and how to mend it. It looks and changes nothing."""

import logging
from collections.abc import AsyncIterator, Collection, Iterator
from dataclasses import dataclass
from typing import Any

import discord

from rooms_bot.chat import places
from rooms_bot.chat.escaping import plain
from rooms_bot.chat.failures import TROUBLE
from rooms_bot.chat.permissions import IN_CHANNEL, IN_FORUMS, IN_THREAD, OPENING_THREADS, WORDS, missing
from rooms_bot.chat.render import when
from rooms_bot.chat.webhooks import MOST, is_own
from rooms_bot.i18n import N_, _

log = logging.getLogger(__name__)

It = discord.Interaction[Any]
Around = discord.TextChannel | discord.VoiceChannel | discord.ForumChannel
"""A channel that webhooks and permissions belong to."""

NO_INTENT = N_(
    "The bot cannot read what people write: the **Message Content Intent** is off. The bot's operator switches it on "
    "in Discord's Developer Portal, under Bot, Privileged Gateway Intents, and restarts the bot."
)
FULL = N_(
    "This channel has 15 webhooks, which is all that Discord allows, and none is the bot's. Delete one under Edit "
    "Channel, Integrations, Webhooks."
)
IN_CHANNEL_SETTINGS = N_("Change that under Edit Channel, Permissions.")
IN_SERVER_SETTINGS = N_(
    "Give it to the role **{role}** under Server Settings, Roles, or allow it in this channel alone under Edit "
    "Channel, Permissions."
)
ONLY_THREADS = N_("That is needed only for rooms in threads of this channel.")


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence for who asks; `grave` where no room can be opened here before it is mended."""

    text: str
    grave: bool = True


async def examined(interaction: It, only: Collection[int], voice: str, *, taken: bool) -> str:
    """The answer; `only` are the channels the server has rooms in, `voice` says how agents speak.

    `taken`: a room is open here already.
    """
    found = [finding async for finding in _findings(interaction, only)]
    speaks = _("Agents speak {how}.").format(how=voice)
    if taken and not any(finding.grave for finding in found):
        there = _("A room is open here, and nothing is in its way: `/room status` shows it.")
        return "\n".join([there, *(f"- {finding.text}" for finding in found), f"-# {speaks}"])[:2000]
    if not found:
        return _("All is well: a room can be opened here. {speaks}").format(speaks=speaks)
    grave = any(finding.grave for finding in found)
    first = _("This keeps rooms out of here:") if grave else _("A room can be opened here. But:")
    return "\n".join([first, *(f"- {finding.text}" for finding in found), f"-# {speaks}"])[:2000]


async def _findings(interaction: It, only: Collection[int]) -> AsyncIterator[Finding]:
    for finding in _of_the_place(interaction, only):
        yield finding
    for finding in _of_permissions(interaction):
        yield finding
    if not await _reads(interaction.client):
        yield Finding(_(NO_INTENT))
    around = _around(interaction.channel)
    if around is not None and interaction.app_permissions.manage_webhooks and await _is_full(around):
        yield Finding(_(FULL))


def _of_the_place(interaction: It, only: Collection[int]) -> Iterator[Finding]:
    channel = interaction.channel
    if reason := places.unfit(channel):
        yield Finding(_(reason))
    if isinstance(channel, discord.Thread) and channel.locked:
        yield Finding(_(places.LOCKED))
    if isinstance(channel, discord.Thread) and places.outside(channel, interaction.app_permissions):
        yield Finding(_(places.OUTSIDE))
    parent = channel.parent_id if isinstance(channel, discord.Thread) else interaction.channel_id
    if only and parent not in only:
        yield Finding(places.elsewhere(only))


# Permissions


def _of_permissions(interaction: It) -> Iterator[Finding]:
    around, have = _around(interaction.channel), interaction.app_permissions
    if around is None or around.guild.me is None:
        return
    me, threaded = around.guild.me, isinstance(interaction.channel, discord.Thread)
    if me.timed_out_until is not None and me.is_timed_out():
        told = _("The bot is timed out and may not say anything before {when}. Who may time members out can end that.")
        yield Finding(told.format(when=when(me.timed_out_until)))
    lacking = missing(have, IN_THREAD if threaded else IN_CHANNEL)
    yield from (Finding(_lack(around, me, name)) for name in lacking)
    if have.read_messages and isinstance(interaction.channel, discord.TextChannel):
        for name in missing(have, OPENING_THREADS):
            yield Finding(f"{_lack(around, me, name)} {_(ONLY_THREADS)}", grave=False)


def _lack(around: Around, me: discord.Member, name: str) -> str:
    """Which permission is missing, what takes it away, and how to give it."""
    words = IN_FORUMS if isinstance(around, discord.ForumChannel) else WORDS
    denied = _denied_to(around, me, name)
    if denied is None:
        own = around.guild.self_role
        cause = _("none of the bot's roles has it.")
        cure = _(IN_SERVER_SETTINGS).format(role=plain((own or me.top_role).name))
    else:
        cause = _("this channel denies it to {whom}.").format(whom=denied)
        cure = _(IN_CHANNEL_SETTINGS)
    return _("**{permission}** is missing: {cause} {cure}").format(permission=_(words[name]), cause=cause, cure=cure)


def _denied_to(around: Around, me: discord.Member, name: str) -> str | None:
    """Whose overwrite takes it away, in Discord's order: the member's own, its roles', everyone's."""
    if getattr(around.overwrites_for(me), name) is False:
        return _("the bot itself")
    roles = [role for role in me.roles if not role.is_default()]
    denying = [role for role in roles if getattr(around.overwrites_for(role), name) is False]
    if denying:
        return ", ".join(_("the role **{role}**").format(role=plain(role.name)) for role in denying)
    everyone = around.overwrites_for(around.guild.default_role)
    return "**@\u200beveryone**" if getattr(everyone, name) is False else None


def _around(channel: object) -> Around | None:
    parent = channel.parent if isinstance(channel, discord.Thread) else channel
    return parent if isinstance(parent, Around) else None


# What only Discord knows


async def _reads(client: discord.Client) -> bool:
    """Whether people's words reach the bot, as the Developer Portal has it now, or had it at the log-in."""
    try:
        flags = (await client.application_info()).flags
    except TROUBLE as error:
        log.warning("the application could not be looked up: %s", error or "no answer")
        flags = client.application_flags
    return flags.gateway_message_content or flags.gateway_message_content_limited


async def _is_full(around: Around) -> bool:
    try:
        hooks = await around.webhooks()
    except TROUBLE as error:
        log.warning("channel %s: its webhooks could not be looked at: %s", around.id, error or "no answer")
        return False
    return len(hooks) >= MOST and not any(is_own(around.guild.me, hook) for hook in hooks)
