"""Measure the two documents every page view may load: the script and the boot document.

Run: python -m bench.boot
"""

import sys

from bench.common import Floor, compare_with_hello
from bench.load import http_request
from bench.product import prepare_product

FLOOR = Floor(0.9)


def main() -> int:
    """Measure script and boot on SQLite; neither touches the database while its version stands."""
    with prepare_product("sqlite") as product:
        script = http_request("GET", f"/embed/v1/{product.cast.maple.key}.js", Accept_Encoding="br, gzip")
        boot = product.get("/boot")
        reached = [
            compare_with_hello("script", product.server(), lambda: script, 200, FLOOR),
            compare_with_hello("boot", product.server(), lambda: boot, 200, FLOOR),
        ]
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main())
