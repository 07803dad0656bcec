"""Request bodies: JSON, or a form with `payload_json` and files."""

import json
import re
from dataclasses import dataclass
from typing import Any

from aiohttp import BodyPartReader, web

from rooms_bot.sandbox.attachments import Upload
from rooms_bot.sandbox.refusals import refused

_FILE = re.compile(r"files\[(\d+)\]|file(\d*)")


@dataclass(frozen=True)
class Sent:
    """A decoded body: None where none was sent."""

    body: Any = None
    files: tuple[Upload, ...] = ()


async def decode(request: web.Request) -> Sent:
    """Raises 50109 for what is not JSON."""
    if request.content_type.startswith("multipart/"):
        return await _form(request)
    data = await request.read()
    return Sent(_json(data)) if data.strip() else Sent()


def _json(data: bytes | str) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        raise refused(50109) from None


async def _form(request: web.Request) -> Sent:
    fields: dict[str, Any] = {}
    body: Any = None
    files: list[Upload] = []
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        found = _FILE.fullmatch(part.name or "")
        if part.name == "payload_json":
            body = _json(await part.text())
        elif part.filename is not None:
            index = int((found[1] or found[2] or 0) if found else 0)
            kind = part.headers.get("Content-Type", "application/octet-stream")
            files.append(Upload(index, part.filename, kind, bytes(await part.read())))
        elif part.name:
            fields[part.name] = await part.text()
    return Sent(fields if body is None else body, tuple(files))
