"""What a shopper's browser sends."""

import uuid
from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.cast import SiteOfCast
from widget.core.db import begin_writing, db
from widget.sites.models import Site
from widget.surveys.service import create_survey


def make_survey(app: Flask, site: SiteOfCast, kind: str = "nps", **settings: Any) -> uuid.UUID:
    """Make a survey as the owner does and return its id."""
    with app.app_context():
        begin_writing()
        survey = create_survey(db.session.get_one(Site, site.id), kind=kind, name="After the order", **settings)
        db.session.commit()
        return survey.id


def open_session(client: FlaskClient, site: SiteOfCast, **body: Any) -> TestResponse:
    """Ask for a session from a page of the site."""
    return client.post(f"/embed/v1/{site.key}/sessions", json=body, headers=site.page_headers)


def open_visitor(client: FlaskClient, site: SiteOfCast) -> str:
    """Return the token of a new visitor."""
    return read_json(open_session(client, site))["visitor_token"]


def post_answer(
    client: FlaskClient,
    site: SiteOfCast,
    survey_id: uuid.UUID | str,
    headers: Mapping[str, str] | None = None,
    **changes: Any,
) -> TestResponse:
    """Send a finished 9 under a new id, or what the changes say."""
    body = {"id": str(uuid.uuid4()), "answers": {"score": 9}, "completed": True, **changes}
    return client.post(
        f"/embed/v1/{site.key}/surveys/{survey_id}/responses",
        json=body,
        headers={**site.page_headers, **(headers or {})},
    )


def read_json(response: TestResponse) -> dict[str, Any]:
    """Return the document of a successful answer."""
    assert response.status_code in (200, 201), response.text
    document: dict[str, Any] = response.get_json()
    return document


def assert_problem(response: TestResponse, status: int) -> dict[str, Any]:
    """Check that an answer is a problem document with this status, and return it."""
    assert response.status_code == status, response.text
    assert response.content_type == "application/problem+json"
    document: dict[str, Any] = response.get_json()
    assert document["status"] == status
    assert document["title"]
    assert document["type"].startswith("urn:regulars:problem:")
    return document
