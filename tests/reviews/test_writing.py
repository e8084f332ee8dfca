"""How a customer's review comes to be: once, by its author alone, verified by the server alone."""

import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.embed.shopper import assert_problem, read_json
from tests.intake.store import ago, order, post
from tests.reviews.builders import TEAPOT, count_summaries, read_summaries
from tests.reviews.writers import (
    WORDS,
    list_reviews,
    post_review,
    read_review,
    say,
    send,
    set_up,
    sign_in,
    visit,
)
from widget.reviews.history import list_events


def get_own(client: FlaskClient, cast: Cast, headers: dict[str, str], product: str = TEAPOT) -> Any:
    response = client.get(
        f"/embed/v1/{cast.maple.key}/reviews/mine?product={product}", headers={**cast.maple.page_headers, **headers}
    )
    assert response.status_code == 200, response.text
    return response.get_json()


def test_customers_review_is_published_at_once(app: Flask, client: FlaskClient, cast: Cast) -> None:
    response = post_review(client, cast.maple, sign_in(client, cast.maple), language="en")
    assert response.status_code == 201
    answer = read_json(response)
    assert (answer["state"], answer["hold_reason"], answer["verified"]) == ("published", None, None)
    assert (answer["rating"], answer["body"], answer["name"]) == (4, WORDS, "Carol W.")
    (review,) = list_reviews(app)
    assert review.author_key == f"c:{review.customer_id.hex if review.customer_id else ''}"
    assert (review.source, review.email) == ("widget", None)
    with app.app_context():
        assert read_summaries(cast.maple.id) == count_summaries(cast.maple.id)
        assert [event.kind for event in list_events(cast.maple.id, review.id)] == ["submitted"]


def test_repeat_gets_the_stored_answer_and_another_under_its_id_is_refused(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    carol, said = sign_in(client, cast.maple), say()
    first, again = (send(client, cast.maple, f"?product={TEAPOT}", said, carol) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.data == again.data
    slower = send(client, cast.maple, f"?product={TEAPOT}", {**said, "elapsed_ms": 90_000}, carol)
    assert slower.status_code == 200
    other = send(client, cast.maple, f"?product={TEAPOT}", {**said, "rating": 1}, carol)
    assert assert_problem(other, 409)["type"].endswith("review-id-taken")
    franks = send(client, cast.maple, f"?product={TEAPOT}", said, sign_in(client, cast.maple, "frank"))
    assert assert_problem(franks, 409)["type"].endswith("review-id-taken")
    assert [review.rating for review in list_reviews(app)] == [4]


def test_second_review_of_a_product_is_sent_to_the_first(client: FlaskClient, cast: Cast) -> None:
    carol = sign_in(client, cast.maple)
    first = read_json(post_review(client, cast.maple, carol))
    problem = assert_problem(post_review(client, cast.maple, carol, rating=1), 409)
    assert problem["type"].endswith("already-reviewed")
    assert first["id"] in problem["detail"]
    assert post_review(client, cast.maple, carol, "CUP-01").status_code == 201


def test_order_alone_verifies(app: Flask, client: FlaskClient, cast: Cast) -> None:
    post(client, cast.maple, "orders", order(1))
    assert read_json(post_review(client, cast.maple, sign_in(client, cast.maple)))["verified"] == "order"
    frank = sign_in(client, cast.maple, "frank")
    assert read_json(post_review(client, cast.maple, frank))["verified"] is None
    post(client, cast.maple, "orders", order(2, state="placed", customer={"id": "frank"}))
    assert get_own(client, cast, frank)["verified"] is None
    post(client, cast.maple, "orders", order(2, state="delivered", customer={"id": "frank"}, updated_at=ago(minutes=1)))
    assert get_own(client, cast, frank)["verified"] == "order"
    with app.app_context():
        assert read_summaries(cast.maple.id) == count_summaries(cast.maple.id)


FORGED: dict[str, object] = {
    "verified": True,
    "verified_by": "order",
    "verified_order_id": str(uuid.uuid4()),
    "incentivized": False,
    "is_incentivized": False,
    "state": "published",
    "customer_id": str(uuid.uuid4()),
    "author_key": "c:1",
    "helpful": 99,
    "written_at": "2020-01-01T00:00:00Z",
}


def test_forged_fields_change_nothing(app: Flask, client: FlaskClient, cast: Cast) -> None:
    carol = sign_in(client, cast.maple)
    set_up(app, cast.maple, moderation="hold")
    for name, value in FORGED.items():
        problem = assert_problem(post_review(client, cast.maple, carol, **{name: value}), 422)
        assert [error["pointer"] for error in problem["errors"]] == [f"#/{name}"]
    assert list_reviews(app) == []
    query = "&".join(f"{name}={value}" for name, value in FORGED.items())
    headers = {**carol, **{f"X-{name.replace('_', '-')}": str(value) for name, value in FORGED.items()}}
    answer = read_json(post_review(client, cast.maple, headers, f"{TEAPOT}&verified=1&incentivized=0&{query}"))
    (review,) = list_reviews(app)
    assert (answer["state"], answer["verified"], review.is_incentivized) == ("pending", None, False)
    assert (review.verified_by, review.verified_order_id, review.helpful) == (None, None, 0)
    for name, value in FORGED.items():
        edit = say(**{name: value})
        assert_problem(send(client, cast.maple, f"/{review.id}/edits", edit, carol), 422)
    assert read_review(app, review.id).revision == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"rating": 0},
        {"rating": 6},
        {"rating": 4.5},
        {"rating": 4.0},
        {"rating": "4"},
        {"rating": True},
        {"rating": None},
        {"title": "x" * 151},
        {"body": "x" * 5001},
        {"name": "x" * 101},
        {"body": "nul \x00"},
        {"language": "en\n"},
        {"attributes": {"fit": 3}},
        {"attributes": [3]},
        {"media": [{"id": str(uuid.UUID(int=7)), "secret": "guess"}]},
        {"id": "7"},
        {"page_url": "javascript:alert(1)"},
    ],
    ids=str,
)
def test_what_no_review_says_is_refused(app: Flask, client: FlaskClient, cast: Cast, changes: dict[str, Any]) -> None:
    assert_problem(post_review(client, cast.maple, sign_in(client, cast.maple), **changes), 422)
    assert list_reviews(app) == []


