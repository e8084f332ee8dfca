"""Real bodies in any order, each twice, end in the state in which they end in order, once."""

import random
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest
from flask import Flask

from tests.applications import wipe
from tests.cast import make_cast
from tests.intake.platform_bodies import (
    describe,
    make_shopify_customer,
    make_shopify_order,
    make_shopify_refund,
    make_woo_order,
    set_currency,
)
from tests.long_run import at_length
from tests.orders.builders import count_figures, read_figures
from widget.core.db import begin_writing_anew, db
from widget.intake.bodies import PLATFORMS, read_body
from widget.intake.platform_events import take_event
from widget.intake.reading import Reading
from widget.intake.service import take_orders, take_refunds

Told = tuple[str, str, Any]
SHUFFLES_OF_A_PART = {"sqlite": at_length(25, otherwise=12), "postgresql": at_length(8, otherwise=4)}
PARTS = [("sqlite", part) for part in range(at_length(8, otherwise=2))] + [("postgresql", 0)]


def list_real_bodies(folder: Path) -> list[Told]:
    """Return every body there is, with the topic it would come by."""
    bodies = []
    for path in sorted((folder / "payloads").glob("*.json")):
        platform = path.name.partition("_")[0]
        if platform == "shopify":
            topic = "refunds/create" if "refund" in path.name else "orders/updated"
        elif "_refunds_" in path.name:
            topic = "refund.created"
        else:
            topic = "order.deleted" if "delete" in path.name else "order.updated"
        bodies.append((platform, topic, orjson.loads(path.read_bytes())))
    return bodies


def list_own_bodies() -> list[Told]:
    """Return a history of our own: an order with everything that may follow from it, and its buyers."""
    later = {"updated_at": "2026-05-08T12:00:00+02:00"}
    guest = {"customer": None, "email": "carol@shoppers.example"}
    second = make_shopify_refund(id=32, transactions=[], refund_line_items=[], order_adjustments=[])
    merge = {"admin_graphql_api_customer_kept_id": "gid://shopify/Customer/501",
             "admin_graphql_api_customer_deleted_id": "gid://shopify/Customer/502"}  # fmt: skip
    return [
        ("shopify", "orders/create", make_shopify_order(financial_status="pending")),
        ("shopify", "orders/paid", make_shopify_order(**later, refunds=[make_shopify_refund()])),
        ("shopify", "refunds/create", make_shopify_refund()),
        ("shopify", "refunds/create", second),
        ("shopify", "orders/create", make_shopify_order(id=1002, **guest)),
        ("shopify", "orders/create", make_shopify_order(id=1003, customer=make_shopify_customer(id=502, email=None))),
        ("shopify", "customers/update", make_shopify_customer(last_name="Summer", **later)),
        ("shopify", "customers/merge", merge),
        ("shopify", "orders/cancelled", make_shopify_order(id=1004, cancelled_at="2026-05-08T12:00:00Z", **later)),
        ("shopify", "orders/create", make_shopify_order(id=1004)),
        ("woocommerce", "order.created", make_woo_order(status="on-hold", date_paid_gmt=None)),
        ("woocommerce", "order.updated", make_woo_order(date_modified_gmt="2026-05-05T10:00:00", customer_id=26)),
    ]


@contextmanager
def empty_site(app: Flask) -> Iterator[uuid.UUID]:
    """A site in a transaction that is undone at the end, which is quicker than emptying the tables."""
    wipe(app)
    site_id = make_cast(app).maple.id
    with app.app_context():
        set_currency(site_id, "USD")
        yield site_id
        db.session.rollback()


def tell_events(site_id: uuid.UUID, told: Sequence[Told]) -> dict[str, Any]:
    """Take bodies in as events, one by one; return the state at the end."""
    begin_writing_anew()
    for platform, topic, body in told:
        event = take_event(site_id, platform, topic, None, orjson.dumps(body))
        assert event is not None
        assert event.outcome != "failed", event.detail
    return describe_and_undo(site_id)


def tell_documents(site_id: uuid.UUID, told: Sequence[tuple[str, Reading]], chance: random.Random) -> dict[str, Any]:
    """Take in what bodies say, some at a time; return the state at the end."""
    begin_writing_anew()
    while told:
        size = chance.choice([1, 10, 30, 70])
        some, told = told[:size], told[size:]
        for platform in PLATFORMS:
            take_orders(site_id, [order for name, one in some if name == platform for order in one.orders], platform)
        refunds = [refund for _, one in some for refund in one.refunds]
        if refunds:
            take_refunds(site_id, refunds)
    return describe_and_undo(site_id)


def describe_and_undo(site_id: uuid.UUID) -> dict[str, Any]:
    db.session.flush()
    db.session.expire_all()
    assert count_figures(site_id) == read_figures(site_id)
    state = describe(site_id)
    db.session.rollback()
    return state


def shuffle_twice(told: Sequence[Any], chance: random.Random) -> list[Any]:
    return chance.sample([*told, *told], 2 * len(told))


@pytest.mark.parametrize(("database", "part"), PARTS)
def test_real_bodies_end_alike_in_any_order(
    database: str, part: int, shared_data: Path, request: pytest.FixtureRequest
) -> None:
    chance = random.Random(part)
    with empty_site(request.getfixturevalue(f"{database}_app")) as site_id:
        bodies = list_real_bodies(shared_data)
        in_order = tell_events(site_id, bodies)
        assert len(in_order["orders"]) == 14
        if part == 0:
            assert tell_events(site_id, shuffle_twice(bodies, chance)) == in_order
        documents = [(platform, read_body(platform, topic, body, "USD")) for platform, topic, body in bodies]
        for _ in range(SHUFFLES_OF_A_PART[database]):
            assert tell_documents(site_id, shuffle_twice(documents, chance), chance) == in_order


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_bodies_of_our_own_end_alike_in_any_order(database: str, request: pytest.FixtureRequest) -> None:
    chance = random.Random(5)
    with empty_site(request.getfixturevalue(f"{database}_app")) as site_id:
        bodies = list_own_bodies()
        in_order = tell_events(site_id, bodies)
        assert {buyer[1] for buyer in in_order["buyers"]} == {"501", "26"}
        for _ in range(at_length(5, otherwise=2)):
            assert tell_events(site_id, shuffle_twice(bodies, chance)) == in_order
