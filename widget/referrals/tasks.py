"""The room's periodic work: rewards whose window has closed, and claims that waited long enough."""

import structlog

from widget.core.background import pause
from widget.core.clock import utc_now
from widget.core.db import begin_writing_anew, db
from widget.coupons.errors import PoolEmpty
from widget.orders.ledger import take_turn
from widget.referrals.missing import bring_missing_rewards, list_missing
from widget.referrals.rewarding import reward_referral
from widget.referrals.settling import settle_referrals
from widget.referrals.sweeping import list_due, list_over, list_rules

log = structlog.get_logger()


def reward_due_referrals() -> None:
    """Give both sides what referrals bring whose window has closed, each in a transaction of its own.

    Where the codes of a pool have run out, a referral waits until an owner brings more.
    """
    last = None
    while due := list_due(last, utc_now()):
        last = due[-1]
        for one in due:
            begin_writing_anew()
            try:
                reward_referral(one.site_id, one.id, utc_now())
            except PoolEmpty:
                db.session.rollback()
            except Exception as error:  # noqa: BLE001 - whatever is wrong with one, the others get their reward.
                log.error("referral_not_rewarded", referral=str(one.id), exc_info=error)
                db.session.rollback()
            db.session.commit()
            if pause():
                return
    db.session.rollback()


def bring_missed_rewards() -> None:
    """Give what somebody could not have when a referral was rewarded, and can have by now."""
    for one in list_missing(utc_now()):
        begin_writing_anew()
        take_turn(one.site_id)
        bring_missing_rewards(one.site_id, [one.customer_id], utc_now())
        db.session.commit()
        if pause():
            return
    db.session.rollback()


def expire_old_claims() -> None:
    """Give up on claims whose friends never bought."""
    for rules in list_rules():
        while over := list_over(rules, utc_now()):
            begin_writing_anew()
            take_turn(rules.site_id)
            settle_referrals(rules.site_id, over, utc_now())
            db.session.commit()
            if pause():
                return
    db.session.rollback()
