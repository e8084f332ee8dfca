"""Reading orders."""

import uuid

from sqlalchemy import exists, select

from widget.core.db import db
from widget.orders.models import Order


def has_orders(site_id: uuid.UUID) -> bool:
    """Tell whether a site has ever been told of an order."""
    return bool(db.session.scalar(select(exists().where(Order.site_id == site_id))))
