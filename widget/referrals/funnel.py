"""How far sharing came within some days: shared, clicked, claimed, qualified, rewarded."""

import uuid
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from widget.core.db import db
from widget.loyalty.report_days import Days
from widget.referrals.models import CHECKOUT, Referral, ReferralClick, ReferralShare
from widget.referrals.owner_queries import select_reached


@dataclass(frozen=True)
class Funnel:
    """What happened by the days it began on.

    Shares and clicks are those of the days; the others are the claims of the days, and how far those have come since.
    `at_checkout` are claims by the advocate's code, which no click leads to; `taken_back` were rewarded once.
    """

    shared: int
    clicked: int
    claimed: int
    at_checkout: int
    qualified: int
    rewarded: int
    taken_back: int
    held: int

    @property
    def clicks_a_share(self) -> float | None:
        """Return how many visitors a share brought.

        >>> Funnel(4, 6, 3, 1, 2, 1, 0, 0).clicks_a_share, Funnel(0, 6, 3, 1, 2, 1, 0, 0).clicks_a_share
        (1.5, None)
        """
        return _divide(self.clicked, self.shared)

    @property
    def claim_ratio(self) -> float | None:
        """Return the part of those who followed a link that took the offer.

        >>> Funnel(4, 8, 3, 1, 2, 1, 0, 0).claim_ratio
        0.25
        """
        return _divide(self.claimed - self.at_checkout, self.clicked)

    @property
    def qualified_ratio(self) -> float | None:
        """Return the part of the claims that came to a paid order."""
        return _divide(self.qualified, self.claimed)

    @property
    def rewarded_ratio(self) -> float | None:
        """Return the part of the qualified ones that were rewarded.

        >>> Funnel(0, 0, 0, 0, 0, 0, 0, 0).rewarded_ratio is None
        True
        """
        return _divide(self.rewarded, self.qualified)


def read_funnel(site_id: uuid.UUID, days: Days) -> Funnel:
    """Return the funnel of some days of UTC."""
    start, end = days.moments(ZoneInfo("UTC"))
    shared = select(func.coalesce(func.sum(ReferralShare.shares), 0)).where(
        ReferralShare.site_id == site_id, ReferralShare.day.between(days.from_on, days.until_on)
    )
    clicked = select(func.count()).where(
        ReferralClick.site_id == site_id, ReferralClick.clicked_at >= start, ReferralClick.clicked_at < end
    )
    has_qualified = Referral.id.in_(select_reached(site_id, "qualified", "rewarded"))
    was_rewarded = Referral.id.in_(select_reached(site_id, "rewarded"))

    def count(*conditions: Any) -> int:
        is_meant = (Referral.site_id == site_id, Referral.claimed_at >= start, Referral.claimed_at < end)
        return db.session.scalar(select(func.count()).where(*is_meant, *conditions)) or 0

    return Funnel(
        shared=int(db.session.scalar(shared) or 0),
        clicked=db.session.scalar(clicked) or 0,
        claimed=count(),
        at_checkout=count(Referral.channel == CHECKOUT),
        qualified=count(has_qualified),
        rewarded=count(was_rewarded),
        taken_back=count(was_rewarded, Referral.state != "rewarded"),
        held=count(Referral.state == "held"),
    )


def _divide(part: int, whole: int) -> float | None:
    return part / whole if whole else None
