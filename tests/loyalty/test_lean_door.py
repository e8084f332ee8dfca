"""What members wait for most is answered without Flask, and nobody can tell."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from tests.cast import Cast, SiteOfCast
from tests.loyalty.books import check_book
from tests.loyalty.builders import find_customer, give_points, make_reward, read_book, start_program
from widget.core.clock import utc_now
from widget.core.db import db
from widget.core.observability import find_metrics
from widget.customers.tokens import Session, sign_session_token
from widget.loyalty import embed_api
from widget.loyalty.models import LoyaltyAccount
from widget.rooms import LEAN_VIEWS
from widget.sites import lean_door

PRICE = 100


class Member:
    """A member's browser, and the two ways to ask."""

    def __init__(self, app: Flask, client: FlaskClient, site: SiteOfCast, monkeypatch: pytest.MonkeyPatch) -> None:
        self._app, self._client, self._site, self._monkeypatch = app, client, site, monkeypatch
        with app.app_context():
            start_program(site.id)
            self.reward_id = make_reward(site.id, PRICE)
            self.customer_id = find_customer(site.id, "carol")
            give_points(site.id, self.customer_id, 10 * PRICE, utc_now())
            session = Session(customer_id=self.customer_id, visitor_id=self.customer_id)
            self.headers = {
                "Origin": site.origin,
                "Authorization": f"Bearer {sign_session_token(site.id, session)}",
                "Content-Type": "application/json",
            }

    def ask(self, method: str, path: str, body: bytes = b"", **changes: str) -> TestResponse:
        headers = self.headers | {name.replace("_", "-"): value for name, value in changes.items()}
        url = f"/embed/v1/{self._site.key}{path}"
        return self._client.open(url, method=method, data=body, headers={k: v for k, v in headers.items() if v})

    def ask_plainly(self, method: str, path: str, body: bytes = b"", **changes: str) -> TestResponse:
        """Ask as if there were no lean door."""
        with self._monkeypatch.context() as patch:
            patch.setattr(lean_door.LeanDoor, "_answer", lambda *_: None)
            return self.ask(method, path, body, **changes)

    def ask_without_flask(self, method: str, path: str, body: bytes = b"") -> TestResponse:
        """Ask where Flask would fail."""
        with self._monkeypatch.context() as patch:
            patch.setattr(self._app, "full_dispatch_request", None)
            return self.ask(method, path, body)

    def wish(self, **changes: Any) -> bytes:
        """Return the body of a new redemption."""
        return orjson.dumps({"id": str(uuid.uuid4()), "reward_id": str(self.reward_id), **changes})


@pytest.fixture
def member(app: Flask, client: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[Member]:
    member = Member(app, client, cast.maple, monkeypatch)
    # Whatever the process must know of the site it knows from here on.
    member.ask_plainly("GET", "/points")
    return member


def is_alike(one: TestResponse, other: TestResponse) -> bool:
    return one.status == other.status and sorted(one.headers) == sorted(other.headers)


def test_points_and_redemptions_are_answered_without_flask_as_with_it(member: Member) -> None:
    lean, plain = member.ask_without_flask("GET", "/points"), member.ask_plainly("GET", "/points")
    assert is_alike(lean, plain)
    assert lean.data == plain.data
    lean = member.ask_without_flask("POST", "/redemptions", member.wish())
    plain = member.ask_plainly("POST", "/redemptions", member.wish())
    assert is_alike(lean, plain)
    assert (lean.json["balance"], plain.json["balance"]) == (9 * PRICE, 8 * PRICE)
    assert list(lean.json) == list(plain.json)
    assert all(lean.json[name] == plain.json[name] for name in ("reward_id", "points", "state", "expires_at"))


def test_lean_views_are_those_of_endpoints_there_are(app: Flask) -> None:
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules()}
    for view in LEAN_VIEWS:
        rule = rules[view.endpoint]
        assert (rule.rule, view.method in (rule.methods or ())) == (f"/embed/v1/<site_key>/{view.path}", True)


