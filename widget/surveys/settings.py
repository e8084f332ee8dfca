"""What a survey's settings may be: one check for the store's server and for the owner's form."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from widget.core.parsing import Flag, RequestSchema, Text, WholeNumber
from widget.core.problems import InvalidFields, flatten_messages
from widget.surveys.definitions import find_definition_errors, find_missing_parts
from widget.surveys.models import Survey
from widget.surveys.rules import SAMPLE_RANGE, SCORES
from widget.surveys.setting_fields import MAX_RULES, Gates, Printable, Ratio, UrlRule, list_of_rules
from widget.surveys.templates_catalogue import TEMPLATES
from widget.surveys.value_checks import without_empty
from widget.surveys.wording import LANGUAGE, MAX_LANGUAGES, find_missing_texts, find_text_errors

STATES = ("draft", "live", "paused", "archived")
DISPLAYS = ("sheet", "inline", "tab")
MAX_URL_RULES = MAX_RULES
# What every version of a survey keeps; a change of it makes a new one.
VERSIONED = ("definition", "texts", "languages", "default_language")
# When and where a survey is asked.
ASKING = (
    "display",
    "url_rules",
    "after_seconds",
    "scroll_percent",
    "event_name",
    "sample_basis_points",
    "repeat_days",
    "asks_until_answered",
    "gates",
)
NEW_LANGUAGES = ("en", "it", "id")


class Language(Text):
    """A language of two or three small letters."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not LANGUAGE.fullmatch(text):
            raise ValidationError("Must be a language of two or three small letters, such as en.")
        return text


class SurveySettings(RequestSchema):
    """Everything an owner may set of a survey; loads to columns of Survey.

    What is asked and its texts differ by kind of survey: `for_kind` makes a schema that knows it.
    """

    survey_kind: str | None = None

    name = Printable(required=True, validate=validate.Length(max=200))
    state = Text(validate=validate.OneOf(STATES))
    display = Text(validate=validate.OneOf(DISPLAYS))
    url_rules = list_of_rules(UrlRule, 2)
    after_seconds = WholeNumber(validate=validate.Range(0, 3600))
    scroll_percent = WholeNumber(validate=validate.Range(0, 100))
    event_name = Printable(allow_none=True, validate=validate.Length(max=100))
    sample_ratio = Ratio(metadata={"type": "number", "minimum": 0, "maximum": 1})
    repeat_days = WholeNumber(allow_none=True, validate=validate.Range(1, 3650))
    asks_until_answered = Flag()
    gates = fields.Nested(Gates())
    default_language = Language()
    languages = fields.List(Language(), validate=validate.Length(1, MAX_LANGUAGES))
    definition = fields.Dict(metadata={"description": "What is asked beyond the score and its comment"})
    texts = fields.Dict(metadata={"description": "The owner's own wording by language, over the default one"})

    @classmethod
    def for_kind(cls, kind: str, *, partial: bool = False) -> "SurveySettings":
        """Return the schema of a kind of survey; a partial one takes changes."""
        schema = cls(partial=partial)
        schema.survey_kind = kind
        return schema

    @validates_schema(skip_on_field_errors=False)
    def check_content(self, data: dict[str, Any], **_kwargs: Any) -> None:
        kind = data.get("kind", self.survey_kind)
        if "template" in data:
            kind = TEMPLATES[data["template"]].kind
        if kind is not None and (errors := _find_content_errors(kind, data)):
            raise ValidationError(errors)

    @validates_schema
    def check_languages(self, data: dict[str, Any], **_kwargs: Any) -> None:
        languages = data.get("languages")
        if languages is None:
            return
        if len(set(languages)) < len(languages):
            raise ValidationError({"languages": ["A language stands there twice."]})
        if data.get("default_language", languages[0]) not in languages:
            raise ValidationError({"default_language": ["Must be one of the survey's languages."]})

    @post_load
    def name_columns(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        if "sample_ratio" in data:
            data["sample_basis_points"] = round(data.pop("sample_ratio") * SAMPLE_RANGE)
        return data


class NewSurvey(SurveySettings):
    """A survey as the store's server makes it: of a kind, with a name, or from a template."""

    kind = Text(validate=validate.OneOf(list(SCORES)))
    template = Text(validate=validate.OneOf(list(TEMPLATES)), metadata={"description": "In place of a kind"})
    name = Printable(validate=validate.Length(max=200), metadata={"description": "A template has one already"})

    @validates_schema
    def check_beginning(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if "template" in data:
            if "kind" in data:
                raise ValidationError({"kind": ["A template has a kind already."]})
            return
        if missing := {name: ["Missing data for required field."] for name in ("kind", "name") if name not in data}:
            raise ValidationError(missing)


def require_right_content(kind: str, settings: Mapping[str, Any]) -> None:
    """Raise InvalidFields where changed settings ask or say what this kind of survey cannot."""
    if errors := _find_content_errors(kind, settings):
        raise InvalidFields(errors=flatten_messages(errors))


def require_sound(kind: str, values: Mapping[str, Any]) -> None:
    """Raise InvalidFields where a survey's columns do not fit together, or a live one still lacks something."""
    errors = _find_content_errors(kind, values)
    if values["default_language"] not in values["languages"]:
        errors["default_language"] = ["Must be one of the survey's languages."]
    if not errors and values["state"] == "live":
        definition, language = values["definition"], values["default_language"]
        missing = find_missing_texts(definition, values["texts"], language)
        errors = without_empty(
            {"definition": find_missing_parts(kind, definition), "texts": without_empty({language: missing})}
        )
    if errors:
        raise InvalidFields(errors=flatten_messages(errors))


def _find_content_errors(kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is wrong with definition and texts; the latter fit any definition where none is given."""
    definition = values.get("definition")
    wrong = find_definition_errors(kind, definition) if definition is not None else {}
    texts = find_text_errors(kind, values.get("texts", {}), None if wrong else definition)
    return without_empty({"definition": wrong, "texts": texts})


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
        "asks_until_answered": survey.asks_until_answered,
        "gates": survey.gates,
        "default_language": survey.default_language,
        "languages": survey.languages,
        "definition": survey.definition,
        "texts": survey.texts,
        "version": survey.version,
        "created_at": survey.created_at,
        "published_at": survey.published_at,
    }
