"""What comes in at the shoppers' door of the popups room and what goes out."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from widget.core.parsing import (
    Flag,
    Identifier,
    LanguageTag,
    PageAddress,
    QuerySchema,
    RequestSchema,
    Text,
    WholeNumber,
)
from widget.customers.schemas import EmailAddress, Trap
from widget.popups.rules import PROFILE_FIELDS, TRIGGERS

MAX_IMPRESSIONS = 20
MAX_NAME_LENGTH = 200


class PopupImpressionIn(RequestSchema):
    """One time a campaign was due for a visitor: shown, or withheld from the hold-out group."""

    id = Identifier(required=True)
    campaign = Identifier(required=True)
    arm = Text(
        allow_none=True,
        load_default=None,
        validate=validate.Length(max=7),
        metadata={"description": "Not believed: the server computes it of the visitor"},
    )
    trigger = Text(allow_none=True, load_default=None, validate=validate.OneOf(TRIGGERS))
    page_url = PageAddress()
    dismissed = Flag(load_default=False)
    converted = Flag(
        load_default=False,
        metadata={"description": "Its button was pressed, of a campaign without a form; of others the lead says it"},
    )


class PopupImpressionsIn(RequestSchema):
    """A batch of impressions of one visitor."""

    impressions = fields.List(
        fields.Nested(PopupImpressionIn()), required=True, validate=validate.Length(min=1, max=MAX_IMPRESSIONS)
    )


class PopupImpressionsOut(Schema):
    """How many of the batch belong to campaigns of this site and are stored."""

    stored = fields.Integer()


class ContentQuery(QuerySchema):
    """The shopper's languages, most wanted first, comma-separated, and the arm the page computed, or `own`."""

    lang = Text(load_default="", validate=validate.Length(max=200))
    arm = Text(load_default=None, validate=validate.Length(max=7))


class PersonName(Text):
    """A name as somebody typed it, as one line: whatever would break a line becomes a space."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
        if len(line) > MAX_NAME_LENGTH:
            raise ValidationError(f"Longer than maximum length {MAX_NAME_LENGTH}.")
        return line


class ProfileIn(fields.Field[dict[str, Any]]):
    """What is told beyond address and name, by the names of the fields that the campaign has."""

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> dict[str, Any]:
        if not isinstance(value, dict) or len(value) > len(PROFILE_FIELDS):
            raise ValidationError(f"Must be an object of at most {len(PROFILE_FIELDS)} fields.")
        return value


class ConsentIn(RequestSchema):
    """That the line of consent was agreed to, as the version of the campaign that was shown has it."""

    accepted = Flag(required=True, validate=validate.Equal(True, error="Nothing is kept without consent."))
    version = WholeNumber(required=True, validate=validate.Range(1, 2**31 - 1))


class LeadIn(RequestSchema):
    """An address with what was agreed to and told."""

    id = Identifier(required=True)
    campaign = Identifier(required=True)
    email = EmailAddress(required=True)
    name = PersonName(allow_none=True, load_default=None, metadata={"maxLength": MAX_NAME_LENGTH})
    profile = ProfileIn(data_key="fields", load_default=dict, metadata={"type": "object"})
    consent = fields.Nested(ConsentIn(), required=True)
    language = LanguageTag(allow_none=True, load_default=None)
    page_url = PageAddress()
    elapsed_ms = WholeNumber(allow_none=True, load_default=None, validate=validate.Range(min=0, max=2**31 - 1))
    website = Trap()


class LeadOut(Schema):
    """What became of an address; `code` is there where it may be shown at once, else it comes by mail."""

    id = fields.UUID()
    state = fields.String(metadata={"description": "unconfirmed: the mailbox has a link to confirm; or confirmed"})
    text = fields.String()
    code = fields.String()
    expires_at = fields.AwareDateTime(allow_none=True)
