"""Noting that a visitor did what a campaign is for, once."""

import uuid
from datetime import datetime

from sqlalchemy import func

from widget.core.db import db, find_in_site, insert_unless_known
from widget.popups.lead_models import Lead
from widget.popups.models import Campaign, PopupExposure


def note_conversion(lead: Lead, campaign_id: uuid.UUID, now: datetime) -> None:
    """Note when the visitor who left an address first did so for a campaign, also where nothing was noted as shown."""
    campaign = find_in_site(Campaign, lead.site_id, campaign_id)
    if lead.visitor_id is None or lead.arm is None or campaign is None or lead.campaign_id != campaign_id:
        return
    statement = insert_unless_known(PopupExposure).values(
        site_id=lead.site_id,
        campaign_id=campaign_id,
        visitor_id=lead.visitor_id,
        arm=lead.arm,
        first_at=now,
        converted_at=now,
    )
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["site_id", "campaign_id", "visitor_id"],
            set_={"converted_at": func.coalesce(PopupExposure.converted_at, statement.excluded.converted_at)},
        )
    )
