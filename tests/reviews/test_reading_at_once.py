"""Answers come from memory only while they are true: what is hidden is gone at the next read, in every process."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from tests.applications import dispose
from tests.cast import Cast, SiteOfCast
from tests.embed.shopper import read_json
from tests.reviews.builders import NOON, TEAPOT, store
from widget import create_app
from widget.core.db import begin_writing_anew, db
from widget.core.hot import hot_engine
from widget.core.ready_answers import QueryAnswers, ReadyAnswer
from widget.core.static_files import CompressedBody
from widget.reviews.models import ReviewReply
from widget.reviews.reader_models import ReviewSettings
from widget.reviews.recording import changing, get_for_change, touch_products
from widget.reviews.stamps import Stamp


@pytest.fixture
def other_process(app: Flask) -> Iterator[FlaskClient]:
    """The client of a second application over the same database, which remembers by itself."""
    other = create_app(app.config["SETTINGS"])
    yield other.test_client()
    dispose(other)


def address(site: SiteOfCast, query: str = "") -> str:
    return f"/embed/v1/{site.key}/reviews?product={TEAPOT}{query}"


def change(app: Flask, site: SiteOfCast, review_id: Any, **values: Any) -> None:
    with app.app_context():
        begin_writing_anew()
        with changing(get_for_change(site.id, review_id), "moderated", "alice@maple.example") as review:
            for name, value in values.items():
                setattr(review, name, value)
        db.session.commit()


def test_hidden_review_is_gone_at_the_next_read_in_every_process(
    app: Flask, client: FlaskClient, cast: Cast, other_process: FlaskClient
) -> None:
    with app.app_context():
        first, second = store(cast.maple.id, {"rating": 1}, {"rating": 5})
    for query in ("", "&lang=en", "&sort=lowest"):
        for reader in (client, other_process, client, other_process):
            assert read_json(reader.get(address(cast.maple, query)))["summary"]["reviews"] == 2
    change(app, cast.maple, first, state="rejected", reject_reason="spam")
    for query in ("", "&lang=en", "&sort=lowest"):
        for reader in (client, other_process):
            shown = read_json(reader.get(address(cast.maple, query)))
            assert [review["id"] for review in shown["reviews"]] == [str(second)]
            assert shown["summary"]["average"] == 5


def test_whatever_is_shown_is_shown_at_once(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with app.app_context():
        (review_id,) = store(cast.maple.id)

    def read() -> dict[str, Any]:
        return read_json(client.get(address(cast.maple)))["reviews"][0]

    assert read() == read()
    change(app, cast.maple, review_id, title="Drips after all")
    assert read()["title"] == "Drips after all"
    with app.app_context():
        begin_writing_anew()
        reply = {"body": "Sorry!", "author_name": "Maple", "replied_at": NOON}
        db.session.add(ReviewReply(site_id=cast.maple.id, review_id=review_id, **reply))
        touch_products(cast.maple.id, [TEAPOT])
        db.session.commit()
    assert read()["reply"]["body"] == "Sorry!"
    with app.app_context():
        store(cast.maple.id, {"title": "A day later", "written_at": NOON + timedelta(days=1)})
    assert read()["title"] == "A day later"
    with app.app_context():
        db.session.add(ReviewSettings(site_id=cast.maple.id, default_sort="helpful"))
        db.session.commit()
    change(app, cast.maple, review_id, helpful=3)
    assert read()["title"] == "Drips after all"


def test_counts_around_a_list_are_those_of_the_moment(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with app.app_context():
        store(cast.maple.id)

    def read_counts() -> tuple[int, int]:
        content = read_json(client.get(address(cast.maple, "&lang=en")))["content"]
        return content["received"], content["published"]

    assert [read_counts(), read_counts()] == [(1, 1), (1, 1)]
    with app.app_context():
        # Of another product: the version of this one stays.
        store(cast.maple.id, {"product_id": "CUP", "state": "pending", "hold_reason": "moderation"})
    assert read_counts() == (2, 1)


def test_answer_from_memory_equals_the_one_made_anew(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with app.app_context():
        store(cast.maple.id, *({} for _ in range(12)))
    for query in ("", "&lang=it", "&limit=2"):
        for encoding in ("identity", "gzip", "br"):
            headers = {"Accept-Encoding": encoding}
            with counted(app) as made:
                first = client.get(address(cast.maple, query), headers=headers)
            with counted(app) as kept:
                again = client.get(address(cast.maple, query), headers=headers)
            assert (again.status_code, again.data) == (200, first.data)
            assert sorted(again.headers) == sorted(first.headers)
            assert first.headers["Access-Control-Allow-Origin"] == "*"
            assert first.headers["Cache-Control"] == "no-cache"
            assert kept == [1]
            assert made[0] > 1 or encoding != "identity"


def test_browser_that_has_the_answer_gets_304(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with app.app_context():
        (review_id,) = store(cast.maple.id)
    etag = client.get(address(cast.maple)).headers["ETag"]
    for _ in range(2):
        again = client.get(address(cast.maple), headers={"If-None-Match": etag})
        assert (again.status_code, again.data) == (304, b"")
    change(app, cast.maple, review_id, rating=1)
    assert client.get(address(cast.maple), headers={"If-None-Match": etag}).status_code == 200


def test_guesses_take_no_room(app: Flask, client: FlaskClient, cast: Cast) -> None:
    for _ in range(2):
        with counted(app) as statements:
            client.get(f"/embed/v1/{cast.maple.key}/reviews?product=GUESS")
        assert statements[0] > 1


def test_answers_make_room_for_each_other() -> None:
    kept = QueryAnswers(max_bytes=100_000)
    answer = ReadyAnswer(CompressedBody(b"x" * 400), [], "", lambda: True)
    for number in range(1000):
        kept.keep(f"/reviews?product={number}", answer)
    assert kept.find("/reviews?product=999") is answer
    assert kept.find("/reviews?product=900") is answer
    assert kept.find("/reviews?product=1") is None
    kept.keep("/large", ReadyAnswer(CompressedBody(b"x" * 4000), [], "", lambda: True))
    assert kept.find("/large") is None


def test_stamp_that_the_database_refuses_to_read_does_not_hold(app: Flask, cast: Cast) -> None:
    with app.app_context():
        engine = hot_engine()
    assert not Stamp(engine, cast.maple.id, "a\x00b", with_texts=False, values=(1,)).is_current()


@contextmanager
def counted(app: Flask) -> Iterator[list[int]]:
    """Count the connections that are taken, one for each short read of the hot paths."""
    counts = [0]

    def count(*_: object) -> None:
        counts[0] += 1

    with app.app_context():
        engines = (db.engine, hot_engine())
    for engine in engines:
        event.listen(engine, "checkout", count)
    try:
        yield counts
    finally:
        for engine in engines:
            event.remove(engine, "checkout", count)
