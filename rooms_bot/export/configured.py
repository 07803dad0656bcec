"""What was changed of a room's rules or of a seat, as one tells it afterwards."""

from rooms_bot.domain.events import Configured
from rooms_bot.domain.rooms import MODERATOR, RoomConfig
from rooms_bot.export import standing
from rooms_bot.export.budgets import limited
from rooms_bot.i18n import N_, _, number

MODES = {"round_robin": N_("round robin"), "argumentative": N_("argumentative"), "dynamic": N_("dynamic")}
RULES = {
    "topic": N_("the topic was changed to “{value}”"),
    "mode": N_("the mode was changed from {was} to {value}"),
    "agents_answer": N_("the rule was changed to “{value}”"),
    "selector": N_("the rule was changed to “{value}”"),
    "turns": N_("the number of turns was changed to {value}"),
    "pace": N_("the pause between posts, in seconds, was changed to {value}"),
    "human_every": N_("the number of turns before agents wait for a person was changed to {value}"),
    "human_wait": N_("the wait for a person, in seconds, was changed to {value}"),
    "language": N_("the language was changed to {value}"),
    "orchestrator_every": N_("the number of turns before a summary was changed to {value}"),
    "streaming": N_("the rule was changed to “{value}”"),
    "budget": N_("the rule was changed to “{value}”"),
}


def configured(changed: Configured) -> str:
    """Of what nobody asked for only that an agent is called otherwise, not the words by which it is found."""
    if changed.config is not None:
        return _rules(changed, changed.config)
    seat, by = changed.seat, changed.by
    if seat is None:
        return ""
    if by is None:
        apart = _("{was} is called {name} now, since somebody has a name that looks like it")
        return apart.format(was=changed.was, name=seat.name) if changed.was else ""
    if changed.muted is not None:
        said = (
            _("{name} only listens from now on, asked by {by}")
            if changed.muted
            else _("{name} speaks again, asked by {by}")
        )
    elif changed.was and seat.id == MODERATOR:
        said = _("{was} is called {name} now, by {by}'s wish")
    elif changed.was:
        said = _("{name} took the seat of {was}, asked by {by}")
    else:
        said = _("{name} was changed by {by}")
    return said.format(name=seat.name, was=changed.was, by=by.name)


def _rules(changed: Configured, config: RoomConfig) -> str:
    others = changed.changed or (("mode",) if changed.was else ())
    told = "; ".join(_rule(rule, config, changed.was) for rule in RULES if rule in others)
    told = told or _("the rules were changed")
    told = told[0].upper() + told[1:]
    return _("{changes} by {by}").format(changes=told, by=changed.by.name) if changed.by else told


def _rule(rule: str, config: RoomConfig, was: str) -> str:
    values = {
        "mode": _(MODES[config.mode]),
        "agents_answer": _(standing.ANSWERING[config.agents_answer]),
        "selector": _(standing.SELECTION[config.selector]),
        "streaming": _(standing.STREAMING[config.streaming]),
        "budget": limited(config.budget),
    }
    value = values.get(rule) or getattr(config, rule)
    said = number(value) if isinstance(value, int | float) else value
    return _(RULES[rule]).format(value=said, was=_(MODES.get(was, was)))
