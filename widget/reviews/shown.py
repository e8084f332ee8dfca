"""What of a review is shown to shoppers, search engines and feeds: said here and nowhere else.

Only what is published is shown, and nothing of it that could tell whose customer the author is.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from math import floor
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, select

from widget.reviews.models import Review, ReviewReply
from widget.reviews.product_models import ReviewedProduct
from widget.reviews.rules import ATTRIBUTE_FACET, LANGUAGE_FACET, RATINGS, average_rating

# What those see who are told a name and there is none.
ANONYMOUS = "Anonymous"
SCALE_VALUES = ("1", "2", "3", "4", "5")
SUMMARY_COLUMNS = ("reviews", "rating_sum", *(f"stars_{stars}" for stars in RATINGS), "with_photos", "verified")
FACT_COLUMNS = ("product_id", "title", "url", "image_url", "brand", "sku", "gtin", "mpn")

review: Any = Review.__table__
product: Any = ReviewedProduct.__table__
_reply: Any = ReviewReply.__table__
_REVIEW_COLUMNS = (
    "id", "product_id", "author_name", "rating", "title", "body", "attributes", "language", "country",
    "verified_by", "is_incentivized", "incentive", "source", "provider", "photos", "videos", "helpful",
    "written_at", "edited_at",
)  # fmt: skip
# Made once: to put it together takes longer than to execute it.
_SHOWN = select(
    *(review.c[name] for name in _REVIEW_COLUMNS),
    _reply.c.body.label("reply_body"),
    _reply.c.author_name.label("reply_author"),
    _reply.c.replied_at,
).select_from(review.outerjoin(_reply, and_(_reply.c.site_id == review.c.site_id, _reply.c.review_id == review.c.id)))


def is_shown(site_id: uuid.UUID) -> ColumnElement[bool]:
    """Return the condition for the reviews of a site that anybody may see."""
    return and_(review.c.site_id == site_id, review.c.state == "published")


def select_shown(site_id: uuid.UUID) -> Select[Any]:
    """Return the statement for what is shown of a site's reviews, each with the store's answer."""
    return _SHOWN.where(is_shown(site_id))


def describe_review(row: Row[Any], media: Sequence[dict[str, Any]], definitions: Iterable[Any]) -> dict[str, Any]:
    """Return a review as widgets show it; of its attributes those that the owner asks."""
    asked = {definition["key"] for definition in definitions}
    described = {
        "id": str(row.id),
        "rating": row.rating,
        "title": row.title,
        "body": row.body,
        "author": row.author_name,
        "language": row.language,
        "verified": row.verified_by,
        "incentivized": row.is_incentivized,
        "attributes": {name: value for name, value in row.attributes.items() if name in asked},
        "written_at": spell_time(row.written_at),
        "helpful": row.helpful,
        "media": list(media),
    }
    if row.is_incentivized and row.incentive:
        described["incentive"] = row.incentive
    if row.provider:
        described["provider"] = row.provider
    if row.edited_at is not None:
        described["edited_at"] = spell_time(row.edited_at)
    if row.reply_body is not None:
        described["reply"] = {
            "author": row.reply_author,
            "body": row.reply_body,
            "at": spell_time(row.replied_at),
        }
    return described


def describe_summary(
    counts: Mapping[str, int], facets: Mapping[tuple[str, str], int], definitions: Iterable[Any]
) -> dict[str, Any]:
    """Return a summary as widgets show it, from the counts kept of a product; without counts it is empty."""
    languages = {value: count for (facet, value), count in sorted(facets.items()) if facet == LANGUAGE_FACET and count}
    return {
        "reviews": counts.get("reviews", 0),
        "average": show_average(counts.get("rating_sum", 0), counts.get("reviews", 0)),
        "stars": {str(stars): counts.get(f"stars_{stars}", 0) for stars in RATINGS},
        "with_photos": counts.get("with_photos", 0),
        "verified": counts.get("verified", 0),
        "languages": languages,
        "attributes": {
            definition["key"]: {
                value: facets.get((ATTRIBUTE_FACET + definition["key"], value), 0) for value in list_values(definition)
            }
            for definition in definitions
        },
    }


def list_values(definition: Mapping[str, Any]) -> Sequence[str]:
    """Return what can be said of an attribute.

    >>> list_values({"key": "size", "type": "choice", "choices": [{"id": "s"}, {"id": "m"}]})
    ['s', 'm']
    """
    if definition["type"] == "scale":
        return SCALE_VALUES
    return [choice["id"] for choice in definition.get("choices", ())]


def show_average(rating_sum: int, reviews: int) -> float | None:
    """Return the plain mean to two places as it is shown everywhere, halves rounded up; None without reviews.

    >>> show_average(33, 8), show_average(13, 3), show_average(0, 0)
    (4.13, 4.33, None)
    """
    average = average_rating(rating_sum, reviews)
    return None if average is None else floor(average * 100 + Fraction(1, 2)) / 100


def spell_time(moment: datetime) -> str:
    """Return a time of UTC to the second.

    >>> spell_time(datetime(2026, 5, 4, 12, 0, 0, 5, tzinfo=UTC))
    '2026-05-04T12:00:00Z'
    """
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
