"""What entries of the ledger are called and why they are what they are, in the owner's language."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from widget.core.formats import format_decimal, format_iso_day, format_money, format_number
from widget.loyalty.explaining import explain_entry
from widget.loyalty.models import LedgerEntry
from widget.loyalty.point_words import say_points, say_times
from widget.loyalty.program_words import name_action
from widget.loyalty.reward_models import Reward
from widget.loyalty.rules import THOUSAND

_TITLES = {
    "order_earned": _l("Order %(order)s"),
    "order_worth_less": _l("Order %(order)s, refunded or cancelled"),
    "not_deserved": _l("Taken back: %(action)s"),
    "tier_reached": _l("Reached the tier %(tier)s"),
    "held": _l("Held for: %(reward)s"),
    "released": _l("No longer held: %(reward)s"),
    "redeemed": _l("Redeemed: %(reward)s"),
    "redemption_cancelled": _l("Redemption cancelled: %(reward)s"),
    "expired": _l("Expired"),
    "expiry_undone": _l("Expiry undone"),
    "merged": _l("Merged with %(other)s"),
}
_NOTES = {
    "expired": _l("they went unspent"),
    "expiry_undone": _l("they had expired, and are taken back for another reason instead"),
}


@dataclass(frozen=True)
class Told:
    """One line of a history: what happened, and why the number is what it is."""

    title: str
    why: str


def tell_entry(entry: LedgerEntry, rewards: Mapping[uuid.UUID, Reward], others: Mapping[str, str]) -> Told:
    """Return an entry in words; `others` are the names of those whom merges speak of, by their ids."""
    facts = explain_entry(entry.kind, entry.delta, entry.source, entry.rule, entry.rule_version, entry.reason)
    names = {
        "order": facts.get("order") or _("no longer known"),
        "action": name_action(entry.rule or ""),
        "tier": facts.get("tier") or "",
        "reward": _find_reward(facts, rewards),
        "other": others.get(entry.source.partition(":")[2]) or _("another customer"),
    }
    return Told(_name(entry, facts, names), " · ".join(_list_reasons(facts)))


def name_reward(reward: Reward) -> str:
    """Return what an owner calls a reward: its English name, else the first there is."""
    texts: Mapping[str, Any] = reward.texts
    names = [texts.get("en"), *texts.values()]
    return next((str(text["name"]) for text in names if text and text.get("name")), str(_("Reward")))


def list_reward_ids(entries: list[LedgerEntry]) -> set[uuid.UUID]:
    """Return which rewards entries speak of."""
    return {uuid.UUID(entry.reason["reward"]) for entry in entries if entry.reason.get("reward")}


def _find_reward(facts: Mapping[str, Any], rewards: Mapping[uuid.UUID, Reward]) -> str:
    reward = rewards.get(uuid.UUID(facts["reward"])) if facts.get("reward") else None
    return name_reward(reward) if reward else str(_("a reward"))


def _name(entry: LedgerEntry, facts: Mapping[str, Any], names: Mapping[str, Any]) -> str:
    if facts["because"] == "adjusted":
        if entry.rule == "import":
            return str(_("Brought over from %(source)s", source=facts.get("from", "")))
        if entry.rule == "expiry":
            return str(_("Given another expiry"))
        return str(_("Given by hand") if entry.delta > 0 else _("Taken by hand"))
    words = _TITLES.get(facts["because"])
    return str(words) % names if words else name_action(facts["because"])


def _list_reasons(facts: Mapping[str, Any]) -> Iterator[str]:
    if "lot" in facts:
        days = {name: format_iso_day(facts.get(name) or str(_("never"))) for name in ("before", "after")}
        yield str(_("gone on %(after)s, before on %(before)s", **days))
    if "total_minor" in facts:
        yield from _list_order_reasons(facts)
    if facts.get("extra"):
        said = {"points": say_points(facts["points"]), "extra": format_number(facts["extra"])}
        yield str(_("%(points)s, and %(extra)s more for the photo", **said))
    if facts.get("note"):
        yield str(facts["note"])
    if facts["because"] in _NOTES:
        yield str(_NOTES[facts["because"]])
    if facts["rule_version"]:
        yield str(_("rules, version %(version)s", version=facts["rule_version"]))


def _list_order_reasons(facts: Mapping[str, Any]) -> Iterator[str]:
    """Yield how money became points: what was paid and came back, what of it counts, its blocks, what was dropped."""
    currency = facts.get("order_currency") or facts.get("currency")
    total = format_money(facts["total_minor"], currency)
    if facts.get("refunded_minor"):
        refunded = format_money(facts["refunded_minor"], currency)
        yield str(_("%(total)s, of which %(refunded)s was given back", total=total, refunded=refunded))
    else:
        yield total
    if "blocks" in facts:
        yield _say_blocks(facts)
    multiplier = facts.get("multiplier_thousandths") or THOUSAND
    if multiplier != THOUSAND:
        yield say_times(multiplier)
    if facts.get("dropped_thousandths"):
        dropped = format_decimal(facts["dropped_thousandths"] / THOUSAND, 2)
        yield str(_("%(part)s of a point is dropped", part=dropped))
    if facts.get("before") and facts.get("after") is not None:
        said = {"after": say_points(facts["after"]), "before": format_number(facts["before"])}
        yield str(_("worth %(after)s now, %(before)s before", **said))


def _say_blocks(facts: Mapping[str, Any]) -> str:
    said = {
        "basis": format_money(facts["basis_minor"], facts["currency"]),
        "blocks": format_number(facts["blocks"]),
        "block": format_money(facts["per_minor"], facts["currency"]),
        "points": say_points(facts["points"]),
    }
    return str(_("of it %(basis)s counts: %(blocks)s times %(block)s for %(points)s each", **said))
