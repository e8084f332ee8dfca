"""Uploading photos and videos: what is taken, what is kept of it, and what is refused."""

from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select

from tests.cast import Cast
from tests.embed.shopper import assert_problem
from tests.reviews.uploads import HOME, MP4, WEBM, claim, draw, draw_at_home, make_png, upload
from widget.core.db import begin_writing, db
from widget.reviews import media_uploads
from widget.reviews.media_models import ReviewMedia
from widget.reviews.media_rules import MAX_PHOTO_BYTES, MAX_VIDEO_BYTES
from widget.reviews.reader_models import ReviewSettings

SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
HTML = b"<!doctype html><script>alert(document.cookie)</script>"
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(100)
SOUND = b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00isommp42" + bytes(100)
MATROSKA = WEBM.replace(b"\x84webm", b"\x88matroska")


def list_stored(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def count_rows(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(ReviewMedia)) or 0


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "MPO"])
def test_a_photo_is_stored_in_two_sizes(app: Flask, cast: Cast, media_folder: Path, file_format: str) -> None:
    answer = upload(app.test_client(), cast.maple, draw((2000, 1000), file_format))
    assert answer.status_code == 201
    assert {name: answer.json[name] for name in ("kind", "width", "height")} == {
        "kind": "photo", "width": 1600, "height": 800,
    }  # fmt: skip
    large, thumb = list_stored(media_folder)
    for path, size in ((large, (1600, 800)), (thumb, (240, 240))):
        with Image.open(path) as stored:
            assert (stored.format, stored.size) == ("JPEG", size)
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700


def test_nothing_of_where_a_photo_was_taken_is_kept(app: Flask, cast: Cast, media_folder: Path) -> None:
    body = draw_at_home()
    with Image.open(BytesIO(body)) as sent:
        assert sent.getexif().get_ifd(0x8825)
        assert {"exif", "xmp", "comment"} <= set(sent.info)
    claim(app, cast.maple, body)
    for path in list_stored(media_folder):
        with Image.open(path) as stored:
            assert not stored.getexif()
            assert not {"exif", "xmp", "comment", "icc_profile", "photoshop"} & set(stored.info)
        assert HOME.encode() not in path.read_bytes()
        assert b"Exif" not in path.read_bytes()


def test_a_photo_stands_upright(app: Flask, cast: Cast, media_folder: Path) -> None:
    for orientation, (left, right) in {6: ("blue", "red"), 8: ("red", "blue")}.items():
        answer = upload(app.test_client(), cast.maple, draw_at_home(orientation))
        assert (answer.json["width"], answer.json["height"]) == (200, 320)
        large = next(path for path in list_stored(media_folder) if answer.json["id"].replace("-", "") in path.name)
        with Image.open(large) as stored:
            seen = ["red" if red > blue else "blue" for red, _, blue in (stored.getpixel((x, 9)) for x in (9, 190))]
        assert seen == [left, right]


def test_a_small_photo_is_not_made_larger(app: Flask, cast: Cast, media_folder: Path) -> None:
    answer = upload(app.test_client(), cast.maple, draw((60, 40), "PNG", "RGBA"))
    assert (answer.json["width"], answer.json["height"]) == (60, 40)
    with Image.open(list_stored(media_folder)[1]) as thumb:
        assert thumb.size == (40, 40)


@pytest.mark.parametrize(("body", "content_type"), [(MP4, "video/mp4"), (WEBM, "video/webm")], ids=["MP4", "WebM"])
def test_a_video_is_stored_as_it_was_sent(
    app: Flask, cast: Cast, media_folder: Path, body: bytes, content_type: str
) -> None:
    answer = upload(app.test_client(), cast.maple, body, content_type)
    assert answer.status_code == 201
    assert (answer.json["kind"], answer.json["width"]) == ("video", None)
    (stored,) = list_stored(media_folder)
    assert stored.read_bytes() == body


def test_what_a_file_holds_decides_and_not_what_it_is_called(app: Flask, cast: Cast, media_folder: Path) -> None:
    assert upload(app.test_client(), cast.maple, MP4, "image/jpeg").json["kind"] == "video"
    assert upload(app.test_client(), cast.maple, draw(file_format="PNG"), "video/mp4").json["kind"] == "photo"
    assert {path.suffix for path in list_stored(media_folder)} == {".jpg", ".mp4"}


@pytest.mark.parametrize(
    ("body", "content_type"),
    [(SVG, "image/svg+xml"), (SVG, "image/png"), (HTML, "image/jpeg"), (HTML, "text/html"), (HEIC, "image/jpeg"),
     (SOUND, "video/mp4"), (MATROSKA, "video/webm"), (draw(file_format="GIF"), "image/png"), (b"", "image/jpeg"),
     (draw(), "application/json"), (draw(), "application/x-www-form-urlencoded"), (draw(), "")],
    ids=["SVG", "SVG as PNG", "HTML as JPEG", "HTML", "HEIC", "sound", "Matroska", "GIF", "nothing", "JSON", "form",
         "no type"],
)  # fmt: skip
def test_what_is_neither_photo_nor_video_is_refused(
    app: Flask, cast: Cast, media_folder: Path, body: bytes, content_type: str
) -> None:
    problem = assert_problem(upload(app.test_client(), cast.maple, body, content_type), 415)
    assert problem["type"].endswith("media-type-refused")
    assert (list_stored(media_folder), count_rows(app)) == ([], 0)


