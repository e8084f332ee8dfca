"""Reading campaigns and their variants."""

import uuid
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select

from widget.core.db import db, find_in_site
from widget.core.paging import Cursor, Page, list_page
from widget.popups.errors import CampaignNotFound
from widget.popups.models import Campaign, CampaignVariant, PopupExposure


def get_campaign(site_id: uuid.UUID, campaign_id: uuid.UUID) -> Campaign:
    """Return a campaign; raise CampaignNotFound."""
    campaign = find_in_site(Campaign, site_id, campaign_id)
    if campaign is None:
        raise CampaignNotFound()
    return campaign


def list_campaigns(site_id: uuid.UUID, *, with_archived: bool = False) -> Sequence[Campaign]:
    """Return a site's campaigns, newest first."""
    statement = select(Campaign).where(Campaign.site_id == site_id)
    if not with_archived:
        statement = statement.where(Campaign.state != "archived")
    return db.session.scalars(statement.order_by(Campaign.created_at.desc(), Campaign.id.desc())).all()


def list_campaigns_page(site_id: uuid.UUID, cursor: Cursor | None, limit: int) -> Page[Campaign]:
    """Return one page of a site's campaigns, newest first, archived ones too."""
    statement = select(Campaign).where(Campaign.site_id == site_id)
    return list_page(statement, Campaign.created_at, Campaign.id, cursor, limit)


def list_variants(site_id: uuid.UUID, campaign_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, list[CampaignVariant]]:
    """Return the variants of campaigns in the order of their keys."""
    rows = db.session.scalars(
        select(CampaignVariant)
        .where(CampaignVariant.site_id == site_id, CampaignVariant.campaign_id.in_(list(campaign_ids)))
        .order_by(CampaignVariant.campaign_id, CampaignVariant.key)
    )
    variants: dict[uuid.UUID, list[CampaignVariant]] = {campaign_id: [] for campaign_id in campaign_ids}
    for row in rows:
        variants[row.campaign_id].append(row)
    return variants


def has_exposures(site_id: uuid.UUID, campaign_id: uuid.UUID) -> bool:
    """Tell whether visitors were divided among a campaign's arms already."""
    is_meant = (PopupExposure.site_id == site_id, PopupExposure.campaign_id == campaign_id)
    return db.session.scalar(select(PopupExposure.campaign_id).where(*is_meant).limit(1)) is not None
