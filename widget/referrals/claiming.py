"""Claims: a friend's, by e-mail, with the coupon it brings; or by the advocate's own code at the checkout."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, or_, select, update

from widget.core.db import db, session_cursor
from widget.core.ids import new_id
from widget.core.problems import FieldError, InvalidFields
from widget.coupons.errors import PoolEmpty
from widget.customers.models import Customer
from widget.customers.queries import SURVIVOR_ID
from widget.customers.rules import email_key
from widget.orders.ledger import take_turn
from widget.orders.models import Order
from widget.referrals.advocates import find_advocate, list_keys
from widget.referrals.errors import OfferNotForAddress, ReferralCodeNotFound, ReferralIdTaken
from widget.referrals.friends import PAID_STATES, Friend, identify_buyer, list_referrals
from widget.referrals.grants import cancel_friend_coupon, give_friend_coupon, take_rewards
from widget.referrals.history import add_event
from widget.referrals.models import CHECKOUT, Advocate, Referral, ReferralGrant
from widget.referrals.program import Program
from widget.referrals.programs import CurrentProgram, find_current, get_live
from widget.referrals.rules import code_key
from widget.referrals.settling import may_be_friend, settle_referrals


@dataclass(frozen=True)
class Claim:
    """What a friend says; `device` and `network` stand for where it came from."""

    id: uuid.UUID
    code: str
    email: str
    channel: str = "link"
    language: str | None = None
    device: str | None = None
    network: str | None = None


def claim_offer(site_id: uuid.UUID, said: Claim, now: datetime) -> tuple[Referral, bool]:
    """Keep a friend's claim, with the coupon it brings; return it and whether it is new.

    The same id, code and address are the same claim. Raise NoReferralProgram, ReferralCodeNotFound, ReferralIdTaken,
    InvalidFields, or OfferNotForAddress for the advocate's own, a customer's, or that of another claim.
    """
    key = email_key(said.email)
    if key is None:
        raise InvalidFields(errors=[FieldError("#/email", "Must be an e-mail address.")])
    take_turn(site_id)
    known = db.session.get(Referral, (site_id, said.id), populate_existing=True)
    if known is not None:
        if known.friend_key != key or not _is_of_code(known, said.code):
            raise ReferralIdTaken()
        return known, False
    rules = get_live(session_cursor(), site_id)
    advocate = find_advocate(site_id, said.code)
    if advocate is None:
        raise ReferralCodeNotFound()
    _require_new_friend(site_id, advocate, key)
    referral = _add(advocate, said, key, rules, now)
    settle_referrals(site_id, [referral.id], now)
    if referral.state == "claimed":
        give_code(referral, rules, now)
    return referral, True


def give_code(referral: Referral, rules: Program, now: datetime) -> None:
    """Give a friend the coupon of their claim; where there is none left, it comes with the reward."""
    try:
        give_friend_coupon(referral, rules, now)
    except PoolEmpty:
        add_event(referral, "no_code", now)


def claim_by_orders(site_id: uuid.UUID, order_ids: Collection[uuid.UUID], now: datetime) -> None:
    """Take an advocate's own code at the checkout for the claim of whoever bought; call it in the site's turn."""
    current = find_current(session_cursor(), site_id)
    if current is None or current.live_at is None or not current.is_live:
        return
    is_meant = (Order.site_id == site_id, Order.id.in_(list(order_ids)), Order.is_test.is_(False))
    orders = db.session.scalars(
        select(Order)
        .where(*is_meant, Order.has_coupon, Order.customer_id.is_not(None), Order.placed_at >= current.live_at)
        .order_by(Order.placed_at, Order.external_id)
        .execution_options(populate_existing=True)
    ).all()
    for order in orders:
        advocates = [find_advocate(site_id, code) for code in order.coupon_codes if isinstance(code, str)]
        advocate = next((one for one in advocates if one is not None), None)
        if advocate is not None:
            _claim_by_order(order, advocate, current, now)


def _claim_by_order(order: Order, advocate: Advocate, current: CurrentProgram, now: datetime) -> None:
    """Make a claim of an order, or let the friend's claim be that of their earliest order with a code."""
    assert order.customer_id is not None  # noqa: S101 - only orders of somebody are asked for.
    friend = identify_buyer(order.site_id, order.customer_id)
    if advocate.customer_id in friend.customer_ids or not friend.keys.isdisjoint(
        list_keys(order.site_id, advocate.customer_id)
    ):
        return
    known = [one for one in list_referrals(order.site_id, friend) if one.state != "expired"]
    if any(one.claimed_at <= order.placed_at for one in known):
        return
    made = _find_made(order, friend)
    if made is not None:
        # It came to nothing for a while, which left the friend to others.
        if made.friend_id is None and may_be_friend(made, order.customer_id):
            made.friend_id = order.customer_id
            db.session.flush()
        settle_referrals(order.site_id, [made.id], now)
        return
    later = next((one for one in known if one.channel == CHECKOUT and _may_move(one, advocate)), None)
    if later is not None:
        _move_claim(later, order, advocate, now)
        return
    # Whoever claimed later, or in vain, holds on to the address alone.
    is_theirs = (Referral.site_id == order.site_id, Referral.friend_id == order.customer_id)
    db.session.execute(update(Referral).where(*is_theirs).values(friend_id=None))
    key = _find_free_key(order)
    claim = Claim(new_id(), advocate.code, "", CHECKOUT)
    referral = _add(advocate, claim, key, current.rules, order.placed_at, friend_id=order.customer_id)
    settle_referrals(order.site_id, [referral.id, *(one.id for one in known)], now)


