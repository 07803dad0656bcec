"""The wire of interactions: what the application is told, and what its answers may be."""

from typing import Annotated, Any

from pydantic import Field

from rooms_bot.sandbox import components, options, posts, views
from rooms_bot.sandbox.command_forms import ChoiceForm
from rooms_bot.sandbox.forms import Body, read
from rooms_bot.sandbox.interaction import Interaction
from rooms_bot.sandbox.modal_forms import ModalForm
from rooms_bot.sandbox.refusals import Form, form_fault
from rooms_bot.sandbox.world import World

Wire = dict[str, Any]

# The answers each kind of interaction takes: https://discord.com/developers/docs/interactions/receiving-and-responding
_FITTING = {2: {4, 5, 9}, 3: {4, 5, 6, 7, 9}, 4: {8}, 5: {4, 5, 6, 7}}
_MENU = {1: 20, 2: 23, 3: 23}


class Choices(Body):
    choices: Annotated[list[ChoiceForm], Field(max_length=25)] | None = None


def event(world: World, asked: Interaction) -> Wire:
    """INTERACTION_CREATE, with every field the libraries need."""
    channel = asked.channel
    made: Wire = {
        "id": asked.id,
        "application_id": world.bot_id,
        "type": asked.kind,
        "token": asked.token,
        "version": 1,
        "data": asked.data,
        "channel": views.channel(world, channel, asked.user_id),
        "channel_id": channel["id"],
        "app_permissions": str(world.permissions(world.bot_id, channel)),
        "locale": world.locales.get(asked.user_id, "en-US"),
        "entitlements": [],
        "entitlement_sku_ids": [],
        "authorizing_integration_owners": owners(asked),
        "context": 0 if "guild_id" in channel else 1,
        "attachment_size_limit": 10 * 1024 * 1024,
    }
    if asked.source is not None:
        made["message"] = views.message(world, asked.source, world.bot_id)
    if "guild_id" not in channel:
        return made | {"user": world.users[asked.user_id]}
    guild = world.guilds[channel["guild_id"]].wire
    made["channel"]["permissions"] = str(world.permissions(asked.user_id, channel))
    return made | {
        "guild_id": guild["id"],
        "guild": {"id": guild["id"], "locale": guild["preferred_locale"], "features": guild["features"]},
        "guild_locale": guild["preferred_locale"],
        "member": views.interaction_member(world, asked.user_id, channel),
    }


def owners(asked: Interaction) -> Wire:
    return {"0": asked.channel.get("guild_id", "0")}


def check_kind(asked: Interaction, body: Wire) -> int:
    """The answer's type; raises 50035 if the interaction does not take it."""
    kind = body.get("type") if isinstance(body, dict) else None
    fitting = _FITTING[asked.kind] - ({6, 7} if asked.source is None else set())
    if not isinstance(kind, int) or kind not in fitting:
        allowed = ", ".join(map(str, sorted(fitting)))
        raise form_fault("type", "BASE_TYPE_CHOICES", f"Value must be one of ({allowed}).")
    if not isinstance(body.get("data") or {}, dict):
        raise form_fault("data", "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
    return kind


def checked_choices(asked: Interaction, data: Wire) -> Wire:
    """Up to 25 choices whose values have the focused option's type."""
    choices = read(Choices, data).get("choices") or []
    text = options.focused(asked.data)["type"] == 3
    form = Form()
    for place, choice in enumerate(choices):
        if isinstance(choice["value"], str) != text:
            form.fault(f"data.choices.{place}.value", "CHOICE_TYPE_CONVERT", "Value has not the option's type")
        elif text and len(choice["value"]) > 100:
            form.fault(f"data.choices.{place}.value", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
    form.close()
    return {"choices": choices}


def checked_form(data: Wire) -> Wire:
    """A modal; raises 50035 for what Discord does not show."""
    modal = read(ModalForm, data)
    form = Form()
    seen: set[str] = set()
    for at, component in components.walk(modal["components"]):
        custom_id = component.get("custom_id")
        if custom_id in seen:
            form.fault(f"{at}.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
        seen.add(custom_id or str(at))
        if component["type"] == 4 and at.count("components") == 2 and not component.get("label"):
            form.fault(f"{at}.label", "BASE_TYPE_REQUIRED", "This field is required")
        if component.get("max_length", 4000) < component.get("min_length", 0):
            form.fault(f"{at}.min_length", "BASE_TYPE_MAX", "Must be at most max_length")
    form.close()
    modal["components"] = components.numbered(modal["components"])
    return modal


def marks(world: World, asked: Interaction, *, original: bool) -> Wire:
    """What a message that answers an interaction carries of it."""
    about = metadata(world, asked)
    made: Wire = {"interaction_metadata": about}
    if asked.kind == 2 and original:
        made["type"] = _MENU[asked.data["type"]]
        named = {"id": asked.id, "type": 2, "name": asked.data["name"], "user": world.users[asked.user_id]}
        made["interaction"] = named
    if not original and asked.original is not None:
        about["original_response_message_id"] = asked.original
    return made


def metadata(world: World, asked: Interaction) -> Wire:
    """How an interaction is told of afterwards."""
    made: Wire = {
        "id": asked.id,
        "type": asked.kind,
        "user": world.users[asked.user_id],
        "authorizing_integration_owners": owners(asked),
    }
    if asked.kind == 2:
        made |= {"name": asked.data["name"], "command_type": asked.data["type"]}
    if asked.kind == 3 and asked.source is not None:
        made["interacted_message_id"] = asked.source["id"]
    if asked.trigger is not None:
        made["triggering_interaction_metadata"] = asked.trigger
    return made


def receipt(world: World, asked: Interaction, kind: int, message: Wire | None) -> Wire:
    """What `with_response=true` brings."""
    interaction: Wire = {"id": asked.id, "type": asked.kind, "channel_id": asked.channel["id"]}
    if "guild_id" in asked.channel:
        interaction["guild_id"] = asked.channel["guild_id"]
    resource: Wire = {"type": kind}
    if message is not None:
        interaction |= {
            "response_message_id": message["id"],
            "response_message_loading": bool(message["flags"] & posts.LOADING),
            "response_message_ephemeral": bool(message["flags"] & posts.EPHEMERAL),
        }
        if kind != 6:
            resource["message"] = views.message(world, message, world.bot_id)
    return {"interaction": interaction} | ({"resource": resource} if kind in (4, 7) else {})
