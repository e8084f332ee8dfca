"""What a store may tell us, whoever tells it: every door, platform and file is read into these. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from typing import Any, NamedTuple

import orjson

from widget.customers.rules import Buyer

# Times go through `_spell`, and every document is spelled in the order of its fields.
_OPTIONS = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_SORT_KEYS


@dataclass(frozen=True)
class LineDocument:
    """One line of an order; `total_minor` is what was paid for it, after discounts and with its tax."""

    external_id: str
    title: str
    quantity: int
    unit_price_minor: int
    total_minor: int
    discount_minor: int = 0
    tax_minor: int = 0
    product_id: str | None = None
    variant_id: str | None = None
    sku: str | None = None
    is_gift_card: bool = False


@dataclass(frozen=True)
class RefundDocument:
    """Money given back; `lines` holds `{"line", "quantity", "amount_minor"}`, and may be empty."""

    external_id: str
    amount_minor: int
    refunded_at: datetime
    shipping_minor: int = 0
    reason: str | None = None
    lines: Sequence[dict[str, Any]] = ()


@dataclass(frozen=True)
class OrderDocument:
    """An order as it stands at `updated_at`."""

    external_id: str
    updated_at: datetime
    placed_at: datetime
    state: str
    currency: str
    total_minor: int
    buyer: Buyer = field(default_factory=Buyer)
    number: str | None = None
    tax_minor: int = 0
    shipping_minor: int = 0
    discount_minor: int = 0
    is_test: bool = False
    coupon_codes: Sequence[str] = ()
    cart_external_id: str | None = None
    paid_at: datetime | None = None
    fulfilled_at: datetime | None = None
    delivered_at: datetime | None = None
    cancelled_at: datetime | None = None
    lines: Sequence[LineDocument] = ()
    refunds: Sequence[RefundDocument] = ()

    @property
    def version(self) -> "Version":
        """Return the place of this document among all of its order."""
        return self._version

    @cached_property
    def _version(self) -> "Version":
        is_cancelled = self.cancelled_at is not None or self.state == "cancelled"
        return Version(self.updated_at, int(is_cancelled), digest_of(self))


@dataclass(frozen=True)
class CartDocument:
    """A cart or checkout as it stands at `updated_at`."""

    external_id: str
    updated_at: datetime
    created_at: datetime
    currency: str
    value_minor: int
    buyer: Buyer = field(default_factory=Buyer)
    items: Sequence[dict[str, Any]] = ()
    abandoned_at: datetime | None = None
    recovered_at: datetime | None = None

    @property
    def version(self) -> "Version":
        """Return the place of this document among all of its cart."""
        return Version(self.updated_at, 0, digest_of(self))


class Version(NamedTuple):
    """Which of two documents is newer: the later one; at one time the cancelled one; else by content.

    The last rule means nothing but that every order of arrival ends with the same document.
    """

    at: datetime
    rank: int
    digest: str


def digest_of(document: Any) -> str:
    """Return a hash of everything a document says.

    What is kept beside its fields begins with an underscore, and orjson passes over that.
    """
    return sha256(orjson.dumps(document, default=_spell, option=_OPTIONS)).hexdigest()


def _spell(value: Any) -> Any:
    """Spell times alike whatever their zone."""
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else list(value)
