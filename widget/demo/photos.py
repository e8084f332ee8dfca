"""Made-up photos of Maple Store's products, as shoppers might take them: on a table, in some light."""

import io
import random
from functools import cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from widget.demo.drawings import paint

WIDTH, HEIGHT = 1000, 750
TABLE_TOP = 470
# A wall and a table each: morning, afternoon, kitchen, evening.
SCENES = (
    ((247, 239, 226), (222, 205, 182), (176, 132, 92)),
    ((226, 234, 236), (190, 204, 208), (120, 92, 70)),
    ((238, 232, 240), (207, 196, 214), (202, 178, 150)),
    ((214, 190, 168), (128, 98, 88), (84, 58, 46)),
)


@cache
def take_photo(slug: str, number: int) -> bytes:
    """Return a photo of a product as JPEG; another number is another one, 0 that of the shop."""
    rng = random.Random(f"maple photo {slug} {number}")  # noqa: S311 - a picture, no secret.
    wall, shade, table = SCENES[rng.randrange(len(SCENES))]
    photo = _blend(wall, shade, (WIDTH, HEIGHT))
    photo.paste(_blend(table, tuple(part * 2 // 3 for part in table), (WIDTH, HEIGHT - TABLE_TOP)), (0, TABLE_TOP))
    _lay_grain(photo, rng)
    size = rng.randrange(520, 640)
    thing = paint(slug, size).rotate(rng.uniform(-3, 3), Image.Resampling.BICUBIC)
    # The drawings stand at four fifths of their height.
    at = ((WIDTH - size) // 2 + rng.randrange(-140, 140), TABLE_TOP + rng.randrange(60, 130) - size * 4 // 5)
    shadow = Image.new("RGBA", thing.size, (30, 20, 15, 0))
    shadow.putalpha(thing.getchannel("A").point(lambda part: part // 3).filter(ImageFilter.GaussianBlur(18)))
    photo.paste(shadow, (at[0] + 36, at[1] + 16), shadow)
    photo.paste(thing, at, thing)
    file = io.BytesIO()
    _light(photo, rng).save(file, "JPEG", quality=86)
    return file.getvalue()


def _blend(above: tuple[int, ...], below: tuple[int, ...], size: tuple[int, int]) -> Image.Image:
    """Return one colour going over into another, from top to bottom."""
    ramp = Image.linear_gradient("L").resize(size)
    return Image.composite(Image.new("RGB", size, below), Image.new("RGB", size, above), ramp)


def _lay_grain(photo: Image.Image, rng: random.Random) -> None:
    """Draw the grain of the table's wood, finer further away."""
    draw = ImageDraw.Draw(photo, "RGBA")
    y = float(TABLE_TOP)
    while y < HEIGHT:
        y += 4 + (y - TABLE_TOP) / 14
        draw.line((0, y, WIDTH, y + rng.uniform(-6, 6)), (40, 24, 12, rng.randrange(8, 34)), rng.randrange(1, 4))


def _light(photo: Image.Image, rng: random.Random) -> Image.Image:
    """Let light fall in from a window at one side, and darken the corners as a lens does."""
    glow = Image.new("L", photo.size)
    left = rng.randrange(WIDTH)
    ImageDraw.Draw(glow).polygon([(left, 0), (left + 260, 0), (left + 40, HEIGHT), (left - 420, HEIGHT)], 36)
    glow = glow.filter(ImageFilter.GaussianBlur(60))
    lit = ImageChops.add(photo, Image.merge("RGB", [glow, glow, glow.point(lambda part: part * 3 // 4)]))
    corners = Image.radial_gradient("L").resize(photo.size).point(lambda part: max(0, part - 110) // 2)
    return Image.composite(Image.new("RGB", photo.size, (20, 14, 10)), lit, corners)
