"""The report as the interface documents it."""

from marshmallow import Schema, fields


class ReportQuery(Schema):
    """The days a report is about, of the program's time zone; the last 365 without them."""

    from_on = fields.String(data_key="from", metadata={"format": "date"})
    until_on = fields.String(data_key="until", metadata={"format": "date"})


class StandingOut(Schema):
    """What accounts hold now."""

    outstanding = fields.Integer(metadata={"description": "Can be spent"})
    pending = fields.Integer(metadata={"description": "Cannot be spent yet"})
    held = fields.Integer(metadata={"description": "Held by redemptions that are not final"})
    debt = fields.Integer(metadata={"description": "Owed by customers: spent, then refunded"})
    owed = fields.Integer(metadata={"description": "outstanding + pending + held - debt"})


class FlowsOut(Schema):
    """What happened to points."""

    earned = fields.Integer()
    gifts = fields.Integer()
    adjusted = fields.Integer(metadata={"description": "Given by hand or brought over, less what was taken by hand"})
    issued = fields.Integer(metadata={"description": "earned + gifts + adjusted"})
    redeemed = fields.Integer()
    expired = fields.Integer()
    clawed_back = fields.Integer(metadata={"description": "Taken back with refunds"})
    redemption_ratio = fields.Float(
        allow_none=True, metadata={"description": "redeemed / (issued - clawed_back); null where nothing was issued"}
    )
    breakage_ratio = fields.Float(
        allow_none=True, metadata={"description": "expired / (issued - clawed_back); null where nothing was issued"}
    )


class PartOut(FlowsOut):
    """What happened in one day, week or month."""

    from_on = fields.Date()
    until_on = fields.Date()


class ExpiringOut(Schema):
    """Points that are good until the end of a month; without a month for longer, or for ever."""

    month = fields.String(allow_none=True, metadata={"example": "2026-05"})
    never = fields.Boolean()
    points = fields.Integer()


class PointCostOut(Schema):
    """What points cost."""

    thousand_minor = fields.Integer(metadata={"description": "A thousand points, in minor units"})
    currency = fields.String()
    source = fields.String(metadata={"enum": ["set", "rewards"]})
    owed_minor = fields.Integer(metadata={"description": "What the points that are owed cost"})


class PointsReportOut(Schema):
    """What a store owes its customers in points."""

    from_on = fields.Date()
    until_on = fields.Date()
    time_zone = fields.String()
    members = fields.Integer()
    in_debt = fields.Integer(metadata={"description": "Customers who owe points"})
    points = fields.Nested(StandingOut)
    cost = fields.Nested(PointCostOut, allow_none=True)
    expiring = fields.List(fields.Nested(ExpiringOut))
    ever = fields.Nested(FlowsOut)
    period = fields.Nested(FlowsOut)
    parts = fields.List(fields.Nested(PartOut))
    adds_up = fields.Boolean(
        metadata={"description": "issued = owed + redeemed + expired + clawed_back, and lots agree with accounts"}
    )
    difference = fields.Integer()
    lots_difference = fields.Integer()
