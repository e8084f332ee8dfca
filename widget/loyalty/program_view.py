"""What the pages of the program show: choices of its form, examples, and what differs between versions."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import available_timezones

from babel import Locale
from flask_babel import gettext as _

from widget.core.clock import utc_now
from widget.core.formats import current_locale
from widget.core.money import CURRENCIES
from widget.core.problems import InvalidFields, flatten_messages
from widget.coupons.queries import list_pools
from widget.customers.segment_queries import list_segments
from widget.loyalty import program_examples, program_words, tier_words
from widget.loyalty.models import LoyaltyVersion
from widget.loyalty.program_checks import complete_rules, find_rules_errors
from widget.loyalty.program_form import ProgramForm, list_languages
from widget.loyalty.program_service import Preview, check_rules
from widget.loyalty.program_words import compare_rules
from widget.sites.models import Site

USUAL_CURRENCIES = ("EUR", "USD", "GBP", "CHF", "IDR", "JPY")
USUAL_ZONES = {"it": "Europe/Rome", "id": "Asia/Jakarta"}
FIGURES = ("lost_customers", "lost_points", "sooner_customers", "sooner_points", "later_customers", "later_points")
Rules = Mapping[str, Any]

list_examples = program_examples.list_examples
compare = compare_rules


def list_beginnings(site: Site) -> dict[str, Any]:
    """Return what is chosen before there is a program."""
    locale = current_locale()
    return {
        "currencies": _list_currencies(locale),
        "currency": site.reporting_currency or "EUR",
        "zones": list_zones(),
        "zone": USUAL_ZONES.get(locale.language, "UTC"),
    }


def list_choices(site: Site, form: ProgramForm) -> dict[str, Any]:
    """Return what the form shows beside its fields."""
    return {
        "form": form,
        "words": program_words,
        "tier_words": tier_words,
        "languages": list_languages(form),
        "currencies": _list_currencies(current_locale()),
        "zones": list_zones(),
        "pools": [(str(pool.id), pool.name) for pool in list_pools(site.id)],
        "segments": [(str(segment.id), segment.name) for segment in list_segments(site.id)],
        "tiers": _list_tiers(form),
        **draft_examples(form),
    }


def check_form(site_id: uuid.UUID, form: ProgramForm) -> dict[str, Any] | None:
    """Return the checked rules of a form, None where something is wrong, which the form then says."""
    rules = form.read()
    try:
        checked = check_rules(site_id, rules)
    except InvalidFields as problem:
        form.add_errors(problem.errors)
        return None
    return None if form.errors else checked


def draft_examples(form: ProgramForm) -> dict[str, Any]:
    """Return examples of the rules that stand in a form, or why there are none yet."""
    draft = ProgramForm(form.values, form.rows)
    rules = draft.read()
    if draft.errors or flatten_messages(find_rules_errors(rules)):
        return {"examples": [], "note": str(_("Something in the form is not complete yet."))}
    return {"examples": list_examples(complete_rules(rules), utc_now()), "note": ""}


def needs_look(preview: Preview, before: Rules, after: Rules) -> bool:
    """Return whether a change could touch what customers have, so that its figures are shown before it is saved."""
    is_other_expiry = before["expiry"] != after["expiry"] and preview.expiry.changes_something
    return bool(preview.tiers.up or preview.tiers.down or is_other_expiry)


def list_changes(versions: Sequence[LoyaltyVersion], most: int) -> list[tuple[LoyaltyVersion, Any]]:
    """Return versions, newest first, with what each changed; None for the first there was."""
    older = {version.version: version for version in versions}
    found = []
    for version in versions[:most]:
        before = older.get(version.version - 1)
        found.append((version, compare_rules(before.rules, version.rules) if before else None))
    return found


def facts_of_expiry(sections: Mapping[str, Any]) -> Any:
    """Return what the rules say of waiting and expiry."""
    return sections[str(_("Waiting and expiry"))]


def read_count(text: str) -> int:
    """Return a count of a hidden field; what is none is a count that nothing has.

    >>> read_count("12"), read_count("x")
    (12, -1)
    """
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 15 else -1


def list_zones() -> list[tuple[str, str]]:
    """Return the time zones that are named after places, and UTC."""
    left_out = ("Etc/", "posix", "right/", "SystemV/", "US/", "Brazil/", "Canada/", "Chile/", "Mexico/")
    places = {zone for zone in available_timezones() if "/" in zone and not zone.startswith(left_out)}
    return [(zone, zone.replace("_", " ")) for zone in ("UTC", *sorted(places))]


def _list_tiers(form: ProgramForm) -> list[tuple[str, str]]:
    """Return the tiers that have a key already, which campaigns may name."""
    tiers = []
    for place in range(form.rows["steps"]):
        key = form.value(f"steps.{place}.key")
        names = [form.value(f"steps.{place}.names.{language}") for language in form.languages]
        if key:
            tiers.append((key, next((name for name in names if name), key)))
    return tiers


def _list_currencies(locale: Locale) -> list[tuple[str, str]]:
    codes = [*USUAL_CURRENCIES, *sorted(CURRENCIES - set(USUAL_CURRENCIES))]
    return [(code, f"{code} · {locale.currencies[code]}") for code in codes if code in locale.currencies]
