"""Draws the portraits of the shipped personas: `python -m tools.portraits` writes them to personas/."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tools.pen import Colour, Pen, mixed

FOLDER = Path(__file__).resolve().parent.parent / "personas"
INK, WHITE = "#1f2233", "#ffffff"


@dataclass(frozen=True, slots=True)
class Sitter:
    """Who sits for a portrait; `back` is drawn behind the head, `front` on it."""

    background: Colour
    skin: Colour
    hair: Colour
    clothes: Colour
    trim: Colour
    back: Callable[[Pen, "Sitter"], None]
    front: Callable[[Pen, "Sitter"], None]
    extra: Callable[[Pen, "Sitter"], None]
    laughs: bool = False


def portrait(sitter: Sitter) -> Pen:
    pen = Pen(sitter.background)
    pen.disc(64, 60, 54, mixed(sitter.background, WHITE, 0.22))
    sitter.back(pen, sitter)
    _body(pen, sitter)
    _head(pen, sitter)
    sitter.front(pen, sitter)
    sitter.extra(pen, sitter)
    return pen


def _body(pen: Pen, sitter: Sitter) -> None:
    shade = mixed(sitter.skin, INK, 0.2)
    pen.box(18, 104, 110, 160, sitter.clothes, 26)
    pen.box(53, 84, 75, 112, shade, 8)
    pen.slice(64, 106, 16, 11, 0, 180, sitter.skin)
    pen.arc(64, 105, 19, 15, 15, 165, sitter.trim, 4)


def _head(pen: Pen, sitter: Sitter) -> None:
    skin, shade = sitter.skin, mixed(sitter.skin, "#7a2b1d", 0.28)
    for x in (37, 91):
        pen.oval(x, 66, 6, 8, shade)
    pen.box(38, 32, 90, 98, skin, 26)
    for x in (47, 81):
        pen.oval(x, 77, 6, 4, mixed(skin, "#e4572e", 0.25))
    for x in (52, 76):
        pen.oval(x, 64, 4, 5, INK)
        pen.disc(x + 1.3, 62.3, 1.4, WHITE)
        pen.arc(x, 58, 7, 5, 200, 340, mixed(sitter.hair, INK, 0.35), 2.5)
    pen.arc(64, 70, 4, 4, 20, 160, shade, 3)
    if sitter.laughs:
        pen.slice(64, 79, 11, 10, 0, 180, mixed(INK, "#a4243b", 0.35))
        pen.slice(64, 79, 9, 4, 0, 180, WHITE)
    else:
        pen.arc(64, 75, 11, 9, 25, 155, mixed(INK, "#a4243b", 0.45), 3)


def _none(pen: Pen, sitter: Sitter) -> None:  # noqa: ARG001
    return


def _cloud(pen: Pen, sitter: Sitter) -> None:
    """Much round hair."""
    for x, y, r in ((64, 36, 34), (37, 46, 19), (91, 46, 19), (33, 62, 14), (95, 62, 14)):
        pen.disc(x, y, r, sitter.hair)


def _cloud_front(pen: Pen, sitter: Sitter) -> None:
    for x, y in ((43, 38), (54, 34), (65, 33), (76, 34), (86, 38)):
        pen.disc(x, y, 8, sitter.hair)


def _long(pen: Pen, sitter: Sitter) -> None:
    pen.box(28, 26, 100, 116, sitter.hair, 34)


def _parted(pen: Pen, sitter: Sitter) -> None:
    """A parting on the right, from which hair falls to both sides."""
    pen.shape([(74, 28), (40, 34), (35, 62), (44, 56), (58, 46)], sitter.hair)
    pen.shape([(72, 28), (88, 34), (93, 62), (86, 54), (78, 44)], sitter.hair)
    pen.slice(64, 44, 29, 21, 180, 360, sitter.hair)


def _field_hat(pen: Pen, sitter: Sitter) -> None:
    """Hair under a hat with a wide brim."""
    for x in (34, 94):
        pen.box(x - 5, 44, x + 5, 96, sitter.hair, 5)
    pen.slice(64, 42, 27, 30, 180, 360, sitter.trim)
    pen.box(38, 33, 90, 41, mixed(sitter.trim, INK, 0.45))
    pen.oval(64, 43, 46, 7, mixed(sitter.trim, INK, 0.08))


def _bald_sides(pen: Pen, sitter: Sitter) -> None:
    for x in (38, 90):
        pen.box(x - 6, 44, x + 6, 68, sitter.hair, 6)


def _moustache(pen: Pen, sitter: Sitter) -> None:
    for side in (-1, 1):
        pen.soft([(64, 77), (64 + side * 14, 80), (64 + side * 6, 75)], sitter.hair, 2.5)
    _round_glasses(pen, sitter)


def _round_glasses(pen: Pen, sitter: Sitter) -> None:  # noqa: ARG001
    for x in (51, 77):
        pen.ring(x, 64, 11, INK, 2.5)
    pen.line(61, 62, 67, 62, INK, 2.5)


def _square_glasses(pen: Pen, sitter: Sitter) -> None:
    for x in (40, 66):
        pen.frame(x, 55, x + 22, 73, sitter.trim, 5, 3)
    pen.line(62, 62, 66, 62, sitter.trim, 3)


def _short(pen: Pen, sitter: Sitter) -> None:
    pen.slice(64, 48, 28, 24, 180, 360, sitter.hair)
    pen.box(36, 42, 43, 60, sitter.hair, 3)
    pen.box(85, 42, 92, 60, sitter.hair, 3)


def _beard(pen: Pen, sitter: Sitter) -> None:
    pen.slice(64, 78, 27, 24, 0, 180, sitter.hair)
    pen.box(37, 62, 44, 84, sitter.hair, 3)
    pen.box(84, 62, 91, 84, sitter.hair, 3)
    pen.box(50, 74, 78, 90, sitter.hair, 7)
    pen.slice(64, 80, 9, 7, 0, 180, WHITE)


def _white_beard(pen: Pen, sitter: Sitter) -> None:
    _beard(pen, sitter)
    _round_glasses(pen, sitter)


def _tousled(pen: Pen, sitter: Sitter) -> None:
    _short(pen, sitter)
    for x, y in ((45, 43), (56, 46), (67, 44), (78, 45), (84, 41)):
        pen.soft([(x - 6, 36), (x + 6, 34), (x + 2, y + 2)], sitter.hair, 2)


def _collar_watch(pen: Pen, sitter: Sitter) -> None:
    """A tunic's neck, and a watch pinned to it."""
    pen.line(86, 108, 86, 116, sitter.trim, 3)
    pen.disc(86, 120, 6, sitter.trim)
    pen.disc(86, 120, 3.5, WHITE)


