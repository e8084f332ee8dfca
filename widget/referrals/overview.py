"""What an advocate sees: their link, how it is shared, and what came of it; a stranger sees the offer alone."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import segno

from widget.core.clock import utc_now
from widget.core.db import session_cursor
from widget.coupons.models import Coupon, CouponPool
from widget.coupons.queries import map_coupons, map_pools
from widget.customers.queries import map_customers
from widget.loyalty.program_queries import find_rules
from widget.loyalty.texts import Words as PointWords
from widget.referrals.contest_overview import describe_contest, word_contest
from widget.referrals.contest_queries import find_shown
from widget.referrals.models import Referral
from widget.referrals.program import Program
from widget.referrals.programs import get_live, read_version
from widget.referrals.queries import find_code, list_leaders, list_own, map_stats
from widget.referrals.rules import mask_name
from widget.referrals.sharing import SHARED_BY, address_of, draw_path, link_of
from widget.referrals.texts import Words, choose_texts_language

# What an advocate is told of a referral: neither that it is looked at, nor why it came to nothing.
SHOWN_STATES = {
    "claimed": "claimed",
    "qualified": "pending",
    "held": "pending",
    "rewarded": "rewarded",
    "rejected": "ended",
    "reversed": "ended",
    "expired": "ended",
}


def build_overview(
    site_id: uuid.UUID, customer_id: uuid.UUID | None, wanted_languages: str, base_url: str
) -> dict[str, Any]:
    """Return the offer, and a customer's own link with all that came of it; raise NoReferralProgram."""
    rules = get_live(session_cursor(), site_id)
    words, pools = make_words(site_id, rules, wanted_languages), list_pools(site_id, rules)
    overview: dict[str, Any] = {"code": None, "offer": words.offer(rules, pools), "texts": dict(words.own)}
    if (contest := find_shown(site_id, now := utc_now())) is not None:
        described = describe_contest(contest, customer_id, now)
        overview["contest"] = described | word_contest(contest, described, customer_id, words)
    overview |= {"language": words.language, "steps": [], "terms": words.advocate_terms(rules)}
    overview["invitation"] = {"title": words.invitation(rules, pools), "text": words.friend_terms(rules)}
    if customer_id is None:
        return overview | {"text": words.say("take_part")}
    stats = map_stats(site_id, [customer_id])[customer_id]
    overview["stats"] = {
        "clicks": stats.clicks,
        "claims": stats.claims,
        "pending": stats.pending,
        "rewarded": stats.rewarded,
        "earned": {"points": stats.points, "coupons": stats.coupons, "text": words.earned(stats.points, stats.coupons)},
    }
    overview["steps"] = _describe_steps(rules, words, pools, stats.rewarded)
    overview["referrals"] = [_describe_own(row, words) for row in list_own(site_id, customer_id)]
    if rules.shows_leaderboard:
        overview["leaderboard"] = _describe_leaders(site_id, customer_id, words)
    code = find_code(site_id, customer_id)
    return overview if code is None else overview | _describe_code(code, rules, words, pools, base_url)


def describe_friend(referral: Referral, wanted_languages: str) -> dict[str, Any]:
    """Return what a friend gets, with the code of their coupon where they have one."""
    site_id = referral.site_id
    rules = read_version(session_cursor(), site_id, referral.version)
    words, pools = make_words(site_id, rules, wanted_languages), list_pools(site_id, rules)
    coupon = map_coupons(site_id, [referral.coupon_id]).get(referral.coupon_id) if referral.coupon_id else None
    described: dict[str, Any] = {"kind": rules.friend.kind}
    if coupon is not None and coupon.state != "cancelled":
        until = say_until(coupon.expires_at, words.language)
        described |= {"code": coupon.code, "expires_at": coupon.expires_at, "until": until}
    said = _choose_sentence(rules, coupon)
    return {**described, "text": words.say(said, friend=words.reward(rules.friend, pools))}


def say_until(end: datetime | None, language: str) -> str:
    """Return until when a coupon is good, nothing for one without an end."""
    words = Words(language, PointWords(language), {})
    return words.say("until", day=words.points.day(end.date())) if end is not None else ""


def make_words(site_id: uuid.UUID, rules: Program, wanted_languages: str) -> Words:
    """Return the texts in a shopper's language, with the names the owner gave to points and offer."""
    language, loyalty = choose_texts_language(wanted_languages), find_rules(site_id)
    return Words(language, PointWords(language, loyalty.names if loyalty else {}), rules.texts)


def list_pools(site_id: uuid.UUID, rules: Program) -> Mapping[Any, CouponPool]:
    """Return the pools of coupons that rules name, by id."""
    rewards = (rules.advocate, rules.friend, *(step.reward for step in rules.steps))
    ids = {reward.pool_id for reward in rewards if reward.pool_id is not None}
    return map_pools(site_id, ids) if ids else {}


def _choose_sentence(rules: Program, coupon: Coupon | None) -> str:
    if rules.friend.kind == "coupon":
        return "friend_coupon" if coupon is not None and coupon.state != "cancelled" else "friend_later"
    return f"friend_{rules.friend.kind}"


def _describe_code(
    code: str, rules: Program, words: Words, pools: Mapping[Any, CouponPool], base_url: str
) -> dict[str, Any]:
    friend, subject = words.reward(rules.friend, pools), words.offer(rules, pools)

    def say(link: str) -> str:
        if own := words.own.get("message"):
            return f"{own} {link}"
        return words.say("share" if friend else "share_none", friend=friend, link=link)

    links = {channel: link_of(base_url, code, channel) for channel in (*SHARED_BY, "share")}
    picture = segno.make(link_of(base_url, code, "qr"), error="m", micro=False)
    return {
        "code": code,
        "link": link_of(base_url, code),
        "share": {way: address_of(way, links[way], say(links[way]), subject) for way in SHARED_BY},
        "message": say(links["share"]),
        "qr": picture.svg_data_uri(scale=4, border=4, dark="#000", light="#fff"),
        "picture": {"path": draw_path(picture.matrix), "size": len(picture.matrix)},
    }


def _describe_steps(
    rules: Program, words: Words, pools: Mapping[Any, CouponPool], rewarded: int
) -> list[dict[str, Any]]:
    return [
        {
            "friends": step.friends,
            "label": words.friends(step.friends),
            "text": words.reward(step.reward, pools),
            "is_reached": step.friends <= rewarded,
            "missing": (missing := max(0, step.friends - rewarded)),
            "note": words.say("missing", friends=words.friends(missing)) if missing else words.say("reached"),
        }
        for step in rules.steps
    ]


def _describe_own(referral: Referral, words: Words) -> dict[str, Any]:
    friend = (
        map_customers(referral.site_id, [referral.friend_id]).get(referral.friend_id) if referral.friend_id else None
    )
    name = mask_name(friend.name if friend else None, referral.friend_email)
    is_claimed = referral.state == "held" and referral.order_id is None
    state = "claimed" if is_claimed else SHOWN_STATES[referral.state]
    return {"name": name, "state": state, "text": words.say(state), "claimed_at": referral.claimed_at}


def _describe_leaders(site_id: uuid.UUID, customer_id: uuid.UUID, words: Words) -> Sequence[dict[str, Any]]:
    return [
        {
            "name": mask_name(name, None),
            "friends": friends,
            "text": words.friends(friends),
            "is_you": leader_id == customer_id,
        }
        for leader_id, name, friends in list_leaders(site_id)
    ]
