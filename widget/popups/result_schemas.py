"""A campaign's results as the interface documents them."""

from marshmallow import Schema, fields
from marshmallow.validate import OneOf

from widget.popups.results import MEASURES

_ARM = {"description": "holdout, or the key of a variant"}


class AmountOut(Schema):
    """An amount in a currency of the orders."""

    currency = fields.String()
    net_minor = fields.Integer()


class ArmOut(Schema):
    """One arm; revenue is net of refunds, in the reporting currency, of orders within thirty days."""

    arm = fields.String(metadata=_ARM)
    name = fields.String()
    share = fields.Float(metadata={"description": "Of all visitors, as the campaign is set"})
    visitors = fields.Integer(metadata={"description": "For whom the campaign was due"})
    known_visitors = fields.Integer(metadata={"description": "Who are customers by a signed token"})
    conversions = fields.Integer(metadata={"description": "Visitors who did what the campaign asks for"})
    leads = fields.Integer()
    confirmed = fields.Integer(metadata={"description": "Leads whose address is confirmed"})
    buyers = fields.Integer()
    orders = fields.Integer()
    orders_left_out = fields.Integer(metadata={"description": "Orders for which no exchange rate is known"})
    revenue_minor = fields.Integer()
    coupon_minor = fields.Integer(metadata={"description": "Of orders that used the code the campaign gave"})
    claim_minor = fields.Integer(metadata={"description": "Of other orders by leads who confirmed their address"})
    known_minor = fields.Integer(metadata={"description": "Of other orders by visitors who are known as customers"})
    by_currency = fields.List(fields.Nested(AmountOut))


class MeasuredOut(Schema):
    """One arm of a measure."""

    arm = fields.String(metadata=_ARM)
    mean = fields.Float(allow_none=True, metadata={"description": "Per visitor; revenue in minor units"})
    difference = fields.Float(allow_none=True, metadata={"description": "From the control's mean"})
    interval = fields.List(
        fields.Float(), allow_none=True, metadata={"description": "Holds however often it is looked at; null: too few"}
    )
    verdict = fields.String(allow_none=True, validate=OneOf(["better", "worse", "open", "too_few"]))


class MeasureOut(Schema):
    """One figure compared among arms."""

    name = fields.String(validate=OneOf(MEASURES))
    control = fields.String(allow_none=True, metadata=_ARM)
    winner = fields.String(allow_none=True, metadata=_ARM)
    arms = fields.List(fields.Nested(MeasuredOut))


class RatioOut(Schema):
    """Whether the arms have the share of visitors they should have."""

    is_suspicious = fields.Boolean()
    chi_squared = fields.Float()
    p_value = fields.Float()
    expected = fields.Dict(keys=fields.String(), values=fields.Float())
    threshold = fields.Float()


class ResultsOut(Schema):
    """A campaign's results."""

    campaign = fields.UUID()
    state = fields.String()
    currency = fields.String(allow_none=True)
    confidence = fields.Float(metadata={"description": "Of each interval, so that all together are right 19 in 20"})
    arms = fields.List(fields.Nested(ArmOut))
    measures = fields.List(fields.Nested(MeasureOut))
    sample_ratio = fields.Nested(RatioOut, allow_none=True)
