"""The form of a survey as its page shows it: rows, words, and what stands in for what is not written."""

from typing import Any

from flask_babel import gettext as _

from widget.core.shopper_languages import LANGUAGE_NAMES, RIGHT_TO_LEFT
from widget.editor import form_texts, form_words
from widget.editor.form_actions import list_branching_names, list_values
from widget.editor.form_reading import SECONDS, flatten
from widget.surveys.rules import BUCKETS, SCORES
from widget.surveys.texts import UI_TEXTS, find_text
from widget.surveys.wording import LANGUAGE, MAX_LANGUAGES

Document = dict[str, Any]


class FormView:
    """An unsaved survey: `draft` is the document of its fields, `errors` what is wrong by the field's name."""

    words, texts = form_words, form_texts

    def __init__(self, kind: str, draft: Document) -> None:
        self.kind = kind
        self.draft = draft
        self.draft["has_score"] = bool(SCORES[kind])
        self.errors: dict[str, list[str]] = {}
        self.settings: Document = {}
        self.focus = ""

    @property
    def languages(self) -> list[str]:
        """The languages offered, the default one first."""
        return list_languages([self.draft["default_language"], *self.draft["languages"]])

    @property
    def beside(self) -> str:
        """The language shown beside the default one, empty where there is no other."""
        others = self.languages[1:]
        wanted = self.draft.get("beside", "")
        return wanted if wanted in others else next(iter(others), "")

    @property
    def new_languages(self) -> list[tuple[str, str]]:
        """Languages that could be offered too, those with texts of ours first."""
        return [(code, self.name_language(code)) for code in LANGUAGE_NAMES if code not in self.languages]

    @property
    def language_choices(self) -> list[tuple[str, str]]:
        """What may be the default language: those offered, then all others."""
        return [*((code, self.name_language(code)) for code in self.languages), *self.new_languages]

    @property
    def preview_languages(self) -> list[tuple[str, str]]:
        """The languages offered, by name."""
        return [(code, self.name_language(code)) for code in self.languages]

    @property
    def beside_choices(self) -> list[tuple[str, str]]:
        return [(code, self.name_language(code)) for code in self.languages[1:]]

    @property
    def outcome_choices(self) -> list[tuple[str, str]]:
        """The outcomes that a choice of a quiz may count for."""
        names = [outcome.get("id", "") for outcome in self.draft["definition"].get("outcomes", ())]
        return [(name, self.text_of(("outcomes", name, "title")) or name) for name in names]

    @property
    def questions(self) -> list[Document]:
        return list(self.draft["definition"].get("questions", ()))

    @property
    def buckets(self) -> tuple[str, ...]:
        return BUCKETS[self.kind]

    @property
    def comment_for(self) -> str:
        """Whom the comment is asked of: everybody, some, nobody."""
        if "comment_if" not in self.draft["definition"]:
            return "everybody"
        return "some" if self.comment_buckets or self.draft.get("comment_for") == "some" else "nobody"

    @property
    def comment_buckets(self) -> list[str]:
        return [bucket for row in self.draft["definition"].get("comment_if", ()) for bucket in row.get("in", ())]

    @property
    def event_delay(self) -> tuple[Any, str]:
        """The delay after the event as a number and its unit."""
        seconds = self.draft["gates"].get("event_delay_seconds")
        if not isinstance(seconds, int):
            return seconds or "", "days"
        unit = next((unit for unit in ("days", "hours", "minutes") if seconds % SECONDS[unit] == 0), "minutes")
        return (seconds // SECONDS[unit]) or "", unit

    def list_earlier(self, place: int) -> list[tuple[str, str]]:
        """Return (name, words) of what the question at a place may depend on."""
        names = list_branching_names(self.questions[:place], has_score=bool(SCORES[self.kind]))
        return [(name, self.name_question(name)) for name in names]

    def list_condition_values(self, name: str) -> list[tuple[Any, str]]:
        """Return (value, words) of what may be answered to a question that a later one depends on."""
        if name == "score":
            return [(bucket, form_words.bucket_words(self.kind, bucket)) for bucket in self.buckets]
        question = next((question for question in self.questions if question.get("key") == name), {})
        return [(value, self._name_value(name, value)) for value in list_values(question)]

    def name_question(self, name: str) -> str:
        """Return a question by its number and words."""
        place = next((place for place, question in enumerate(self.questions) if question.get("key") == name), None)
        if place is None:
            return _("The score") if name == "score" else name
        return f"{place + 1}. {self.text_of(('questions', name, 'question')) or name}"

    def text_of(self, path: tuple[str, ...]) -> str:
        """Return the text at a path as the default language shows it."""
        own = find_text(self.draft["texts"].get(self.draft["default_language"], {}), path)
        return own if isinstance(own, str) else self.fallback_of(self.draft["default_language"], path)

    def own_text(self, language: str, path: tuple[str, ...]) -> str:
        """Return what the owner wrote at a path."""
        own = find_text(self.draft["texts"].get(language, {}), path)
        return own if isinstance(own, str) else ""

    def fallback_of(self, language: str, path: tuple[str, ...]) -> str:
        """Return what shoppers of a language read where nothing is written."""
        default = self.draft["default_language"]
        own = self.own_text(default, path) if language != default else ""
        own = own or form_texts.find_built_in(self.kind, language, path)
        return own or form_texts.find_built_in(self.kind, "en", path)

    def is_missing(self, language: str, row: form_texts.TextRow) -> bool:
        """Tell whether shoppers of a language would read this text in another, or not at all."""
        return form_texts.is_missing(self.kind, row, self.draft["texts"], language, self.draft["default_language"])

    def count_missing(self) -> dict[str, int]:
        """Return for each language how many texts its shoppers would read in another, or not at all."""
        rows = list(form_texts.list_rows(self.kind, self.draft["definition"]))
        return {language: sum(self.is_missing(language, row) for row in rows) for language in self.languages}

    def hidden_texts(self) -> list[tuple[str, str]]:
        """Return the (name, text) of what is not on the page now: the languages that are not looked at."""
        shown = {row.name for row in form_texts.list_rows(self.kind, self.draft["definition"])}
        shown |= {row.name for row in form_texts.list_link_rows(self.kind)}
        visible = {self.draft["default_language"], self.beside}
        return [
            (name, text)
            for language, wording in self.draft["texts"].items()
            for name, text in flatten(f"texts.{language}", wording)
            if language not in visible or name.removeprefix(f"texts.{language}.") not in shown
        ]

    @staticmethod
    def name_language(language: str) -> str:
        return str(LANGUAGE_NAMES.get(language, language))

    @staticmethod
    def direction_of(language: str) -> str:
        return "rtl" if language in RIGHT_TO_LEFT else "ltr"

    def name_field(self, name: str) -> str:
        """Return what the list of what is wrong calls a field."""
        place = name.split(".")
        if place[0] == "texts" and len(place) > 2:
            rows = form_texts.list_rows(self.kind, self.draft["definition"])
            label = next((row.label for row in rows if row.name == ".".join(place[2:])), place[-1])
            return f"{label} ({self.name_language(place[1])})"
        if place[:2] == ["definition", "questions"] and len(place) > 2 and place[2].isdecimal():
            return str(_("Question %(number)s", number=int(place[2]) + 1))
        return str(form_words.FIELD_NAMES.get(name, name))

    def more_rows(self, name: str) -> int:
        """Return how many more empty rows of a list were asked for."""
        return int(self.draft.get("more_rows", {}).get(name, 0))

    def is_at(self, place: int) -> bool:
        """Tell whether the question at a place is where the owner works, or what is wrong is in it."""
        key = self.questions[place].get("key", "")
        marks = (f"definition.questions.{place}.", f".questions.{key}.", f":{place}")
        is_worked_on = any(mark in f"{self.focus}." if mark[0] != ":" else self.focus.endswith(mark) for mark in marks)
        return is_worked_on or self.has_errors_at(place, key)

    def has_errors_at(self, place: int, key: str) -> bool:
        """Tell whether a field of a question, or a text of it, is wrong."""
        places = (
            f"definition.questions.{place}",
            *(f"texts.{language}.questions.{key}" for language in self.languages),
        )
        return any(name == start or name.startswith(f"{start}.") for name in self.errors for start in places)

    def has_errors_in(self, prefix: str) -> bool:
        """Tell whether a field whose name begins so is wrong."""
        return any(name.startswith(prefix) for name in self.errors)

    def _name_value(self, name: str, value: Any) -> str:
        if not isinstance(value, str):
            return str(value)
        label = self.text_of(("questions", name, "choices", value))
        return label or (UI_TEXTS["en"]["other"] if value == "other" else value)


def list_languages(languages: list[Any]) -> list[str]:
    """Return languages without repetition."""
    known = dict.fromkeys(language for language in languages if isinstance(language, str) and language)
    return [language for language in known if LANGUAGE.fullmatch(language)][:MAX_LANGUAGES] or ["en"]
