"""What a campaign would show with what an owner has typed: for the preview, never stored."""

import uuid
from typing import Any

from widget.core.problems import NotFound
from widget.editor.campaign_fields import Document
from widget.popups.content import build_content
from widget.popups.pictures import find_picture
from widget.popups.published import PublishedCampaign, PublishedVariant
from widget.popups.service import DEFAULTS
from widget.popups.texts import word_consents
from widget.sites.models import Site
from widget.sites.queries import find_published_site

UNSAVED_ID = uuid.UUID(int=0)


def preview_campaign(site: Site, document: Document, language: str, key: str) -> dict[str, Any]:
    """Return the content of one variant in one language, as a store page would get it."""
    published = find_published_site(site.key)
    if published is None:
        raise NotFound()
    content = build_content(published, _publish_unsaved(site, document), language, key)
    if "form" in content:
        # What was agreed to is kept with each version; this one has none yet.
        wording = (document["consents"], document["languages"], document["default_language"], site.name)
        content["form"]["consent"]["text"] = word_consents(*wording)[language]
    return content


def _publish_unsaved(site: Site, document: Document) -> PublishedCampaign:
    names = set(PublishedCampaign.__annotations__) & {*DEFAULTS, "goal"}
    values: dict[str, Any] = {name: document.get(name, DEFAULTS.get(name)) for name in names}
    values |= {name: uuid.UUID(values[name]) if values[name] else None for name in ("pool_id", "survey_id")}
    variants = tuple(_publish_variant(site, variant) for variant in document["variants"])
    return PublishedCampaign(
        **values, id=UNSAVED_ID, state="draft", version=0, variants=variants, currency=site.reporting_currency
    )


def _publish_variant(site: Site, variant: Document) -> PublishedVariant:
    picture_id = uuid.UUID(variant["picture_id"]) if variant["picture_id"] else None
    picture = find_picture(site.id, picture_id) if picture_id else None
    shown_id = picture.id if picture else None
    return PublishedVariant(
        variant["key"], variant["weight"], variant["texts"], shown_id, picture.sizes if picture else None
    )
