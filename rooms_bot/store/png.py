"""A PNG's chunks: the texts that programs hide in it, and the picture alone. Nothing is ever decoded as an image."""

import zlib
from collections.abc import Collection, Iterator

HEAD = b"\x89PNG\r\n\x1a\n"

_SHOWN = frozenset({b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"pHYs"})
"""Besides the critical chunks (with a capital first letter), what a picture needs to look as it should."""


class Swollen(Exception):
    """A text is longer than it may be, once unpacked."""


def texts(data: bytes, wanted: Collection[str], most: int) -> dict[str, bytes]:
    """Its texts by casefolded keyword, of several with one keyword the first. Raises `Swollen` over `most` bytes.

    Not compressed (tEXt), compressed (zTXt) and either with a language (iTXt): PNG specification, 11.3.3. What is
    broken is left out, and what is not `wanted` stays packed: a file of thousands would unpack to gigabytes.
    """
    found: dict[str, bytes] = {}
    for kind, body, _ in _chunks(data):
        if kind in _READ:
            name, _, rest = body.partition(b"\0")
            keyword = name[:79].decode("latin-1").casefold()
            if keyword in wanted and keyword not in found:
                found[keyword] = _READ[kind](rest, most)
    return found


def bare(data: bytes) -> bytes:
    """The picture without texts, places and dates; nothing where the file is cut off."""
    kept = [(kind, whole) for kind, _, whole in _chunks(data) if kind[:1].isupper() or kind in _SHOWN]
    return HEAD + b"".join(whole for _, whole in kept) if kept and kept[-1][0] == b"IEND" else b""


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Kind, contents and all of each chunk, up to the end or to where the file is cut off."""
    place, kind = len(HEAD), b""
    while kind != b"IEND" and place + 12 <= len(data):
        end = place + 12 + int.from_bytes(data[place : place + 4])
        if end > len(data):
            return
        kind = data[place + 4 : place + 8]
        yield kind, data[place + 8 : end - 4], data[place:end]
        place = end


def _simple(rest: bytes, most: int) -> bytes:
    if len(rest) > most:
        raise Swollen
    return rest


def _unpacked(rest: bytes, most: int) -> bytes:
    """What follows the keyword of a compressed text: a byte for the method, of which there is one, and the text."""
    try:
        return _simple(zlib.decompressobj().decompress(rest[1:], most + 1), most)
    except zlib.error:
        return b""


def _international(rest: bytes, most: int) -> bytes:
    packed, text = rest[:1] == b"\1", rest[2:].partition(b"\0")[2].partition(b"\0")[2]
    return _unpacked(b"\0" + text, most) if packed else _simple(text, most)


_READ = {b"tEXt": _simple, b"zTXt": _unpacked, b"iTXt": _international}
