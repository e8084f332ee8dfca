"""Painting the shop's line art as pixels: as much of SVG as its drawings use."""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from PIL import Image, ImageChops, ImageColor, ImageDraw

ART = Path(__file__).resolve().parents[2] / "templates" / "demo" / "art"
ART_SIZE = 400
CURVE_STEPS = 12
INHERITED = ("fill", "stroke", "stroke-width", "opacity")
_MOVE = re.compile(r"(rotate|translate)\(([-\d. ]+)\)")
_TOKEN = re.compile(r"[A-Za-z]|-?\.?\d+(?:\.\d+)?")

Point = tuple[float, float]


def paint(slug: str, size: int) -> Image.Image:
    """Return a product's drawing on nothing, so many pixels wide and high."""
    image = Image.new("RGBA", (size, size))
    root = ElementTree.parse(ART / f"{slug}.svg").getroot()  # noqa: S314 - our own drawings, no stranger's.
    for shape in root:
        _paint_shape(image, shape, {}, size / ART_SIZE)
    return image


def flatten(path: str) -> Iterator[list[Point]]:
    """Yield the lines of a path; curves become short straight pieces.

    >>> list(flatten("M0 0h4v2zM9 9l-1 1"))
    [[(0.0, 0.0), (4.0, 0.0), (4.0, 2.0), (0.0, 0.0)], [(9.0, 9.0), (8.0, 10.0)]]
    """
    tokens = _TOKEN.findall(path)
    line: list[Point] = []
    command, control, place = "", (0.0, 0.0), 0
    while place < len(tokens):
        if tokens[place].isalpha():
            command, place = tokens[place], place + 1
        kind = command.upper()
        if kind == "Z":
            line.append(line[0])
            continue
        count = {"H": 1, "V": 1, "C": 6, "S": 4}.get(kind, 2)
        numbers, place = [float(number) for number in tokens[place : place + count]], place + count
        last = line[-1] if line else (0.0, 0.0)
        base = last if command.islower() else (0.0, 0.0)
        if kind in "HV":
            x, y = (base[0] + numbers[0], last[1]) if kind == "H" else (last[0], base[1] + numbers[0])
            line.append((x, y))
            continue
        points = [(base[0] + x, base[1] + y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
        if kind == "M":
            if line:
                yield line
            line, command = [points[0]], "l" if command == "m" else "L"
        elif kind == "L":
            line.append(points[0])
        else:
            first = points.pop(0) if kind == "C" else (2 * last[0] - control[0], 2 * last[1] - control[1])
            second, end = points
            line += [_bend((last, first, second, end), step / CURVE_STEPS) for step in range(1, CURVE_STEPS + 1)]
            control = points[0]
    yield line


def _bend(corners: tuple[Point, Point, Point, Point], part: float) -> Point:
    rest = 1 - part
    weights = (rest**3, 3 * rest**2 * part, 3 * rest * part**2, part**3)
    x, y = (sum(weight * corner[axis] for weight, corner in zip(weights, corners, strict=True)) for axis in (0, 1))
    return x, y


def _paint_shape(image: Image.Image, shape: ElementTree.Element, outer: dict[str, str], scale: float) -> None:
    given = outer | {name: value for name, value in shape.attrib.items() if name in INHERITED}
    given["transform"] = f"{outer.get('transform', '')} {shape.attrib.get('transform', '')}"
    if shape.tag == "g":
        for inner in shape:
            _paint_shape(image, inner, given, scale)
        return
    layer = Image.new("RGBA", image.size)
    draw = ImageDraw.Draw(layer)
    fill, stroke = _colour(given.get("fill", "#000"), given), _colour(given.get("stroke", "none"), given)
    width = round(float(given.get("stroke-width", 1)) * scale)
    number = {name: float(value) * scale for name, value in shape.attrib.items() if _TOKEN.fullmatch(value)}
    if shape.tag in ("circle", "ellipse"):
        rx, ry = number.get("rx", number.get("r", 0)), number.get("ry", number.get("r", 0))
        x, y = number["cx"], number["cy"]
        draw.ellipse((x - rx, y - ry, x + rx, y + ry), fill, stroke, width)
    elif shape.tag == "rect":
        x, y = number["x"], number["y"]
        corners = (x, y, x + number["width"], y + number["height"])
        draw.rounded_rectangle(corners, number.get("rx", 0), fill, stroke, width)
    else:
        for line in flatten(shape.attrib["d"]):
            points = [(x * scale, y * scale) for x, y in line]
            if fill and len(points) > 2:
                draw.polygon(points, fill)
            if stroke:
                draw.line(points, stroke, width, "curve")
    for move, words in reversed(_MOVE.findall(given["transform"])):
        first, *others = (float(word) for word in words.split())
        x, y = (part * scale for part in (others if move == "rotate" else (first, *others)))
        if move == "rotate":
            layer = layer.rotate(-first, Image.Resampling.BICUBIC, center=(x, y))
        else:
            layer = ImageChops.offset(layer, round(x), round(y))
    image.alpha_composite(layer)


def _colour(name: str, given: dict[str, str]) -> tuple[int, ...] | None:
    if name == "none":
        return None
    colour = ImageColor.getrgb("#6a5f57" if name == "currentColor" else name)
    return (*colour[:3], round(255 * float(given.get("opacity", 1))))
