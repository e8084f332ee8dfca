"""What a campaign may be, checked field by field, and what one still lacks before it can be live. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from widget.core.page_addresses import MATCHES
from widget.loyalty.field_checks import (
    Errors,
    by_language,
    fields,
    flag,
    https_address,
    identifier,
    items,
    number,
    one_of,
    optional,
    text,
    without_empty,
)
from widget.popups.rules import (
    CODE_GOALS,
    DEVICES,
    DISPLAYS,
    FORM_GOALS,
    GOALS,
    PROFILE_FIELDS,
    VARIANT_KEYS,
    VISITORS,
)

MAX_RULES, MAX_RULE_LENGTH = 20, 500
MAX_SECONDS = 3_600
MAX_CART = 10**12
MAX_LINE, MAX_WORDS, MAX_LABEL, MAX_CONSENT = 150, 1_000, 80, 900
_COUNTRY = re.compile(r"[A-Z]{2}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_INTEREST = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def find_campaign_errors(document: Mapping[str, Any]) -> Errors:
    """Return what is wrong with a campaign, by field; empty where nothing is.

    >>> find_campaign_errors({"name": "Before you go", "goal": "spin", "triggers": {"exit": {"after": 5}}})
    {'goal': ['Must be one of: subscribe, coupon, free_shipping, download, message, survey.'], \
'triggers': {'exit': {'after_seconds': ['Missing data for required field.'], 'after': ['Unknown field.']}}}
    """
    found: Errors = _check_campaign(dict(document))
    return found or _find_misfits(document)


def find_missing_parts(document: Mapping[str, Any]) -> Errors:
    """Return what a sound campaign still lacks before visitors can see it.

    >>> find_missing_parts({"goal": "download", "display": "modal", "triggers": {}, "variants": [{}]})
    {'triggers': ['Say at least one: nothing opens without.'], 'download_url': ['This goal needs it.']}
    """
    missing: dict[str, Any] = {}
    if document.get("display", "modal") != "inline" and not document.get("triggers"):
        missing["triggers"] = ["Say at least one: nothing opens without."]
    goal = document["goal"]
    if goal == "download" and not document.get("download_url"):
        missing["download_url"] = ["This goal needs it."]
    if goal == "survey" and not document.get("survey_id"):
        missing["survey_id"] = ["This goal needs it."]
    if goal in CODE_GOALS and not (document.get("pool_id") or document.get("fixed_code")):
        missing["pool_id"] = ["This goal needs a pool of coupons, or a fixed code."]
    return missing


def _find_misfits(document: Mapping[str, Any]) -> Errors:
    """Return what does not fit together, each part being right by itself."""
    wrong: dict[str, Any] = {}
    languages = document.get("languages", ["en"])
    if len(set(languages)) < len(languages):
        wrong["languages"] = ["A language stands there twice."]
    if document.get("default_language", languages[0]) not in languages:
        wrong["default_language"] = ["Must be one of the campaign's languages."]
    keys = [variant["key"] for variant in document.get("variants", ())]
    if len(set(keys)) < len(keys):
        wrong["variants"] = ["Two variants have the same key."]
    asked = [field["key"] for field in document.get("fields", ())]
    if len(set(asked)) < len(asked):
        wrong["fields"] = ["A field stands there twice."]
    if document.get("pool_id") and document.get("fixed_code"):
        wrong["fixed_code"] = ["Give one code, or codes of a pool, not both."]
    if document.get("pool_id") and document["goal"] not in FORM_GOALS:
        wrong["pool_id"] = ["Codes of a pool are given for an address, which this goal does not ask for."]
    low, high = document.get("rules", {}).get("cart_minor") or (None, None)
    if low is not None and high is not None and low > high:
        wrong["rules"] = {"cart_minor": ["The second must not lie below the first."]}
    return wrong


def words(longest: int) -> Any:
    """Return the check of a text of one line or several; an empty one stands for the default wording.

    >>> words(5)("a\\nb"), words(5)("a\\x00")
    ([], ['Must be a text of at most 5 characters.'])
    """

    def check(value: Any) -> Errors:
        is_right = isinstance(value, str) and len(value) <= longest and not _CONTROL.search(value)
        return [] if is_right else [f"Must be a text of at most {longest} characters."]

    return check


def _check_page_rule(value: Any) -> Errors:
    is_pair = isinstance(value, list) and len(value) == 2 and all(isinstance(part, str) for part in value)
    if not is_pair or value[0] not in MATCHES:
        return [f'Must be a pair such as ["contains", "/cart"]; the first is one of: {", ".join(MATCHES)}.']
    is_right = 1 <= len(value[1]) <= MAX_RULE_LENGTH and value[1].isprintable()
    return [] if is_right else [f"The second must be 1 to {MAX_RULE_LENGTH} printable characters."]


def _check_country(value: Any) -> Errors:
    is_right = isinstance(value, str) and _COUNTRY.fullmatch(value)
    return [] if is_right else ["Must be a country of two capital letters, such as IT."]


def _check_language(value: Any) -> Errors:
    is_right = isinstance(value, str) and _LANGUAGE.fullmatch(value)
    return [] if is_right else ["Must be a language of two or three small letters, such as en."]


def _check_range(value: Any) -> Errors:
    check = optional(number(0, MAX_CART))
    is_right = isinstance(value, list) and len(value) == 2 and not any(check(end) for end in value)
    return [] if is_right else ["Must be a pair of amounts in minor units, either of them null."]


def _check_interest(value: Any) -> Errors:
    is_right = isinstance(value, str) and _INTEREST.fullmatch(value)
    return [] if is_right else ["Must be small letters, digits, underscores or hyphens."]


def _check_labels(value: Any) -> Errors:
    if not isinstance(value, dict) or len(value) > MAX_RULES:
        return [f"Must be an object of at most {MAX_RULES} texts."]
    return without_empty({name: _check_interest(name) or text(MAX_LABEL)(label) for name, label in value.items()})


def _check_fields(value: Any) -> Errors:
    known = {"key": one_of(PROFILE_FIELDS), "required": flag}
    wrong = items(fields(known, {"choices": items(_check_interest, MAX_RULES)}), len(PROFILE_FIELDS))(value)
    if wrong:
        return wrong
    unfit = ["Interests need choices, and nothing else has any."]
    return without_empty(
        {place: unfit for place, one in enumerate(value) if (one["key"] == "interests") != bool(one.get("choices"))}
    )


def _check_variants(value: Any) -> Errors:
    wrong = items(_check_variant, len(VARIANT_KEYS))(value)
    return wrong or ([] if value else ["Must be at least one variant."])


_seconds = number(0, MAX_SECONDS)
_page_rules = items(_check_page_rule, MAX_RULES)
_check_triggers = fields(
    {},
    {
        "exit": fields({"after_seconds": _seconds}),
        "touch": fields({}, {"depth_percent": number(0, 100)}),
        "idle_seconds": number(5, MAX_SECONDS),
        "return_seconds": number(1, MAX_SECONDS),
        "after_seconds": _seconds,
        "scroll_percent": number(1, 100),
        "cart_minor": number(1, MAX_CART),
        "event": text(100),
    },
)
_check_rules = fields(
    {},
    {
        "urls": _page_rules,
        "referrer": _page_rules,
        "devices": items(one_of(DEVICES), len(DEVICES)),
        "countries": items(_check_country, 250),
        "visitors": one_of(VISITORS),
        "segments": items(identifier, MAX_RULES),
        "tiers": items(text(40), MAX_RULES),
        "cart_minor": _check_range,
        "not_subscribed": flag,
    },
)
_check_texts = fields(
    {},
    {
        **{name: words(MAX_LINE) for name in ("title", "thanks_title", "alt")},
        **{name: words(MAX_WORDS) for name in ("text", "thanks_text")},
        **{name: words(MAX_LABEL) for name in ("button", "decline", "teaser")},
        **dict.fromkeys(("button_url", "privacy_url"), https_address),
        "choices": _check_labels,
    },
)
_check_variant = fields(
    {"key": one_of(VARIANT_KEYS), "name": text(100)},
    {
        "weight": number(1, 100),
        "texts": by_language(_check_texts, may_be_empty=True),
        "picture_id": optional(identifier),
    },
)
_check_campaign = fields(
    {"name": text(200), "goal": one_of(GOALS)},
    {
        "display": one_of(DISPLAYS),
        "triggers": _check_triggers,
        "rules": _check_rules,
        "fields": _check_fields,
        "consents": by_language(words(MAX_CONSENT), may_be_empty=True),
        "every_days": number(0, 3650),
        "per_session": number(1, 10),
        "is_search_safe": flag,
        "holdout_basis_points": number(0, 5000),
        "is_double_opt_in": flag,
        "pool_id": optional(identifier),
        "fixed_code": optional(text(64)),
        "survey_id": optional(identifier),
        "download_url": optional(https_address),
        "default_language": _check_language,
        "languages": items(_check_language, 30),
        "variants": _check_variants,
    },
)
