"""The image that is an agent's face: its own, or one of those shipped."""

import logging
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

FACES = 64
MAX_IMAGE = 256 * 1024
"""An application emoji's image has at most 256 KiB (Discord's documentation, Emoji resource)."""
KEPT = "image:"
"""What an avatar begins with that is in the database: the SHA-256 of the image follows. Any other is a file's path."""

_HEADS = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg", b"GIF87a": "gif", b"GIF89a": "gif"}

log = logging.getLogger(__name__)


def face_for(name: str, avatar: str | Path | None = None) -> bytes:
    """The avatar's bytes; without one a shipped face, for the same name (in any case) always the same.

    An avatar that has gone since it was loaded is no reason to be silent: a shipped face stands in.
    """
    if avatar is not None:
        try:
            return Path(avatar).read_bytes()
        except OSError as error:
            log.warning("The face of %s cannot be read: %s", name, error)
    return shipped_face(int.from_bytes(sha256(name.casefold().encode()).digest()[:8]) % FACES)


def shipped_face(number: int) -> bytes:
    """One of the faces from 0 to `FACES` - 1, a PNG of 128 by 128."""
    return files("rooms_bot").joinpath("faces", f"{number:02}.png").read_bytes()


def digest(image: bytes) -> str:
    """The image's SHA-256 in hexadecimal, by which it is known."""
    return sha256(image).hexdigest()


def kind(data: bytes) -> str | None:
    """What a file of this image is called behind the dot, going by its first bytes; None where it is none we take."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return next((ending for head, ending in _HEADS.items() if data.startswith(head)), None)


def kept(avatar: str | None) -> str | None:
    """The digest of an avatar that is in the database; None for any other."""
    return avatar.removeprefix(KEPT) if avatar is not None and avatar.startswith(KEPT) else None
