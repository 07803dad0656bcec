"""Draws the 64 faces for agents without one of their own: `python -m tools.faces` writes them to rooms_bot/faces."""

from pathlib import Path

from tools.face_parts import BEHIND, CHEEKS, EYES, HEADS, MOUTHS, ORNAMENTS, WITH_WHITES
from tools.pen import Colour, Pen, is_dark, mixed

FACES = 64
FOLDER = Path(__file__).resolve().parent.parent / "rooms_bot" / "faces"

INK, WHITE = "#1f2233", "#ffffff"

PALETTES: tuple[tuple[Colour, Colour, Colour], ...] = (
    ("#2a9d8f", "#ffd166", "#264653"), ("#e76f51", "#f7ede2", "#7d2e46"), ("#3a86ff", "#ffbe0b", "#14213d"),
    ("#8338ec", "#c8f7dc", "#2b1055"), ("#ff6b9a", "#fff1c1", "#5f0f40"), ("#06a77d", "#f1f7b5", "#0b4f6c"),
    ("#f4a261", "#d7f3ff", "#6b2d1a"), ("#118ab2", "#ffc6d9", "#073b4c"), ("#d62846", "#ffe5d0", "#3d0c11"),
    ("#7cb518", "#fff7d6", "#23430c"), ("#5e60ce", "#b8f2e6", "#22194d"), ("#b5651d", "#ffe8b6", "#3e2010"),
    ("#c9184a", "#cdeffd", "#590d22"), ("#00a5b5", "#fdf0d5", "#003844"), ("#f2b705", "#e9dcff", "#5c3d00"),
    ("#9b5de5", "#fee440", "#3c096c"),
)  # fmt: skip
"""A strong colour, a light one and a dark one."""


def face(number: int) -> Pen:
    """Face `number`: no two share both palette and any part, so that neighbours never look alike."""
    row, column = divmod(number, len(PALETTES))
    strong, light, dark = PALETTES[column]
    background, skin, main, second = (
        (light, strong, dark, light),
        (strong, light, dark, strong),
        (dark, mixed(strong, WHITE, 0.15), light, strong),
        (mixed(strong, WHITE, 0.45), mixed(dark, strong, 0.45), dark, light),
    )[row]
    pen = Pen(background)
    _backdrop(pen, number, background)
    head, ornament = HEADS[(column + 3 * row) % 8], ORNAMENTS[(5 * column + 4 * row + column // 4) % 16]
    behind = ornament in BEHIND
    if second == background:
        second = mixed(strong, light, 0.5)
    if behind:
        ornament(pen, main, second)
    head(pen, skin, mixed(skin, dark if not is_dark(skin) else INK, 0.25))
    ink = WHITE if is_dark(skin) else INK
    CHEEKS[(column + row) % 3](pen, mixed(skin, "#ff4d6d", 0.45), ink)
    eyes = EYES[(3 * column + 2 * row + column // 8) % 8]
    eyes(pen, *((INK, WHITE) if ink == INK or eyes in WITH_WHITES else (WHITE, INK)))
    MOUTHS[(column + 5 * row + column // 3) % 8](pen, ink, "#ff6b81")
    if not behind:
        ornament(pen, main, second)
    return pen


def _backdrop(pen: Pen, number: int, colour: Colour) -> None:
    """Something quiet behind the head, of four kinds."""
    shade = mixed(colour, WHITE if is_dark(colour) else INK, 0.09)
    match (number + number // 16) % 4:
        case 0:
            pen.disc(64, 64, 56, shade)
        case 1:
            pen.shape([(0, 128), (128, 0), (128, 128)], shade)
        case 2:
            pen.box(0, 84, 128, 128, shade)
        case 3:
            for x in range(12, 128, 26):
                for y in range(12, 128, 26):
                    pen.disc(x, y, 5, shade)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for number in range(FACES):
        (FOLDER / f"{number:02}.png").write_bytes(face(number).png())


if __name__ == "__main__":
    main()