@pytest.mark.parametrize(
    "body",
    [draw()[:400], draw(file_format="PNG")[:80], make_png(30_000, 30_000), make_png(6_000, 6_000), b"\xff\xd8\xff"],
    ids=["cut JPEG", "cut PNG", "bomb", "too many pixels", "head alone"],
)
def test_a_broken_photo_is_refused(app: Flask, cast: Cast, media_folder: Path, body: bytes) -> None:
    problem = assert_problem(upload(app.test_client(), cast.maple, body), 422)
    assert problem["type"].endswith("media-unreadable")
    assert (list_stored(media_folder), count_rows(app)) == ([], 0)


@pytest.mark.parametrize(("body", "most"), [(draw(), MAX_PHOTO_BYTES), (MP4, MAX_VIDEO_BYTES)], ids=["photo", "video"])
def test_a_file_over_its_limit_is_refused(app: Flask, cast: Cast, media_folder: Path, body: bytes, most: int) -> None:
    problem = assert_problem(upload(app.test_client(), cast.maple, body + bytes(most), "video/mp4"), 413)
    assert problem["type"].endswith("too-large")
    assert (list_stored(media_folder), count_rows(app)) == ([], 0)


@pytest.mark.parametrize(
    ("body", "content_type"), [(draw(), "image/jpeg"), (MP4 * 100, "video/mp4")], ids=["photo", "video"]
)
def test_an_upload_that_is_cut_off_stores_nothing(
    client: FlaskClient, app: Flask, cast: Cast, media_folder: Path, body: bytes, content_type: str
) -> None:
    # As the server hands it on: the connection's end ends the body.
    length = {"CONTENT_LENGTH": str(len(body) + 1)}
    for environ in ({"wsgi.input_terminated": True, **length}, length):
        answer = client.post(
            f"/embed/v1/{cast.maple.key}/reviews/media",
            input_stream=BytesIO(body),
            content_type=content_type,
            headers=cast.maple.page_headers,
            environ_overrides=environ,
        )
        assert_problem(answer, 400)
    assert (list_stored(media_folder), count_rows(app)) == ([], 0)


def test_other_addresses_take_no_larger_bodies_than_before(app: Flask, cast: Cast) -> None:
    answer = app.test_client().post(
        f"/embed/v1/{cast.maple.key}/sessions", data=b" " * 600_000, content_type="application/json",
        headers=cast.maple.page_headers,
    )  # fmt: skip
    assert_problem(answer, 413)


@pytest.mark.parametrize(("body", "left"), [(draw(), 201), (MP4, 409)], ids=["photo", "video"])
@pytest.mark.usefixtures("media_folder")
def test_a_store_may_take_no_videos(app: Flask, cast: Cast, body: bytes, left: int) -> None:
    with app.app_context():
        begin_writing()
        db.session.add(ReviewSettings(site_id=cast.maple.id, allows_video=False))
        db.session.commit()
    assert upload(app.test_client(), cast.maple, body).status_code == left
    assert count_rows(app) == (left == 201)


@pytest.mark.usefixtures("media_folder")
def test_uploads_need_an_allowed_page(app: Flask, cast: Cast) -> None:
    for headers in ({}, {"Origin": "https://elsewhere.example"}, cast.bobs.page_headers):
        answer = app.test_client().post(f"/embed/v1/{cast.maple.key}/reviews/media", data=draw(), headers=headers)
        assert_problem(answer, 403)
    assert count_rows(app) == 0


@pytest.mark.usefixtures("media_folder", "still_clock")
def test_uploads_of_one_network_are_limited(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(media_uploads.UPLOAD_LIMITS, "video", 2)
    answers = [upload(app.test_client(), cast.maple, MP4) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert "Retry-After" in answers[2].headers
    assert upload(app.test_client(), cast.maple, draw()).status_code == 201


def test_what_waits_at_a_site_is_limited(
    app: Flask, cast: Cast, media_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(media_uploads.MAX_STAGED_BYTES, "video", len(MP4) * 2 - 1)
    assert upload(app.test_client(), cast.maple, MP4).status_code == 201
    problem = assert_problem(upload(app.test_client(), cast.maple, MP4), 507)
    assert problem["type"].endswith("uploads-full")
    assert len(list_stored(media_folder)) == count_rows(app) == 1
    assert upload(app.test_client(), cast.bobs, MP4).status_code == 201


def test_a_hostile_name_names_nothing(client: FlaskClient, cast: Cast, media_folder: Path) -> None:
    hostile = '../../../../tmp/evil.php"; x="<script>'
    form = {"photo": (BytesIO(draw()), hostile, "image/jpeg")}
    path = f"/embed/v1/{cast.maple.key}/reviews/media"
    assert_problem(client.post(path, data=form, headers=cast.maple.page_headers), 415)
    answer = upload(
        client, cast.maple, draw(), Content_Disposition=f'attachment; filename="{hostile}"', X_File_Name=hostile
    )
    named = answer.json["id"].replace("-", "")
    stored = list_stored(media_folder.parent)
    assert [path.name for path in stored] == [
        f"{cast.maple.id.hex}-{named}-large.jpg", f"{cast.maple.id.hex}-{named}-thumb.jpg",
    ]  # fmt: skip
    assert all(media_folder in path.parents for path in stored)


@pytest.mark.usefixtures("media_folder")
def test_an_upload_sent_twice_is_two_uploads(app: Flask, cast: Cast) -> None:
    assert claim(app, cast.maple)[0] != claim(app, cast.maple)[0]
    assert count_rows(app) == 2
