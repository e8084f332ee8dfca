"""What the store's server says of buyers to ask for reviews, and what it gets."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from widget.core.parsing import MAX_ID_LENGTH, Flag, LanguageTag, Line, RequestSchema, WholeNumber
from widget.customers.schemas import EmailAddress
from widget.reviews.models import MAX_PRODUCT_LENGTH
from widget.reviews.requesting import DEFAULT_DAYS, MAX_DAYS, MAX_PRODUCTS, Wanted


class RequestIn(RequestSchema):
    """A buyer to ask; loads to Wanted. Who is asked cannot depend on what they will say: there is no such field."""

    customer = Line(MAX_ID_LENGTH, allow_none=True, load_default=None)
    email = EmailAddress(
        allow_none=True, load_default=None, metadata={"description": "The customer's own, if it is left out"}
    )
    order = Line(MAX_ID_LENGTH, allow_none=True, load_default=None, metadata={"description": "Your id of the order"})
    products = fields.List(
        Line(MAX_PRODUCT_LENGTH),
        load_default=list,
        validate=validate.Length(max=MAX_PRODUCTS),
        metadata={"description": "Those of the order, if they are left out"},
    )
    language = LanguageTag(allow_none=True, load_default=None)
    expires_days = WholeNumber(load_default=DEFAULT_DAYS, validate=validate.Range(1, MAX_DAYS))
    send = Flag(load_default=False, metadata={"description": "Send the mail too; it needs an address"})

    @post_load
    def make_wanted(self, data: dict[str, Any], **_kwargs: Any) -> Wanted:
        return Wanted(is_sent=data.pop("send"), **data)


class AskedProductOut(Schema):
    """A product to review, with links that choose it, and its stars, beforehand."""

    id = fields.String()
    title = fields.String()
    url = fields.String()
    scale_urls = fields.Dict(keys=fields.String(), values=fields.String())


class SkippedProductOut(Schema):
    """A product that is not asked for: already_reviewed, order_cancelled or order_refunded."""

    id = fields.String()
    reason = fields.String()


class RequestedOut(Schema):
    """A request with its links, null where nothing was left to ask; `mail` is queued, suppressed or null."""

    id = fields.UUID(allow_none=True)
    url = fields.String(allow_none=True)
    products = fields.List(fields.Nested(AskedProductOut()))
    skipped = fields.List(fields.Nested(SkippedProductOut()))
    expires_at = fields.AwareDateTime(allow_none=True)
    mail = fields.String(allow_none=True)


class RequestOut(Schema):
    """A request as it stands, without its link."""

    id = fields.UUID()
    customer = fields.String(allow_none=True)
    email = fields.String(allow_none=True)
    language = fields.String(allow_none=True)
    products = fields.List(fields.Dict())
    created_at = fields.AwareDateTime()
    expires_at = fields.AwareDateTime()


class RequestsOut(Schema):
    """One page of requests, newest first."""

    items = fields.List(fields.Nested(RequestOut()))
    next_cursor = fields.String(allow_none=True)
