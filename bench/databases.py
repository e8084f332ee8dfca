"""Databases full of answers, made in the database itself."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from flask import Flask
from sqlalchemy import text

from bench.product import Product, prepare_product
from tests.applications import dispose, make_application
from widget.config import Settings
from widget.core.db import db
from widget.surveys.models import Survey

DAYS = 365
FIRST_DAY = datetime(2025, 1, 1, tzinfo=UTC)
SERIES = {
    "sqlite": "(WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :rows) SELECT i FROM n)",
    "postgresql": "(SELECT generate_series(0, :rows - 1) AS i)",
}
ID = {
    "sqlite": "printf('%08x%024x', :salt, i)",
    "postgresql": "(lpad(to_hex(:salt), 8, '0') || lpad(to_hex(i), 24, '0'))::uuid",
}
# Every day has every score, whatever the number of rows.
_SECONDS = "((i / 11) % :days) * 86400 + ((i % 86400) * 7919) % 86400"
AT = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%S.000000', :first + {seconds}, 'unixepoch')",
    "postgresql": "to_timestamp(:first + {seconds})",
}
# How a driver takes an id.
BIND: dict[str, Callable[[uuid.UUID], uuid.UUID | str]] = {
    "sqlite": lambda identifier: identifier.hex,
    "postgresql": lambda identifier: identifier,
}
_FIELDS = "('order_id', '' || i, 'touchpoint', CASE i % 3 WHEN 0 THEN 'Order' ELSE 'Delivery' END)"
_HIDDEN = {"sqlite": "json_object" + _FIELDS, "postgresql": "jsonb_build_object" + _FIELDS}
_INSERT = """
    INSERT INTO survey_responses (site_id, id, survey_id, kind, score, comment, answers, survey_version,
        hidden, language, page_url, elapsed_ms, source, answered_at, completed_at)
    SELECT :site_id, {id}, :survey_id, 'nps', i % 11,
        CASE WHEN i % 3 = 0 THEN NULL
             WHEN i % 50 = 1 THEN '- late, "and" without a word'
             ELSE 'Fast delivery, lovely parcel; order number ' || i END,
        '{{}}', 1,
        {hidden}, CASE i % 3 WHEN 0 THEN 'en' WHEN 1 THEN 'it' ELSE 'id' END,
        'https://maple.example/orders/' || i, 4000 + i % 9000, 'widget', {at}, {at}
    FROM {series} AS series ORDER BY i
"""


@contextmanager
def open_product(database: str) -> Iterator[tuple[Flask, Product]]:
    """Make a product on "sqlite" or "postgresql" with an empty survey, and the application over it."""
    with prepare_product(database) as product:
        app = make_application(Settings.from_env(product.environ))
        with app.app_context():
            yield app, product
        dispose(app)


def fill_survey(survey: Survey, rows: int) -> None:
    """Give a survey so many answers over the same days, and commit."""
    name = db.engine.dialect.name
    site_id, survey_id = survey.site_id, survey.id
    db.session.rollback()
    statement = _INSERT.format(
        id=ID[name], hidden=_HIDDEN[name], at=AT[name].format(seconds=_SECONDS), series=SERIES[name]
    )
    fields = "INSERT INTO survey_fields (site_id, survey_id, name) VALUES (:site_id, :survey_id, :name)"
    key = {"site_id": BIND[name](site_id), "survey_id": BIND[name](survey_id)}
    with db.engine.connect().execution_options(write=True) as connection, connection.begin():
        if name == "postgresql":
            connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(
            text(statement.replace("::uuid", "\\:\\:uuid")),
            {
                **key,
                "rows": rows,
                "salt": survey_id.int & 0x7FFFFFFF,
                "days": DAYS,
                "first": int(FIRST_DAY.timestamp()),
            },
        )
        for field in ("order_id", "touchpoint"):
            connection.execute(text(fields), {**key, "name": field})
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if name == "postgresql":
            connection.execute(text("VACUUM ANALYZE survey_responses"))
