"""The texts of a survey as the editor shows them: side by side, with what stands in for those that are missing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from widget.editor.form_words import bucket_words
from widget.surveys.rules import BUCKETS
from widget.surveys.texts import SURVEY_TEXTS, UI_TEXTS, find_text

SHORT = ("low_label", "high_label", "other", "title", "link")


@dataclass(frozen=True)
class TextRow:
    """One text in every language; `is_optional` where a survey may do without."""

    path: tuple[str, ...]
    label: str
    is_long: bool = False
    is_optional: bool = False

    @property
    def name(self) -> str:
        return ".".join(self.path)

    @property
    def is_line(self) -> bool:
        """Whether it is a few words: a label, a choice, a button."""
        return self.path[0] in ("labels", "ui", "links") or "choices" in self.path or self.path[-1] in SHORT


def list_score_rows(kind: str) -> list[TextRow]:
    """Return the texts of the score itself."""
    default = SURVEY_TEXTS[kind]["en"]
    if "question" not in default:
        return []
    rows = [TextRow(("question",), _("Question"))]
    if "labels" in default:
        names = enumerate(default["labels"])
        rows += [TextRow(("labels", str(place)), _("Answer %(number)s", number=place + 1)) for place, _label in names]
    for part, label in (("low_label", _("Under the lowest")), ("high_label", _("Under the highest"))):
        if part in default:
            rows.append(TextRow((part,), label))
    return rows


def list_follow_up_rows(kind: str) -> list[TextRow]:
    """Return what is asked for the comment, by bucket."""
    return [
        TextRow(("follow_up", bucket), _("Asked of %(whom)s", whom=bucket_words(kind, bucket)))
        for bucket in BUCKETS[kind]
    ]


def list_thanks_rows(kind: str) -> list[TextRow]:
    """Return the thank-yous, by bucket."""
    return [
        TextRow(("thanks", bucket), _("Thank-you to %(whom)s", whom=bucket_words(kind, bucket)))
        for bucket in BUCKETS[kind] or ("all",)
    ]


def list_question_rows(question: Mapping[str, Any]) -> list[TextRow]:
    """Return the texts of a question without those of its choices."""
    key, kind = question.get("key", ""), question.get("type")
    rows = [
        TextRow(("questions", key, "question"), _("Question")),
        TextRow(("questions", key, "hint"), _("Hint below it"), is_optional=True),
    ]
    if kind in ("scale", "stars", "emoji"):
        rows.append(TextRow(("questions", key, "low_label"), _("Under the lowest"), is_optional=True))
        rows.append(TextRow(("questions", key, "high_label"), _("Under the highest"), is_optional=True))
    if question.get("other"):
        rows.append(TextRow(("questions", key, "other"), _("The choice “other”"), is_optional=True))
    if kind in ("birthday", "interests"):
        rows.append(TextRow(("questions", key, "consent"), _("What they agree to"), is_optional=True))
    return rows


def list_choice_rows(question: Mapping[str, Any]) -> list[TextRow]:
    """Return the texts of a question's choices."""
    return [
        TextRow(
            ("questions", question.get("key", ""), "choices", choice.get("id", "")),
            _("Choice %(number)s", number=place + 1),
        )
        for place, choice in enumerate(question.get("choices", ()))
    ]


def list_outcome_rows(outcome: Mapping[str, Any]) -> list[TextRow]:
    """Return the texts of one outcome of a quiz."""
    name = outcome.get("id", "")
    return [
        TextRow(("outcomes", name, "title"), _("Title")),
        TextRow(("outcomes", name, "text"), _("Text"), is_long=True, is_optional=True),
        TextRow(("outcomes", name, "link"), _("Words of its link"), is_optional=True),
    ]


def list_link_rows(kind: str) -> list[TextRow]:
    """Return the words of the links on the thank-yous."""
    return [
        TextRow(("links", bucket), _("Words of the link"), is_optional=True) for bucket in BUCKETS[kind] or ("all",)
    ]


def list_ui_rows() -> list[TextRow]:
    """Return the small words of the element itself, each named by its English one."""
    return [TextRow(("ui", name), text, is_optional=True) for name, text in UI_TEXTS["en"].items()]


def list_rows(kind: str, definition: Mapping[str, Any]) -> Iterator[TextRow]:
    """Yield every text that a survey with this definition has."""
    yield from list_score_rows(kind)
    yield from list_follow_up_rows(kind)
    for question in definition.get("questions", ()):
        yield from list_question_rows(question)
        yield from list_choice_rows(question)
    for outcome in definition.get("outcomes", ()):
        yield from list_outcome_rows(outcome)
    yield from list_thanks_rows(kind)
    yield from (row for row in list_link_rows(kind) if row.path[1] in definition.get("links", {}))
    yield from list_ui_rows()


def find_built_in(kind: str, language: str, path: tuple[str, ...]) -> str:
    """Return our own text at a path in one language, empty where there is none."""
    if language not in UI_TEXTS:
        return ""
    texts: Any = {**SURVEY_TEXTS[kind][language], "ui": UI_TEXTS[language]}
    if path[0] == "labels":
        labels = texts.get("labels", [])
        return str(labels[int(path[1])]) if path[1].isdecimal() and int(path[1]) < len(labels) else ""
    found = find_text(texts, path)
    if found is None and path[0] in ("questions", "links", "outcomes") and path[-1] == "other":
        found = UI_TEXTS[language]["other"]
    return found if isinstance(found, str) else ""


def is_missing(kind: str, row: TextRow, texts: Mapping[str, Any], language: str, default: str) -> bool:
    """Tell whether shoppers of a language would read this text in another, or not at all.

    >>> row = TextRow(("thanks", "passive"), "")
    >>> own = {"en": {"thanks": {"passive": "Ta!"}}}
    >>> [is_missing("nps", row, own, language, "en") for language in ("en", "it")]
    [False, True]
    >>> is_missing("nps", row, {}, "it", "en"), is_missing("nps", row, {}, "sv", "en")
    (False, True)
    """
    if find_text(texts.get(language, {}), row.path):
        return False
    if language != default and find_text(texts.get(default, {}), row.path):
        return True
    if find_built_in(kind, language, row.path):
        return False
    return not row.is_optional or bool(find_built_in(kind, "en", row.path))
