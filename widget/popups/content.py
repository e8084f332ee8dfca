"""What a campaign's element shows: its texts in the shopper's language, its form, its code, the theme."""

import uuid
from collections.abc import Mapping
from typing import Any

from widget.core.shopper_languages import RIGHT_TO_LEFT, choose_language
from widget.popups.pictures import describe_picture
from widget.popups.published import PublishedCampaign, PublishedVariant, find_consents
from widget.popups.rules import FORM_GOALS
from widget.popups.texts import choose_ui, find_own
from widget.sites.queries import PublishedSite
from widget.sites.theme import build_theme

_WORDS = ("text", "thanks_text", "teaser", "button_url")
_OF_FORMS = (
    "email", "optional", "email_wrong", "field_missing", "consent_missing", "check_title", "not_sent", "privacy",
)  # fmt: skip
_OF_CODES = ("code", "copy", "copied", "copy_by_hand", "until", "left", "gone")
_GENDERS = ("female", "male", "other")


def build_content(site: PublishedSite, campaign: PublishedCampaign, wanted: str, arm: str | None) -> dict[str, Any]:
    """Return the content document of a variant for a comma-separated list of languages; empty parts are left out."""
    language = choose_language(wanted, campaign.default_language, {campaign.default_language, *campaign.languages})
    variant, ui = campaign.get_variant(arm), choose_ui(language)
    has_form = campaign.goal in FORM_GOALS
    names = ("title", "button", "decline", "thanks_title", *_WORDS)
    own = {name: find_own(variant.texts, language, campaign.default_language, name) for name in names}
    parts = {
        **{name: own[name] for name in _WORDS},
        "button": own["button"] or ui.get(campaign.goal),
        "code": campaign.fixed_code if not has_form else None,
        "survey": str(campaign.survey_id) if campaign.survey_id and campaign.goal == "survey" else None,
        "picture": _describe_picture(site, variant, language, campaign.default_language),
        "form": _describe_form(site.id, campaign, variant, language) if has_form else None,
    }
    used = ("close", *(_OF_FORMS if has_form else ()), *(_OF_CODES if _has_code(campaign) else ()))
    return {
        "id": str(campaign.id),
        "version": campaign.version,
        "goal": campaign.goal,
        "display": campaign.display,
        **({"divided": True} if campaign.display == "inline" and campaign.is_divided else {}),
        "arm": variant.key,
        "language": language,
        "dir": "rtl" if language in RIGHT_TO_LEFT else "ltr",
        "title": own["title"] or ui["title"],
        "decline": own["decline"] or ui["decline"],
        "thanks_title": own["thanks_title"] or ui["thanks_title"],
        **{name: part for name, part in parts.items() if part},
        "ui": {name: ui[name] for name in used},
        "theme": build_theme(site.theme, site.key),
    }


def _has_code(campaign: PublishedCampaign) -> bool:
    return bool(campaign.fixed_code or campaign.pool_id)


def _describe_form(
    site_id: uuid.UUID, campaign: PublishedCampaign, variant: PublishedVariant, language: str
) -> dict[str, Any]:
    consents = find_consents(site_id, campaign, campaign.version) or {}
    privacy_url = find_own(variant.texts, language, campaign.default_language, "privacy_url")
    ui = choose_ui(language)
    labels = find_own(variant.texts, language, campaign.default_language, "choices") or {}
    fields = [_describe_field(field, labels, ui) for field in campaign.fields]
    return {
        "fields": fields,
        "consent": {"text": consents.get(language, ui["consent"]), "version": campaign.version},
        **({"privacy_url": privacy_url} if privacy_url else {}),
    }


def _describe_field(field: Mapping[str, Any], labels: Mapping[str, str], ui: Mapping[str, str]) -> dict[str, Any]:
    described = {"key": field["key"], "required": field["required"], "label": ui[field["key"]]}
    if field["key"] == "gender":
        described["choices"] = [{"id": name, "label": ui[name]} for name in _GENDERS]
    if field["key"] == "interests":
        described["choices"] = [{"id": name, "label": labels.get(name, name)} for name in field["choices"]]
    return described


def _describe_picture(
    site: PublishedSite, variant: PublishedVariant, language: str, default_language: str
) -> dict[str, Any] | None:
    if variant.picture is None or variant.picture_id is None:
        return None
    alt = find_own(variant.texts, language, default_language, "alt") or ""
    return describe_picture(site.key, variant.picture_id, variant.picture, alt)
