"""What a store's server sends of orders, carts and customers."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.cast import SiteOfCast
from tests.embed.shopper import assert_problem, read_json
from widget.core.clock import utc_now
from widget.core.db import Model, db
from widget.customers.models import CustomerEvent


def ago(**span: float) -> str:
    """Return a moment so long ago."""
    return (utc_now() - timedelta(**span)).isoformat()


def order(number: int | str = 1, /, **changes: Any) -> dict[str, Any]:
    """Return an order of 20.00 EUR that Carol paid an hour ago, unless it says otherwise."""
    usual = {
        "id": str(number),
        "updated_at": ago(hours=1),
        "state": "paid",
        "currency": "EUR",
        "total_minor": 2000,
        "customer": {"id": "carol", "email": "carol@shoppers.example", "name": "Carol Winter"},
        "lines": [{"product_id": "POT-03", "title": "Teapot", "quantity": 1, "unit_price_minor": 2000}],
    }
    return usual | changes


def cart(number: int | str = 1, /, **changes: Any) -> dict[str, Any]:
    usual = {"id": str(number), "updated_at": ago(hours=2), "currency": "EUR", "value_minor": 2000}
    return usual | changes


def post(client: FlaskClient, site: SiteOfCast, path: str, body: Any, **headers: str) -> TestResponse:
    """Send a document to the store's door."""
    return client.post(f"/api/v1/{path}", json=body, headers={**site.store_headers, **headers})


def put_customer(client: FlaskClient, site: SiteOfCast, customer: str, /, **body: Any) -> TestResponse:
    return client.put(f"/api/v1/customers/{quote(customer, safe='')}", json=body, headers=site.store_headers)


def get(client: FlaskClient, site: SiteOfCast, path: str, **query: Any) -> dict[str, Any]:
    """Return what the store's door answers."""
    return read_json(client.get(f"/api/v1/{path}", query_string=query, headers=site.store_headers))


def merge(client: FlaskClient, site: SiteOfCast, old: str, into: str) -> TestResponse:
    return post(client, site, f"customers/{quote(old, safe='')}/merge", {"into": into})


def pointers(response: TestResponse) -> list[str]:
    """Return what is wrong with a refused document."""
    return [error["pointer"] for error in assert_problem(response, 422)["errors"]]


def outcomes(response: TestResponse) -> list[str]:
    return [item["outcome"] for item in read_json(response)["items"]]


def count(app: Flask, model: type[Model]) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def list_events(app: Flask) -> list[CustomerEvent]:
    with app.app_context():
        return list(db.session.scalars(select(CustomerEvent).order_by(CustomerEvent.happened_at, CustomerEvent.name)))
