"""What comes in at the surveys room's doors and what goes out."""

from marshmallow import INCLUDE, Schema, fields, validate

from widget.core.parsing import (
    Flag,
    Identifier,
    LanguageTag,
    NamedValues,
    PageAddress,
    QuerySchema,
    RequestSchema,
    Text,
    WholeNumber,
)
from widget.customers.schemas import Trap
from widget.surveys.models import MAX_COMMENT_LENGTH

MAX_HIDDEN_FIELDS = NamedValues.MAX_VALUES
MAX_HIDDEN_NAME_LENGTH = NamedValues.MAX_NAME_LENGTH
MAX_HIDDEN_VALUE_LENGTH = NamedValues.MAX_VALUE_LENGTH


class HiddenFields(NamedValues):
    """The hidden fields a page gives."""


class AnswersIn(RequestSchema):
    """The answers: the score, the comment, and what is said to the survey's questions by their keys.

    That there is one, and that the survey's version takes it, is checked with the survey.
    """

    class Meta:
        unknown = INCLUDE

    score = WholeNumber(allow_none=True, load_default=None)
    comment = Text(allow_none=True, load_default=None, validate=validate.Length(max=MAX_COMMENT_LENGTH))


class ResponseIn(RequestSchema):
    """One answer, finished or not."""

    id = Identifier(required=True)
    answers = fields.Nested(AnswersIn(), required=True)
    version = WholeNumber(
        allow_none=True,
        load_default=None,
        validate=validate.Range(min=1, max=2**31 - 1),
        metadata={"description": "The version that was shown; the present one if it is left out"},
    )
    completed = Flag(required=True)
    hidden = HiddenFields(load_default=dict)
    language = LanguageTag(allow_none=True, load_default=None)
    page_url = PageAddress()
    elapsed_ms = WholeNumber(allow_none=True, load_default=None, validate=validate.Range(min=0, max=2**31 - 1))
    website = Trap()


class ResponseOut(Schema):
    """What the embed door says of a stored answer."""

    id = fields.UUID()
    completed = fields.Boolean()
    score = fields.Integer(allow_none=True)
    comment = fields.String(allow_none=True)
    answers = fields.Dict(
        metadata={"description": "What was said to the survey's questions, where it was; with the outcome of a quiz"}
    )


class ImpressionIn(RequestSchema):
    """One time a survey was shown, or its dismissal."""

    id = Identifier(required=True)
    survey_id = Identifier(required=True)
    event = Text(required=True, validate=validate.OneOf(["shown", "dismissed"]))
    bucket = WholeNumber(allow_none=True, load_default=None, validate=validate.Range(min=0, max=9999))
    language = LanguageTag(allow_none=True, load_default=None)
    page_url = PageAddress()


class ImpressionsIn(RequestSchema):
    """A batch of impressions."""

    impressions = fields.List(fields.Nested(ImpressionIn()), required=True, validate=validate.Length(min=1, max=50))


class ImpressionsOut(Schema):
    """How many of the batch belong to surveys of this site and are stored."""

    stored = fields.Integer()


class ContentQuery(QuerySchema):
    """The shopper's languages, most wanted first, comma-separated."""

    lang = Text(load_default="", validate=validate.Length(max=200))
