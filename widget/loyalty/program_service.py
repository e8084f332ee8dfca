"""Use cases of the program: making it, changing it, setting it live. A change is a new version and pays from now on."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from widget.core.db import db, session_cursor
from widget.core.problems import FieldError, InvalidFields, flatten_messages
from widget.coupons.queries import find_pool
from widget.customers.segment_queries import find_unknown_segments
from widget.loyalty.errors import PreviewNeeded
from widget.loyalty.ledger import find_book
from widget.loyalty.models import LoyaltyProgram, LoyaltyVersion
from widget.loyalty.previewing import ExpiryPreview, TierPreview, preview_expiry, preview_tiers
from widget.loyalty.program import Program, read_program
from widget.loyalty.program_checks import complete_rules, find_rules_errors
from widget.loyalty.program_queries import find_program, get_program, get_version
from widget.loyalty.tiers import update_tier
from widget.sites.models import Site
from widget.sites.service import publish_change

STATES = ("draft", "live", "paused")


@dataclass(frozen=True)
class Preview:
    """What rules would change; expiry applies to points there are only where an owner says so after saving."""

    expiry: ExpiryPreview
    tiers: TierPreview
    is_new: bool


def check_rules(site_id: uuid.UUID, rules: Any, base: str = "#") -> dict[str, Any]:
    """Return rules as they are stored; raise InvalidFields with a pointer below `base` to each thing."""
    errors = flatten_messages(find_rules_errors(rules), base) or _find_strangers(site_id, rules, base)
    if errors:
        raise InvalidFields(errors=errors)
    return complete_rules(rules)


def preview_change(site_id: uuid.UUID, rules: Mapping[str, Any], now: datetime) -> Preview:
    """Return what would be different if checked rules applied to what customers have already."""
    program = find_program(site_id)
    if program is None:
        return Preview(ExpiryPreview(), TierPreview(), is_new=True)
    stored = get_version(program).rules
    current, wanted = read_program(program.version, stored), read_program(program.version + 1, rules)
    expiry = preview_expiry(site_id, wanted, now)
    return Preview(expiry, _preview_tiers(site_id, current, wanted, stored, rules, now), is_new=stored != rules)


def change_program(
    site: Site, rules: Mapping[str, Any], now: datetime, *, actor: str, confirmed_down: int = 0
) -> LoyaltyVersion:
    """Make checked rules the site's present version; rules that are those there are make none.

    Points already given keep their expiry. Tiers follow at once: raise PreviewNeeded unless as many customers as
    `confirmed_down` says would be in a lower one.
    """
    program = _hold_program(site.id, now)
    if program.version:
        present = get_version(program)
        if present.rules == rules:
            return present
    before = read_program(program.version, get_version(program).rules) if program.version else None
    after = read_program(program.version + 1, rules)
    movers = TierPreview()
    if before is not None:
        movers = _preview_tiers(site.id, before, after, get_version(program).rules, rules, now)
    if len(movers.down) != confirmed_down:
        raise PreviewNeeded(f"{len(movers.down)} customers would be in a lower tier.")
    program.version += 1
    db.session.flush()
    version = LoyaltyVersion(site_id=site.id, version=program.version, rules=dict(rules), actor=actor, created_at=now)
    db.session.add(version)
    db.session.flush()
    _move_tiers(site.id, after, movers, now)
    publish_change(site)
    return version


def set_state(site: Site, state: str, now: datetime) -> bool:
    """Set a program live or pause it; return whether that changed something. Raise NoProgram.

    It pays for what happens from when it is live: what was ordered during a pause earns nothing later either.
    """
    program = get_program(site.id)
    db.session.refresh(program, with_for_update=True)
    if program.state == state:
        return False
    if state == "draft":
        raise InvalidFields(errors=[FieldError("#/state", "A program that was live can be paused.")])
    if state == "paused" and program.live_at is None:
        raise InvalidFields(errors=[FieldError("#/state", "The program was never live.")])
    program.state = state
    if state == "live":
        program.live_at = now
    db.session.flush()
    publish_change(site)
    return True


def _hold_program(site_id: uuid.UUID, now: datetime) -> LoyaltyProgram:
    program = find_program(site_id)
    if program is None:
        program = LoyaltyProgram(site_id=site_id, state="draft", version=0, created_at=now)
        db.session.add(program)
        db.session.flush()
    else:
        db.session.refresh(program, with_for_update=True)
    return program


def _preview_tiers(
    site_id: uuid.UUID,
    current: Program,
    wanted: Program,
    stored: Mapping[str, Any],
    rules: Mapping[str, Any],
    now: datetime,
) -> TierPreview:
    """Return whose tier would be another; where nothing is said anew of tiers, nobody's."""
    if (stored["tiers"], stored["time_zone"]) == (rules["tiers"], rules["time_zone"]):
        return TierPreview()
    return preview_tiers(site_id, current, wanted, now)


def _move_tiers(site_id: uuid.UUID, rules: Program, movers: TierPreview, now: datetime) -> None:
    """Bring customers to the tier of new rules, with what a tier gives on entry."""
    cursor = session_cursor()
    for customer_id in sorted((*movers.up, *movers.down)):
        opened = find_book(cursor, site_id, customer_id, now)
        if opened is not None:
            update_tier(cursor, rules, site_id, customer_id, opened, now)
            opened.save()


def _find_strangers(site_id: uuid.UUID, rules: Mapping[str, Any], base: str) -> list[FieldError]:
    """Return what rules name that the site does not have: segments and pools of coupons."""
    named = {place: uuid.UUID(one["segment"]) for place, one in enumerate(rules["campaigns"]) if one.get("segment")}
    unknown = find_unknown_segments(site_id, set(named.values()))
    errors = [
        FieldError(f"{base}/campaigns/{place}/segment", "There is no such segment.")
        for place, segment in named.items()
        if segment in unknown
    ]
    for place, step in enumerate(rules["tiers"]["steps"]):
        pool = find_pool(site_id, uuid.UUID(step["gift_pool"])) if step.get("gift_pool") else None
        if step.get("gift_pool") and (pool is None or pool.archived_at is not None):
            errors.append(FieldError(f"{base}/tiers/steps/{place}/gift_pool", "There is no such pool of coupons."))
    return errors
