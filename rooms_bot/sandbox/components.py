"""What Discord asks of a message's components as a whole, and the ids it gives them."""

from collections.abc import Iterator
from typing import Any

from rooms_bot.sandbox.refusals import Form

Wire = dict[str, Any]

V2_FLAG = 1 << 15
_V2_TYPES = frozenset({9, 10, 11, 12, 13, 14, 17, 18})
_LINK, _PREMIUM = 5, 6
_MAX_V2, _MAX_ROWS, _MAX_TEXT = 40, 5, 4000


def walk(components: list[Wire], at: str = "components") -> Iterator[tuple[str, Wire]]:
    """Each component with its path, outer ones first."""
    for place, component in enumerate(components):
        here = f"{at}.{place}"
        yield here, component
        yield from walk(component.get("components", []), f"{here}.components")
        for key in ("accessory", "component"):
            if key in component:
                yield f"{here}.{key}", component[key]


def check(form: Form, components: list[Wire], *, v2: bool) -> None:
    """Adds the faults of a message's components to `form`."""
    everything = list(walk(components))
    if v2:
        _check_v2(form, everything)
    else:
        if len(components) > _MAX_ROWS:
            form.fault("components", "BASE_TYPE_MAX_LENGTH", f"Must be {_MAX_ROWS} or fewer in length.")
        for at, component in everything:
            if component["type"] in _V2_TYPES:
                form.fault(f"{at}.type", "UNION_TYPE_CHOICES", 'Value of field "type" must be one of (1,).')
    seen: set[str] = set()
    for at, component in everything:
        _check_one(form, at, component)
        custom_id = component.get("custom_id")
        if custom_id is not None and custom_id in seen:
            form.fault(f"{at}.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
        seen.add(custom_id or "")


def _check_v2(form: Form, everything: list[tuple[str, Wire]]) -> None:
    if len(everything) > _MAX_V2:
        form.fault(
            "components",
            "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
            f"Total number of components cannot exceed {_MAX_V2}",
        )
    if sum(len(c["content"]) for _, c in everything if c["type"] == 10) > _MAX_TEXT:
        form.fault(
            "components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", f"Displayable text cannot exceed {_MAX_TEXT}"
        )


def _check_one(form: Form, at: str, component: Wire) -> None:
    if (
        component["type"] == 1
        and len(component["components"]) > 1
        and any(c["type"] != 2 for c in component["components"])
    ):
        form.fault(
            f"{at}.components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The specified component exceeds the maximum width"
        )
    if component["type"] == 2:
        _check_button(form, at, component)
    if component["type"] == 3:
        _check_options(form, at, component)


def _check_button(form: Form, at: str, button: Wire) -> None:
    if button["style"] == _LINK:
        if not button.get("url") or button.get("custom_id"):
            form.fault(
                f"{at}.url" if not button.get("url") else f"{at}.custom_id",
                "BUTTON_COMPONENT_INVALID_URL_FIELDS",
                "A link button must have a url and no custom id",
            )
    elif button["style"] != _PREMIUM and (button.get("url") or not button.get("custom_id")):
        form.fault(f"{at}.custom_id", "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", "A custom id is required")
    if button["style"] != _PREMIUM and not button.get("label") and not button.get("emoji"):
        form.fault(f"{at}.label", "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A label or an emoji is required")


def _check_options(form: Form, at: str, select: Wire) -> None:
    values = [option["value"] for option in select["options"]]
    for place, value in enumerate(values):
        if value in values[:place]:
            form.fault(
                f"{at}.options.{place}.value",
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                "The specified option value is already used",
            )
    most = select.get("max_values", 1)
    if most > len(values) or select.get("min_values", 1) > max(most, 1):
        form.fault(
            f"{at}.max_values", "SELECT_COMPONENT_MAX_VALUES_INVALID", "Max values must fit the number of options"
        )


def numbered(components: list[Wire]) -> list[Wire]:
    """The components, each with an integer id of its own: the one it was sent with, else the next free one."""
    taken = {c.get("id") for _, c in walk(components)}
    free = (n for n in range(1, 1000) if n not in taken)
    for _, component in walk(components):
        if not component.get("id"):
            component["id"] = next(free)
        _complete(component)
    return components


_DEFAULTS: dict[int, Wire] = {
    11: {"description": None, "spoiler": False},
    13: {"spoiler": False},
    14: {"divider": True, "spacing": 1},
    17: {"accent_color": None, "spoiler": False},
    3: {"min_values": 1, "max_values": 1},
    5: {"min_values": 1, "max_values": 1},
    6: {"min_values": 1, "max_values": 1},
    7: {"min_values": 1, "max_values": 1},
    8: {"min_values": 1, "max_values": 1},
}


def _complete(component: Wire) -> None:
    """What answers always tell, sent or not."""
    if "emoji" in component:
        component["emoji"].setdefault("name", "")
    for key, value in _DEFAULTS.get(component["type"], {}).items():
        component.setdefault(key, value)
