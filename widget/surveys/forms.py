"""The form of a survey: flat fields of a page, turned into the document that SurveySettings checks."""

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from widget.core.problems import flatten_messages
from widget.surveys.models import Survey
from widget.surveys.rules import BUCKETS
from widget.surveys.settings import MAX_URL_RULES, SurveySettings
from widget.surveys.texts import LANGUAGE_NAMES, LANGUAGES, SURVEY_TEXTS

MATCHES = [
    ("contains", "contains"),
    ("starts", "starts with"),
    ("ends", "ends with"),
    ("exact", "is exactly"),
    ("not_contains", "does not contain"),
]
STATES = [
    ("live", "Live: store pages ask it"),
    ("paused", "Paused: nobody is asked"),
    ("archived", "Archived: hidden from the list too"),
]
WHOLE_NUMBERS = {"after_seconds": 0, "scroll_percent": 0, "repeat_days": None}
EMPTY = {
    "state": "live",
    "display": "sheet",
    "after_seconds": "0",
    "scroll_percent": "0",
    "sample_percent": "100",
    "default_language": "en",
    "url_rules.0.match": "contains",
}


class SurveyForm:
    """The values of the page's fields by name, and what is wrong with them."""

    matches, states = MATCHES, STATES
    languages = [(language, LANGUAGE_NAMES[language]) for language in LANGUAGES]

    def __init__(self, kind: str, values: Mapping[str, str]) -> None:
        self.kind = kind
        self.values = dict(values)
        self.errors: dict[str, list[str]] = {}
        self.settings: dict[str, Any] = {}

    @classmethod
    def empty(cls, kind: str) -> "SurveyForm":
        """Return the form of a survey that does not exist yet."""
        return cls(kind, EMPTY)

    @classmethod
    def submitted(cls, kind: str, form: MultiDict[str, str]) -> "SurveyForm":
        """Return the form as the browser sent it."""
        return cls(kind, {name: form[name].strip() for name in form})

    @classmethod
    def of(cls, survey: Survey) -> "SurveyForm":
        """Return the form of a survey as it is."""
        values = {
            name: str(getattr(survey, name) or "")
            for name in ("name", "state", "display", "event_name", "repeat_days", "default_language")
        }
        values["after_seconds"] = str(survey.after_seconds)
        values["scroll_percent"] = str(survey.scroll_percent)
        values["sample_percent"] = f"{survey.sample_basis_points / 100:g}"
        for row, (match, text) in enumerate(survey.url_rules):
            values[f"url_rules.{row}.match"], values[f"url_rules.{row}.text"] = match, text
        for language, texts in survey.texts.items():
            values |= dict(_flatten(f"texts.{language}", texts))
        return cls(survey.kind, values)

    @property
    def url_rows(self) -> range:
        """The rows shown: those in use and one more, at least three."""
        used = [row for row in range(MAX_URL_RULES) if self.values.get(f"url_rules.{row}.text")]
        return range(min(MAX_URL_RULES, max([3, *(row + 2 for row in used)])))

    def text_fields(self, language: str) -> list[tuple[str, str, str]]:
        """Return (name, label, default wording) for everything a shopper reads in one language."""
        default = SURVEY_TEXTS[self.kind][language]
        prefix = f"texts.{language}"
        rows = [(f"{prefix}.question", "Question", default["question"])]
        if "labels" in default:
            rows += [
                (f"{prefix}.labels.{place}", f"Answer {place + 1}", text)
                for place, text in enumerate(default["labels"])
            ]
        else:
            rows.append((f"{prefix}.low_label", "Under 0", default["low_label"]))
            rows.append((f"{prefix}.high_label", "Under 10", default["high_label"]))
        for part, label in (("follow_up", "Then asked of {}"), ("thanks", "Thank-you to {}")):
            for bucket in BUCKETS[self.kind]:
                whom = f"{bucket}s" if self.kind == "nps" else f"the {bucket}"
                rows.append((f"{prefix}.{part}.{bucket}", label.format(whom), default[part][bucket]))
        return rows

    def has_own_texts(self, language: str) -> bool:
        """Tell whether the owner has worded anything in a language."""
        return any(self.values.get(name) for name, _, _ in self.text_fields(language))

    def has_errors_in(self, prefix: str) -> bool:
        """Tell whether a field whose name begins so is wrong."""
        return any(name.startswith(prefix) for name in self.errors)

    def validate(self) -> bool:
        """Check the fields; fill `settings` for the service, or `errors` by field."""
        try:
            self.settings = SurveySettings.for_kind(self.kind).load(self._as_document())
        except ValidationError as error:
            for field_error in flatten_messages(error.messages):
                self.errors.setdefault(self._field_at(field_error.pointer), []).append(field_error.detail)
        if "sample_percent" in self.errors:
            # The schema speaks of the ratio that the form shows as a percentage.
            self.errors["sample_percent"] = ["Must be a number from 0 to 100."]
        return not self.errors

    def _as_document(self) -> dict[str, Any]:
        values = self.values
        document: dict[str, Any] = {
            name: values.get(name, "") for name in ("name", "state", "display", "default_language")
        }
        document["event_name"] = values.get("event_name") or None
        for name, when_empty in WHOLE_NUMBERS.items():
            text = values.get(name, "")
            document[name] = _read_whole_number(text) if text else when_empty
        document["sample_ratio"] = _read_percent(values.get("sample_percent", ""))
        document["url_rules"] = [
            [values.get(f"url_rules.{row}.match", ""), part]
            for row in range(MAX_URL_RULES)
            if (part := values.get(f"url_rules.{row}.text"))
        ]
        document["texts"] = {language: texts for language in LANGUAGES if (texts := self._texts_in(language))}
        return document

    def _texts_in(self, language: str) -> dict[str, Any]:
        """Return the owner's wording in one language; where one answer's label is given, all five are."""
        texts: dict[str, Any] = {}
        defaults = {name: default for name, _, default in self.text_fields(language)}
        given = {name: self.values[name] for name in defaults if self.values.get(name)}
        for name, text in given.items():
            _, _, part, *rest = name.split(".")
            if part == "labels":
                texts["labels"] = [
                    given.get(label, default) for label, default in defaults.items() if ".labels." in label
                ]
            elif rest:
                texts.setdefault(part, {})[rest[0]] = text
            else:
                texts[part] = text
        return texts

    def _field_at(self, pointer: str) -> str:
        """Return the page's field a JSON pointer into the document belongs to."""
        name = pointer.removeprefix("#/").replace("/", ".")
        if name.startswith("sample_ratio"):
            return "sample_percent"
        if name.startswith("url_rules"):
            return "url_rules"
        return name


def _flatten(prefix: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flatten(f"{prefix}.{key}", inner)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _flatten(f"{prefix}.{place}", inner)
    else:
        yield prefix, str(value)


def _read_whole_number(text: str) -> int | str:
    """Return the number, or what is none as it is: the schema says so in its own words."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else text


def _read_percent(text: str) -> float | str:
    try:
        return float(text.replace(",", ".")) / 100
    except ValueError:
        return text
