"""What the store's server says of carts."""

from typing import Any

from marshmallow import fields, post_load, validate, validates_schema

from widget.core.clock import utc_now
from widget.core.parsing import Line, RequestSchema
from widget.customers.rules import Buyer
from widget.intake.schema_fields import (
    MAX_BATCH,
    MAX_LINES,
    BuyerIn,
    currency,
    minor,
    moment,
    quantity,
    require_once,
    store_id,
    words,
)
from widget.orders.documents import CartDocument


class ItemIn(RequestSchema):
    """One thing in a cart."""

    product_id = words()
    variant_id = words()
    sku = words()
    title = Line(500, required=True)
    quantity = quantity(load_default=1)
    unit_price_minor = minor(allow_none=True, load_default=None)


class CartIn(RequestSchema):
    """A cart or checkout as it stands; loads to a CartDocument."""

    id = store_id(required=True)
    updated_at = moment("Now, if it is left out; of two documents the later counts")
    created_at = moment("When it was updated, if it is left out")
    currency = currency()
    value_minor = minor(required=True)
    items = fields.List(fields.Nested(ItemIn()), load_default=list, validate=validate.Length(max=MAX_LINES))
    customer = fields.Nested(BuyerIn(), allow_none=True, load_default=None)
    abandoned_at = moment()
    recovered_at = moment()

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


class CartsIn(RequestSchema):
    """A batch of carts: all of them or, where one is wrong, none."""

    carts = fields.List(fields.Nested(CartIn()), required=True, validate=validate.Length(min=1, max=MAX_BATCH))

    @validates_schema
    def check_ids(self, data: dict[str, Any], **_kwargs: Any) -> None:
        require_once("carts", data["carts"])
