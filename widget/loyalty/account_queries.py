"""Reading accounts: the list of customers by points, and everything of one account."""

import base64
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select

from widget.core.db import db, get_in_site
from widget.core.problems import FieldError, InvalidFields
from widget.coupons.models import Coupon
from widget.customers.models import Customer
from widget.customers.searching import is_called
from widget.loyalty.account_filters import EXPIRING_DAYS, AccountFilter
from widget.loyalty.book import Book
from widget.loyalty.entries import LotState
from widget.loyalty.errors import RedemptionNotFound
from widget.loyalty.models import LedgerEntry, Lot, LoyaltyAccount
from widget.loyalty.reward_models import Redemption, Reward

Account = LoyaltyAccount


@dataclass(frozen=True)
class ListedAccount:
    """One line of the list: an account, whose it is, and when its points last changed."""

    account: LoyaltyAccount
    customer: Customer
    changed_at: datetime | None


@dataclass(frozen=True)
class ListedAccounts:
    """One page of the list, where the next begins, and how many there are on all pages."""

    rows: Sequence[ListedAccount]
    next_cursor: str | None
    count: int


@dataclass(frozen=True)
class _Sorting:
    column: Any
    read: Callable[[str], Any]


_SORTINGS = {
    "points": _Sorting(Account.balance, int),
    "lifetime": _Sorting(Account.lifetime, int),
    "debt": _Sorting(Account.debt, int),
    "newest": _Sorting(Account.created_at, datetime.fromisoformat),
}


def list_accounts(
    site_id: uuid.UUID, wanted: AccountFilter, cursor: str | None, limit: int, now: datetime
) -> ListedAccounts:
    """Return one page of the accounts a filter selects, the most first; raise InvalidFields for a bad cursor."""
    sorting = _SORTINGS[wanted.sort]
    conditions = _list_conditions(site_id, wanted, now)
    is_customer = and_(Customer.site_id == Account.site_id, Customer.id == Account.customer_id)
    is_last = and_(
        LedgerEntry.site_id == Account.site_id,
        LedgerEntry.customer_id == Account.customer_id,
        LedgerEntry.number == Account.last_number,
    )
    found = select(func.count()).select_from(Account).join(Customer, is_customer).where(*conditions)
    statement = (
        select(Account, Customer, LedgerEntry.occurred_at, sorting.column.label("place"))
        .join(Customer, is_customer)
        .outerjoin(LedgerEntry, is_last)
        .where(*conditions)
    )
    if cursor:
        value, row_id = _decode(sorting, cursor)
        is_next = and_(sorting.column == value, Account.customer_id < row_id)
        statement = statement.where(or_(sorting.column < value, is_next))
    rows = db.session.execute(
        statement.order_by(sorting.column.desc(), Account.customer_id.desc()).limit(limit + 1)
    ).all()
    last = rows[limit - 1] if len(rows) > limit else None
    return ListedAccounts(
        [ListedAccount(row[0], row[1], row[2]) for row in rows[:limit]],
        _encode(last.place, last[0].customer_id) if last else None,
        db.session.scalar(found) or 0,
    )


def has_accounts(site_id: uuid.UUID) -> bool:
    """Tell whether any customer of a site ever had points."""
    return db.session.scalar(select(Account.customer_id).where(Account.site_id == site_id).limit(1)) is not None


def get_survivor(site_id: uuid.UUID, customer_id: uuid.UUID) -> Customer:
    """Return a customer, or whom they became one with; raise NotFound, also for another site's."""
    customer = get_in_site(Customer, site_id, customer_id)
    return customer if customer.merged_into_id is None else get_in_site(Customer, site_id, customer.merged_into_id)


def find_account(site_id: uuid.UUID, customer_id: uuid.UUID) -> LoyaltyAccount | None:
    """Return a customer's account, None for one who never had points."""
    return db.session.get(Account, (site_id, customer_id))


def read_settled(account: LoyaltyAccount, now: datetime) -> Book:
    """Return an account as it is now, also where time has changed something since it was written down."""
    book = Book(account.settled_at, account.balance, account.pending, account.held, account.debt, account.lifetime)
    book.inactive_at = account.inactive_at
    for lot in db.session.scalars(_of_account(Lot, account).where(Lot.is_live)):
        values = (lot.number, lot.source, lot.granted, lot.remaining, lot.available_at, lot.expires_at, lot.expired)
        book.lots[lot.number] = LotState(*values)
    book.settle(now)
    return book


