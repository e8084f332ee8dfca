"""Reviews as a file that our own import takes in again: one row a review, its reply and media inside."""

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, and_, func, select, true

from widget.core.db import db
from widget.core.export_rows import Document, open_snapshot, read_pages, spell_time, stream_documents
from widget.customers.models import Customer
from widget.reviews.media_models import ReviewMedia
from widget.reviews.media_urls import describe_media
from widget.reviews.models import Review, ReviewReply
from widget.reviews.owner_filters import OwnerFilter, list_conditions
from widget.reviews.product_models import ReviewedProduct
from widget.reviews.queries import read_settings
from widget.reviews.rules import ATTRIBUTE_FACET
from widget.sites.models import Site

COLUMNS = (
    "id",
    "product",
    "product_title",
    "rating",
    "title",
    "body",
    "author",
    "email",
    "customer",
    "language",
    "country",
    "written_at",
    "published_at",
    "edited_at",
    "created_at",
    "state",
    "reason",
    "flags",
    "verified",
    "incentivized",
    "incentive",
    "featured",
    "helpful",
    "reports",
    "source",
    "provider",
    "revision",
    "reply",
    "reply_author",
    "replied_at",
    "reply_edited_at",
    "photos",
    "videos",
)
_review: Any = Review.__table__
_reply: Any = ReviewReply.__table__
_product: Any = ReviewedProduct.__table__
_customer: Any = Customer.__table__
_media: Any = ReviewMedia.__table__


def stream_reviews(site: Site, wanted: OwnerFilter, file_format: str, *, bom: bool = False) -> Iterator[bytes]:
    """Yield the reviews a filter shows as a file, oldest first, each attribute in a column of its own.

    All of it is one state of the database, read through a connection of its own, and is never cut silently: an error
    ends the stream with an exception. It needs the application until its end.
    """
    names = [*COLUMNS, *(ATTRIBUTE_FACET + key for key in _list_attributes(site.id))]
    return stream_documents(names, _read_documents(db.engine, site.id, site.key, wanted), file_format, bom=bom)


def _list_attributes(site_id: uuid.UUID) -> list[str]:
    """Return the attributes a site's reviews have: first those it asks for, then any others."""
    if db.engine.dialect.name == "sqlite":
        each = func.json_each(Review.attributes).table_valued("key")
        keys = select(each.c.key).select_from(Review).join(each, true())
    else:
        keys = select(func.jsonb_object_keys(Review.attributes))
    found = db.session.scalars(keys.where(Review.site_id == site_id).distinct())
    asked = [definition["key"] for definition in read_settings(site_id).attributes]
    return list(dict.fromkeys([*asked, *sorted(found)]))


def _read_documents(
    engine: Engine, site_id: uuid.UUID, site_key: str, wanted: OwnerFilter
) -> Iterator[Sequence[Document]]:
    """Yield the reviews a filter shows in batches."""
    is_reply = and_(_reply.c.site_id == _review.c.site_id, _reply.c.review_id == _review.c.id)
    is_product = and_(_product.c.site_id == _review.c.site_id, _product.c.product_id == _review.c.product_id)
    is_customer = and_(_customer.c.site_id == _review.c.site_id, _customer.c.id == _review.c.customer_id)
    statement = (
        select(
            _review,
            _reply.c.body.label("reply"),
            _reply.c.author_name.label("reply_author"),
            _reply.c.replied_at,
            _reply.c.edited_at.label("reply_edited_at"),
            _product.c.title.label("product_title"),
            _customer.c.external_id.label("customer"),
        )
        .select_from(
            _review.outerjoin(_reply, is_reply).outerjoin(_product, is_product).outerjoin(_customer, is_customer)
        )
        .where(*list_conditions(site_id, wanted))
    )
    keys = (_review.c.written_at, _review.c.id)
    with open_snapshot(engine) as connection:
        for rows in read_pages(connection, statement, keys, lambda row: (row.written_at, row.id)):
            media = _read_media(connection, site_id, [row.id for row in rows if row.photos or row.videos])
            yield [_describe(row) | _list_addresses(site_key, media.get(row.id, [])) for row in rows]


def _describe(row: Any) -> Document:
    return {
        "id": str(row.id),
        "product": row.product_id,
        "product_title": row.product_title,
        **{name: getattr(row, name) for name in ("rating", "title", "body")},
        "author": row.author_name,
        **{name: getattr(row, name) for name in ("email", "customer", "language", "country")},
        **{name: spell_time(getattr(row, name)) for name in ("written_at", "published_at", "edited_at", "created_at")},
        "state": row.state,
        "reason": row.hold_reason or row.reject_reason,
        "flags": list(row.flags),
        "verified": row.verified_by,
        "incentivized": row.is_incentivized,
        "incentive": row.incentive,
        "featured": row.is_featured,
        **{name: getattr(row, name) for name in ("helpful", "reports", "source", "provider", "revision")},
        **{name: getattr(row, name) for name in ("reply", "reply_author")},
        **{name: spell_time(getattr(row, name)) for name in ("replied_at", "reply_edited_at")},
        **{ATTRIBUTE_FACET + key: value for key, value in row.attributes.items()},
    }


def _read_media(
    connection: Connection, site_id: uuid.UUID, review_ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, list[Any]]:
    media: dict[uuid.UUID, list[Any]] = {}
    if review_ids:
        is_here = (_media.c.site_id == site_id, _media.c.review_id.in_(review_ids))
        for row in connection.execute(select(_media).where(*is_here).order_by(_media.c.position)):
            media.setdefault(row.review_id, []).append(row)
    return media


def _list_addresses(site_key: str, rows: Sequence[Any]) -> Document:
    described = describe_media(site_key, rows)
    return {
        "photos": [one["large"] for one in described if one["kind"] == "photo"],
        "videos": [one["url"] for one in described if one["kind"] == "video"],
    }
