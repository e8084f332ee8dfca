"""The chapters of a customer's story: a room that has something to tell of customers adds one to CHAPTERS."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import and_, or_, select

from widget.core.db import db
from widget.core.problems import FieldError, InvalidFields
from widget.customers.models import Customer, CustomerEvent
from widget.customers.queries import map_customers
from widget.loyalty.account_queries import list_entries_until, map_rewards
from widget.loyalty.entry_words import list_reward_ids, tell_entry
from widget.orders.models import Cart, Order, Refund
from widget.referrals import owner_words as referral_words
from widget.referrals.models import Referral
from widget.reviews.models import Review
from widget.reviews.owner_queries import map_products
from widget.surveys.models import Survey, SurveyResponse
from widget.surveys.rules import bucket_of

MAX_SKIPPED = 10_000


@dataclass(frozen=True)
class Entry:
    """One thing that happened: `chapter` names the template that shows `what`."""

    at: datetime
    chapter: str
    what: Any


@dataclass(frozen=True)
class Place:
    """Where a page of the story begins: a time, and how many entries of that very time were shown before."""

    at: datetime
    skipped: int

    def encode(self) -> str:
        """Return the place as an opaque string."""
        return base64.urlsafe_b64encode(f"{self.at.isoformat()}|{self.skipped}".encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> "Place":
        """Read a place; raise InvalidFields for a string that is none."""
        try:
            at, skipped = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().split("|")
            moment, count = datetime.fromisoformat(at), int(skipped)
            if moment.tzinfo is None or not 0 <= count <= MAX_SKIPPED:
                raise ValueError("no place of a story")
            return cls(moment.astimezone(UTC), count)
        except (ValueError, OverflowError) as error:
            raise InvalidFields(errors=[FieldError("#/cursor", "Is not a cursor of this list.")]) from error


@dataclass(frozen=True)
class Story:
    """One page of a story, newest first, and where the next begins, None at the end."""

    entries: Sequence[Entry]
    next_cursor: str | None


def _up_to(column: Any, until: datetime | None) -> Any:
    return column.is_not(None) if until is None else column <= until


def _list_orders(customer: Customer, until: datetime | None, limit: int) -> list[Any]:
    orders = db.session.scalars(
        select(Order)
        .where(Order.site_id == customer.site_id, Order.customer_id == customer.id, _up_to(Order.placed_at, until))
        .order_by(Order.placed_at.desc(), Order.id.desc())
        .limit(limit)
    ).all()
    refunds: dict[str, list[Refund]] = {}
    for refund in db.session.scalars(
        select(Refund)
        .where(
            Refund.site_id == customer.site_id,
            Refund.order_external_id.in_([order.external_id for order in orders]),
            Refund.is_listed | Refund.is_standalone,
        )
        .order_by(Refund.refunded_at, Refund.external_id)
    ):
        refunds.setdefault(refund.order_external_id, []).append(refund)
    return [(order.placed_at, (order, refunds.get(order.external_id, []))) for order in orders]


def _list_carts(customer: Customer, until: datetime | None, limit: int) -> list[Any]:
    rows = db.session.scalars(
        select(Cart)
        .where(Cart.site_id == customer.site_id, Cart.customer_id == customer.id, _up_to(Cart.created_at, until))
        .order_by(Cart.created_at.desc(), Cart.external_id.desc())
        .limit(limit)
    )
    return [(cart.created_at, cart) for cart in rows]


def _list_answers(customer: Customer, until: datetime | None, limit: int) -> list[Any]:
    row = SurveyResponse
    rows = db.session.execute(
        select(row, Survey.name)
        .join(Survey, and_(Survey.site_id == row.site_id, Survey.id == row.survey_id))
        .where(row.site_id == customer.site_id, row.customer_id == customer.id, _up_to(row.answered_at, until))
        .order_by(row.answered_at.desc(), row.id.desc())
        .limit(limit)
    )
    return [
        (answer.answered_at, (answer, name, None if answer.score is None else bucket_of(answer.kind, answer.score)))
        for answer, name in rows
    ]


def _list_reviews(customer: Customer, until: datetime | None, limit: int) -> list[Any]:
    row = Review
    reviews = db.session.scalars(
        select(row)
        .where(row.site_id == customer.site_id, row.customer_id == customer.id, _up_to(row.written_at, until))
        .order_by(row.written_at.desc(), row.id.desc())
        .limit(limit)
    ).all()
    products = map_products(customer.site_id, {review.product_id for review in reviews})
    return [(review.written_at, (review, products.get(review.product_id))) for review in reviews]


def _list_points(customer: Customer, until: datetime | None, limit: int) -> list[Any]:
    entries = list(list_entries_until(customer.site_id, customer.id, until, limit))
    rewards = map_rewards(customer.site_id, list_reward_ids(entries))
    return [(entry.occurred_at, (entry, tell_entry(entry, rewards, {}))) for entry in entries]


def _list_friends(customer: Customer, until: datetime | None, limit: int) -> list[Any]:
    """Return whom a customer has brought, and by whom they came."""
    row = Referral
    is_side = or_(row.advocate_id == customer.id, row.friend_id == customer.id)
    referrals = db.session.scalars(
        select(row)
        .where(row.site_id == customer.site_id, is_side, _up_to(row.claimed_at, until))
        .order_by(row.claimed_at.desc(), row.id.desc())
        .limit(limit)
    ).all()
    others = map_customers(customer.site_id, {one.advocate_id for one in referrals} | _list_friend_ids(referrals))
    return [(one.claimed_at, (one, others, referral_words)) for one in referrals]


def _list_friend_ids(referrals: Sequence[Referral]) -> set[Any]:
    return {referral.friend_id for referral in referrals if referral.friend_id is not None}


def _list_events(customer: Customer, until: datetime | None, limit: int) -> list[Any]:
    row = CustomerEvent
    rows = db.session.scalars(
        select(row)
        .where(row.site_id == customer.site_id, row.customer_id == customer.id, _up_to(row.happened_at, until))
        .order_by(row.happened_at.desc(), row.id.desc())
        .limit(limit)
    )
    return [(event.happened_at, event) for event in rows]


# Each lists (time, thing) up to a time, newest first, in an order that never changes; its name is that of its
# template in templates/insights/chapters/. Of one and the same time, what stands first here is shown first.
CHAPTERS: tuple[tuple[str, Callable[[Customer, datetime | None, int], list[Any]]], ...] = (
    ("orders", _list_orders),
    ("answers", _list_answers),
    ("reviews", _list_reviews),
    ("points", _list_points),
    ("friends", _list_friends),
    ("carts", _list_carts),
    ("events", _list_events),
)


def tell_story(customer: Customer, place: Place | None, limit: int) -> Story:
    """Return one page of everything that happened with a customer, newest first."""
    skipped = place.skipped if place else 0
    entries = [
        Entry(at, name, what)
        for name, list_entries in CHAPTERS
        for at, what in list_entries(customer, place.at if place else None, skipped + limit + 1)
    ]
    # Sorting keeps the order of equals, so that pages never overlap.
    entries.sort(key=lambda entry: entry.at, reverse=True)
    shown = entries[skipped : skipped + limit]
    if len(entries) <= skipped + limit:
        return Story(shown, None)
    last = shown[-1].at
    seen = sum(entry.at == last for entry in entries[: skipped + limit])
    return Story(shown, Place(last, seen).encode())
