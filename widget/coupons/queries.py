"""Reading pools of coupons and their codes."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from widget.core.db import db
from widget.core.paging import Cursor, Page, list_page
from widget.coupons.errors import CouponNotFound, PoolNotFound
from widget.coupons.models import Coupon, CouponPool
from widget.coupons.rules import code_key


@dataclass(frozen=True)
class CouponFilter:
    """Which coupons are meant."""

    pool_id: uuid.UUID | None = None
    state: str | None = None
    code: str | None = None
    customer_id: uuid.UUID | None = None


def find_pool(site_id: uuid.UUID, pool_id: uuid.UUID) -> CouponPool | None:
    """Return a pool, None where the site has no such one."""
    return db.session.get(CouponPool, (site_id, pool_id))


def get_pool(site_id: uuid.UUID, pool_id: uuid.UUID) -> CouponPool:
    """Return a pool; raise PoolNotFound."""
    pool = find_pool(site_id, pool_id)
    if pool is None:
        raise PoolNotFound()
    return pool


def list_pools(site_id: uuid.UUID, *, with_archived: bool = False) -> Sequence[CouponPool]:
    """Return a site's pools, newest first, those in use before archived ones."""
    statement = select(CouponPool).where(CouponPool.site_id == site_id)
    if not with_archived:
        statement = statement.where(CouponPool.archived_at.is_(None))
    order = (CouponPool.archived_at.is_not(None), CouponPool.created_at.desc(), CouponPool.id.desc())
    return db.session.scalars(statement.order_by(*order)).all()


def list_pools_page(site_id: uuid.UUID, cursor: Cursor | None, limit: int) -> Page[CouponPool]:
    """Return one page of a site's pools, newest first, archived ones too."""
    statement = select(CouponPool).where(CouponPool.site_id == site_id)
    return list_page(statement, CouponPool.created_at, CouponPool.id, cursor, limit)


def list_low_pools(site_id: uuid.UUID) -> list[CouponPool]:
    """Return the pools whose uploaded codes run out."""
    return [pool for pool in list_pools(site_id) if is_low(pool)]


def is_low(pool: CouponPool) -> bool:
    """Return whether a pool's uploaded codes run out."""
    return pool.codes == "uploaded" and pool.archived_at is None and pool.available <= pool.low_stock


def count_by_state(site_id: uuid.UUID) -> Mapping[uuid.UUID, Mapping[str, int]]:
    """Return how many coupons of each state each pool has."""
    statement = (
        select(Coupon.pool_id, Coupon.state, func.count())
        .where(Coupon.site_id == site_id)
        .group_by(Coupon.pool_id, Coupon.state)
    )
    counts: dict[uuid.UUID, dict[str, int]] = defaultdict(dict)
    for pool_id, state, count in db.session.execute(statement).tuples():
        counts[pool_id][state] = count
    return counts


def find_coupon(site_id: uuid.UUID, code: str) -> Coupon | None:
    """Return the coupon of a code in whatever case, None where there is none."""
    return db.session.scalar(select(Coupon).where(Coupon.site_id == site_id, Coupon.code_key == code_key(code)))


def get_coupon(site_id: uuid.UUID, code: str) -> Coupon:
    """Return the coupon of a code in whatever case; raise CouponNotFound."""
    coupon = find_coupon(site_id, code)
    if coupon is None:
        raise CouponNotFound()
    return coupon


def list_coupons(site_id: uuid.UUID, wanted: CouponFilter, cursor: Cursor | None, limit: int) -> Page[Coupon]:
    """Return one page of the coupons a filter means, newest first."""
    statement = select(Coupon).where(*list_conditions(site_id, wanted))
    return list_page(statement, Coupon.created_at, Coupon.id, cursor, limit)


def list_conditions(site_id: uuid.UUID, wanted: CouponFilter) -> list[ColumnElement[bool]]:
    """Return a filter as conditions."""
    conditions = [Coupon.site_id == site_id]
    if wanted.pool_id is not None:
        conditions.append(Coupon.pool_id == wanted.pool_id)
    if wanted.state is not None:
        conditions.append(Coupon.state == wanted.state)
    if wanted.code is not None:
        conditions.append(Coupon.code_key.startswith(code_key(wanted.code), autoescape=True))
    if wanted.customer_id is not None:
        conditions.append(Coupon.customer_id == wanted.customer_id)
    return conditions


def map_pools(site_id: uuid.UUID, ids: set[uuid.UUID]) -> Mapping[uuid.UUID, CouponPool]:
    """Return pools by their ids."""
    statement = select(CouponPool).where(CouponPool.site_id == site_id, CouponPool.id.in_(ids))
    return {pool.id: pool for pool in db.session.scalars(statement)}
