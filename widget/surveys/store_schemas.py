"""What the store's server asks of surveys and what it gets."""

from marshmallow import Schema, fields, validate

from widget.core.parsing import QuerySchema, RequestSchema, Text
from widget.surveys.filters import FilterQuery
from widget.surveys.rules import SCORES
from widget.surveys.setting_fields import Printable


class TrendQuery(QuerySchema):
    """The periods of a trend."""

    by = Text(load_default="day", validate=validate.OneOf(["day", "week", "month"]))


class DocumentedFilter(FilterQuery):
    """The filter as the document shows it; it is read from the address, where it has more names."""

    class Meta(FilterQuery.Meta):
        unknown = "exclude"


class SurveyOut(Schema):
    """One survey with its settings."""

    id = fields.UUID()
    kind = fields.String(validate=validate.OneOf(list(SCORES)))
    name = fields.String()
    state = fields.String()
    display = fields.String()
    url_rules = fields.List(fields.List(fields.String()))
    after_seconds = fields.Integer()
    scroll_percent = fields.Integer()
    event_name = fields.String(allow_none=True)
    sample_ratio = fields.Float()
    repeat_days = fields.Integer(allow_none=True)
    asks_until_answered = fields.Boolean()
    gates = fields.Dict()
    default_language = fields.String()
    languages = fields.List(fields.String())
    definition = fields.Dict()
    texts = fields.Dict()
    version = fields.Integer()
    created_at = fields.AwareDateTime()
    published_at = fields.AwareDateTime(allow_none=True, metadata={"description": "When it was live first"})


class SurveysOut(Schema):
    """One page of surveys."""

    items = fields.List(fields.Nested(SurveyOut()))
    next_cursor = fields.String(allow_none=True)


class CopyIn(RequestSchema):
    """How the copy of a survey is called."""

    name = Printable(validate=validate.Length(max=200))


class VersionOut(Schema):
    """What was asked in one version of a survey."""

    version = fields.Integer()
    default_language = fields.String()
    languages = fields.List(fields.String())
    definition = fields.Dict()
    texts = fields.Dict()
    created_at = fields.AwareDateTime()


class VersionsOut(Schema):
    """All versions of a survey, newest first."""

    items = fields.List(fields.Nested(VersionOut()))


class TemplateOut(Schema):
    """One survey to start from."""

    key = fields.String()
    kind = fields.String()
    names = fields.Dict(keys=fields.String(), values=fields.String())
    about = fields.Dict(keys=fields.String(), values=fields.String())
    settings = fields.Dict()


class TemplatesOut(Schema):
    """All surveys to start from."""

    items = fields.List(fields.Nested(TemplateOut()))


class AsksOut(Schema):
    """How often a survey was shown and what became of it."""

    shown = fields.Integer()
    started = fields.Integer()
    completed = fields.Integer()
    dismissed = fields.Integer()
    response_ratio = fields.Float(allow_none=True)


class SummaryOut(Schema):
    """A survey's score, not rounded, and what it rests on; null is "no answers", never 0."""

    kind = fields.String()
    score = fields.Float(allow_none=True)
    interval = fields.List(fields.Float(), allow_none=True)
    responses = fields.Integer()
    scored = fields.Integer()
    skipped = fields.Integer()
    partial = fields.Integer()  # type: ignore[assignment]  # marshmallow takes declared fields off the class.
    flagged = fields.Integer()
    buckets = fields.Dict(keys=fields.String(), values=fields.Integer())
    distribution = fields.Dict(keys=fields.String(), values=fields.Integer())
    asks = fields.Nested(AsksOut(), allow_none=True)


class TrendPointOut(Schema):
    """The score of one period, named by its first UTC day."""

    period_on = fields.Date()
    score = fields.Float(allow_none=True)
    interval = fields.List(fields.Float(), allow_none=True)
    scored = fields.Integer()
    responses = fields.Integer()


class TrendOut(Schema):
    """The scores of all periods that have answers, oldest first."""

    items = fields.List(fields.Nested(TrendPointOut()))


class StoredResponseOut(Schema):
    """One answer. `id` is null while it is unfinished: who knows the id may continue it."""

    id = fields.UUID(allow_none=True)
    answered_at = fields.AwareDateTime()
    completed_at = fields.AwareDateTime(allow_none=True)
    score = fields.Integer(allow_none=True)
    bucket = fields.String(allow_none=True)
    comment = fields.String(allow_none=True)
    answers = fields.Dict()
    survey_version = fields.Integer()
    hidden = fields.Dict(keys=fields.String(), values=fields.String())
    language = fields.String(allow_none=True)
    page_url = fields.String(allow_none=True)
    customer = fields.String(allow_none=True)
    flag = fields.String(allow_none=True)
    elapsed_ms = fields.Integer(allow_none=True)
    source = fields.String()


class StoredResponsesOut(Schema):
    """One page of answers, newest first."""

    items = fields.List(fields.Nested(StoredResponseOut()))
    next_cursor = fields.String(allow_none=True)
