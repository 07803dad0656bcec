"""What is kept of a server and who gets to know it, in words: as this bot's operator and the server have it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rooms_bot.chat.render import listing
from rooms_bot.chat.settings_words import MEMORY
from rooms_bot.engine.leaving import Removed
from rooms_bot.i18n import _, ngettext, number
from rooms_bot.ports import GuildSettings

LONGEST = 2000
"""Characters of a message."""
ROOM_FOR_VOICES = 500
"""Of these at most, for the models' names; all else is told whole."""

Describe = Callable[[str], str]
"""A model by its name, in words: which it is and whose machine it runs on."""


@dataclass(frozen=True, slots=True)
class Practice:
    """What the operator decided: the names of models beside those that members choose from, and for how many days."""

    orchestrator: str | None = None
    embedding: str | None = None
    moderation: str | None = None
    days: int = 0
    """So long what was said is kept in the database; 0 is without an end."""


def policy(settings: GuildSettings, practice: Practice, models: Sequence[str], describe: Describe) -> str:
    """What is kept, where, how long, who can read it, and how it is deleted; `models` are those that agents may use."""
    all_models = [*models, *([practice.orchestrator] if practice.orchestrator else [])]
    voices = listing(dict.fromkeys(map(describe, all_models)))
    others = (_conversations(settings, practice), _else(), _readers(), _ways())

    def told(room: int) -> str:
        blocks = [_models(_short(voices, room), [*_further(settings, practice, describe)]), *others]
        return _("## What is kept, and who gets it") + "\n" + "\n\n".join(blocks)

    left = LONGEST - len(told(1)) + 1
    return told(max(1, min(ROOM_FOR_VOICES, left)))[:LONGEST]


def _models(voices: str, further: Sequence[str]) -> str:
    heard = _("**Models**: what is written in a room is passed on to the models that its agents speak with.")
    return " ".join([heard, _("Here they speak {voices}.").format(voices=voices), *further])


def _further(settings: GuildSettings, practice: Practice, describe: Describe) -> Iterator[str]:
    if practice.embedding:
        yield _("Whom a message concerns is found {voice}.").format(voice=describe(practice.embedding))
    if practice.moderation and settings.moderated:
        yield _("What agents say is checked {voice}.").format(voice=describe(practice.moderation))
    yield _("What is written elsewhere is not passed on, unless somebody asks an agent about it.")


def _conversations(settings: GuildSettings, practice: Practice) -> str:
    where = _("**Conversations** are kept {where}, unless `/room start` says otherwise; each room's panel tells.")
    memory = _(
        "Of a room in memory nothing that is said is written to the bot's disk: after a restart it is read again from "
        "the channel, and of one that is over nothing is left then."
    )
    if practice.days:
        ends = ngettext(
            "Of a room in the database all is deleted {days} day after its end; what was said longer ago than that is "
            "deleted while it goes on.",
            "Of a room in the database all is deleted {days} days after its end; what was said longer ago than that is "
            "deleted while it goes on.",
            practice.days,
        ).format(days=number(practice.days))
    else:
        ends = _("A room in the database is kept until somebody has it deleted.")
    return " ".join([where.format(where=_(MEMORY[settings.memory])), memory, ends])


def _else() -> str:
    return _(
        "**Besides**: this server's settings and personas, what members tell with `/profile set`, each room's topic, "
        "agents and who opened it, how many tokens were used, by hour and member."
    )


def _readers() -> str:
    return _(
        "**Who can read it**: in the channel and as an export, who sees the channel; in the database, the operator of "
        "the bot. Discord keeps the messages themselves."
    )


def _ways() -> str:
    return _(
        "**Deleting**: a message that you edit or delete changes in the room too. `/profile ignore`: you are not "
        "heard. `/profile forget` deletes your profile and what you said. Discard, under a room that is over, deletes "
        "what was said in it. `/privacy delete-server-data` deletes all of this server, for those who manage it. What "
        "providers of models keep is up to them."
    )


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def warning(server: str) -> str:
    """What is about to be deleted, before somebody says that it is to be."""
    lines = [
        _("**Delete all that the bot keeps of {server}?**").format(server=server),
        _(
            "All rooms here end at once. Their conversations, also those of rooms that are long over, members' "
            "profiles, this server's settings, its personas with their faces and its counts of tokens are deleted for "
            "good."
        ),
        _("What stands in the channels stays there: those messages are Discord's. Export what you want to keep first."),
    ]
    return "\n".join(lines)


def removed(gone: Removed) -> str:
    """What was deleted."""
    ended = ngettext("{count} room was ended.", "{count} rooms were ended.", gone.rooms)
    profiles = ngettext("{count} profile", "{count} profiles", gone.profiles)
    personas = ngettext("{count} persona", "{count} personas", gone.personas)
    said = _(
        "{profiles}, {personas}, the settings, the counts of tokens and all conversations of this server are deleted. "
        "The messages in the channels are still there, and so is the bot."
    )
    counted = said.format(
        profiles=profiles.format(count=number(gone.profiles)), personas=personas.format(count=number(gone.personas))
    )
    return f"{ended.format(count=number(gone.rooms))} {counted}"
