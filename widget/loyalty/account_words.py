"""What the pages of accounts call things, in the owner's language."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from widget.core.formats import current_locale
from widget.customers.models import Customer
from widget.loyalty.account_filters import NO_TIER
from widget.loyalty.program import Program, Tier
from widget.loyalty.rules import day_in
from widget.loyalty.verifying import Fault

SHOW_NAMES = {
    "": _l("Everybody"),
    "owing": _l("Owe points"),
    "expiring": _l("Lose points within 30 days"),
    "pinned": _l("Tier set by hand"),
}
SORT_NAMES = {
    "points": _l("Points"),
    "lifetime": _l("Points ever earned"),
    "debt": _l("Points owed"),
    "newest": _l("Newest accounts"),
}
REDEMPTION_STATES = {
    "held": _l("held"),
    "issued": _l("code given"),
    "used": _l("code used"),
    "cancelled": _l("cancelled"),
}
FAULTS = {
    "The entry was altered, left out or added.": _l("The entry was altered, left out or added."),
    "Entries at the end are missing, or were added.": _l("Entries at the end are missing, or were added."),
    "What is left of these points is not what their uses leave.": _l(
        "What is left of these points is not what their uses leave."
    ),
    "The balance is not what is left of the points.": _l("The balance is not what is left of the points."),
}


def name_customer(customer: Customer) -> str:
    """Return how a page calls a customer: by name, else by e-mail, else by the store's id."""
    return customer.name or customer.email or customer.external_id or str(_("Somebody"))


def name_tier(key: str | None, program: Program | None) -> str:
    """Return what an owner calls a tier; one that the program no longer has keeps its key."""
    if key is None:
        return str(_("no tier"))
    tier = program.find_tier(key) if program else None
    return _name(tier) if tier else key


def last_day(moment: datetime, program: Program | None) -> date:
    """Return the last day, in the store's time zone, on which points that are gone at a moment are good."""
    return day_in(moment - timedelta(microseconds=1), program.zone if program else ZoneInfo("UTC"))


def list_tier_choices(program: Program | None, *, with_any: bool) -> Sequence[tuple[str, str]]:
    """Return the tiers of a program as choices of a form."""
    tiers = [(tier.key, _name(tier)) for tier in program.tiers] if program else []
    none = (NO_TIER if with_any else "", str(_("No tier")))
    return [("", str(_("Any"))), none, *tiers] if with_any else [none, *tiers]


def say_fault(fault: Fault) -> str:
    """Return what is wrong with an account's ledger."""
    return str(FAULTS.get(fault.what, _("The account's sums are not what its entries add up to.")))


def _name(tier: Tier) -> str:
    language = current_locale().language
    return tier.names.get(language) or tier.names.get("en") or next(iter(tier.names.values()), tier.key)
