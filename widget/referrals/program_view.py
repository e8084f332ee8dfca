"""What the pages of the program show: choices of its form, and what differs between versions."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from widget.core.db import db
from widget.core.formats import current_locale
from widget.core.money import CURRENCIES
from widget.core.problems import InvalidFields
from widget.coupons.models import CouponPool
from widget.coupons.queries import list_pools
from widget.loyalty.program_queries import find_program as find_loyalty_program
from widget.referrals.models import ReferralProgram, ReferralVersion
from widget.referrals.owner_words import compare_rules
from widget.referrals.program import default_rules
from widget.referrals.program_form import ProgramForm
from widget.referrals.program_service import check_rules
from widget.sites.models import Site
from widget.sites.queries import list_origins

USUAL_CURRENCIES = ("EUR", "USD", "GBP", "CHF", "IDR", "JPY")
VERSIONS_SHOWN = 50


def list_beginnings(site: Site) -> dict[str, Any]:
    """Return what is chosen before there is a program."""
    return {"currencies": list_currencies(), "currency": site.reporting_currency or "EUR"}


def draft_rules(site_id: uuid.UUID, currency: str) -> dict[str, Any]:
    """Return the rules of a program to start from; without a points program nobody can be given points."""
    rules = default_rules(currency)
    if find_loyalty_program(site_id) is None:
        rules |= {"advocate": {"kind": "none"}, "friend": {"kind": "none"}}
    return rules


def list_choices(site: Site, form: ProgramForm) -> dict[str, Any]:
    """Return what the form shows beside its fields."""
    has_points = find_loyalty_program(site.id) is not None
    kinds = [("points", _("Points"))] if has_points else []
    kinds += [("coupon", _("A coupon")), ("none", _("Nothing"))]
    return {
        "form": form,
        "kinds": kinds,
        "has_points": has_points,
        "pools": [(str(pool.id), pool.name) for pool in list_pools(site.id)],
        "currencies": list_currencies(),
        "origins": sorted(list_origins(site)),
        "text_names": {"offer": _("The offer, in one sentence"), "message": _("What is shared, before the link")},
    }


def check_form(site: Site, form: ProgramForm) -> dict[str, Any] | None:
    """Return the checked rules of a form, None where something is wrong, which the form then says."""
    rules = form.read()
    try:
        checked = check_rules(site, rules)
    except InvalidFields as problem:
        form.add_errors(problem.errors)
        return None
    return None if form.errors else checked


def list_changes(program: ReferralProgram) -> Sequence[tuple[ReferralVersion, Any]]:
    """Return the latest versions, newest first, with what each changed; None for the first there was."""
    is_its = ReferralVersion.site_id == program.site_id
    newest = select(ReferralVersion).where(is_its).order_by(ReferralVersion.version.desc()).limit(VERSIONS_SHOWN + 1)
    versions, pools = db.session.scalars(newest).all(), map_all_pools(program.site_id)
    older = {version.version: version for version in versions}
    found = []
    for version in versions[:VERSIONS_SHOWN]:
        before = older.get(version.version - 1)
        found.append((version, compare_rules(before.rules, version.rules, pools) if before else None))
    return found


def map_all_pools(site_id: uuid.UUID) -> Mapping[str, CouponPool]:
    """Return the pools of a site, archived ones too, by the id that rules name."""
    return {str(pool.id): pool for pool in list_pools(site_id, with_archived=True)}


def list_currencies() -> list[tuple[str, str]]:
    """Return the currencies with their names, the usual ones first."""
    names = current_locale().currencies
    codes = [*USUAL_CURRENCIES, *sorted(CURRENCIES - set(USUAL_CURRENCIES))]
    return [(code, f"{code} · {names[code]}") for code in codes if code in names]
