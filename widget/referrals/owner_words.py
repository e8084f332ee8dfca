"""What an owner reads of referrals: states, reasons with their numbers, steps of a history, and rules."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from widget.core.formats import format_money, format_number
from widget.coupons.models import CouponPool
from widget.coupons.words import describe_worth
from widget.referrals.models import ReferralEvent

# A title, and what is said of each thing below it.
Section = tuple[str, list[tuple[str, str]]]
STATE_NAMES = {
    "claimed": _l("claimed"),
    "held": _l("held for you"),
    "qualified": _l("qualified"),
    "rewarded": _l("rewarded"),
    "rejected": _l("rejected"),
    "reversed": _l("reversed"),
    "expired": _l("expired"),
}
STATE_TONES = {"held": "chip-held", "rewarded": "chip-good", "rejected": "chip-bad", "reversed": "chip-bad"}
CHANNEL_NAMES = {
    "link": _l("Link"),
    "copy": _l("Copied link"),
    "share": _l("Share menu of the phone"),
    "whatsapp": "WhatsApp",
    "email": _l("E-mail"),
    "sms": "SMS",
    "facebook": "Facebook",
    "x": "X",
    "telegram": "Telegram",
    "qr": _l("QR code"),
    "checkout": _l("Code at the checkout"),
}
_FLAGS = {
    "similar_email": _l(
        "The addresses of friend and advocate differ only in dots, or in what stands behind a plus sign: "
        "they may be one person's."
    ),
    "same_device": _l("The offer was taken in a browser in which the advocate was logged in."),
    "same_network": _l(
        "The offer was taken from the internet connection from which the advocate shares: one household, perhaps, "
        "or one office."
    ),
    "ring": _l("They bring each other: by going from friend to friend, %(length)s customers come back to the first."),
    "advocate_velocity": _l(
        "This advocate's link brought %(claims)s claims within %(days)s days. What you set as usual: %(usual)s."
    ),
    "network_velocity": _l(
        "From this internet connection came %(claims)s claims within %(days)s days, over all links. "
        "What you set as usual: %(usual)s."
    ),
    "device_velocity": _l(
        "From this browser came %(claims)s claims within %(days)s days, over all links. "
        "What you set as usual: %(usual)s."
    ),
}
_EVENTS = {
    "claimed": _l("The friend took the offer"),
    "held": _l("Held for you"),
    "qualified": _l("Qualified by a paid order"),
    "rewarded": _l("Both sides were rewarded"),
    "rejected": _l("Rejected"),
    "reversed": _l("Reversed: what was given is taken back"),
    "expired": _l("Expired without an order"),
    "passed": _l("Let pass"),
    "refused": _l("Refused"),
    "voided": _l("Voided after the reward"),
    "no_code": _l("No code was left for the friend"),
    "moved": _l("Claimed anew, by the order"),
}
_BECAUSE = {
    "refused": _l("An owner refused it."),
    "self": _l("Friend and advocate turned out to be the same customer."),
    "brought_before": _l("Somebody else had brought this friend before."),
    "customer_before": _l("The friend had bought before taking the offer."),
    "order_taken_back": _l("The friend's order was cancelled or refunded."),
    "no_order": _l("No order came within the days a claim waits."),
    "flagged": _l("Something about it may not be right."),
    "waits_for_order": _l("It waits for the friend's order."),
    "waits_for_window": _l("It waits until the return window closes."),
    "window_closed": _l("The return window closed."),
}


def describe_flag(flag: Mapping[str, Any]) -> str:
    """Return why a referral is held, with the numbers the reason rests on."""
    numbers = {name: format_number(flag[name]) for name in ("claims", "usual", "days", "length") if name in flag}
    words = _FLAGS.get(str(flag.get("rule")))
    return str(words) % numbers if words is not None else str(flag.get("rule"))


def describe_event(event: ReferralEvent) -> str:
    """Return what a step of a history was."""
    return str(_EVENTS.get(event.kind, event.kind))


def describe_reason(event: ReferralEvent) -> str:
    """Return why a step was taken, nothing where the step says it."""
    because = str(event.reason.get("because") or "")
    said = str(_BECAUSE.get(because, because)) if because else ""
    return said if event.kind in ("held", "rejected", "reversed", "expired", "claimed") else ""


def name_actor(actor: str) -> str:
    """Return who took a step."""
    known = {"system": _("Regulars, by itself"), "store": _("your server"), "friend": _("the friend")}
    return str(known.get(actor, actor))


def describe_reward(reward: Mapping[str, Any], pools: Mapping[str, CouponPool]) -> str:
    """Return what a side gets."""
    if reward["kind"] == "points":
        points = reward["points"]
        return str(ngettext("%(shown)s point", "%(shown)s points", points, shown=format_number(points)))
    if reward["kind"] == "coupon":
        pool = pools.get(reward["pool_id"])
        return f"{pool.name} ({describe_worth(pool)})" if pool else str(_("a coupon of a pool that is gone"))
    return str(_("nothing"))


def describe_rules(rules: Mapping[str, Any], pools: Mapping[str, CouponPool]) -> list[Section]:
    """Return rules as sections of what is said of each thing."""
    velocity = rules["velocity"]
    minimum = format_money(rules["minimum_minor"], rules["currency"]) if rules["minimum_minor"] else _("any amount")
    counts = [
        (_("The friend's order is worth at least"), minimum),
        (_("The return window is open for"), _say_days(rules["hold_days"])),
        (_("A claim waits for an order"), _say_days(rules["claim_days"])),
    ]
    usual = [
        (_("Claims are counted within"), _say_days(velocity["days"])),
        (_("of one advocate"), format_number(velocity["per_advocate"])),
        (_("from one internet connection"), format_number(velocity["per_network"])),
        (_("from the advocate's own connection"), format_number(velocity["per_own_network"])),
        (_("from one browser"), format_number(velocity["per_device"])),
    ]
    seen = [
        (_("Links lead to"), rules["landing_url"] or _("a page of ours")),
        (_("Own texts"), ", ".join(sorted(rules["texts"])) or _("none")),
        (_("Who has brought most friends"), _("shown") if rules["leaderboard"] else _("not shown")),
    ]
    return [
        (_("What both sides get"), _describe_rewards(rules, pools)),
        (_("What counts"), counts),
        (_("What is usual"), usual),
        (_("What shoppers see"), seen),
    ]


def compare_rules(
    before: Mapping[str, Any], after: Mapping[str, Any], pools: Mapping[str, CouponPool]
) -> list[tuple[str, str, str | None, str | None]]:
    """Return what differs between two versions: the section, the thing, what it was and what it is now."""
    was, is_now = (
        {(title, label): said for title, rows in describe_rules(rules, pools) for label, said in rows}
        for rules in (before, after)
    )
    return [
        (*place, was.get(place), is_now.get(place))
        for place in dict.fromkeys([*was, *is_now])
        if was.get(place) != is_now.get(place)
    ]


def _describe_rewards(rules: Mapping[str, Any], pools: Mapping[str, CouponPool]) -> list[tuple[str, str]]:
    steps = [
        (
            ngettext("At %(shown)s friend", "At %(shown)s friends", step["friends"], shown=step["friends"]),
            describe_reward(step["reward"], pools),
        )
        for step in rules["steps"]
    ]
    return [
        (_("The advocate, for each friend"), describe_reward(rules["advocate"], pools)),
        (_("The friend"), describe_reward(rules["friend"], pools)),
        *steps,
    ]


def _say_days(days: int) -> str:
    return str(ngettext("%(shown)s day", "%(shown)s days", days, shown=format_number(days)))
