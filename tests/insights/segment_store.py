"""A store of random customers, and who meets a condition, found by the plainest means there are."""

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from tests.orders.builders import make_order, take
from tests.surveys.builders import make_customer, make_response, make_survey
from widget.core.db import begin_writing_anew, db
from widget.core.ids import new_id
from widget.customers.models import Customer, CustomerAttribute
from widget.customers.rules import Buyer
from widget.insights.models import CustomerLifetime
from widget.orders.models import Order

WORDS = ("female", "Female", "FEMALE", "male", "Élan", "Milano")


@dataclass
class Person:
    """One customer as the tests know them."""

    id: uuid.UUID
    is_guest: bool
    newsletter: bool
    orders: list[Order]
    told: dict[str, Any] = field(default_factory=dict)
    expected_minor: int | None = None
    last: dict[str, int] = field(default_factory=dict)

    @property
    def revenue(self) -> int:
        return sum(order.reporting_minor or 0 for order in self.orders)

    @property
    def coupons(self) -> int:
        return sum(bool(order.coupon_codes) for order in self.orders)

    @property
    def last_order_at(self) -> datetime:
        return max(order.placed_at for order in self.orders)


def make_people(site_id: uuid.UUID, now: datetime, draw: random.Random, count: int = 45) -> list[Person]:
    """Make customers who differ in everything a condition may be about, one of them merged into another."""
    _make_orders(site_id, now, draw, count)
    begin_writing_anew()
    for number in range(count // 4):
        make_customer(site_id, f"silent-{number}", accepts_marketing=draw.random() < 0.5)
    db.session.flush()
    surveys = {kind: make_survey(site_id, kind, kind) for kind in ("nps", "csat", "ces")}
    people = []
    for customer in db.session.scalars(select(Customer).where(Customer.site_id == site_id).order_by(Customer.id)).all():
        person = Person(customer.id, customer.external_id is None, customer.accepts_marketing, [])
        _tell(site_id, person, now, draw)
        _answer(person, surveys, now, draw)
        people.append(person)
    merged = next(person for person in people[::-1] if not person.is_guest)
    db.session.get_one(Customer, (site_id, merged.id)).merged_into_id = people[0].id
    db.session.commit()
    for person in people:
        mine = (Order.site_id == site_id, Order.customer_id == person.id, Order.is_counted)
        person.orders = list(db.session.scalars(select(Order).where(*mine)))
    return [person for person in people if person is not merged]


def _make_orders(site_id: uuid.UUID, now: datetime, draw: random.Random, count: int) -> None:
    documents = []
    for number in range(count):
        name = f"shopper-{number}"
        external_id = None if draw.random() < 0.3 else name
        buyer = Buyer(external_id, f"{name}@x.example", name, accepts_marketing=draw.random() < 0.5)
        coupons_of = draw.choice([[], ["SPRING"], None])
        for place in range(draw.choice([1, 1, 1, 2, 3, 6])):
            placed_at = now - timedelta(days=draw.randrange(400), minutes=draw.randrange(600))
            documents.append(
                make_order(
                    f"{number}-{place}",
                    buyer=buyer,
                    placed_at=placed_at,
                    total_minor=draw.randrange(1, 40) * 500,
                    coupon_codes=draw.choice([[], ["SPRING"]]) if coupons_of is None else coupons_of,
                    state=draw.choice(["paid", "paid", "paid", "cancelled"]),
                )
            )
    take(site_id, *documents)


def _tell(site_id: uuid.UUID, person: Person, now: datetime, draw: random.Random) -> None:
    if draw.random() < 0.6:
        person.expected_minor = draw.randrange(0, 20_000)
        amounts = {"low_minor": 0, "high_minor": 30_000, "alive_ratio": 0.5}
        db.session.add(
            CustomerLifetime(site_id=site_id, customer_id=person.id, expected_minor=person.expected_minor, **amounts)
        )
    month = draw.randrange(1, 13)
    told = {
        "birthday": draw.choice([f"1990-{month:02}-03", f"--{month:02}-29"]),
        "gender": draw.choice(WORDS),
        "area": draw.choice(WORDS),
        "interests": draw.sample(WORDS, 2),
    }
    person.told = {name: value for name, value in told.items() if draw.random() < 0.6}
    for name, value in person.told.items():
        consent = {"consent_text": "Yes", "language": "en", "given_at": now, "source": "api"}
        db.session.add(CustomerAttribute(site_id=site_id, customer_id=person.id, name=name, value=value, **consent))


def _answer(person: Person, surveys: dict[str, Any], now: datetime, draw: random.Random) -> None:
    scales = {"nps": range(11), "csat": range(1, 6), "ces": range(1, 8)}
    for kind, survey in surveys.items():
        times = sorted(now - timedelta(hours=draw.randrange(900)) for _ in range(draw.randrange(4)))
        for at in times:
            score = draw.choice([*scales[kind], None])
            flag = draw.choice([None, None, "burst"])
            make_response(survey, score, id=new_id(), answered_at=at, customer_id=person.id, flag=flag)
            if score is not None and flag is None:
                person.last[kind] = score


def meets(people: list[Person], person: Person, condition: dict[str, Any], now: datetime) -> bool:
    """Tell whether a person meets a condition, without SQL."""
    name, comparison, value = condition["field"], condition["comparison"], condition["value"]
    if name in ("first_order", "last_order"):
        if not person.orders:
            return False
        at = (min if name == "first_order" else max)(order.placed_at for order in person.orders)
        is_within = at >= now - timedelta(days=value)
        return is_within if comparison == "within_days" else not is_within
    if name in _AMOUNTS:
        amount = _AMOUNTS[name](people, person)
        compared = {"at_least": lambda: amount >= value, "at_most": lambda: amount <= value}
        return amount is not None and compared.get(comparison, lambda: amount == value)()
    return _is(person, name, value) == (comparison == "is" and value is not False)


def _quintile(people: list[Person], person: Person, measure: Callable[[Person], Any]) -> int | None:
    buyers = [other for other in people if other.orders]
    if not person.orders:
        return None
    lower = sum(measure(other) < measure(person) for other in buyers)
    return 1 + 5 * lower // len(buyers)


_AMOUNTS: dict[str, Callable[[list[Person], Person], Any]] = {
    "orders": lambda _, person: len(person.orders),
    "friends_brought": lambda _people, _person: 0,
    "revenue_minor": lambda _, person: person.revenue,
    "average_receipt_minor": lambda _, person: person.revenue / len(person.orders) if person.orders else None,
    "expected_minor": lambda _, person: person.expected_minor,
    "rfm_recency": lambda people, person: _quintile(people, person, lambda other: other.last_order_at),
    "rfm_frequency": lambda people, person: _quintile(people, person, lambda other: len(other.orders)),
    "rfm_monetary": lambda people, person: _quintile(people, person, lambda other: other.revenue),
}


def _is(person: Person, name: str, value: Any) -> bool:
    orders, coupons = len(person.orders), person.coupons
    if name == "coupons":
        return {"always": orders > 0 and coupons == orders, "sometimes": coupons > 0, "never": coupons == 0}[value]
    if name in ("last_nps", "last_csat"):
        ends = {
            "promoter": (9, 10), "passive": (7, 8), "detractor": (0, 6),
            "satisfied": (4, 5), "neutral": (3, 3), "dissatisfied": (1, 2),
        }  # fmt: skip
        score = person.last.get(name.removeprefix("last_"))
        return score is not None and ends[value][0] <= score <= ends[value][1]
    if name == "birthday_month":
        return int(person.told.get("birthday", "--00-00")[-5:-3]) == value
    if name in ("gender", "area", "interests"):
        said = person.told.get(name, [])
        return value.lower() in [word.lower() for word in (said if isinstance(said, list) else [said])]
    return {
        "has_ordered": orders > 0,
        "is_guest": person.is_guest,
        "newsletter": person.newsletter,
        "lead": person.newsletter and not orders,
        "subscriber_without_promo": person.newsletter and not coupons,
    }[name]
