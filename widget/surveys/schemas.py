"""What comes in at the surveys room's doors and what goes out."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from widget.core.parsing import Flag, Identifier, QuerySchema, RequestSchema, Text, WholeNumber
from widget.surveys.models import MAX_COMMENT_LENGTH

MAX_HIDDEN_FIELDS = 20
MAX_HIDDEN_NAME_LENGTH = 64
MAX_HIDDEN_VALUE_LENGTH = 500


class HiddenFields(fields.Field[dict[str, str]]):
    """The hidden fields a page gives: names to strings, numbers or booleans, kept as strings."""

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> dict[str, str]:
        if not isinstance(value, dict) or len(value) > MAX_HIDDEN_FIELDS:
            raise ValidationError(f"Must be an object of at most {MAX_HIDDEN_FIELDS} fields.")
        return {self._read_name(name): self._read_value(name, text) for name, text in value.items()}

    @staticmethod
    def _read_name(name: str) -> str:
        if not 1 <= len(name) <= MAX_HIDDEN_NAME_LENGTH or not name.isprintable():
            raise ValidationError(f"A field's name has 1 to {MAX_HIDDEN_NAME_LENGTH} printable characters.")
        return name

    @staticmethod
    def _read_value(name: str, value: Any) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, (int, float)):
            return str(value)
        if not isinstance(value, str) or len(value) > MAX_HIDDEN_VALUE_LENGTH or "\x00" in value:
            message = f"Must be a string of at most {MAX_HIDDEN_VALUE_LENGTH} characters, a number or a boolean."
            raise ValidationError({name: [message]})
        return value


class AnswersIn(RequestSchema):
    """The answers themselves; that there is one, and in the scale of the survey's kind, is checked with the survey."""

    score = WholeNumber(allow_none=True, load_default=None)
    comment = Text(allow_none=True, load_default=None, validate=validate.Length(max=MAX_COMMENT_LENGTH))


class ResponseIn(RequestSchema):
    """One answer, finished or not."""

    id = Identifier(required=True)
    answers = fields.Nested(AnswersIn(), required=True)
    completed = Flag(required=True)
    hidden = HiddenFields(
        load_default=dict,
        metadata={
            "type": "object",
            "maxProperties": MAX_HIDDEN_FIELDS,
            "additionalProperties": {"type": ["string", "number", "boolean"]},
        },
    )
    language = Text(allow_none=True, load_default=None, validate=validate.Regexp(r"[A-Za-z0-9-]{1,35}\Z"))
    page_url = Text(
        allow_none=True,
        load_default=None,
        validate=validate.And(validate.Length(max=2000), validate.Regexp(r"https?://[^\s]+\Z")),
    )
    elapsed_ms = WholeNumber(allow_none=True, load_default=None, validate=validate.Range(min=0, max=2**31 - 1))
    website = Text(
        allow_none=True,
        load_default=None,
        validate=validate.Length(max=500),
        metadata={"description": "A trap for scripts: people leave it empty."},
    )


class ResponseOut(Schema):
    """What the embed door says of a stored answer."""

    id = fields.UUID()
    completed = fields.Boolean()
    score = fields.Integer(allow_none=True)
    comment = fields.String(allow_none=True)


class ImpressionIn(RequestSchema):
    """One time a survey was shown, or its dismissal."""

    id = Identifier(required=True)
    survey_id = Identifier(required=True)
    event = Text(required=True, validate=validate.OneOf(["shown", "dismissed"]))
    bucket = WholeNumber(allow_none=True, load_default=None, validate=validate.Range(min=0, max=9999))
    language = Text(allow_none=True, load_default=None, validate=validate.Regexp(r"[A-Za-z0-9-]{1,35}\Z"))
    page_url = Text(
        allow_none=True,
        load_default=None,
        validate=validate.And(validate.Length(max=2000), validate.Regexp(r"https?://[^\s]+\Z")),
    )


class ImpressionsIn(RequestSchema):
    """A batch of impressions."""

    impressions = fields.List(fields.Nested(ImpressionIn()), required=True, validate=validate.Length(min=1, max=50))


class ImpressionsOut(Schema):
    """How many of the batch belong to surveys of this site and are stored."""

    stored = fields.Integer()


class ContentQuery(QuerySchema):
    """The shopper's languages, most wanted first, comma-separated."""

    lang = Text(load_default="", validate=validate.Length(max=200))
