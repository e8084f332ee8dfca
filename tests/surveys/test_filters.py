"""A filter means the same wherever it is read, and a typo is never an unfiltered number."""

import uuid
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from tests.cast import Cast
from tests.surveys.builders import make_customer, make_response, make_survey, name_fields, on
from widget.core.db import db
from widget.core.paging import Cursor
from widget.core.problems import InvalidFields
from widget.surveys import queries
from widget.surveys.filters import ResponseFilter, parse_filter, to_query
from widget.surveys.models import Survey
from widget.surveys.summaries import summarise


@pytest.fixture
def survey_id(app: Flask, cast: Cast) -> uuid.UUID:
    """A survey with one answer for each condition a filter may name."""
    with app.app_context():
        survey = make_survey(cast.maple.id)
        db.session.flush()
        name_fields(survey, "touchpoint", "a.b", 'od"d', "from")
        carol = make_customer(cast.maple.id, "carol")
        db.session.flush()
        make_response(survey, 0, comment="ten past", answered_at=on("2026-05-01", "00:00"))
        make_response(survey, 1, comment="last", answered_at=on("2026-05-02", "23:59:59.999999"))
        make_response(survey, 2, hidden={"touchpoint": "Order", "a.b": "1", 'od"d': "2", "from": "mail"})
        make_response(survey, 3, language="it-IT")
        make_response(survey, 4, page_url="https://maple.example/Order_placed")
        make_response(survey, 5, customer_id=carol.id)
        make_response(survey, 6, comment="100% QUALITÀ, perché no")
        make_response(survey, 7, comment="spam", flag="too_fast")
        make_response(survey, None, comment="nothing to score", completed_at=None)
        make_response(survey, 10, language="item")
        db.session.commit()
        return survey.id


def find_scores(site_id: uuid.UUID, survey_id: uuid.UUID, query: dict[str, Any]) -> list[int | None]:
    survey = queries.get_survey(site_id, survey_id)
    wanted = parse_filter(survey, MultiDict(query))
    assert parse_filter(survey, MultiDict(to_query(wanted))) == wanted
    page = queries.list_responses(survey, wanted, None, 100)
    summary = summarise(survey, wanted)
    if wanted.flagged is False:
        assert summary.responses == len(page.items)
    return sorted((row.score for row in page.items), key=lambda score: -1 if score is None else score)


@pytest.mark.parametrize(
    ("query", "scores"),
    [
        ({"until": "2026-05-02"}, [0, 1]),
        ({"from": "2026-05-02", "until": "2026-05-02"}, [1]),
        ({"from": "2026-05-01", "until": "2026-05-01"}, [0]),
        ({"score": "2"}, [2]),
        ({"bucket": "promoter"}, [10]),
        ({"hidden.touchpoint": "Order"}, [2]),
        ({"touchpoint": "Order"}, [2]),
        ({"hidden.touchpoint": "order"}, []),
        ({"a.b": "1"}, [2]),
        ({'hidden.od"d': "2"}, [2]),
        ({"hidden.from": "mail"}, [2]),
        ({"hidden.never_seen": "x"}, []),
        ({"language": "it"}, [3]),
        ({"page": "order_placed"}, [4]),
        ({"page": "order%"}, []),
        ({"customer": "carol"}, [5]),
        ({"customer": "Carol@shoppers.example"}, [5]),
        ({"text": "qualità"}, [6]),
        ({"text": "PERCHÉ"}, [6]),
        ({"text": "100%"}, [6]),
        ({"text": "1_0%"}, []),
        ({"with_comment": "1"}, [None, 0, 1, 6]),
        ({"flagged": "only"}, [7]),
        ({"flagged": "all", "text": "spam"}, [7]),
        ({"text": "spam"}, []),
        ({"score": "", "from": "", "text": "last"}, [1]),
        ({"by": "day", "format": "csv", "bom": "1", "limit": "5", "cursor": "x", "text": "last"}, [1]),
    ],
)
def test_filter_picks_its_answers(
    app: Flask, cast: Cast, survey_id: uuid.UUID, query: dict[str, str], scores: list[int | None]
) -> None:
    with app.app_context():
        assert find_scores(cast.maple.id, survey_id, query) == scores


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"form": "2026-05-01"}, "#/form"),
        ({"from": "01/05/2026"}, "#/from"),
        ({"from": "2026-05-02", "until": "2026-05-01"}, "#/until"),
        ({"score": "11"}, "#/score"),
        ({"score": "nine"}, "#/score"),
        ({"bucket": "satisfied"}, "#/bucket"),
        ({"flagged": "yes"}, "#/flagged"),
        ({"with_comment": "0"}, "#/with_comment"),
        ({"text": "a\x00b"}, "#/text"),
        ({"hidden.a": "a\x00b"}, "#/hidden.a"),
        ({"hidden.": "a"}, "#/hidden."),
        ([("score", "1"), ("score", "2")], "#/score"),
    ],
)
def test_wrong_filter_is_refused_with_its_name(
    app: Flask, cast: Cast, survey_id: uuid.UUID, query: Any, pointer: str
) -> None:
    with app.app_context():
        survey = queries.get_survey(cast.maple.id, survey_id)
        with pytest.raises(InvalidFields) as refusal:
            parse_filter(survey, MultiDict(query))
        assert [error.pointer for error in refusal.value.errors] == [pointer]


def test_pages_follow_one_another_and_end(app: Flask, cast: Cast, survey_id: uuid.UUID) -> None:
    with app.app_context():
        survey = queries.get_survey(cast.maple.id, survey_id)
        seen: list[uuid.UUID] = []
        cursor = None
        for _ in range(20):
            page = queries.list_responses(survey, ResponseFilter(), cursor, 2)
            seen += [row.id for row in page.items]
            if page.next_cursor is None:
                break
            cursor = Cursor.decode(page.next_cursor)
        assert len(seen) == len(set(seen)) == 9


def test_cursor_does_not_give_away_the_id_of_an_unfinished_answer(app: Flask, cast: Cast) -> None:
    with app.app_context():
        survey = make_survey(cast.maple.id)
        db.session.flush()
        ids = sorted((uuid.uuid4() for _ in range(3)), reverse=True)
        for response_id in ids:
            make_response(survey, 5, id=response_id, answered_at=on("2026-05-01"), completed_at=None)
        db.session.commit()
        page = queries.list_responses(survey, ResponseFilter(), None, 1)
        assert page.items[0].id == ids[0]
        assert page.next_cursor is not None
        cursor = Cursor.decode(page.next_cursor)
        assert cursor.id.hex[16:] == "0" * 16
        assert [row.id for row in queries.list_responses(survey, ResponseFilter(), cursor, 5).items] == ids[1:]


def test_choices_of_a_filter_are_the_values_seen(app: Flask, cast: Cast, survey_id: uuid.UUID) -> None:
    with app.app_context():
        survey = db.session.get_one(Survey, (cast.maple.id, survey_id))
        assert queries.list_field_names(survey) == ["a.b", "from", 'od"d', "touchpoint"]
        assert queries.list_field_values(survey, "touchpoint") == ["Order"]
        assert queries.list_field_values(survey, 'od"d') == ["2"]
        assert queries.list_languages(survey) == ["it-IT", "item"]
