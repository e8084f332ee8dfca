"""What pools and coupons look like on their way in and out."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from widget.core.money import CURRENCIES, MAX_MINOR
from widget.core.parsing import (
    MAX_ID_LENGTH,
    Identifier,
    Line,
    PageQuery,
    RequestSchema,
    Text,
    WholeNumber,
)
from widget.coupons.code_lists import MAX_CODES
from widget.coupons.models import Coupon, CouponPool
from widget.coupons.queries import CouponFilter
from widget.coupons.rules import KINDS, MAX_CODE_LENGTH, STATES
from widget.coupons.service import DEFAULT_LOW_STOCK

MAX_NAME_LENGTH = 100
MAX_PREFIX_LENGTH = 10
MAX_VALID_DAYS = 3_650
MAX_LOW_STOCK = 100_000
# What a coupon of each kind says beside its kind.
WORTH = {
    "amount_off": ("amount_minor", "currency"),
    "gift_card": ("amount_minor", "currency"),
    "percent_off": ("percent_basis_points",),
    "free_product": ("product_id",),
    "free_shipping": (),
    "custom": (),
}
_WORTH_FIELDS = ("amount_minor", "currency", "percent_basis_points", "product_id")


class Prefix(Text):
    """What codes begin with: letters and digits, in capitals."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs).strip().upper()
        is_right = len(text) <= MAX_PREFIX_LENGTH and (not text or (text.isascii() and text.isalnum()))
        if not is_right:
            raise ValidationError(f"Must be at most {MAX_PREFIX_LENGTH} letters and digits.")
        return text


class PoolChanges(RequestSchema):
    """What may be changed of a pool."""

    name = Line(MAX_NAME_LENGTH)
    prefix = Prefix(metadata={"maxLength": MAX_PREFIX_LENGTH})
    minimum_minor = WholeNumber(validate=validate.Range(0, MAX_MINOR))
    valid_days = WholeNumber(allow_none=True, validate=validate.Range(1, MAX_VALID_DAYS))
    low_stock = WholeNumber(validate=validate.Range(0, MAX_LOW_STOCK))


