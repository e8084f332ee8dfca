"""A store of a test's own: its site, its surveys, its pages, and what shoppers did there."""

import time
import uuid
from collections.abc import Callable
from typing import Any, TypeVar

import jwt
from sqlalchemy import select

from tests.servers import HostPages, LiveServer
from widget.core.clock import utc_now
from widget.core.db import begin_writing, db
from widget.customers.events import record_events
from widget.customers.models import CustomerAttribute
from widget.customers.queries import find_customer_by_external_id
from widget.insights.segments import create_segment
from widget.sites import service as sites
from widget.sites.models import Site
from widget.surveys.models import SurveyImpression, SurveyResponse
from widget.surveys.service import create_survey

WAIT_SECONDS = 8

Found = TypeVar("Found")


def wait_until(find: Callable[[], Found]) -> Found:
    """Return what `find` returns as soon as it is truthy; fail after a while."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        if found := find():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not happen")


class Store:
    """One site whose only allowed origin is the one its test pages are served from."""

    def __init__(self, server: LiveServer, pages: HostPages, origin: str | None = None) -> None:
        self.server = server
        self.origin = origin or pages.origin
        self._pages = pages
        with server.app.app_context():
            begin_writing()
            new = sites.create_site("Maple Store", [self.origin])
            self.id, self.key = new.site.id, new.site.key
            self._signing_key_id, self._signing_key = new.signing_key.id, new.signing_key.secret
            db.session.commit()

    @property
    def script_url(self) -> str:
        return f"{self.server.base_url}/embed/v1/{self.key}.js"

    def add_survey(self, kind: str = "nps", **settings: Any) -> str:
        with self.server.app.app_context():
            begin_writing()
            survey = create_survey(self._site(), kind=kind, name="Survey", **settings)
            db.session.commit()
            return str(survey.id)

    def set(self, **changes: Any) -> None:
        """Change the site's settings."""
        with self.server.app.app_context():
            begin_writing()
            site = self._site()
            names = ("name", "requires_consent", "ask_every_days", "z_index")
            sites.change_settings(site, **{**{name: getattr(site, name) for name in names}, **changes})
            db.session.commit()

    def tag(self, **attributes: str) -> str:
        """Return the script line; `data_field_order_id` becomes data-field-order_id."""
        written = "".join(f' {name.replace("_", "-", 2)}="{value}"' for name, value in attributes.items())
        return f'<script async src="{self.script_url}"{written}></script>'

    def page(
        self,
        body: str = "<h1>Maple Store</h1>",
        *,
        path: str = "/",
        head: str = "",
        tag: str | None = None,
        **headers: str,
    ) -> str:
        """Serve a page of the store that carries the script line and return its address."""
        html = (
            '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Maple</title>'
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            '<link rel="icon" href="data:,">'
            f"{head}</head><body>{body}{self.tag() if tag is None else tag}</body></html>"
        )
        self._pages.add(path, html, **headers)
        return self.origin + path

    def sign_customer(self, external_id: str) -> str:
        now = int(time.time())
        claims = {"iss": self.key, "sub": external_id, "iat": now, "exp": now + 600, "jti": uuid.uuid4().hex}
        return jwt.encode(claims, self._signing_key, "HS256", headers={"kid": self._signing_key_id})

    def say(self, external_id: str, name: str, **properties: str) -> None:
        """Say as the store's server that something has happened to a customer."""
        event = {"id": None, "name": name, "customer": external_id, "properties": properties, "happened_at": None}
        with self.server.app.app_context():
            begin_writing()
            record_events(self.id, [event])
            db.session.commit()

    def add_segment_of(self, area: str) -> str:
        """Make a segment of the one customer, who lives in an area of their own; return its id."""
        with self.server.app.app_context():
            begin_writing()
            customer = find_customer_by_external_id(self.id, area)
            assert customer is not None
            consent = {"consent_text": "Yes", "given_at": utc_now(), "source": "api"}
            told = CustomerAttribute(site_id=self.id, customer_id=customer.id, name="area", value=area, **consent)
            db.session.add(told)
            db.session.flush()
            condition = {"field": "area", "comparison": "is", "value": area}
            segment = create_segment(self.id, area, "all", [condition])
            db.session.commit()
            return str(segment.id)

    def answers(self) -> list[SurveyResponse]:
        return self._rows(SurveyResponse)

    def impressions(self) -> list[SurveyImpression]:
        return self._rows(SurveyImpression)

    def _rows(self, model: type[Any]) -> list[Any]:
        with self.server.app.app_context():
            return list(db.session.scalars(select(model).where(model.site_id == self.id).order_by(model.id)))

    def _site(self) -> Site:
        site = db.session.get(Site, self.id)
        assert site is not None
        return site
