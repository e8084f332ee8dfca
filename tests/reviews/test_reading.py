"""What a store page reads of reviews: what is published, at once, each review once, and nobody else's."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from tests.cast import Cast, SiteOfCast
from tests.embed.shopper import assert_problem, read_json
from tests.reviews.builders import NOON, TEAPOT, store
from widget.core.db import db
from widget.core.ids import new_id
from widget.reviews.listing import Place, Wanted, list_shown
from widget.reviews.models import ReviewReply
from widget.reviews.reader_models import ReviewSettings

SORTS = ("newest", "highest", "lowest", "helpful", "photos")
FIT = {"key": "fit", "type": "scale", "labels": {"en": "Fit"}, "low": {"en": "Small"}, "high": {"en": "Large"}}


def read(client: FlaskClient, site: SiteOfCast, **query: Any) -> dict[str, Any]:
    named = {name.replace("__", "."): value for name, value in query.items()}
    return read_json(client.get(f"/embed/v1/{site.key}/reviews", query_string={"product": TEAPOT, **named}))


def read_all(client: FlaskClient, site: SiteOfCast, between: Any = None, **query: Any) -> list[dict[str, Any]]:
    """Return the reviews of every page; `between` happens before each next one."""
    page = read(client, site, **query)
    reviews = page["reviews"]
    while page["next"]:
        if between:
            between()
        page = read(client, site, cursor=page["next"], **query)
        reviews += page["reviews"]
    return reviews


def ask_fit(app: Flask, site: SiteOfCast) -> None:
    with app.app_context():
        db.session.add(ReviewSettings(site_id=site.id, attributes=[FIT]))
        db.session.commit()


def test_shopper_sees_the_summary_of_a_product(app: Flask, client: FlaskClient, cast: Cast) -> None:
    ask_fit(app, cast.maple)
    with app.app_context():
        store(
            cast.maple.id,
            {"rating": 5, "verified_by": "order", "attributes": {"fit": 3, "forgotten": "x"}},
            {"rating": 4, "language": "it"},
        )
    shown = read(client, cast.maple)
    assert (shown["product"], shown["next"]) == (TEAPOT, None)
    assert shown["summary"] == {
        "reviews": 2,
        "average": 4.5,
        "stars": {"1": 0, "2": 0, "3": 0, "4": 1, "5": 1},
        "with_photos": 0,
        "verified": 1,
        "languages": {"en": 1, "it": 1},
        "attributes": {"fit": {"1": 0, "2": 0, "3": 1, "4": 0, "5": 0}},
    }


def test_shopper_sees_what_a_review_says_and_where_it_comes_from(app: Flask, client: FlaskClient, cast: Cast) -> None:
    ask_fit(app, cast.maple)
    with app.app_context():
        ids = store(
            cast.maple.id,
            {"verified_by": "order", "attributes": {"fit": 3, "forgotten": "x"}},
            {"written_at": NOON + timedelta(days=1), "is_incentivized": True, "incentive": "10% off",
             "source": "import", "provider": "judge.me", "edited_at": NOON},
        )  # fmt: skip
        reply = {"body": "Thanks!", "author_name": "Maple", "replied_at": NOON}
        db.session.add(ReviewReply(site_id=cast.maple.id, review_id=ids[0], **reply))
        db.session.commit()
    newest, oldest = read(client, cast.maple)["reviews"]
    assert newest == {
        "id": str(ids[1]),
        "rating": 4,
        "title": "Pours well",
        "body": "No drips, and it keeps the tea warm for an hour.",
        "author": "Carol W.",
        "language": "en",
        "verified": None,
        "incentivized": True,
        "incentive": "10% off",
        "provider": "judge.me",
        "attributes": {},
        "written_at": "2026-05-05T12:00:00Z",
        "edited_at": "2026-05-04T12:00:00Z",
        "helpful": 0,
        "media": [],
    }
    assert (oldest["verified"], oldest["attributes"]) == ("order", {"fit": 3})
    assert oldest["reply"] == {"author": "Maple", "body": "Thanks!", "at": "2026-05-04T12:00:00Z"}


def test_review_that_is_not_published_is_in_no_list_and_no_average(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with app.app_context():
        store(
            cast.maple.id,
            {"state": "pending", "hold_reason": "moderation", "rating": 1, "is_featured": True},
            {"state": "rejected", "reject_reason": "spam", "rating": 1, "is_featured": True},
        )
    empty = read(client, cast.maple)
    assert (empty["reviews"], empty["summary"]["reviews"], empty["summary"]["average"]) == ([], 0, None)
    for query in ({"sort": sort} for sort in SORTS):
        assert read(client, cast.maple, **query)["reviews"] == []
    wall = read_json(client.get(f"/embed/v1/{cast.maple.key}/reviews"))
    assert (wall["reviews"], wall["summary"]["average"]) == ([], None)
    averages = client.get(f"/embed/v1/{cast.maple.key}/reviews/summaries", query_string={"products": TEAPOT})
    assert read_json(averages) == {TEAPOT: {"reviews": 0, "average": None}}


def test_product_nobody_reviewed_or_of_another_site_is_empty(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with app.app_context():
        store(cast.bobs.id, {"is_featured": True})
    for query in ({}, {"product": "UNHEARD-OF"}, {"lang": "en"}):
        shown = read(client, cast.maple, **query)
        assert (shown["reviews"], shown["summary"]["average"], shown["next"]) == ([], None, None)
    assert read_json(client.get(f"/embed/v1/{cast.maple.key}/reviews"))["reviews"] == []


@pytest.mark.parametrize("sort", SORTS)
def test_pages_visit_every_review_once_also_while_new_ones_arrive(
    app: Flask, client: FlaskClient, cast: Cast, sort: str
) -> None:
    with app.app_context():
        ids = store(
            cast.maple.id,
            *(
                # Many are alike in all that is sorted by but their ids.
                {"rating": 1 + n % 5, "helpful": n % 3, "photos": n % 2, "written_at": NOON + timedelta(hours=n % 4)}
                for n in range(23)
            ),
        )

    def arrive() -> None:
        with app.app_context():
            store(cast.maple.id, {"rating": 5, "helpful": 9, "photos": 5, "written_at": NOON + timedelta(days=9)})

    seen = [review["id"] for review in read_all(client, cast.maple, arrive, sort=sort, limit=4)]
    assert len(seen) == len(set(seen))
    assert set(seen) >= {str(review_id) for review_id in ids}


def test_each_order_is_what_its_name_says(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with app.app_context():
        store(
            cast.maple.id,
            {"title": "a", "rating": 1, "helpful": 5, "written_at": NOON},
            {"title": "b", "rating": 5, "photos": 2, "written_at": NOON + timedelta(hours=1)},
            {"title": "c", "rating": 1, "helpful": 7, "photos": 1, "written_at": NOON + timedelta(hours=2)},
            {"title": "d", "rating": 5, "written_at": NOON + timedelta(hours=3)},
        )
    expected = {"newest": "dcba", "highest": "dbca", "lowest": "cadb", "helpful": "cadb", "photos": "bcda"}
    for sort, titles in expected.items():
        for limit in (1, 3, 10):
            shown = read_all(client, cast.maple, sort=sort, limit=limit)
            assert "".join(review["title"] for review in shown) == titles, (sort, limit)


def test_filters_leave_what_was_asked_for(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with app.app_context():
        store(
            cast.maple.id,
            {"title": "a", "rating": 1, "language": "it", "attributes": {"fit": 3, "size": "s"}},
            {"title": "b", "rating": 2, "photos": 1, "attributes": {"fit": 4}},
            {"title": "c", "rating": 5, "verified_by": "import", "attributes": {"fit": 3}},
        )
    for query, titles in (
        ({"stars": "1,2"}, "ab"),
        ({"stars": "1,2", "sort": "lowest"}, "ab"),
        ({"language": "it"}, "a"),
        ({"photos": "1"}, "b"),
        ({"photos": "0"}, "abc"),
        ({"verified": "1"}, "c"),
        ({"attribute__fit": "3"}, "ac"),
        ({"attribute__fit": "3", "attribute__size": "s"}, "a"),
        ({"attribute__color": "red"}, ""),
        ({"language": "de"}, ""),
        ({"utm_source": "mail"}, "abc"),
    ):
        shown = read(client, cast.maple, **query)
        assert sorted(review["title"] for review in shown["reviews"]) == list(titles), query
        assert shown["summary"]["reviews"] == 3


def test_wall_shows_featured_reviews_of_all_products(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with app.app_context():
        store(
            cast.maple.id,
            {"title": "a", "is_featured": True, "rating": 5},
            {"title": "b", "is_featured": True, "product_id": "CUP", "written_at": NOON + timedelta(hours=1)},
            {"title": "c", "rating": 3},
        )
    wall = read_json(client.get(f"/embed/v1/{cast.maple.key}/reviews", query_string={"lang": "en"}))
    assert [(review["title"], review["product"]["id"]) for review in wall["reviews"]] == [("b", "CUP"), ("a", TEAPOT)]
    assert (wall["product"], wall["summary"]["reviews"], wall["summary"]["average"]) == (None, 3, 4.0)
    assert "content" in wall


def test_averages_of_several_products_come_at_once(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with app.app_context():
        store(cast.maple.id, {"rating": 5}, {"rating": 4}, {"rating": 4}, {"product_id": "CUP", "rating": 1})
    address = f"/embed/v1/{cast.maple.key}/reviews/summaries"
    assert read_json(client.get(address, query_string={"products": f"{TEAPOT},CUP,NEW,CUP"})) == {
        TEAPOT: {"reviews": 3, "average": 4.33},
        "CUP": {"reviews": 1, "average": 1.0},
        "NEW": {"reviews": 0, "average": None},
    }
    for products in ("", "A,,B", ",".join(str(number) for number in range(51)), "a" * 201, "\x00"):
        assert_problem(client.get(address, query_string={"products": products}), 422)


@pytest.mark.parametrize(
    "query",
    [
        {"product": "a" * 201}, {"product": "\x00"}, {"sort": "best"}, {"sort": ""}, {"stars": "0"},
        {"stars": "1,"}, {"stars": "1;2"}, {"language": "it;"}, {"photos": "yes"}, {"verified": "2"}, {"limit": "0"},
        {"limit": "51"}, {"limit": "ten"}, {"limit": "9" * 400}, {"lang": "x" * 201}, {"attribute__": "3"},
        {"attribute__fit'": "3"}, {"attribute__fit": ""}, {"attribute__fit": "\x00"}, {"attribute__fit": "x" * 61},
        {"cursor": ""}, {"cursor": "x"}, {"cursor": "é"}, {"cursor": "W10"}, {"cursor": "eyJhIjoxfQ"},
        {"cursor": "x" * 301},
    ],
    ids=str,
)  # fmt: skip
def test_query_that_says_nothing_sensible_is_refused(client: FlaskClient, cast: Cast, query: dict[str, str]) -> None:
    named = {name.replace("__", "."): value for name, value in query.items()}
    path = f"/embed/v1/{cast.maple.key}/reviews"
    assert_problem(client.get(path, query_string={"product": TEAPOT, **named}), 422)


def test_cursor_of_another_order_is_refused(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with app.app_context():
        store(cast.maple.id, {}, {})
    cursor = read(client, cast.maple, sort="newest", limit=1)["next"]
    path = f"/embed/v1/{cast.maple.key}/reviews"
    refused = client.get(path, query_string={"product": TEAPOT, "sort": "highest", "cursor": cursor})
    assert_problem(refused, 422)


@pytest.mark.parametrize("sort", SORTS)
def test_each_order_is_the_order_of_an_index(sqlite_app: Flask, sort: str) -> None:
    place = Place(4, NOON, new_id()).encode(sort)
    with sqlite_app.app_context(), db.engine.connect() as connection:
        plans: list[str] = []

        def explain(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            if not statement.startswith("EXPLAIN"):
                rows = connection.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
                plans.extend(row[3] for row in rows)

        event.listen(connection, "before_cursor_execute", explain)
        list_shown(connection, new_id(), TEAPOT, Wanted(sort=sort, cursor=place))
    assert plans
    assert not [step for step in plans if "TEMP B-TREE" in step]
    assert [step for step in plans if "ix_reviews_site_id_product_id_state" in step]