class PoolIn(RequestSchema):
    """A pool: what its coupons are worth, and where their codes come from."""

    name = Line(MAX_NAME_LENGTH, required=True)
    kind = Text(required=True, validate=validate.OneOf(KINDS))
    codes = Text(load_default="made", validate=validate.OneOf(("made", "uploaded")))
    prefix = Prefix(load_default="", metadata={"maxLength": MAX_PREFIX_LENGTH})
    amount_minor = WholeNumber(load_default=None, allow_none=True, validate=validate.Range(1, MAX_MINOR))
    currency = Text(load_default=None, allow_none=True)
    percent_basis_points = WholeNumber(load_default=None, allow_none=True, validate=validate.Range(1, 10_000))
    product_id = Line(MAX_ID_LENGTH, load_default=None, allow_none=True)
    minimum_minor = WholeNumber(load_default=0, validate=validate.Range(0, MAX_MINOR))
    valid_days = WholeNumber(load_default=None, allow_none=True, validate=validate.Range(1, MAX_VALID_DAYS))
    low_stock = WholeNumber(load_default=DEFAULT_LOW_STOCK, validate=validate.Range(0, MAX_LOW_STOCK))

    @validates_schema(skip_on_field_errors=True)
    def require_worth(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Refuse a pool that does not say what its kind needs, or says what has no meaning for it."""
        wanted = WORTH[data["kind"]]
        errors = {name: ["This kind of coupon needs it."] for name in wanted if data[name] is None}
        if data["currency"] is not None and data["currency"] not in CURRENCIES:
            errors["currency"] = ["Must be a currency code such as EUR."]
        for name in _WORTH_FIELDS:
            # A minimum is an amount too, so any coupon may say its currency.
            if name not in wanted and name != "currency" and data[name] is not None:
                errors[name] = ["This kind of coupon has no such field."]
        if errors:
            raise ValidationError(errors)


class PoolOut(Schema):
    """A pool with how many of its codes are left, given out and used."""

    id = fields.UUID()
    name = fields.String()
    kind = fields.String()
    codes = fields.String(metadata={"description": "made on the fly, or uploaded"})
    prefix = fields.String()
    amount_minor = fields.Integer(allow_none=True)
    currency = fields.String(allow_none=True)
    percent_basis_points = fields.Integer(allow_none=True)
    product_id = fields.String(allow_none=True)
    minimum_minor = fields.Integer()
    valid_days = fields.Integer(allow_none=True)
    low_stock = fields.Integer()
    available = fields.Integer(allow_none=True, metadata={"description": "Codes left; null where they are made"})
    created_at = fields.AwareDateTime()
    archived_at = fields.AwareDateTime(allow_none=True)


class PoolsOut(Schema):
    """One page of pools."""

    items = fields.List(fields.Nested(PoolOut()))
    next_cursor = fields.String(allow_none=True)


class CouponsQuery(PageQuery):
    """Which coupons a page shows."""

    pool = Identifier()
    state = Text(validate=validate.OneOf(STATES))
    code = Text(validate=validate.Length(1, MAX_CODE_LENGTH), metadata={"description": "What the code begins with"})

    @post_load
    def choose(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Put what is chosen into one value."""
        chosen = CouponFilter(data.pop("pool", None), data.pop("state", None), data.pop("code", None))
        return {**data, "chosen": chosen}


class CodesIn(RequestSchema):
    """Codes for a pool of uploaded ones."""

    codes = fields.List(Text(), required=True, validate=validate.Length(1, MAX_CODES))


class RefusedCodeOut(Schema):
    """A code that was not taken."""

    line = fields.Integer(metadata={"description": "Its place in the list, from 1"})
    code = fields.String()
    detail = fields.String()


class UploadedOut(Schema):
    """What became of a list of codes."""

    added = fields.Integer()
    refused = fields.List(fields.Nested(RefusedCodeOut()))
    available = fields.Integer()


class UseIn(RequestSchema):
    """Which order used a code."""

    order = Line(MAX_ID_LENGTH, required=True, metadata={"description": "The store's id of the order"})


class CouponOut(Schema):
    """One coupon with what it is worth."""

    code = fields.String()
    state = fields.String()
    pool_id = fields.UUID()
    kind = fields.String()
    amount_minor = fields.Integer(allow_none=True)
    currency = fields.String(allow_none=True)
    percent_basis_points = fields.Integer(allow_none=True)
    product_id = fields.String(allow_none=True)
    minimum_minor = fields.Integer()
    customer = fields.String(allow_none=True, metadata={"description": "The store's id, null for nobody or a guest"})
    issued_at = fields.AwareDateTime(allow_none=True)
    expires_at = fields.AwareDateTime(allow_none=True)
    redeemed_at = fields.AwareDateTime(allow_none=True)
    order = fields.String(allow_none=True, metadata={"description": "The order that used it"})


class CouponsOut(Schema):
    """One page of coupons."""

    items = fields.List(fields.Nested(CouponOut()))
    next_cursor = fields.String(allow_none=True)


def describe_pool(pool: CouponPool) -> dict[str, Any]:
    """Return a pool as it goes out."""
    described = {name: getattr(pool, name) for name in PoolOut().fields}
    return described if pool.codes == "uploaded" else {**described, "available": None}


def describe_coupon(coupon: Coupon, pool: CouponPool, customer: str | None) -> dict[str, Any]:
    """Return a coupon as it goes out."""
    worth = {name: getattr(pool, name) for name in ("kind", *_WORTH_FIELDS, "minimum_minor")}
    names = ("code", "state", "pool_id", "issued_at", "expires_at", "redeemed_at")
    own = {name: getattr(coupon, name) for name in names}
    return {**own, **worth, "customer": customer, "order": coupon.redeemed_by}