def _bob(pen: Pen, sitter: Sitter) -> None:
    pen.box(29, 26, 99, 90, sitter.hair, 30)


def _fringe(pen: Pen, sitter: Sitter) -> None:
    pen.slice(64, 50, 28, 24, 180, 360, sitter.hair)
    pen.box(36, 44, 92, 52, sitter.hair, 4)


def _streak(pen: Pen, sitter: Sitter) -> None:
    _parted(pen, sitter)
    pen.shape([(73, 27), (80, 29), (86, 44), (91, 60), (84, 52)], mixed(sitter.hair, WHITE, 0.7))


def _pearls(pen: Pen, sitter: Sitter) -> None:
    _square_glasses(pen, sitter)
    for x in (37, 91):
        pen.disc(x, 77, 3, WHITE)


def _bun(pen: Pen, sitter: Sitter) -> None:
    pen.disc(64, 20, 14, sitter.hair)
    pen.box(33, 28, 95, 66, sitter.hair, 28)


def _pencil(pen: Pen, sitter: Sitter) -> None:
    """Hair swept aside, and a pencil in the bun."""
    pen.shape([(82, 30), (42, 34), (35, 60), (48, 48), (70, 42)], sitter.hair)
    pen.shape([(72, 28), (90, 36), (93, 58), (86, 46)], sitter.hair)
    pen.line(44, 27, 82, 12, sitter.trim, 4)
    pen.line(82, 12, 86, 10, INK, 3)


def _cropped(pen: Pen, sitter: Sitter) -> None:
    pen.slice(64, 49, 28, 27, 180, 360, sitter.hair)
    pen.slice(64, 52, 23, 12, 180, 360, sitter.skin)


def _stars(pen: Pen, sitter: Sitter) -> None:
    """Glasses, and earrings like small stars."""
    _square_glasses(pen, sitter)
    for x in (36, 92):
        pen.shape(
            [(x, 74), (x + 2, 79), (x + 6, 81), (x + 2, 83), (x, 89), (x - 2, 83), (x - 6, 81), (x - 2, 79)],
            sitter.trim,
        )


def _hoops(pen: Pen, sitter: Sitter) -> None:
    for x in (36, 92):
        pen.ring(x, 80, 6, sitter.hair, 2.5)


def moderator() -> Pen:
    """Nobody in particular: two bubbles of talk."""
    pen = Pen("#4a5568")
    pen.disc(64, 64, 54, "#5d6b82")
    pen.box(26, 34, 84, 76, "#e2e8f0", 16)
    pen.shape([(38, 72), (58, 72), (36, 90)], "#e2e8f0")
    pen.box(52, 56, 104, 94, "#f6ad55", 16)
    pen.shape([(76, 90), (94, 90), (96, 106)], "#f6ad55")
    for x in (66, 78, 90):
        pen.disc(x, 75, 4, "#4a5568")
    return pen


SITTERS = {
    "ada": Sitter("#2a9d8f", "#8a5334", "#241713", "#f4a261", "#ffe066", _cloud, _cloud_front, _round_glasses),
    "tomasz": Sitter("#8d99ae", "#f1cdb4", "#e9ecef", "#5c4033", "#bc8a5f", _none, _bald_sides, _moustache),
    "leilani": Sitter("#3fa34d", "#b9784f", "#2b1d18", "#0077b6", "#f0d9a0", _long, _field_hat, _none, True),
    "yusuf": Sitter("#e9c46a", "#d9a27c", "#3d3230", "#1d3557", "#f1faee", _none, _short, _beard),
    "mirela": Sitter("#6d2e46", "#efc5a4", "#5a3825", "#22223b", "#c9ada7", _bob, _streak, _pearls),
    "kenji": Sitter("#48cae4", "#eec39a", "#20191a", "#1b998b", "#e0fbfc", _none, _tousled, _collar_watch, True),
    "noor": Sitter("#c1121f", "#dca77f", "#1b1216", "#111111", "#ffb4a2", _bob, _fringe, _hoops, True),
    "ximena": Sitter("#f77f00", "#c98b5e", "#2a1a17", "#7209b7", "#ffd60a", _bun, _pencil, _none, True),
    "thandiwe": Sitter("#5a32c8", "#7a4a31", "#1c1210", "#f72585", "#ffd166", _none, _cropped, _stars, True),
    "ishaan": Sitter("#bc6c25", "#b27a50", "#f8f4ec", "#fefae0", "#dda15e", _none, _short, _white_beard),
}


def main() -> None:
    for name, sitter in SITTERS.items():
        (FOLDER / f"{name}.png").write_bytes(portrait(sitter).png())
    (FOLDER / "moderator.png").write_bytes(moderator().png())


if __name__ == "__main__":
    main()
