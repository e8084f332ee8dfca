"""Making and changing campaigns; store pages notice within a minute."""

import copy
import uuid
from collections.abc import Mapping
from typing import Any

from widget.core.clock import utc_now
from widget.core.db import db
from widget.core.ids import new_id
from widget.core.problems import FieldError, InvalidFields, flatten_messages
from widget.coupons.queries import find_pool
from widget.customers.segment_queries import find_unknown_segments
from widget.popups.campaign_checks import find_campaign_errors, find_missing_parts
from widget.popups.errors import ArmsFixed, CampaignStep
from widget.popups.models import Campaign, CampaignVariant, CampaignVersion, PopupPicture
from widget.popups.queries import has_exposures, list_variants
from widget.popups.rules import may_become
from widget.popups.texts import word_consents
from widget.sites.models import Site
from widget.sites.service import publish_change

# Everything an owner may set of a campaign but its variants and its state, and what it is where nothing was said.
DEFAULTS: Mapping[str, Any] = {
    "display": "modal",
    "triggers": {},
    "rules": {},
    "fields": [],
    "consents": {},
    "every_days": 30,
    "per_session": 1,
    "is_search_safe": True,
    "holdout_basis_points": 0,
    "is_double_opt_in": True,
    "pool_id": None,
    "fixed_code": None,
    "survey_id": None,
    "download_url": None,
    "default_language": "en",
    "languages": ["en"],
}
SETTINGS = ("name", "goal", *DEFAULTS)
# A change of these makes a new version: it is what visitors see and agree to.
_SEEN = ("goal", "display", "fields", "consents", "default_language", "languages", "download_url", "fixed_code")
_IDS = ("pool_id", "survey_id")
_NEW_VARIANTS = ({"key": "a", "name": "A", "weight": 1, "texts": {}, "picture_id": None},)


def create_campaign(site: Site, document: Mapping[str, Any]) -> Campaign:
    """Make a draft of what a document says; raise InvalidFields."""
    sound = _require_sound(site.id, {**copy.deepcopy(dict(DEFAULTS)), "variants": list(_NEW_VARIANTS), **document})
    variants = sound.pop("variants")
    campaign = Campaign(site_id=site.id, id=new_id(), state="draft", version=1, created_at=utc_now(), **_to_row(sound))
    db.session.add(campaign)
    db.session.flush()
    _save_variants(campaign, variants)
    _keep_version(site, campaign)
    publish_change(site)
    return campaign


def change_campaign(site: Site, campaign: Campaign, changes: Mapping[str, Any]) -> None:
    """Change what a document names; raise InvalidFields, or ArmsFixed once visitors were divided among the arms."""
    db.session.refresh(campaign, with_for_update=True)
    before = describe_campaign(campaign)
    # Of a campaign that is live nothing may go missing either.
    sound = _require_sound(site.id, {**{name: before[name] for name in (*SETTINGS, "variants")}, **changes})
    if campaign.state in ("live", "paused"):
        _require_complete(sound)
    variants = sound.pop("variants")
    is_divided_anew = sound["holdout_basis_points"] != campaign.holdout_basis_points or [
        (one["key"], one["weight"]) for one in variants
    ] != [(v["key"], v["weight"]) for v in before["variants"]]
    if is_divided_anew and has_exposures(site.id, campaign.id):
        raise ArmsFixed("Duplicate the campaign to divide its visitors in another way.")
    is_seen = variants != before["variants"] or any(sound[name] != before[name] for name in _SEEN)
    for name, value in _to_row(sound).items():
        setattr(campaign, name, value)
    if variants != before["variants"]:
        _save_variants(campaign, variants)
    if is_seen:
        campaign.version += 1
        _keep_version(site, campaign)
    publish_change(site)


def set_state(site: Site, campaign: Campaign, state: str) -> bool:
    """Publish, pause or archive a campaign; return whether it changed. Raise CampaignStep, InvalidFields."""
    db.session.refresh(campaign, with_for_update=True)
    if campaign.state == state:
        return False
    if not may_become(campaign.state, state):
        raise CampaignStep(f"From {campaign.state} it cannot become {state}.")
    now = utc_now()
    if state == "live":
        _require_complete(describe_campaign(campaign))
        campaign.live_at = campaign.live_at or now
    campaign.ended_at = now if state == "archived" else None
    campaign.state = state
    publish_change(site)
    return True


