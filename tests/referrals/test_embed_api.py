"""What advocates and friends see and send, and nobody of anybody else's."""

import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.cast import Cast, SiteOfCast
from tests.embed.shopper import assert_problem, open_session, open_visitor, read_json
from tests.orders.builders import NOON
from tests.referrals.builders import (
    at,
    coupon_reward,
    let_time_pass,
    list_states,
    make_advocate,
    order_by,
    start_referrals,
    tell,
)
from widget.core.db import db
from widget.referrals.models import Advocate, ReferralClick


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    with at(NOON):
        yield


class Shopper:
    """A browser at a site, with a visitor of its own; by name, of a customer who is signed in."""

    def __init__(self, client: FlaskClient, site: SiteOfCast, name: str | None = None) -> None:
        self._client, self.site = client, site
        self.headers = {**site.page_headers, "X-Regulars-Visitor": open_visitor(client, site)}
        if name is not None:
            token = read_json(open_session(client, site, customer_token=site.sign_customer(name)))["session_token"]
            self.headers["Authorization"] = f"Bearer {token}"

    def see(self) -> dict[str, Any]:
        answer = self._client.get(f"/embed/v1/{self.site.key}/referral?lang=en", headers=self.headers)
        assert answer.headers["Cache-Control"] == "private, no-store"
        return read_json(answer)

    def send(self, path: str, **body: Any) -> TestResponse:
        return self._client.post(f"/embed/v1/{self.site.key}{path}", json=body, headers=self.headers)

    def claim(self, code: str, email: str = "frank@shoppers.example", **more: Any) -> TestResponse:
        return self.send("/referrals", **{"id": str(uuid.uuid4()), "code": code, "email": email, **more})


@pytest.fixture
def site(app: Flask, cast: Cast) -> SiteOfCast:
    """Maple with its program."""
    with app.app_context():
        start_referrals(cast.maple.id, steps=[{"friends": 2, "reward": {"kind": "points", "points": 500}}])
    return cast.maple


def test_stranger_sees_the_offer_and_how_to_take_part(client: FlaskClient, site: SiteOfCast) -> None:
    seen = Shopper(client, site).see()
    assert seen["offer"] == "Give a friend 100 points, and get 200 points yourself."
    assert seen["invitation"] == {"title": "A friend gives you 100 points", "text": "For your first order here."}
    assert seen["terms"][1] == "Your reward comes when the order can no longer be returned: after 30 days."
    assert (seen["content"]["dir"], seen["content"]["ui"]["title"]) == ("ltr", "Bring a friend")
    assert (seen["code"], "stats" in seen, "referrals" in seen) == (None, False, False)


def test_customer_who_signs_in_has_a_code_to_share(client: FlaskClient, site: SiteOfCast) -> None:
    carol = Shopper(client, site, "carol")
    seen = carol.see()
    assert seen["code"].startswith("CAROL-")
    assert seen["link"].endswith(f"/r/{seen['code']}")
    assert seen["qr"].startswith("data:image/svg+xml")
    assert seen["share"]["whatsapp"].startswith("https://wa.me/?text=")
    assert f"{seen['link']}?via=whatsapp" in unquote(seen["share"]["whatsapp"])
    for _ in range(2):
        answer = carol.send("/referral/code")
        assert (answer.status_code, answer.get_json()["code"]) == (200, seen["code"])


def test_story_of_a_friend_who_comes_with_another_browser(app: Flask, client: FlaskClient, site: SiteOfCast) -> None:
    carol = Shopper(client, site, "carol")
    code = carol.see()["code"]
    assert carol.send("/referral/shares", channel="whatsapp").status_code == 204
    frank = Shopper(client, site)
    assert frank.send("/referral/clicks", code=code, channel="whatsapp").status_code == 204
    with app.app_context():
        advocate = db.session.scalars(select(Advocate)).one()
        advocate.network_hash = None
        db.session.commit()
    answer = Shopper(client, site).claim(code.lower(), language="en")
    assert answer.status_code == 201
    assert answer.get_json()["state"] == "claimed"
    assert answer.get_json()["friend"]["kind"] == "points"
    with app.app_context():
        tell(site.id, order_by("frank"))
        assert Shopper(client, site, "carol").see()["stats"]["pending"] == 1
        let_time_pass()
    with at(NOON):
        seen = carol.see()
    earned = {"points": 200, "coupons": 0, "text": "200 points"}
    assert seen["stats"] == {"clicks": 1, "claims": 1, "pending": 0, "rewarded": 1, "earned": earned}
    assert [(one["name"], one["state"]) for one in seen["referrals"]] == [("F•••", "rewarded")]
    step = {"friends": 2, "label": "2 friends", "text": "500 points", "note": "1 friend to go"}
    assert seen["steps"] == [{**step, "is_reached": False, "missing": 1}]
    assert [one["text"] for one in seen["referrals"]] == ["Rewarded"]


