"""The fields that orders, carts and customers share as a store's server sends them."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, post_load, validate, validates_schema

from widget.core.money import CURRENCIES, MAX_MINOR
from widget.core.parsing import MAX_ID_LENGTH, Flag, Line, RequestSchema, Text, WholeNumber
from widget.customers.rules import Buyer, email_key
from widget.customers.schemas import ToldMoment
from widget.intake.rules import find_repeated

MAX_BATCH = 100
MAX_LINES = 500
MAX_QUANTITY = 1_000_000
TWICE = "Stands there twice."


class EmailAddress(Text):
    """An e-mail address, in small letters."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs).strip().lower()
        if email_key(text) is None or len(text) > 320:
            raise ValidationError("Must be an e-mail address.")
        return text


def store_id(**kwargs: Any) -> Line:
    return Line(MAX_ID_LENGTH, **kwargs)


def words(longest: int = MAX_ID_LENGTH) -> Line:
    return Line(longest, allow_none=True, load_default=None)


def minor(**kwargs: Any) -> WholeNumber:
    """Return the field of an amount in the smallest unit of its currency."""
    return WholeNumber(validate=validate.Range(0, MAX_MINOR), **kwargs)


def quantity(**kwargs: Any) -> WholeNumber:
    return WholeNumber(validate=validate.Range(0, MAX_QUANTITY), **kwargs)


def currency() -> Text:
    return Text(required=True, validate=validate.OneOf(sorted(CURRENCIES), error="Must be a currency such as EUR."))


def moment(description: str = "") -> ToldMoment:
    return ToldMoment(allow_none=True, load_default=None, metadata={"description": description} if description else {})


class PersonIn(RequestSchema):
    """What is told of a customer; what is left out is not said, and what was known stays."""

    email = EmailAddress(allow_none=True, load_default=None, metadata={"format": "email"})
    name = words()
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


def require_once(name: str, documents: list[Any]) -> None:
    repeated = find_repeated([document.external_id for document in documents])
    if repeated:
        raise ValidationError({name: {place: {"id": [TWICE]} for place in repeated}})
