"""What the store's server gets of questions and comparisons."""

from marshmallow import Schema, fields

from widget.surveys.filters import FilterQuery


class ComparedFilter(FilterQuery):
    """The filter as the document shows it; each name may carry `a.` or `b.` in front for one side alone."""

    class Meta(FilterQuery.Meta):
        unknown = "exclude"


class ChoiceOut(Schema):
    """How many gave one answer; share and Wilson interval are percentages of those who answered."""

    value = fields.String()
    label = fields.String()
    count = fields.Integer()
    share = fields.Float(allow_none=True)
    interval = fields.List(fields.Float(), allow_none=True)


class WordingOut(Schema):
    """How a question was worded, and until when."""

    text = fields.String()
    ended_at = fields.AwareDateTime()


class QuestionOut(Schema):
    """One question: who was due answered it, skipped it, or left before it."""

    key = fields.String()
    type = fields.String()
    wording = fields.String()
    is_asked_now = fields.Boolean()
    earlier = fields.List(fields.Nested(WordingOut()))
    due = fields.Integer()
    answered = fields.Integer()
    skipped = fields.Integer()
    left = fields.Integer()
    mean = fields.Float(allow_none=True)
    choices = fields.List(fields.Nested(ChoiceOut()))


class StepOut(Schema):
    """How many came this far, and how many no farther."""

    key = fields.String()
    reached = fields.Integer()
    left = fields.Integer()


class QuestionsOut(Schema):
    """Every question's figures, the outcomes of a quiz, and how far people came."""

    questions = fields.List(fields.Nested(QuestionOut()))
    outcomes = fields.List(fields.Nested(ChoiceOut()))
    steps = fields.List(fields.Nested(StepOut()))
    median_ms = fields.Integer(allow_none=True)


class SideOut(Schema):
    """One side's score and what it rests on."""

    score = fields.Float(allow_none=True)
    interval = fields.List(fields.Float(), allow_none=True)
    scored = fields.Integer()
    responses = fields.Integer()
    buckets = fields.Dict(keys=fields.String(), values=fields.Integer())


class ComparisonOut(Schema):
    """Two scores and their difference, b - a, with its 95 % interval."""

    a = fields.Nested(SideOut())
    b = fields.Nested(SideOut())
    difference = fields.Float(allow_none=True)
    interval = fields.List(fields.Float(), allow_none=True)
    verdict = fields.String(metadata={"description": "too_few, no_evidence, higher or lower"})
