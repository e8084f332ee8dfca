"""Points for things done: a review, a survey, a birthday, whatever the rules of the program name."""

import uuid
from datetime import datetime, timedelta

from widget.core.hot import HotCursor, HotStatement, read_id
from widget.customers.segment_queries import list_segments_of
from widget.loyalty.entries import Cause
from widget.loyalty.ledger import OpenBook, open_book
from widget.loyalty.program import Action, Program
from widget.loyalty.programs import find_current
from widget.loyalty.rules import add_months, day_in, start_of_day
from widget.loyalty.tiers import count_for_tier, update_tier

_KNOWN = HotStatement("SELECT customer_id, delta FROM loyalty_entries WHERE site_id = :site_id AND key = :key")
# Who was merged into another is the other; guests have no account of the store.
_MEMBER = HotStatement(
    """
    SELECT c.id, c.external_id, a.joined_at
    FROM customers k
    JOIN customers c ON c.site_id = k.site_id AND c.id = COALESCE(k.merged_into_id, k.id)
    LEFT JOIN loyalty_accounts a ON a.site_id = c.site_id AND a.customer_id = c.id
    WHERE k.site_id = :site_id AND k.id = :customer_id
    """
)
_COUNT_TOLD = HotStatement(
    """
    SELECT COUNT(*) FROM customer_attributes a
    JOIN customers k ON k.site_id = a.site_id AND COALESCE(k.merged_into_id, k.id) = a.customer_id
    WHERE k.site_id = :site_id AND k.id = :customer_id AND a.name IN ('birthday', 'interests')
    """
)
_COUNT_EARNED = HotStatement(
    """
    SELECT COUNT(*) FROM loyalty_entries
    WHERE site_id = :site_id AND customer_id = :customer_id AND rule = :rule AND kind = 'earn' AND occurred_at >= :since
    """
)
# What a shopper tells of themselves where a survey asks for it.
PROFILE = ("birthday", "interests")
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
    once_a_period: bool = False,
    actor: str = "system",
) -> int:
    """Give a customer the points of an action, once for each `what`, or once in each of its periods; return how many.

    None are given by a program that is not live or does not name the action, to who does not take part in it, nor
    beyond the action's limit.
    """
    current = find_current(cursor, site_id)
    action = current.rules.actions.get(action_key) if current and current.is_live else None
    if current is None or action is None:
        return 0
    program = current.rules
    points = action.points + (action.extra_points if has_extra else 0)
    member_id = find_member(cursor, program, site_id, customer_id)
    period = f":{member_id}:{_name_period(action, program, now)}" if once_a_period else ""
    key = f"{action_key}:{what}{period}"
    if not points or member_id is None or cursor.fetch(_KNOWN, {"site_id": site_id, "key": key}):
        return 0
    opened = open_book(cursor, site_id, member_id, now)
    # Asked again now that nobody else gives this member anything.
    is_known = bool(cursor.fetch(_KNOWN, {"site_id": site_id, "key": key}))
    if is_known or _is_used_up(cursor, program, action, site_id, member_id, now):
        return 0
    reason = {"points": action.points, "extra": points - action.points}
    cause = Cause(key, actor=actor, rule=action_key, rule_version=program.version, reason=reason, key=key)
    earn(cursor, program, site_id, member_id, opened, points, cause, now)
    update_tier(cursor, program, site_id, member_id, opened, now)
    opened.save()
    return points


def award_profile(cursor: HotCursor, site_id: uuid.UUID, customer_id: uuid.UUID, now: datetime) -> int:
    """Give a customer the points of a profile, once, where they have told all of it; return how many."""
    ((told,),) = cursor.fetch(_COUNT_TOLD, {"site_id": site_id, "customer_id": customer_id})
    if told < len(PROFILE):
        return 0
    return award_points(cursor, site_id, customer_id, "profile", str(customer_id), now)


def is_paying(cursor: HotCursor, site_id: uuid.UUID, *action_keys: str) -> bool:
    """Return whether a site has a live program that gives points for any of these."""
    current = find_current(cursor, site_id)
    return current is not None and current.is_live and not current.rules.actions.keys().isdisjoint(action_keys)


def find_member(cursor: HotCursor, program: Program, site_id: uuid.UUID, customer_id: uuid.UUID) -> uuid.UUID | None:
    """Return the account of the store that earns for a customer, None where they take no part in the program."""
    rows = cursor.fetch(_MEMBER, {"site_id": site_id, "customer_id": customer_id})
    if not rows or rows[0][1] is None:
        return None
    return read_id(rows[0][0]) if program.is_automatic or rows[0][2] is not None else None


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
    since = period_start(action.per, program, now)
    rule = {"site_id": site_id, "customer_id": customer_id, "rule": action.key, "since": since}
    ((earned,),) = cursor.fetch(_COUNT_EARNED, rule)
    return bool(earned >= action.limit)


def _name_period(action: Action, program: Program, now: datetime) -> str:
    """Return what a period is called in keys: its first day in the store's time zone."""
    return day_in(period_start(action.per, program, now), program.zone).isoformat()


def period_start(per: str, program: Program, now: datetime) -> datetime:
    """Return when the day, week, month or year began in the store's time zone."""
    today = day_in(now, program.zone)
    starts = {
        "day": today,
        "week": today - timedelta(days=today.weekday()),
        "month": today.replace(day=1),
        "year": add_months(today.replace(day=1), 1 - today.month),
    }
    return start_of_day(starts[per], program.zone) if per in starts else _BEGINNING
