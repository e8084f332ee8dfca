"""Two filters side by side: the difference, how sure it is, and one plain sentence."""

import re
import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.dashboard.owner import OwnerBrowser
from tests.surveys.builders import make_response, make_survey, name_fields, on
from tests.surveys.test_pages import surveys_of, words
from widget.core.db import begin_writing, db


@pytest.fixture
def csat(app: Flask, cast: Cast) -> uuid.UUID:
    """A CSAT survey: 48 of 80 were satisfied in April, 56 of 70 in May; North in April, South in May."""
    with app.app_context():
        begin_writing()
        survey = make_survey(cast.maple.id, "csat")
        name_fields(survey, "shop")
        db.session.flush()
        for day, shop, good, count in (("2026-04-10", "North", 48, 80), ("2026-05-10", "South", 56, 70)):
            for number in range(count):
                make_response(survey, 5 if number < good else 2, answered_at=on(day), hidden={"shop": shop})
        db.session.commit()
        return survey.id


PERIODS = "a.from=2026-04-01&a.until=2026-04-30&b.from=2026-05-01&b.until=2026-05-31"


def test_interface_tells_the_difference_with_its_interval(client: FlaskClient, cast: Cast, csat: uuid.UUID) -> None:
    url = f"/api/v1/surveys/{csat}/comparison?{PERIODS}"
    told: dict[str, Any] = client.get(url, headers=cast.maple.store_headers).get_json()
    assert (told["a"]["score"], told["b"]["score"]) == (60.0, 80.0)
    assert round(told["difference"], 6) == 20
    assert [round(end, 2) for end in told["interval"]] == [5.24, 33.39]
    assert told["verdict"] == "higher"


def test_page_says_it_in_one_sentence(alice: OwnerBrowser, cast: Cast, csat: uuid.UUID) -> None:
    page = alice.get(surveys_of(cast.maple, f"/surveys/{csat}/comparison?{PERIODS}"))
    assert page.status_code == 200
    assert "It went up by 20 points, likely between 5 and 33." in words(page.text)
    turned = PERIODS.replace("a.", "c.").replace("b.", "a.").replace("c.", "b.")
    page = alice.get(surveys_of(cast.maple, f"/surveys/{csat}/comparison?{turned}"))
    assert "It went down by 20 points, likely between 5 and 33." in words(page.text)


def test_two_groups_are_not_a_change(alice: OwnerBrowser, cast: Cast, csat: uuid.UUID) -> None:
    query = "a.hidden.shop=North&b.hidden.shop=South"
    text = words(alice.get(surveys_of(cast.maple, f"/surveys/{csat}/comparison?{query}")).text)
    assert "B is higher by 20 points, likely between 5 and 33." in text


def test_same_days_are_no_evidence_of_a_change(alice: OwnerBrowser, cast: Cast, csat: uuid.UUID) -> None:
    query = "a.from=2026-04-01&b.from=2026-04-01"
    text = words(alice.get(surveys_of(cast.maple, f"/surveys/{csat}/comparison?{query}")).text)
    assert re.search(r"No evidence of a change: the difference may lie anywhere between -\d+ and \+\d+\.", text)


def test_few_answers_tell_nothing(alice: OwnerBrowser, cast: Cast, csat: uuid.UUID) -> None:
    query = "a.from=2026-04-01&a.until=2026-04-30&b.from=2026-06-01"
    text = words(alice.get(surveys_of(cast.maple, f"/surveys/{csat}/comparison?{query}")).text)
    assert "Too few answers to tell: each period needs at least 30 scores." in text


def test_plain_filter_is_compared_with_as_many_days_before(alice: OwnerBrowser, cast: Cast, csat: uuid.UUID) -> None:
    path = surveys_of(cast.maple, f"/surveys/{csat}/comparison?from=2026-05-01&until=2026-05-31")
    text = words(alice.get(path).text)
    assert "from 31 Mar 2026 until 30 Apr 2026" in text
    assert "It went up by 20 points" in text
    assert alice.get(surveys_of(cast.maple, f"/surveys/{csat}/comparison")).status_code == 200


def test_condition_without_a_side_is_for_both_unless_a_side_has_its_own(
    client: FlaskClient, cast: Cast, csat: uuid.UUID
) -> None:
    url = f"/api/v1/surveys/{csat}/comparison?score=5&a.from=2026-05-01&hidden.shop=South&b.hidden.shop=North"
    told = client.get(url, headers=cast.maple.store_headers).get_json()
    assert (told["a"]["responses"], told["b"]["responses"]) == (56, 48)


@pytest.mark.parametrize(
    ("query", "pointer"),
    [("a.from=soon", "#/a.from"), ("typo=1", "#/typo"), ("b.typo=1", "#/b.typo"), ("c.from=2026-05-01", "#/c.from")],
)
def test_wrong_side_is_refused_with_its_name(
    client: FlaskClient, alice: OwnerBrowser, cast: Cast, csat: uuid.UUID, query: str, pointer: str
) -> None:
    answer = client.get(f"/api/v1/surveys/{csat}/comparison?{query}", headers=cast.maple.store_headers)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.get_json()["errors"]] == [pointer]
    assert alice.get(surveys_of(cast.maple, f"/surveys/{csat}/comparison?{query}")).status_code == 422


@pytest.mark.parametrize("query", ["from=0001-01-01", "from=9999-12-30", "until=0001-01-02"])
def test_ends_of_the_calendar_are_refused_or_shown(
    alice: OwnerBrowser, cast: Cast, csat: uuid.UUID, query: str
) -> None:
    answer = alice.get(surveys_of(cast.maple, f"/surveys/{csat}/comparison?{query}"))
    assert answer.status_code in (200, 422)


def test_survey_without_a_score_has_nothing_to_compare(
    app: Flask, alice: OwnerBrowser, client: FlaskClient, cast: Cast
) -> None:
    with app.app_context():
        begin_writing()
        form = make_survey(cast.maple.id, "form", state="draft")
        db.session.commit()
        form_id = form.id
    page = alice.get(surveys_of(cast.maple, f"/surveys/{form_id}/comparison"))
    assert "there is nothing to compare" in words(page.text)
    told = client.get(f"/api/v1/surveys/{form_id}/comparison", headers=cast.maple.store_headers).get_json()
    assert (told["difference"], told["interval"], told["verdict"]) == (None, None, "too_few")


def test_bob_compares_nothing_of_maple(bob: OwnerBrowser, cast: Cast, csat: uuid.UUID) -> None:
    assert bob.get(surveys_of(cast.maple, f"/surveys/{csat}/comparison")).status_code == 404
    assert bob.get(surveys_of(cast.bobs, f"/surveys/{csat}/comparison")).status_code == 404
