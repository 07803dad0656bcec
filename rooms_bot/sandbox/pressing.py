"""Buttons, selects and forms as a person uses them, turned into what the application receives."""

from collections.abc import Mapping, Sequence
from typing import Any

from rooms_bot.sandbox import components
from rooms_bot.sandbox.options import NotTaken, Resolved

Wire = dict[str, Any]
BUTTON, SELECT, INPUT, USERS, ROLES, MENTIONABLES, CHANNELS = 2, 3, 4, 5, 6, 7, 8
TEXT, LABEL, UPLOAD, RADIO, CHECKBOXES, CHECKBOX = 10, 18, 19, 21, 22, 23
_SELECTS = frozenset({SELECT, USERS, ROLES, MENTIONABLES, CHANNELS})
File = tuple[str, bytes]
Fields = Mapping[str, str | Sequence[str] | Sequence[File]]
"""What was put into the inputs of a form, by their custom_id; files as their names and bytes."""


def pressed(message: Wire, custom_id: str, values: list[str], resolved: Resolved, viewer: str) -> Wire:
    """The data of a press; raises NotTaken where the client would not send it."""
    for _, component in components.walk(message["components"]):
        if component.get("custom_id") != custom_id:
            continue
        if component.get("disabled"):
            raise NotTaken("This is switched off.")
        data = {"component_type": component["type"], "custom_id": custom_id, "id": component["id"]}
        if component["type"] in _SELECTS:
            data["values"] = _chosen(component, values, resolved, viewer)
            data |= {"resolved": resolved.found} if resolved.found else {}
        return data
    raise NotTaken("This message has no such button any more.")


def _chosen(select: Wire, values: list[str], resolved: Resolved, viewer: str) -> list[str]:
    least, most = select.get("min_values", 1), select.get("max_values", 1)
    if not least <= len(values) <= most:
        raise NotTaken(f"Choose from {least} to {most}.")
    for value in values:
        if not _can_be(select, value, resolved, viewer):
            raise NotTaken(f"“{value}” is not among the choices.")
    return values


def _can_be(select: Wire, value: str, resolved: Resolved, viewer: str) -> bool:
    match select["type"]:
        case 5:
            return resolved.user(value)
        case 6:
            return resolved.role(value)
        case 7:
            return resolved.user(value) or resolved.role(value)
        case 8:
            return resolved.channel_of(value, viewer)
    return any(option["value"] == value for option in select["options"])


def submitted(modal: Wire, fields: Fields, resolved: Resolved, viewer: str) -> Wire:
    """The data of a sent form; raises NotTaken for what the form does not take."""
    known = {c["custom_id"] for _, c in components.walk(modal["components"]) if "custom_id" in c}
    for name in fields:
        if name not in known:
            raise NotTaken(f"The form has no field “{name}”.")
    sent = [_sent(component, fields, resolved, viewer) for component in modal["components"]]
    data: Wire = {"custom_id": modal["custom_id"], "components": sent}
    return data | ({"resolved": resolved.found} if resolved.found else {})


def _sent(component: Wire, fields: Fields, resolved: Resolved, viewer: str) -> Wire:
    made: Wire = {"type": component["type"], "id": component["id"]}
    if component["type"] == LABEL:
        return made | {
            "component": _sent(component["component"] | {"_label": component["label"]}, fields, resolved, viewer)
        }
    if "components" in component:
        return made | {"components": [_sent(c, fields, resolved, viewer) for c in component["components"]]}
    if component["type"] == TEXT:
        return made
    given = fields.get(component["custom_id"])
    made["custom_id"] = component["custom_id"]
    if component["type"] == INPUT:
        return made | {"value": _typed(component, component.get("value", "") if given is None else str(given))}
    if component["type"] == CHECKBOX:
        return made | {"value": str(given).lower() == "true" if given is not None else component.get("default", False)}
    if component["type"] == UPLOAD:
        return made | {"values": _uploaded(component, given, resolved)}
    if given is None:
        given = [option["value"] for option in component.get("options", []) if option.get("default")]
    values = [given] if isinstance(given, str) else [str(value) for value in given]
    if component.get("required", True) and not values:
        raise NotTaken(f"“{_label(component)}” is required.")
    if component["type"] in _SELECTS and values:
        _chosen(component, values, resolved, viewer)
    if component["type"] == RADIO:
        return made | {"value": values[0] if values else None}
    return made | {"values": values}


def _uploaded(field: Wire, given: str | Sequence[str] | Sequence[File] | None, resolved: Resolved) -> list[str]:
    """The ids of the files, which are kept from now on."""
    files = [one for one in given or () if not isinstance(one, str)]
    least = field.get("min_values") or (1 if field.get("required", True) else 0)
    if not least <= len(files) <= field.get("max_values", 1) and (files or field.get("required", True)):
        raise NotTaken(f"“{_label(field)}” takes {least} to {field.get('max_values', 1)} files.")
    return [resolved.file(*file) for file in files]


def _label(component: Wire) -> str:
    return str(component.get("label") or component.get("_label") or component["custom_id"])


def _typed(field: Wire, text: str) -> str:
    if field.get("required", True) and not text:
        raise NotTaken(f"“{_label(field)}” is required.")
    if text and len(text) < field.get("min_length", 0):
        raise NotTaken(f"“{_label(field)}” must have at least {field['min_length']} characters.")
    most = field.get("max_length", 4000)
    if len(text) > most:
        raise NotTaken(f"“{_label(field)}” must have at most {most} characters.")
    return text
