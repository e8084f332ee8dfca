"""Votes and reports: one a reader, exact when many come at once, and never a judgement by number."""

import uuid
from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.cast import Cast
from tests.embed.shopper import assert_problem, read_json
from tests.intake.store import merge
from tests.reviews.builders import store
from tests.reviews.writers import post_review, read_review, send, sign_in, visit
from widget.core.db import db
from widget.reviews.product_models import ReviewedProduct
from widget.reviews.reader_models import HelpfulVote, ReviewReport


def make(app: Flask, cast: Cast, **changes: object) -> str:
    with app.app_context():
        return str(store(cast.maple.id, changes)[0])


def read_version(app: Flask) -> int:
    with app.app_context():
        return db.session.scalars(select(ReviewedProduct.version)).one()


def test_reader_votes_once_and_may_take_it_back(app: Flask, client: FlaskClient, cast: Cast) -> None:
    review_id = make(app, cast)
    for headers in (visit(client, cast.maple), sign_in(client, cast.maple)):
        version = read_version(app)
        for helpful, count in ((True, 1), (True, 1), (False, 0), (False, 0), (True, 1), (False, 0)):
            answer = read_json(send(client, cast.maple, f"/{review_id}/votes", {"helpful": helpful}, headers))
            assert answer == {"helpful": count, "voted": helpful}
        assert read_version(app) == version + 4


def test_browser_that_signs_in_has_voted_already(app: Flask, client: FlaskClient, cast: Cast) -> None:
    review_id, browser = make(app, cast), visit(client, cast.maple)
    send(client, cast.maple, f"/{review_id}/votes", {"helpful": True}, browser)
    session = read_json(
        client.post(
            f"/embed/v1/{cast.maple.key}/sessions",
            json={
                "visitor_token": browser["X-Regulars-Visitor"],
                "customer_token": cast.maple.sign_customer("carol"),
            },
            headers=cast.maple.page_headers,
        )
    )
    carol = {"Authorization": f"Bearer {session['session_token']}"}
    votes = [send(client, cast.maple, f"/{review_id}/votes", {"helpful": said}, carol) for said in (True, False)]
    assert [read_json(vote)["helpful"] for vote in votes] == [1, 0]


def test_voting_needs_a_reader_and_another_ones_published_review(app: Flask, client: FlaskClient, cast: Cast) -> None:
    review_id, pending_id = make(app, cast), make(app, cast, state="pending", hold_reason="moderation")
    browser, carol = visit(client, cast.maple), sign_in(client, cast.maple)
    own = read_json(post_review(client, cast.maple, carol, body="My own words."))["id"]
    for path, body in (("votes", {"helpful": True}), ("reports", {"reason": "spam"})):
        assert_problem(send(client, cast.maple, f"/{review_id}/{path}", body), 401)
        assert_problem(send(client, cast.maple, f"/{review_id}/{path}", body, visit(client, cast.bobs)), 401)
        assert_problem(send(client, cast.maple, f"/{pending_id}/{path}", body, browser), 404)
        assert_problem(send(client, cast.maple, f"/{uuid.uuid4()}/{path}", body, browser), 404)
        assert_problem(send(client, cast.bobs, f"/{review_id}/{path}", body, visit(client, cast.bobs)), 404)
    problem = assert_problem(send(client, cast.maple, f"/{own}/votes", {"helpful": True}, carol), 409)
    assert problem["type"].endswith("review-step-refused")
    for body in ({}, {"helpful": "yes"}, {"helpful": True, "count": 9}):
        assert_problem(send(client, cast.maple, f"/{review_id}/votes", body, browser), 422)
    for said in ({}, {"reason": "negative"}, {"reason": "spam", "note": "x" * 501}):
        assert_problem(send(client, cast.maple, f"/{review_id}/reports", said, browser), 422)
    assert read_review(app, review_id).helpful == read_review(app, review_id).reports == 0


def test_votes_at_one_moment_are_all_counted(app: Flask, client: FlaskClient, cast: Cast) -> None:
    review_id = make(app, cast)
    readers = [visit(client, cast.maple) for _ in range(12)]
    # Each twice, so that repeats of one reader meet too.
    with ThreadPoolExecutor(8) as threads:
        statuses = list(
            threads.map(
                lambda reader: send(
                    app.test_client(), cast.maple, f"/{review_id}/votes", {"helpful": True}, reader
                ).status_code,
                readers * 2,
            )
        )
    assert statuses == [200] * 24
    assert read_review(app, review_id).helpful == 12


def test_reports_are_counted_and_hide_nothing(app: Flask, client: FlaskClient, cast: Cast) -> None:
    review_id = make(app, cast)
    for _ in range(15):
        reader = visit(client, cast.maple)
        for reason in ("spam", "fake"):
            said = {"reason": reason, "note": "Look <b>here</b>"}
            assert read_json(send(client, cast.maple, f"/{review_id}/reports", said, reader)) == {"reported": True}
    review = read_review(app, review_id)
    assert (review.state, review.reports) == ("published", 15)
    with app.app_context():
        reports = db.session.scalars(select(ReviewReport)).all()
        assert {(report.reason, report.note, report.settled_at) for report in reports} == {
            ("spam", "Look <b>here</b>", None)
        }


def test_votes_of_merged_customers_are_one(app: Flask, client: FlaskClient, cast: Cast) -> None:
    both, one = make(app, cast), make(app, cast)
    old, carol = sign_in(client, cast.maple, "old"), sign_in(client, cast.maple)
    for review_id, readers in ((both, (old, carol)), (one, (old,))):
        for reader in readers:
            send(client, cast.maple, f"/{review_id}/votes", {"helpful": True}, reader)
    read_json(merge(client, cast.maple, "old", "carol"))
    assert [read_review(app, review_id).helpful for review_id in (both, one)] == [1, 1]
    with app.app_context():
        assert db.session.scalar(select(func.count(HelpfulVote.reader_key.distinct()))) == 1
    again = read_json(send(client, cast.maple, f"/{one}/votes", {"helpful": True}, old))
    assert again == {"helpful": 1, "voted": True}
