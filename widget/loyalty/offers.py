"""The rewards as a customer sees them: those first that they can have now."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from widget.loyalty.member_queries import count_taken_by, list_codes_of, list_offered
from widget.loyalty.program import Program
from widget.loyalty.reward_models import Reward
from widget.loyalty.standing import Standing
from widget.loyalty.texts import Words, choose_text


def list_offers(site_id: uuid.UUID, standing: Standing | None, words: Words, now: datetime) -> list[dict[str, Any]]:
    """Return the rewards that are offered, with their prices for the customer's tier."""
    taken = count_taken_by(site_id, standing.customer_id) if standing else {}
    offers = []
    for reward in list_offered(site_id, now):
        price = price_for(reward, standing.tier if standing else None)
        if price is not None:
            offers.append(_describe_offer(reward, price, taken.get(reward.id, 0), standing, words))
    # Sorting is stable: among equals the owner's order stands.
    return sorted(offers, key=lambda offer: (offer["is_had"], offer["missing"] or 0))


def price_for(reward: Reward, tier: str | None) -> int | None:
    """Return a reward's price for a tier, None for one that cannot have it."""
    price: int | None = reward.tier_prices.get(tier, reward.price) if tier else reward.price
    return price


def list_codes(site_id: uuid.UUID, standing: Standing, words: Words, now: datetime) -> Sequence[dict[str, Any]]:
    """Return the codes a customer can use at the checkout."""
    return [
        {
            "id": issued.redemption_id,
            "name": _name(issued.texts, words),
            "code": issued.code,
            "expires_at": issued.expires_at,
            "text": _say_until(issued.expires_at, standing.rules, words),
        }
        for issued in list_codes_of(site_id, standing.customer_id, now)
    ]


def _describe_offer(reward: Reward, price: int, taken: int, standing: Standing | None, words: Words) -> dict[str, Any]:
    name = _name(reward.texts, words)
    offer: dict[str, Any] = {
        "id": reward.id,
        "name": name,
        "terms": (choose_text(reward.texts, words.language) or {}).get("terms") or "",
        "price": price,
        "price_text": words.points(price),
        "is_had": bool(reward.customer_limit and taken >= reward.customer_limit),
        "missing": None,
        "is_available": False,
    }
    if standing is None:
        return offer
    offer["missing"] = max(0, price - standing.balance)
    offer["is_available"] = standing.is_live and not offer["missing"] and not offer["is_had"]
    if offer["is_had"]:
        return offer | {"note": words.say("had")}
    if offer["missing"]:
        note = words.say("missing", points=words.points(offer["missing"]))
        return offer | {"note": note, "ratio": max(0.0, round(standing.balance / price, 3))}
    left = words.points(standing.balance - price)
    confirm = words.say("confirm", points=offer["price_text"], reward=name, left=left)
    return offer | {"confirm": confirm, "yes": words.say("yes", points=offer["price_text"])}


def _name(texts: Any, words: Words) -> str:
    return str((choose_text(texts, words.language) or {}).get("name", ""))


def _say_until(expires_at: datetime | None, rules: Program, words: Words) -> str:
    if expires_at is None:
        return ""
    return words.say("good_until", date=words.day(expires_at.astimezone(rules.zone).date()))
