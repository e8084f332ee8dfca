"""What the store's server says of its customers and what it gets."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from widget.core.parsing import MAX_ID_LENGTH, LanguageTag, Line, RequestSchema
from widget.customers.rules import ATTRIBUTES, Buyer, find_attribute_error
from widget.customers.schemas import PastMoment
from widget.intake.schema_fields import PersonIn

MAX_CONSENT_LENGTH = 500


class AnyValue(fields.Raw):
    """A value whose right form depends on what it is a value of."""


class AttributeIn(RequestSchema):
    """Something a customer has told of themselves, with the sentence they agreed to."""

    value = AnyValue(required=True, metadata={"type": ["string", "array"], "items": {"type": "string"}})
    consent_text = Line(MAX_CONSENT_LENGTH, required=True)
    language = LanguageTag(allow_none=True, load_default=None)
    given_at = PastMoment(allow_none=True, load_default=None, metadata={"description": "Now, if it is left out"})


class Attributes(RequestSchema):
    """What a customer has told, by name; null takes the consent back, and it is forgotten."""

    birthday = fields.Nested(AttributeIn(), allow_none=True)
    gender = fields.Nested(AttributeIn(), allow_none=True)
    area = fields.Nested(AttributeIn(), allow_none=True)
    interests = fields.Nested(AttributeIn(), allow_none=True)

    @validates_schema
    def check_values(self, data: dict[str, Any], **_kwargs: Any) -> None:
        told = {name: attribute["value"] for name, attribute in data.items() if attribute is not None}
        errors = {name: find_attribute_error(name, value) for name, value in told.items()}
        wrong = {name: {"value": [problem]} for name, problem in errors.items() if problem}
        if wrong:
            raise ValidationError(wrong)


class CustomerIn(PersonIn):
    """A customer; loads to the buyer (without an id) and the attributes."""

    attributes = fields.Nested(Attributes(), load_default=dict)

    @post_load
    def make_buyer(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        attributes: Mapping[str, Any] = data.pop("attributes")
        verified = data.pop("email_verified")
        return {"buyer": Buyer(is_email_verified=verified, **data), "attributes": attributes}


class MergeIn(RequestSchema):
    """The customer who stays."""

    into = Line(MAX_ID_LENGTH, required=True, metadata={"description": "Your id of the customer who stays"})


class TotalsOut(Schema):
    """What a customer has bought, in the site's reporting currency; test and cancelled orders left out."""

    orders = fields.Integer()
    revenue_minor = fields.Integer()
    currency = fields.String(allow_none=True)
    first_order_at = fields.AwareDateTime(allow_none=True)
    last_order_at = fields.AwareDateTime(allow_none=True)


class ListedCustomerOut(Schema):
    """A customer; a guest has no `external_id`."""

    id = fields.UUID()
    external_id = fields.String(allow_none=True)
    email = fields.String(allow_none=True)
    email_verified = fields.Boolean(attribute="is_email_verified")
    name = fields.String(allow_none=True)
    accepts_marketing = fields.Boolean()
    created_at = fields.AwareDateTime()
    orders = fields.Nested(TotalsOut())


class CustomersOut(Schema):
    """One page of customers."""

    items = fields.List(fields.Nested(ListedCustomerOut()))
    next_cursor = fields.String(allow_none=True)


class AttributeOut(Schema):
    """What a customer has told, with their consent; `source` is api, or the survey."""

    value = fields.Raw()
    consent_text = fields.String()
    language = fields.String(allow_none=True)
    given_at = fields.AwareDateTime()
    source = fields.String()


class CustomerOut(ListedCustomerOut):
    """A customer with what they told, and with the ids of those who were merged into them."""

    merged_ids = fields.List(fields.String())
    attributes = fields.Dict(
        keys=fields.String(validate=validate.OneOf(ATTRIBUTES)), values=fields.Nested(AttributeOut())
    )
