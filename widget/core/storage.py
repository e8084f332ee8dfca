"""Where files lie: in the data folder, or in an S3-compatible bucket. It knows names and bytes, nothing more.

Names are given by us, never by whoever sends a file.
"""

import os
import re
import secrets
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Protocol

from flask import current_app

from widget.config import Bucket, Settings

CHUNK_BYTES = 64 * 1024
NAME_PATTERN = re.compile(r"[a-z0-9-]+(/[a-z0-9-]+)*(\.[a-z0-9]+)*")
_EXTENSION = "regulars_storage"


class FileMissing(Exception):
    """There is no file of this name."""


class StoredFile(Protocol):
    """A file that is open for reading."""

    def read(self, amount: int, /) -> bytes:
        """Return up to so many bytes; none at the end."""

    def close(self) -> None:
        """Give it back."""


class Storage(Protocol):
    """What keeps files."""

    def put(self, name: str, chunks: Iterable[bytes], content_type: str) -> None:
        """Keep a file for good, whole or, where the chunks end with an error, not at all."""

    def open(self, name: str, first: int, last: int) -> StoredFile:
        """Open a file from its byte `first` on, of which nobody reads beyond `last`; raise FileMissing."""

    def delete(self, name: str) -> None:
        """Delete a file; one that is not there is deleted already."""

    def list_names(self, folder: str) -> Iterator[tuple[str, datetime]]:
        """Yield the names in a folder, also of what was never finished, with when each was written."""


class FolderStorage:
    """Files in a folder that nobody but we may read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, chunks: Iterable[bytes], content_type: str) -> None:
        path = self._path(name)
        if not path.parent.is_dir():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._sync_folders(path.parent.parent)
        unfinished = path.with_name(f"{path.name}.{secrets.token_hex(8)}.part")
        try:
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                for chunk in chunks:
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)

    def open(self, name: str, first: int, last: int) -> StoredFile:
        try:
            file = self._path(name).open("rb")
        except FileNotFoundError as error:
            raise FileMissing(name) from error
        file.seek(first)
        return file

    def delete(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)

    def list_names(self, folder: str) -> Iterator[tuple[str, datetime]]:
        place = self._path(folder)
        for entry in sorted(os.scandir(place), key=lambda entry: entry.name) if place.is_dir() else ():
            yield f"{folder}/{entry.name}", datetime.fromtimestamp(entry.stat().st_mtime, UTC)

    def _path(self, name: str) -> Path:
        return self._folder / _require_own(name)

    def _sync_folders(self, folder: Path) -> None:
        """Make new folders outlast a power cut, up to the one that holds ours."""
        while True:
            _sync_folder(folder)
            if folder in (self._folder.parent, folder.parent):
                return
            folder = folder.parent


class BucketStorage:
    """Files in a bucket of an S3-compatible service."""

    def __init__(self, bucket: Bucket) -> None:
        # Who keeps files in a folder need not load this.
        import boto3
        from botocore.config import Config

        self._bucket = bucket.name
        self._folder = f"{bucket.folder}/" if bucket.folder else ""
        self._client: Any = boto3.client(
            "s3",
            endpoint_url=bucket.endpoint,
            region_name=bucket.region,
            aws_access_key_id=bucket.key,
            aws_secret_access_key=bucket.secret,
            # Paths and checksums as every compatible service knows them.
            config=Config(
                s3={"addressing_style": "path"},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
                connect_timeout=5,
                read_timeout=30,
            ),
        )
        self._missing: tuple[type[Exception], ...] = (self._client.exceptions.NoSuchKey,)

    def put(self, name: str, chunks: Iterable[bytes], content_type: str) -> None:
        with TemporaryFile() as whole:
            _write_all(whole, chunks)
            self._client.put_object(Bucket=self._bucket, Key=self._key(name), Body=whole, ContentType=content_type)

    def open(self, name: str, first: int, last: int) -> StoredFile:
        try:
            found = self._client.get_object(Bucket=self._bucket, Key=self._key(name), Range=f"bytes={first}-{last}")
        except self._missing as error:
            raise FileMissing(name) from error
        body: StoredFile = found["Body"]
        return body

    def delete(self, name: str) -> None:
        self._client.delete_object(Bucket=self._bucket, Key=self._key(name))

    def list_names(self, folder: str) -> Iterator[tuple[str, datetime]]:
        pages = self._client.get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=self._bucket, Prefix=f"{self._key(folder)}/"):
            for found in page.get("Contents", ()):
                yield found["Key"].removeprefix(self._folder), found["LastModified"]

    def _key(self, name: str) -> str:
        return self._folder + _require_own(name)


def current_storage() -> Storage:
    """Return the application's storage, made when it is first needed: a forked process has its own."""
    found: Storage | None = current_app.extensions.get(_EXTENSION)
    if found is None:
        settings: Settings = current_app.config["SETTINGS"]
        bucket = settings.media_bucket
        found = BucketStorage(bucket) if bucket else FolderStorage(settings.data_dir / "media")
        current_app.extensions[_EXTENSION] = found
    return found


def read_chunks(file: StoredFile, length: int) -> Iterator[bytes]:
    """Yield the next so many bytes of a file, and close it."""
    try:
        while length > 0 and (chunk := file.read(min(CHUNK_BYTES, length))):
            length -= len(chunk)
            yield chunk
    finally:
        file.close()


def _require_own(name: str) -> str:
    if not NAME_PATTERN.fullmatch(name):
        raise ValueError("this is no name we give to files")
    return name


def _write_all(file: IO[bytes], chunks: Iterable[bytes]) -> None:
    for chunk in chunks:
        file.write(chunk)
    file.seek(0)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
