"""What an owner says a thousand points cost."""

import uuid

from widget.core.db import db
from widget.loyalty.errors import NoProgram
from widget.loyalty.models import LoyaltyProgram


def find_point_cost(site_id: uuid.UUID) -> int | None:
    """Return what a thousand points cost in minor units, None where nobody has said."""
    program = db.session.get(LoyaltyProgram, site_id)
    return program.thousand_cost_minor if program else None


def set_point_cost(site_id: uuid.UUID, thousand_minor: int | None) -> None:
    """Keep what a thousand points cost, None to reckon it from the rewards; raise NoProgram."""
    program = db.session.get(LoyaltyProgram, site_id)
    if program is None:
        raise NoProgram()
    program.thousand_cost_minor = thousand_minor
