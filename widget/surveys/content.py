"""What a survey's element shows: its texts in the shopper's language, its choices and its theme."""

from typing import Any

from widget.sites.theme import DEFAULT_THEME
from widget.surveys.published import PublishedSurvey
from widget.surveys.rules import SCORES, bucket_of
from widget.surveys.texts import RIGHT_TO_LEFT, UI_TEXTS, choose_language, merge_texts


def build_content(survey: PublishedSurvey, wanted_languages: str) -> dict[str, Any]:
    """Return the content document of a survey for a comma-separated list of languages."""
    language = choose_language(wanted_languages, survey.default_language)
    texts = merge_texts(survey.kind, language, survey.texts.get(language, {}))
    scores = SCORES[survey.kind]
    labels = texts.get("labels") or [str(score) for score in scores]
    ui = dict(UI_TEXTS[language])
    return {
        "id": str(survey.id),
        "kind": survey.kind,
        "version": survey.version,
        "language": language,
        "dir": "rtl" if language in RIGHT_TO_LEFT else "ltr",
        "title": ui.pop("title"),
        "question": texts["question"],
        "choices": [{"score": score, "label": label} for score, label in zip(scores, labels, strict=True)],
        "low_label": texts.get("low_label", labels[0]),
        "high_label": texts.get("high_label", labels[-1]),
        "buckets": [bucket_of(survey.kind, score) for score in scores],
        "follow_up": texts["follow_up"],
        "thanks": texts["thanks"],
        "ui": ui,
        "theme": DEFAULT_THEME,
    }


def build_trigger(survey: PublishedSurvey) -> dict[str, Any]:
    """Return what a store page must know to decide whether the survey is due."""
    return {
        "id": str(survey.id),
        "version": survey.version,
        "display": survey.display,
        "urls": survey.url_rules,
        "seconds": survey.after_seconds,
        "scroll": survey.scroll_percent,
        "event": survey.event_name,
        "sample": survey.sample_basis_points,
        "repeat_days": survey.repeat_days,
    }
