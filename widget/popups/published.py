"""What the hot paths know of a site's campaigns, kept in the process while the site's version stands."""

import uuid
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import current_app
from sqlalchemy import and_, select

from widget.core.hot import hot_connection
from widget.popups.assignment import assign_arm
from widget.popups.errors import CampaignNotFound
from widget.popups.models import Campaign, CampaignVariant, CampaignVersion, PopupPicture
from widget.sites.models import Site
from widget.sites.queries import PublishedSite, find_published_site

_EXTENSION = "regulars_published_campaigns"
_CONSENTS = "regulars_published_consents"
# What was agreed to once never changes, so it is kept while there is room.
MAX_VERSIONS_KEPT = 500


@dataclass(frozen=True)
class PublishedVariant:
    """One content of a campaign; `picture` holds the stored sizes of its picture."""

    key: str
    weight: int
    texts: dict[str, Any]
    picture_id: uuid.UUID | None
    picture: list[Any] | None


@dataclass(frozen=True)
class PublishedCampaign:
    """One campaign as the embed door needs it; `currency` is the one the site reports in."""

    id: uuid.UUID
    state: str
    goal: str
    display: str
    triggers: dict[str, Any]
    rules: dict[str, Any]
    fields: list[Any]
    every_days: int
    per_session: int
    is_search_safe: bool
    holdout_basis_points: int
    is_double_opt_in: bool
    pool_id: uuid.UUID | None
    fixed_code: str | None
    survey_id: uuid.UUID | None
    download_url: str | None
    default_language: str
    languages: list[str]
    version: int
    currency: str | None
    variants: tuple[PublishedVariant, ...]

    @cached_property
    def weights(self) -> dict[str, int]:
        return {variant.key: variant.weight for variant in self.variants}

    @property
    def is_divided(self) -> bool:
        """Whether not every visitor sees the same."""
        return len(self.variants) > 1 or self.holdout_basis_points > 0

    def arm_of(self, visitor_id: uuid.UUID) -> str:
        """Return the arm a visitor is in."""
        return assign_arm(self.id, visitor_id, self.holdout_basis_points, self.weights)

    def get_variant(self, key: str | None) -> PublishedVariant:
        """Return a variant, the first for a key there is not."""
        return next((variant for variant in self.variants if variant.key == key), self.variants[0])


_COLUMNS = [
    getattr(Campaign, name) for name in PublishedCampaign.__annotations__ if name not in ("currency", "variants")
]


def list_published_campaigns(site: PublishedSite) -> list[PublishedCampaign]:
    """Return a site's campaigns that visitors may have seen, live or paused, oldest first."""
    cache: dict[uuid.UUID, tuple[int, list[PublishedCampaign]]] = current_app.extensions.setdefault(_EXTENSION, {})
    known = cache.get(site.id)
    if known is not None and known[0] == site.version:
        return known[1]
    campaigns = _load_campaigns(site.id)
    cache[site.id] = (site.version, campaigns)
    return campaigns


def get_published_campaign(site: PublishedSite, campaign_id: uuid.UUID) -> PublishedCampaign:
    """Return one campaign; raise CampaignNotFound, having asked the database anew."""
    for campaign in list_published_campaigns(site):
        if campaign.id == campaign_id:
            return campaign
    fresh = find_published_site(site.key, fresh=True)
    if fresh is not None and fresh.version != site.version:
        return get_published_campaign(fresh, campaign_id)
    raise CampaignNotFound()


def find_consents(site_id: uuid.UUID, campaign: PublishedCampaign, version: int) -> dict[str, str] | None:
    """Return the lines of consent of a version by language, None where there was no such version."""
    cache: dict[tuple[uuid.UUID, uuid.UUID, int], dict[str, str]] = current_app.extensions.setdefault(_CONSENTS, {})
    key = (site_id, campaign.id, version)
    if key not in cache:
        with hot_connection() as connection:
            is_meant = (CampaignVersion.site_id == site_id, CampaignVersion.campaign_id == campaign.id)
            found = connection.scalar(
                select(CampaignVersion.consents).where(*is_meant, CampaignVersion.version == version)
            )
        if found is None:
            return None
        if len(cache) >= MAX_VERSIONS_KEPT:
            cache.clear()
        cache[key] = found
    return cache[key]


def _load_campaigns(site_id: uuid.UUID) -> list[PublishedCampaign]:
    picture: Any = PopupPicture
    is_picture = and_(picture.site_id == CampaignVariant.site_id, picture.id == CampaignVariant.picture_id)
    columns = [getattr(CampaignVariant, name) for name in ("key", "weight", "texts", "picture_id")]
    with hot_connection() as connection:
        variants: dict[uuid.UUID, list[PublishedVariant]] = {}
        for row in connection.execute(
            select(CampaignVariant.campaign_id, *columns, picture.sizes.label("picture"))
            .outerjoin(picture, is_picture)
            .where(CampaignVariant.site_id == site_id)
            .order_by(CampaignVariant.campaign_id, CampaignVariant.key)
        ):
            values = {name: row._mapping[name] for name in PublishedVariant.__annotations__}
            variants.setdefault(row.campaign_id, []).append(PublishedVariant(**values))
        rows = connection.execute(
            select(*_COLUMNS, Site.reporting_currency.label("currency"))
            .join(Site, Site.id == Campaign.site_id)
            .where(Campaign.site_id == site_id, Campaign.state.in_(("live", "paused")))
            .order_by(Campaign.created_at, Campaign.id)
        )
        return [PublishedCampaign(**row._mapping, variants=tuple(variants[row.id])) for row in rows]
