"""One process of several that claim codes of one pool."""

import sys
import uuid
from dataclasses import replace
from pathlib import Path

from tests.applications import make_settings
from widget import create_app
from widget.core.clock import utc_now
from widget.core.hot import hot_transaction
from widget.core.ids import new_id
from widget.coupons.errors import PoolEmpty
from widget.coupons.issuing import Source, issue_coupon


def main(database_url: str, data_dir: str, site_id: str, pool_id: str) -> None:
    """Claim until the pool is empty; print each code on a line, and at last that there are none."""
    app = create_app(replace(make_settings(Path(data_dir), database_url)))
    source = Source(uuid.UUID(pool_id), is_made=False, prefix="", valid_days=None)
    with app.app_context():
        print("ready", flush=True)  # noqa: T201
        sys.stdin.readline()
        while True:
            try:
                with hot_transaction() as cursor:
                    issued = issue_coupon(cursor, uuid.UUID(site_id), source, None, f"test:{new_id()}", utc_now())
            except PoolEmpty:
                print("empty", flush=True)  # noqa: T201
                return
            print(issued.code, flush=True)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
