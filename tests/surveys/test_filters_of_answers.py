"""The filter's newer names: an answer to a question, an outcome, where it was asked, and a tag."""

import uuid

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from tests.cast import Cast
from tests.surveys.builders import make_response, make_survey, set_questions, tag_response
from tests.surveys.test_filters import find_scores
from widget.core.db import db
from widget.core.problems import InvalidFields
from widget.surveys import queries
from widget.surveys.filters import parse_filter

DEFINITION = {
    "questions": [
        {"key": "why", "type": "multiple", "choices": [{"id": "price"}, {"id": "speed"}], "other": True},
        {"key": "stars", "type": "stars", "min": 1, "max": 5},
        {"key": "more", "type": "text"},
    ]
}


@pytest.fixture
def survey_id(app: Flask, cast: Cast) -> uuid.UUID:
    """A survey with answers to three questions, known by their scores."""
    with app.app_context():
        survey = make_survey(cast.maple.id)
        set_questions(survey, DEFINITION)
        db.session.flush()
        make_response(survey, 1, answers={"why": ["price", "speed"], "stars": 5})
        make_response(survey, 2, answers={"why": ["speed"], "more": 'A "quoted" tale'}, source="link")
        make_response(survey, 3, answers={"stars": 4, "outcome": "calm"}, source="import")
        make_response(survey, 4, answers={"why": ["other"], "why.other": "The cat"})
        tagged = make_response(survey, 5)
        db.session.flush()
        tag_response(tagged, "refund")
        db.session.commit()
        return survey.id


@pytest.mark.parametrize(
    ("query", "scores"),
    [
        ({"q.why": "speed"}, [1, 2]),
        ({"q.why": "price", "q.stars": "5"}, [1]),
        ({"q.why": "spee"}, []),
        ({"q.why": "*"}, [1, 2, 4]),
        ({"q.stars": "4"}, [3]),
        ({"q.stars": "4.0"}, []),
        ({"q.more": "*"}, [2]),
        ({"outcome": "calm"}, [3]),
        ({"source": "link"}, [2]),
        ({"source": "widget"}, [1, 4, 5]),
        ({"tag": "refund"}, [5]),
        ({"tag": "Refund"}, [5]),
        ({"tag": "other"}, []),
    ],
)
def test_filter_picks_answers_by_what_they_say(
    app: Flask, cast: Cast, survey_id: uuid.UUID, query: dict[str, str], scores: list[int]
) -> None:
    with app.app_context():
        assert find_scores(cast.maple.id, survey_id, query) == scores


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"q.never": "x"}, "#/q.never"),
        ({"q.": "x"}, "#/q."),
        ({"q.why": "a\x00b"}, "#/q.why"),
        ({'q."': "x"}, '#/q."'),
        ({"source": "mail"}, "#/source"),
        ({"tag": "x" * 41}, "#/tag"),
    ],
)
def test_unknown_question_is_refused_with_its_name(
    app: Flask, cast: Cast, survey_id: uuid.UUID, query: dict[str, str], pointer: str
) -> None:
    with app.app_context():
        survey = queries.get_survey(cast.maple.id, survey_id)
        with pytest.raises(InvalidFields) as refusal:
            parse_filter(survey, MultiDict(query))
        assert [error.pointer for error in refusal.value.errors] == [pointer]


def test_survey_without_a_score_is_not_filtered_by_one(app: Flask, cast: Cast) -> None:
    with app.app_context():
        form = make_survey(cast.maple.id, kind="form", state="draft")
        for query in ({"score": "5"}, {"bucket": "promoter"}):
            with pytest.raises(InvalidFields):
                parse_filter(form, MultiDict(query))
