"""The parts that the generated faces are put together from: heads, ornaments, eyes, mouths and cheeks."""

from collections.abc import Callable

from tools.pen import Colour, Pen, mixed

Part = Callable[[Pen, Colour, Colour], None]
"""Draws itself in a main colour and a second one."""


def _round(pen: Pen, fill: Colour, shade: Colour) -> None:
    pen.disc(64, 70, 40, shade)
    pen.disc(64, 69, 39, fill)


def _square(pen: Pen, fill: Colour, shade: Colour) -> None:
    pen.box(26, 34, 102, 110, shade, 22)
    pen.box(26, 33, 102, 107, fill, 22)


def _egg(pen: Pen, fill: Colour, shade: Colour) -> None:
    pen.oval(64, 72, 35, 43, shade)
    pen.oval(64, 71, 35, 42, fill)


def _wide(pen: Pen, fill: Colour, shade: Colour) -> None:
    pen.oval(64, 74, 47, 34, shade)
    pen.oval(64, 73, 47, 33, fill)


def _hexagon(pen: Pen, fill: Colour, shade: Colour) -> None:
    points = [(64, 42), (92, 57), (92, 87), (64, 102), (36, 87), (36, 57)]
    pen.soft([(x, y + 2) for x, y in points], shade, 10)
    pen.soft(points, fill, 10)


def _drop(pen: Pen, fill: Colour, shade: Colour) -> None:
    for colour, down in ((shade, 2), (fill, 0)):
        pen.disc(64, 76 + down, 36, colour)
        pen.soft([(64, 36 + down), (84, 60 + down), (44, 60 + down)], colour, 6)


def _arch(pen: Pen, fill: Colour, shade: Colour) -> None:
    pen.box(29, 34, 99, 128, shade, 35)
    pen.box(29, 34, 97, 140, fill, 34)


def _shield(pen: Pen, fill: Colour, shade: Colour) -> None:
    for colour, down in ((shade, 2), (fill, 0)):
        pen.soft([(38, 46 + down), (90, 46 + down), (88, 78 + down), (64, 101 + down), (40, 78 + down)], colour, 10)


HEADS: tuple[Part, ...] = (_round, _square, _egg, _wide, _hexagon, _drop, _arch, _shield)


def _nothing(pen: Pen, main: Colour, second: Colour) -> None:  # noqa: ARG001 - bald is an ornament too
    return


def _antenna(pen: Pen, main: Colour, second: Colour) -> None:
    pen.line(64, 42, 64, 20, main, 4)
    pen.disc(64, 17, 7, second)


def _sprout(pen: Pen, main: Colour, second: Colour) -> None:
    pen.line(64, 42, 64, 24, main, 4)
    pen.slice(52, 24, 14, 9, 0, 360, main)
    pen.slice(77, 19, 14, 9, 0, 360, second)


def _cat(pen: Pen, main: Colour, second: Colour) -> None:
    for side in (-1, 1):
        pen.soft([(64 + side * 34, 26), (64 + side * 36, 56), (64 + side * 12, 42)], main, 4)
        pen.soft([(64 + side * 31, 33), (64 + side * 32, 50), (64 + side * 19, 42)], second, 2)


def _bear(pen: Pen, main: Colour, second: Colour) -> None:
    for x in (34, 94):
        pen.disc(x, 42, 15, main)
        pen.disc(x, 42, 8, second)


def _crown(pen: Pen, main: Colour, second: Colour) -> None:
    pen.soft([(44, 42), (42, 22), (54, 30), (64, 17), (74, 30), (86, 22), (84, 42)], main, 2)
    for x, y in ((42, 20), (64, 15), (86, 20)):
        pen.disc(x, y, 4, second)


