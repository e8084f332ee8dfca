"""What the store's server says of orders and refunds."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from widget.core.clock import utc_now
from widget.core.money import MAX_MINOR
from widget.core.parsing import MAX_ID_LENGTH, Flag, Line, RequestSchema, Text
from widget.customers.rules import Buyer
from widget.customers.schemas import ToldMoment
from widget.intake.rules import find_repeated, line_total
from widget.intake.schema_fields import (
    MAX_BATCH,
    MAX_LINES,
    TWICE,
    BuyerIn,
    currency,
    minor,
    moment,
    quantity,
    require_once,
    store_id,
    words,
)
from widget.orders.documents import LineDocument, OrderDocument, RefundDocument
from widget.orders.models import STATES

MAX_REFUNDS = 200
MAX_COUPONS = 50


class LineIn(RequestSchema):
    """One line of an order; prices are with their tax."""

    id = Line(MAX_ID_LENGTH, allow_none=True, load_default=None, metadata={"description": "Its position, from 1 on"})
    product_id = words()
    variant_id = words()
    sku = words()
    title = Line(500, required=True)
    quantity = quantity(load_default=1)
    unit_price_minor = minor(required=True)
    discount_minor = minor(load_default=0)
    tax_minor = minor(load_default=0)
    total_minor = minor(
        allow_none=True, load_default=None, metadata={"description": "Quantity times price less the discount"}
    )
    is_gift_card = Flag(load_default=False)

    @validates_schema
    def check_total(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data["total_minor"] is None and not 0 <= line_total(data) <= MAX_MINOR:
            raise ValidationError({"total_minor": ["Say it where it is not quantity times price less the discount."]})


class RefundLineIn(RequestSchema):
    """What is given back of one line."""

    line = store_id(required=True)
    quantity = quantity(load_default=1)
    amount_minor = minor(required=True)


class ListedRefundIn(RequestSchema):
    """A refund as its order lists it."""

    id = store_id(required=True)
    amount_minor = minor(required=True)
    refunded_at = moment("When the order was updated, if it is left out")
    shipping_minor = minor(load_default=0)
    reason = words(500)
    lines = fields.List(fields.Nested(RefundLineIn()), load_default=list, validate=validate.Length(max=MAX_LINES))


class RefundIn(ListedRefundIn):
    """A refund that comes by itself; loads to a RefundDocument."""

    refunded_at = ToldMoment(required=True)

    @post_load
    def make_document(self, data: dict[str, Any], **_kwargs: Any) -> RefundDocument:
        return RefundDocument(external_id=data.pop("id"), **data)


class OrderIn(RequestSchema):
    """An order as it stands; loads to an OrderDocument."""

    id = store_id(required=True)
    number = words(100)
    updated_at = moment("Now, if it is left out; of two documents the later counts")
    placed_at = moment("When it was updated, if it is left out")
    state = Text(load_default="placed", validate=validate.OneOf(STATES))
    currency = currency()
    total_minor = minor(required=True, metadata={"description": "What was paid, with tax and shipping"})
    tax_minor = minor(load_default=0)
    shipping_minor = minor(load_default=0)
    discount_minor = minor(load_default=0)
    coupon_codes = fields.List(Line(100), load_default=list, validate=validate.Length(max=MAX_COUPONS))
    cart = words()
    is_test = Flag(load_default=False)
    customer = fields.Nested(BuyerIn(), allow_none=True, load_default=None)
    lines = fields.List(fields.Nested(LineIn()), load_default=list, validate=validate.Length(max=MAX_LINES))
    refunds = fields.List(fields.Nested(ListedRefundIn()), load_default=list, validate=validate.Length(max=MAX_REFUNDS))
    paid_at = moment()
    fulfilled_at = moment()
    delivered_at = moment()
    cancelled_at = moment()

    @validates_schema
    def check_ids(self, data: dict[str, Any], **_kwargs: Any) -> None:
        line_ids = _name_lines(data["lines"])
        errors: dict[str, Any] = {
            "lines": {place: {"id": [TWICE]} for place in find_repeated(line_ids)},
            "refunds": {place: {"id": [TWICE]} for place in find_repeated([one["id"] for one in data["refunds"]])},
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


class OrdersIn(RequestSchema):
    """A batch of orders: all of them or, where one is wrong, none."""

    orders = fields.List(fields.Nested(OrderIn()), required=True, validate=validate.Length(min=1, max=MAX_BATCH))

    @validates_schema
    def check_ids(self, data: dict[str, Any], **_kwargs: Any) -> None:
        require_once("orders", data["orders"])