def list_entries(account: LoyaltyAccount, before: int | None, limit: int) -> Sequence[LedgerEntry]:
    """Return the newest entries of an account, those before a number where one is given, and one more than asked."""
    statement = _of_account(LedgerEntry, account).order_by(LedgerEntry.number.desc()).limit(limit + 1)
    return db.session.scalars(statement if before is None else statement.where(LedgerEntry.number < before)).all()


def list_entries_until(
    site_id: uuid.UUID, customer_id: uuid.UUID, until: datetime | None, limit: int
) -> Sequence[LedgerEntry]:
    """Return a customer's newest entries up to a moment; an account's times never run backwards."""
    entry = LedgerEntry
    conditions = [entry.site_id == site_id, entry.customer_id == customer_id]
    if until is not None:
        conditions.append(entry.occurred_at <= until)
    return db.session.scalars(select(entry).where(*conditions).order_by(entry.number.desc()).limit(limit)).all()


def list_redemptions(
    site_id: uuid.UUID, customer_id: uuid.UUID, limit: int
) -> Sequence[tuple[Redemption, Reward, Coupon | None]]:
    """Return a customer's newest redemptions with what was redeemed and its code."""
    is_reward = and_(Reward.site_id == Redemption.site_id, Reward.id == Redemption.reward_id)
    is_coupon = and_(Coupon.site_id == Redemption.site_id, Coupon.id == Redemption.coupon_id)
    rows = db.session.execute(
        select(Redemption, Reward, Coupon)
        .join(Reward, is_reward)
        .outerjoin(Coupon, is_coupon)
        .where(Redemption.site_id == site_id, Redemption.customer_id == customer_id)
        .order_by(Redemption.created_at.desc(), Redemption.id.desc())
        .limit(limit)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def get_redeemer(site_id: uuid.UUID, redemption_id: uuid.UUID) -> Customer:
    """Return whose a redemption is; raise RedemptionNotFound."""
    redemption = db.session.get(Redemption, (site_id, redemption_id))
    if redemption is None:
        raise RedemptionNotFound()
    return get_in_site(Customer, site_id, redemption.customer_id)


def has_adjustment(site_id: uuid.UUID, adjustment_id: uuid.UUID) -> bool:
    """Tell whether points were given or taken by hand with an id before."""
    is_known = (LedgerEntry.site_id == site_id, LedgerEntry.key == f"adjustment:{adjustment_id}")
    return db.session.scalar(select(LedgerEntry.number).where(*is_known)) is not None


def map_rewards(site_id: uuid.UUID, ids: set[uuid.UUID]) -> Mapping[uuid.UUID, Reward]:
    """Return rewards by their ids."""
    rows = db.session.scalars(select(Reward).where(Reward.site_id == site_id, Reward.id.in_(ids)))
    return {row.id: row for row in rows}


def _list_conditions(site_id: uuid.UUID, wanted: AccountFilter, now: datetime) -> list[Any]:
    conditions: list[Any] = [Account.site_id == site_id, Account.merged_into_id.is_(None)]
    if wanted.text:
        conditions.append(is_called(site_id, wanted.text))
    if wanted.tier is not None:
        conditions.append(Account.tier == wanted.tier if wanted.tier else Account.tier.is_(None))
    if wanted.show == "owing":
        conditions.append(Account.debt > 0)
    if wanted.show == "pinned":
        conditions.append(Account.is_tier_pinned)
    if wanted.show == "expiring":
        soon = now + timedelta(days=EXPIRING_DAYS)
        is_going = select(Lot.number).where(
            Lot.site_id == Account.site_id, Lot.customer_id == Account.customer_id, Lot.is_live, Lot.expires_at <= soon
        )
        conditions.append(or_(is_going.exists(), and_(Account.balance > 0, Account.inactive_at <= soon)))
    return conditions


def _of_account(model: type[Lot] | type[LedgerEntry], account: LoyaltyAccount) -> Any:
    return select(model).where(model.site_id == account.site_id, model.customer_id == account.customer_id)


def _encode(value: Any, row_id: uuid.UUID) -> str:
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    return base64.urlsafe_b64encode(f"{text}|{row_id.hex}".encode()).decode().rstrip("=")


def _decode(sorting: _Sorting, text: str) -> tuple[Any, uuid.UUID]:
    try:
        told, row_id = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().split("|")
        value = sorting.read(told)
        if isinstance(value, datetime):
            if value.tzinfo is None:
                raise ValueError("a cursor's time is aware")
            value = value.astimezone(UTC)
        elif abs(value) >= 2**63:
            raise ValueError("no account holds so many points")
        return value, uuid.UUID(row_id)
    except (ValueError, OverflowError) as error:
        raise InvalidFields(errors=[FieldError("#/cursor", "Is not a cursor of this list.")]) from error
