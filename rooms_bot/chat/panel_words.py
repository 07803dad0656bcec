"""How a room stands, in the words of its panel; and what somebody is told who joins."""

from collections.abc import Iterator

from rooms_bot.chat.escaping import plain
from rooms_bot.chat.render import ENDS, Voice, listing, name_of, when
from rooms_bot.domain.events import Paused, Waiting
from rooms_bot.domain.rooms import MODERATOR, Answering, Memory
from rooms_bot.domain.state import RoomState
from rooms_bot.export import standing
from rooms_bot.export.budgets import amount
from rooms_bot.i18n import _, ngettext, number


def state(room: RoomState) -> str:
    """Whether the room is live, whom it waits for, or why it is paused or over; and whose turn it is."""
    if room.closed is not None:
        return _("⚫ **Over.** {why}").format(why=_(ENDS.get(room.closed.reason, "")))
    if room.paused is not None:
        return f"⏸️ {_paused(room.paused, room)}"
    if room.waiting is not None:
        return " ".join([f"🟡 {_waiting(room.waiting, room)}", *_doing(room)])
    return " ".join([_("🟢 **Live.**"), *_doing(room)])


def _paused(paused: Paused, room: RoomState) -> str:
    if paused.by is None and room.seats and room.muted.issuperset(room.seats):
        return _("**Paused:** every agent here only listens. `/agent unmute` lets one take turns again.")
    by, reason = paused.by, _(paused.reason)
    if by is None:
        return _("**Paused:** {reason}.").format(reason=reason) if reason else _("**Paused.**")
    said = _("**Paused** by {name}: {reason}.") if reason else _("**Paused** by {name}.")
    return said.format(name=plain(by.name), reason=reason)


def _waiting(waiting: Waiting, room: RoomState) -> str:
    member = room.members.get(waiting.member or 0)
    if waiting.reason == "everyone passed":
        whom = _("Everyone has passed: **waiting** for someone to say something.")
    elif waiting.reason == "people":
        whom = _("**Waiting** for someone to say something.")
    elif member is None:
        whom = _("**Waiting** for a word of yours.")
    else:
        asker = name_of(room, waiting.seat or MODERATOR)
        whom = _("**Waiting** for {name}'s answer to {agent}.").format(name=plain(member.name), agent=asker)
    until = _("The agents go on {when}.").format(when=when(waiting.until)) if waiting.until else ""
    return f"{whom} {until}".strip()


def _doing(room: RoomState) -> Iterator[str]:
    if room.current is not None:
        yield _("It is {name}'s turn.").format(name=name_of(room, room.current.seat))
    if room.summary_wanted:
        yield _("A summary comes next.")


def turns(room: RoomState) -> str:
    """How many are taken, and how many of these were passes, if any."""
    if not room.passes:
        said = _("{taken} of {allowed} turns taken.")
    else:
        said = ngettext(
            "{taken} of {allowed} turns taken, {passes} of them a pass.",
            "{taken} of {allowed} turns taken, {passes} of them passes.",
            room.passes,
        )
    return said.format(taken=room.turns_counted, allowed=room.turns_wanted, passes=room.passes)


def moderating(room: RoomState) -> str:
    """When the orchestrator speaks, and what was summed up for the agents alone."""
    said = standing.sentences(standing.moderating(room, _bold))
    if not room.transcript.digests:
        return said
    count = room.transcript.digests[-1].lines
    return f"{said} {_('The first {count} messages are summed up for the agents.').format(count=count)}"


def _bold(name: str) -> str:
    return f"**{plain(name)}**"


def how_to_ask(room: RoomState) -> str:
    """How somebody takes part who reads along."""
    first = next((seat.name for seat in room.seats.values()), "name")
    asking = _("Say something at any time and they hear it. Write `@{called}`, or reply to what {name} says, to ask.")
    said = asking.format(called=first.replace("`", ""), name=plain(first))
    if room.config.agents_answer is Answering.PEOPLE:
        said = f"{_('They speak when one of you has spoken.')} {said}"
    return said


def taking_part(room: RoomState) -> str:
    """For somebody who joins: whom they can ask, and what becomes of what they say."""
    names = listing(f"`@{seat.name.replace('`', '')}`" for seat in room.seats.values())
    lines = [
        _("You take part: the agents know that you are here, and may ask you."),
        how_to_ask(room),
        _("Here are {names}; `@all` asks all of them.").format(names=names),
        _("`/profile set` tells them who you are."),
        f"-# {kept(room)}",
    ]
    return "\n".join(lines)


def voices(room: RoomState, voice: Voice) -> str:
    """Which models speak, the orchestrator's too, and on whose machine."""
    said = listing(dict.fromkeys(voice(seat) for seat in (*room.seats.values(), room.moderator)))
    return _("They speak {voices}.").format(voices=said)


def kept(room: RoomState) -> str:
    """What becomes of what is written."""
    notice = _(
        "What is written here is passed on to the model. Not what you want? `/profile ignore`, and you are not heard: "
        "the bot then neither keeps nor passes on what you say."
    )
    durable = _("The conversation is kept in the bot's database.")
    ephemeral = _("The conversation is kept in memory only, until 15 minutes after its end.")
    return f"{notice} {durable if room.config.memory is Memory.DURABLE else ephemeral}"


def spent(room: RoomState) -> str:
    """Tokens and money so far, if any; a price that nobody knows is not shown as nothing."""
    so_far = room.spent
    if not (so_far.prompt_tokens or so_far.completion_tokens or so_far.cost):
        return ""
    read = _("{read} tokens read, {written} written").format(
        read=number(so_far.prompt_tokens), written=number(so_far.completion_tokens)
    )
    price = amount(so_far.cost, "dollars") if so_far.cost or not so_far.unpriced else _("of unknown price")
    partly = _(", some of it of unknown price") if so_far.unpriced and so_far.cost else ""
    return f"{read}: {price}{partly}."
