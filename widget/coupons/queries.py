"""Reading coupons."""

import uuid
from collections.abc import Collection

from sqlalchemy import select

from widget.core.db import db
from widget.coupons.models import Coupon


def map_coupons(site_id: uuid.UUID, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Coupon]:
    """Return the coupons with these ids by id."""
    if not ids:
        return {}
    is_named = (Coupon.site_id == site_id, Coupon.id.in_(list(ids)))
    return {row.id: row for row in db.session.scalars(select(Coupon).where(*is_named))}
