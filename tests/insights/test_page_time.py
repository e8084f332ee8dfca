"""Page views are counted by how long they lasted, where the site wants it, and nothing else is kept."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.cast import Cast
from tests.dashboard.owner import OwnerBrowser
from widget.core.clock import utc_now
from widget.core.db import begin_writing, db
from widget.insights.models import PageDay
from widget.insights.periods import last_days
from widget.insights.queries import compare_metrics
from widget.sites.models import Site
from widget.sites.service import publish_change


def send(client: FlaskClient, cast: Cast, body: Any, **headers: str) -> Any:
    address = f"/embed/v1/{cast.maple.key}/page-views"
    return client.post(address, json=body, headers={**cast.maple.page_headers, **headers})


def switch_on(app: Flask, cast: Cast) -> None:
    with app.app_context():
        begin_writing()
        site = db.session.get_one(Site, cast.maple.id)
        site.measures_page_time = True
        publish_change(site)
        db.session.commit()
        app.extensions.pop("regulars_published_sites", None)


def list_days(app: Flask) -> list[tuple[Any, int, int]]:
    with app.app_context():
        return [(row.day, row.views, row.engaged) for row in db.session.scalars(select(PageDay))]


def test_views_of_45_seconds_or_more_are_engaged(app: Flask, client: FlaskClient, cast: Cast) -> None:
    switch_on(app, cast)
    for seconds in (0, 44, 45, 3600):
        response = send(client, cast, {"seconds": seconds})
        assert (response.status_code, response.get_json()) == (200, {"counted": True})
    today = utc_now().date()
    assert list_days(app) == [(today, 4, 2)]
    with app.app_context():
        site = db.session.get_one(Site, cast.maple.id)
        assert compare_metrics(site, last_days(today, 7))["engagement_share"].now.figure == 0.5


def test_a_site_that_does_not_measure_counts_nothing(app: Flask, client: FlaskClient, cast: Cast) -> None:
    response = send(client, cast, {"seconds": 50})
    assert (response.status_code, response.get_json()) == (200, {"counted": False})
    assert list_days(app) == []


@pytest.mark.parametrize(
    "body",
    [{}, {"seconds": -1}, {"seconds": 86401}, {"seconds": "50"}, {"seconds": 50.5}, {"seconds": 50, "page": "/x"}, []],
)
def test_what_is_no_page_view_is_refused_and_not_counted(
    app: Flask, client: FlaskClient, cast: Cast, body: Any
) -> None:
    switch_on(app, cast)
    assert send(client, cast, body).status_code == 422
    assert list_days(app) == []


def test_pages_of_other_origins_are_refused(app: Flask, client: FlaskClient, cast: Cast) -> None:
    switch_on(app, cast)
    assert send(client, cast, {"seconds": 50}, Origin="https://elsewhere.example").status_code == 403
    assert list_days(app) == []


def test_the_owner_switches_it_on(app: Flask, client: FlaskClient, cast: Cast, alice: OwnerBrowser) -> None:
    def read_boot() -> Any:
        app.extensions.pop("regulars_published_sites", None)
        return client.get(f"/embed/v1/{cast.maple.key}/boot").get_json()

    assert "page_time" not in read_boot()
    page = f"/dashboard/{cast.maple.key}/settings"
    form = {"name": "Maple Store", "ask_every_days": "14", "z_index": "1000", "measures_page_time": "1"}
    assert alice.post(f"{page}/general", page=page, **form).status_code == 302
    with app.app_context():
        assert db.session.get_one(Site, cast.maple.id).measures_page_time
