"""What the store's server says of people to invite, and what it gets."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from widget.core.parsing import Flag, LanguageTag, RequestSchema, WholeNumber
from widget.customers.schemas import EmailAddress
from widget.invitations.service import DEFAULT_DAYS, MAX_BATCH, MAX_DAYS, Guest
from widget.surveys.schemas import HiddenFields
from widget.surveys.setting_fields import Printable


class InvitationIn(RequestSchema):
    """One person to invite; loads to a Guest."""

    customer = Printable(
        allow_none=True,
        load_default=None,
        validate=validate.Length(max=200),
        metadata={"description": "Your id of the customer; the answer is theirs"},
    )
    email = EmailAddress(allow_none=True, load_default=None)
    name = Printable(
        allow_none=True,
        load_default=None,
        validate=validate.Length(max=200),
        metadata={"description": "How the mail greets; it is not kept"},
    )
    language = LanguageTag(allow_none=True, load_default=None)
    hidden = HiddenFields(load_default=dict)
    expires_days = WholeNumber(load_default=DEFAULT_DAYS, validate=validate.Range(1, MAX_DAYS))
    send = Flag(load_default=False, metadata={"description": "Send the mail too; it needs an address"})

    @post_load
    def make_guest(self, data: dict[str, Any], **_kwargs: Any) -> Guest:
        return Guest(is_sent=data.pop("send"), **data)


class InvitationsIn(RequestSchema):
    """A batch of people to invite: all of them or, where one is wrong, none."""

    invitations = fields.List(
        fields.Nested(InvitationIn()), required=True, validate=validate.Length(min=1, max=MAX_BATCH)
    )


class InvitedOut(Schema):
    """An invitation with its links; `mail` is queued, suppressed (the reader wants no more), or null."""

    id = fields.UUID()
    url = fields.String()
    scale_urls = fields.Dict(keys=fields.String(), values=fields.String())
    expires_at = fields.AwareDateTime()
    mail = fields.String(allow_none=True)


class InvitedBatchOut(Schema):
    """The invitations of a batch, in its order."""

    items = fields.List(fields.Nested(InvitedOut()))


class InvitationOut(Schema):
    """An invitation as it stands: waiting, answered or expired."""

    id = fields.UUID()
    state = fields.String(validate=validate.OneOf(["waiting", "answered", "expired"]))
    customer = fields.String(allow_none=True)
    email = fields.String(allow_none=True)
    language = fields.String(allow_none=True)
    hidden = fields.Dict(keys=fields.String(), values=fields.String())
    created_at = fields.AwareDateTime()
    expires_at = fields.AwareDateTime()
    answered_at = fields.AwareDateTime(allow_none=True)
    response_id = fields.UUID(allow_none=True)


class InvitationsOut(Schema):
    """One page of invitations, newest first."""

    items = fields.List(fields.Nested(InvitationOut()))
    next_cursor = fields.String(allow_none=True)
