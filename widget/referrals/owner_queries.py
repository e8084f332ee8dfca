"""What owners look up of referrals: those that wait, who brings whom, and what it was worth."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select

from widget.core.db import db
from widget.customers.models import Customer
from widget.customers.searching import is_called
from widget.orders.models import Order
from widget.referrals.models import Advocate, Referral, ReferralEvent, ReferralGrant
from widget.referrals.rules import code_key

LEADERS_A_PAGE = 100
# Referrals whose order stands: the friend bought, and nothing took that back.
_EARNING = ("qualified", "rewarded")


@dataclass(frozen=True)
class AdvocateRow:
    """An advocate in the owner's list; revenue is that of their friends' first orders."""

    customer_id: uuid.UUID
    code: str
    name: str | None
    email: str | None
    external_id: str | None
    blocked_at: datetime | None
    created_at: datetime
    claims: int
    held: int
    rewarded: int
    orders: int
    revenue_minor: int
    unrated: int

    @property
    def revenue(self) -> int | None:
        """Return the revenue as it is shown: no order is no amount, and neither are orders nobody has a rate for."""
        return self.revenue_minor if self.orders > self.unrated else None


def count_states(site_id: uuid.UUID) -> Mapping[str, int]:
    """Return how many referrals there are in each state."""
    counted = select(Referral.state, func.count()).where(Referral.site_id == site_id).group_by(Referral.state)
    return dict(db.session.execute(counted).tuples().all())


def list_advocate_rows(site_id: uuid.UUID, text: str = "", limit: int = LEADERS_A_PAGE) -> Sequence[AdvocateRow]:
    """Return the advocates who are called so, or whose code it is; who has brought most friends comes first."""
    statement = select_advocates(site_id)
    if text:
        own_code = Advocate.code_key == code_key(text)
        statement = statement.where(own_code | is_called(site_id, text))
    totals = statement.selected_columns
    best = [totals.rewarded.desc(), totals.revenue_minor.desc(), totals.claims.desc()]
    rows = db.session.execute(statement.order_by(*best, Advocate.created_at, Advocate.customer_id).limit(limit))
    return [AdvocateRow(*row) for row in rows]


def find_advocate_row(site_id: uuid.UUID, customer_id: uuid.UUID) -> AdvocateRow | None:
    """Return one advocate, None for a customer who has no code or was merged into another."""
    row = db.session.execute(select_advocates(site_id).where(Advocate.customer_id == customer_id)).first()
    return AdvocateRow(*row) if row else None


def select_advocates(site_id: uuid.UUID) -> Select[Any]:
    """Return the statement of a site's advocates with what they have brought."""
    totals = (
        select(
            Referral.advocate_id,
            func.count().label("claims"),
            _count_if(Referral.state == "held").label("held"),
            _count_if(Referral.state == "rewarded").label("rewarded"),
            _count_if(Referral.state.in_(_EARNING)).label("orders"),
            _sum_if(Referral.state.in_(_EARNING), func.coalesce(Order.reporting_minor, 0)).label("revenue_minor"),
            _count_if(Referral.state.in_(_EARNING) & Order.reporting_minor.is_(None)).label("unrated"),
        )
        .outerjoin(Order, and_(Order.site_id == Referral.site_id, Order.id == Referral.order_id))
        .where(Referral.site_id == site_id)
        .group_by(Referral.advocate_id)
        .subquery()
    )
    names = ("claims", "held", "rewarded", "orders", "revenue_minor", "unrated")
    figures = (func.coalesce(totals.c[name], 0).label(name) for name in names)
    own = (Advocate.customer_id, Advocate.code, Customer.name, Customer.email, Customer.external_id)
    return (
        select(*own, Advocate.blocked_at, Advocate.created_at, *figures)
        .join(Customer, and_(Customer.site_id == Advocate.site_id, Customer.id == Advocate.customer_id))
        .outerjoin(totals, totals.c.advocate_id == Advocate.customer_id)
        .where(Advocate.site_id == site_id, Customer.merged_into_id.is_(None))
    )


def map_orders(site_id: uuid.UUID, ids: Collection[uuid.UUID | None]) -> Mapping[uuid.UUID, Order]:
    """Return orders by id."""
    rows = db.session.scalars(select(Order).where(Order.site_id == site_id, Order.id.in_([one for one in ids if one])))
    return {order.id: order for order in rows}


def list_grants(site_id: uuid.UUID, referral_id: uuid.UUID) -> Sequence[ReferralGrant]:
    """Return what a referral gave, also what was taken back since."""
    is_its = (ReferralGrant.site_id == site_id, ReferralGrant.referral_id == referral_id)
    return db.session.scalars(select(ReferralGrant).where(*is_its).order_by(ReferralGrant.side)).all()


def select_reached(site_id: uuid.UUID, *kinds: str) -> Select[Any]:
    """Return the statement of the referrals that have ever come so far."""
    return select(ReferralEvent.referral_id).where(ReferralEvent.site_id == site_id, ReferralEvent.kind.in_(kinds))


def _count_if(condition: ColumnElement[bool]) -> Any:
    return func.sum(case((condition, 1), else_=0))


def _sum_if(condition: ColumnElement[bool], amount: Any) -> Any:
    return func.sum(case((condition, amount), else_=0))
