"""The files of photos and videos: recognised by what they hold, written, named and deleted."""

import hashlib
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from widget.core.pictures import BadPicture
from widget.core.problems import MalformedRequest, TooLarge
from widget.core.storage import CHUNK_BYTES, current_storage
from widget.reviews.errors import MediaTypeRefused, MediaUnreadable
from widget.reviews.media_models import ReviewMedia
from widget.reviews.media_photos import draw_sizes
from widget.reviews.media_rules import (
    HEAD_BYTES,
    MAX_PHOTO_BYTES,
    MAX_VIDEO_BYTES,
    PHOTO_TYPE,
    VIDEO,
    Kind,
    file_name,
    kind_of,
    recognise,
)

UNREADABLE_WORDS = {
    "not_a_picture": "This file is damaged, or no picture.",
    "too_many_pixels": "This picture has too many pixels. Save it smaller and try again.",
}
CUT_OFF = "The upload ended before it was whole."


@dataclass(frozen=True)
class Upload:
    """What is being sent: its type by its first bytes, and all of its bytes as they come."""

    content_type: str
    chunks: Iterable[bytes]

    @property
    def kind(self) -> Kind:
        return kind_of(self.content_type)


@dataclass(frozen=True)
class WrittenFiles:
    """What was stored of an upload; `sizes` are as `ReviewMedia.sizes`."""

    sizes: list[dict[str, Any]]
    content_hash: str


def recognise_upload(read: Callable[[int], bytes], length: int | None) -> Upload:
    """Return what is being sent, of which only the beginning has been read; raise MediaTypeRefused.

    `length` is what its sender said it has. Chunks that end before raise MalformedRequest.
    """

    def read_on(amount: int) -> bytes:
        try:
            return read(amount)
        except OSError as error:
            raise MalformedRequest(CUT_OFF) from error

    head = b""
    while len(head) < HEAD_BYTES and (more := read_on(HEAD_BYTES - len(head))):
        head += more
    content_type = recognise(head)
    if content_type is None:
        raise MediaTypeRefused()
    return Upload(content_type, _follow(head, read_on, length))


def write_files(site_id: uuid.UUID, media_id: uuid.UUID, upload: Upload) -> WrittenFiles:
    """Store an upload's files; raise TooLarge and MediaUnreadable."""
    if upload.kind == "video":
        return _write_video(site_id, media_id, upload)
    body = b"".join(_within(upload.chunks, MAX_PHOTO_BYTES))
    try:
        drawn = draw_sizes(body)
    except BadPicture as error:
        raise MediaUnreadable(UNREADABLE_WORDS[str(error)]) from error
    for size in drawn:
        current_storage().put(file_name(site_id, media_id, size.name, PHOTO_TYPE), [size.body], PHOTO_TYPE)
    sizes = [_describe(size.name, PHOTO_TYPE, len(size.body), size.width, size.height) for size in drawn]
    return WrittenFiles(sizes, hashlib.sha256(body).hexdigest())


def list_files(row: ReviewMedia) -> list[str]:
    """Return the names of an upload's files."""
    return [file_name(row.site_id, row.id, size["name"], size["type"]) for size in row.sizes]


def delete_files(names: Iterable[str]) -> None:
    """Delete stored files; call it after the commit that forgot them."""
    storage = current_storage()
    for name in names:
        storage.delete(name)


def _follow(head: bytes, read: Callable[[int], bytes], length: int | None) -> Iterator[bytes]:
    sent = len(head)
    yield head
    while chunk := read(CHUNK_BYTES):
        sent += len(chunk)
        yield chunk
    # To the server a connection that ends looks like a body that ends.
    if length not in (None, sent):
        raise MalformedRequest(CUT_OFF)


def _write_video(site_id: uuid.UUID, media_id: uuid.UUID, upload: Upload) -> WrittenFiles:
    """Store a video as it is sent, while it is sent: it is never in memory as a whole."""
    digest, length = hashlib.sha256(), 0

    def follow() -> Iterator[bytes]:
        nonlocal length
        for chunk in _within(upload.chunks, MAX_VIDEO_BYTES):
            length += len(chunk)
            digest.update(chunk)
            yield chunk

    current_storage().put(file_name(site_id, media_id, VIDEO, upload.content_type), follow(), upload.content_type)
    return WrittenFiles([_describe(VIDEO, upload.content_type, length, None, None)], digest.hexdigest())


def _within(chunks: Iterable[bytes], most: int) -> Iterator[bytes]:
    length = 0
    for chunk in chunks:
        length += len(chunk)
        if length > most:
            raise TooLarge(f"A file of this kind may have {most // 1024**2} MB.")
        yield chunk


def _describe(name: str, content_type: str, length: int, width: int | None, height: int | None) -> dict[str, Any]:
    return {"name": name, "type": content_type, "width": width, "height": height, "bytes": length}
