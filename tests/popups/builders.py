"""Campaigns as owners make them, and what shoppers' browsers and mailboxes send and get."""

import re
import uuid
from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.cast import SiteOfCast
from tests.embed.shopper import open_visitor
from widget.core.clock import utc_now
from widget.core.db import begin_writing_anew, db
from widget.core.ids import new_id
from widget.core.mail_models import OutgoingMail
from widget.popups.lead_models import Lead
from widget.popups.models import Campaign
from widget.popups.service import create_campaign, set_state
from widget.sites.models import Site

ERIN = "erin@shoppers.example"


def make_campaign(site_id: uuid.UUID, state: str = "live", **changes: Any) -> uuid.UUID:
    """Make a campaign that asks for an address on the way out, in an application's context; return its id."""
    begin_writing_anew()
    site = db.session.get_one(Site, site_id)
    usual = {"name": "Before you go", "goal": "subscribe", "triggers": {"exit": {"after_seconds": 5}}}
    campaign = create_campaign(site, usual | changes)
    if state != "draft":
        set_state(site, campaign, "live")
    if state not in ("draft", "live"):
        set_state(site, campaign, state)
    campaign_id = campaign.id
    db.session.commit()
    return campaign_id


def start_campaign(app: Flask, site: SiteOfCast, state: str = "live", **changes: Any) -> uuid.UUID:
    """Make a campaign from outside of the application."""
    with app.app_context():
        return make_campaign(site.id, state, **changes)


def visit(client: FlaskClient, site: SiteOfCast) -> dict[str, str]:
    """Return the headers of a browser nobody knows."""
    return {"X-Regulars-Visitor": open_visitor(client, site)}


def lead(campaign_id: uuid.UUID, email: str = ERIN, **changes: Any) -> dict[str, Any]:
    """Return what a form sends, under a new id."""
    usual = {"id": str(uuid.uuid4()), "campaign": str(campaign_id), "email": email, "language": "en"}
    return usual | {"consent": {"accepted": True, "version": 1}, "elapsed_ms": 9_000} | changes


def send_lead(
    client: FlaskClient, site: SiteOfCast, body: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> TestResponse:
    return client.post(f"/embed/v1/{site.key}/leads", json=body, headers={**site.page_headers, **(headers or {})})


def add_lead(site_id: uuid.UUID, customer_id: uuid.UUID | None, email: str) -> None:
    """Add a confirmed lead, of a customer or of nobody yet, in the caller's transaction."""
    told = {"email": email, "email_key": email, "state": "confirmed", "source": "popup"}
    times = {"created_at": utc_now(), "confirmed_at": utc_now()}
    db.session.add(Lead(site_id=site_id, id=new_id(), customer_id=customer_id, **told, **times))
    db.session.flush()


def list_leads(app: Flask) -> list[Lead]:
    with app.app_context():
        return list(db.session.scalars(select(Lead).order_by(Lead.created_at, Lead.id)))


def list_mails(app: Flask) -> list[OutgoingMail]:
    with app.app_context():
        return list(db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.created_at, OutgoingMail.id)))


def list_links(mail: OutgoingMail) -> list[str]:
    """Return the paths of a mail's links, in its text, its HTML and its headers."""
    texts = (mail.text, mail.html or "", *mail.headers.values())
    return sorted({path for text in texts for path in re.findall(r"http://localhost:8000(/l/[\w./-]+)", text)})


def link_of(mail: OutgoingMail, kind: str = "c") -> str:
    """Return the path of the link that confirms (c) or unsubscribes (u)."""
    return next(path for path in list_links(mail) if path.startswith(f"/l/{kind}/"))


def confirm(client: FlaskClient, app: Flask, place: int = -1) -> TestResponse:
    """Press the button behind the link of a mail, the last one."""
    return client.post(link_of(list_mails(app)[place]))


def read_campaign(app: Flask, campaign_id: uuid.UUID) -> Campaign:
    with app.app_context():
        return next(row for row in db.session.scalars(select(Campaign)) if row.id == campaign_id)