def _find_made(order: Order, friend: Friend) -> Referral | None:
    """Return the claim that an order has made, whatever has become of it."""
    is_of_order = Referral.friend_key.in_(friend.keys) & (Referral.claimed_at == order.placed_at)
    is_made = (Referral.channel == CHECKOUT, or_(Referral.friend_key == _key_of(order), is_of_order))
    return db.session.scalar(select(Referral).where(Referral.site_id == order.site_id, *is_made).limit(1))


def _may_move(referral: Referral, advocate: Advocate) -> bool:
    """Return whether a claim may be an advocate's: what it gave, though it be taken back, was for its own."""
    is_grant = (ReferralGrant.site_id == referral.site_id, ReferralGrant.referral_id == referral.id)
    is_theirs = referral.advocate_id == advocate.customer_id
    return is_theirs or not db.session.scalar(select(exists().where(*is_grant)))


def _move_claim(referral: Referral, order: Order, advocate: Advocate, now: datetime) -> None:
    """Let a claim begin with an earlier order that became known later, of whose advocate it then is."""
    if referral.advocate_id != advocate.customer_id:
        if referral.state == "rewarded":
            referral.state, referral.rewarded_at = "claimed", None
            take_rewards(referral, now)
        referral.flags_passed_at = referral.refused_at = None
    # What was seen of it was of another moment, perhaps of another advocate.
    referral.claimed_at, referral.advocate_id, referral.flags = order.placed_at, advocate.customer_id, []
    add_event(referral, "moved", now, reason={"order": str(order.id)})
    settle_referrals(order.site_id, [referral.id], now)


def _add(
    advocate: Advocate, said: Claim, key: str, rules: Program, at: datetime, *, friend_id: uuid.UUID | None = None
) -> Referral:
    referral = Referral(
        site_id=advocate.site_id,
        id=said.id,
        advocate_id=advocate.customer_id,
        version=rules.version,
        state="claimed",
        friend_email=said.email.strip() or None,
        friend_key=key,
        friend_id=friend_id,
        channel=said.channel,
        language=said.language,
        device_hash=said.device,
        network_hash=said.network,
        flags=[],
        claimed_at=at,
    )
    db.session.add(referral)
    add_event(referral, "claimed", at, actor="friend", reason={"code": advocate.code, "channel": said.channel})
    return referral


def _require_new_friend(site_id: uuid.UUID, advocate: Advocate, key: str) -> None:
    if key in list_keys(site_id, advocate.customer_id):
        raise OfferNotForAddress()
    customers = select(SURVIVOR_ID).where(Customer.site_id == site_id, Customer.email_key == key)
    is_paid = or_(Order.paid_at.is_not(None), Order.state.in_(PAID_STATES))
    is_theirs = (Order.site_id == site_id, Order.customer_id.in_(customers), Order.is_test.is_(False))
    if db.session.scalar(select(exists().where(*is_theirs, is_paid))):
        raise OfferNotForAddress()
    is_known = or_(Referral.friend_key == key, Referral.friend_id.in_(customers))
    for known in db.session.scalars(select(Referral).where(Referral.site_id == site_id, is_known)).all():
        if known.state != "expired":
            raise OfferNotForAddress()
        # A claim that came to nothing leaves the friend, and their address, to the next; what it gave is good no more.
        cancel_friend_coupon(known)
        known.friend_key, known.friend_id = f"expired:{known.id.hex}", None
    db.session.flush()


def _is_of_code(referral: Referral, code: str) -> bool:
    advocate = db.session.get(Advocate, (referral.site_id, referral.advocate_id))
    if advocate is not None and advocate.code_key == code_key(code):
        return True
    other = find_advocate(referral.site_id, code)
    return other is not None and other.customer_id == referral.advocate_id


def _find_free_key(order: Order) -> str:
    """Return the buyer's address, or what stands for it where it is none or that of another claim."""
    customer = db.session.get(Customer, (order.site_id, order.customer_id))
    key = customer.email_key if customer is not None else None
    is_taken = exists().where(Referral.site_id == order.site_id, Referral.friend_key == key)
    if key is None or db.session.scalar(select(is_taken)):
        return _key_of(order)
    return key


def _key_of(order: Order) -> str:
    return f"order:{order.id.hex}"
