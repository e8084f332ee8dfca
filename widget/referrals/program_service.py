"""Use cases of the program: changing it, setting it live. A change is a new version, for claims from now on."""

import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from widget.core.db import db
from widget.core.problems import FieldError, InvalidFields, flatten_messages
from widget.coupons.queries import find_pool
from widget.loyalty.program_queries import find_program as find_loyalty_program
from widget.referrals.errors import NoReferralProgram
from widget.referrals.models import ReferralProgram, ReferralVersion
from widget.referrals.program_checks import complete_rules, find_rules_errors
from widget.referrals.redirects import is_of_origins
from widget.sites.models import Site
from widget.sites.queries import list_origins
from widget.sites.service import publish_change

STATES = ("draft", "live", "paused")


def find_program(site_id: uuid.UUID) -> ReferralProgram | None:
    """Return a site's program, None where there never was one."""
    return db.session.get(ReferralProgram, site_id)


def get_program(site_id: uuid.UUID) -> ReferralProgram:
    """Return a site's program; raise NoReferralProgram."""
    program = find_program(site_id)
    if program is None:
        raise NoReferralProgram()
    return program


def get_version(program: ReferralProgram) -> ReferralVersion:
    """Return the present version of a program."""
    return db.session.get_one(ReferralVersion, (program.site_id, program.version))


def check_rules(site: Site, rules: Any, base: str = "#") -> dict[str, Any]:
    """Return rules as they are stored; raise InvalidFields with a pointer below `base` to each thing."""
    errors = flatten_messages(find_rules_errors(rules), base) or list(_find_strangers(site, rules, base))
    if errors:
        raise InvalidFields(errors=errors)
    return complete_rules(rules)


def change_program(site: Site, rules: Mapping[str, Any], now: datetime, *, actor: str) -> ReferralVersion:
    """Make checked rules the site's present version; rules that are those there are make none."""
    program = _hold_program(site.id, now)
    if program.version and (present := get_version(program)).rules == rules:
        return present
    program.version += 1
    db.session.flush()
    version = ReferralVersion(site_id=site.id, version=program.version, rules=dict(rules), actor=actor, created_at=now)
    db.session.add(version)
    db.session.flush()
    publish_change(site)
    return version


def set_state(site: Site, state: str, now: datetime) -> bool:
    """Set a program live or pause it; return whether that changed something. Raise NoReferralProgram.

    A pause takes no new claims; what was claimed before is kept as it was promised.
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


def _hold_program(site_id: uuid.UUID, now: datetime) -> ReferralProgram:
    program = find_program(site_id)
    if program is None:
        program = ReferralProgram(site_id=site_id, state="draft", version=0, created_at=now)
        db.session.add(program)
        db.session.flush()
    else:
        db.session.refresh(program, with_for_update=True)
    return program


def _find_strangers(site: Site, rules: Mapping[str, Any], base: str) -> Iterator[FieldError]:
    """Yield what rules name that the site does not have: pools of coupons, a points program, an origin."""
    named = {name: rules[name] for name in ("advocate", "friend")}
    named |= {f"steps/{place}/reward": step["reward"] for place, step in enumerate(rules.get("steps", []))}
    for place, reward in named.items():
        if reward["kind"] == "points" and find_loyalty_program(site.id) is None:
            yield FieldError(f"{base}/{place}/kind", "There is no points program.")
        if reward["kind"] == "coupon":
            pool = find_pool(site.id, uuid.UUID(reward["pool_id"]))
            if pool is None or pool.archived_at is not None:
                yield FieldError(f"{base}/{place}/pool_id", "There is no such pool of coupons.")
    landing_url = rules.get("landing_url")
    if landing_url is not None and not is_of_origins(landing_url, list_origins(site)):
        yield FieldError(f"{base}/landing_url", "Must be a page of an origin on the site's list.")
