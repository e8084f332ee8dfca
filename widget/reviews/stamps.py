"""Whether what was read of a product's reviews still stands: one short read, the same in every process."""

import uuid
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from widget.core.hot import HotStatement, hot_cursor, hot_engine
from widget.reviews.rules import HOLD_REASONS, OTHER_REJECT_REASONS, REJECT_REASONS
from widget.sites.queries import PublishedSite

_SETTINGS = (
    "r.moderation, r.allows_unsigned, r.allows_photos, r.allows_video, r.name_form, r.default_sort, r.attributes"
)
_REASONS = [
    ("published", ""),
    *(("pending", reason) for reason in HOLD_REASONS),
    *(("rejected", reason) for reason in (*REJECT_REASONS, *OTHER_REJECT_REASONS)),
]
_TALLIES = ", ".join(
    f"sum(CASE WHEN state = '{state}' AND reason = '{reason}' THEN reviews END) AS n_{place}"
    for place, (state, reason) in enumerate(_REASONS)
)
_FROM = """
    FROM sites s
    LEFT JOIN reviewed_products p ON p.site_id = s.id AND p.product_id = :product_id
    LEFT JOIN review_settings r ON r.site_id = s.id
"""
_OF_LIST = HotStatement(f"SELECT p.version, {_SETTINGS} {_FROM} WHERE s.id = :site_id")
# The texts around a list say how many reviews the site has received, published and hidden.
_OF_TEXTS = HotStatement(
    # Only our own constants are put together.
    f"SELECT p.version, {_SETTINGS}, t.*, s.version {_FROM}"  # noqa: S608
    f" CROSS JOIN (SELECT {_TALLIES} FROM review_tallies WHERE site_id = :site_id) t WHERE s.id = :site_id"
)


@dataclass(frozen=True)
class Stamp:
    """What a product's reviews, the owner's settings and, with its texts, the site's counts were at one moment.

    The version of a product grows in the transaction that changes what is shown of it, so a stamp that is read anew
    and equal means that nothing has changed.
    """

    engine: Engine
    site_id: uuid.UUID
    product_id: str
    with_texts: bool
    values: tuple[Any, ...] | None

    def is_current(self) -> bool:
        """Tell whether everything is as it was; not, where the database cannot say."""
        try:
            return self.values is not None and self.values == _read(self)
        except (SQLAlchemyError, self.engine.dialect.loaded_dbapi.Error):
            return False


def take_stamp(site: PublishedSite, product_id: str, *, with_texts: bool) -> Stamp:
    """Return the stamp of this moment; take it before what it is for is read.

    Where the site itself has changed within the second for which it is remembered, the stamp never holds.
    """
    empty = Stamp(hot_engine(), site.id, product_id, with_texts, None)
    values = _read(empty)
    if with_texts and values is not None and values[-1] != site.version:
        return empty
    return replace(empty, values=values)


def _read(stamp: Stamp) -> tuple[Any, ...] | None:
    statement = _OF_TEXTS if stamp.with_texts else _OF_LIST
    with hot_cursor(stamp.engine) as cursor:
        return cursor.fetch_one(statement, {"site_id": stamp.site_id, "product_id": stamp.product_id})
