"""Sites full of orders with the figures kept of them, made in the database itself."""

import uuid

from sqlalchemy import text

from bench.databases import AT, BIND, ID, SERIES
from widget.core.db import db

DAYS = 730
FIRST_SECOND = 1_735_689_600  # 2025-01-01
# Ids begin with it, so that they are those of no one else.
_SALT = 77_000_000
_DAY = {"sqlite": "date({0})", "postgresql": "(({0}) AT TIME ZONE 'UTC')::date"}
_MONTH = {"sqlite": "date({0}, 'start of month')", "postgresql": "date_trunc('month', ({0}) AT TIME ZONE 'UTC')::date"}
_LATER = {"sqlite": "date({0}, '+365 days')", "postgresql": "({0})::date + 365"}
# Two years, every day alike; each customer buys five times, a fifth of them as a guest.
_SECONDS = "((i % :days) * 86400 + ((i % 86400) * 7919) % 86400)"
CUSTOMERS = """
    INSERT INTO customers (site_id, id, external_id, email, is_email_verified, accepts_marketing, told_times,
        created_at)
    SELECT :site_id, {id}, 'c' || i, 'buyer' || i || '@shoppers.example', {no}, {no}, '{{}}', {at}
    FROM {series} AS series
"""
ORDERS = """
    INSERT INTO orders (site_id, id, external_id, source, customer_id, is_guest, state, is_test, is_counted, currency,
        total_minor, tax_minor, shipping_minor, discount_minor, refunded_minor, net_minor, reporting_minor,
        coupon_codes, has_coupon, placed_at, version_at, version_rank, version_digest, created_at)
    SELECT :site_id, {id}, '' || i, 'import', {customer}, i % 5 = 0, 'paid', {no}, {yes}, 'EUR',
        1000 + i % 9000, 0, 0, 0, 0, 1000 + i % 9000, 1000 + i % 9000, '[]', {no}, {at}, {at}, 0, '', {at}
    FROM {series} AS series ORDER BY i
"""
TOTALS = """
    INSERT INTO customer_order_totals (site_id, customer_id, orders, buying_days, coupon_orders, revenue_minor,
        first_order_at, last_order_at)
    SELECT site_id, customer_id, count(*), count(DISTINCT {day}), 0, sum(reporting_minor), min(placed_at),
        max(placed_at)
    FROM orders WHERE site_id = :site_id GROUP BY site_id, customer_id
"""
ORDER_DAYS = """
    INSERT INTO order_days (site_id, day, orders, guest_orders, customer_orders, unpriced_orders, revenue_minor,
        customer_revenue_minor, first_orders, second_orders, became_active, lapsed)
    SELECT :site_id, day, sum(orders), sum(guests), sum(orders), 0, sum(revenue),
        sum(revenue), sum(firsts), 0, sum(firsts), sum(gone)
    FROM (
        SELECT {day} AS day, 1 AS orders, CASE WHEN is_guest THEN 1 ELSE 0 END AS guests, reporting_minor AS revenue,
            0 AS firsts, 0 AS gone FROM orders WHERE site_id = :site_id
        UNION ALL SELECT {first}, 0, 0, 0, 1, 0 FROM customer_order_totals WHERE site_id = :site_id
        UNION ALL SELECT {gone}, 0, 0, 0, 0, 1 FROM customer_order_totals WHERE site_id = :site_id
    ) AS facts GROUP BY day
"""
COHORTS = """
    INSERT INTO order_cohorts (site_id, first_month, month, customers)
    SELECT :site_id, first_month, month, count(*) FROM (
        SELECT DISTINCT {first} AS first_month, {month} AS month, o.customer_id FROM orders o
        JOIN customer_order_totals t ON t.site_id = o.site_id AND t.customer_id = o.customer_id
        WHERE o.site_id = :site_id
    ) AS pairs GROUP BY first_month, month
"""


def fill_orders(site_id: uuid.UUID, orders: int) -> None:
    """Give a site so many orders of a fifth as many customers, with the figures of both, and commit."""
    name = db.engine.dialect.name
    db.session.rollback()
    customers = max(1, orders // 5)
    at = AT[name].format(seconds=_SECONDS)
    words = {"no": "0", "yes": "1"} if name == "sqlite" else {"no": "false", "yes": "true"}
    place = f"((i % {customers}) * 7919) % {customers}"
    buyer = ID[name].replace(", i)", f", {place})").replace("to_hex(i)", f"to_hex({place})")
    made = {"id": ID[name], "at": at, "series": SERIES[name], **words}
    day, month, later = (spelled[name] for spelled in (_DAY, _MONTH, _LATER))
    first_day = day.format("first_order_at")
    statements = (
        (CUSTOMERS.format(**made), customers),
        (ORDERS.format(**made, customer=buyer), orders),
        (TOTALS.format(day=day.format("placed_at")), 0),
        (
            ORDER_DAYS.format(
                day=day.format("placed_at"), first=first_day, gone=later.format(day.format("last_order_at"))
            ),
            0,
        ),
        (COHORTS.format(first=month.format("t.first_order_at"), month=month.format("o.placed_at")), 0),
    )
    with db.engine.connect().execution_options(write=True) as connection, connection.begin():
        if name == "postgresql":
            connection.execute(text("SET LOCAL statement_timeout = 0"))
        for statement, rows in statements:
            values = {"site_id": BIND[name](site_id), "days": DAYS, "first": FIRST_SECOND, "rows": rows, "salt": _SALT}
            wanted = {key: value for key, value in values.items() if f":{key}" in statement}
            connection.execute(text(statement.replace("::", "\\:\\:")), wanted)
            if name == "postgresql":
                connection.execute(text("ANALYZE"))
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if name == "postgresql":
            connection.execute(text("VACUUM ANALYZE"))
