"""Who gets to see a photo or a video, and how it is sent."""

import uuid
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pytest
from flask import Flask, g
from PIL import Image
from werkzeug.test import TestResponse

from tests.cast import Cast
from tests.dashboard.owner import OwnerBrowser, logged_in, make_member
from tests.embed.shopper import assert_problem
from tests.reviews.builders import make_review
from tests.reviews.uploads import MP4, claim, draw
from widget.core.db import begin_writing_anew, db
from widget.reviews.media import list_media
from widget.reviews.media_urls import describe_media, describe_media_for_owners, list_photo_urls
from widget.reviews.recording import add_review, changing, get_for_change

pytestmark = pytest.mark.usefixtures("media_folder")

Claims = Sequence[tuple[uuid.UUID, str]]


def submit(app: Flask, cast: Cast, claims: Claims, **changes: Any) -> uuid.UUID:
    """Store a review with uploads and return its id."""
    with app.app_context():
        begin_writing_anew()
        review = make_review(cast.maple.id, **changes)
        add_review(review, "submitted", "author", media=claims)
        db.session.commit()
        return review.id


def describe(app: Flask, cast: Cast, review_id: uuid.UUID) -> list[dict[str, Any]]:
    with app.app_context():
        return describe_media(cast.maple.key, list_media(cast.maple.id, [review_id])[review_id])


