"""How many visitors and leads each campaign of a site has, for the list of campaigns."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from widget.core.db import db
from widget.popups.assignment import HOLDOUT
from widget.popups.lead_models import Lead
from widget.popups.models import PopupExposure


@dataclass(frozen=True)
class CampaignCount:
    """What became of one campaign: `shown` visitors saw it, `visitors` with those of the hold-out group."""

    visitors: int
    shown: int
    conversions: int
    leads: int

    @property
    def conversion(self) -> float | None:
        return self.conversions / self.shown if self.shown else None


def count_campaigns(site_id: uuid.UUID) -> Mapping[uuid.UUID, CampaignCount]:
    """Return the counts of a site's campaigns; those nobody met and that have no lead are left out."""
    is_shown = PopupExposure.arm != HOLDOUT
    exposed = db.session.execute(
        select(
            PopupExposure.campaign_id,
            func.count(),
            func.count().filter(is_shown),
            func.count(PopupExposure.converted_at).filter(is_shown),
        )
        .where(PopupExposure.site_id == site_id)
        .group_by(PopupExposure.campaign_id)
    ).tuples()
    left = db.session.execute(
        select(Lead.campaign_id, func.count())
        .where(Lead.site_id == site_id, Lead.campaign_id.is_not(None))
        .group_by(Lead.campaign_id)
    ).tuples()
    leads = {campaign_id: count for campaign_id, count in left if campaign_id is not None}
    met = {campaign_id: (visitors, shown, converted) for campaign_id, visitors, shown, converted in exposed}
    return {
        campaign_id: CampaignCount(*met.get(campaign_id, (0, 0, 0)), leads.get(campaign_id, 0))
        for campaign_id in {*met, *leads}
    }