def duplicate_campaign(site: Site, campaign: Campaign, name: str | None = None) -> Campaign:
    """Make a draft that is as a campaign is now, without its visitors."""
    described = describe_campaign(campaign)
    document = copy.deepcopy({name: described[name] for name in (*SETTINGS, "variants")})
    return create_campaign(site, {**document, "name": name or f"{campaign.name[:190]} (copy)"})


def describe_campaign(campaign: Campaign) -> dict[str, Any]:
    """Return a campaign as documents say it, with its variants."""
    variants = list_variants(campaign.site_id, [campaign.id])[campaign.id]
    described = {name: getattr(campaign, name) for name in SETTINGS}
    described |= {name: str(described[name]) if described[name] else None for name in _IDS}
    described["variants"] = [
        {
            "key": variant.key,
            "name": variant.name,
            "weight": variant.weight,
            "texts": variant.texts,
            "picture_id": str(variant.picture_id) if variant.picture_id else None,
        }
        for variant in variants
    ]
    return described


def _require_sound(site_id: uuid.UUID, document: Mapping[str, Any]) -> dict[str, Any]:
    errors = flatten_messages(find_campaign_errors(document)) or _find_strangers(site_id, document)
    if errors:
        raise InvalidFields(errors=errors)
    sound = copy.deepcopy(dict(document))
    usual = {name: value for name, value in _NEW_VARIANTS[0].items() if name not in ("key", "name")}
    sound["variants"] = sorted(
        ({**copy.deepcopy(usual), **variant} for variant in sound["variants"]), key=lambda one: str(one["key"])
    )
    return sound


def _require_complete(document: Mapping[str, Any]) -> None:
    if missing := find_missing_parts(document):
        raise InvalidFields(errors=flatten_messages(missing))


def _find_strangers(site_id: uuid.UUID, document: Mapping[str, Any]) -> list[FieldError]:
    """Return what a document names that the site does not have."""
    errors = []
    if document.get("pool_id"):
        pool = find_pool(site_id, uuid.UUID(document["pool_id"]))
        if pool is None or pool.archived_at is not None:
            errors.append(FieldError("#/pool_id", "There is no such pool of coupons."))
    segments = document.get("rules", {}).get("segments", ())
    if find_unknown_segments(site_id, {uuid.UUID(segment) for segment in segments}):
        errors.append(FieldError("#/rules/segments", "There is no such segment."))
    for place, variant in enumerate(document["variants"]):
        picture_id = variant.get("picture_id")
        if picture_id and db.session.get(PopupPicture, (site_id, uuid.UUID(picture_id))) is None:
            errors.append(FieldError(f"#/variants/{place}/picture_id", "There is no such picture."))
    return errors


def _to_row(document: Mapping[str, Any]) -> dict[str, Any]:
    ids = {name: uuid.UUID(document[name]) if document[name] else None for name in _IDS}
    return {**{name: document[name] for name in SETTINGS}, **ids}


def _save_variants(campaign: Campaign, variants: list[dict[str, Any]]) -> None:
    known = {row.key: row for row in list_variants(campaign.site_id, [campaign.id])[campaign.id]}
    for variant in variants:
        picture_id = uuid.UUID(variant["picture_id"]) if variant["picture_id"] else None
        row = known.pop(variant["key"], None)
        if row is None:
            row = CampaignVariant(site_id=campaign.site_id, campaign_id=campaign.id)
            db.session.add(row)
        for name, value in {**variant, "picture_id": picture_id}.items():
            setattr(row, name, value)
    for row in known.values():
        db.session.delete(row)
    db.session.flush()


def _keep_version(site: Site, campaign: Campaign) -> None:
    consents = word_consents(campaign.consents, campaign.languages, campaign.default_language, site.name)
    row = {"site_id": site.id, "campaign_id": campaign.id, "version": campaign.version, "consents": consents}
    db.session.add(CampaignVersion(**row, created_at=utc_now()))
    db.session.flush()
