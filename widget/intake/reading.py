"""What a platform's body is read into, and its plain values: texts, times, amounts. Pure."""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from widget.core.money import MAX_MINOR, read_currency, to_minor
from widget.customers.rules import Buyer
from widget.orders.documents import CartDocument, OrderDocument, RefundDocument

YEARS = range(1970, 2100)
MAX_QUANTITY = 10**9


class BodyNotUnderstood(ValueError):
    """A body that says nothing we can store; its text says why."""


@dataclass(frozen=True)
class Reading:
    """What one body tells; empty where it tells nothing of ours, and `reason` says why.

    `refunds` come with the id of their order, `customers` with when it was true, `merged` customers with the
    one that is kept. Of `deleted` orders nothing but the id is known.
    """

    orders: Sequence[OrderDocument] = ()
    refunds: Sequence[tuple[str, RefundDocument]] = ()
    carts: Sequence[CartDocument] = ()
    customers: Sequence[tuple[Buyer, datetime]] = ()
    merged: Sequence[tuple[str, str]] = ()
    deleted: Sequence[str] = ()
    reason: str | None = None


def read_text(value: Any, length: int) -> str | None:
    """Return a text that fits its column, or None for nothing; platforms write names with HTML entities.

    >>> read_text(" Salt &amp; Pepper\\x00 ", 20), read_text("", 5), read_text(None, 5), read_text(79, 5)
    ('Salt & Pepper', None, None, '79')
    """
    if value is None or isinstance(value, (bool, dict, list)):
        return None
    return html.unescape(str(value)).replace("\x00", "").strip()[:length].strip() or None


def read_id(document: Mapping[str, Any], name: str = "id") -> str:
    """Return an id that must be there; raise BodyNotUnderstood.

    >>> read_id({"id": 450789469})
    '450789469'
    """
    value = find_id(document.get(name))
    if value is None:
        raise BodyNotUnderstood(f"The body has no usable “{name}”.")
    return value


def find_id(value: Any) -> str | None:
    """Return an id, or None: also for 0, which WooCommerce writes for nobody and nothing.

    >>> find_id(0), find_id(26), find_id(None), find_id(True), find_id("a" * 201)
    (None, '26', None, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    text = str(value).strip()
    return text if 1 <= len(text) <= 200 and text != "0" and "\x00" not in text else None


def read_time(value: Any, name: str) -> datetime:
    """Return a time that must be there, in UTC; one without a zone is UTC; raise BodyNotUnderstood.

    >>> read_time("2025-07-02T11:31:25-05:00", "updated_at").isoformat()
    '2025-07-02T16:31:25+00:00'
    >>> read_time("2017-03-22T19:28:08", "date_modified_gmt").isoformat()
    '2017-03-22T19:28:08+00:00'
    """
    moment = find_time(value, name)
    if moment is None:
        raise BodyNotUnderstood(f"The body has no usable “{name}”.")
    return moment


def find_time(value: Any, name: str) -> datetime | None:
    """Return a time in UTC, or None where none is told; raise BodyNotUnderstood for what is no time."""
    if value is None or value == "":
        return None
    try:
        moment = datetime.fromisoformat(value)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        moment = None
    if moment is None or moment.year not in YEARS:
        raise BodyNotUnderstood(f"The body has no usable “{name}”.")
    return moment


def read_code(value: Any) -> str:
    """Return a currency; raise BodyNotUnderstood for what is none."""
    try:
        return read_currency(value)
    except (AttributeError, TypeError, ValueError):
        raise BodyNotUnderstood("The body names no currency, and the site has none yet.") from None


def read_money(value: Any, currency: str) -> int:
    """Return an amount written as a text or a number in minor units; nothing is 0; raise BodyNotUnderstood.

    >>> read_money("41.94", "USD"), read_money(195.66, "USD"), read_money("-10.00", "USD"), read_money(None, "USD")
    (4194, 19566, -1000, 0)
    """
    if value is None or value == "":
        return 0
    if isinstance(value, (bool, dict, list)):
        raise BodyNotUnderstood("The body has an amount that is none.")
    try:
        return to_minor(value, currency)
    except ValueError:
        raise BodyNotUnderstood("The body has an amount that is none.") from None


def read_quantity(value: Any) -> int:
    """Return a quantity; some shops sell by weight, in fractions, which count as one.

    >>> read_quantity(3), read_quantity("2"), read_quantity(0.5), read_quantity(-1)
    (3, 2, 1, 1)
    """
    try:
        number = abs(float(value or 0))
    except (TypeError, ValueError):
        raise BodyNotUnderstood("The body has a quantity that is none.") from None
    if not number <= MAX_QUANTITY:
        raise BodyNotUnderstood("The body has a quantity that is none.")
    return max(1, round(number)) if number else 0


def limit(minor: int) -> int:
    """Return an amount that was reckoned, never less than nothing; raise BodyNotUnderstood beyond all measure.

    >>> limit(-5), limit(597)
    (0, 597)
    """
    if abs(minor) > MAX_MINOR:
        raise BodyNotUnderstood("The body has an amount that is none.")
    return max(0, minor)


def list_objects(value: Any) -> list[dict[str, Any]]:
    """Return the objects of a list, and of nothing an empty one.

    >>> list_objects(None), list_objects([{"id": 1}, "x"])
    ([], [{'id': 1}])
    """
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def join_name(first: Any, last: Any) -> str | None:
    """Return a person's name.

    >>> join_name("Bob", "Norman"), join_name(None, "Norman"), join_name("", None)
    ('Bob Norman', 'Norman', None)
    """
    return read_text(" ".join(filter(None, (read_text(first, 100), read_text(last, 100)))), 200)


def read_email(*values: Any) -> str | None:
    """Return the first that may be an e-mail address.

    >>> read_email("", None, "Bob@Mail.Example ")
    'bob@mail.example'
    """
    texts = (read_text(value, 400) for value in values)
    return next((text.lower() for text in texts if text and "@" in text and len(text) <= 320), None)
