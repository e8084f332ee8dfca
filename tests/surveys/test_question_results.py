"""What was answered to each question: counts, shares, means, texts, and where people left."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from tests.cast import Cast
from tests.surveys.builders import keep_version, make_impression, make_response, make_survey, on, set_questions
from widget.core.db import db
from widget.surveys.asked import list_asked, list_versions
from widget.surveys.drop_off import Step, count_drop_off
from widget.surveys.filters import ResponseFilter
from widget.surveys.models import Survey
from widget.surveys.question_results import QuestionResult, count_outcomes, count_questions, find_median_ms

QUESTIONS: list[dict[str, Any]] = [
    {
        "key": "why",
        "type": "multiple",
        "ask_if": [{"question": "score", "in": ["detractor", "passive"]}],
        "choices": [{"id": "price"}, {"id": "speed"}],
        "other": True,
    },
    {"key": "stars", "type": "stars", "min": 1, "max": 5},
    {"key": "more", "type": "text", "ask_if": [{"question": "stars", "in": [1, 2]}]},
]
TEXTS = {
    "en": {
        "questions": {
            "why": {"question": "What went wrong?", "choices": {"price": "Too expensive"}, "other": "Something else"},
            "stars": {"question": "And the site?"},
            "more": {"question": "Tell us more"},
        }
    }
}

EVERYTHING = ResponseFilter()


@pytest.fixture
def survey(app: Flask, cast: Cast) -> Iterator[Survey]:
    """An NPS survey with three questions, two of them asked of some."""
    with app.app_context():
        made = make_survey(cast.maple.id)
        set_questions(made, {"questions": QUESTIONS}, TEXTS)
        db.session.flush()
        yield made


def find(survey: Survey, key: str, wanted: ResponseFilter = EVERYTHING) -> QuestionResult:
    db.session.commit()
    results = count_questions(survey, wanted, list_asked(list_versions(survey)))
    return next(result for result in results if result.key == key)


def test_who_was_due_answered_skipped_or_left(survey: Survey) -> None:
    make_response(survey, 3, answers={"why": ["price"], "stars": 2})
    make_response(survey, 7, answers={"stars": 5})
    make_response(survey, 3, answers={}, completed_at=None)
    make_response(survey, 9, answers={"stars": 5})
    make_response(survey, None, answers={})
    make_response(survey, 0, answers={"why": ["price"]}, flag="burst")
    why = find(survey, "why")
    assert (why.due, why.answered, why.skipped, why.left) == (3, 1, 1, 1)
    more = find(survey, "more")
    assert (more.due, more.answered, more.skipped, more.left) == (1, 0, 1, 0)


def test_choices_have_shares_of_those_who_answered_with_an_interval(survey: Survey) -> None:
    for _ in range(8):
        make_response(survey, 3, answers={"why": ["price", "speed"]})
    for _ in range(2):
        make_response(survey, 3, answers={"why": ["other"], "why.other": "The cat"})
    why = find(survey, "why")
    price, speed, other = why.choices
    assert (price.label, price.count, price.share) == ("Too expensive", 8, 80.0)
    assert price.interval is not None
    assert [round(end, 2) for end in price.interval] == [49.02, 94.33]
    assert (speed.label, other.label, other.count) == ("speed", "Something else", 2)
    assert [said.text for said in why.texts] == ["The cat", "The cat"]


def test_a_scale_has_a_mean_and_shows_what_nobody_chose(survey: Survey) -> None:
    for stars in (5, 4, 4):
        make_response(survey, 9, answers={"stars": stars})
    stars = find(survey, "stars")
    assert [(choice.value, choice.count) for choice in stars.choices] == [
        ("1", 0), ("2", 0), ("3", 0), ("4", 2), ("5", 1)
    ]  # fmt: skip
    assert stars.mean is not None
    assert round(stars.mean, 4) == 4.3333


def test_without_answers_nothing_is_zero_percent(survey: Survey) -> None:
    stars = find(survey, "stars")
    assert stars.mean is None
    assert {(choice.share, choice.interval) for choice in stars.choices} == {(None, None)}


def test_other_is_called_as_shoppers_read_it(survey: Survey) -> None:
    survey.texts = {}
    keep_version(survey, created_at=on("2026-05-01"))
    make_response(survey, 3, answers={"why": ["other"], "why.other": "The cat"})
    assert find(survey, "why").choices[-1].label == "Other"


def test_texts_are_the_latest(survey: Survey) -> None:
    for day in range(1, 9):
        make_response(survey, 1, answers={"stars": 1, "more": f"Day {day}"}, answered_at=on(f"2026-05-0{day}"))
    assert [said.text for said in find(survey, "more").texts] == [f"Day {day}" for day in (8, 7, 6, 5, 4)]


def test_figures_follow_the_filter(survey: Survey) -> None:
    make_response(survey, 9, answers={"stars": 5}, answered_at=on("2026-05-01"))
    make_response(survey, 9, answers={"stars": 1}, answered_at=on("2026-05-03"))
    wanted = ResponseFilter(from_on=on("2026-05-02").date())
    assert find(survey, "stars", wanted).mean == 1
    assert find(survey, "stars", ResponseFilter(answers=(("stars", "5"),))).answered == 1
    assert find(survey, "stars", ResponseFilter(flagged=True)).answered == 0


def test_old_versions_count_under_the_wording_of_today(survey: Survey) -> None:
    make_response(survey, 9, answers={"stars": 3})
    keep_version(survey, created_at=on("2026-04-01"))
    survey.version = 2
    survey.definition = {"questions": [{**QUESTIONS[1], "max": 4}, {"key": "why", "type": "text"}]}
    survey.texts = {"en": {"questions": {"stars": {"question": "How is our site?"}}}}
    keep_version(survey, created_at=on("2026-05-03"))
    make_response(survey, 9, answers={"stars": 4, "why": "Because"}, survey_version=2)
    make_response(survey, 3, answers={"why": ["price"]})
    stars = find(survey, "stars")
    assert (stars.wording, stars.answered, stars.mean) == ("How is our site?", 2, 3.5)
    assert [(wording.text, wording.ended_at) for wording in stars.earlier] == [("And the site?", on("2026-05-03"))]
    asked = list_asked(list_versions(survey))
    assert [(question.key, question.type, question.is_asked_now) for question in asked] == [
        ("stars", "stars", True), ("why", "text", True), ("why", "multiple", False), ("more", "text", False)
    ]  # fmt: skip
    both = [result for result in count_questions(survey, ResponseFilter(), asked) if result.key == "why"]
    assert [(result.type, result.answered) for result in both] == [("text", 1), ("multiple", 1)]


def test_drop_off_shows_where_people_left(survey: Survey) -> None:
    for _ in range(10):
        make_impression(survey)
    make_response(survey, 9, completed_at=None)
    make_response(survey, 3, answers={"why": ["price"]}, completed_at=None)
    make_response(survey, 9, answers={"stars": 5})
    make_response(survey, None, answers={}, comment=None, completed_at=None)
    make_response(survey, 9, source="import")
    db.session.commit()
    asked = list_asked(list_versions(survey))
    steps = count_drop_off(survey, ResponseFilter(), asked)
    assert steps == [
        Step("shown", 14, 10), Step("started", 4, 1), Step("score", 3, 1), Step("why", 2, 1),
        Step("stars", 1, 0), Step("more", 1, 0), Step("completed", 1, 0),
    ]  # fmt: skip
    assert count_drop_off(survey, ResponseFilter(score=9), asked)[0] == Step("started", 2, 0)


def test_outcomes_of_a_quiz_are_counted(app: Flask, cast: Cast) -> None:
    with app.app_context():
        outcomes = [{"id": "calm"}, {"id": "bold"}]
        quiz = make_survey(cast.maple.id, kind="quiz", state="draft")
        set_questions(quiz, {"outcomes": outcomes}, {"en": {"outcomes": {"calm": {"title": "The calm one"}}}})
        db.session.flush()
        for outcome in ("calm", "calm", "calm", "gone"):
            make_response(quiz, None, answers={"outcome": outcome})
        db.session.commit()
        counts = count_outcomes(quiz, ResponseFilter(), list_versions(quiz))
        assert [(outcome.label, outcome.count, outcome.share) for outcome in counts] == [
            ("The calm one", 3, 75.0), ("bold", 0, 0.0), ("gone", 1, 25.0)
        ]  # fmt: skip


def test_the_median_time_is_of_finished_answers(survey: Survey) -> None:
    assert find_median_ms(survey, ResponseFilter()) is None
    for elapsed in (4000, 1000, 3000, None):
        make_response(survey, 9, elapsed_ms=elapsed)
    make_response(survey, 9, elapsed_ms=90_000, completed_at=None)
    db.session.commit()
    assert find_median_ms(survey, ResponseFilter()) == 3000
    make_response(survey, 9, elapsed_ms=5000)
    db.session.commit()
    assert find_median_ms(survey, ResponseFilter()) == 3500


def test_a_survey_without_questions_has_none(app: Flask, cast: Cast) -> None:
    with app.app_context():
        plain = make_survey(cast.maple.id)
        db.session.commit()
        assert count_questions(plain, ResponseFilter(), list_asked(list_versions(plain))) == []
