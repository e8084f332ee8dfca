"""What feeds of reviews hold: every published review with a text, of every product whose address is known.

A feed is whole each time: readers delete what the next one leaves out.
"""

import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, or_, select

from widget.core.db import db
from widget.core.export_rows import open_snapshot, read_pages
from widget.reviews.media import list_media
from widget.reviews.media_urls import list_photo_urls
from widget.reviews.shown import FACT_COLUMNS, is_shown, product, review, spell_time
from widget.sites.queries import PublishedSite

_REVIEW_COLUMNS = (
    "id", "author_name", "rating", "title", "body", "language", "country", "verified_by", "is_incentivized",
    "source", "photos", "written_at", "edited_at",
)  # fmt: skip
_IS_REVIEWED = and_(product.c.site_id == review.c.site_id, product.c.product_id == review.c.product_id)
_HAS_TEXT = or_(review.c.title != "", review.c.body != "")
_HAS_ADDRESS = or_(func.substr(product.c.url, 1, 8) == "https://", func.substr(product.c.url, 1, 7) == "http://")
_LANGUAGE, _COUNTRY = re.compile("[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*"), re.compile("[A-Z]{2}")
# What XML has no place for, in any spelling: one of these and the whole feed is refused.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class FeedReview:
    """One review as feeds tell it, its texts without control characters."""

    id: str
    author: str
    rating: int
    title: str
    body: str
    language: str | None
    country: str | None
    is_verified: bool
    is_incentivized: bool
    is_asked_for: bool
    written_at: str
    edited_at: str | None
    product: dict[str, str]
    photos: Sequence[str]

    @property
    def text(self) -> str:
        """Return what was written, the title where that is all."""
        return self.body or self.title


def read_feed(connection: Connection, site: PublishedSite) -> Iterator[Sequence[FeedReview]]:
    """Yield a site's published reviews in batches, the oldest first, in constant memory."""
    columns = [review.c[name] for name in _REVIEW_COLUMNS] + [
        product.c[name].label(f"p_{name}") for name in FACT_COLUMNS
    ]
    statement = _of_site(site.id, columns).where(_HAS_TEXT, _HAS_ADDRESS)
    keys = (review.c.written_at, review.c.id)
    for rows in read_pages(connection, statement, keys, lambda row: (row.written_at, row.id)):
        media = list_media(site.id, [row.id for row in rows if row.photos])
        db.session.rollback()
        told = [_tell(row, list_photo_urls(site.key, media.get(row.id, ()))) for row in rows]
        yield [one for one in told if one.text]


def count_left_out(connection: Connection, site_id: uuid.UUID) -> tuple[int, int]:
    """Return how many published reviews no feed has: of products without an address, and without a text."""
    nowhere, silent = or_(product.c.url.is_(None), ~_HAS_ADDRESS), and_(_HAS_ADDRESS, ~_HAS_TEXT)
    counts = [func.count().filter(condition) for condition in (nowhere, silent)]
    row = connection.execute(_of_site(site_id, counts)).one()
    return row[0], row[1]


def open_feed() -> Connection:
    """Return a connection that sees one state of the database for as long as a feed takes."""
    return open_snapshot(db.engine)


def clean(text: str) -> str:
    r"""Return a text without what XML has no place for.

    >>> clean("a\x00b\x0bc\ud800d\ufffee\tf\U0001f600")
    'abcde\tf😀'
    """
    return _FORBIDDEN.sub("", text).strip()


def _of_site(site_id: uuid.UUID, columns: Sequence[Any]) -> Select[Any]:
    return select(*columns).select_from(review.outerjoin(product, _IS_REVIEWED)).where(is_shown(site_id))


def _tell(row: Row[Any], photos: Sequence[str]) -> FeedReview:
    facts = {name: value for name in FACT_COLUMNS if (value := clean(row._mapping[f"p_{name}"] or ""))}
    return FeedReview(
        id=str(row.id),
        author=clean(row.author_name),
        rating=row.rating,
        title=clean(row.title),
        body=clean(row.body),
        # What is none would spoil the feed of all others.
        language=row.language if _LANGUAGE.fullmatch(row.language or "") else None,
        country=row.country if _COUNTRY.fullmatch(row.country or "") else None,
        is_verified=row.verified_by is not None,
        is_incentivized=row.is_incentivized,
        is_asked_for=row.source == "link",
        written_at=spell_time(row.written_at),
        edited_at=row.edited_at and spell_time(row.edited_at),
        product=facts,
        photos=photos,
    )
