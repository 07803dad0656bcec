"""The application's own emojis: up to 2,000 images with lasting addresses."""

from typing import Any

from rooms_bot.sandbox import images
from rooms_bot.sandbox.forms import read
from rooms_bot.sandbox.refusals import Refusal, form_fault, refused, unknown
from rooms_bot.sandbox.resource_forms import EmojiForm, RenameEmoji
from rooms_bot.sandbox.rest.calls import Answer, Call, Table

Wire = dict[str, Any]
routes = Table()
_ALL = "/applications/{application_id}/emojis"
_ONE = _ALL + "/{emoji_id}"
_MOST, _SIZE = 2000, 256 * 1024


def _own(call: Call) -> dict[str, Wire]:
    if call["application_id"] != call.world.bot_id:
        raise refused(50001)
    return call.world.emojis


def _emoji(call: Call) -> Wire:
    found = _own(call).get(call["emoji_id"])
    if found is None:
        raise unknown("emoji")
    return found


@routes.route("GET", _ALL)
async def listed(call: Call) -> Wire:
    return {"items": list(_own(call).values())}


@routes.route("POST", _ALL)
async def create(call: Call) -> Answer:
    emojis = _own(call)
    body = read(EmojiForm, call.body)
    image = images.from_data_uri(body["image"], "image")
    if len(image.data) > _SIZE:
        raise form_fault("image", "BINARY_TYPE_MAX_SIZE", f"File cannot be larger than {_SIZE // 1024}.0 kb.")
    if len(emojis) >= _MOST:
        raise Refusal(400, 30008, f"Maximum number of emojis reached ({_MOST})")
    if any(emoji["name"] == body["name"] for emoji in emojis.values()):
        raise form_fault("name", "APPLICATION_EMOJI_NAME_ALREADY_TAKEN", "Emoji name is already taken.")
    made = {
        "id": call.world.new_id(),
        "name": body["name"],
        "roles": [],
        "user": call.world.bot,
        "require_colons": True,
        "managed": False,
        "animated": image.content_type == "image/gif",
        "available": True,
    }
    emojis[made["id"]] = made
    call.world.files[f"emojis/{made['id']}"] = image
    return Answer(201, made)


@routes.route("GET", _ONE)
async def get(call: Call) -> Wire:
    return _emoji(call)


@routes.route("PATCH", _ONE)
async def rename(call: Call) -> Wire:
    found = _emoji(call)
    found["name"] = read(RenameEmoji, call.body)["name"]
    return found


@routes.route("DELETE", _ONE)
async def delete(call: Call) -> None:
    found = _emoji(call)
    del call.world.emojis[found["id"]]
    call.world.files.pop(f"emojis/{found['id']}")
