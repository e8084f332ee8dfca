"""Which orders or carts a list or an export shows."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement

from widget.core.problems import FieldError, InvalidFields
from widget.customers.queries import is_customer_called
from widget.orders.models import STATES, Cart, Order

NAMES = ("state", "customer", "from", "until")


@dataclass(frozen=True)
class OrderFilter:
    """A state, a customer by the store's own id or by e-mail, and days of UTC, both included."""

    state: str | None = None
    customer: str | None = None
    from_on: date | None = None
    until_on: date | None = None

    def to_query(self) -> dict[str, str]:
        """Return the filter as an address names it."""
        days = {"from": self.from_on, "until": self.until_on}
        values = {"state": self.state, "customer": self.customer} | {
            name: day.isoformat() if day else None for name, day in days.items()
        }
        return {name: value for name, value in values.items() if value}


def parse_filter(query: Mapping[str, str]) -> OrderFilter:
    """Read a filter from an address; raise InvalidFields."""
    given = {name: query.get(name, "").strip() for name in NAMES}
    errors = []
    if given["state"] and given["state"] not in STATES:
        errors.append(FieldError("#/state", f"Must be one of: {', '.join(STATES)}."))
    if "\x00" in given["customer"]:
        errors.append(FieldError("#/customer", "Must not contain the NUL character."))
    days: dict[str, date | None] = {}
    for name in ("from", "until"):
        try:
            days[name] = date.fromisoformat(given[name]) if given[name] else None
        except ValueError:
            errors.append(FieldError(f"#/{name}", "Not a valid date."))
    from_on, until_on = days.get("from"), days.get("until")
    if from_on and until_on and until_on < from_on:
        errors.append(FieldError("#/until", "Must not lie before the first day."))
    if errors:
        raise InvalidFields(errors=errors)
    return OrderFilter(given["state"] or None, given["customer"] or None, from_on, until_on)


def list_conditions(site_id: uuid.UUID, wanted: OrderFilter) -> list[ColumnElement[bool]]:
    """Return the filter of orders as SQL, the site first."""
    state = [Order.state == wanted.state] if wanted.state else []
    return [Order.site_id == site_id, *state, *_list_common(site_id, wanted, Order.placed_at, Order.customer_id)]


def list_cart_conditions(site_id: uuid.UUID, wanted: OrderFilter) -> list[ColumnElement[bool]]:
    """Return the filter of carts, which have no state, as SQL, the site first."""
    return [Cart.site_id == site_id, *_list_common(site_id, wanted, Cart.created_at, Cart.customer_id)]


def _list_common(site_id: uuid.UUID, wanted: OrderFilter, at: Any, customer_id: Any) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.customer:
        conditions.append(is_customer_called(customer_id.expression, site_id, wanted.customer))
    if wanted.from_on:
        conditions.append(at >= _midnight(wanted.from_on))
    # After the last day of the calendar there is none.
    if wanted.until_on and wanted.until_on < date.max:
        conditions.append(at < _midnight(wanted.until_on + timedelta(days=1)))
    return conditions


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
