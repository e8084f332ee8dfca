"""Impressions of campaigns: once each, in the arm the server computes, the hold-out group's too."""

import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.cast import Cast, SiteOfCast
from tests.embed.shopper import assert_problem, read_json
from tests.popups.builders import start_campaign, visit
from widget.core.db import begin_writing_anew, db
from widget.customers.models import Visitor
from widget.popups.assignment import HOLDOUT, assign_arm
from widget.popups.models import PopupExposure, PopupImpression

TWO = [{"key": "a", "name": "A"}, {"key": "b", "name": "B"}]


@pytest.fixture
def campaign_id(app: Flask, cast: Cast) -> uuid.UUID:
    return start_campaign(app, cast.maple, variants=TWO, holdout_basis_points=5000)


def post(client: FlaskClient, site: SiteOfCast, visitor: dict[str, str], *impressions: dict[str, Any]) -> Any:
    path, body = f"/embed/v1/{site.key}/popups/impressions", {"impressions": list(impressions)}
    return client.post(path, json=body, headers={**site.page_headers, **visitor})


def shown(campaign_id: uuid.UUID, **changes: Any) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "campaign": str(campaign_id), "trigger": "exit", **changes}


def rows(app: Flask) -> list[PopupImpression]:
    with app.app_context():
        return list(db.session.scalars(select(PopupImpression)))


def exposures(app: Flask) -> list[PopupExposure]:
    with app.app_context():
        return list(db.session.scalars(select(PopupExposure)))


def test_server_computes_the_arm_whatever_the_page_says(
    app: Flask, client: FlaskClient, cast: Cast, campaign_id: uuid.UUID
) -> None:
    arms = set()
    for _ in range(12):
        said = shown(campaign_id, arm="b", page_url="https://maple.example/tea?mail=c@x.example#top")
        assert read_json(post(client, cast.maple, visit(client, cast.maple), said)) == {"stored": 1}
    for row in rows(app):
        assert row.arm == assign_arm(campaign_id, row.visitor_id, 5000, {"a": 1, "b": 1})
        assert (row.trigger, row.page_url, row.dismissed_at) == ("exit", "https://maple.example/tea", None)
        arms.add(row.arm)
    assert HOLDOUT in arms
    assert sorted((one.visitor_id, one.arm) for one in exposures(app)) == sorted(
        (row.visitor_id, row.arm) for row in rows(app)
    )


@pytest.mark.parametrize("order", [(False, True), (True, False), (True,), (False, True, True)])
def test_dismissal_belongs_to_its_impression_in_whatever_order_and_batch(
    app: Flask, client: FlaskClient, cast: Cast, campaign_id: uuid.UUID, order: tuple[bool, ...]
) -> None:
    visitor, said = visit(client, cast.maple), shown(campaign_id)
    for dismissed in order:
        read_json(post(client, cast.maple, visitor, {**said, "dismissed": dismissed}))
    first = rows(app)[0].dismissed_at
    assert first is not None
    read_json(post(client, cast.maple, visitor, *({**said, "dismissed": one} for one in order)))
    assert [row.dismissed_at for row in rows(app)] == [first]
    assert len(exposures(app)) == 1


def test_batch_is_stored_whole_up_to_twenty(
    app: Flask, client: FlaskClient, cast: Cast, campaign_id: uuid.UUID
) -> None:
    visitor, other = visit(client, cast.maple), start_campaign(app, cast.maple)
    batch = [shown(campaign_id if number % 2 else other) for number in range(20)]
    assert read_json(post(client, cast.maple, visitor, *batch)) == {"stored": 20}
    assert {str(row.id) for row in rows(app)} == {one["id"] for one in batch}
    assert len(exposures(app)) == 2
    assert_problem(post(client, cast.maple, visitor, *batch, shown(other)), 422)
    assert_problem(post(client, cast.maple, visitor), 422)


def test_campaigns_of_others_and_paused_countries_are_left_out(
    app: Flask, client: FlaskClient, cast: Cast, campaign_id: uuid.UUID
) -> None:
    abroad = start_campaign(app, cast.maple, rules={"countries": ["IT"]})
    visitor = visit(client, cast.bobs)
    own = shown(start_campaign(app, cast.bobs))
    assert read_json(post(client, cast.bobs, visitor, own, shown(campaign_id), shown(uuid.uuid4()))) == {"stored": 1}
    german = {**visit(client, cast.maple), "CF-IPCountry": "DE"}
    assert read_json(post(client, cast.maple, german, shown(abroad))) == {"stored": 0}
    assert [str(row.id) for row in rows(app)] == [own["id"]]


def test_id_of_another_visitors_impression_stays_theirs(
    app: Flask, client: FlaskClient, cast: Cast, campaign_id: uuid.UUID
) -> None:
    said = shown(campaign_id)
    read_json(post(client, cast.maple, visit(client, cast.maple), said))
    read_json(post(client, cast.maple, visit(client, cast.maple), {**said, "dismissed": True}))
    (row,) = rows(app)
    assert row.dismissed_at is None


def test_nobodys_impressions_are_refused_and_erased_visitors_leave_none(
    app: Flask, client: FlaskClient, cast: Cast, campaign_id: uuid.UUID
) -> None:
    assert_problem(post(client, cast.maple, {}, shown(campaign_id)), 401)
    assert_problem(post(client, cast.maple, visit(client, cast.bobs), shown(campaign_id)), 401)
    visitor = visit(client, cast.maple)
    with app.app_context():
        begin_writing_anew()
        for row in db.session.scalars(select(Visitor).where(Visitor.site_id == cast.maple.id)):
            db.session.delete(row)
        db.session.commit()
    read_json(post(client, cast.maple, visitor, shown(campaign_id)))
    assert rows(app) == exposures(app) == []


def test_only_a_campaign_without_a_form_is_told_by_the_page_who_did_what_it_is_for(
    app: Flask, client: FlaskClient, cast: Cast, campaign_id: uuid.UUID
) -> None:
    message, visitor = start_campaign(app, cast.maple, goal="message"), visit(client, cast.maple)
    for converted in (False, True, True):
        batch = [shown(one, converted=converted) for one in (message, campaign_id)]
        assert read_json(post(client, cast.maple, visitor, *batch)) == {"stored": 2}
    assert {one.campaign_id: one.converted_at is not None for one in exposures(app)} == {
        message: True, campaign_id: False
    }  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [{"id": "x"}, {"campaign": None}, {"trigger": "wish"}, {"dismissed": "yes"}, {"page_url": "javascript:1"}, {"x": 1},
     {"arm": "a" * 8}, {"trigger": 7}, {"converted": "yes"}],
)  # fmt: skip
def test_bad_impressions_are_named_and_not_stored(
    app: Flask, client: FlaskClient, cast: Cast, campaign_id: uuid.UUID, changes: dict[str, Any]
) -> None:
    response = post(client, cast.maple, visit(client, cast.maple), shown(campaign_id), shown(campaign_id, **changes))
    problem = assert_problem(response, 422)
    assert problem["errors"][0]["pointer"] == f"#/impressions/1/{next(iter(changes))}"
    assert rows(app) == []
