"""Every route that takes a body, ready to be sent one."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from tests.cast import SiteOfCast
from tests.coupons.builders import issue
from tests.loyalty.builders import find_customer, give_points, make_reward, start_program
from tests.popups.builders import lead, send_lead, start_campaign
from tests.referrals.builders import claim, make_advocate, start_referrals
from tests.reviews.builders import store
from widget.core.clock import utc_now
from widget.core.db import Model, begin_writing_anew, db
from widget.core.hot import hot_transaction
from widget.core.ids import new_id
from widget.customers.rules import Buyer
from widget.insights.segments import create_segment
from widget.loyalty.redeeming import redeem_reward
from widget.loyalty.reward_models import Reward
from widget.orders.documents import OrderDocument
from widget.orders.recording import record_orders
from widget.referrals.contests import announce_contest

WRITING_METHODS = ("POST", "PUT", "PATCH")


@dataclass(frozen=True)
class WritingRoute:
    """One method of one address at the embed or the store door, with headers that let it in."""

    method: str
    path: str
    headers: Mapping[str, str]

    def send(
        self, client: FlaskClient, body: bytes, content_type: str | None = "application/json", **headers: str
    ) -> TestResponse:
        """Send a body as it is."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.open(
            self.path,
            method=self.method,
            data=body,
            content_type=content_type,
            headers={**self.headers, **named},
        )


def make_segment(app: Flask, site: SiteOfCast) -> uuid.UUID:
    """Make a segment to be changed."""
    with app.app_context():
        begin_writing_anew()
        conditions = [{"field": "has_ordered", "comparison": "is", "value": True}]
        segment = create_segment(site.id, f"Buyers {uuid.uuid4()}", "all", conditions)
        db.session.commit()
        return segment.id


def list_writing_routes(app: Flask, site: SiteOfCast, survey_id: uuid.UUID) -> list[WritingRoute]:
    """Return every route with a body below /embed and /api, filled in for one site and survey.

    Platforms come by a door of their own, which looks at nothing that is not signed, and a photo is no JSON.
    """
    values = {
        "site_key": site.key,
        "survey_id": survey_id,
        "segment_id": make_segment(app, site),
        "external_id": make_known(app, site),
        "review_id": make_reviewed(app, site),
        "product_id": "known",
        "redemption_id": make_redeemed(app, site),
        **make_loyalty(app, site),
        "referral_id": make_referral(app, site),
        "contest_id": make_contest(app, site),
        **make_lead(app, site),
    }
    routes = []
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith(("/embed/", "/api/")) or rule.rule.startswith("/api/v1/webhooks/"):
            continue
        if rule.rule.endswith("/reviews/media"):
            continue
        headers = site.page_headers if rule.rule.startswith("/embed/") else site.store_headers
        for method in sorted(set(WRITING_METHODS) & (rule.methods or set())):
            built = rule.build({name: values[name] for name in rule.arguments}, append_unknown=False)
            assert built is not None, rule
            routes.append(WritingRoute(method, built[1], headers))
    assert len(routes) >= 3
    return routes


def make_known(app: Flask, site: SiteOfCast) -> str:
    """Make a customer and an order known by the id "known" and return it."""
    with app.app_context():
        begin_writing_anew()
        now = utc_now()
        order = OrderDocument("known", now, now, "placed", "EUR", 2000, Buyer("known"))
        record_orders(site.id, [order], "api")
        db.session.commit()
    return "known"


def make_reviewed(app: Flask, site: SiteOfCast) -> uuid.UUID:
    """Make a review to be decided of."""
    with app.app_context():
        (review_id,) = store(site.id)
        return review_id


def make_redeemed(app: Flask, site: SiteOfCast) -> uuid.UUID:
    """Make a redemption that holds points."""
    with app.app_context():
        start_program(site.id)
        customer_id, reward_id, redemption_id = find_customer(site.id, "known"), make_reward(site.id), new_id()
        give_points(site.id, customer_id, 100)
        now = utc_now()
        with hot_transaction() as cursor:
            until = now + timedelta(days=1)
            redeem_reward(cursor, site.id, customer_id, redemption_id, reward_id, now, held_until=until)
        return redemption_id


def make_loyalty(app: Flask, site: SiteOfCast) -> dict[str, object]:
    """Make a program, a reward with its pool, and a code somebody has, to be asked for and changed."""
    with app.app_context():
        start_program(site.id)
        reward_id = make_reward(site.id)
        pool_id = db.session.get_one(Reward, (site.id, reward_id)).pool_id
        code = issue(site.id, pool_id, valid_days=None).code
        return {"reward_id": reward_id, "pool_id": pool_id, "code": code}


def make_referral(app: Flask, site: SiteOfCast) -> uuid.UUID:
    """Make an advocate known by the id "known", and a friend of theirs."""
    with app.app_context():
        start_referrals(site.id)
        return claim(site.id, make_advocate(site.id, "known"), f"{uuid.uuid4()}@shoppers.example", utc_now())


def make_contest(app: Flask, site: SiteOfCast) -> uuid.UUID:
    """Make a contest that takes entries."""
    with app.app_context():
        begin_writing_anew()
        now = utc_now()
        days = {"starts_at": now, "ends_at": now + timedelta(days=1)}
        contest = announce_contest(site.id, {"name": "Tea", "hashtag": "tea", "prize": "Tea", **days}, now)
        db.session.commit()
        return contest.id


def make_lead(app: Flask, site: SiteOfCast) -> dict[str, object]:
    """Make a campaign and an address left in it, to be changed."""
    campaign_id = start_campaign(app, site)
    said = lead(campaign_id)
    assert send_lead(app.test_client(), site, said).status_code == 201
    return {"campaign_id": campaign_id, "lead_id": uuid.UUID(said["id"])}


def count_rows(app: Flask) -> dict[str, int]:
    """Return how many rows each table has, asked for at once: many tests ask."""
    names = list(Model.metadata.tables)
    counts = ", ".join(f'(SELECT COUNT(*) FROM "{name}")' for name in names)
    with app.app_context():
        return dict(zip(names, db.session.execute(text(f"SELECT {counts}")).one(), strict=True))


def nested(depth: int, opening: str = "[", closing: str = "]") -> bytes:
    """Return JSON as deep as asked."""
    return (opening * depth + "1" + closing * depth).encode()
