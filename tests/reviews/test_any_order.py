"""Whatever becomes of reviews, in whatever order: the summaries equal a plain recount, and every step is kept."""

import random
import uuid
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.applications import wipe
from tests.cast import make_cast
from tests.orders.builders import make_line, make_order
from tests.reviews.builders import TEAPOT, count_summaries, read_summaries
from widget.core.clock import utc_now
from widget.core.db import begin_writing_anew, db
from widget.core.ids import new_id
from widget.customers.models import Customer
from widget.customers.queries import SURVIVOR_ID
from widget.customers.rules import Buyer
from widget.customers.service import save_customers
from widget.intake.customer_service import merge_customers
from widget.intake.service import take_orders
from widget.reviews.confirming import confirm_review
from widget.reviews.errors import AlreadyReviewed, ReviewNotFound, ReviewStepRefused
from widget.reviews.history import find_altered, list_events
from widget.reviews.models import Review
from widget.reviews.readers import Reader, vote
from widget.reviews.recording import changing, get_for_change
from widget.reviews.service import edit_review, withdraw_review, write_review
from widget.reviews.writers import Author, identify_customer

PRODUCTS = (TEAPOT, "CUP-01")
CUSTOMERS = ("carol", "frank", "erin", "dora")
LINKS = "https://a.example https://b.example"
REFUSED = (AlreadyReviewed, ReviewNotFound, ReviewStepRefused)


class Shop:
    """A site at which chance decides what shoppers and the owner do next."""

    def __init__(self, site_id: uuid.UUID, chance: random.Random) -> None:
        self.site_id, self.chance = site_id, chance

    def take_step(self) -> None:
        """Do something, as one request does."""
        steps = (self.write, self.write, self.write_unsigned, self.confirm, self.edit, self.withdraw, self.decide)
        begin_writing_anew()
        try:
            self.chance.choice((*steps, self.vote, self.buy, self.merge))()
        except REFUSED:
            db.session.rollback()
        db.session.commit()

    def say(self) -> dict[str, Any]:
        body = self.chance.choice(["", "Fine", LINKS, "Pours well and keeps warm. " * 2])
        return {
            "id": new_id(),
            "rating": self.chance.randint(1, 5),
            "title": "",
            "body": body,
            "name": "Carol Winter",
            "language": self.chance.choice([None, "en", "it"]),
            "attributes": {},
            "elapsed_ms": self.chance.choice([None, 10, 60_000]),
            "website": None,
        }

    def choose_author(self) -> Author:
        customer = self.chance.choice(CUSTOMERS)
        return identify_customer(self.site_id, save_customers(self.site_id, {customer})[customer])

    def choose_review(self) -> Review:
        ids = db.session.scalars(select(Review.id).where(Review.site_id == self.site_id).order_by(Review.id)).all()
        if not ids:
            raise ReviewNotFound()
        return get_for_change(self.site_id, self.chance.choice(ids))

    def write(self) -> None:
        write_review(self.site_id, self.chance.choice(PRODUCTS), self.say(), self.choose_author())

    def write_unsigned(self) -> None:
        author = Author(email=f"{self.chance.choice(CUSTOMERS)}@shoppers.example", is_proven=False)
        write_review(self.site_id, self.chance.choice(PRODUCTS), self.say(), author)

    def confirm(self) -> None:
        confirm_review(self.site_id, self.choose_review().id)

    def edit(self) -> None:
        review = self.choose_review()
        edit_review(self.site_id, review.id, self.say(), Author(review.customer_id, review.email))

    def withdraw(self) -> None:
        review = self.choose_review()
        withdraw_review(self.site_id, review.id, Author(review.customer_id, review.email))

    def decide(self) -> None:
        review = self.choose_review()
        if review.hold_reason == "unconfirmed":
            raise ReviewStepRefused()
        state = self.chance.choice(["published", "pending", "rejected"])
        with changing(review, state, "alice@maple.example"):
            review.state = state
            review.hold_reason = "moderation" if state == "pending" else None
            review.reject_reason = "spam" if state == "rejected" else None
            review.published_at = review.published_at or utc_now()

    def vote(self) -> None:
        reader = Reader(None, uuid.UUID(int=self.chance.randint(1, 3)))
        vote(self.site_id, self.choose_review().id, reader, is_helpful=self.chance.random() < 0.7)

    def buy(self) -> None:
        number, buyer = self.chance.randint(1, 6), Buyer(self.chance.choice(CUSTOMERS))
        lines = (make_line(product_id=self.chance.choice(PRODUCTS)),)
        take_orders(self.site_id, [make_order(number, buyer=buyer, lines=lines, updated_at=utc_now())], "api")

    def merge(self) -> None:
        save_customers(self.site_id, set(CUSTOMERS))
        old = db.session.scalars(select(Customer).where(Customer.external_id == "dora")).one()
        if self.chance.random() < 0.3:
            merge_customers(self.site_id, old, "carol")


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_summaries_equal_a_recount_after_anything(database: str, request: pytest.FixtureRequest) -> None:
    app: Flask = request.getfixturevalue(f"{database}_app")
    for seed in range(2):
        wipe(app)
        site_id = make_cast(app).maple.id
        shop = Shop(site_id, random.Random(seed))
        with app.app_context():
            for _ in range(50):
                shop.take_step()
                assert read_summaries(site_id) == count_summaries(site_id)
            reviews = db.session.scalars(select(Review).where(Review.site_id == site_id)).all()
            assert len(reviews) > 3
            for review in reviews:
                assert find_altered(list_events(site_id, review.id)) is None
                assert (review.hold_reason == "unconfirmed") <= (review.author_key is None)
            merged = select(Review.id).join(Customer, Customer.id == Review.customer_id)
            assert not db.session.scalars(merged.where(Customer.id != SURVIVOR_ID)).all()
