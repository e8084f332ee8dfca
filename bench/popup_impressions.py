"""Measure a batch of 20 impressions of campaigns, stored durably in one transaction.

Run: python -m bench.popup_impressions
"""

import itertools
import sys
import uuid
from collections.abc import Callable

import orjson
from uuid_utils import uuid7

from bench.common import Floor, compare_with_hello
from bench.databases import open_product
from bench.load import http_request
from bench.product import DATABASES, Product
from tests.popups.builders import make_campaign
from widget.core.db import begin_writing_anew, db
from widget.customers.service import create_visitor
from widget.customers.tokens import sign_visitor_token

CAMPAIGNS, VISITORS, BATCH = 3, 2_000, 20
FLOORS = {"sqlite": Floor(0.17), "postgresql": Floor(0.17)}


def measure(database: str) -> bool:
    """Print a batch of impressions beside hello."""
    with open_product(database) as (_app, product):
        site_id = product.cast.maple.id
        variants = [{"key": "a", "name": "A"}, {"key": "b", "name": "B"}]
        campaigns = [make_campaign(site_id, variants=variants, holdout_basis_points=1000) for _ in range(CAMPAIGNS)]
        begin_writing_anew()
        visitors = [sign_visitor_token(site_id, create_visitor(site_id).id) for _ in range(VISITORS)]
        db.session.commit()
        db.session.remove()
        send = _make_sender(product, campaigns, visitors)
        return compare_with_hello(f"20 impressions on {database}", product.server(), send, 200, FLOORS[database])


def _make_sender(product: Product, campaigns: list[uuid.UUID], visitors: list[str]) -> Callable[[], bytes]:
    site, turns = product.cast.maple, itertools.cycle(visitors)

    def send() -> bytes:
        impressions = [
            {
                "id": str(uuid7()),
                "campaign": str(campaigns[number % CAMPAIGNS]),
                "arm": "a",
                "trigger": "exit",
                "page_url": "https://maple.example/products/maple-syrup",
                "dismissed": number % 2 == 0,
            }
            for number in range(BATCH)
        ]
        return http_request(
            "POST",
            f"/embed/v1/{site.key}/popups/impressions",
            orjson.dumps({"impressions": impressions}),
            Content_Type="application/json",
            Origin=site.origin,
            X_Regulars_Visitor=next(turns),
        )

    return send


def main() -> int:
    """Measure on each database named on the command line, else on both."""
    reached = [measure(database) for database in sys.argv[1:] or DATABASES]
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main())
