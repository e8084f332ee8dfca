"""What a survey's settings may be: one check for the store's server and for the owner's form."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from widget.core.parsing import RequestSchema, Text, WholeNumber
from widget.core.problems import InvalidFields, flatten_messages
from widget.surveys.models import Survey
from widget.surveys.rules import SAMPLE_RANGE, SCORES
from widget.surveys.texts import LANGUAGES, SURVEY_TEXTS

STATES = ("live", "paused", "archived")
DISPLAYS = ("sheet", "inline")
URL_MATCHES = ("contains", "exact", "starts", "ends", "not_contains")
MAX_URL_RULES = 20
MAX_LABEL_LENGTH = 60
MAX_TEXT_LENGTH = 500


class Ratio(fields.Field[float]):
    """A JSON number from 0 to 1: neither "0.5" nor true."""

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
            raise ValidationError("Must be a number from 0 to 1.")
        return float(value)


class Printable(Text):
    """A line of text that is not blank."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not text.strip() or not text.isprintable():
            raise ValidationError("Must be one line of text, and not blank.")
        return text


class UrlRule(fields.Field[list[str]]):
    """A pair such as ["contains", "/order"]."""

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> list[str]:
        if not isinstance(value, (list, tuple)) or len(value) != 2 or not all(isinstance(v, str) for v in value):
            raise ValidationError('Must be a pair such as ["contains", "/order"].')
        match, text = value
        if match not in URL_MATCHES:
            raise ValidationError(f"The first of the pair must be one of: {', '.join(URL_MATCHES)}.")
        if not 1 <= len(text) <= MAX_TEXT_LENGTH or not text.isprintable():
            raise ValidationError(f"The second must be 1 to {MAX_TEXT_LENGTH} printable characters.")
        return [match, text]


class SurveySettings(RequestSchema):
    """Everything an owner may set of a survey; loads to columns of Survey.

    The texts differ by kind of survey: `for_kind` makes a schema that knows it.
    """

    survey_kind: str | None = None

    name = Printable(required=True, validate=validate.Length(max=200))
    state = Text(validate=validate.OneOf(STATES))
    display = Text(validate=validate.OneOf(DISPLAYS))
    url_rules = fields.List(
        UrlRule(metadata={"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2}),
        validate=validate.Length(max=MAX_URL_RULES),
    )
    after_seconds = WholeNumber(validate=validate.Range(0, 3600))
    scroll_percent = WholeNumber(validate=validate.Range(0, 100))
    event_name = Printable(allow_none=True, validate=validate.Length(max=100))
    sample_ratio = Ratio(metadata={"type": "number", "minimum": 0, "maximum": 1})
    repeat_days = WholeNumber(allow_none=True, validate=validate.Range(1, 3650))
    default_language = Text(validate=validate.OneOf(LANGUAGES))
    texts = fields.Dict(metadata={"description": "The owner's own wording by language, over the default one"})

    @classmethod
    def for_kind(cls, kind: str, *, partial: bool = False) -> "SurveySettings":
        """Return the schema of a kind of survey; a partial one takes changes."""
        schema = cls(partial=partial)
        schema.survey_kind = kind
        return schema

    @validates_schema(skip_on_field_errors=False)
    def check_texts(self, data: dict[str, Any], **_kwargs: Any) -> None:
        kind = data.get("kind", self.survey_kind)
        errors = find_text_errors(kind, data.get("texts", {})) if kind is not None else {}
        if errors:
            raise ValidationError({"texts": errors})

    @post_load
    def name_columns(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        if "sample_ratio" in data:
            data["sample_basis_points"] = round(data.pop("sample_ratio") * SAMPLE_RANGE)
        return data


class NewSurvey(SurveySettings):
    """A survey as the store's server makes it."""

    kind = Text(required=True, validate=validate.OneOf(list(SCORES)))


def require_texts_of_kind(kind: str, settings: Mapping[str, Any]) -> None:
    """Raise InvalidFields where changed settings hold texts that this kind of survey does not have."""
    errors = find_text_errors(kind, settings.get("texts", {}))
    if errors:
        raise InvalidFields(errors=flatten_messages({"texts": errors}))


def find_text_errors(kind: str, texts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is wrong with the owner's wording, by language and text; empty when nothing is.

    >>> find_text_errors("nps", {"en": {"question": "Again?"}, "xx": {}})
    {'xx': ['Must be one of: en, it, id.']}
    """
    errors: dict[str, Any] = {}
    for language, wording in texts.items():
        if language not in LANGUAGES:
            errors[str(language)] = [f"Must be one of: {', '.join(LANGUAGES)}."]
        elif not isinstance(wording, dict):
            errors[language] = ["Must be an object of texts."]
        else:
            wrong = _find_errors_in(SURVEY_TEXTS[kind][language], wording)
            if wrong:
                errors[language] = wrong
    return errors


def _find_errors_in(defaults: Mapping[str, Any], wording: Mapping[str, Any]) -> dict[str, Any]:
    errors: dict[str, Any] = {}
    for name, given in wording.items():
        default = defaults.get(name)
        if default is None:
            wrong: Any = [f"Must be one of: {', '.join(defaults)}."]
        elif isinstance(default, dict):
            wrong = _find_errors_in(default, given) if isinstance(given, dict) else ["Must be an object of texts."]
        elif isinstance(default, list):
            wrong = _find_label_errors(len(default), given)
        else:
            wrong = _find_length_error(given, MAX_LABEL_LENGTH if name.endswith("_label") else MAX_TEXT_LENGTH)
        if wrong:
            errors[name] = wrong
    return errors


def _find_label_errors(count: int, given: Any) -> Any:
    if not isinstance(given, list) or len(given) != count:
        return [f"Must be a list of {count} labels."]
    wrong = {place: _find_length_error(label, MAX_LABEL_LENGTH, shortest=1) for place, label in enumerate(given)}
    return {place: errors for place, errors in wrong.items() if errors}


def _find_length_error(given: Any, longest: int, shortest: int = 0) -> list[str]:
    if not isinstance(given, str) or not shortest <= len(given) <= longest or "\x00" in given:
        return [f"Must be a text of {shortest} to {longest} characters."]
    return []


def describe_settings(survey: Survey) -> dict[str, Any]:
    """Return a survey's settings as the schema would load them."""
    return {
        "id": survey.id,
        "kind": survey.kind,
        "name": survey.name,
        "state": survey.state,
        "display": survey.display,
        "url_rules": survey.url_rules,
        "after_seconds": survey.after_seconds,
        "scroll_percent": survey.scroll_percent,
        "event_name": survey.event_name,
        "sample_ratio": survey.sample_basis_points / SAMPLE_RANGE,
        "repeat_days": survey.repeat_days,
        "default_language": survey.default_language,
        "texts": survey.texts,
        "version": survey.version,
        "created_at": survey.created_at,
    }
