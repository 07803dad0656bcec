"""Why a room cannot go on where it was, in words: each completes the sentence "This room is over, since …"."""

import discord

from rooms_bot.domain.rooms import Place
from rooms_bot.errors import OutletGone
from rooms_bot.i18n import N_

CHANNEL_GONE = N_("the channel is gone")
THREAD_GONE = N_("the thread is gone")
LOCKED = N_("the thread is locked")
KICKED = N_("the bot was taken out of the private thread")
REMOVED = N_("the bot was removed from the server")
UNSEEN = N_("the bot may not see the channel any more: it lacks the permission View Channel")
MUTE = N_("the bot may not write there any more: it lacks the permission Send Messages")
MUTE_IN_THREADS = N_("the bot may not write there any more: it lacks the permission Send Messages in Threads")
REFUSED = N_("the bot may not post there any more")
NO_WEBHOOKS = N_("the bot may not manage webhooks there any more: it lacks the permission Manage Webhooks")
FULL = N_("the channel has 15 webhooks already, which is all that Discord allows")
ANNOUNCEMENTS = N_("it is an announcement channel now, and agents do not speak in those")
UNFIT = N_("agents cannot speak in this kind of channel")

SPEECHLESS = frozenset(
    {CHANNEL_GONE, THREAD_GONE, LOCKED, KICKED, REMOVED, UNSEEN, MUTE, MUTE_IN_THREADS},
)
"""After these not even a notice can be given where the room was."""

ARCHIVED = 50083
_UNKNOWN = (10003, 10008)
"""Unknown channel; unknown message, which is what a post into a thread that is no more is answered with."""
_LOCKED = 160005
"""The thread is, and nobody but moderators may write there."""
NO_ACCESS, _FORBIDDEN = 50001, 50013


def is_thread(place: Place) -> bool:
    return place.channel != place.parent


def muted(place: Place) -> str:
    return MUTE_IN_THREADS if is_thread(place) else MUTE


def deleted(place: Place) -> str:
    return THREAD_GONE if is_thread(place) else CHANNEL_GONE


def loss(error: discord.HTTPException, place: Place) -> OutletGone:
    """What Discord's refusal of a message of the bot's means for the room."""
    said = {_LOCKED: LOCKED, NO_ACCESS: UNSEEN, _FORBIDDEN: muted(place), **dict.fromkeys(_UNKNOWN, deleted(place))}
    return OutletGone(said.get(error.code, REFUSED))
