"""What comes in at the shoppers' door of the loyalty room and what goes out."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from widget.core.money import MAX_MINOR, read_currency, to_minor
from widget.core.parsing import Identifier, Line, QuerySchema, RequestSchema, Text
from widget.core.problems import FieldError, InvalidFields
from widget.loyalty.entries import MAX_NUMBER

MAX_PRODUCT_LENGTH = 200


class Currency(fields.Field[str]):
    """A currency code (ISO 4217)."""

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> str:
        try:
            return read_currency(str(value))
        except ValueError as error:
            raise ValidationError("Must be a currency code such as EUR.") from error


class MaybeProduct(Line):
    """One product; an element that names none asks with an empty one."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return super()._deserialize(value, *args, **kwargs) if value else None


class LanguageQuery(QuerySchema):
    """The shopper's languages, the wanted ones first."""

    lang = Text(load_default="", validate=validate.Length(max=200))


class PointsHistoryQuery(LanguageQuery):
    """Where a page of the history begins."""

    cursor = fields.Integer(load_default=None, validate=validate.Range(1, MAX_NUMBER))


class PricePreviewQuery(QuerySchema):
    """A price, in minor units or as people write it, and what it is asked for."""

    price_minor = fields.Integer(load_default=None, validate=validate.Range(0, MAX_MINOR))
    price = Text(load_default=None, validate=validate.Regexp(r"[0-9]{1,15}(\.[0-9]{1,6})?\Z"))
    currency = Currency(required=True, metadata={"type": "string", "minLength": 3, "maxLength": 3})
    product = MaybeProduct(MAX_PRODUCT_LENGTH, load_default=None)
    lang = Text(load_default=None, validate=validate.Length(max=200))


class RedeemIn(RequestSchema):
    """Which reward, under an id that the browser drew."""

    id = Identifier(required=True)
    reward_id = Identifier(required=True)


class MemberPointsOut(Schema):
    """What a customer has."""

    balance = fields.Integer()
    pending = fields.Integer()
    held = fields.Integer()
    lifetime = fields.Integer()
    tier = fields.String(allow_none=True)
    tier_until = fields.Date(allow_none=True)
    joined = fields.Boolean()
    currency_names = fields.Dict()


class PricePreviewOut(Schema):
    """What a price earns; null where nobody said what its currency is worth."""

    points = fields.Integer(allow_none=True)
    text = fields.String(metadata={"description": "With `lang`, where it earns points"})


class RedeemedOut(Schema):
    """A redemption with its code."""

    id = fields.UUID()
    reward_id = fields.UUID()
    points = fields.Integer()
    state = fields.String()
    code = fields.String(allow_none=True)
    expires_at = fields.AwareDateTime(allow_none=True)
    balance = fields.Integer()


def read_price(query: Mapping[str, Any]) -> int:
    """Return the price of a preview in minor units; raise InvalidFields where it says none, or two."""
    minor, price = query["price_minor"], query["price"]
    if (minor is None) == (price is None):
        raise InvalidFields(errors=[FieldError("#/price_minor", "Say price_minor or price.")])
    if minor is None:
        try:
            minor = to_minor(price, query["currency"])
        except ValueError as error:
            raise InvalidFields(errors=[FieldError("#/price", "Must be an amount such as 29.90.")]) from error
    return min(int(minor), MAX_MINOR)
