"""Photos and videos where the product really runs: from a bucket, and through its server."""

import socket
import urllib.request
from pathlib import Path

import pytest
from flask import Flask

from tests.buckets import connect, serving_bucket
from tests.cast import Cast
from tests.reviews.test_media_cleaning import DAY_AND_MORE, run_later
from tests.reviews.test_media_serving import get, submit
from tests.reviews.uploads import MP4, claim
from tests.servers import LiveServer
from widget.core.storage import BucketStorage
from widget.reviews.media_rules import MAX_VIDEO_BYTES


def test_a_bucket_serves_as_well_as_a_folder(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving_bucket() as bucket:
        monkeypatch.setitem(app.extensions, "regulars_storage", BucketStorage(bucket))
        film, photo, staged = claim(app, cast.maple, MP4), claim(app, cast.maple), claim(app, cast.maple)
        submit(app, cast, [film, photo])
        part = get(app, cast, film[0], "video", Range="bytes=5-9")
        assert (part.status_code, part.data) == (206, MP4[5:10])
        assert get(app, cast, photo[0], "large").data.startswith(b"\xff\xd8\xff")
        run_later(app, DAY_AND_MORE)
        client = connect(bucket)
        names = [found["Key"] for found in client.list_objects_v2(Bucket=bucket.name)["Contents"]]
        assert len(names) == 4
        assert "another/file" in names
        assert not [name for name in names if staged[0].hex in name]
        for name in names:
            client.delete_object(Bucket=bucket.name, Key=name)
        assert get(app, cast, photo[0], "large").status_code == 404
        client.close()


def list_files(server: LiveServer) -> list[Path]:
    return [path for path in (server.app.config["SETTINGS"].data_dir / "media").rglob("*") if path.is_file()]


def count_peaks(server: LiveServer) -> int:
    """Return the most memory the server's processes have had together, in bytes."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text(encoding="ascii").split()
    statuses = [Path(f"/proc/{pid}/status").read_text(encoding="ascii") for pid in children]
    return sum(1024 * int(status.split("VmHWM:")[1].split()[0]) for status in statuses)


def send(server: LiveServer, *parts: bytes, length: int | None) -> bytes:
    """Send a video part by part over a connection that then ends, and return the answer."""
    how = f"Content-Length: {length}" if length is not None else "Transfer-Encoding: chunked"
    head = (
        f"POST /embed/v1/{server.cast.maple.key}/reviews/media HTTP/1.1\r\nHost: localhost\r\n"
        f"Origin: {server.cast.maple.origin}\r\nContent-Type: video/mp4\r\n{how}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port), 20) as connection:
        for part in (head.encode(), *parts):
            connection.sendall(part)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_a_connection_that_ends_early_stores_nothing(live_server: LiveServer) -> None:
    before = list_files(live_server)
    for answer in (
        send(live_server, MP4, length=len(MP4) + 1),
        send(live_server, f"{len(MP4) + 9:x}\r\n".encode() + MP4, length=None),
    ):
        assert answer.startswith(b"HTTP/1.1 400 "), answer[:200]
    assert list_files(live_server) == before
    whole = send(live_server, f"{len(MP4):x}\r\n".encode() + MP4 + b"\r\n0\r\n\r\n", length=None)
    assert whole.startswith(b"HTTP/1.1 201 ")
    assert len(list_files(live_server)) == len(before) + 1


def test_a_video_over_its_limit_is_refused_however_its_length_is_told(live_server: LiveServer) -> None:
    before = list_files(live_server)
    assert send(live_server, MP4, length=MAX_VIDEO_BYTES + 1).startswith(b"HTTP/1.1 413 ")
    assert list_files(live_server) == before


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells a process's peak")
def test_a_large_video_is_never_in_memory_as_a_whole(live_server: LiveServer) -> None:
    cast, before = live_server.cast, count_peaks(live_server)
    asked = urllib.request.Request(
        f"{live_server.base_url}/embed/v1/{cast.maple.key}/reviews/media",
        data=MP4 + bytes(40_000_000),
        headers={"Origin": cast.maple.origin, "Content-Type": "video/mp4"},
    )
    with urllib.request.urlopen(asked, timeout=60) as answer:
        assert answer.status == 201
    assert count_peaks(live_server) - before < 20_000_000
