"""Photos and videos as shoppers' browsers send them."""

import uuid
import zlib
from io import BytesIO
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from tests.cast import SiteOfCast

GPS_TAG, LATITUDE_TAG, MAKE_TAG = 0x8825, 2, 0x010F
HOME = "Acacia Avenue 7"
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42" + b"\x00\x00\x00\x08mdat" + bytes(range(256)) * 8
WEBM = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webmB\x87\x81\x04" + bytes(500)


def draw(size: tuple[int, int] = (320, 200), file_format: str = "JPEG", mode: str = "RGB", **options: Any) -> bytes:
    """Return a picture, red above and blue below."""
    picture = Image.new("RGB", size, "#c03030")
    picture.paste("#3030c0", (0, size[1] // 2, *size))
    written = BytesIO()
    picture.convert(mode).save(written, file_format, **options)
    return written.getvalue()


def draw_at_home(orientation: int = 1, size: tuple[int, int] = (320, 200)) -> bytes:
    """Return a phone's photo that says in EXIF, XMP and a comment where it was taken, and by what."""
    exif = Image.Exif()
    exif[MAKE_TAG] = f"Phone of {HOME}"
    exif[0x0112] = orientation
    exif.get_ifd(GPS_TAG)[LATITUDE_TAG] = (52.0, 30.0, 59.5)
    xmp = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><place>{HOME}</place></x:xmpmeta>'.encode()
    return draw(size, exif=exif, xmp=xmp, comment=HOME.encode())


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return one chunk of a PNG."""
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def make_png(width: int, height: int, *chunks: bytes) -> bytes:
    """Return a PNG of which only the size, the given chunks and the beginning of the pixels are there."""
    header = chunk(b"IHDR", width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 2, 0, 0, 0]))
    pixels = chunk(b"IDAT", zlib.compress(bytes(100_000)))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + pixels + chunk(b"IEND", b"")


def upload(
    client: FlaskClient, site: SiteOfCast, body: bytes, content_type: str = "image/jpeg", **headers: str
) -> TestResponse:
    """Send a file from a page of the site; names of headers are written with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post(
        f"/embed/v1/{site.key}/reviews/media",
        data=body,
        content_type=content_type,
        headers={**site.page_headers, **named},
    )


def claim(app: Flask, site: SiteOfCast, body: bytes = b"", content_type: str = "image/jpeg") -> tuple[uuid.UUID, str]:
    """Upload a file and return its id and secret, with which a review claims it."""
    answer = upload(app.test_client(), site, body or draw(), content_type)
    assert answer.status_code == 201, answer.text
    return uuid.UUID(answer.json["id"]), answer.json["secret"]
