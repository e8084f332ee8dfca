"""Impressions: shown and dismissed once each, whatever the order and however often they are sent."""

import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast, SiteOfCast
from tests.embed.shopper import assert_problem, make_survey, open_visitor, read_json
from widget.core.db import db
from widget.surveys.models import SurveyImpression


@pytest.fixture
def nps(app: Flask, cast: Cast) -> uuid.UUID:
    return make_survey(app, cast.maple)


def post(client: FlaskClient, site: SiteOfCast, *impressions: dict[str, Any], visitor: str = "") -> dict[str, Any]:
    headers = {**site.page_headers, **({"X-Regulars-Visitor": visitor} if visitor else {})}
    body = {"impressions": list(impressions)}
    return read_json(client.post(f"/embed/v1/{site.key}/impressions", json=body, headers=headers))


def impression(survey_id: uuid.UUID, event: str = "shown", **changes: Any) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "survey_id": str(survey_id), "event": event, **changes}


def rows(app: Flask) -> list[SurveyImpression]:
    with app.app_context():
        return list(db.session.scalars(db.select(SurveyImpression)))


def test_shown_survey_is_noted(app: Flask, client: FlaskClient, cast: Cast, nps: uuid.UUID) -> None:
    visitor = open_visitor(client, cast.maple)
    shown = impression(nps, bucket=17, language="it", page_url="https://maple.example/mug?email=c@maple.example")
    assert post(client, cast.maple, shown, visitor=visitor) == {"stored": 1}
    (row,) = rows(app)
    assert (str(row.id), row.survey_id, row.bucket, row.language) == (shown["id"], nps, 17, "it")
    assert row.page_url == "https://maple.example/mug"
    assert row.visitor_id is not None
    assert row.dismissed_at is None


def test_repeats_change_nothing(app: Flask, client: FlaskClient, cast: Cast, nps: uuid.UUID) -> None:
    shown = impression(nps)
    for _ in range(3):
        post(client, cast.maple, shown, shown)
    assert len(rows(app)) == 1


@pytest.mark.parametrize("order", [("shown", "dismissed"), ("dismissed", "shown"), ("dismissed",)])
def test_dismissal_belongs_to_its_impression(
    app: Flask, client: FlaskClient, cast: Cast, nps: uuid.UUID, order: tuple[str, ...]
) -> None:
    impression_id = str(uuid.uuid4())
    for event in order:
        post(client, cast.maple, impression(nps, event, id=impression_id))
    (row,) = rows(app)
    assert row.dismissed_at is not None


def test_first_dismissal_gives_the_time(app: Flask, client: FlaskClient, cast: Cast, nps: uuid.UUID) -> None:
    dismissed = impression(nps, "dismissed")
    post(client, cast.maple, dismissed)
    first = rows(app)[0].dismissed_at
    post(client, cast.maple, dismissed)
    assert rows(app)[0].dismissed_at == first


def test_survey_of_another_site_is_left_out(app: Flask, client: FlaskClient, cast: Cast, nps: uuid.UUID) -> None:
    own, foreign, unknown = impression(make_survey(app, cast.bobs)), impression(nps), impression(uuid.uuid4())
    assert post(client, cast.bobs, own, foreign, unknown) == {"stored": 1}
    assert [str(row.id) for row in rows(app)] == [own["id"]]


def test_id_of_another_surveys_impression_stays_that_ones(
    app: Flask, client: FlaskClient, cast: Cast, nps: uuid.UUID
) -> None:
    shown = impression(nps)
    post(client, cast.maple, shown)
    post(client, cast.maple, impression(make_survey(app, cast.maple), "dismissed", id=shown["id"]))
    (row,) = rows(app)
    assert (row.survey_id, row.dismissed_at) == (nps, None)


def test_visitor_of_another_site_is_refused(app: Flask, client: FlaskClient, cast: Cast, nps: uuid.UUID) -> None:
    headers = {**cast.maple.page_headers, "X-Regulars-Visitor": open_visitor(client, cast.bobs)}
    body = {"impressions": [impression(nps)]}
    response = client.post(f"/embed/v1/{cast.maple.key}/impressions", json=body, headers=headers)
    assert_problem(response, 401)
    assert rows(app) == []
