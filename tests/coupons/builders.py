"""Pools of coupons, and the store's server that asks for them."""

import uuid
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.cast import SiteOfCast
from tests.orders.builders import NOON
from widget.core.db import begin_writing_anew, db, session_cursor
from widget.core.ids import new_id
from widget.coupons.issuing import Issued, Source, issue_coupon
from widget.coupons.schemas import PoolIn
from widget.coupons.service import create_pool


class StoreServer:
    """Requests with a site's secret key."""

    def __init__(self, client: FlaskClient, site: SiteOfCast) -> None:
        self.client, self.site = client, site

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        options = {} if body is None else {"json": body}
        return self.client.open(
            f"/api/v1{path}", method=method, headers={**self.site.store_headers, **headers}, **options
        )


def make_pool(site_id: uuid.UUID, **changes: Any) -> uuid.UUID:
    """Make a pool of 5 EUR off, whose codes are made unless it says otherwise; return its id."""
    begin_writing_anew()
    usual = {"name": "5 EUR off", "kind": "amount_off", "amount_minor": 500, "currency": "EUR", "prefix": "TEA"}
    pool = create_pool(site_id, PoolIn().load(usual | changes), NOON)
    pool_id = pool.id
    db.session.commit()
    return pool_id


def issue(site_id: uuid.UUID, pool_id: uuid.UUID, customer_id: uuid.UUID | None = None, **changes: Any) -> Issued:
    """Give a coupon of a pool to somebody."""
    begin_writing_anew()
    source = Source(pool_id, **{"is_made": True, "prefix": "TEA", "valid_days": 30} | changes)
    issued = issue_coupon(session_cursor(), site_id, source, customer_id, f"test:{new_id()}", NOON)
    db.session.commit()
    return issued
