"""Pictures and files that embeds and components point at: addresses made whole."""

from collections.abc import Iterator
from typing import Any

from rooms_bot.sandbox.components import walk
from rooms_bot.sandbox.refusals import form_fault
from rooms_bot.sandbox.world import World

Wire = dict[str, Any]
_SCHEME = "attachment://"


def unfold(world: World, draft: Wire) -> None:
    """Replace `attachment://name` by the file's address, and describe each medium as answers do.

    Raises Refusal 50035 for a name no file of the message has.
    """
    files = {attachment["filename"]: attachment for attachment in draft["attachments"]}
    for at, medium in [*_of_embeds(draft["embeds"]), *_of_components(draft["components"])]:
        if "proxy_url" in medium:
            continue
        found: Wire = {}
        if medium["url"].startswith(_SCHEME):
            name = medium["url"].removeprefix(_SCHEME)
            if name not in files:
                raise form_fault(at, "MEDIA_ATTACHMENT_NOT_FOUND", "The referenced attachment was not found")
            found = files[name]
            medium["url"] = found["url"]
        medium["proxy_url"] = medium["url"]
        if at.startswith("components"):
            medium["id"] = world.new_id()
            medium |= {"attachment_id": found["id"], "content_type": found["content_type"]} if found else {}
    for _, component in walk(draft["components"]):
        if component["type"] == 13:
            name = component["file"]["url"].split("?")[0].rsplit("/", 1)[-1]
            component |= {"name": name, "size": files[name]["size"] if name in files else 0}


def _of_embeds(embeds: list[Wire]) -> Iterator[tuple[str, Wire]]:
    for place, embed in enumerate(embeds):
        for key in ("image", "thumbnail"):
            if key in embed:
                yield f"embeds.{place}.{key}.url", embed[key]


def _of_components(components: list[Wire]) -> Iterator[tuple[str, Wire]]:
    for at, component in walk(components):
        for key in ("media", "file"):
            if key in component:
                yield f"{at}.{key}.url", component[key]
        for place, item in enumerate(component.get("items", [])):
            item.setdefault("description", None)
            item.setdefault("spoiler", False)
            yield f"{at}.items.{place}.media.url", item["media"]