def _curls(pen: Pen, main: Colour, second: Colour) -> None:
    for x, y in ((32, 52), (40, 38), (53, 30), (67, 28), (81, 33), (91, 43), (97, 56)):
        pen.disc(x, y, 12, main)
    for x, y in ((46, 36), (66, 30), (86, 42)):
        pen.disc(x, y, 5, second)


def _spikes(pen: Pen, main: Colour, second: Colour) -> None:
    for x, colour in ((40, main), (88, main), (52, second), (76, second), (64, main)):
        pen.soft([(x - 9, 46), (x + (x - 64) * 0.35, 20 + abs(x - 64) * 0.35), (x + 9, 46)], colour, 2)


def _cap(pen: Pen, main: Colour, second: Colour) -> None:
    pen.slice(64, 50, 36, 32, 180, 360, main)
    pen.box(28, 46, 112, 54, second, 4)
    pen.disc(64, 18, 4, second)


def _beanie(pen: Pen, main: Colour, second: Colour) -> None:
    pen.slice(64, 52, 37, 34, 180, 360, main)
    pen.box(25, 44, 103, 57, second, 6)
    pen.disc(64, 17, 9, second)


def _horns(pen: Pen, main: Colour, second: Colour) -> None:
    for side in (-1, 1):
        pen.soft([(64 + side * 18, 46), (64 + side * 34, 20), (64 + side * 36, 52)], main, 4)
        pen.line(64 + side * 27, 34, 64 + side * 35, 37, second, 3)


def _quiff(pen: Pen, main: Colour, second: Colour) -> None:
    pen.slice(64, 52, 34, 26, 180, 360, main)
    pen.oval(72, 30, 25, 14, main)
    pen.arc(74, 33, 18, 9, 190, 330, second, 3)


def _bob(pen: Pen, main: Colour, second: Colour) -> None:
    pen.slice(64, 56, 42, 36, 180, 360, main)
    pen.box(20, 52, 33, 92, main, 6)
    pen.box(95, 52, 108, 92, main, 6)
    pen.arc(64, 56, 32, 26, 220, 290, second, 3)


def _headphones(pen: Pen, main: Colour, second: Colour) -> None:
    pen.arc(64, 68, 47, 50, 180, 360, main, 6)
    for x in (20, 108):
        pen.box(x - 8, 58, x + 8, 88, second, 7)


def _bow(pen: Pen, main: Colour, second: Colour) -> None:
    for side in (-1, 1):
        pen.soft([(64, 32), (64 + side * 20, 21), (64 + side * 20, 43)], main, 4)
    pen.disc(64, 32, 7, second)


def _flower(pen: Pen, main: Colour, second: Colour) -> None:
    for x, y in ((90, 27), (101, 36), (97, 49), (83, 49), (79, 36)):
        pen.disc(x, y, 8, main)
    pen.disc(90, 39, 7, second)


ORNAMENTS: tuple[Part, ...] = (
    _antenna, _curls, _cat, _cap, _sprout, _bob, _horns, _crown,
    _spikes, _bear, _quiff, _headphones, _flower, _beanie, _bow, _nothing,
)  # fmt: skip
BEHIND = frozenset({_antenna, _sprout, _cat, _bear, _horns, _spikes})
"""These stand behind the head, the others on it."""


def _dots(pen: Pen, ink: Colour, white: Colour) -> None:
    for x in (50, 78):
        pen.disc(x, 70, 6, ink)
        pen.disc(x + 2, 68, 2, white)


def _tall(pen: Pen, ink: Colour, white: Colour) -> None:
    for x in (51, 77):
        pen.oval(x, 69, 5, 9, ink)
        pen.disc(x + 1.5, 65, 2, white)


def _big(pen: Pen, ink: Colour, white: Colour) -> None:
    for x in (49, 79):
        pen.disc(x, 69, 12, white)
        pen.disc(x + 1, 70, 6, ink)


def _happy(pen: Pen, ink: Colour, white: Colour) -> None:  # noqa: ARG001
    for x in (49, 79):
        pen.arc(x, 73, 9, 9, 195, 345, ink, 4)


