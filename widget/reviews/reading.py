"""Reading what a page shows of reviews: the summary, one page of the list, what is known of the product."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, func, select

from widget.core.db import db
from widget.reviews.listing import Wanted, list_shown
from widget.reviews.media import list_media
from widget.reviews.media_urls import describe_media
from widget.reviews.product_models import ReviewFacet
from widget.reviews.queries import read_settings
from widget.reviews.reader_models import ReviewSettings
from widget.reviews.shown import (
    FACT_COLUMNS,
    SUMMARY_COLUMNS,
    describe_review,
    describe_summary,
    product,
    show_average,
)
from widget.sites.queries import PublishedSite

_facet: Any = ReviewFacet.__table__
# Made once, as the statement of the list is.
_COUNTED = select(*(product.c[name] for name in (*FACT_COLUMNS, *SUMMARY_COLUMNS)))
_SUMS = select(*(func.coalesce(func.sum(product.c[name]), 0).label(name) for name in SUMMARY_COLUMNS))
_FACETS = select(_facet.c.facet, _facet.c.value, func.sum(_facet.c.reviews)).group_by(_facet.c.facet, _facet.c.value)


@dataclass(frozen=True)
class ShownPage:
    """One page of reviews as every form of it shows them; `facts` are what is known of the product."""

    facts: Mapping[str, Any]
    settings: ReviewSettings
    document: dict[str, Any]


def read_page(site: PublishedSite, product_id: str | None, wanted: Wanted, sort: str | None = None) -> ShownPage:
    """Return a page of a product's published reviews with its summary, without a product of the featured ones.

    Without a sort the list has the owner's. A product nobody has reviewed has an empty summary.
    """
    connection = db.session.connection()
    settings = read_settings(site.id)
    default = "newest" if product_id is None else settings.default_sort
    wanted = replace(wanted, sort=sort or default)
    row = _find_counted(connection, site.id, product_id)
    counts = {name: int(row[name]) for name in SUMMARY_COLUMNS} if row else {}
    rows, following = list_shown(connection, site.id, product_id, wanted)
    document = {
        "product": product_id,
        "summary": describe_summary(counts, _map_facets(connection, site.id, product_id), settings.attributes),
        "reviews": _describe_rows(connection, site, rows, settings, with_products=product_id is None),
        "next": following,
    }
    return ShownPage(row, settings, document)


def map_averages(site_id: uuid.UUID, product_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return how many reviews products have and their average, also of those nobody has reviewed."""
    rows = db.session.execute(
        select(product.c.product_id, product.c.reviews, product.c.rating_sum).where(
            product.c.site_id == site_id, product.c.product_id.in_(product_ids)
        )
    )
    known = {row.product_id: (row.rating_sum, row.reviews) for row in rows}
    return {
        product_id: {"reviews": reviews, "average": show_average(rating_sum, reviews)}
        for product_id in product_ids
        for rating_sum, reviews in [known.get(product_id, (0, 0))]
    }


def _find_counted(connection: Connection, site_id: uuid.UUID, product_id: str | None) -> dict[str, Any]:
    """Return what is kept of a product, nothing of one nobody has reviewed, without a product the sums of all."""
    if product_id is None:
        return dict(connection.execute(_SUMS.where(product.c.site_id == site_id)).one()._mapping)
    statement = _COUNTED.where(product.c.site_id == site_id, product.c.product_id == product_id)
    row = connection.execute(statement).one_or_none()
    return dict(row._mapping) if row else {}


def _map_facets(connection: Connection, site_id: uuid.UUID, product_id: str | None) -> dict[tuple[str, str], int]:
    statement = _FACETS.where(_facet.c.site_id == site_id)
    if product_id is not None:
        statement = statement.where(_facet.c.product_id == product_id)
    return {(facet, value): int(reviews) for facet, value, reviews in connection.execute(statement)}


def _describe_rows(
    connection: Connection,
    site: PublishedSite,
    rows: Sequence[Row[Any]],
    settings: ReviewSettings,
    *,
    with_products: bool,
) -> list[dict[str, Any]]:
    illustrated = [row.id for row in rows if row.photos or row.videos]
    media = list_media(site.id, illustrated) if illustrated else {}
    described = [
        describe_review(row, describe_media(site.key, media.get(row.id, [])), settings.attributes) for row in rows
    ]
    if with_products:
        facts = _map_products(connection, site.id, {row.product_id for row in rows})
        for row, shown in zip(rows, described, strict=True):
            shown["product"] = facts[row.product_id]
    return described


def _map_products(
    connection: Connection, site_id: uuid.UUID, product_ids: Iterable[str]
) -> dict[str, dict[str, str | None]]:
    rows = connection.execute(
        select(product.c.product_id, product.c.title, product.c.url).where(
            product.c.site_id == site_id, product.c.product_id.in_(list(product_ids))
        )
    )
    return {row.product_id: {"id": row.product_id, "title": row.title, "url": row.url} for row in rows}
