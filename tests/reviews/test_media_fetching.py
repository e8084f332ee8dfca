"""Photos of imported reviews, fetched from where the file says they are."""

from pathlib import Path

import pytest
from flask import Flask

from tests.cast import Cast
from tests.reviews.builders import store
from tests.reviews.uploads import claim, draw
from tests.servers import HostPages
from widget.core.db import begin_writing_anew, db
from widget.core.fetching import FetchLimits
from widget.reviews.errors import ReviewNotFound
from widget.reviews.history import list_events
from widget.reviews.media import attach_media, list_media
from widget.reviews.media_fetching import LIMITS, FetchedPhotos, fetch_photos
from widget.reviews.queries import get_review
from widget.reviews.recording import changing, get_for_change

SERVED = {
    "/red.jpg": draw(),
    "/wide.png": draw((900, 30), "PNG"),
    "/page.jpg": b"<!doctype html>",
    "/cut.jpg": draw()[:99],
}


@pytest.fixture
def limits(host_pages: HostPages) -> FetchLimits:
    port = int(host_pages.origin.rpartition(":")[2])
    for path, body in SERVED.items():
        host_pages.add_bytes(path, body)
    return FetchLimits(LIMITS.max_bytes, ports=frozenset({port, 80}), is_allowed=lambda address: address == "127.0.0.1")


def test_photos_are_stored_and_what_is_none_is_told(
    app: Flask, cast: Cast, media_folder: Path, host_pages: HostPages, limits: FetchLimits
) -> None:
    at = host_pages.origin
    urls = [f"{at}/red.jpg", f"{at}/page.jpg", f"{at}/wide.png", f"{at}/cut.jpg", f"{at}/gone.jpg", f"{at}/red.jpg",
            "javascript:alert(1)", "http://10.0.0.8/a.jpg"]  # fmt: skip
    with app.app_context():
        (review_id,) = store(cast.maple.id)
        outcome = fetch_photos(cast.maple.id, review_id, urls, limits)
        db.session.commit()
        assert outcome == FetchedPhotos(
            stored=[urls[0], urls[2]],
            failed={urls[1]: "not_a_photo", urls[3]: "not_a_photo", urls[4]: "status", urls[6]: "address",
                    urls[7]: "address"},
        )  # fmt: skip
        rows = list_media(cast.maple.id, [review_id])[review_id]
        assert [row.sizes[0]["height"] for row in rows] == [200, 30]
        assert get_review(cast.maple.id, review_id).photos == 2
        assert [event.kind for event in list_events(cast.maple.id, review_id)] == ["submitted", "photos_fetched"]
        again = fetch_photos(cast.maple.id, review_id, urls[:3], limits)
        db.session.commit()
        assert (again.stored, again.known) == ([], [urls[0], urls[2]])
        assert len(list_media(cast.maple.id, [review_id])[review_id]) == 2
    assert len([path for path in media_folder.rglob("*") if path.is_file()]) == 4


@pytest.mark.usefixtures("media_folder")
def test_a_review_keeps_its_own_photos_and_has_five_at_most(
    app: Flask, cast: Cast, host_pages: HostPages, limits: FetchLimits
) -> None:
    own = [claim(app, cast.maple, draw((50 + number, 40))) for number in range(4)]
    urls = [f"{host_pages.origin}/red.jpg", f"{host_pages.origin}/wide.png"]
    with app.app_context():
        (review_id,) = store(cast.maple.id)
        begin_writing_anew()
        with changing(get_for_change(cast.maple.id, review_id), "edited", "author") as review:
            attach_media(review, own)
        db.session.commit()
        outcome = fetch_photos(cast.maple.id, review_id, urls, limits)
        db.session.commit()
        assert (outcome.stored, outcome.failed) == (urls[:1], {urls[1]: "too_many"})
        kept = [row.id for row in list_media(cast.maple.id, [review_id])[review_id]]
        assert kept[:4] == [media_id for media_id, _ in own]
        assert len(kept) == 5


def test_the_machine_itself_is_not_asked_unless_a_test_says_so(
    app: Flask, cast: Cast, media_folder: Path, host_pages: HostPages
) -> None:
    host_pages.add_bytes("/red.jpg", draw())
    with app.app_context():
        (review_id,) = store(cast.maple.id)
        url = f"{host_pages.origin}/red.jpg"
        assert fetch_photos(cast.maple.id, review_id, [url]).failed == {url: "address"}
        assert fetch_photos(cast.maple.id, review_id, ["http://localhost/"]).failed == {"http://localhost/": "address"}
        db.session.rollback()
    assert not media_folder.exists()


def test_anothers_review_gets_no_photos(app: Flask, cast: Cast, host_pages: HostPages, limits: FetchLimits) -> None:
    with app.app_context():
        (review_id,) = store(cast.maple.id)
        with pytest.raises(ReviewNotFound):
            fetch_photos(cast.bobs.id, review_id, [f"{host_pages.origin}/red.jpg"], limits)
