"""The form of a survey: what an owner has typed so far, and the settings it makes."""

from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from widget.core.problems import FieldError, InvalidFields, flatten_messages
from widget.editor.form_actions import apply_action
from widget.editor.form_reading import (
    as_rows,
    flatten,
    is_same_definition,
    read_amount,
    read_definition,
    read_gates,
    read_number,
    unflatten,
)
from widget.editor.form_texts import list_score_rows
from widget.editor.form_view import Document, FormView, list_languages
from widget.surveys.models import Survey
from widget.surveys.rules import SCORES
from widget.surveys.settings import NEW_LANGUAGES, SurveySettings
from widget.surveys.wording import keep_texts_of

_LINES = ("name", "state", "display", "default_language")
_NUMBERS = {"after_seconds": 0, "scroll_percent": 0}
_EMPTY = {"state": "draft", "display": "sheet", "default_language": "en", "sample_percent": "100", "frequency": "once"}


class SurveyForm(FormView):
    """An unsaved survey, read from a page or a row, checked, and made into settings."""

    @classmethod
    def empty(cls, kind: str) -> "SurveyForm":
        """Return the form of a survey from scratch."""
        draft: Document = {**_EMPTY, "languages": list(NEW_LANGUAGES), "definition": {}, "texts": {}, "gates": {}}
        return cls(kind, {**draft, **_NUMBERS, "url_rules": []})

    @classmethod
    def of(cls, survey: Survey) -> "SurveyForm":
        """Return the form of a survey as it is."""
        draft = {name: getattr(survey, name) for name in ("name", "state", "display", "event_name", "url_rules")}
        draft |= {name: getattr(survey, name) for name in ("after_seconds", "scroll_percent", "repeat_days")}
        draft |= {name: getattr(survey, name) for name in ("default_language", "languages", "gates", "definition")}
        draft["texts"] = unflatten(dict(flatten("texts", survey.texts))).get("texts", {})
        draft["sample_percent"] = f"{survey.sample_basis_points / 100:g}"
        draft["frequency"] = "until" if survey.asks_until_answered else "every" if survey.repeat_days else "once"
        return cls(survey.kind, draft)

    @classmethod
    def submitted(cls, kind: str, form: MultiDict[str, str]) -> "SurveyForm":
        """Return the form as the browser sent it."""
        draft = unflatten({name: form[name] for name in form if name != "csrf_token"})
        for name in (*_LINES, "event_name", "sample_percent", "frequency", "beside", "new_language"):
            draft[name] = draft[name] if isinstance(draft.get(name), str) else _EMPTY.get(name, "")
        for name, when_empty in (*_NUMBERS.items(), ("repeat_days", None)):
            draft[name] = read_number(draft[name]) if draft.get(name) else when_empty
        languages = draft.get("languages")
        draft["languages"] = list_languages(list(languages) if isinstance(languages, dict) else [])
        draft["definition"] = read_definition(bool(SCORES[kind]), draft)
        draft["gates"] = read_gates(draft.get("gates"))
        draft["url_rules"] = [
            [row.get("match", ""), row["text"]]
            for row in as_rows(draft.get("url_rules"))
            if isinstance(row, dict) and row.get("text")
        ]
        texts = draft.get("texts")
        draft["texts"] = {
            language: wording for language, wording in (texts.items() if isinstance(texts, dict) else ())
            if isinstance(wording, dict)
        }  # fmt: skip
        return cls(kind, draft)

    def act(self, action: str, taken: set[str]) -> None:
        """Do what a button says to the draft, and remember where to go on."""
        self.focus = apply_action(self.draft, action, taken)

    def keep_unchanged(self, survey: Survey) -> None:
        """Leave a definition that asks the same as it is: to write it otherwise is no new version."""
        if is_same_definition(self.settings["definition"], survey.definition):
            self.settings["definition"] = survey.definition

    def validate(self) -> bool:
        """Check the draft; fill `settings` for the service, or `errors` by field."""
        try:
            self.settings = SurveySettings.for_kind(self.kind).load(self.as_document())
        except ValidationError as error:
            self.add_errors(flatten_messages(error.messages))
        if self.draft["frequency"] == "every" and not self.draft.get("repeat_days"):
            self.errors.setdefault("repeat_days", ["Must be a whole number."])
        return not self.errors

    def add_errors(self, errors: list[FieldError]) -> None:
        """Put what is wrong to the fields it belongs to."""
        for error in errors:
            self.errors.setdefault(self._field_at(error.pointer), []).append(error.detail)

    def add_problem(self, problem: InvalidFields) -> None:
        """Put what a service refused to the fields it belongs to."""
        self.add_errors(problem.errors)

    def as_document(self) -> Document:
        """Return the draft as the store's server would send it."""
        draft = self.draft
        document: Document = {name: draft.get(name) for name in (*_LINES, *_NUMBERS, "url_rules", "gates")}
        document["event_name"] = draft.get("event_name") or None
        percent = read_amount(draft.get("sample_percent", ""))
        document["sample_ratio"] = percent / 100 if isinstance(percent, (int, float)) else percent
        frequency = draft.get("frequency")
        document["repeat_days"] = draft.get("repeat_days") if frequency in ("every", "until") else None
        document["asks_until_answered"] = frequency == "until"
        document["languages"] = list_languages([draft["default_language"], *draft["languages"]])
        document["definition"] = draft["definition"]
        texts = {language: self._texts_in(language) for language in draft["texts"]}
        known = keep_texts_of(draft["definition"], {language: own for language, own in texts.items() if own})
        document["texts"] = {language: own for language, own in known.items() if own}
        return document

    def _texts_in(self, language: str) -> Document:
        """Return the owner's wording in one language; where one answer's label is given, all are."""
        own = {name: text for name, text in self.draft["texts"][language].items() if name != "labels"}
        given = self.draft["texts"][language].get("labels")
        if isinstance(given, dict) and given:
            rows = [row.path for row in list_score_rows(self.kind) if row.path[0] == "labels"]
            own["labels"] = [given.get(path[1]) or self.fallback_of(language, path) for path in rows]
        return own

    def _field_at(self, pointer: str) -> str:
        """Return the page's field a JSON pointer into the document belongs to."""
        name = pointer.removeprefix("#/").replace("/", ".")
        if name.startswith("sample_ratio"):
            return "sample_percent"
        for rows in ("url_rules", "gates.referrers", "gates.event_properties", "gates.segments"):
            if name.startswith(rows):
                return rows
        return {"gates.event_delay_seconds": "gates.event_delay", "#": "_schema"}.get(name, name)
