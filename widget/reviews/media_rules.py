"""What may be uploaded to a review, told by its first bytes, and how its files are named. Pure."""

import re
import uuid
from typing import Literal

Kind = Literal["photo", "video"]

MAX_PHOTO_BYTES = 5 * 1024 * 1024
MAX_VIDEO_BYTES = 50 * 1024 * 1024
PHOTO_TYPES = ("image/jpeg", "image/png", "image/webp")
# What every size of a photo is stored as: mails and feeds can show it.
PHOTO_TYPE = "image/jpeg"
VIDEO_TYPES = ("video/mp4", "video/webm")
EXTENSIONS = {"image/jpeg": ".jpg", "video/mp4": ".mp4", "video/webm": ".webm"}
# As many first bytes as tell what a file is.
HEAD_BYTES = 64
# The box of each size of a photo: thumbs are cut square, large ones keep their shape.
THUMB, LARGE, VIDEO = "thumb", "large", "video"
THUMB_SIDE, LARGE_SIDE = 240, 1600
# What a phone's photo has at most; beyond, unfolding it would take more memory than one upload is given.
MAX_PIXELS = {"JPEG": 25_000_000, "PNG": 12_500_000, "WEBP": 10_500_000}
# ISO 14496-12 brands of films; pictures (HEIC, AVIF) and sound come in the same box under others.
FILM_BRANDS = frozenset({b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V "})
OTHER_BRANDS = frozenset({b"heic", b"heix", b"mif1", b"msf1", b"avif", b"avis", b"crx ", b"qt  ", b"M4A ", b"M4B "})
SHARDS = 256
_FILE_NAME = re.compile(r"reviews/[0-9a-f]{2}/([0-9a-f]{32})-([0-9a-f]{32})-[a-z]+\.[a-z0-9.]+")


def recognise(head: bytes) -> str | None:
    """Return the type of a photo or video by its first bytes; None for anything else, whatever it is called.

    >>> recognise(b"\\xff\\xd8\\xff\\xe0"), recognise(b"RIFF\\x10\\x00\\x00\\x00WEBPVP8 ")
    ('image/jpeg', 'image/webp')
    >>> recognise(b"\\x00\\x00\\x00\\x18ftypmp42\\x00\\x00\\x00\\x00isommp42"), recognise(b"<svg xmlns=")
    ('video/mp4', None)
    """
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        return "video/mp4" if _is_film(head) else None
    # Matroska's head names what is inside: only WebM's few codecs are what browsers play.
    is_webm = head.startswith(b"\x1aE\xdf\xa3") and b"\x42\x82\x84webm" in head[:HEAD_BYTES]
    return "video/webm" if is_webm else None


def kind_of(content_type: str) -> Kind:
    """Return whether a type is a photo's or a video's.

    >>> kind_of("image/png"), kind_of("video/webm")
    ('photo', 'video')
    """
    return "photo" if content_type.startswith("image/") else "video"


def file_name(site_id: uuid.UUID, media_id: uuid.UUID, size: str, content_type: str) -> str:
    """Return the name under which one size is stored: from ids alone, in one of 256 folders.

    >>> file_name(uuid.UUID(int=1), uuid.UUID(int=255), "thumb", "image/jpeg")
    'reviews/ff/00000000000000000000000000000001-000000000000000000000000000000ff-thumb.jpg'
    """
    return f"{shard_folder(media_id.int % SHARDS)}/{site_id.hex}-{media_id.hex}-{size}{EXTENSIONS[content_type]}"


def shard_folder(shard: int) -> str:
    """Return the folder of one part of the files, by the end of their ids, which is random.

    >>> shard_folder(10)
    'reviews/0a'
    """
    return f"reviews/{shard:02x}"


def read_file_name(name: str) -> tuple[uuid.UUID, uuid.UUID] | None:
    """Return the site and the upload that a stored file belongs to; None for what we did not name.

    >>> name = file_name(uuid.UUID(int=1), uuid.UUID(int=2), "large", "image/jpeg")
    >>> read_file_name(name) == read_file_name(name + ".0f.part") == (uuid.UUID(int=1), uuid.UUID(int=2))
    True
    >>> read_file_name("reviews/00/.DS_Store")
    """
    found = _FILE_NAME.fullmatch(name)
    return (uuid.UUID(found[1]), uuid.UUID(found[2])) if found else None


def shards_due(hour: int) -> list[int]:
    """Return the parts of the files that are looked through in an hour of the day: all of them within a day.

    >>> shards_due(0)[:3], sorted(shard for hour in range(24) for shard in shards_due(hour)) == list(range(256))
    ([0, 24, 48], True)
    """
    return list(range(hour, SHARDS, 24))


def _is_film(head: bytes) -> bool:
    length = min(int.from_bytes(head[:4], "big"), HEAD_BYTES)
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, length - 3, 4))}
    return head[8:12] not in OTHER_BRANDS and bool(brands & FILM_BRANDS)
