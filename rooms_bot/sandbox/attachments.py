"""Files of messages: taken in, put where the CDN serves them, described."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rooms_bot.sandbox.refusals import refused
from rooms_bot.sandbox.things import File
from rooms_bot.sandbox.world import World

Wire = dict[str, Any]
_FILE_LIMIT = 10 * 1024 * 1024


@dataclass(frozen=True)
class Upload:
    """One file of a multipart request: `index` is the n of `files[n]`."""

    index: int
    filename: str
    content_type: str
    data: bytes


def attached(world: World, draft: Wire, body: Wire, files: Sequence[Upload]) -> list[Wire]:
    """Those kept from before, by id, and the new ones, described by their place among the files."""
    described = {entry.get("id"): entry for entry in body.get("attachments") or []}
    kept = draft["attachments"] if "attachments" not in body else []
    kept = kept or [a for a in draft["attachments"] if a["id"] in described]
    for attachment in kept:
        attachment |= {k: v for k, v in described.get(attachment["id"], {}).items() if k == "description"}
    return kept + [store(world, draft["channel_id"], upload, described.get(str(upload.index), {})) for upload in files]


def store(world: World, channel_id: str, upload: Upload, described: Wire) -> Wire:
    """Put a file where the CDN serves it; returns the attachment. Raises 40005 over 10 MiB."""
    if len(upload.data) > _FILE_LIMIT:
        raise refused(40005)
    name = re.sub(r"[^\w.-]", "_", described.get("filename") or upload.filename)
    attachment_id = world.new_id()
    path = f"attachments/{channel_id}/{attachment_id}/{name}"
    world.files[path] = File(upload.data, upload.content_type, name)
    day = int(world.clock.now()) + 86400
    url = f"{world.cdn_url}/{path}?ex={day:x}&is={day - 86400:x}&hm={attachment_id}"
    made = {
        "id": attachment_id,
        "filename": name,
        "size": len(upload.data),
        "url": url,
        "proxy_url": url,
        "content_type": upload.content_type,
    }
    return made | ({"description": described["description"]} if "description" in described else {})
