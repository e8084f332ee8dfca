"""Files are kept whole or not at all, in a folder and in a bucket alike."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.buckets import connect, serving_bucket
from widget.config import Bucket, Settings, SettingsError
from widget.core.clock import utc_now
from widget.core.storage import BucketStorage, FileMissing, FolderStorage, Storage, read_chunks

BODY = bytes(range(256)) * 1000
NAME = "reviews/0a/one-large.jpg"


@pytest.fixture(scope="module")
def bucket() -> Iterator[Bucket]:
    with serving_bucket() as made:
        yield made


@pytest.fixture(params=["folder", "bucket"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "folder":
        return FolderStorage(tmp_path / "media")
    kept = BucketStorage(request.getfixturevalue("bucket"))
    for name, _ in list(kept.list_names("reviews")):
        kept.delete(name)
    return kept


def read(storage: Storage, name: str, first: int, last: int) -> bytes:
    return b"".join(read_chunks(storage.open(name, first, last), last - first + 1))


def names_in(storage: Storage, folder: str) -> list[str]:
    return [name for name, _ in storage.list_names(folder)]


def test_a_file_is_read_whole_or_in_part(storage: Storage) -> None:
    storage.put(NAME, [BODY[:7], BODY[7:]], "image/jpeg")
    assert read(storage, NAME, 0, len(BODY) - 1) == BODY
    assert read(storage, NAME, 100_000, 200_000) == BODY[100_000:200_001]
    storage.put(NAME, [b"another"], "image/jpeg")
    assert read(storage, NAME, 0, 6) == b"another"


def test_a_file_whose_chunks_end_with_an_error_is_not_kept(storage: Storage) -> None:
    def break_off() -> Iterator[bytes]:
        yield BODY
        raise ValueError("cut off")

    with pytest.raises(ValueError, match="cut off"):
        storage.put(NAME, break_off(), "video/mp4")
    assert names_in(storage, "reviews/0a") == []
    with pytest.raises(FileMissing):
        storage.open(NAME, 0, 1)


def test_files_are_listed_by_folder_and_deleted(storage: Storage) -> None:
    for name in ("reviews/0a/b.jpg", "reviews/0a/a.jpg", "reviews/0b/c.jpg"):
        storage.put(name, [b"x"], "image/jpeg")
    assert names_in(storage, "reviews/0a") == ["reviews/0a/a.jpg", "reviews/0a/b.jpg"]
    assert names_in(storage, "reviews/ff") == []
    ((_, written_at),) = storage.list_names("reviews/0b")
    assert abs(written_at - utc_now()) < timedelta(minutes=5)
    for _ in range(2):
        storage.delete("reviews/0a/a.jpg")
    assert names_in(storage, "reviews/0a") == ["reviews/0a/b.jpg"]


@pytest.mark.parametrize(
    "name", ["../a", "/etc/passwd", "a/../b", "a//b", "a\\b", "A", "a\x00", "", "a/.b", "a b", "a\n"]
)
def test_only_names_of_ours_are_taken(storage: Storage, name: str) -> None:
    for use in (lambda: storage.put(name, [b""], "image/jpeg"), lambda: storage.open(name, 0, 1),
                lambda: storage.delete(name)):  # fmt: skip
        with pytest.raises(ValueError, match="no name we give"):
            use()


def test_a_bucket_is_told_the_type_and_keeps_to_its_folder(bucket: Bucket) -> None:
    storage = BucketStorage(bucket)
    storage.put(NAME, [BODY], "image/jpeg")
    client = connect(bucket)
    assert client.head_object(Bucket=bucket.name, Key=f"of/maple/{NAME}")["ContentType"] == "image/jpeg"
    assert client.get_object(Bucket=bucket.name, Key="another/file")["ContentLength"] == 23
    client.close()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "s3://AK%2FEY:se%2Fcr%40t@s3.eu-central-1.amazonaws.com/photos?region=eu-central-1",
            Bucket("https://s3.eu-central-1.amazonaws.com", "photos", "", "eu-central-1", "AK/EY", "se/cr@t"),
        ),
        (
            "s3+http://a:b@[fd00::5]:9000/photos/of/maple/",
            Bucket("http://[fd00::5]:9000", "photos", "of/maple", "us-east-1", "a", "b"),
        ),
    ],
)
def test_a_bucket_is_one_setting(url: str, expected: Bucket, tmp_path: Path) -> None:
    assert Settings.from_env({"DATA_DIR": str(tmp_path), "MEDIA_URL": url}).media_bucket == expected


@pytest.mark.parametrize(
    "url",
    ["s3://a:b@host", "s3://a:b@host/", "s3://host/bucket", "s3://a@host/bucket", "https://a:b@host/bucket",
     "s3://a:b@/bucket", "s3://a:b@host/bucket?acl=public", "s3://a:b@host/bucket?region", "s3://a:b@host:x/bucket",
     "photos", "s3://[a:b@host/bucket"],
)  # fmt: skip
def test_a_setting_that_names_no_bucket_is_refused_without_repeating_it(url: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({"DATA_DIR": str(tmp_path), "MEDIA_URL": url})
    assert url not in str(caught.value)
