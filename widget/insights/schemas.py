"""What is asked of the numbers and what is told of them."""

from marshmallow import Schema, fields, validate

from widget.core.parsing import QuerySchema, RequestSchema, Text, WholeNumber
from widget.insights.metrics import METRICS
from widget.insights.rules import MAX_SECONDS


class PeriodQuery(RequestSchema):
    """The names a period has in an address."""

    from_on = fields.Date(data_key="from", metadata={"description": "First UTC day; without it 28 days"})
    until_on = fields.Date(data_key="until", metadata={"description": "Last UTC day, included; without it today"})
    as_of = fields.Date(
        metadata={"description": "The day from whose end figures look back over 365 days or all time; else the last"}
    )


class DocumentedPeriod(PeriodQuery):
    """The period as the document shows it; it is read from the address, where unknown names are refused."""

    class Meta(PeriodQuery.Meta):
        unknown = "exclude"


class MetricTrendQuery(QuerySchema):
    """Which metric, and by what its days are put together."""

    metric = Text(required=True, validate=validate.OneOf(list(METRICS)))
    by = Text(load_default="day", validate=validate.OneOf(["day", "week", "month"]))


class FigureOut(Schema):
    """One figure; `value` is null where there is no data."""

    value = fields.Float(
        allow_none=True,
        metadata={"description": "count: whole; money: minor units; share: 0..1; rate: a number; points: -100..100"},
    )
    numerator = fields.Integer(allow_none=True)
    denominator = fields.Integer(allow_none=True)
    n = fields.Integer(metadata={"description": "The orders, customers, carts, answers or page views it rests on"})
    left_out = fields.Integer(metadata={"description": "Orders that miss in it for want of an exchange rate"})
    low = fields.Float(allow_none=True, metadata={"description": "Where it likely lies, 19 times in 20; with `high`"})
    high = fields.Float(allow_none=True)


class MetricOut(FigureOut):
    """One metric beside that of the period before."""

    name = fields.String()
    unit = fields.String(metadata={"description": "count, money, share, rate or points"})
    currency = fields.String(allow_none=True)
    before = fields.Nested(FigureOut())
    change = fields.Float(allow_none=True, metadata={"description": "value - before.value"})


class DaysOut(Schema):
    """A period."""

    from_on = fields.Date(data_key="from")
    until_on = fields.Date(data_key="until")
    as_of = fields.Date()


class LifetimeOut(Schema):
    """The model behind the expected lifetime value, and its parameters with their standard errors."""

    fitted_at = fields.AwareDateTime()
    calibrated_on = fields.Date()
    customers = fields.Integer()
    parameters = fields.Dict()


class MetricsOut(Schema):
    """Every metric of a period."""

    period = fields.Nested(DaysOut())
    before = fields.Nested(DaysOut())
    items = fields.List(fields.Nested(MetricOut()))
    lifetime_model = fields.Nested(LifetimeOut(), allow_none=True)


class MetricTrendPointOut(FigureOut):
    """A metric of one day, week or month."""

    from_on = fields.Date(data_key="from")
    until_on = fields.Date(data_key="until")


class MetricTrendOut(Schema):
    """A metric by day, week or month; the first and the last part may be cut by the period."""

    name = fields.String()
    unit = fields.String()
    currency = fields.String(allow_none=True)
    items = fields.List(fields.Nested(MetricTrendPointOut()))


class CohortMonthOut(Schema):
    """How many of a cohort bought so many months after its first."""

    months = fields.Integer()
    customers = fields.Integer()
    ratio = fields.Float()


class CohortOut(Schema):
    """The customers whose first order was in one month."""

    first_month = fields.Date()
    customers = fields.Integer()
    months = fields.List(fields.Nested(CohortMonthOut()))


class CohortsOut(Schema):
    """All cohorts, oldest first."""

    items = fields.List(fields.Nested(CohortOut()))


class PageViewIn(RequestSchema):
    """How long a page was visible, and nothing else."""

    seconds = WholeNumber(required=True, validate=validate.Range(0, MAX_SECONDS))


class PageViewOut(Schema):
    """Whether the page view is counted: a site that no longer measures counts none."""

    counted = fields.Boolean()
