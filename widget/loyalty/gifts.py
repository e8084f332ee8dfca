"""Points that another room gives for its own reasons, such as for a friend: given once for each cause, taken back, and
given again where that was wrong."""

import uuid
from datetime import datetime

from widget.core.hot import HotCursor, HotStatement
from widget.loyalty.earning import earn, find_member
from widget.loyalty.entries import Cause
from widget.loyalty.ledger import open_book
from widget.loyalty.programs import find_current
from widget.loyalty.taking_back import revise_award
from widget.loyalty.tiers import update_tier

_KNOWN = HotStatement("SELECT delta FROM loyalty_entries WHERE site_id = :site_id AND key = :key")


def grant_points(
    cursor: HotCursor,
    site_id: uuid.UUID,
    customer_id: uuid.UUID,
    points: int,
    rule: str,
    what: str,
    now: datetime,
    *,
    actor: str = "system",
) -> bool:
    """Give a customer points, once for each `what`, or again what was taken back; return whether they have them.

    They can be spent at once: whoever gives them has waited. Nobody gets any from a program that is not live, or who
    takes no part in it; call again later.
    """
    current = find_current(cursor, site_id)
    if current is None or not current.is_live:
        return False
    program, key = current.rules, f"{rule}:{what}"
    member_id = find_member(cursor, program, site_id, customer_id)
    if member_id is None:
        return False
    opened = open_book(cursor, site_id, member_id, now)
    if cursor.fetch(_KNOWN, {"site_id": site_id, "key": key}):
        revise_award(cursor, site_id, rule, what, now, is_deserved=True)
        return True
    reason = {"points": points}
    cause = Cause(key, actor=actor, rule=rule, rule_version=program.version, reason=reason, key=key)
    earn(cursor, program, site_id, member_id, opened, points, cause, now)
    update_tier(cursor, program, site_id, member_id, opened, now)
    opened.save()
    return True


def take_back_grant(cursor: HotCursor, site_id: uuid.UUID, rule: str, what: str, now: datetime) -> None:
    """Take back points that were given for a cause, whatever has become of them; a repeat changes nothing."""
    revise_award(cursor, site_id, rule, what, now, is_deserved=False)
