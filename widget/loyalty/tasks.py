"""The loyalty's periodic work: what time alone brings, in the order it is documented in.

An account is exact without it: whoever reads a balance counts what is due. Told to end, each task stops between two
transactions.
"""

from widget.core.background import pause
from widget.core.clock import utc_now
from widget.core.db import begin_writing_anew, db
from widget.core.hot import hot_transaction
from widget.loyalty.errors import RedemptionSettled
from widget.loyalty.occasions import award_occasions, list_due_occasions, list_sites_with_occasions
from widget.loyalty.settling import cancel_redemption
from widget.loyalty.sweeping import (
    list_overdue_redemptions,
    list_sites_with_tiers,
    lower_some_tiers,
    settle_some,
)

OCCASIONS_AT_ONCE = 20


def settle_due_accounts() -> None:
    """Write down what time has brought: points become available, points expire, tiers follow."""
    is_any_left = True
    while is_any_left:
        begin_writing_anew()
        is_any_left = settle_some(utc_now()) > 0
        db.session.commit()
        if pause():
            return


def lower_due_tiers() -> None:
    """Take tiers away whose window and grace are over."""
    for site_id in list_sites_with_tiers():
        last, has_more = None, True
        while has_more:
            begin_writing_anew()
            last = lower_some_tiers(site_id, last, utc_now())
            has_more = last is not None
            db.session.commit()
            if pause():
                return
    db.session.rollback()


def release_overdue_redemptions() -> None:
    """Give back what redemptions held until now."""
    while overdue := list_overdue_redemptions(utc_now()):
        db.session.rollback()
        for site_id, redemption_id in overdue:
            with hot_transaction() as cursor:
                try:
                    cancel_redemption(cursor, site_id, redemption_id, utc_now(), actor="system")
                except RedemptionSettled:
                    # Committed or cancelled in this moment.
                    continue
            if pause():
                return
    db.session.rollback()


def award_due_occasions() -> None:
    """Give the points of birthdays and anniversaries, by the day of each store."""
    for site_id in list_sites_with_occasions():
        due = list_due_occasions(site_id, utc_now())
        for start in range(0, len(due), OCCASIONS_AT_ONCE):
            begin_writing_anew()
            award_occasions(site_id, due[start : start + OCCASIONS_AT_ONCE], utc_now())
            db.session.commit()
            if pause():
                return
    db.session.rollback()
