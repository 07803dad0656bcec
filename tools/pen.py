"""A pen for small pictures: it draws four times too large on a grid of 128, and the picture is then made smooth."""

from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageDraw

SIZE = 128
OVER = 4

Colour = str
Points = Sequence[tuple[float, float]]


class Pen:
    """Shapes in units of a 128th of the picture, the origin at the top left."""

    def __init__(self, background: Colour) -> None:
        self.image = Image.new("RGB", (SIZE * OVER, SIZE * OVER), background)
        self.draw = ImageDraw.Draw(self.image)

    def oval(self, x: float, y: float, rx: float, ry: float, fill: Colour) -> None:
        self.draw.ellipse(_scaled((x - rx, y - ry, x + rx, y + ry)), fill=fill)

    def disc(self, x: float, y: float, r: float, fill: Colour) -> None:
        self.oval(x, y, r, r, fill)

    def ring(self, x: float, y: float, r: float, fill: Colour, width: float = 3) -> None:
        self.draw.ellipse(_scaled((x - r, y - r, x + r, y + r)), outline=fill, width=round(width * OVER))

    def box(self, x0: float, y0: float, x1: float, y1: float, fill: Colour, r: float = 0) -> None:
        self.draw.rounded_rectangle(_scaled((x0, y0, x1, y1)), radius=r * OVER, fill=fill)

    def frame(self, x0: float, y0: float, x1: float, y1: float, fill: Colour, r: float = 0, width: float = 3) -> None:
        area = _scaled((x0, y0, x1, y1))
        self.draw.rounded_rectangle(area, radius=r * OVER, outline=fill, width=round(width * OVER))

    def shape(self, points: Points, fill: Colour) -> None:
        self.draw.polygon([(x * OVER, y * OVER) for x, y in points], fill=fill)

    def soft(self, points: Points, fill: Colour, r: float) -> None:
        """A polygon with corners rounded outwards by `r`."""
        self.shape(points, fill)
        for (x0, y0), (x1, y1) in zip(points, [*points[1:], points[0]], strict=True):
            self.line(x0, y0, x1, y1, fill, 2 * r)

    def line(self, x0: float, y0: float, x1: float, y1: float, fill: Colour, width: float = 3) -> None:
        """A line with round ends."""
        self.draw.line(_scaled((x0, y0, x1, y1)), fill=fill, width=round(width * OVER))
        for x, y in ((x0, y0), (x1, y1)):
            self.disc(x, y, width / 2, fill)

    def slice(self, x: float, y: float, rx: float, ry: float, start: float, end: float, fill: Colour) -> None:
        """What lies between an arc and its chord; degrees run clockwise from the right."""
        self.draw.chord(_scaled((x - rx, y - ry, x + rx, y + ry)), start, end, fill=fill)

    def arc(
        self, x: float, y: float, rx: float, ry: float, start: float, end: float, fill: Colour, w: float = 3
    ) -> None:
        self.draw.arc(_scaled((x - rx, y - ry, x + rx, y + ry)), start, end, fill=fill, width=round(w * OVER))

    def png(self) -> bytes:
        """The picture, at most a few kilobytes: 160 colours are enough for flat ones."""
        small = self.image.resize((SIZE, SIZE), Image.Resampling.LANCZOS)
        flat = small.quantize(160, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        out = BytesIO()
        flat.save(out, "PNG", optimize=True)
        return out.getvalue()


def _scaled(area: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = (value * OVER for value in area)
    return x0, y0, x1, y1


def mixed(one: Colour, other: Colour, share: float = 0.5) -> Colour:
    """A colour between two; `share` 1 is the other."""
    parts = ((int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in parts)


def is_dark(colour: Colour) -> bool:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return 0.3 * red + 0.59 * green + 0.11 * blue < 120
