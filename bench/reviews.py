"""Measure what a product page reads of reviews: the summary, the newest ten and the texts around them.

Products are asked for at random, by which each is in the memory of both workers before it counts; what it costs
when nobody has asked since the last change is printed beside, without a floor. Run: python -m bench.reviews
"""

import itertools
import random
import sys

from bench.common import Comparison, Floor, Server, load_in_turns, tell
from bench.databases import open_product
from bench.load import send_load
from bench.product import DATABASES
from bench.reviews_database import PRODUCTS, fill_reviews

FLOORS = {"sqlite": Floor(0.65), "postgresql": Floor(0.25)}
FEW, MANY = 100_000, 1_000_000
# How much more the CPU time of one answer may be with ten times the reviews.
MAX_GROWTH = 1.2
# Until both workers have been asked for nearly every product.
WARM_UP_SECONDS = 25.0


def main() -> int:
    """Measure on each database named on the command line, else on both, with few reviews and with many."""
    reached = []
    for database in sys.argv[1:] or DATABASES:
        costs = []
        for reviews in (FEW, MANY):
            known, anew = _measure(database, reviews)
            name = f"product page of {reviews:,} reviews on {database}"
            reached.append(tell(name, known, FLOORS[database]))
            tell(f"{name}, asked for the first time", anew, Floor(0))
            costs.append(known.cpu_ratio)
        growth = costs[1] / costs[0]
        reached.append(growth <= MAX_GROWTH)
        print(f"  with {MANY:,} reviews {growth:.2f} times the CPU of {FEW:,} (at most {MAX_GROWTH})", flush=True)
    return 0 if all(reached) else 1


def _measure(database: str, reviews: int) -> list[Comparison]:
    with open_product(database) as (_, product):
        fill_reviews(product.cast.maple.id, reviews)
        paths = [f"/reviews?product=P-{number}&lang=en-US,en" for number in range(PRODUCTS)]
        requests, numbers = [product.get(path) for path in paths], itertools.count()

        def ask() -> bytes:
            return random.choice(requests)

        def ask_anew() -> bytes:
            return product.get(f"{random.choice(paths)}&visit={next(numbers)}")

        with Server("bench.hello:app") as hello, product.server() as known, product.server() as anew:
            send_load(known.port, ask, WARM_UP_SECONDS)
            return load_in_turns(hello, [(known, ask, 200), (anew, ask_anew, 200)])


if __name__ == "__main__":
    sys.exit(main())
