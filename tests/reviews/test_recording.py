"""Whatever changes a review leaves a step in its history and summaries that are exact."""

import random
import uuid

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from tests.cast import Cast
from tests.reviews.builders import count_summaries, make_review, read_summaries, store
from widget.core.db import begin_writing_anew, db
from widget.reviews.history import find_altered, list_events
from widget.reviews.models import ReviewEvent
from widget.reviews.recording import add_review, add_reviews, changing, get_for_change


def change(site_id: uuid.UUID, review_id: uuid.UUID, **values: object) -> None:
    begin_writing_anew()
    with changing(get_for_change(site_id, review_id), "edited", "author") as review:
        for name, value in values.items():
            setattr(review, name, value)
    db.session.commit()


def test_summaries_follow_whatever_becomes_of_reviews(app: Flask, cast: Cast) -> None:
    site_id, chance = cast.maple.id, random.Random(7)
    outcomes = [
        {"state": "published", "hold_reason": None, "reject_reason": None},
        {"state": "pending", "hold_reason": "moderation", "reject_reason": None},
        {"state": "pending", "hold_reason": "unconfirmed", "reject_reason": None},
        {"state": "rejected", "hold_reason": None, "reject_reason": "spam"},
    ]
    with app.app_context():
        ids = store(site_id, *({"product_id": f"P{number % 3}"} for number in range(9)))
        for _ in range(60):
            values = {
                "rating": chance.randint(1, 5),
                "photos": chance.randint(0, 2),
                "language": chance.choice(["en", "it", None]),
                "attributes": chance.choice([{}, {"fit": 3}, {"fit": 5, "quality": "good"}]),
                "verified_by": chance.choice([None, "import"]),
                "published_at": make_review(site_id).published_at,
            }
            change(site_id, chance.choice(ids), **values, **chance.choice(outcomes))
            assert read_summaries(site_id) == count_summaries(site_id)


def test_change_is_a_step_that_tells_what_it_changed(app: Flask, cast: Cast) -> None:
    with app.app_context():
        (review_id,) = store(cast.maple.id)
        change(cast.maple.id, review_id, rating=2, title="Drips after all")
        change(cast.maple.id, review_id, rating=2)
        first, second = list_events(cast.maple.id, review_id)
    assert (first.kind, first.after["rating"]) == ("submitted", 4)
    assert second.before == {"rating": 4, "title": "Pours well"}
    assert second.after == {"rating": 2, "title": "Drips after all"}


def test_altered_step_shows(app: Flask, cast: Cast) -> None:
    with app.app_context():
        (review_id,) = store(cast.maple.id)
        change(cast.maple.id, review_id, rating=2)
        change(cast.maple.id, review_id, rating=5)
        assert find_altered(list_events(cast.maple.id, review_id)) is None
        db.session.execute(update(ReviewEvent).where(ReviewEvent.number == 2).values(after={"rating": 3}))
        db.session.commit()
        altered = find_altered(list_events(cast.maple.id, review_id))
    assert altered is not None
    assert altered.number == 2


def test_many_reviews_at_once_are_stored_as_single_ones_are(app: Flask, cast: Cast) -> None:
    site_id = cast.maple.id
    with app.app_context():
        (taken,) = store(site_id, {"author_key": "c:1", "product_id": "CUP"})
        begin_writing_anew()
        many = [
            make_review(site_id, product_id=f"P{number % 3}", rating=number % 5 + 1, attributes={"fit": number % 2 + 1})
            for number in range(20)
        ]
        passed_over = [make_review(site_id, id=taken), make_review(site_id, author_key="c:1", product_id="CUP")]
        stored = add_reviews(site_id, [*many, *passed_over], "imported", "system")
        db.session.commit()
        assert stored == {review.id for review in many}
        assert read_summaries(site_id) == count_summaries(site_id)
        change(site_id, many[0].id, rating=3)
        first, second = list_events(site_id, many[0].id)
        assert find_altered([first, second]) is None
        assert (first.kind, first.after["product_id"]) == ("imported", "P0")


def test_author_has_one_review_of_a_product(app: Flask, cast: Cast) -> None:
    with app.app_context():
        store(cast.maple.id, {"author_key": "c:1"}, {"author_key": "c:2"}, {"author_key": "c:1", "product_id": "CUP"})
        with pytest.raises(IntegrityError):
            add_review(make_review(cast.maple.id, author_key="c:1"), "submitted", "author")
        db.session.rollback()


@pytest.mark.parametrize(
    "changes",
    [{"rating": 0}, {"rating": 6}, {"state": "pending"}, {"state": "rejected", "reject_reason": "negative"}],
    ids=str,
)
def test_table_refuses_what_no_review_is(app: Flask, cast: Cast, changes: dict[str, object]) -> None:
    with app.app_context(), pytest.raises(IntegrityError):
        store(cast.maple.id, changes)
