"""What shoppers' browsers and mailboxes send and get of reviews."""

import re
import uuid
from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.cast import SiteOfCast
from tests.embed.shopper import open_session, open_visitor, read_json
from tests.reviews.builders import TEAPOT
from widget.core.db import begin_writing_anew, db
from widget.core.mail_models import OutgoingMail
from widget.reviews.models import Review
from widget.reviews.queries import read_settings

WORDS = "No drips, and it keeps the tea warm for an hour."


def say(**changes: Any) -> dict[str, Any]:
    """Return what a shopper says of the teapot, under a new id."""
    usual = {"id": str(uuid.uuid4()), "rating": 4, "title": "Pours well", "body": WORDS, "name": "Carol Winter"}
    return usual | changes


def sign_in(client: FlaskClient, site: SiteOfCast, customer: str = "carol", /, **claims: Any) -> dict[str, str]:
    """Return the headers of a customer's session."""
    session = read_json(open_session(client, site, customer_token=site.sign_customer(customer, **claims)))
    return {"Authorization": f"Bearer {session['session_token']}"}


def visit(client: FlaskClient, site: SiteOfCast) -> dict[str, str]:
    """Return the headers of a browser nobody knows."""
    return {"X-Regulars-Visitor": open_visitor(client, site)}


def send(
    client: FlaskClient, site: SiteOfCast, path: str, body: Any, headers: Mapping[str, str] | None = None
) -> TestResponse:
    """Send a document to the shoppers' door."""
    address = f"/embed/v1/{site.key}/reviews{path}"
    return client.post(address, json=body, headers={**site.page_headers, **(headers or {})})


def post_review(
    client: FlaskClient,
    site: SiteOfCast,
    headers: Mapping[str, str] | None = None,
    product: str = TEAPOT,
    **changes: Any,
) -> TestResponse:
    return send(client, site, f"?product={product}", say(**changes), headers)


def list_reviews(app: Flask) -> list[Review]:
    with app.app_context():
        return list(db.session.scalars(select(Review).order_by(Review.created_at, Review.id)))


def read_review(app: Flask, review_id: object) -> Review:
    return next(review for review in list_reviews(app) if str(review.id) == str(review_id))


def list_mails(app: Flask) -> list[OutgoingMail]:
    with app.app_context():
        return list(db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.created_at, OutgoingMail.id)))


def link_of(mail: OutgoingMail) -> str:
    """Return the path of the link a mail is about."""
    found = re.search(r"http://localhost:8000(/l/[vw]/[\w.-]+)", mail.text)
    assert found is not None, mail.text
    return found[1]


def set_up(app: Flask, site: SiteOfCast, **settings: Any) -> None:
    """Change how a site takes reviews."""
    with app.app_context():
        begin_writing_anew()
        row = db.session.merge(read_settings(site.id))
        for name, value in settings.items():
            setattr(row, name, value)
        db.session.commit()
