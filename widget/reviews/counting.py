"""Keeping the summaries equal to the reviews, in the transaction that changes them.

Whoever changes a review reads its facts first, changes it, and posts the difference.
"""

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import bindparam, update

from widget.core.clock import utc_now
from widget.core.db import Model, db, insert_unless_known
from widget.reviews.models import Review
from widget.reviews.product_models import ReviewedProduct, ReviewFacet, ReviewTally
from widget.reviews.rules import ReviewFacts, count_product, list_facets

PRODUCT_COUNTS = ("reviews", "rating_sum", *(f"stars_{stars}" for stars in range(1, 6)), "with_photos", "verified")

Key = tuple[Any, ...]


def facts_of(review: Review) -> ReviewFacts:
    """Return what the figures know of a review as it is."""
    return ReviewFacts(
        product_id=review.product_id,
        state=review.state,
        reason=review.hold_reason or review.reject_reason or "",
        rating=review.rating,
        has_photos=review.photos > 0,
        is_verified=review.is_verified,
        language=review.language,
        attributes=tuple(sorted((name, str(value)) for name, value in review.attributes.items())),
    )


def post_difference(site_id: uuid.UUID, before: Iterable[ReviewFacts], after: Iterable[ReviewFacts]) -> None:
    """Bring products, facets and tallies from what reviews were to what they are.

    Each product concerned gets a new version, also where only something shown without being counted has changed.
    """
    products: dict[str, Counter[str]] = {}
    facets: Counter[Key] = Counter()
    tallies: Counter[Key] = Counter()
    for all_facts, sign in ((before, -1), (after, 1)):
        for facts in all_facts:
            counts = products.setdefault(facts.product_id, Counter())
            for name, count in count_product(facts).items():
                counts[name] += sign * count
            for facet, value in list_facets(facts):
                facets[facts.product_id, facet, value] += sign
            if facts.is_received:
                tallies[facts.state, facts.reason, facts.rating] += sign
    rows = {(product_id,): {**counts, "version": 1} for product_id, counts in products.items()}
    # In one order everywhere, so that two transactions never wait for each other.
    _add(ReviewedProduct, site_id, ("product_id",), (*PRODUCT_COUNTS, "version"), rows, {"created_at": utc_now()})
    _add(ReviewFacet, site_id, ("product_id", "facet", "value"), ("reviews",), _rows_of(facets))
    _add(ReviewTally, site_id, ("state", "reason", "rating"), ("reviews",), _rows_of(tallies))


def make_products(site_id: uuid.UUID, product_ids: Collection[str]) -> None:
    """Let there be rows of products to count by."""
    made_with = {"site_id": site_id, "created_at": utc_now(), **dict.fromkeys((*PRODUCT_COUNTS, "version"), 0)}
    rows = [{"product_id": product_id, **made_with} for product_id in sorted(product_ids)]
    db.session.connection().execute(insert_unless_known(ReviewedProduct).on_conflict_do_nothing(), rows)


def _rows_of(counts: Mapping[Key, int]) -> dict[Key, dict[str, int]]:
    return {key: {"reviews": count} for key, count in counts.items() if count}


def _add(
    model: type[Model],
    site_id: uuid.UUID,
    key: tuple[str, ...],
    columns: tuple[str, ...],
    rows: Mapping[Key, Mapping[str, int]],
    made_with: Mapping[str, Any] | None = None,
) -> None:
    """Add counts to rows by their key, which are made where they are missing."""
    if not rows:
        return
    table: Any = model.__table__
    keys = [dict(zip(key, place, strict=True)) for place in sorted(rows)]
    empty = {"site_id": site_id, **dict.fromkeys(columns, 0), **(made_with or {})}
    connection = db.session.connection()
    connection.execute(insert_unless_known(model).on_conflict_do_nothing(), [empty | place for place in keys])
    connection.execute(
        update(table)
        .where(table.c.site_id == site_id, *(table.c[name] == bindparam(f"key_{name}") for name in key))
        .values({name: table.c[name] + bindparam(f"add_{name}") for name in columns}),
        [
            {f"key_{name}": place[name] for name in key}
            | {f"add_{name}": rows[tuple(place.values())].get(name, 0) for name in columns}
            for place in keys
        ],
    )