def test_product_is_named_as_the_store_names_it(client: FlaskClient, cast: Cast) -> None:
    carol = sign_in(client, cast.maple)
    for product in ("", "x" * 201, "a%00b", "a%0Ab"):
        assert_problem(post_review(client, cast.maple, carol, product), 422)
    assert post_review(client, cast.maple, carol, "gid:%2F%2Fshop%2F7%20é").status_code == 201


def test_words_are_kept_as_said_but_for_what_cannot_be_seen(client: FlaskClient, cast: Cast) -> None:
    said = {
        "title": " Cafe\u0301\n nice ",
        "body": "<script>alert(1)</script>\r\n\x1b[31m&amp;\u202e",
        "name": "\tCarol",
    }
    answer = read_json(post_review(client, cast.maple, sign_in(client, cast.maple), **said))
    assert (answer["title"], answer["name"]) == ("Café nice", "Carol")
    assert answer["body"] == "<script>alert(1)</script>\n[31m&amp;\u202e"


def test_address_is_never_a_name(client: FlaskClient, cast: Cast) -> None:
    carol = sign_in(client, cast.maple, name="carol@shoppers.example")
    assert read_json(post_review(client, cast.maple, carol, name="carol@shoppers.example"))["name"] == ""
    frank = sign_in(client, cast.maple, "frank", name="Frank Miller")
    assert read_json(post_review(client, cast.maple, frank, name=""))["name"] == "Frank M."


def test_stars_decide_nothing(app: Flask, client: FlaskClient, cast: Cast) -> None:
    for mode, state in (("publish", "published"), ("hold", "pending")):
        set_up(app, cast.maple, moderation=mode)
        for stars in range(1, 6):
            customer = sign_in(client, cast.maple, f"{mode}{stars}")
            assert read_json(post_review(client, cast.maple, customer, rating=stars, body=f"{stars}"))["state"] == state


