"""When a campaign opens: what a store page must know to decide by itself."""

from typing import Any

from widget.core.money import to_decimal
from widget.core.page_addresses import compile_rules
from widget.popups.published import PublishedCampaign

# What stands for itself in a boot document: it is left out there.
_USUAL_SECONDS, _USUAL_DEPTH, _USUAL_PER_SESSION = 5, 30, 1
# Amounts of a store that has not said its currency have two digits behind the point, as most do.
_USUAL_CURRENCY = "EUR"


def opens_by_itself(campaign: PublishedCampaign) -> bool:
    """Tell whether a store page has to watch for a campaign's moment."""
    return campaign.state == "live" and campaign.display != "inline"


def is_for_known(campaign: PublishedCampaign) -> bool:
    """Tell whether a campaign is for customers of some segments or tiers alone."""
    return bool(campaign.rules.get("segments") or campaign.rules.get("tiers"))


def build_trigger(campaign: PublishedCampaign) -> dict[str, Any]:
    """Return what a store page must know to decide whether a campaign is due, without what is usual.

    Its gates are named as surveys' are. Who is in which segment or tier stays here: a customer's session says which
    campaigns it allows; and so do countries: a campaign's content says whether it is due.
    """
    rules = campaign.rules
    row = {
        "id": str(campaign.id),
        "triggers": _describe_triggers(campaign),
        "urls": compile_rules(rules.get("urls", ())),
        "repeat_days": campaign.every_days,
        "more": _find_more(campaign) or None,
        "per_session": campaign.per_session if campaign.per_session != _USUAL_PER_SESSION else None,
        "sheet": campaign.display == "sheet" or None,
        "unsafe": not campaign.is_search_safe or None,
        "strangers": rules.get("not_subscribed") or None,
        "holdout": campaign.holdout_basis_points or None,
        "weights": campaign.weights if len(campaign.variants) > 1 else None,
    }
    return {name: value for name, value in row.items() if value is not None}


def _describe_triggers(campaign: PublishedCampaign) -> dict[str, Any]:
    said = dict(campaign.triggers)
    if said.get("exit", {}).get("after_seconds") == _USUAL_SECONDS:
        said["exit"] = {}
    if said.get("touch", {}).get("depth_percent") == _USUAL_DEPTH:
        said["touch"] = {}
    if "cart_minor" in said:
        said["cart"] = _to_amount(said.pop("cart_minor"), campaign.currency)
    return said


def _find_more(campaign: PublishedCampaign) -> dict[str, Any]:
    rules = campaign.rules
    low, high = rules.get("cart_minor") or (None, None)
    devices = rules.get("devices", [])
    more = {
        "devices": devices[0] if len(devices) == 1 else None,
        "visitors": rules.get("visitors"),
        "referrers": compile_rules(rules.get("referrer", ())),
        "cart_min": None if low is None else _to_amount(low, campaign.currency),
        "cart_max": None if high is None else _to_amount(high, campaign.currency),
        "segments": is_for_known(campaign) or None,
    }
    return {name: value for name, value in more.items() if value is not None}


def _to_amount(minor: int, currency: str | None) -> float:
    """Return an amount as store pages tell the worth of a cart."""
    return float(to_decimal(minor, currency or _USUAL_CURRENCY))
