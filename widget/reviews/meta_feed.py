"""The reviews feed of Meta's shops, as CSV."""

from collections.abc import Iterator, Sequence

import orjson

from widget.core.exporting import CONTENT_TYPES, Columns, mark_column, stream_csv
from widget.reviews.feeds import FeedReview, clean, open_feed, read_feed
from widget.sites.queries import PublishedSite

CONTENT_TYPE = CONTENT_TYPES["csv"]
COLUMNS = (
    "aggregator", "store.name", "store.id", "store.storeUrls", "reviewID", "rating", "title", "content", "created_at",
    "updated_at", "review_image_urls", "incentivized", "has_verified_purchase", "reviewer.name",
    "reviewer.reviewerID", "reviewer.isAnonymous", "country", "product.name", "product.url", "product.imageUrls",
    "product.productIdentifiers.skus", "product.productIdentifiers.gtins", "product.productIdentifiers.mpns",
    "product.productIdentifiers.brands",
)  # fmt: skip
AGGREGATOR = "Regulars"


def stream_meta_feed(site: PublishedSite, store: str) -> Iterator[bytes]:
    """Yield the feed of a site piece by piece; it sees one state of the database."""
    about = (AGGREGATOR, clean(store), "", _list([origin.partition("://")[2] for origin in sorted(site.origins)]))
    with open_feed() as connection:
        batches = (_list_columns(about, reviews) for reviews in read_feed(connection, site))
        yield from stream_csv(COLUMNS, batches)


def _list_columns(about: Sequence[str], reviews: Sequence[FeedReview]) -> Columns:
    rows = [(*about, *_spell_row(review)) for review in reviews]
    return [mark_column(column) for column in zip(*rows, strict=True)]


def _spell_row(review: FeedReview) -> Sequence[str]:
    facts = review.product
    return (
        review.id,
        str(review.rating),
        review.title,
        review.text,
        review.written_at,
        review.edited_at or "",
        _list(review.photos),
        _spell_flag(review.is_incentivized),
        _spell_flag(review.is_verified),
        review.author,
        "",
        _spell_flag(not review.author),
        review.country or "",
        facts.get("title", ""),
        facts["url"],
        _list([facts.get("image_url")]),
        _list([facts.get("sku") or facts.get("product_id")]),
        *(_list([facts.get(name)]) for name in ("gtin", "mpn", "brand")),
    )


def _spell_flag(is_so: bool) -> str:
    return "true" if is_so else "false"


def _list(values: Sequence[str | None]) -> str:
    present = [value for value in values if value]
    return orjson.dumps(present).decode() if present else ""
