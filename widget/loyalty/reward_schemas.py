"""What rewards look like on their way in and out."""

from datetime import UTC, datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from widget.core.parsing import Identifier, Moment, RequestSchema, Text, WholeNumber
from widget.coupons.models import CouponPool
from widget.coupons.schemas import PoolIn, PoolOut, describe_pool
from widget.loyalty.field_checks import KEY, by_language, number, optional, text
from widget.loyalty.field_checks import fields as object_of
from widget.loyalty.program import MAX_POINTS
from widget.loyalty.program_parts import MAX_STEPS
from widget.loyalty.reward_models import Reward

STATES = ("draft", "live", "archived")
MAX_NAME_LENGTH = 80
MAX_TERMS_LENGTH = 500
MAX_STOCK = 1_000_000_000
MAX_CUSTOMER_LIMIT = 1_000
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)


def _check_terms(value: Any) -> Any:
    is_right = isinstance(value, str) and len(value) <= MAX_TERMS_LENGTH and "\x00" not in value
    return [] if is_right else [f"Must be at most {MAX_TERMS_LENGTH} characters, none of them NUL."]


_check_texts = by_language(object_of({"name": text(MAX_NAME_LENGTH)}, {"terms": _check_terms}))
_check_price = optional(number(1, MAX_POINTS))


class RewardTexts(fields.Field[dict[str, Any]]):
    """Names and terms by language, such as `{"en": {"name": "5 EUR off", "terms": "From 30 EUR on."}}`."""

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> dict[str, Any]:
        if errors := _check_texts(value):
            raise ValidationError(errors)
        return dict(value)


class TierPrices(fields.Field[dict[str, Any]]):
    """Other prices by tier, null for a tier that cannot have it."""

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> dict[str, Any]:
        if not isinstance(value, dict) or len(value) > MAX_STEPS:
            raise ValidationError(f"Must be an object of at most {MAX_STEPS} fields.")
        unknown = ["There is no such tier."]
        errors = {key: _check_price(price) if KEY.fullmatch(key) else unknown for key, price in value.items()}
        if any(errors.values()):
            raise ValidationError({key: wrong for key, wrong in errors.items() if wrong})
        return dict(value)


class StorableMoment(Moment):
    """A time that every database can store."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        moment = super()._deserialize(value, attr, data, **kwargs)
        if not EARLIEST <= moment <= LATEST:
            raise ValidationError("Must be a time such as 2026-05-31T12:00:00Z.")
        return moment.astimezone(UTC)


_TEXTS = {"type": "object", "additionalProperties": {"type": "object"}, "minProperties": 1}


class RewardChanges(RequestSchema):
    """What may be changed of a reward."""

    texts = RewardTexts(metadata=_TEXTS)
    price = WholeNumber(validate=validate.Range(1, MAX_POINTS))
    tier_prices = TierPrices(metadata={"type": "object"})
    stock = WholeNumber(allow_none=True, validate=validate.Range(0, MAX_STOCK))
    customer_limit = WholeNumber(allow_none=True, validate=validate.Range(1, MAX_CUSTOMER_LIMIT))
    starts_at = StorableMoment(allow_none=True)
    ends_at = StorableMoment(allow_none=True)
    state = Text(validate=validate.OneOf(STATES))
    pool_id = Identifier()


class RewardIn(RewardChanges):
    """A reward with its coupon: a pool that is made with it (`coupon`), or one there is (`pool_id`)."""

    texts = RewardTexts(required=True, metadata=_TEXTS)
    price = WholeNumber(required=True, validate=validate.Range(1, MAX_POINTS))
    tier_prices = TierPrices(load_default=dict, metadata={"type": "object"})
    stock = WholeNumber(load_default=None, allow_none=True, validate=validate.Range(0, MAX_STOCK))
    customer_limit = WholeNumber(load_default=None, allow_none=True, validate=validate.Range(1, MAX_CUSTOMER_LIMIT))
    starts_at = StorableMoment(load_default=None, allow_none=True)
    ends_at = StorableMoment(load_default=None, allow_none=True)
    state = Text(load_default="draft", validate=validate.OneOf(STATES))
    coupon = fields.Nested(PoolIn())


class RewardOrderIn(RequestSchema):
    """The ids of all rewards that are not archived, in the order in which they are shown."""

    rewards = fields.List(Identifier(), required=True)


class RewardOut(Schema):
    """A reward with its coupon."""

    id = fields.UUID()
    state = fields.String()
    position = fields.Integer()
    texts = fields.Dict()
    price = fields.Integer()
    tier_prices = fields.Dict()
    stock = fields.Integer(allow_none=True)
    customer_limit = fields.Integer(allow_none=True)
    starts_at = fields.AwareDateTime(allow_none=True)
    ends_at = fields.AwareDateTime(allow_none=True)
    created_at = fields.AwareDateTime()
    coupon = fields.Nested(PoolOut())


class RewardsOut(Schema):
    """One page of rewards."""

    items = fields.List(fields.Nested(RewardOut()))
    next_cursor = fields.String(allow_none=True)


def describe_reward(reward: Reward, pool: CouponPool) -> dict[str, Any]:
    """Return a reward as it goes out."""
    own = {name: getattr(reward, name) for name in RewardOut().fields if name != "coupon"}
    return own | {"coupon": describe_pool(pool)}
