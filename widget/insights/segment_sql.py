"""A segment's conditions as one statement that selects customers; every value is a bound parameter."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import eq, ge, le, lt
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)

from widget.core.db import db
from widget.customers.models import Customer, CustomerAttribute
from widget.customers.searching import list_spellings
from widget.insights.conditions import Condition
from widget.insights.models import CustomerLifetime
from widget.orders.rollup_models import CustomerOrderTotals
from widget.referrals.models import Referral
from widget.surveys.models import SurveyResponse
from widget.surveys.rules import SCORES, bucket_of

Totals = CustomerOrderTotals
Test = ColumnElement[bool]
_RFM = {"rfm_recency": Totals.last_order_at, "rfm_frequency": Totals.orders, "rfm_monetary": Totals.revenue_minor}


@dataclass(frozen=True)
class Context:
    """Whose customers are meant, and what time it is."""

    site_id: uuid.UUID
    now: datetime


def select_customers(site_id: uuid.UUID) -> Select[tuple[uuid.UUID]]:
    """Return the statement of a site's customers, without those who became one with another."""
    return select(Customer.id).where(Customer.site_id == site_id, Customer.merged_into_id.is_(None))


def select_members(
    site_id: uuid.UUID, meets: str, conditions: Sequence[Condition], now: datetime
) -> Select[tuple[uuid.UUID]]:
    """Return the statement of the customers who meet all or any of some conditions."""
    context = Context(site_id, now)
    tests = [build_test(context, condition) for condition in conditions]
    return (
        select_customers(site_id)
        .outerjoin(Totals, and_(Totals.site_id == Customer.site_id, Totals.customer_id == Customer.id))
        .outerjoin(
            CustomerLifetime,
            and_(CustomerLifetime.site_id == Customer.site_id, CustomerLifetime.customer_id == Customer.id),
        )
        .where(and_(true(), *tests) if meets == "all" else or_(false(), *tests))
    )


def build_test(context: Context, condition: Condition) -> Test:
    """Return one condition on a row of customers with their totals and lifetimes."""
    name, comparison, value = condition["field"], condition["comparison"], condition["value"]
    if name in _FLAGS:
        return _FLAGS[name]() if value else not_(_FLAGS[name]())
    if name in _NUMBERS:
        return _compare(_NUMBERS[name](), comparison, value)
    if name == "average_receipt_minor":
        # Without a division nothing is rounded; who has no order has no average.
        return _compare(Totals.revenue_minor, comparison, cast(Totals.orders, BigInteger) * literal(value, BigInteger))
    if name in _RFM:
        return _is_in_quintile(context, _RFM[name], comparison, value)
    if name in _DAYS:
        edge = context.now - timedelta(days=value)
        return _compare(_DAYS[name], "at_least" if comparison == "within_days" else "before", edge)
    test = _CHOICES[name](context, value)
    return test if comparison == "is" else not_(test)


def _compare(column: Any, comparison: str, value: Any) -> Test:
    tests: dict[str, Callable[[Any, Any], Test]] = {"at_least": ge, "at_most": le, "exactly": eq, "before": lt}
    return tests[comparison](column, value)


def _count_orders() -> Any:
    return func.coalesce(Totals.orders, 0)


def _count_friends() -> Any:
    """Return how many friends of a customer were rewarded, and stand."""
    is_theirs = (Referral.site_id == Customer.site_id, Referral.advocate_id == Customer.id)
    rewarded = select(func.count()).select_from(Referral).where(*is_theirs, Referral.state == "rewarded")
    return rewarded.correlate(Customer).scalar_subquery()


_DAYS: dict[str, Any] = {"first_order": Totals.first_order_at, "last_order": Totals.last_order_at}
_NUMBERS: dict[str, Callable[[], Any]] = {
    "orders": _count_orders,
    "friends_brought": _count_friends,
    "revenue_minor": lambda: func.coalesce(Totals.revenue_minor, literal(0, BigInteger)),
    "expected_minor": lambda: CustomerLifetime.expected_minor,
}
_FLAGS: dict[str, Callable[[], Test]] = {
    "has_ordered": lambda: Totals.orders.is_not(None),
    "is_guest": lambda: Customer.external_id.is_(None),
    "newsletter": lambda: and_(Customer.accepts_marketing, true()),
    "lead": lambda: and_(Customer.accepts_marketing, Totals.orders.is_(None)),
    "subscriber_without_promo": lambda: and_(Customer.accepts_marketing, _count_coupons() == 0),
}


