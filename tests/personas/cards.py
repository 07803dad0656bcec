"""Character Cards made by hand, as chat programs write them."""

import json
import struct
import zlib
from base64 import b64encode
from typing import Any

HEAD = b"\x89PNG\r\n\x1a\n"

BELA: dict[str, Any] = {
    "name": "Bela",
    "description": "{{char}} keeps bees. <USER> is a guest.",
    "personality": "calm",
    "scenario": "A garden.",
    "first_mes": "Good day, {{user}}.",
    "mes_example": "<START>\n{{user}}: Hm?\n{{char}}: Honey.",
    "creator_notes": "A keeper of <b>bees</b>, see https://example.org/bees for more.",
    "system_prompt": "You are {{char}}.{{original}}",
    "post_history_instructions": "Stay calm.",
    "alternate_greetings": ["Hello."],
    "tags": ["bees", "honey", "bees", "", 7],
    "creator": "somebody",
    "character_version": "1",
    "extensions": {"model": "openai/gpt-4o"},
}


def v2(**more: Any) -> dict[str, Any]:
    return {"spec": "chara_card_v2", "spec_version": "2.0", "data": BELA | more}


def coded(card: Any) -> bytes:
    return json.dumps(card).encode()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def picture(*chunks: bytes, pixels: int = 1) -> bytes:
    """A black PNG with these chunks before its pixels."""
    head = struct.pack(">IIBBBBB", pixels, pixels, 8, 0, 0, 0, 0)
    body = zlib.compress((b"\0" + bytes(pixels)) * pixels, 0)
    return HEAD + chunk(b"IHDR", head) + b"".join(chunks) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def text(card: Any, keyword: bytes = b"chara") -> bytes:
    return chunk(b"tEXt", keyword + b"\0" + b64encode(coded(card)))


def packed(card: Any, keyword: bytes = b"chara") -> bytes:
    return chunk(b"zTXt", keyword + b"\0\0" + zlib.compress(b64encode(coded(card))))


def international(card: Any, *, pack: bool, keyword: bytes = b"chara") -> bytes:
    body = b64encode(coded(card))
    told = (b"\1\0" if pack else b"\0\0") + b"en\0chara\0" + (zlib.compress(body) if pack else body)
    return chunk(b"iTXt", keyword + b"\0" + told)
