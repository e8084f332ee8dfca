"""Points for things done: a review, a survey, a birthday, whatever the rules of the program name."""

import uuid
from datetime import datetime, timedelta

from widget.core.hot import HotCursor, HotStatement
from widget.customers.segment_queries import list_segments_of
from widget.loyalty.entries import Cause
from widget.loyalty.ledger import OpenBook, open_book
from widget.loyalty.program import Action, Program
from widget.loyalty.programs import find_current
from widget.loyalty.rules import add_months, day_in, start_of_day
from widget.loyalty.tiers import count_for_tier, update_tier

_IS_KNOWN = HotStatement("SELECT 1 FROM loyalty_entries WHERE site_id = :site_id AND key = :key")
_COUNT_EARNED = HotStatement(
    """
    SELECT COUNT(*) FROM loyalty_entries
    WHERE site_id = :site_id AND customer_id = :customer_id AND rule = :rule AND kind = 'earn' AND occurred_at >= :since
    """
)
_BEGINNING = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def award_points(
    cursor: HotCursor,
    site_id: uuid.UUID,
    customer_id: uuid.UUID,
    action_key: str,
    what: str,
    now: datetime,
    *,
    has_extra: bool = False,
    actor: str = "system",
) -> int:
    """Give a customer the points of an action, once for each `what`; return how many were given.

    None are given by a program that is not live or does not name the action, nor beyond the action's limit.
    """
    current = find_current(cursor, site_id)
    action = current.rules.actions.get(action_key) if current and current.is_live else None
    if current is None or action is None:
        return 0
    program, key = current.rules, f"{action_key}:{what}"
    opened = open_book(cursor, site_id, customer_id, now)
    points = action.points + (action.extra_points if has_extra else 0)
    if not points or cursor.fetch(_IS_KNOWN, {"site_id": site_id, "key": key}):
        return 0
    if _is_used_up(cursor, program, action, site_id, customer_id, now):
        return 0
    cause = Cause(
        source=key,
        actor=actor,
        rule=action_key,
        rule_version=program.version,
        reason={"points": action.points, "extra": points - action.points},
        key=key,
    )
    start = program.available_at(now) if action_key == "referral" else now
    earn(cursor, program, site_id, customer_id, opened, points, cause, start)
    update_tier(cursor, program, site_id, customer_id, opened, now)
    opened.save()
    return points


def earn(
    cursor: HotCursor,
    program: Program,
    site_id: uuid.UUID,
    customer_id: uuid.UUID,
    opened: OpenBook,
    points: int,
    cause: Cause,
    available_at: datetime,
) -> None:
    """Credit points, count them for the tier from the day they can be spent, and keep the account alive."""
    book = opened.book
    book.credit(points, "earn", cause, available_at=available_at, expires_at=program.expires_at(available_at))
    count_for_tier(cursor, site_id, customer_id, day_in(available_at, program.zone), points=points)
    if cause.source.startswith("order:") or not program.is_kept_alive_by_purchases_only:
        keep_alive(program, opened)


def keep_alive(program: Program, opened: OpenBook) -> None:
    """Let the account's inactivity begin anew."""
    opened.book.inactive_at = program.inactive_at(opened.book.settled_at)


def list_segments(site_id: uuid.UUID, customer_id: uuid.UUID) -> frozenset[str]:
    """Return the segments a customer is in, as the rules name them: by their ids."""
    return frozenset(str(segment.id) for segment in list_segments_of(site_id, customer_id))


def _is_used_up(
    cursor: HotCursor, program: Program, action: Action, site_id: uuid.UUID, customer_id: uuid.UUID, now: datetime
) -> bool:
    if action.limit is None:
        return False
    since = _period_start(action.per, program, now)
    rule = {"site_id": site_id, "customer_id": customer_id, "rule": action.key, "since": since}
    ((earned,),) = cursor.fetch(_COUNT_EARNED, rule)
    return bool(earned >= action.limit)


def _period_start(per: str, program: Program, now: datetime) -> datetime:
    """Return when the day, week, month or year began in the store's time zone."""
    today = day_in(now, program.zone)
    starts = {
        "day": today,
        "week": today - timedelta(days=today.weekday()),
        "month": today.replace(day=1),
        "year": add_months(today.replace(day=1), 1 - today.month),
    }
    return start_of_day(starts[per], program.zone) if per in starts else _BEGINNING
