"""Reading the report of what a store owes in points: five statements, all of one state of the database.

Entries are added up from an index alone: `bench/loyalty_report.py` says how long that takes for a million of them.
"""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, and_, case, func, literal, select, union_all

from widget.core.db import db
from widget.core.export_rows import open_snapshot
from widget.coupons.models import CouponPool
from widget.loyalty.liability import Expiring, Flows, PointCost, Report, Standing, read_flows
from widget.loyalty.models import LedgerEntry, Lot, LoyaltyAccount, LoyaltyProgram, LoyaltyVersion
from widget.loyalty.report_days import Days, read_days
from widget.loyalty.reward_models import Reward
from widget.loyalty.rules import add_months, day_in

MONTHS_SHOWN = 12
UTC_NAME = "UTC"
_program: Any = LoyaltyProgram.__table__
_version: Any = LoyaltyVersion.__table__
_account: Any = LoyaltyAccount.__table__
_entry: Any = LedgerEntry.__table__
_lot: Any = Lot.__table__
_reward: Any = Reward.__table__
_pool: Any = CouponPool.__table__


def read_report(site_id: uuid.UUID, query: Mapping[str, str], now: datetime) -> Report:
    """Return what a store owes, and what happened in the days an address names; raise InvalidFields."""
    with open_snapshot(db.engine) as connection:
        program = _read_program(connection, site_id)
        rules = program.rules if program else {}
        zone = ZoneInfo(rules.get("time_zone", UTC_NAME))
        today = day_in(now, zone)
        days = read_days(query, today)
        before, parts, after = _read_flows(connection, site_id, days, zone)
        period = _add_up([flows for _, flows in parts])
        expiring = _read_expiring(connection, site_id, rules)
        return Report(
            days=days,
            zone=zone.key,
            standing=_read_standing(connection, site_id),
            ever=_add_up([before, period, after]),
            period=period,
            parts=parts,
            expiring=group_by_month(expiring, zone, today),
            cost=_read_cost(connection, site_id, program),
            in_lots=sum(expiring.values()),
        )


def read_recent(site_id: uuid.UUID, since: datetime) -> tuple[Standing, Flows]:
    """Return what accounts hold, and what happened since a moment."""
    with open_snapshot(db.engine) as connection:
        rows = connection.execute(_sum_kinds(site_id, 0, since, None))
        flows = read_flows({kind: int(points) for _, kind, points in rows})
        return _read_standing(connection, site_id), flows


def group_by_month(expiring: Mapping[datetime | None, int], zone: ZoneInfo, today: date) -> list[Expiring]:
    """Return how many points are good until the end of each of the next months, and for longer.

    Points that are gone at the first moment of a month were good until the end of the one before.
    """
    months: Counter[date] = Counter()
    first = today.replace(day=1)
    shown = [add_months(first, number) for number in range(MONTHS_SHOWN)]
    for moment, points in expiring.items():
        if moment is not None:
            last = day_in(moment - timedelta(microseconds=1), zone).replace(day=1)
            months[max(last, first)] += points
    later = sum(points for month, points in months.items() if month > shown[-1])
    rows = [Expiring(month, months[month]) for month in shown]
    return [*rows, Expiring(None, later), Expiring(None, expiring.get(None, 0), is_never=True)]


def _read_program(connection: Connection, site_id: uuid.UUID) -> Any:
    is_present = and_(_version.c.site_id == _program.c.site_id, _version.c.version == _program.c.version)
    statement = select(_program.c.thousand_cost_minor, _version.c.rules).join(_version, is_present)
    return connection.execute(statement.where(_program.c.site_id == site_id)).one_or_none()


def _read_standing(connection: Connection, site_id: uuid.UUID) -> Standing:
    column = _account.c
    sums = (column.balance + column.debt, column.pending, column.held, column.debt)
    row = connection.execute(
        select(
            func.count().filter(column.merged_into_id.is_(None)),
            *(func.coalesce(func.sum(amount), 0) for amount in sums),
            func.count().filter(column.debt > 0),
        ).where(column.site_id == site_id)
    ).one()
    return Standing(*(int(value) for value in row))


def _read_flows(
    connection: Connection, site_id: uuid.UUID, days: Days, zone: ZoneInfo
) -> tuple[Flows, list[tuple[Days, Flows]], Flows]:
    """Return what happened before a range of days, in each part of it, and after it."""
    parts = days.list_parts()
    begin, end = days.moments(zone)
    moments = [part.moments(zone) for part in parts]
    ranges = [(None, begin), *moments, (end, None)]
    found: list[dict[str, int]] = [{} for _ in ranges]
    for place, kind, points in connection.execute(
        union_all(*(_sum_kinds(site_id, place, *limits) for place, limits in enumerate(ranges)))
    ):
        found[place][kind] = int(points)
    flows = [read_flows(sums) for sums in found]
    return flows[0], list(zip(parts, flows[1:-1], strict=True)), flows[-1]


def _sum_kinds(site_id: uuid.UUID, place: int, since: datetime | None, until: datetime | None) -> Any:
    """Return the statement that adds up the entries of a range of time, which the index holds side by side."""
    column = _entry.c
    conditions = [column.site_id == site_id]
    if since is not None:
        conditions.append(column.occurred_at >= since)
    if until is not None:
        conditions.append(column.occurred_at < until)
    sums = (literal(place).label("place"), column.kind, func.sum(column.delta))
    return select(*sums).where(*conditions).group_by(column.kind)


def _read_expiring(connection: Connection, site_id: uuid.UUID, rules: Mapping[str, Any]) -> dict[datetime | None, int]:
    """Return how many points are left by when they expire, None for those that never do."""
    is_live = (_lot.c.site_id == site_id, _lot.c.is_live)
    gone_at: Any = _lot.c.expires_at
    source: Any = _lot
    if rules.get("expiry", {}).get("kind") == "inactivity":
        is_of = and_(_account.c.site_id == _lot.c.site_id, _account.c.customer_id == _lot.c.customer_id)
        source = _lot.join(_account, is_of)
        is_sooner = _lot.c.expires_at.is_(None) | (_account.c.inactive_at < _lot.c.expires_at)
        gone_at = case((is_sooner, _account.c.inactive_at), else_=_lot.c.expires_at)
    statement = select(gone_at, func.sum(_lot.c.remaining)).select_from(source).where(*is_live).group_by(gone_at)
    return {moment: int(points) for moment, points in connection.execute(statement).tuples()}


def _read_cost(connection: Connection, site_id: uuid.UUID, program: Any) -> PointCost | None:
    """Return what points cost: as the owner says, else what live rewards with an amount give for them on average."""
    is_pool = and_(_pool.c.site_id == _reward.c.site_id, _pool.c.id == _reward.c.pool_id)
    currency = program.rules["currency"] if program else None
    is_meant = (_reward.c.site_id == site_id, _reward.c.state == "live", _pool.c.currency == currency)
    amount, price = connection.execute(
        select(func.sum(_pool.c.amount_minor), func.sum(_reward.c.price)).join(_reward, is_pool).where(*is_meant)
    ).one()
    if program is None or currency is None:
        return None
    if program.thousand_cost_minor is not None:
        return PointCost(program.thousand_cost_minor, currency, "set")
    if not amount or not price:
        return None
    return PointCost((int(amount) * 1000 + int(price) // 2) // int(price), currency, "rewards")


def _add_up(flows: Sequence[Flows]) -> Flows:
    return Flows(*(sum(values) for values in zip(*(vars(one).values() for one in flows), strict=True)))
