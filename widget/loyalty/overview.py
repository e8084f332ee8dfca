"""Everything the element of points shows first, in one document."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from widget.core.hot import HotCursor
from widget.loyalty.book import Book
from widget.loyalty.coming import Coming, find_next_available, find_next_expiry
from widget.loyalty.offers import list_codes, list_offers
from widget.loyalty.program import Program, Tier
from widget.loyalty.progress import Progress, find_progress, find_tier_after
from widget.loyalty.rules import THOUSAND, day_in
from widget.loyalty.standing import Standing, read_book
from widget.loyalty.texts import Words, choose_text
from widget.loyalty.tiers import read_amounts
from widget.loyalty.ways import list_ways


def build_overview(
    cursor: HotCursor,
    site_id: uuid.UUID,
    program: Program,
    standing: Standing | None,
    words: Words,
    now: datetime,
    *,
    is_live: bool,
) -> dict[str, Any]:
    """Return what a customer sees first, or a stranger without a standing."""
    member = standing if standing and standing.has_joined else None
    document: dict[str, Any] = {
        "state": "live" if is_live else "paused",
        "account": None,
        "notes": [] if is_live else [words.say("paused")],
        "tier": None,
        "earn": list_ways(site_id, program, member, words, now) if is_live else [],
        "rewards": list_offers(site_id, member, words, now) if is_live else [],
        "codes": [],
    }
    if standing is None:
        names = ("stranger_title", "stranger", "stranger_link")
        return document | {"invitation": dict(zip(("title", "text", "link"), map(words.say, names), strict=True))}
    if member is None and is_live:
        document["invitation"] = {"title": words.say("invite_title"), "text": words.say("invite")}
    book = read_book(cursor, site_id, standing.customer_id, now)
    document["account"] = _describe_account(standing, book, words)
    document["notes"] += _list_notes(standing, book, words)
    document["tier"] = _describe_tier(cursor, site_id, standing, words, now)
    document["codes"] = list_codes(site_id, standing, words, now)
    return document


def _describe_account(standing: Standing, book: Book | None, words: Words) -> dict[str, Any]:
    return {
        **standing.describe(),
        "text": words.number(standing.balance),
        "unit": words.unit(standing.balance),
        "next_available": _describe_coming(find_next_available(book)),
        "next_expiry": _describe_coming(find_next_expiry(book)),
    }


def _describe_coming(coming: Coming | None) -> dict[str, Any] | None:
    return vars(coming) if coming else None


def _list_notes(standing: Standing, book: Book | None, words: Words) -> list[str]:
    """Return what is worth knowing of an account beside its balance."""
    program, notes = standing.rules, []
    coming, going = find_next_available(book), find_next_expiry(book)
    if coming:
        day = words.day(day_in(coming.at, program.zone))
        name = "pending" if coming.points == standing.pending else "pending_some"
        every = words.points(standing.pending)
        notes.append(words.say(name, points=words.points(coming.points), date=day, all=every))
    if standing.held:
        notes.append(words.say("held", points=words.points(standing.held)))
    if going:
        last = words.day_before(day_in(going.at, program.zone))
        is_all = book is not None and going.at == book.inactive_at
        by_purchase = "inactive_purchases" if program.is_kept_alive_by_purchases_only else "inactive"
        notes.append(words.say(by_purchase if is_all else "expiring", points=words.points(going.points), date=last))
    if book is not None and book.debt:
        notes.append(words.say("debt", points=words.points(book.debt)))
    return notes


def _describe_tier(
    cursor: HotCursor, site_id: uuid.UUID, standing: Standing, words: Words, now: datetime
) -> dict[str, Any] | None:
    program = standing.rules
    if not program.tiers:
        return None
    today = day_in(now, program.zone)
    amounts = read_amounts(cursor, program, site_id, standing.customer_id, today)
    tier = program.find_tier(standing.tier)
    progress = find_progress(program, standing.tier, amounts, today)
    described: dict[str, Any] = {
        "key": standing.tier,
        "name": _name(tier, words) if tier else None,
        "benefits": _list_benefits(tier, program, words) if tier else [],
        "until": standing.tier_until_on,
        "text": _say_until(standing, tier, amounts, words),
        "next": _describe_progress(progress, program, words) if progress else None,
    }
    if tier and progress is None:
        described["top"] = words.say("top", tier=described["name"])
    return described


def _describe_progress(progress: Progress, program: Program, words: Words) -> dict[str, Any]:
    spell = {"points": words.points, "orders": words.orders}
    money = words.money(progress.missing, program.currency)
    missing = spell[program.measure](progress.missing) if program.measure in spell else money
    name = _name(progress.next, words)
    return {
        "key": progress.next.key,
        "name": name,
        "missing": progress.missing,
        "measure": program.measure,
        "ratio": round(progress.ratio, 4),
        "text": words.say("to_next", missing=missing, tier=name),
        "benefits": _list_benefits(progress.next, program, words),
    }


def _say_until(standing: Standing, tier: Tier | None, amounts: Mapping[date, int], words: Words) -> str:
    """Return until when the tier is kept without another order, and what comes then."""
    if tier is None or standing.tier_until_on is None or standing.is_tier_pinned:
        return ""
    last, after = (
        words.day_before(standing.tier_until_on),
        find_tier_after(standing.rules, standing.tier_until_on, amounts),
    )
    if after is None:
        return words.say("kept", tier=_name(tier, words), date=last)
    return words.say("kept_then", tier=_name(tier, words), date=last, next=_name(after, words))


def _list_benefits(tier: Tier, program: Program, words: Words) -> list[str]:
    benefits = []
    if tier.multiplier_thousandths != THOUSAND:
        benefits.append(words.say("benefit_multiplier", factor=words.factor(tier.multiplier_thousandths)))
    if tier.percent_off_basis_points:
        benefits.append(words.say("benefit_percent", percent=words.percent(tier.percent_off_basis_points)))
    if tier.free_shipping_from_minor == 0:
        benefits.append(words.say("benefit_shipping"))
    elif tier.free_shipping_from_minor:
        amount = words.money(tier.free_shipping_from_minor, program.currency)
        benefits.append(words.say("benefit_shipping_from", amount=amount))
    if tier.has_early_access:
        benefits.append(words.say("benefit_early"))
    return benefits


def _name(tier: Tier, words: Words) -> str:
    return str(choose_text(tier.names, words.language) or tier.key)
