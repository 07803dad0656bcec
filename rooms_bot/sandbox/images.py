"""Images sent inside JSON, and what stands in for a face nobody uploaded."""

import base64
import binascii
import hashlib
import re
import struct
import zlib

from rooms_bot.sandbox.refusals import form_fault
from rooms_bot.sandbox.things import File

_DATA = re.compile(r"data:image/[\w.+-]+;base64,(.*)", re.DOTALL)
_KINDS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"RIFF", "image/webp"),
)


def from_data_uri(text: object, path: str) -> File:
    """The image in a data URI, its kind judged by its bytes: clients call everything image/jpg.

    Raises Refusal 50035 at `path`.
    """
    found = _DATA.fullmatch(text) if isinstance(text, str) else None
    try:
        data = base64.b64decode(found[1], validate=True) if found else b""
    except binascii.Error:
        data = b""
    kind = next((kind for head, kind in _KINDS if data.startswith(head)), None)
    if kind is None:
        raise form_fault(path, "IMAGE_INVALID", "Invalid image data")
    return File(data, kind)


def digest(data: bytes) -> str:
    """The 32 hexadecimal digits an avatar is known by."""
    return hashlib.sha256(data).hexdigest()[:32]


_COLOURS = ((88, 101, 242), (117, 126, 138), (59, 165, 92), (250, 166, 26), (237, 66, 69), (235, 69, 159))


def plain_face(number: int) -> File:
    """A small square of one of six colours, as a PNG."""
    row = b"\x00" + bytes(_COLOURS[number % len(_COLOURS)]) * 64
    head = struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(row * 64)), (b"IEND", b""))
    return File(_KINDS[0][0] + b"".join(_chunk(name, data) for name, data in chunks), "image/png")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
