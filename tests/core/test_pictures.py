"""Whatever is sent as a picture costs little, and breaks nothing."""

import json
import random
import subprocess
import sys
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from tests.reviews.uploads import chunk, draw, make_png
from widget.core.pictures import BadPicture, crop_square, draw_within, encode

REPOSITORY = Path(__file__).resolve().parents[2]
SECONDS, MEMORY = 2.0, 200 * 1024 * 1024
MAX_PIXELS = {"JPEG": 10**6, "PNG": 10**6, "WEBP": 10**6}


def paint(size: tuple[int, int], file_format: str, mode: str = "RGB", **options: object) -> bytes:
    written = BytesIO()
    Image.new(mode, size).save(written, file_format, **options)
    return written.getvalue()


def repeat_scans() -> bytes:
    """Return a small JPEG that has its decoder walk over all of a large picture thousands of times."""
    once = paint((4000, 4000), "JPEG", progressive=True)
    last = once.rindex(b"\xff\xda")
    return once[:-2] + once[last:-2] * 3000 + once[-2:]


def animate(file_format: str) -> bytes:
    frames = [Image.new("RGB", (300, 200), colour) for colour in ("red", "green", "blue")]
    written = BytesIO()
    frames[0].save(written, file_format, save_all=True, append_images=frames[1:])
    return written.getvalue()


TEXT = zlib.compress(bytes(60_000_000))
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "30,000 by 30,000": (lambda: make_png(30_000, 30_000), "too_many_pixels"),
    "one line without end": (lambda: make_png(2**31 - 1, 1), "too_many_pixels"),
    "too many pixels for a photo": (lambda: paint((5000, 5200), "JPEG"), "too_many_pixels"),
    "cut JPEG": (lambda: draw((4000, 3000))[:9000], "not_a_picture"),
    "HTML": (lambda: b"<!doctype html><script>alert(1)</script>", "not_a_picture"),
    "SVG": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_a_picture"),
    "GIF": (lambda: draw(file_format="GIF"), "not_a_picture"),
    "many scans": (repeat_scans, "too_many_pixels"),
    "huge text": (lambda: make_png(40, 30, chunk(b"zTXt", b"a\x00\x00" + TEXT)), "not_a_picture"),
    "huge international text": (
        lambda: make_png(40, 30, chunk(b"iTXt", b"a\x00\x01\x00\x00\x00" + TEXT)), "not_a_picture"),
    "huge profile": (lambda: make_png(40, 30, chunk(b"iCCP", b"a\x00\x00" + TEXT)), "not_a_picture"),
    "largest JPEG": (lambda: paint((5700, 4300), "JPEG", progressive=True, subsampling=0), "1600x1207 240x240"),
    "largest JPEG in inks": (lambda: paint((4900, 3800), "JPEG", "CMYK", progressive=True), "1600x1241 240x240"),
    "largest PNG": (lambda: paint((4100, 3000), "PNG", "RGBA"), "1600x1171 240x240"),
    "largest PNG with a palette": (lambda: paint((4100, 3000), "PNG", "P", transparency=0), "1600x1171 240x240"),
    "16 bits": (lambda: paint((4100, 3000), "PNG", "I;16"), "1600x1171 240x240"),
    "largest WebP": (lambda: paint((3740, 2800), "WEBP", "RGBA", lossless=True), "1600x1198 240x240"),
    "animated PNG": (lambda: animate("PNG"), "300x200 200x200"),
    "animated WebP": (lambda: animate("WEBP"), "300x200 200x200"),
}  # fmt: skip


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="only Linux tells a process its peak")
def test_a_hostile_picture_costs_little(tmp_path: Path) -> None:
    for name, (make, _) in HOSTILE.items():
        (tmp_path / name).write_bytes(make())
    ran = subprocess.run(
        [sys.executable, "-m", "tests.core.picture_cost", *map(str, sorted(tmp_path.iterdir()))],
        cwd=REPOSITORY, capture_output=True, text=True, check=True,
    )  # fmt: skip
    measured = json.loads(ran.stdout)
    assert {name: outcome for name, (outcome, _, _) in measured.items()} == {
        name: expected for name, (_, expected) in HOSTILE.items()
    }
    assert not {name: seconds for name, (_, seconds, _) in measured.items() if seconds >= SECONDS}
    assert not {name: memory for name, (_, _, memory) in measured.items() if memory >= MEMORY}


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
def test_a_damaged_picture_is_refused_or_drawn(file_format: str) -> None:
    chance = random.Random(11)
    options = {"exif": b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00"}
    whole = draw((40, 30), file_format, **options)
    for _ in range(300):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            drawn = draw_within(bytes(damaged), (30, 30), MAX_PIXELS)
        except BadPicture:
            continue
        assert max(drawn.size) <= 30


def test_wider_colours_are_translated_before_their_profile_is_dropped() -> None:
    # A profile like sRGB's but with its red and green exchanged shows whether it is obeyed.
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = bytearray(srgb)
    red, green = srgb.index(b"rXYZ"), srgb.index(b"gXYZ")
    swapped[red : red + 4], swapped[green : green + 4] = b"gXYZ", b"rXYZ"
    written = BytesIO()
    Image.new("RGB", (8, 8), (250, 0, 0)).save(written, "PNG", icc_profile=bytes(swapped))
    red_seen, green_seen, _ = draw_within(written.getvalue(), (8, 8), MAX_PIXELS).getpixel((4, 4))
    assert green_seen > 200 > red_seen


def test_a_broken_profile_is_dropped() -> None:
    drawn = draw_within(draw((8, 8), "PNG", icc_profile=b"no profile"), (8, 8), MAX_PIXELS)
    assert drawn.getpixel((1, 1)) == (192, 48, 48)
    assert not drawn.info


def test_what_is_transparent_is_white_in_a_jpeg() -> None:
    picture = draw_within(paint((9, 5), "PNG", "RGBA"), (9, 9), MAX_PIXELS)
    with Image.open(BytesIO(encode(picture, "JPEG"))) as stored:
        assert stored.getpixel((4, 2)) == (255, 255, 255)


def test_bright_and_dark_survive_16_bits() -> None:
    picture = Image.new("I;16", (4, 2))
    picture.putpixel((0, 0), 65535)
    picture.putpixel((3, 1), 32768)
    written = BytesIO()
    picture.save(written, "PNG")
    drawn = draw_within(written.getvalue(), (4, 4), MAX_PIXELS)
    assert [drawn.getpixel(place)[0] for place in ((0, 0), (3, 1), (1, 0))] == [255, 128, 0]


def test_the_middle_is_cut_square() -> None:
    picture = Image.new("RGB", (30, 10), "black")
    picture.paste("white", (10, 0, 20, 10))
    square = crop_square(picture, 240)
    assert square.size == (10, 10)
    assert square.getextrema() == ((255, 255),) * 3
