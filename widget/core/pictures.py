"""Pictures that somebody sent: read with suspicion, and drawn anew without anything but pixels."""

import struct
import threading
import warnings
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, ImageOps

ACCEPTED = ("PNG", "JPEG", "WEBP")
# Photos of phones that carry a second, smaller picture are read as this; its first picture is the photo.
MANY_PICTURES = "MPO"
ORIENTATION_TAG, LYING = 0x0112, (5, 6, 7, 8)
# How a camera was held, and what sets the picture upright (EXIF 2.32, 4.6.4 A).
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# A progressive JPEG of a real camera has about ten scans; each is decoded over the whole picture.
MAX_JPEG_SCANS = 100
# To unfold others into RGB first takes more memory, but a palette's numbers have no mean.
SHRINKING_WELL = ("L", "LA", "RGB", "RGBA", "CMYK")
MAX_PROFILE_BYTES = 64 * 1024
# What Pillow raises for files that were made to break it.
UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    ArithmeticError,
    LookupError,
    TypeError,
    AttributeError,
    RuntimeError,
    struct.error,
)
# Several pictures unfolded at once would need several times the memory.
_one_at_a_time = threading.Lock()


class BadPicture(ValueError):
    """A file that is not drawn; the message is `not_a_picture` or `too_many_pixels`."""


def draw_within(upload: bytes, box: tuple[int, int], max_pixels: Mapping[str, int]) -> Image.Image:
    """Return what a JPEG, PNG or WebP shows, upright and no larger than the box, in RGB or RGBA; raise BadPicture.

    A small file may unfold to gigabytes: one with more pixels than its format may have is not unfolded at all.
    The picture is a new one: it carries no place, camera, profile or comment of the old.
    """
    try:
        with _one_at_a_time, warnings.catch_warnings():
            # Of damage that it can live with Pillow warns the log; of what is too large it must not only warn.
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(upload), formats=ACCEPTED) as opened:
                _require_few_pixels(opened, upload, max_pixels)
                return _copy_pixels(_shrink(opened, box))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadPicture("too_many_pixels") from error
    except BadPicture:
        raise
    except UNREADABLE as error:
        raise BadPicture("not_a_picture") from error


def crop_square(picture: Image.Image, side: int) -> Image.Image:
    """Return the middle of a picture as a square of at most this side."""
    side = min(side, *picture.size)
    return ImageOps.fit(picture, (side, side), Image.Resampling.LANCZOS)


def encode(picture: Image.Image, file_format: str, **options: Any) -> bytes:
    """Return the picture as a file; a JPEG shows white where it was transparent."""
    if file_format == "JPEG" and picture.mode == "RGBA":
        paper = Image.new("RGB", picture.size, "white")
        paper.paste(picture, mask=picture)
        picture = paper
    written = BytesIO()
    picture.save(written, file_format, **options)
    return written.getvalue()


def _require_few_pixels(opened: Image.Image, upload: bytes, max_pixels: Mapping[str, int]) -> None:
    file_format, pixels = str(opened.format), opened.width * opened.height
    if file_format in ("JPEG", MANY_PICTURES):
        file_format = "JPEG"
        # Every band is unfolded by itself: inks are four.
        pixels = pixels * max(3, len(opened.getbands())) // 3
        if upload.count(b"\xff\xda") > MAX_JPEG_SCANS:
            raise BadPicture("too_many_pixels")
    if pixels > max_pixels[file_format]:
        raise BadPicture("too_many_pixels")


def _shrink(opened: Image.Image, box: tuple[int, int]) -> Image.Image:
    """Return the picture within the box, upright; it is turned when it is small already."""
    orientation = _read_orientation(opened)
    if orientation in LYING:
        box = (box[1], box[0])
    # A JPEG is decoded no larger than needed; other formats ignore this.
    opened.draft(None, box)
    profile = opened.info.get("icc_profile")
    picture = opened if opened.mode in SHRINKING_WELL and "transparency" not in opened.info else _simplify(opened)
    picture.thumbnail(box, Image.Resampling.LANCZOS)
    picture = _simplify(picture)
    upright = picture.transpose(TURNS[orientation]) if orientation in TURNS else picture
    return _translate_colours(upright, profile)


def _read_orientation(opened: Image.Image) -> int:
    try:
        return int(opened.getexif().get(ORIENTATION_TAG, 1))
    except UNREADABLE:
        # What it says of itself cannot be read; the picture may be fine.
        return 1


def _simplify(opened: Image.Image) -> Image.Image:
    """Return the picture in RGB or RGBA, whatever it was: greys, inks, a palette, 16 bits."""
    if opened.mode in ("RGB", "RGBA"):
        return opened
    if opened.mode.startswith("I"):
        opened = opened.point(lambda value: value * (1 / 256)).convert("L")
    has_alpha = opened.mode in ("LA", "PA", "La", "RGBa") or "transparency" in opened.info
    return opened.convert("RGBA" if has_alpha else "RGB")


def _translate_colours(picture: Image.Image, profile: Any) -> Image.Image:
    """Return the picture in sRGB, which is how a picture without a profile is shown; phones use wider spaces."""
    if not isinstance(profile, bytes) or not 0 < len(profile) <= MAX_PROFILE_BYTES:
        return picture
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(picture, source, target, outputMode=picture.mode) or picture
    except (*UNREADABLE, ImageCms.PyCMSError):
        return picture


def _copy_pixels(picture: Image.Image) -> Image.Image:
    clean = Image.new(picture.mode, picture.size)
    clean.paste(picture)
    return clean
