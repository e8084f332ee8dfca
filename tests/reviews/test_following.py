"""Reviews follow their authors when two customers turn out to be one."""

from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.embed.shopper import assert_problem, read_json
from tests.intake.store import merge, order, post, put_customer
from tests.reviews.builders import TEAPOT, count_summaries, read_summaries
from tests.reviews.test_requests import ask, path_of
from tests.reviews.writers import list_reviews, post_review, read_review, say, send, sign_in
from widget.core.db import db
from widget.customers.queries import get_customer
from widget.reviews.history import find_altered, list_events


def assert_summaries_are_exact(app: Flask, cast: Cast) -> None:
    with app.app_context():
        assert read_summaries(cast.maple.id) == count_summaries(cast.maple.id)


def test_merged_customers_reviews_are_the_survivors(app: Flask, client: FlaskClient, cast: Cast) -> None:
    old, carol = sign_in(client, cast.maple, "old"), sign_in(client, cast.maple)
    cup = read_json(post_review(client, cast.maple, old, "CUP-01"))
    first = read_json(post_review(client, cast.maple, old, rating=2, body="The first"))
    later = read_json(post_review(client, cast.maple, carol, rating=5, body="The later"))
    post(client, cast.maple, "orders", order(1, customer={"id": "carol"}))
    read_json(merge(client, cast.maple, "old", "carol"))
    with app.app_context():
        carol_id = get_customer(cast.maple.id, "carol").id
    reviews = {str(review.id): review for review in list_reviews(app)}
    assert {review.customer_id for review in reviews.values()} == {carol_id}
    assert [reviews[one["id"]].author_key for one in (cup, first, later)] == [
        f"c:{carol_id.hex}",
        None,
        f"c:{carol_id.hex}",
    ]
    assert [reviews[one["id"]].verified_by for one in (first, later)] == ["order", "order"]
    assert reviews[first["id"]].body == "The first"
    for bearer in (old, carol):
        changed = send(client, cast.maple, f"/{later['id']}/edits", say(body="Changed"), bearer)
        assert changed.status_code == 201
        assert_problem(send(client, cast.maple, f"/{first['id']}/edits", say(), bearer), 404)
        assert_problem(post_review(client, cast.maple, bearer), 409)
    assert_summaries_are_exact(app, cast)
    with app.app_context():
        for review in reviews.values():
            assert find_altered(list_events(cast.maple.id, review.id)) is None
    # Once more takes along what came in between, and changes nothing else.
    read_json(merge(client, cast.maple, "old", "carol"))
    assert read_review(app, later["id"]).body == "Changed"


def test_later_review_of_the_old_one_stays_the_authors(app: Flask, client: FlaskClient, cast: Cast) -> None:
    carol = read_json(post_review(client, cast.maple, sign_in(client, cast.maple), body="First"))
    old = read_json(post_review(client, cast.maple, sign_in(client, cast.maple, "old"), body="Later"))
    read_json(merge(client, cast.maple, "old", "carol"))
    assert read_review(app, carol["id"]).author_key is None
    assert read_review(app, old["id"]).author_key is not None


def test_guests_review_follows_into_the_account(app: Flask, client: FlaskClient, cast: Cast) -> None:
    email = "guest@shoppers.example"
    for number, join in enumerate(("order", "session", "customer")):
        guest = f"{number}{email}"
        read_json(post(client, cast.maple, "orders", order(f"g{number}", customer={"email": guest})))
        asked = read_json(ask(client, cast.maple, order=f"g{number}"))
        client.post(path_of(asked["url"]), data={"0.rating": "5"})
        if join == "order":
            buyer = {"id": join, "email": guest, "email_verified": True}
            read_json(post(client, cast.maple, "orders", order("a", customer=buyer)))
        elif join == "session":
            sign_in(client, cast.maple, join, email=guest, email_verified=True)
        else:
            read_json(put_customer(client, cast.maple, join, email=guest, email_verified=True))
        with app.app_context():
            account = get_customer(cast.maple.id, join)
            db.session.refresh(account)
        review = list_reviews(app)[-1]
        assert (review.customer_id, review.verified_by) == (account.id, "order"), join
        assert review.author_key == f"c:{account.id.hex}"
        own = sign_in(client, cast.maple, join, email=guest, email_verified=True)
        assert assert_problem(post_review(client, cast.maple, own, TEAPOT), 409)["type"].endswith("already-reviewed")
        # The request's link goes on working, as the account's.
        assert "You have reviewed this." in client.get(path_of(asked["url"])).text
    assert_summaries_are_exact(app, cast)
