"""What a survey's element shows: its texts in the shopper's language, its choices, questions and outcomes."""

from collections.abc import Mapping
from typing import Any

from widget.core.shopper_languages import RIGHT_TO_LEFT, choose_language
from widget.sites.theme import DEFAULT_THEME
from widget.surveys.definitions import DEFAULT_ANSWER_LENGTH, PROFILE_TYPES
from widget.surveys.published import PublishedSurvey
from widget.surveys.questions import scale_of
from widget.surveys.rules import BUCKETS, SCORES, bucket_of
from widget.surveys.texts import UI_TEXTS, Wording

# The words that a survey without questions of its own needs; the rest would only be bytes to it.
_SHORT_UI = ("send", "close", "optional", "choose_first", "sent", "not_sent_yet", "feedback")
_LONG_UI = tuple(name for name in UI_TEXTS["en"] if name not in ("title", "link"))
_PLAIN_FIELDS = ("key", "type", "required", "ask_if", "max_choices", "long")


def build_content(
    survey: PublishedSurvey, wanted_languages: str, theme: Mapping[str, Any] = DEFAULT_THEME
) -> dict[str, Any]:
    """Return the content document of a survey for a comma-separated list of languages; empty parts are left out."""
    offered = {survey.default_language, *survey.languages}
    language = choose_language(wanted_languages, survey.default_language, offered)
    wording = Wording(survey.kind, language, survey.default_language, survey.texts)
    definition = survey.definition
    parts = {
        "comment_if": definition.get("comment_if"),
        "questions": [describe_question(question, wording) for question in definition.get("questions", ())],
        "outcomes": [_describe_outcome(outcome, wording) for outcome in definition.get("outcomes", ())],
        "links": _describe_links(definition.get("links", {}), wording),
    }
    return {
        "id": str(survey.id),
        "kind": survey.kind,
        "version": survey.version,
        "language": language,
        "dir": "rtl" if language in RIGHT_TO_LEFT else "ltr",
        "title": wording.find("ui", "title"),
        **(_describe_score(survey.kind, wording) if SCORES[survey.kind] else _announce(parts["questions"])),
        **{name: part for name, part in parts.items() if part},
        "thanks": wording.find_all("thanks", BUCKETS[survey.kind] or ("all",)),
        "ui": wording.find_all("ui", _LONG_UI if definition.get("questions") else _SHORT_UI),
        "theme": theme,
    }


def describe_question(question: Mapping[str, Any], wording: Wording) -> dict[str, Any]:
    """Return a question as the element shows it; what has no text in any language shows its key."""
    key = question["key"]
    scale = scale_of(question)
    described = {name: question[name] for name in _PLAIN_FIELDS if question.get(name)}
    described["question"] = wording.find("questions", key, "question") or key
    texts = ("hint", "low_label", "high_label") if scale else ("hint",)
    described |= {name: text for name in texts if (text := wording.find("questions", key, name))}
    if scale:
        described |= {"min": scale[0], "max": scale[-1]}
    if "choices" in question:
        described["choices"] = [
            {**choice, "label": wording.find("questions", key, "choices", choice["id"]) or choice["id"]}
            for choice in question["choices"]
        ]
    if question.get("other"):
        described["other"] = wording.find("questions", key, "other") or wording.find("ui", "other")
    if question["type"] == "text":
        described["max_length"] = question.get("max_length", DEFAULT_ANSWER_LENGTH)
    if question["type"] in PROFILE_TYPES:
        described["consent"] = word_consent(question, wording)
    return described


def word_consent(question: Mapping[str, Any], wording: Wording) -> str:
    """Return the sentence a shopper agrees to before a profile field is kept."""
    own = wording.find("questions", question["key"], "consent")
    return str(own or wording.find("ui", f"consent_{question['type']}"))


def _describe_score(kind: str, wording: Wording) -> dict[str, Any]:
    scores = SCORES[kind]
    labels = wording.find("labels") or [str(score) for score in scores]
    return {
        "question": wording.find("question"),
        "choices": [{"score": score, "label": label} for score, label in zip(scores, labels, strict=True)],
        "low_label": wording.find("low_label") or labels[0],
        "high_label": wording.find("high_label") or labels[-1],
        "buckets": [bucket_of(kind, score) for score in scores],
        "follow_up": wording.find_all("follow_up", BUCKETS[kind]),
    }


def _announce(questions: Any) -> dict[str, str]:
    return {"question": questions[0]["question"]} if questions else {}


def _describe_outcome(outcome: Mapping[str, Any], wording: Wording) -> dict[str, Any]:
    name = outcome["id"]
    described = {
        "id": name,
        "title": wording.find("outcomes", name, "title") or name,
        "text": wording.find("outcomes", name, "text") or "",
    }
    if outcome.get("url"):
        described["url"] = outcome["url"]
        described["link"] = wording.find("outcomes", name, "link") or wording.find("ui", "link")
    return described


def _describe_links(links: Mapping[str, str], wording: Wording) -> dict[str, dict[str, str]]:
    return {
        name: {"url": url, "label": wording.find("links", name) or wording.find("ui", "link")}
        for name, url in links.items()
    }
