"""The page behind a link, step by step and without a script: which step is next, and what its form said.

A step is `score` (with the comment, unless that depends on the score), `comment`, or the key of a question.
"""

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from widget.sites.models import Site
from widget.sites.theme import build_theme
from widget.surveys.answers import CONSENT, find_answer_errors, tidy_answers
from widget.surveys.content import build_content
from widget.surveys.models import MAX_COMMENT_LENGTH, Survey, SurveyVersion
from widget.surveys.published import PublishedSurvey
from widget.surveys.questions import OTHER, Document, is_comment_due, list_due_questions, name_values, pipe_text
from widget.surveys.rules import SCORES

SCORE, COMMENT = "score", "comment"
_OF_SURVEY = [name for name in PublishedSurvey.__annotations__ if name != "field_names"]
_OF_VERSION = ("version", "default_language", "languages", "definition", "texts")
_NUMBERS = frozenset({"scale", "stars", "emoji"})
_LISTS = frozenset({"multiple", "interests"})


def build_page_content(site: Site, survey: Survey, wanted: str, version: SurveyVersion | None = None) -> dict[str, Any]:
    """Return the content document of a survey, or of one of its versions, for a page of ours."""
    values = {name: getattr(survey, name) for name in _OF_SURVEY}
    if version is not None:
        values |= {name: getattr(version, name) for name in _OF_VERSION}
    return build_content(PublishedSurvey(**values, field_names=set()), wanted, build_theme(site.theme, site.key))


def pipe_page_text(content: Document, text: str, answers: Document, hidden: Mapping[str, str]) -> str:
    """Return a text of the survey with the values its braces name."""
    return pipe_text(text, name_values(content["kind"], content, answers, hidden))


def list_steps(content: Document, answers: Document) -> list[str]:
    """Return the steps of who has given these answers, in their order."""
    steps = [SCORE] if SCORES[content["kind"]] else []
    if "comment_if" in content and is_comment_due(content["kind"], content, answers):
        steps.append(COMMENT)
    return steps + [question["key"] for question in list_due_questions(content["kind"], content, answers)]


def find_next_step(content: Document, answers: Document, step: str) -> str | None:
    """Return the step after one that is due, or None after the last."""
    steps = list_steps(content, answers)
    following = steps[steps.index(step) + 1 :] if step in steps else steps
    return following[0] if following else None


def is_last_step(content: Document, answers: Document, step: str) -> bool:
    """Tell whether nothing can follow, whatever is answered at this step."""
    after: list[str] = [question["key"] for question in content.get("questions", ())]
    if step == SCORE:
        return not after and "comment_if" not in content
    if step == COMMENT:
        return find_next_step(content, answers, step) is None
    return step == after[-1]


def find_question(content: Document, key: str) -> Document | None:
    """Return the question with a key, or None for a step that is none."""
    return next((question for question in content.get("questions", ()) if question["key"] == key), None)


def read_step(content: Document, step: str, form: "MultiDict[str, str]") -> dict[str, Any]:
    """Return what a step's form says by the answers' names; None takes back what was said before."""
    if step == SCORE:
        said: dict[str, Any] = {SCORE: _read_number(form.get(SCORE))}
        return said if "comment_if" in content else {**said, COMMENT: _read_text(form.get(COMMENT))}
    if step == COMMENT:
        return {COMMENT: _read_text(form.get(COMMENT))}
    question = find_question(content, step)
    return {} if question is None else _read_question(question, form)


def drop_undue(content: Document, answers: Document) -> dict[str, Any]:
    """Return tidied answers without those to questions that a change of mind has left unasked."""
    kind = content["kind"]
    keys = {question["key"] for question in list_due_questions(kind, content, answers)}
    keys |= {SCORE} if SCORES[kind] else set()
    keys |= {COMMENT} if is_comment_due(kind, content, answers) else set()
    return {name: value for name, value in tidy_answers(answers).items() if name.partition(".")[0] in keys}


def find_page_errors(
    content: Document, definition: Document, answers: Document, step: str, *, is_last: bool
) -> dict[str, str]:
    """Return the names of wrong or missing answers with the key of the text that says so."""
    kind = content["kind"]
    found = find_answer_errors(kind, definition, answers, completed=is_last) if answers or is_last else {}
    wrong = {name or step for name in found}
    question = find_question(content, step)
    if step not in answers and (step == SCORE or (question is not None and question.get("required"))):
        wrong.add(step)
    if len(answers.get(COMMENT, "")) > MAX_COMMENT_LENGTH:
        wrong.add(COMMENT)
    return {name: _choose_message(content, answers, name) for name in sorted(wrong)}


def find_step_with_error(content: Document, answers: Document, errors: Mapping[str, str], step: str) -> str:
    """Return the step to show again: the one sent if it is wrong, else the first that is."""
    wrong = {name.partition(".")[0] for name in errors}
    if step in wrong or (step == SCORE and COMMENT in wrong):
        return step
    return next((name for name in list_steps(content, answers) if name in wrong), step)


def _choose_message(content: Document, answers: Document, name: str) -> str:
    key, _, part = name.partition(".")
    value = answers.get(name)
    question = find_question(content, key) or {}
    if part == CONSENT and value is None:
        return "consent_first"
    if value is None:
        return "answer_first"
    if isinstance(value, list) and len(value) > question.get("max_choices", len(value)):
        return "too_many"
    return "too_long" if isinstance(value, str) and question.get("type") in (None, "text") else "check"


def _read_question(question: Document, form: "MultiDict[str, str]") -> dict[str, Any]:
    key, kind = question["key"], question["type"]
    if kind in _NUMBERS:
        return {key: _read_number(form.get(key))}
    if kind == "text":
        return {key: _read_text(form.get(key))}
    said = {key: _read_birthday(form, key) if kind == "birthday" else _read_choices(question, form)}
    if question.get("other"):
        said |= _read_other(question, said[key], form)
    if kind in ("birthday", "interests"):
        # A box without an answer consents to nothing.
        said[f"{key}.{CONSENT}"] = True if said[key] and form.get(f"{key}.{CONSENT}") else None
    return said


def _read_choices(question: Document, form: "MultiDict[str, str]") -> Any:
    chosen = form.getlist(question["key"])
    if question["type"] in _LISTS:
        return list(dict.fromkeys(chosen))
    return chosen[0] if chosen else None


def _read_other(question: Document, chosen: Any, form: "MultiDict[str, str]") -> dict[str, Any]:
    """Return the choice with its own text; who typed one and chose nothing meant it."""
    key = question["key"]
    text = _read_text(form.get(f"{key}.{OTHER}"))
    if text and not chosen:
        chosen = [OTHER] if question["type"] in _LISTS else OTHER
    is_chosen = chosen is not None and OTHER in (chosen if isinstance(chosen, list) else [chosen])
    return {key: chosen, f"{key}.{OTHER}": text if is_chosen else None}


def _read_birthday(form: "MultiDict[str, str]", key: str) -> str | None:
    year, month, day = (form.get(f"{key}.{part}", "").strip() for part in ("year", "month", "day"))
    if not (year or month or day):
        return None
    return f"{year or '-'}-{month.zfill(2)}-{day.zfill(2)}"


def _read_number(text: str | None) -> Any:
    """Return a number; what is none stays as it is and is refused where answers are checked."""
    if not text:
        return None
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else text


def _read_text(text: str | None) -> str | None:
    return (text or "").replace("\r\n", "\n").replace("\x00", "").strip() or None