def get(app: Flask, cast: Cast, media_id: uuid.UUID, size: str, **headers: str) -> TestResponse:
    """Ask as an <img> does, which sends no Origin."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    path = f"/embed/v1/{cast.maple.key}/reviews/media/{media_id}/{size}"
    return app.test_client().get(path, headers=named, buffered=True)


def test_a_published_photo_is_shown_to_everybody(app: Flask, cast: Cast) -> None:
    photo, video = claim(app, cast.maple, draw((800, 400))), claim(app, cast.maple, MP4, "video/mp4")
    review_id = submit(app, cast, [photo, video])
    shown, film = describe(app, cast, review_id)
    base = f"http://localhost:8000/embed/v1/{cast.maple.key}/reviews/media"
    assert shown == {
        "id": str(photo[0]), "kind": "photo", "thumb": f"{base}/{photo[0]}/thumb", "large": f"{base}/{photo[0]}/large",
        "width": 800, "height": 400,
    }  # fmt: skip
    assert film == {"id": str(video[0]), "kind": "video", "url": f"{base}/{video[0]}/video", "type": "video/mp4"}
    with app.app_context():
        rows = list_media(cast.maple.id, [review_id])[review_id]
        assert list_photo_urls(cast.maple.key, rows) == [shown["large"]]
    answer = app.test_client().get(shown["large"])
    with Image.open(BytesIO(answer.data)) as picture:
        assert picture.size == (shown["width"], shown["height"])
    assert answer.content_type == "image/jpeg"


def test_a_file_is_sent_so_that_nothing_in_it_can_run(app: Flask, cast: Cast) -> None:
    media_id, secret = claim(app, cast.maple, MP4, "video/mp4")
    submit(app, cast, [(media_id, secret)])
    headers = get(app, cast, media_id, "video").headers
    assert headers["Content-Type"] == "video/mp4"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["Content-Disposition"] == 'inline; filename="review-video.mp4"'
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "pending", "hold_reason": "moderation"},
        {"state": "pending", "hold_reason": "unconfirmed"},
        {"state": "rejected", "reject_reason": "personal_data"},
    ],
    ids=str,
)
def test_what_is_not_published_is_for_owners_alone(
    app: Flask, cast: Cast, alice: OwnerBrowser, bob: OwnerBrowser, changes: dict[str, str]
) -> None:
    media_id, secret = claim(app, cast.maple)
    review_id = submit(app, cast, [(media_id, secret)], **changes)
    for size in ("thumb", "large"):
        assert_problem(get(app, cast, media_id, size), 404)
    with app.test_request_context():
        g.site_key = cast.maple.key
        (described,) = describe_media_for_owners(list_media(cast.maple.id, [review_id])[review_id])
    answer = alice.client.get(described["thumb"], buffered=True)
    assert (answer.status_code, answer.content_type) == (200, "image/jpeg")
    assert answer.headers["Cache-Control"].startswith("private")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert bob.get(described["thumb"]).status_code == 404
    assert bob.get(described["thumb"].replace(cast.maple.key, cast.bobs.key)).status_code == 404
    assert app.test_client().get(described["thumb"]).status_code == 302


def test_a_viewer_sees_what_waits(app: Flask, cast: Cast) -> None:
    media_id, secret = claim(app, cast.maple)
    submit(app, cast, [(media_id, secret)], state="pending", hold_reason="moderation")
    make_member(app, cast.maple, "vera@maple.example", "viewer")
    page = f"/dashboard/{cast.maple.key}/reviews/media/{media_id}/large"
    assert logged_in(app, "vera@maple.example").client.get(page, buffered=True).status_code == 200


def test_a_photo_goes_when_its_review_does(app: Flask, cast: Cast) -> None:
    media_id, secret = claim(app, cast.maple)
    review_id = submit(app, cast, [(media_id, secret)])
    tag = get(app, cast, media_id, "large").headers["ETag"]
    unchanged = get(app, cast, media_id, "large", If_None_Match=tag)
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    max_age = unchanged.cache_control.max_age
    assert max_age is not None
    assert 0 < max_age <= 3600
    with app.app_context():
        begin_writing_anew()
        with changing(get_for_change(cast.maple.id, review_id), "rejected", "alice@maple.example") as review:
            review.state, review.reject_reason = "rejected", "off_topic"
        db.session.commit()
    assert_problem(get(app, cast, media_id, "large", If_None_Match=tag), 404)


def test_a_staged_upload_is_shown_to_nobody(app: Flask, cast: Cast, alice: OwnerBrowser) -> None:
    media_id, _ = claim(app, cast.maple)
    assert_problem(get(app, cast, media_id, "large"), 404)
    assert alice.get(f"/dashboard/{cast.maple.key}/reviews/media/{media_id}/large").status_code == 404


def test_only_what_there_is_is_found(app: Flask, cast: Cast) -> None:
    media_id, secret = claim(app, cast.maple)
    submit(app, cast, [(media_id, secret)])
    for size in ("video", "original", "..", "%00", "large.jpg"):
        assert_problem(get(app, cast, media_id, size), 404)
    assert_problem(get(app, cast, uuid.uuid4(), "large"), 404)
    others = f"/embed/v1/{cast.bobs.key}/reviews/media/{media_id}/large"
    assert_problem(app.test_client().get(others), 404)


LAST = len(MP4) - 1


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-1", 0, 1),
        ("bytes=100-", 100, LAST),
        ("bytes=-5", LAST - 4, LAST),
        ("bytes=-999999", 0, LAST),
        (f"bytes={LAST}-{LAST + 100}", LAST, LAST),
    ],
)
def test_a_player_gets_the_part_it_asks_for(app: Flask, cast: Cast, asked: str, first: int, last: int) -> None:
    media_id, secret = claim(app, cast.maple, MP4, "video/mp4")
    submit(app, cast, [(media_id, secret)])
    whole = get(app, cast, media_id, "video")
    assert (whole.status_code, whole.headers["Accept-Ranges"], whole.data) == (200, "bytes", MP4)
    for condition in ({}, {"If_Range": whole.headers["ETag"]}):
        part = get(app, cast, media_id, "video", Range=asked, **condition)
        assert part.status_code == 206
        assert part.headers["Content-Range"] == f"bytes {first}-{last}/{len(MP4)}"
        assert part.data == MP4[first : last + 1]
        assert part.content_length == last - first + 1


@pytest.mark.parametrize(
    "headers",
    [{"Range": "bytes=5-2"}, {"Range": "bytes=a-b"}, {"Range": "bytes=-"}, {"Range": "lines=1-2"},
     {"Range": "bytes=0-1,4-5"}, {"Range": "bytes=" + "9" * 6000 + "-"}, {"Range": "bytes=0-1", "If_Range": '"other"'},
     {"Range": "bytes=0-1", "If_Range": "Wed, 21 Oct 2026 07:28:00 GMT"}],
    ids=["backwards", "letters", "empty", "unit", "two", "endless", "changed", "dated"],
)  # fmt: skip
def test_what_is_no_part_is_answered_with_the_whole(app: Flask, cast: Cast, headers: dict[str, str]) -> None:
    media_id, secret = claim(app, cast.maple, MP4, "video/mp4")
    submit(app, cast, [(media_id, secret)])
    answer = get(app, cast, media_id, "video", **headers)
    assert (answer.status_code, answer.data) == (200, MP4)


@pytest.mark.parametrize("asked", [f"bytes={len(MP4)}-", "bytes=99999999-", "bytes=-0"])
def test_a_part_beyond_the_end_is_refused(app: Flask, cast: Cast, asked: str) -> None:
    media_id, secret = claim(app, cast.maple, MP4, "video/mp4")
    submit(app, cast, [(media_id, secret)])
    answer = get(app, cast, media_id, "video", Range=asked)
    assert_problem(answer, 416)
    assert answer.headers["Content-Range"] == f"bytes */{len(MP4)}"


def test_head_is_answered_without_the_file(app: Flask, cast: Cast) -> None:
    media_id, secret = claim(app, cast.maple, MP4, "video/mp4")
    submit(app, cast, [(media_id, secret)])
    with app.test_client().head(f"/embed/v1/{cast.maple.key}/reviews/media/{media_id}/video") as answer:
        assert (answer.status_code, answer.content_length, answer.data) == (200, len(MP4), b"")