def _count_coupons() -> Any:
    return func.coalesce(Totals.coupon_orders, 0)


def _uses_coupons(_context: Context, how: str) -> Test:
    if how == "always":
        return and_(_count_orders() > 0, _count_coupons() == _count_orders())
    return _compare(_count_coupons(), "at_least" if how == "sometimes" else "at_most", 1 if how == "sometimes" else 0)


def quintile_of(lower: Any, customers: Any) -> Any:
    """Return the quintile of a customer whom so many of all customers lie below: equals get equal ones."""
    return 1 + 5 * lower // customers


def _is_in_quintile(context: Context, column: Any, comparison: str, value: int) -> Test:
    lower = func.rank().over(order_by=column) - 1
    scored = (
        select(Totals.customer_id, quintile_of(lower, func.count().over()).label("score"))
        .where(Totals.site_id == context.site_id)
        .subquery()
    )
    return Customer.id.in_(select(scored.c.customer_id).where(_compare(scored.c.score, comparison, value)))


def _has_last_bucket(kind: str) -> Callable[[Context, str], Test]:
    """Return the condition that the last score of a kind, suspicious ones left out, lies in a bucket."""

    def build(context: Context, bucket: str) -> Test:
        newest: list[Any] = [SurveyResponse.answered_at.desc(), SurveyResponse.id.desc()]
        place = func.row_number().over(partition_by=SurveyResponse.customer_id, order_by=newest)
        answers = (
            select(SurveyResponse.customer_id, SurveyResponse.score, place.label("place"))
            .where(
                SurveyResponse.site_id == context.site_id,
                SurveyResponse.customer_id.is_not(None),
                SurveyResponse.kind == kind,
                SurveyResponse.score.is_not(None),
                SurveyResponse.flag.is_(None),
            )
            .subquery()
        )
        scores = [score for score in SCORES[kind] if bucket_of(kind, score) == bucket]
        last = select(answers.c.customer_id).where(answers.c.place == 1, answers.c.score.in_(scores))
        return Customer.id.in_(last)

    return build


def _has_told(context: Context, name: str, matches: Callable[[Any], Test]) -> Test:
    """Return the condition that what a customer told under a name, or one of several things, matches."""
    if db.engine.dialect.name == "sqlite":
        said = func.json_each(CustomerAttribute.value).table_valued("value")
    else:
        value: Any = CustomerAttribute.value
        listed = case((func.jsonb_typeof(value) == "array", value), else_=func.jsonb_build_array(value))
        said = func.jsonb_array_elements_text(listed).table_valued("value")
    told = (
        select(CustomerAttribute.customer_id)
        .select_from(CustomerAttribute)
        .join(said, true())
        .where(
            CustomerAttribute.site_id == context.site_id,
            CustomerAttribute.name == name,
            matches(cast(said.c.value, String())),
        )
    )
    return Customer.id.in_(told)


def _is_born_in(context: Context, month: int) -> Test:
    # A birthday is 1990-05-31, or --05-31 without the year.
    return _has_told(context, "birthday", lambda said: said.like(f"%-{month:02}-__"))


def _has_told_word(name: str) -> Callable[[Context, str], Test]:
    return lambda context, text: _has_told(context, name, lambda said: said.in_(list_spellings(text)))


_CHOICES: dict[str, Callable[[Context, Any], Test]] = {
    "coupons": _uses_coupons,
    "last_nps": _has_last_bucket("nps"),
    "last_csat": _has_last_bucket("csat"),
    "birthday_month": _is_born_in,
    "gender": _has_told_word("gender"),
    "area": _has_told_word("area"),
    "interests": _has_told_word("interests"),
}
