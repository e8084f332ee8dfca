"""What the store's server says and is told of points and redemptions."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates

from widget.core.paging import MAX_PAGE_SIZE
from widget.core.parsing import (
    MAX_ID_LENGTH,
    Identifier,
    Line,
    PageQuery,
    QuerySchema,
    RequestSchema,
    Text,
    WholeNumber,
)
from widget.loyalty.entries import MAX_NUMBER
from widget.loyalty.program import MAX_POINTS

MAX_REASON_LENGTH = 200
# The longest e-mail address, which is longer than any id.
MAX_CUSTOMER_LENGTH = 320
MAX_HOLD_MINUTES = 7 * 24 * 60
STATES = ("held", "issued", "used", "cancelled")


class HistoryQuery(QuerySchema):
    """Where a page of an account's entries begins, by the number of one, and how long it is."""

    cursor = fields.Integer(
        validate=validate.Range(1, MAX_NUMBER), metadata={"description": "The `next_cursor` of the page before"}
    )
    limit = fields.Integer(load_default=50, validate=validate.Range(1, MAX_PAGE_SIZE))


class AdjustmentIn(RequestSchema):
    """Points to give, or below zero to take away, and why."""

    points = WholeNumber(required=True, validate=validate.Range(-MAX_POINTS, MAX_POINTS))
    reason = Line(MAX_REASON_LENGTH, required=True)

    @validates("points")
    def _require_points(self, value: int, **_: Any) -> None:
        if value == 0:
            raise ValidationError("Must not be 0.")


class ExpiryOut(Schema):
    points = fields.Integer(required=True)
    at = fields.AwareDateTime(required=True)


class EntryOut(Schema):
    number = fields.Integer(required=True)
    points = fields.Integer(required=True)
    kind = fields.String(required=True)
    source = fields.String(required=True)
    actor = fields.String(required=True)
    occurred_at = fields.AwareDateTime(required=True)
    available_at = fields.AwareDateTime(required=True)
    why = fields.Dict(required=True, metadata={"description": "Every number that leads to the points"})


class PointsOut(Schema):
    """An account now, and a page of its entries, the newest first."""

    customer = fields.String(required=True, allow_none=True)
    balance = fields.Integer(required=True)
    pending = fields.Integer(required=True)
    held = fields.Integer(required=True)
    lifetime = fields.Integer(required=True)
    tier = fields.String(required=True, allow_none=True)
    tier_until = fields.Date(required=True, allow_none=True, attribute="tier_until_on")
    next_expiry = fields.Nested(ExpiryOut, required=True, allow_none=True)
    joined_at = fields.AwareDateTime(required=True, allow_none=True)
    items = fields.List(fields.Nested(EntryOut), required=True)
    next_cursor = fields.Integer(required=True, allow_none=True)


class RedemptionIn(RequestSchema):
    """A reward for a customer: taken at once, or held for some minutes until the checkout is through."""

    id = Identifier()
    customer = Line(MAX_ID_LENGTH, required=True)
    reward_id = Identifier(required=True)
    hold_minutes = WholeNumber(validate=validate.Range(1, MAX_HOLD_MINUTES))


class RedemptionsQuery(PageQuery):
    """Which redemptions a list shows."""

    customer = Text(
        validate=validate.Length(1, MAX_CUSTOMER_LENGTH),
        metadata={"description": "The store's id, or the e-mail address"},
    )
    state = Text(validate=validate.OneOf(STATES))


class RedemptionOut(Schema):
    id = fields.UUID(required=True)
    customer = fields.String(required=True, allow_none=True)
    reward_id = fields.UUID(required=True)
    points = fields.Integer(required=True)
    state = fields.String(required=True)
    code = fields.String(required=True, allow_none=True)
    expires_at = fields.AwareDateTime(required=True, allow_none=True)
    held_until = fields.AwareDateTime(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)
    settled_at = fields.AwareDateTime(required=True, allow_none=True)


class RedemptionsOut(Schema):
    items = fields.List(fields.Nested(RedemptionOut), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
