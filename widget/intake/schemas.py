"""What the store's server says of orders, refunds and carts."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from widget.core.clock import utc_now
from widget.core.money import CURRENCIES, MAX_MINOR
from widget.core.parsing import MAX_ID_LENGTH, Flag, Line, RequestSchema, Text, WholeNumber
from widget.customers.rules import Buyer, email_key
from widget.customers.schemas import ToldMoment
from widget.intake.rules import find_repeated, line_total
from widget.orders.documents import CartDocument, LineDocument, OrderDocument, RefundDocument
from widget.orders.models import STATES

MAX_BATCH = 100
MAX_LINES = 500
MAX_REFUNDS = 200
MAX_COUPONS = 50
MAX_QUANTITY = 1_000_000
_TWICE = "Stands there twice."


class EmailAddress(Text):
    """An e-mail address, in small letters."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs).strip().lower()
        if email_key(text) is None or len(text) > 320:
            raise ValidationError("Must be an e-mail address.")
        return text


def _id(**kwargs: Any) -> Line:
    return Line(MAX_ID_LENGTH, **kwargs)


def _line(longest: int = MAX_ID_LENGTH) -> Line:
    return Line(longest, allow_none=True, load_default=None)


def _minor(**kwargs: Any) -> WholeNumber:
    """Return the field of an amount in the smallest unit of its currency."""
    return WholeNumber(validate=validate.Range(0, MAX_MINOR), **kwargs)


def _quantity(**kwargs: Any) -> WholeNumber:
    return WholeNumber(validate=validate.Range(0, MAX_QUANTITY), **kwargs)


def _currency() -> Text:
    return Text(required=True, validate=validate.OneOf(sorted(CURRENCIES), error="Must be a currency such as EUR."))


def _moment(description: str = "") -> ToldMoment:
    return ToldMoment(allow_none=True, load_default=None, metadata={"description": description} if description else {})


