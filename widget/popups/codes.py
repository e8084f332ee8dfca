"""The code a lead gets: the campaign's fixed one, or one of its pool, one an address however often it asks."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from widget.core.db import db, session_cursor
from widget.coupons.errors import PoolEmpty
from widget.coupons.issuing import Source, issue_coupon
from widget.coupons.models import Coupon
from widget.coupons.queries import find_pool
from widget.popups.lead_models import Lead
from widget.popups.models import Campaign
from widget.popups.published import PublishedCampaign


@dataclass(frozen=True)
class Offer:
    """What a campaign gives for an address."""

    goal: str
    pool_id: uuid.UUID | None
    fixed_code: str | None
    download_url: str | None


@dataclass(frozen=True)
class Given:
    """A code with its real end; `state` says why there is none: gone, or used."""

    code: str | None = None
    expires_at: datetime | None = None
    state: str = "given"


def offer_of(campaign: Campaign | PublishedCampaign) -> Offer:
    """Return what a campaign gives."""
    return Offer(campaign.goal, campaign.pool_id, campaign.fixed_code, campaign.download_url)


def give_code(lead: Lead, offer: Offer, now: datetime) -> Given | None:
    """Return the code a lead gets, the one it has already where it has one; None where the campaign gives none.

    Raise PoolEmpty where the pool has none left.
    """
    if offer.fixed_code is not None:
        return Given(offer.fixed_code)
    if offer.pool_id is None:
        return None
    if lead.coupon_id is not None:
        return _describe_coupon(lead, now)
    pool = find_pool(lead.site_id, offer.pool_id)
    if pool is None or pool.archived_at is not None:
        raise PoolEmpty()
    source = Source(pool.id, pool.codes == "made", pool.prefix, pool.valid_days)
    issued = issue_coupon(session_cursor(), lead.site_id, source, lead.customer_id, f"lead:{lead.id}", now)
    lead.coupon_id = issued.id
    db.session.flush()
    return Given(issued.code, issued.expires_at)


def give_code_if_left(lead: Lead, offer: Offer, now: datetime) -> Given | None:
    """Return the code a lead gets, or that the codes are gone."""
    try:
        return give_code(lead, offer, now)
    except PoolEmpty:
        return Given(state="gone")


def require_codes(site_id: uuid.UUID, offer: Offer) -> None:
    """Raise PoolEmpty where a pool has no code left, so that nobody confirms an address for nothing."""
    if offer.pool_id is None:
        return
    pool = find_pool(site_id, offer.pool_id)
    if pool is None or pool.archived_at is not None or (pool.codes == "uploaded" and pool.available == 0):
        raise PoolEmpty()


def _describe_coupon(lead: Lead, now: datetime) -> Given:
    coupon = db.session.get_one(Coupon, (lead.site_id, lead.coupon_id))
    is_good = coupon.state == "issued" and (coupon.expires_at is None or coupon.expires_at > now)
    return Given(coupon.code, coupon.expires_at) if is_good else Given(state="used")
