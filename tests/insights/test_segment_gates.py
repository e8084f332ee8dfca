"""A survey for a segment asks only its customers, and a page learns nothing else of segments."""

import uuid
from typing import Any

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.customers.test_fatigue import become
from tests.embed.shopper import make_survey, open_session, read_json
from tests.orders.builders import make_order, take
from widget.core.db import begin_writing_anew, db
from widget.customers.segment_models import Segment
from widget.insights.segments import change_segment, create_segment
from widget.sites.models import Site
from widget.surveys.models import Survey
from widget.surveys.service import duplicate_survey

ORDERED = {"field": "has_ordered", "comparison": "is", "value": True}


@pytest.fixture
def segment_id(app: Flask, cast: Cast) -> uuid.UUID:
    """Carol has ordered; Frank has not."""
    with app.app_context():
        take(cast.maple.id, make_order())
        begin_writing_anew()
        segment = create_segment(cast.maple.id, "Buyers who matter", "all", [ORDERED])
        db.session.commit()
        return segment.id


def read_boot(client: FlaskClient, cast: Cast) -> Any:
    return read_json(client.get(f"/embed/v1/{cast.maple.key}/boot", headers=cast.maple.page_headers))


def test_only_a_customer_of_the_segment_is_allowed(
    app: Flask, client: FlaskClient, cast: Cast, segment_id: uuid.UUID
) -> None:
    picky = make_survey(app, cast.maple, gates={"segments": [str(segment_id)]})
    make_survey(app, cast.maple)
    assert become(client, cast.maple, "carol")["allowed"] == [str(picky)]
    assert "allowed" not in become(client, cast.maple, "frank")
    assert "allowed" not in read_json(open_session(client, cast.maple))


def test_a_page_learns_neither_the_segment_nor_who_is_in_it(
    app: Flask, client: FlaskClient, cast: Cast, segment_id: uuid.UUID
) -> None:
    make_survey(app, cast.maple, gates={"segments": [str(segment_id)], "devices": "touch"})
    boot, session = read_boot(client, cast), become(client, cast.maple, "carol")
    assert boot["surveys"][0]["more"] == {"segments": True, "devices": "touch"}
    told = orjson.dumps([boot, session]).decode()
    assert str(segment_id) not in told
    assert "matter" not in told


def test_who_leaves_the_segment_is_asked_no_more(
    app: Flask, client: FlaskClient, cast: Cast, segment_id: uuid.UUID
) -> None:
    make_survey(app, cast.maple, gates={"segments": [str(segment_id)]})
    assert "allowed" in become(client, cast.maple, "carol")
    with app.app_context():
        begin_writing_anew()
        segment = db.session.get_one(Segment, (cast.maple.id, segment_id))
        change_segment(segment, {"conditions": [{**ORDERED, "value": False}]})
        db.session.commit()
    assert "allowed" not in become(client, cast.maple, "carol")


def test_one_of_several_segments_is_enough_and_a_paused_survey_allows_nobody(
    app: Flask, client: FlaskClient, cast: Cast, segment_id: uuid.UUID
) -> None:
    with app.app_context():
        begin_writing_anew()
        other = create_segment(cast.maple.id, "Nobody", "all", [{**ORDERED, "value": False}]).id
        db.session.commit()
    both = {"segments": [str(other), str(segment_id)]}
    live = make_survey(app, cast.maple, gates=both)
    make_survey(app, cast.maple, gates=both, state="paused")
    assert become(client, cast.maple, "carol")["allowed"] == [str(live)]


def test_a_copy_of_a_survey_for_a_segment_that_is_gone_asks_nobody(
    app: Flask, client: FlaskClient, cast: Cast, segment_id: uuid.UUID
) -> None:
    survey_id = make_survey(app, cast.maple, gates={"segments": [str(segment_id)]}, state="archived")
    with app.app_context():
        begin_writing_anew()
        db.session.delete(db.session.get_one(Segment, (cast.maple.id, segment_id)))
        survey = db.session.get_one(Survey, (cast.maple.id, survey_id))
        copy = duplicate_survey(db.session.get_one(Site, cast.maple.id), survey)
        copy.state = "live"
        db.session.commit()
    assert "allowed" not in become(client, cast.maple, "carol")
