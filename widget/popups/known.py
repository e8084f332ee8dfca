"""What a customer's browser needs to know of campaigns: those for some customers, and whether one is subscribed."""

import uuid
from typing import Any

from sqlalchemy import select

from widget.core.db import db
from widget.customers.segment_queries import list_segments_of
from widget.loyalty.queries import find_account
from widget.popups.lead_models import Lead
from widget.popups.published import PublishedCampaign, list_published_campaigns
from widget.popups.triggers import is_for_known
from widget.sites.queries import PublishedSite


def describe_known_customer(site: PublishedSite, customer_id: uuid.UUID) -> dict[str, Any]:
    """Return which campaigns for certain segments or tiers may open for a customer, and whether they are subscribed."""
    campaigns = [campaign for campaign in list_published_campaigns(site) if campaign.state == "live"]
    if not campaigns:
        return {}
    known = {
        "popups": _list_allowed(site.id, customer_id, [one for one in campaigns if is_for_known(one)]),
        "subscribed": _is_subscribed(site.id, customer_id),
    }
    return {name: value for name, value in known.items() if value}


def _list_allowed(site_id: uuid.UUID, customer_id: uuid.UUID, picky: list[PublishedCampaign]) -> list[str]:
    if not picky:
        return []
    segments = {str(segment.id) for segment in list_segments_of(site_id, customer_id)}
    account = find_account(site_id, customer_id)
    tier = account.tier if account else None
    return [
        str(campaign.id)
        for campaign in picky
        if (not campaign.rules.get("segments") or not segments.isdisjoint(campaign.rules["segments"]))
        and (not campaign.rules.get("tiers") or tier in campaign.rules["tiers"])
    ]


def _is_subscribed(site_id: uuid.UUID, customer_id: uuid.UUID) -> bool:
    is_theirs = (Lead.site_id == site_id, Lead.customer_id == customer_id, Lead.state == "confirmed")
    return db.session.scalar(select(Lead.id).where(*is_theirs).limit(1)) is not None
