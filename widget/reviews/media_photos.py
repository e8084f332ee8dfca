"""What is stored of a photo: two sizes, drawn anew, in the format that mails and feeds can show as well."""

from dataclasses import dataclass

from widget.core.pictures import crop_square, draw_within, encode
from widget.reviews.media_rules import LARGE, LARGE_SIDE, MAX_PIXELS, THUMB, THUMB_SIDE


@dataclass(frozen=True)
class DrawnSize:
    """One size of a photo as it is stored."""

    name: str
    body: bytes
    width: int
    height: int


def draw_sizes(upload: bytes) -> list[DrawnSize]:
    """Return the sizes of an uploaded photo, the large one first; raise BadPicture."""
    large = draw_within(upload, (LARGE_SIDE, LARGE_SIDE), MAX_PIXELS)
    pictures = ((LARGE, large), (THUMB, crop_square(large, THUMB_SIDE)))
    return [
        DrawnSize(name, encode(picture, "JPEG", quality=85, optimize=True, progressive=True), *picture.size)
        for name, picture in pictures
    ]