def test_suspicious_review_is_held_and_not_lost(app: Flask, client: FlaskClient, cast: Cast) -> None:
    spam = {"body": "Cheap https://a.example and https://b.example", "elapsed_ms": 300, "website": "https://a.example"}
    answer = read_json(post_review(client, cast.maple, sign_in(client, cast.maple), **spam))
    assert (answer["state"], answer["hold_reason"]) == ("pending", "suspicious")
    twin = read_json(
        post_review(client, cast.maple, sign_in(client, cast.maple, "frank"), **{**spam, "elapsed_ms": 9000})
    )
    assert (twin["state"], twin["hold_reason"]) == ("pending", "suspicious")
    flags = [review.flags for review in list_reviews(app)]
    assert flags == [["too_fast", "trap", "links"], ["links", "twin"]]
    honest = read_json(post_review(client, cast.maple, sign_in(client, cast.maple, "erin"), website="filled in"))
    assert honest["state"] == "pending"  # the trap with no time told


def test_author_edits_with_history(app: Flask, client: FlaskClient, cast: Cast) -> None:
    carol = sign_in(client, cast.maple)
    review = read_json(post_review(client, cast.maple, carol, language="en"))
    edit = say(rating=2, title="Drips", name="")
    first, again = (send(client, cast.maple, f"/{review['id']}/edits", edit, carol) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.data == again.data
    changed = read_json(first)
    assert (changed["rating"], changed["title"], changed["revision"]) == (2, "Drips", 2)
    assert (changed["name"], changed["language"]) == ("Carol W.", "en")
    other = send(client, cast.maple, f"/{review['id']}/edits", {**edit, "rating": 1}, carol)
    assert assert_problem(other, 409)["type"].endswith("review-id-taken")
    # The request that made it comes late once more: what was changed since stays.
    with app.app_context():
        submitted, edited = list_events(cast.maple.id, uuid.UUID(review["id"]))
        assert (submitted.after["rating"], edited.before["rating"], edited.after["rating"]) == (4, 4, 2)
        assert read_summaries(cast.maple.id) == count_summaries(cast.maple.id)


def test_nobody_else_edits_or_withdraws(app: Flask, client: FlaskClient, cast: Cast) -> None:
    review = read_json(post_review(client, cast.maple, sign_in(client, cast.maple)))
    frank = sign_in(client, cast.maple, "frank")
    for path, body in (("edits", say(rating=1)), ("withdrawal", {})):
        address = f"/{review['id']}/{path}"
        assert_problem(send(client, cast.maple, address, body, frank), 404)
        assert_problem(send(client, cast.bobs, address, body, sign_in(client, cast.bobs)), 404)
        assert_problem(send(client, cast.maple, address, body), 401)
        assert_problem(send(client, cast.maple, address, body, visit(client, cast.maple)), 401)
        assert_problem(send(client, cast.maple, address, body, sign_in(client, cast.bobs)), 401)
    assert read_review(app, review["id"]).rating == 4
    assert get_own(client, cast, frank) is None


def test_edit_cannot_publish_past_the_owner(app: Flask, client: FlaskClient, cast: Cast) -> None:
    carol = sign_in(client, cast.maple)
    set_up(app, cast.maple, moderation="hold")
    review = read_json(post_review(client, cast.maple, carol))
    set_up(app, cast.maple, moderation="publish")
    address = f"/{review['id']}"
    assert read_json(send(client, cast.maple, f"{address}/edits", say(), carol))["state"] == "pending"
    assert read_json(send(client, cast.maple, f"{address}/withdrawal", {}, carol))["reject_reason"] == "author"
    assert read_json(send(client, cast.maple, f"{address}/edits", say(), carol))["state"] == "pending"


def test_withdrawn_review_comes_back_by_an_edit(app: Flask, client: FlaskClient, cast: Cast) -> None:
    carol = sign_in(client, cast.maple)
    review = read_json(post_review(client, cast.maple, carol))
    for _ in range(2):
        gone = read_json(send(client, cast.maple, f"/{review['id']}/withdrawal", {}, carol))
        assert (gone["state"], gone["reject_reason"]) == ("rejected", "author")
    assert get_own(client, cast, carol)["state"] == "rejected"
    assert assert_problem(post_review(client, cast.maple, carol), 409)["type"].endswith("already-reviewed")
    back = read_json(send(client, cast.maple, f"/{review['id']}/edits", say(rating=3), carol))
    assert (back["state"], back["rating"]) == ("published", 3)
    with app.app_context():
        assert read_summaries(cast.maple.id) == count_summaries(cast.maple.id)
