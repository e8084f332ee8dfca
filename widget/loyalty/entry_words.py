"""What entries of the ledger are called and why they are what they are, in the owner's language."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from widget.core.formats import format_decimal, format_money, format_number
from widget.loyalty.explaining import explain
from widget.loyalty.models import LedgerEntry
from widget.loyalty.reward_models import Reward
from widget.loyalty.rules import THOUSAND

ACTION_NAMES = {
    "signup": _l("Joined"),
    "birthday": _l("Birthday"),
    "anniversary": _l("Anniversary of joining"),
    "review": _l("Reviewed a product"),
    "survey": _l("Answered a survey"),
    "profile": _l("Completed the profile"),
    "referral": _l("Recommended the store"),
}
KIND_NAMES = {
    "earn": _l("Earned"),
    "gift": _l("Gift"),
    "adjust": _l("By hand"),
    "hold": _l("Held"),
    "release": _l("No longer held"),
    "redeem": _l("Redeemed"),
    "give_back": _l("Given back"),
    "expire": _l("Expired"),
    "unexpire": _l("Expiry undone"),
    "claw": _l("Taken back"),
    "merge_in": _l("Came with a merge"),
    "merge_out": _l("Went with a merge"),
}


@dataclass(frozen=True)
class Told:
    """One line of a history: what happened, and why the number is what it is."""

    title: str
    why: str


def tell_entry(entry: LedgerEntry, rewards: Mapping[uuid.UUID, Reward], customer_of: Mapping[str, str]) -> Told:
    """Return an entry in words; `customer_of` names the others of merges."""
    facts = explain(entry)
    return Told(_name(facts, rewards, customer_of), " · ".join(_list_reasons(facts)))


def name_reward(reward: Reward) -> str:
    """Return what an owner calls a reward: its English name, else the first there is."""
    texts: Mapping[str, Any] = reward.texts
    names = [texts.get("en"), *texts.values()]
    return next((str(text["name"]) for text in names if text and text.get("name")), str(_("Reward")))


def list_reward_ids(entries: list[LedgerEntry]) -> set[uuid.UUID]:
    """Return which rewards entries speak of."""
    return {uuid.UUID(entry.reason["reward"]) for entry in entries if entry.reason.get("reward")}


def _name(facts: Mapping[str, Any], rewards: Mapping[uuid.UUID, Reward], customer_of: Mapping[str, str]) -> str:
    kind, rule = facts["kind"], facts.get("rule") or ""
    if facts["about"] == "order" and kind in ("earn", "claw"):
        order = facts.get("order", facts["about_id"])
        words = _("Order %(number)s", number=order) if kind == "earn" else _("Refund, order %(number)s", number=order)
        return str(words)
    if kind == "earn":
        return str(ACTION_NAMES.get(rule) or rule.partition(".")[2].replace("_", " ").capitalize() or KIND_NAMES[kind])
    if kind == "gift":
        return str(_("Reached the tier %(tier)s", tier=facts.get("tier", "")))
    if kind == "adjust":
        if rule == "import":
            return str(_("Brought over from %(source)s", source=facts.get("from", "")))
        return str(_("Given by hand") if facts["points"] > 0 else _("Taken by hand"))
    if facts.get("reward") and (reward := rewards.get(uuid.UUID(facts["reward"]))):
        return f"{KIND_NAMES[kind]}: {name_reward(reward)}"
    if facts["about"] == "merge":
        other = customer_of.get(facts["about_id"])
        return f"{KIND_NAMES[kind]}: {other}" if other else str(KIND_NAMES[kind])
    return str(KIND_NAMES[kind])


def _list_reasons(facts: Mapping[str, Any]) -> Iterator[str]:
    if "total_minor" in facts:
        yield from _list_order_reasons(facts)
    if facts["kind"] == "earn" and facts.get("extra"):
        points, extra = format_number(facts["points"] - facts["extra"]), format_number(facts["extra"])
        yield str(_("%(points)s, and %(extra)s more for the photo", points=points, extra=extra))
    if facts.get("note"):
        yield str(facts["note"])
    if facts["kind"] == "expire":
        yield str(_("they went unspent"))
    if facts["kind"] == "unexpire":
        yield str(_("they had expired, and are taken back for another reason instead"))
    if facts.get("rule_version"):
        yield str(_("rules, version %(version)s", version=facts["rule_version"]))


def _list_order_reasons(facts: Mapping[str, Any]) -> Iterator[str]:
    currency = facts.get("currency")
    total = format_money(facts["total_minor"], currency)
    if facts.get("refunded_minor"):
        refunded = format_money(facts["refunded_minor"], currency)
        yield str(_("%(total)s, of which %(refunded)s was given back", total=total, refunded=refunded))
    else:
        yield total
    multiplier = facts.get("multiplier_thousandths") or THOUSAND
    if multiplier != THOUSAND:
        yield str(_("times %(factor)s", factor=format_decimal(multiplier / THOUSAND, 2)))
    before, after = facts.get("before"), facts.get("after")
    if after is not None and before:
        yield str(
            _("worth %(after)s points now, %(before)s before", after=format_number(after), before=format_number(before))
        )
