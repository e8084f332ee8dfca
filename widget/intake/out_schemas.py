"""What the store's server gets of orders, carts and customers, and how it asks for lists."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from widget.core.parsing import PageQuery, Text
from widget.orders.filters import OrderFilter
from widget.orders.models import STATES

OUTCOMES = ("new", "changed", "known", "older")
_OUTCOME = {
    "description": "new, changed by this document, known as it is, or older than what is known, which stays",
}


class CartsQuery(PageQuery):
    """Which carts are meant, and the page."""

    from_on = fields.Date(data_key="from", metadata={"description": "First UTC day"})
    until_on = fields.Date(data_key="until", metadata={"description": "Last UTC day, included"})
    customer = Text(
        validate=validate.Length(max=320), metadata={"description": "Your id of the customer, or the e-mail address"}
    )

    @post_load
    def make_filter(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        page = {name: data.pop(name) for name in ("cursor", "limit") if name in data}
        return {**page, "chosen": OrderFilter(**data)}


class OrdersQuery(CartsQuery):
    """Which orders are meant, and the page."""

    state = Text(validate=validate.OneOf(STATES))


class TakenOut(Schema):
    """What became of one document."""

    external_id = fields.String()
    outcome = fields.String(validate=validate.OneOf(OUTCOMES), metadata=_OUTCOME)


class TakenOrderOut(TakenOut):
    """What became of one order, with our id of it."""

    id = fields.UUID()


class TakenOrdersOut(Schema):
    """What became of the orders of a request, in its order."""

    items = fields.List(fields.Nested(TakenOrderOut()))


class TakenListOut(Schema):
    """What became of the documents of a request, in its order."""

    items = fields.List(fields.Nested(TakenOut()))


class PersonOut(Schema):
    """A customer as a list names one; a guest has no id."""

    id = fields.String(allow_none=True)
    email = fields.String(allow_none=True)
    name = fields.String(allow_none=True)


class OrderOut(Schema):
    """An order as it stands, without its lines; `net_minor` is the total less refunds, 0 once it is cancelled."""

    id = fields.UUID()
    external_id = fields.String()
    number = fields.String(allow_none=True)
    source = fields.String()
    state = fields.String()
    is_test = fields.Boolean()
    is_guest = fields.Boolean()
    customer = fields.Nested(PersonOut(), allow_none=True)
    currency = fields.String()
    total_minor = fields.Integer()
    tax_minor = fields.Integer()
    shipping_minor = fields.Integer()
    discount_minor = fields.Integer()
    refunded_minor = fields.Integer()
    net_minor = fields.Integer()
    reporting_minor = fields.Integer(
        allow_none=True, metadata={"description": "Net in the site's reporting currency, null without a rate"}
    )
    coupon_codes = fields.List(fields.String())
    cart = fields.String(allow_none=True, attribute="cart_external_id")
    placed_at = fields.AwareDateTime()
    paid_at = fields.AwareDateTime(allow_none=True)
    fulfilled_at = fields.AwareDateTime(allow_none=True)
    delivered_at = fields.AwareDateTime(allow_none=True)
    cancelled_at = fields.AwareDateTime(allow_none=True)
    updated_at = fields.AwareDateTime(attribute="version_at")


class OrderLineOut(Schema):
    """One line of an order."""

    id = fields.String(attribute="external_id")
    product_id = fields.String(allow_none=True)
    variant_id = fields.String(allow_none=True)
    sku = fields.String(allow_none=True)
    title = fields.String()
    quantity = fields.Integer()
    unit_price_minor = fields.Integer()
    discount_minor = fields.Integer()
    tax_minor = fields.Integer()
    total_minor = fields.Integer()
    is_gift_card = fields.Boolean()


class RefundLineOut(Schema):
    """What was given back of one line."""

    line = fields.String()
    quantity = fields.Integer()
    amount_minor = fields.Integer()


class OrderRefundOut(Schema):
    """A refund that counts."""

    id = fields.String(attribute="external_id")
    amount_minor = fields.Integer()
    shipping_minor = fields.Integer()
    reason = fields.String(allow_none=True)
    refunded_at = fields.AwareDateTime()
    lines = fields.List(fields.Nested(RefundLineOut()))


class FullOrderOut(OrderOut):
    """An order with its lines and refunds."""

    lines = fields.List(fields.Nested(OrderLineOut()))
    refunds = fields.List(fields.Nested(OrderRefundOut()))


class OrdersOut(Schema):
    """One page of orders."""

    items = fields.List(fields.Nested(OrderOut()))
    next_cursor = fields.String(allow_none=True)


class CartOut(Schema):
    """A cart as it stands; it is bought once an order names it."""

    external_id = fields.String()
    customer = fields.Nested(PersonOut(), allow_none=True)
    currency = fields.String()
    value_minor = fields.Integer()
    items = fields.List(fields.Dict())
    created_at = fields.AwareDateTime()
    abandoned_at = fields.AwareDateTime(allow_none=True)
    recovered_at = fields.AwareDateTime(allow_none=True)
    bought_at = fields.AwareDateTime(allow_none=True)
    updated_at = fields.AwareDateTime(attribute="version_at")


class CartsOut(Schema):
    """One page of carts."""

    items = fields.List(fields.Nested(CartOut()))
    next_cursor = fields.String(allow_none=True)
