"""Campaigns, and visitors to whom they were shown, as rows."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from tests.orders.builders import NOON
from widget.core.db import begin_writing_anew, db
from widget.core.ids import new_id
from widget.customers.models import Visitor
from widget.popups.lead_models import Lead
from widget.popups.models import Campaign, CampaignVariant, PopupExposure


def make_campaign(site_id: uuid.UUID, variants: str = "a", **changes: Any) -> uuid.UUID:
    """Make a live campaign with variants of equal weight; return its id."""
    begin_writing_anew()
    usual = {"name": "Before you go", "state": "live", "goal": "coupon", "triggers": {"exit": {"after_seconds": 5}}}
    campaign = Campaign(site_id=site_id, id=new_id(), **{**usual, "created_at": NOON, "live_at": NOON, **changes})
    db.session.add(campaign)
    db.session.flush()
    for key in variants:
        texts = {"en": {"title": f"Wait, {key}"}}
        db.session.add(
            CampaignVariant(site_id=site_id, campaign_id=campaign.id, key=key, name=f"Variant {key}", texts=texts)
        )
    db.session.commit()
    return campaign.id


def expose(
    site_id: uuid.UUID,
    campaign_id: uuid.UUID,
    arm: str = "a",
    customer_id: uuid.UUID | None = None,
    at: datetime = NOON,
    *,
    has_converted: bool = False,
) -> uuid.UUID:
    """Let a campaign be due for a new visitor; return the visitor's id."""
    begin_writing_anew()
    visitor_id = new_id()
    db.session.add(Visitor(site_id=site_id, id=visitor_id, customer_id=customer_id, created_at=at))
    db.session.flush()
    db.session.add(
        PopupExposure(
            site_id=site_id,
            campaign_id=campaign_id,
            visitor_id=visitor_id,
            arm=arm,
            first_at=at,
            converted_at=at + timedelta(minutes=1) if has_converted else None,
        )
    )
    db.session.commit()
    return visitor_id


def expose_many(site_id: uuid.UUID, campaign_id: uuid.UUID, arm: str, visitors: int, converted: int = 0) -> None:
    """Let a campaign be due for many visitors nobody knows, of whom some do what it asks for."""
    begin_writing_anew()
    ids = [new_id() for _ in range(visitors)]
    db.session.bulk_insert_mappings(
        Visitor.__mapper__, [{"site_id": site_id, "id": one, "created_at": NOON} for one in ids]
    )
    db.session.bulk_insert_mappings(
        PopupExposure.__mapper__,
        [
            {
                "site_id": site_id,
                "campaign_id": campaign_id,
                "visitor_id": one,
                "arm": arm,
                "first_at": NOON,
                "converted_at": NOON if number < converted else None,
            }
            for number, one in enumerate(ids)
        ],
    )
    db.session.commit()


def leave_address(
    site_id: uuid.UUID, campaign_id: uuid.UUID, visitor_id: uuid.UUID, email: str, **changes: Any
) -> uuid.UUID:
    """Let a visitor leave an address that is confirmed; return the lead's id."""
    begin_writing_anew()
    usual = {"arm": "a", "state": "confirmed", "source": "popup", "confirmed_at": NOON, "created_at": NOON}
    lead = Lead(
        **{
            "site_id": site_id,
            "id": new_id(),
            "email": email,
            "email_key": email,
            "campaign_id": campaign_id,
            "visitor_id": visitor_id,
            **usual,
            **changes,
        }
    )
    db.session.add(lead)
    db.session.commit()
    return lead.id
