"""The fields of a pool as owners type them: what its coupons are worth, and where codes come from."""

from collections.abc import Callable, Mapping
from typing import Any

from widget.core.typed_values import TypedValues, spell_all, spell_money, spell_scaled
from widget.coupons.models import CouponPool
from widget.coupons.schemas import WORTH
from widget.coupons.service import DEFAULT_LOW_STOCK

# What a pointer names, by the name of the field that holds it.
RENAMED = {"amount_minor": "amount", "minimum_minor": "minimum", "percent_basis_points": "percent"}


def read_pool(typed: TypedValues, base: str = "") -> dict[str, Any]:
    """Return the fields below a name as the store's server would send a pool; fields of other kinds are left out."""
    kind = typed.text(f"{base}kind")
    readers: dict[str, Callable[[], Any]] = {
        "amount_minor": lambda: typed.money(f"{base}amount"),
        "currency": lambda: typed.text(f"{base}currency") or None,
        "percent_basis_points": lambda: typed.scaled(f"{base}percent", 2, blank=0) or None,
        "product_id": lambda: typed.text(f"{base}product_id") or None,
    }
    minimum = typed.money(f"{base}minimum", blank=0)
    wanted = {*WORTH.get(kind, ()), *(["currency"] if minimum else [])}
    return {
        "kind": kind,
        "codes": typed.text(f"{base}codes") or "made",
        "prefix": typed.text(f"{base}prefix"),
        **{name: read() for name, read in readers.items() if name in wanted},
        "minimum_minor": minimum,
        "valid_days": typed.whole(f"{base}valid_days"),
        "low_stock": typed.whole(f"{base}low_stock", blank=DEFAULT_LOW_STOCK),
    }


def read_pool_changes(typed: TypedValues) -> dict[str, Any]:
    """Return what may be changed of a pool as it was typed."""
    return {
        "name": typed.text("name"),
        "prefix": typed.text("prefix"),
        "minimum_minor": typed.money("minimum", blank=0),
        "valid_days": typed.whole("valid_days"),
        "low_stock": typed.whole("low_stock", blank=DEFAULT_LOW_STOCK),
    }


def spell_pool(pool: CouponPool) -> Mapping[str, str]:
    """Return a pool as the fields of its form."""
    currency = pool.currency or "EUR"
    plain = ("name", "kind", "codes", "prefix", "currency", "product_id", "valid_days", "low_stock")
    return {
        **{name: spell_all(getattr(pool, name)) for name in plain},
        "amount": spell_money(pool.amount_minor, currency),
        "percent": spell_scaled(pool.percent_basis_points, 2) if pool.percent_basis_points else "",
        "minimum": spell_money(pool.minimum_minor, currency) if pool.minimum_minor else "",
    }


def start_pool(currency: str | None) -> dict[str, str]:
    """Return the fields of a pool nobody has typed anything into."""
    usual = {"kind": "amount_off", "codes": "made", "currency": currency or "EUR"}
    return usual | {"low_stock": str(DEFAULT_LOW_STOCK)}


def field_of(pointer: str) -> str:
    """Return the name of the field that holds what a pointer names.

    >>> field_of("#/amount_minor"), field_of("#/coupon/percent_basis_points")
    ('amount', 'coupon.percent')
    """
    *before, last = pointer.removeprefix("#/").split("/")
    return ".".join([*before, RENAMED.get(last, last)])
