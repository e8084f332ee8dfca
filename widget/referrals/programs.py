"""Which program a site has, and the rules of its versions, kept in the process: a version never changes."""

import uuid
from dataclasses import dataclass
from datetime import datetime

import orjson
from flask import current_app

from widget.core.hot import HotCursor, HotStatement, read_time
from widget.referrals.errors import NoReferralProgram
from widget.referrals.program import Program, read_program

_EXTENSION = "regulars_referral_programs"
MAX_VERSIONS_KEPT = 500

_PROGRAM = HotStatement("SELECT state, version, live_at FROM referral_programs WHERE site_id = :site_id")
_VERSION = HotStatement("SELECT rules FROM referral_versions WHERE site_id = :site_id AND version = :version")


@dataclass(frozen=True)
class CurrentProgram:
    """A site's program as it is now; nothing counts that happened before it was live."""

    state: str
    live_at: datetime | None
    rules: Program

    @property
    def is_live(self) -> bool:
        return self.state == "live"


def find_current(cursor: HotCursor, site_id: uuid.UUID) -> CurrentProgram | None:
    """Return a site's program, None where there never was one."""
    rows = cursor.fetch(_PROGRAM, {"site_id": site_id})
    if not rows:
        return None
    state, version, live_at = rows[0]
    return CurrentProgram(state, read_time(live_at), read_version(cursor, site_id, version))


def get_live(cursor: HotCursor, site_id: uuid.UUID) -> Program:
    """Return the rules of a site's live program; raise NoReferralProgram."""
    current = find_current(cursor, site_id)
    if current is None or not current.is_live:
        raise NoReferralProgram()
    return current.rules


def read_version(cursor: HotCursor, site_id: uuid.UUID, version: int) -> Program:
    """Return the rules of one version."""
    cache: dict[tuple[uuid.UUID, int], Program] = current_app.extensions.setdefault(_EXTENSION, {})
    known = cache.get((site_id, version))
    if known is None:
        ((rules,),) = cursor.fetch(_VERSION, {"site_id": site_id, "version": version})
        document = orjson.loads(rules) if isinstance(rules, str) else rules
        if len(cache) >= MAX_VERSIONS_KEPT:
            cache.clear()
        known = cache[site_id, version] = read_program(version, document)
    return known