def test_claim_brings_a_coupon_and_its_repeat_the_same(app: Flask, client: FlaskClient, site: SiteOfCast) -> None:
    with app.app_context():
        start_referrals(site.id, friend=coupon_reward(site.id))
        code = make_advocate(site.id)
    claim_id = str(uuid.uuid4())
    first, again = (Shopper(client, site).claim(code, id=claim_id) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.get_json() == again.get_json()
    assert first.get_json()["friend"]["code"].startswith("TEA-")
    assert first.get_json()["friend"]["text"] == "Welcome! Here is €5 off, for your first order."


def test_claim_from_the_advocates_own_network_looks_the_same_and_brings_no_coupon_yet(
    app: Flask, client: FlaskClient, site: SiteOfCast
) -> None:
    with app.app_context():
        start_referrals(site.id, friend=coupon_reward(site.id))
    carol = Shopper(client, site, "carol")
    code = carol.send("/referral/code").get_json()["code"]
    answer = Shopper(client, site).claim(code)
    assert answer.status_code == 201
    assert (answer.get_json()["state"], "code" in answer.get_json()["friend"]) == ("claimed", False)
    with app.app_context():
        assert list_states(site.id) == ["held"]
    assert [one["state"] for one in carol.see()["referrals"]] == ["claimed"]


def test_refused_claims_do_not_say_whose_address_it_is(app: Flask, client: FlaskClient, site: SiteOfCast) -> None:
    with app.app_context():
        code = make_advocate(site.id)
        tell(site.id, order_by("grace", placed_at=NOON))
    shopper = Shopper(client, site)
    assert shopper.claim(code, "frank@shoppers.example").status_code == 201
    answers = [shopper.claim(code, f"{name}@shoppers.example") for name in ("carol", "grace", "frank")]
    assert [assert_problem(answer, 409)["type"].split(":")[-1] for answer in answers] == ["offer-not-for-address"] * 3
    assert len({answer.get_data() for answer in answers}) == 1
    assert_problem(shopper.claim("NOBODY-234567"), 404)
    assert_problem(shopper.claim(code, "not an address"), 422)
    assert_problem(shopper.claim(code, channel="pigeon"), 422)


def test_visitor_counts_once_and_an_advocate_not_at_all(app: Flask, client: FlaskClient, site: SiteOfCast) -> None:
    carol, frank = Shopper(client, site, "carol"), Shopper(client, site)
    code = carol.see()["code"]
    token = read_json(open_session(client, site, customer_token=site.sign_customer("carol")))["visitor_token"]
    for shopper in (frank, frank):
        assert shopper.send("/referral/clicks", code=code).status_code == 204
    own = {**site.page_headers, "X-Regulars-Visitor": token}
    client.post(f"/embed/v1/{site.key}/referral/clicks", json={"code": code}, headers=own)
    client.post(f"/embed/v1/{site.key}/referral/clicks", json={"code": code}, headers=site.page_headers)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(ReferralClick)) == 1


def test_nobody_shares_without_being_signed_in(client: FlaskClient, site: SiteOfCast) -> None:
    stranger = Shopper(client, site)
    assert_problem(stranger.send("/referral/code"), 401)
    assert_problem(stranger.send("/referral/shares", channel="copy"), 401)


def test_code_is_good_at_its_own_site_alone(app: Flask, client: FlaskClient, site: SiteOfCast, cast: Cast) -> None:
    code = Shopper(client, site, "carol").see()["code"]
    with app.app_context():
        start_referrals(cast.bobs.id)
    assert_problem(Shopper(client, cast.bobs).claim(code), 404)


def test_site_without_a_program_has_nothing_to_show(client: FlaskClient, cast: Cast) -> None:
    bobs = Shopper(client, cast.bobs, "carol")
    answer = client.get(f"/embed/v1/{cast.bobs.key}/referral", headers=bobs.headers)
    assert assert_problem(answer, 404)["type"].endswith("no-referral-program")
    assert_problem(bobs.send("/referral/code"), 404)


def test_leaders_are_shown_where_the_owner_shows_them(app: Flask, client: FlaskClient, site: SiteOfCast) -> None:
    with app.app_context():
        start_referrals(site.id, leaderboard=True)
        code = make_advocate(site.id)
    Shopper(client, site).claim(code)
    with app.app_context():
        tell(site.id, order_by("frank"))
        let_time_pass()
    leaders = Shopper(client, site, "carol").see()["leaderboard"]
    assert leaders == [{"name": "C•••", "friends": 1, "text": "1 friend", "is_you": True}]