class PersonIn(RequestSchema):
    """What is told of a customer; what is left out is not said, and what was known stays."""

    email = EmailAddress(allow_none=True, load_default=None, metadata={"format": "email"})
    name = _line()
    email_verified = Flag(
        allow_none=True, load_default=None, metadata={"description": "You know that the address is theirs"}
    )
    accepts_marketing = Flag(allow_none=True, load_default=None)

    @validates_schema
    def check_email(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data["email_verified"] is not None and data["email"] is None:
            raise ValidationError({"email_verified": ["Say which address with it, in email."]})


class BuyerIn(PersonIn):
    """Who bought: an account by your own id, a guest by the address, or nobody known."""

    id = Line(MAX_ID_LENGTH, allow_none=True, load_default=None)

    @post_load
    def make_buyer(self, data: dict[str, Any], **_kwargs: Any) -> Buyer:
        verified = data.pop("email_verified")
        return Buyer(external_id=data.pop("id"), is_email_verified=verified, **data)


class LineIn(RequestSchema):
    """One line of an order; prices are with their tax."""

    id = Line(MAX_ID_LENGTH, allow_none=True, load_default=None, metadata={"description": "Its position, from 1 on"})
    product_id = _line()
    variant_id = _line()
    sku = _line()
    title = Line(500, required=True)
    quantity = _quantity(load_default=1)
    unit_price_minor = _minor(required=True)
    discount_minor = _minor(load_default=0)
    tax_minor = _minor(load_default=0)
    total_minor = _minor(
        allow_none=True, load_default=None, metadata={"description": "Quantity times price less the discount"}
    )
    is_gift_card = Flag(load_default=False)

    @validates_schema
    def check_total(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data["total_minor"] is None and not 0 <= line_total(data) <= MAX_MINOR:
            raise ValidationError({"total_minor": ["Say it where it is not quantity times price less the discount."]})


class RefundLineIn(RequestSchema):
    """What is given back of one line."""

    line = _id(required=True)
    quantity = _quantity(load_default=1)
    amount_minor = _minor(required=True)


class ListedRefundIn(RequestSchema):
    """A refund as its order lists it."""

    id = _id(required=True)
    amount_minor = _minor(required=True)
    refunded_at = _moment("When the order was updated, if it is left out")
    shipping_minor = _minor(load_default=0)
    reason = _line(500)
    lines = fields.List(fields.Nested(RefundLineIn()), load_default=list, validate=validate.Length(max=MAX_LINES))


class RefundIn(ListedRefundIn):
    """A refund that comes by itself; loads to a RefundDocument."""

    refunded_at = ToldMoment(required=True)

    @post_load
    def make_document(self, data: dict[str, Any], **_kwargs: Any) -> RefundDocument:
        return RefundDocument(external_id=data.pop("id"), **data)


class OrderIn(RequestSchema):
    """An order as it stands; loads to an OrderDocument."""

    id = _id(required=True)
    number = _line(100)
    updated_at = _moment("Now, if it is left out; of two documents the later counts")
    placed_at = _moment("When it was updated, if it is left out")
    state = Text(load_default="placed", validate=validate.OneOf(STATES))
    currency = _currency()
    total_minor = _minor(required=True, metadata={"description": "What was paid, with tax and shipping"})
    tax_minor = _minor(load_default=0)
    shipping_minor = _minor(load_default=0)
    discount_minor = _minor(load_default=0)
    coupon_codes = fields.List(Line(100), load_default=list, validate=validate.Length(max=MAX_COUPONS))
    cart = _line()
    is_test = Flag(load_default=False)
    customer = fields.Nested(BuyerIn(), allow_none=True, load_default=None)
    lines = fields.List(fields.Nested(LineIn()), load_default=list, validate=validate.Length(max=MAX_LINES))
    refunds = fields.List(fields.Nested(ListedRefundIn()), load_default=list, validate=validate.Length(max=MAX_REFUNDS))
    paid_at = _moment()
    fulfilled_at = _moment()
    delivered_at = _moment()
    cancelled_at = _moment()

    @validates_schema
    def check_ids(self, data: dict[str, Any], **_kwargs: Any) -> None:
        line_ids = _name_lines(data["lines"])
        errors: dict[str, Any] = {
            "lines": {place: {"id": [_TWICE]} for place in find_repeated(line_ids)},
            "refunds": {place: {"id": [_TWICE]} for place in find_repeated([one["id"] for one in data["refunds"]])},
        }
        for place, refund in enumerate(data["refunds"]):
            strange = {at: line for at, line in enumerate(refund["lines"]) if line["line"] not in line_ids}
            if strange and line_ids:
                wrong = {at: {"line": ["Must be the id of one of the order's lines."]} for at in strange}
                errors["refunds"].setdefault(place, {})["lines"] = wrong
        errors = {name: wrong for name, wrong in errors.items() if wrong}
        if errors:
            raise ValidationError(errors)

    @post_load
    def make_document(self, data: dict[str, Any], **_kwargs: Any) -> OrderDocument:
        updated_at = data.pop("updated_at") or utc_now()
        line_ids = _name_lines(data["lines"])
        lines, refunds = data.pop("lines"), data.pop("refunds")
        return OrderDocument(
            external_id=data.pop("id"),
            updated_at=updated_at,
            placed_at=data.pop("placed_at") or updated_at,
            buyer=data.pop("customer") or Buyer(),
            cart_external_id=data.pop("cart"),
            lines=[_make_line(name, line) for name, line in zip(line_ids, lines, strict=True)],
            refunds=[_make_refund(refund, updated_at) for refund in refunds],
            **data,
        )


def _name_lines(lines: list[dict[str, Any]]) -> list[str]:
    return [line["id"] or str(position) for position, line in enumerate(lines, 1)]


def _make_line(name: str, line: dict[str, Any]) -> LineDocument:
    total_minor = line_total(line) if line["total_minor"] is None else line["total_minor"]
    said = {key: value for key, value in line.items() if key not in ("id", "total_minor")}
    return LineDocument(external_id=name, total_minor=total_minor, **said)


def _make_refund(refund: dict[str, Any], updated_at: Any) -> RefundDocument:
    said = {key: value for key, value in refund.items() if key not in ("id", "refunded_at")}
    return RefundDocument(external_id=refund["id"], refunded_at=refund["refunded_at"] or updated_at, **said)


class ItemIn(RequestSchema):
    """One thing in a cart."""

    product_id = _line()
    variant_id = _line()
    sku = _line()
    title = Line(500, required=True)
    quantity = _quantity(load_default=1)
    unit_price_minor = _minor(allow_none=True, load_default=None)


class CartIn(RequestSchema):
    """A cart or checkout as it stands; loads to a CartDocument."""

    id = _id(required=True)
    updated_at = _moment("Now, if it is left out; of two documents the later counts")
    created_at = _moment("When it was updated, if it is left out")
    currency = _currency()
    value_minor = _minor(required=True)
    items = fields.List(fields.Nested(ItemIn()), load_default=list, validate=validate.Length(max=MAX_LINES))
    customer = fields.Nested(BuyerIn(), allow_none=True, load_default=None)
    abandoned_at = _moment()
    recovered_at = _moment()

    @post_load
    def make_document(self, data: dict[str, Any], **_kwargs: Any) -> CartDocument:
        updated_at = data.pop("updated_at") or utc_now()
        return CartDocument(
            external_id=data.pop("id"),
            updated_at=updated_at,
            created_at=data.pop("created_at") or updated_at,
            buyer=data.pop("customer") or Buyer(),
            **data,
        )


class OrdersIn(RequestSchema):
    """A batch of orders: all of them or, where one is wrong, none."""

    orders = fields.List(fields.Nested(OrderIn()), required=True, validate=validate.Length(min=1, max=MAX_BATCH))

    @validates_schema
    def check_ids(self, data: dict[str, Any], **_kwargs: Any) -> None:
        _require_once("orders", data["orders"])


class CartsIn(RequestSchema):
    """A batch of carts: all of them or, where one is wrong, none."""

    carts = fields.List(fields.Nested(CartIn()), required=True, validate=validate.Length(min=1, max=MAX_BATCH))

    @validates_schema
    def check_ids(self, data: dict[str, Any], **_kwargs: Any) -> None:
        _require_once("carts", data["carts"])


def _require_once(name: str, documents: list[Any]) -> None:
    repeated = find_repeated([document.external_id for document in documents])
    if repeated:
        raise ValidationError({name: {place: {"id": [_TWICE]} for place in repeated}})
