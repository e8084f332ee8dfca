"""A survey's questions in figures, put together once for page, interface and report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from widget.surveys.asked import OTHER, Version, list_asked, list_versions
from widget.surveys.drop_off import Step, count_drop_off
from widget.surveys.filters import ResponseFilter
from widget.surveys.models import Survey, SurveyResponse
from widget.surveys.question_results import (
    ChoiceCount,
    QuestionResult,
    count_outcomes,
    count_questions,
    find_median_ms,
)
from widget.surveys.questions import list_chosen


@dataclass(frozen=True)
class QuestionReport:
    """Every question's figures, the outcomes of a quiz, where people left, and how long it took them."""

    questions: Sequence[QuestionResult]
    outcomes: Sequence[ChoiceCount]
    steps: Sequence[Step]
    median_ms: int | None


@dataclass(frozen=True)
class Said:
    """One answer of a response as it is read: the question in the wording it had, and what was chosen."""

    key: str
    wording: str
    answer: str
    value: str | None


def report_questions(survey: Survey, wanted: ResponseFilter) -> QuestionReport:
    """Return the figures of a survey's questions over the answers a filter picks."""
    versions = list_versions(survey)
    asked = list_asked(versions)
    return QuestionReport(
        questions=count_questions(survey, wanted, asked),
        outcomes=count_outcomes(survey, wanted, versions),
        steps=count_drop_off(survey, wanted, asked),
        median_ms=find_median_ms(survey, wanted),
    )


def describe_answers(response: SurveyResponse, versions: Mapping[int, Version]) -> Sequence[Said]:
    """Return what a response says to each question, in the wording and order of the version it was given to."""
    version = versions.get(response.survey_version)
    if version is None:
        return [Said(key, key, str(answer), None) for key, answer in response.answers.items()]
    said = []
    for question in version.list_questions():
        key = question["key"]
        chosen = list_chosen(response.answers.get(key))
        if chosen:
            labels = [_word(version, response, key, answer) for answer in chosen]
            value = str(chosen[0]) if question["type"] not in ("text", "birthday") and len(chosen) == 1 else None
            said.append(Said(key, version.word_question(key, response.language), ", ".join(labels), value))
    outcome = response.answers.get("outcome")
    if outcome:
        title = version.find_text("outcomes", outcome, "title", language=response.language)
        said.append(Said("outcome", "", title or outcome, outcome))
    return said


def _word(version: Version, response: SurveyResponse, key: str, answer: Any) -> str:
    label = version.word_choice(key, str(answer), response.language)
    other = response.answers.get(f"{key}.{OTHER}") if answer == OTHER else None
    return f"{label}: {other}" if other else label
