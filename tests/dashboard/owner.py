"""An owner's browser without its eyes: logs in, follows forms, keeps cookies."""

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.cast import PASSWORD, SiteOfCast
from widget.core.clock import utc_now
from widget.core.db import begin_writing, db
from widget.core.ids import hash_secret, new_secret
from widget.sites import owners
from widget.sites.models import OwnerSession, Site
from widget.sites.queries import find_owner_by_email

TOKEN_PATTERN = re.compile(r'name="csrf_token" value="([^"]+)"')


class OwnerBrowser:
    """One browser at the dashboard."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()

    def get(self, path: str) -> TestResponse:
        return self.client.get(path)

    def post(self, path: str, page: str = "/dashboard/account", **fields: Any) -> TestResponse:
        """Send a form with the token of a page; a dot in a field's name is written as two underscores."""
        data = {name.replace("__", "."): value for name, value in fields.items()}
        return self.client.post(path, data={"csrf_token": self.read_token(page), **data})

    def read_token(self, page: str) -> str:
        found = TOKEN_PATTERN.search(self.get(page).text)
        return found.group(1) if found else ""

    def log_in(self, email: str, password: str = PASSWORD, query: str = "") -> TestResponse:
        return self.post(f"/dashboard/login{query}", page="/dashboard/login", email=email, password=password)


def logged_in(app: Flask, email: str) -> OwnerBrowser:
    """Return a browser in which an owner is logged in already, without the slow check of a password."""
    browser = OwnerBrowser(app)
    token = new_secret("os")
    with app.app_context():
        begin_writing()
        owner = find_owner_by_email(email)
        assert owner is not None
        now = utc_now()
        db.session.add(
            OwnerSession(
                token_hash=hash_secret(token),
                owner_id=owner.id,
                created_at=now,
                expires_at=now + owners.SESSION_LASTS,
            )
        )
        db.session.commit()
    with browser.client.session_transaction("/dashboard/") as session:
        session["_user_id"] = token
    return browser


def make_member(app: Flask, site: SiteOfCast, email: str, role: str) -> None:
    """Make an owner with the cast's password and let them into a site."""
    with app.app_context():
        begin_writing()
        owners.add_member(db.session.get_one(Site, site.id), owners.create_owner(email, PASSWORD), role)
        db.session.commit()
