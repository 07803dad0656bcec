"""Files that are small and would become large: they are refused or read, with little work and little memory."""

import json
import zlib
from collections.abc import Callable

import pytest

from rooms_bot.errors import Refused
from rooms_bot.store.imports import MAX_FILE, opened
from tests.personas.cards import HEAD, chunk, coded, packed, picture, v2
from tests.security.counting import calls_of, peak_of

SWOLLEN = zlib.compress(bytes(1_390_000), 9)
"""Nothing but zeros, just below what a card's text may have."""
MEGABYTES = 1_000_000


def outcome(raw: bytes) -> str:
    """The persona's name, or the sentence that refuses the file."""
    try:
        return opened(raw, lambda _: False).persona.name
    except Refused as error:
        return str(error)


def front(lines: bytes) -> bytes:
    return b"---\nname: Bela\n" + lines + b"\n---\nYou are Bela."


def many(keyword: Callable[[int], bytes]) -> bytes:
    return HEAD + b"".join(chunk(b"zTXt", keyword(number) + b"\0\0" + SWOLLEN) for number in range(300))


def bomb(size: int = 100 * MEGABYTES) -> bytes:
    """A hundred megabytes of zeros in a hundred kilobytes."""
    packer = zlib.compressobj(9)
    return b"".join([*(packer.compress(bytes(MEGABYTES)) for _ in range(size // MEGABYTES)), packer.flush()])


def vast() -> bytes:
    """The head of a picture with as many pixels as can be said."""
    return HEAD + chunk(b"IHDR", b"\xff" * 8 + b"\x08\x06\x00\x00\x00")


@pytest.mark.parametrize(
    ("make", "part"),
    [
        (lambda: picture(chunk(b"zTXt", b"chara\0\0" + bomb())), "at most 1024 KiB"),
        (lambda: picture(chunk(b"iTXt", b"chara\0\1\0\0\0" + bomb())), "at most 1024 KiB"),
        (lambda: picture(chunk(b"zTXt", b"chara\0\0" + zlib.compress(bomb()))), "no JSON"),
        (lambda: many(lambda _: b"chara"), "no JSON"),
        (lambda: many(lambda number: b"k%d" % number), "no character in this picture"),
        (lambda: many(lambda number: b"k%d" % number) + packed(v2()), "Bela"),
        (lambda: vast() + packed(v2()), "Bela"),
        (lambda: b"PK\x03\x04" + bytes(60_000), "the first line must be ---"),
        (lambda: b"\x1f\x8b\x08" + zlib.compress(bytes(MEGABYTES)), "UTF-8"),
    ],
)
def test_nothing_that_is_packed_is_unpacked_beyond_what_it_may_be(make: Callable[[], bytes], part: str) -> None:
    """A file of 140 kilobytes became 140 megabytes once, as many texts of different keywords."""
    raw = make()
    assert len(raw) < MAX_FILE
    assert part in outcome(raw)
    assert peak_of(lambda: outcome(raw)) < 12 * MEGABYTES


@pytest.mark.parametrize(
    ("raw", "part"),
    [
        (front(b"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nexpertise: [*c, *c]"), "repeated by an alias"),
        (front(b"a: &a\n  <<: *a"), "Bela"),
        (front(b"expertise: " + b"[" * 50_000), "nested too deeply"),
        (front(b"expertise: " + b"{a: " * 15_000), "nested too deeply"),
        (front(b"expertise: " + b"[" * 10_000 + b"]" * 10_000), "nested too deeply"),
        (front(b"? " * 30_000), "nested too deeply"),
        (front(b"role: !!python/object/apply:os.system [ls]"), "a tag"),
        (front(b"\n".join(b"expertisf%d: 1" % number for number in range(1500))), "Bela"),
        (front(b"role: " + b"x" * 60_000), "at most 200 characters"),
        (front(b"expertise: [" + b"x, " * 5_000 + b"]"), "at most 64 entries"),
        (b"---\n" + b"---\n" * 15_000, "`name` is missing"),
    ],
)
def test_front_matter_that_unfolds_without_end_is_refused(raw: bytes, part: str) -> None:
    assert part in outcome(raw)
    assert peak_of(lambda: outcome(raw)) < 40 * MEGABYTES


@pytest.mark.parametrize(
    "bit", [b"[", b"{a: ", b"[a, ", b"- ", b"? ", b"'", b'"', b"&a ", b"!!str ", b"k: [", b"#", b"|"]
)
def test_twice_the_front_matter_is_at_most_about_twice_the_work(bit: bytes) -> None:
    """Of open brackets twice as many were four times the work: 50 kilobytes took the reader twenty seconds."""
    short, long = (front(b"expertise: " + bit * (size // len(bit))) for size in (5_000, 10_000))
    assert calls_of(lambda: outcome(long)) < 2.3 * calls_of(lambda: outcome(short)) + 5000


@pytest.mark.parametrize(
    "card",
    [
        b'{"name": "Bela", "description": ' + b"[" * 100_000,
        b'{"data":' * 5_000 + b"1" + b"}" * 5_000,
        b'{"name": "Bela", "extensions": ' + b"[" * 900 + b"]" * 900 + b"}",
        b'{"name": "Bela", "tags": [' + b"1," * 100_000 + b"1]}",
        b'{"name": "Bela", "x": ' + b"9" * 100_000 + b"}",
        b'{"name": "Bela", "x": 1e999, "y": NaN}',
        coded({"name": "Bela", "creator_notes": "<" * 200_000}),
        coded({"name": "Bela", "description": "{{ " * 70_000}),
        coded({"name": "Bela", "mes_example": "\n" * 100_000}),
        coded({"name": "Bela", "creator_notes": "www." * 50_000}),
        ("{" + ",".join(f'"k{number}": 1' for number in range(20_000)) + ', "name": "Bela"}').encode(),
    ],
)
def test_a_card_as_deep_as_can_be_is_read_or_refused(card: bytes) -> None:
    said = outcome(card)
    assert said == "Bela" or said.endswith(".")
    assert peak_of(lambda: outcome(card)) < 60 * MEGABYTES


def test_a_card_that_is_its_own_value_many_times_is_read_once() -> None:
    assert outcome(json.dumps({"data": v2()["data"] | {"data": v2()}}).encode()) == "Bela"
