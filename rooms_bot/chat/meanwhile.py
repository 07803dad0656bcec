"""What somebody changed in a form while what it is about may have been changed by others, too."""

from collections.abc import Mapping
from typing import Any

from rooms_bot.errors import Refused
from rooms_bot.i18n import N_

OVERTAKEN = N_("Somebody else has changed this since you opened the form. Please open it again and look how it is now.")


class Outdated(Refused):
    """A form that is about something which is otherwise by now: sent again, it would be no better."""


def changed(opened: Mapping[str, Any], wanted: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that whoever typed gave another value than it was `opened` with; what others did to the rest, stands.

    Raises `Outdated` where somebody else has changed one of these, in another way.
    """
    changes = {name: value for name, value in wanted.items() if value != opened[name]}
    if any(now[name] not in (opened[name], value) for name, value in changes.items()):
        raise Outdated(OVERTAKEN)
    return changes
