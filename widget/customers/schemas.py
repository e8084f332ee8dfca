"""What the store's server says of its customers, and the fields that forms for shoppers share."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from widget.core.clock import utc_now
from widget.core.mail_message import read_address
from widget.core.parsing import MAX_ID_LENGTH, Identifier, Line, Moment, NamedValues, RequestSchema, Text
from widget.sites.rules import normalise_email

MAX_EVENTS = 100
# Two clocks are never quite the same.
CLOCK_SKEW = timedelta(seconds=30)
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
# What a document can say of names in any script: no control characters, and not blank at the beginning.
_PRINTABLE = {"minLength": 1, "pattern": r"^[^\u0000-\u0020\u007f-\u00a0][^\u0000-\u001f\u007f-\u009f]*$"}


class ToldMoment(Moment):
    """A time with its offset from UTC that is not in the future, as it was told: what is told later stays later."""

    default_error_messages = {"invalid_awareness": "Say the offset from UTC, as in 2026-05-31T12:00:00Z."}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> datetime:
        moment = super()._deserialize(value, attr, data, **kwargs)
        if moment > utc_now() + CLOCK_SKEW:
            raise ValidationError("Must not be in the future.")
        # Nor near the beginning of the calendar, where a time has no place in UTC.
        if moment < EARLIEST:
            raise ValidationError("Must not be before 1970.")
        return moment.astimezone(UTC)


class PastMoment(ToldMoment):
    """A time as it is told, but that a clock a little fast says now."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> datetime:
        return min(super()._deserialize(value, attr, data, **kwargs), utc_now())


def is_address(text: str) -> bool:
    """Tell whether a mail can be sent to an address."""
    try:
        return bool(read_address(normalise_email(text)))
    except (ValueError, IndexError, UnicodeError):
        return False


class EmailAddress(Text):
    """An address that a mail can be sent to."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not is_address(text):
            raise ValidationError("Must be an e-mail address.")
        return normalise_email(text)


class EventName(Text):
    """The name of an event as surveys wait for it."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not 1 <= len(text) <= 100 or not text.strip() or not text.isprintable():
            raise ValidationError("Must be 1 to 100 printable characters, and not blank.")
        return text


class EventIn(RequestSchema):
    """Something that has happened to a customer."""

    id = Identifier(allow_none=True, load_default=None, metadata={"description": "Makes a repeat harmless"})
    name = EventName(required=True, metadata=_PRINTABLE | {"maxLength": 100})
    customer = Line(MAX_ID_LENGTH, required=True)
    properties = NamedValues(load_default=dict)
    happened_at = PastMoment(allow_none=True, load_default=None, metadata={"description": "Now, if it is left out"})


class EventsIn(RequestSchema):
    """A batch of events."""

    events = fields.List(fields.Nested(EventIn()), required=True, validate=validate.Length(min=1, max=MAX_EVENTS))

    @validates_schema
    def check_ids(self, data: dict[str, Any], **_kwargs: Any) -> None:
        ids = [event["id"] for event in data["events"] if event["id"] is not None]
        if len(set(ids)) < len(ids):
            raise ValidationError({"events": ["Two events of a batch may not have the same id."]})


class EventOut(Schema):
    """An event as it is stored."""

    id = fields.UUID()
    name = fields.String()
    customer = fields.String()
    properties = fields.Dict(keys=fields.String(), values=fields.String())
    happened_at = fields.AwareDateTime()


class EventsOut(Schema):
    """The events of a request, in its order."""

    items = fields.List(fields.Nested(EventOut()))


class Trap(Text):
    """A field that no form shows: people leave it empty, scripts fill it in."""

    def __init__(self) -> None:
        described = {"description": "A trap for scripts: people leave it empty."}
        super().__init__(allow_none=True, load_default=None, validate=validate.Length(max=500), metadata=described)
