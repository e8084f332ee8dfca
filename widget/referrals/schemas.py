"""What shoppers and stores say and are told of referrals; the rules of a program are checked by `program_checks.py`."""

from marshmallow import Schema, fields, validate

from widget.core.parsing import (
    MAX_ID_LENGTH,
    Flag,
    Identifier,
    LanguageTag,
    Line,
    PageQuery,
    QuerySchema,
    RequestSchema,
    Text,
)
from widget.customers.schemas import EmailAddress
from widget.referrals.models import CHANNELS, CHECKOUT, MAX_CODE_LENGTH, STATES
from widget.referrals.program_service import STATES as PROGRAM_STATES

MAX_NOTE_LENGTH = 200
_channel = validate.OneOf(CHANNELS)


class LanguageQuery(QuerySchema):
    """The shopper's languages, the wanted ones first."""

    lang = Text(load_default="", validate=validate.Length(max=200))


class ShareIn(RequestSchema):
    """By which channel an advocate shared."""

    channel = Text(required=True, validate=_channel)


class ClickIn(RequestSchema):
    """Whose link was followed, and by which channel it had come."""

    code = Line(MAX_CODE_LENGTH, required=True)
    channel = Text(load_default="link", validate=_channel)


class ClaimIn(RequestSchema):
    """A friend who takes an advocate's offer, under an id that the browser drew."""

    id = Identifier(required=True)
    code = Line(MAX_CODE_LENGTH, required=True)
    email = EmailAddress(required=True)
    channel = Text(load_default="link", validate=_channel)
    language = LanguageTag(load_default=None, allow_none=True)


class FriendOut(Schema):
    """What a friend gets; a coupon's code is there once it can be used."""

    kind = fields.String(required=True)
    code = fields.String()
    expires_at = fields.AwareDateTime(allow_none=True)
    until = fields.String()
    text = fields.String(required=True)


class ClaimOut(Schema):
    id = fields.UUID(required=True)
    state = fields.String(required=True)
    friend = fields.Nested(FriendOut, required=True)


class AdvocateCodeOut(Schema):
    code = fields.String(required=True)
    link = fields.String(required=True)


class ReferralsQuery(PageQuery):
    """Which referrals a list shows."""

    state = Text(validate=validate.OneOf(STATES))
    advocate = Text(validate=validate.Length(1, MAX_ID_LENGTH))
    channel = Text(validate=validate.OneOf((*CHANNELS, CHECKOUT)))


class ReferralNoteIn(RequestSchema):
    """Why a referral is let pass or refused, for those who look at it later."""

    note = Line(MAX_NOTE_LENGTH, load_default="")


class ReferralEventOut(Schema):
    number = fields.Integer(required=True)
    kind = fields.String(required=True)
    actor = fields.String(required=True)
    reason = fields.Dict(required=True)
    happened_at = fields.AwareDateTime(required=True)


class ReferralOut(Schema):
    """A referral with the reasons for which it waits."""

    id = fields.UUID(required=True)
    state = fields.String(required=True)
    advocate = fields.String(required=True, allow_none=True)
    friend = fields.String(required=True, allow_none=True)
    friend_email = fields.String(required=True, allow_none=True)
    channel = fields.String(required=True)
    order_id = fields.UUID(required=True, allow_none=True)
    flags = fields.List(fields.Dict, required=True)
    claimed_at = fields.AwareDateTime(required=True)
    qualifies_at = fields.AwareDateTime(required=True, allow_none=True)
    rewarded_at = fields.AwareDateTime(required=True, allow_none=True)
    events = fields.List(fields.Nested(ReferralEventOut))


class ReferralsOut(Schema):
    items = fields.List(fields.Nested(ReferralOut), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class AdvocateIn(RequestSchema):
    """Whether an advocate earns."""

    is_blocked = Flag(required=True)


class AdvocateOut(Schema):
    """An advocate with what their link has come to."""

    customer = fields.String(required=True, allow_none=True)
    name = fields.String(required=True, allow_none=True)
    code = fields.String(required=True)
    link = fields.String(required=True)
    is_blocked = fields.Boolean(required=True)
    created_at = fields.AwareDateTime(required=True)
    clicks = fields.Integer(required=True)
    shares = fields.Integer(required=True)
    claims = fields.Integer(required=True)
    pending = fields.Integer(required=True)
    rewarded = fields.Integer(required=True)
    points = fields.Integer(required=True)
    coupons = fields.Integer(required=True)


class AdvocatesOut(Schema):
    items = fields.List(fields.Nested(AdvocateOut), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class ReferralProgramIn(RequestSchema):
    """The rules of the program, and whether it is live."""

    rules = fields.Raw(required=True, metadata={"description": "See docs/referrals.md", "type": "object"})
    state = Text(validate=validate.OneOf(PROGRAM_STATES))


class ReferralProgramOut(Schema):
    """The program as it is."""

    state = fields.String(required=True)
    live_at = fields.AwareDateTime(required=True, allow_none=True)
    version = fields.Integer(required=True)
    changed_at = fields.AwareDateTime(required=True)
    changed_by = fields.String(required=True)
    rules = fields.Dict(required=True)