def _glasses(pen: Pen, ink: Colour, white: Colour) -> None:
    for x in (47, 81):
        pen.disc(x, 69, 14, mixed(white, ink, 0.06))
        pen.ring(x, 69, 14, ink, 3)
        pen.disc(x, 70, 4.5, ink)
    pen.line(60, 67, 68, 67, ink, 3)


def _wink(pen: Pen, ink: Colour, white: Colour) -> None:
    pen.disc(50, 69, 7, ink)
    pen.disc(52, 67, 2.5, white)
    pen.arc(79, 73, 9, 8, 195, 345, ink, 4)


def _sleepy(pen: Pen, ink: Colour, white: Colour) -> None:
    for x in (49, 79):
        pen.disc(x, 69, 11, white)
        pen.disc(x, 72, 6, ink)
        pen.slice(x, 69, 11.5, 11.5, 190, 350, ink)
        pen.disc(x + 2, 71, 2, white)


def _cyclops(pen: Pen, ink: Colour, white: Colour) -> None:
    pen.disc(64, 67, 17, white)
    pen.disc(65, 68, 9, ink)
    pen.disc(68, 65, 3, white)


EYES: tuple[Part, ...] = (_dots, _big, _happy, _glasses, _tall, _sleepy, _wink, _cyclops)


WITH_WHITES = frozenset({_big, _glasses, _sleepy, _cyclops})


def _smile(pen: Pen, ink: Colour, inside: Colour) -> None:  # noqa: ARG001
    pen.arc(64, 82, 14, 11, 20, 160, ink, 4)


def _laugh(pen: Pen, ink: Colour, inside: Colour) -> None:
    pen.slice(64, 86, 14, 13, 0, 180, ink)
    pen.slice(64, 95, 8, 6, 180, 360, inside)


def _grin(pen: Pen, ink: Colour, inside: Colour) -> None:  # noqa: ARG001
    pen.slice(64, 84, 17, 15, 0, 180, ink)
    pen.slice(64, 84, 14, 8, 0, 180, "#ffffff" if ink == "#1f2233" else "#1f2233")


def _small(pen: Pen, ink: Colour, inside: Colour) -> None:  # noqa: ARG001
    pen.arc(64, 86, 7, 6, 20, 160, ink, 4)


def _oh(pen: Pen, ink: Colour, inside: Colour) -> None:
    pen.oval(64, 92, 7, 8, ink)
    pen.oval(64, 95, 4, 3, inside)


def _smirk(pen: Pen, ink: Colour, inside: Colour) -> None:  # noqa: ARG001
    pen.arc(60, 80, 18, 13, 30, 120, ink, 4)


def _cat_mouth(pen: Pen, ink: Colour, inside: Colour) -> None:
    pen.soft([(61, 84), (67, 84), (64, 87)], inside, 2)
    for x in (57, 71):
        pen.arc(x, 88, 8, 7, 10, 170, ink, 3.5)


def _tongue(pen: Pen, ink: Colour, inside: Colour) -> None:
    pen.box(62, 90, 75, 102, inside, 6)
    pen.arc(64, 80, 16, 12, 15, 165, ink, 4)


MOUTHS: tuple[Part, ...] = (_smile, _laugh, _small, _grin, _cat_mouth, _oh, _tongue, _smirk)


def _blush(pen: Pen, main: Colour, second: Colour) -> None:  # noqa: ARG001
    for x in (38, 90):
        pen.oval(x, 84, 6, 4, main)


def _freckles(pen: Pen, main: Colour, second: Colour) -> None:  # noqa: ARG001
    for x, y in ((37, 82), (42, 86), (35, 88), (91, 82), (86, 86), (93, 88)):
        pen.disc(x, y, 1.8, main)


CHEEKS: tuple[Part, ...] = (_blush, _nothing, _freckles)