def test_repeat_gets_the_same_code(member: Member) -> None:
    wish = member.wish()
    first, again = (member.ask("POST", "/redemptions", wish) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json


@pytest.mark.parametrize(
    ("changes", "body", "status"),
    [
        ({"Origin": "https://elsewhere.example"}, {}, 403),
        ({"Origin": ""}, {}, 403),
        ({"Authorization": ""}, {}, 401),
        ({"Authorization": "Bearer forged"}, {}, 401),
        ({"Content_Type": "text/plain"}, {}, 415),
        ({"Content_Type": "application/json; charset=utf-8"}, {}, 201),
        ({}, {"reward_id": str(uuid.uuid4())}, 404),
        ({}, {"reward_id": 5}, 422),
        ({}, {"id": "no uuid"}, 422),
        ({}, {"more": 1}, 422),
        ({}, {"padding": "x" * 2000}, 422),
    ],
)
def test_what_is_not_simple_is_answered_as_ever(
    member: Member, changes: dict[str, str], body: dict[str, Any], status: int
) -> None:
    lean, plain = (
        ask("POST", "/redemptions", member.wish(**body), **changes) for ask in (member.ask, member.ask_plainly)
    )
    assert (lean.status_code, is_alike(lean, plain)) == (status, True)
    assert status == 201 or lean.data == plain.data


def test_malformed_bodies_are_refused_as_ever(member: Member) -> None:
    for body in (b"", b"[]", b"{", b'"x"', b"null", b"\xff", b'{"id": 1e999}'):
        lean, plain = (ask("POST", "/redemptions", body) for ask in (member.ask, member.ask_plainly))
        assert is_alike(lean, plain)
        assert (lean.status_code in (400, 422), lean.data) == (True, plain.data)


def test_who_cannot_pay_is_refused_as_ever_and_loses_nothing(member: Member, app: Flask, cast: Cast) -> None:
    with app.app_context():
        dear = str(make_reward(cast.maple.id, 11 * PRICE))
    lean, plain = (ask("POST", "/redemptions", member.wish(reward_id=dear)) for ask in (member.ask, member.ask_plainly))
    assert (lean.status_code, lean.data) == (409, plain.data)
    assert member.ask("GET", "/points").json["balance"] == 10 * PRICE


def test_request_is_counted_once_whichever_way_it_goes(member: Member, app: Flask) -> None:
    hits = app.extensions["regulars_rate_counter"]._hits
    for body in (member.wish(), member.wish(reward_id=str(uuid.uuid4()))):
        for ask in (member.ask, member.ask_plainly):
            before = dict(hits)
            ask("POST", "/redemptions", body)
            assert {name: count - before[name] for name, count in hits.items()} == dict.fromkeys(hits, 1)


def test_operators_see_lean_answers_under_the_same_endpoint(member: Member) -> None:
    for method, path, endpoint, status in (
        ("GET", "/points", "loyalty_embed.show_points", 200),
        ("POST", "/redemptions", "loyalty_embed.post_redemption", 201),
    ):
        counter, _ = find_metrics(endpoint, status)
        before = counter._value.get()
        member.ask_without_flask(method, path, member.wish() if method == "POST" else b"")
        assert counter._value.get() == before + 1


def test_points_of_many_small_gifts_are_spent_at_once(member: Member, app: Flask, cast: Cast) -> None:
    with app.app_context():
        for _ in range(20):
            give_points(cast.maple.id, member.customer_id, 1, utc_now())
        everything = str(make_reward(cast.maple.id, 10 * PRICE + 20))
    assert member.ask("POST", "/redemptions", member.wish(reward_id=everything)).status_code == 201
    with app.app_context():
        book, entries = read_book(cast.maple.id, member.customer_id)
        check_book(book, entries)
    assert book.balance == 0


def test_tier_is_paid_for_without_flask_until_it_may_be_over(member: Member, app: Flask, cast: Cast) -> None:
    with app.app_context():
        cheaper = str(make_reward(cast.maple.id, PRICE, tier_prices={"silver": 30}))
    paid = []
    for days, ask in ((30, member.ask_without_flask), (0, member.ask)):
        until_on = utc_now().date() + timedelta(days=days)
        with app.app_context():
            db.session.execute(update(LoyaltyAccount).values(tier="silver", tier_until_on=until_on))
            db.session.commit()
        paid.append(ask("POST", "/redemptions", member.wish(reward_id=cheaper)).json["points"])
    assert paid == [30, PRICE]


def test_fault_of_a_lean_view_costs_nobody_an_answer_and_is_logged(
    member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged: list[str] = []
    monkeypatch.setattr(lean_door, "log", SimpleNamespace(error=lambda event, **_: logged.append(event)))
    monkeypatch.setattr(embed_api, "exchange", None)
    assert member.ask("POST", "/redemptions", member.wish()).status_code == 201
    assert logged == ["lean_view_failed"]
