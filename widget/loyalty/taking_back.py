"""Points of actions that turn out not to have been deserved, such as for a review that was spam: taken back, and
given again where that was wrong."""

import uuid
from datetime import datetime

from widget.core.hot import HotCursor, HotStatement, read_id, read_time
from widget.loyalty.entries import Cause
from widget.loyalty.ledger import open_book
from widget.loyalty.programs import find_current, read_version
from widget.loyalty.rules import day_in
from widget.loyalty.tiers import count_for_tier, update_tier

_AWARD = HotStatement(
    """
    SELECT e.customer_id, e.delta, e.rule, e.rule_version, e.available_at, COALESCE(c.merged_into_id, c.id)
    FROM loyalty_entries e JOIN customers c ON c.site_id = e.site_id AND c.id = e.customer_id
    WHERE e.site_id = :site_id AND e.key = :key
    """
)
_STANDING = HotStatement(
    """
    SELECT COALESCE(SUM(delta), 0) FROM loyalty_entries
    WHERE site_id = :site_id AND customer_id IN (:first_id, :customer_id) AND source = :source
        AND kind IN ('earn', 'claw')
    """
)


def revise_award(
    cursor: HotCursor, site_id: uuid.UUID, action_key: str, what: str, now: datetime, *, is_deserved: bool
) -> None:
    """Take back what an action was given, or give it again as it was; a repeat changes nothing."""
    source = f"{action_key}:{what}"
    rows = cursor.fetch(_AWARD, {"site_id": site_id, "key": source})
    current = find_current(cursor, site_id)
    if not rows or current is None:
        return
    first_id, points, rule, version, available_at, customer_id = rows[0]
    first_id, customer_id, start = read_id(first_id), read_id(customer_id), read_time(available_at) or now
    opened = open_book(cursor, site_id, customer_id, now)
    names = {"site_id": site_id, "first_id": first_id, "customer_id": customer_id, "source": source}
    ((standing,),) = cursor.fetch(_STANDING, names)
    difference = (points if is_deserved else 0) - int(standing)
    if not difference:
        return
    cause = Cause(source, rule=rule, rule_version=version, reason={"before": int(standing), "after": points})
    rules = read_version(cursor, site_id, version)
    if difference > 0:
        opened.book.credit(difference, "earn", cause, available_at=start, expires_at=rules.expires_at(start))
        counted = difference
    else:
        cause = Cause(source, rule=rule, rule_version=version, reason={"before": int(standing), "after": 0})
        opened.load_source(source)
        counted = difference + opened.book.take_back(-difference, "claw", cause, debt_limit=current.rules.debt_limit)
    count_for_tier(cursor, site_id, customer_id, day_in(start, rules.zone), points=counted)
    update_tier(cursor, current.rules, site_id, customer_id, opened, now)
    opened.save()
