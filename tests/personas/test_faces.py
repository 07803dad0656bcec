"""Everybody has a face, and it stays the same."""

import logging
from io import BytesIO
from itertools import combinations
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from rooms_bot.store.faces import FACES, digest, face_for, shipped_face
from tools.faces import face
from tools.portraits import SITTERS, portrait

SHIPPED = [shipped_face(number) for number in range(FACES)]


def picture(png: bytes) -> Image.Image:
    with Image.open(BytesIO(png)) as image:
        return image.convert("RGB")


def difference(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of two pictures in a colour's value, 0 to 255."""
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3


def test_the_shipped_faces_are_small_images() -> None:
    assert len(SHIPPED) == 64
    for png in SHIPPED:
        assert png.startswith(b"\x89PNG\r\n\x1a\n")
        assert len(png) <= 6 * 1024
        assert picture(png).size == (128, 128)


def test_no_two_shipped_faces_look_alike() -> None:
    small = [picture(png).resize((32, 32)) for png in SHIPPED]
    assert min(difference(one, other) for one, other in combinations(small, 2)) > 12


def test_the_shipped_faces_are_those_the_tool_draws() -> None:
    for number in (0, 17, 38, 63):
        assert difference(picture(face(number).png()), picture(SHIPPED[number])) < 2


@pytest.mark.parametrize("name", ["ada", "leilani"])
def test_the_portraits_are_those_the_tool_draws(name: str) -> None:
    shipped = Path(__file__).parents[2] / "personas" / f"{name}.png"
    assert difference(picture(portrait(SITTERS[name]).png()), picture(shipped.read_bytes())) < 2


def test_a_name_has_the_same_face_for_ever_and_in_any_case() -> None:
    assert face_for("Bela") == face_for("bELA") == shipped_face(18)
    assert face_for("美咲") in SHIPPED


def test_names_spread_over_the_faces() -> None:
    assert len({face_for(f"Agent {number}") for number in range(640)}) == FACES


def test_an_avatar_is_the_face(tmp_path: Path) -> None:
    (tmp_path / "a.gif").write_bytes(b"GIF89a")
    assert face_for("Bela", tmp_path / "a.gif") == face_for("Bela", str(tmp_path / "a.gif")) == b"GIF89a"


def test_where_the_avatar_has_gone_a_shipped_face_stands_in(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert face_for("Bela", tmp_path / "gone.png") == face_for("Bela")
    assert "The face of Bela cannot be read" in caplog.text


def test_the_digest_is_the_sha_256() -> None:
    assert digest(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
