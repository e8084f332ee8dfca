"""Measure a durable answer, everything included: validation, Origin, limits, tokens, one commit to disk.

Run: python -m bench.response
"""

import sys

from bench.common import Floor, compare_with_hello
from bench.product import DATABASES, prepare_product

FLOORS = {"sqlite": Floor(0.20, 3.5), "postgresql": Floor(0.28, 3.5)}


def main() -> int:
    """Measure on each database named on the command line, else on both."""
    reached = []
    for database in sys.argv[1:] or DATABASES:
        with prepare_product(database) as product:
            reached.append(
                compare_with_hello(
                    f"durable response on {database}",
                    product.server(),
                    product.response_request,
                    201,
                    FLOORS[database],
                )
            )
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main())
