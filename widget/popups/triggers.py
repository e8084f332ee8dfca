"""When a campaign opens: what a store page must know to decide by itself."""

from typing import Any

from widget.core.page_addresses import compile_rules
from widget.popups.published import PublishedCampaign

# What stands for itself in a boot document: it is left out there.
_DEFAULTS = {"display": "modal", "rules": {}, "every_days": 30, "per_session": 1, "search_safe": True, "holdout": 0}
_COMPILED = ("urls", "referrer")
# Who is in which segment or tier stays here: a customer's session says which campaigns it allows.
_KEPT_HERE = ("segments", "tiers", "countries")


def build_trigger(campaign: PublishedCampaign) -> dict[str, Any]:
    """Return what a store page must know to decide whether a campaign is due, without what is usual.

    `weights` are there where there are several variants, or a hold-out group. `known` says that only customers whose
    session allows it see the campaign; `ask` that its content, asked for first, says whether it is for the country.
    """
    rules = {name: rule for name, rule in campaign.rules.items() if rule and name not in _KEPT_HERE}
    rules |= {name: compile_rules(rules[name]) for name in _COMPILED if name in rules}
    row = {
        "id": str(campaign.id),
        "display": campaign.display,
        "triggers": campaign.triggers,
        "rules": rules,
        "every_days": campaign.every_days,
        "per_session": campaign.per_session,
        "search_safe": campaign.is_search_safe,
        "holdout": campaign.holdout_basis_points,
    }
    row = {name: value for name, value in row.items() if name not in _DEFAULTS or value != _DEFAULTS[name]}
    if campaign.holdout_basis_points or len(campaign.variants) > 1:
        row["weights"] = campaign.weights
    if is_for_known(campaign):
        row["known"] = True
    if campaign.rules.get("countries"):
        row["ask"] = True
    return row


def is_for_known(campaign: PublishedCampaign) -> bool:
    """Tell whether a campaign is for customers of some segments or tiers alone."""
    return bool(campaign.rules.get("segments") or campaign.rules.get("tiers"))
