"""The store's server tells of its customers: who they are, and what they agreed to have kept."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert
from sqlalchemy.exc import StatementError

from tests.cast import Cast
from tests.embed.shopper import assert_problem, make_survey, open_session, post_answer, read_json
from tests.intake.store import ago, count, get, order, pointers, post, put_customer
from widget.core.db import db
from widget.core.observability import strip_values
from widget.customers.models import Customer, CustomerAttribute
from widget.customers.rules import ATTRIBUTES
from widget.surveys.definitions import PROFILE_TYPES

BIRTHDAY = {"value": "1990-05-31", "consent_text": "Keep my birthday for a present."}


def test_a_customer_is_stored_and_told_more_of(client: FlaskClient, cast: Cast) -> None:
    first = put_customer(client, cast.maple, "carol", email=" Carol@Shoppers.example", name="Carol Winter")
    assert first.status_code == 201
    again = put_customer(client, cast.maple, "carol", accepts_marketing=True)
    assert again.status_code == 200
    stored = get(client, cast.maple, "customers/carol")
    assert stored == again.get_json()
    assert (stored["external_id"], stored["email"], stored["name"]) == (
        "carol",
        "carol@shoppers.example",
        "Carol Winter",
    )
    assert (stored["accepts_marketing"], stored["email_verified"], stored["attributes"]) == (True, False, {})
    assert stored["orders"] == {
        "orders": 0, "revenue_minor": 0, "currency": None, "first_order_at": None, "last_order_at": None
    }  # fmt: skip


def test_a_customer_comes_with_what_they_have_bought(client: FlaskClient, cast: Cast) -> None:
    orders = [order(1), order(2, total_minor=500), order(3, state="cancelled"), order(4, is_test=True)]
    read_json(post(client, cast.maple, "orders", {"orders": orders}))
    bought = get(client, cast.maple, "customers/carol")["orders"]
    assert (bought["orders"], bought["revenue_minor"], bought["currency"]) == (2, 2500, "EUR")
    listed = get(client, cast.maple, "customers")["items"]
    assert [(item["external_id"], item["orders"]) for item in listed] == [("carol", bought)]


def test_attributes_are_kept_with_their_consent_and_forgotten_without(client: FlaskClient, cast: Cast) -> None:
    told = {
        "birthday": {**BIRTHDAY, "language": "en", "given_at": ago(hours=2)},
        "gender": {"value": "female", "consent_text": "Keep it."},
        "area": {"value": "Milano", "consent_text": "Keep it."},
        "interests": {"value": ["tea", "home-ware"], "consent_text": "Keep it."},
    }
    stored = read_json(put_customer(client, cast.maple, "carol", attributes=told))["attributes"]
    assert {name: attribute["value"] for name, attribute in stored.items()} == {n: a["value"] for n, a in told.items()}
    birthday = stored["birthday"]
    assert (birthday["consent_text"], birthday["language"], birthday["source"]) == (
        BIRTHDAY["consent_text"], "en", "api"
    )  # fmt: skip
    older = {"birthday": {**BIRTHDAY, "value": "1980-01-01", "given_at": ago(hours=3)}, "area": None}
    stored = read_json(put_customer(client, cast.maple, "carol", attributes=older))["attributes"]
    assert stored["birthday"]["value"] == "1990-05-31"
    assert set(stored) == {"birthday", "gender", "interests"}


def test_surveys_ask_for_attributes_of_the_same_names(app: Flask, client: FlaskClient, cast: Cast) -> None:
    assert set(ATTRIBUTES) >= PROFILE_TYPES
    definition = {"questions": [{"key": "day", "type": "birthday"}]}
    survey_id = make_survey(app, cast.maple, "form", definition=definition, state="draft")
    client.patch(f"/api/v1/surveys/{survey_id}", headers=cast.maple.store_headers, json={"texts": {
        "en": {"questions": {"day": {"question": "When?", "consent": "Keep it."}}}}, "state": "live"})  # fmt: skip
    session = read_json(open_session(client, cast.maple, customer_token=cast.maple.sign_customer("carol")))
    headers = {"Authorization": f"Bearer {session['session_token']}"}
    answers = {"day": "1990-05-31", "day.consent": True}
    read_json(post_answer(client, cast.maple, survey_id, headers, answers=answers))
    stored = get(client, cast.maple, "customers/carol")["attributes"]["birthday"]
    assert (stored["value"], stored["source"]) == ("1990-05-31", f"survey:{survey_id}")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"email": "nobody"}, "#/email"),
        ({"email": "a@b\u0000.example"}, "#/email"),
        ({"name": "two\nlines"}, "#/name"),
        ({"accepts_marketing": "yes"}, "#/accepts_marketing"),
        ({"email_verified": True}, "#/email_verified"),
        ({"id": "carol"}, "#/id"),
        ({"attributes": []}, "#/attributes"),
        ({"attributes": {"shoe_size": {"value": "42", "consent_text": "ok"}}}, "#/attributes/shoe_size"),
        ({"attributes": {"birthday": "1990-05-31"}}, "#/attributes/birthday"),
        ({"attributes": {"birthday": {"value": "1990-05-31"}}}, "#/attributes/birthday/consent_text"),
        ({"attributes": {"birthday": {**BIRTHDAY, "value": "1990-02-30"}}}, "#/attributes/birthday/value"),
        ({"attributes": {"birthday": {**BIRTHDAY, "value": 1990}}}, "#/attributes/birthday/value"),
        (
            {"attributes": {"birthday": {**BIRTHDAY, "given_at": "2999-01-01T00:00:00Z"}}},
            "#/attributes/birthday/given_at",
        ),
        ({"attributes": {"gender": {"value": "f", "consent_text": "ok"}}}, "#/attributes/gender/value"),
        ({"attributes": {"area": {"value": " ", "consent_text": "ok"}}}, "#/attributes/area/value"),
        ({"attributes": {"interests": {"value": "tea", "consent_text": "ok"}}}, "#/attributes/interests/value"),
        ({"attributes": {"interests": {"value": ["Tea"], "consent_text": "ok"}}}, "#/attributes/interests/value"),
    ],
)
def test_a_customer_that_is_not_valid_is_refused(
    app: Flask, client: FlaskClient, cast: Cast, body: dict[str, Any], pointer: str
) -> None:
    assert pointers(put_customer(client, cast.maple, "carol", **body)) == [pointer]
    assert (count(app, Customer), count(app, CustomerAttribute)) == (0, 0)


def test_an_unknown_customer_is_not_found_and_bob_knows_none_of_alices(client: FlaskClient, cast: Cast) -> None:
    assert_problem(client.get("/api/v1/customers/carol", headers=cast.maple.store_headers), 404)
    read_json(put_customer(client, cast.maple, "carol", name="Carol"))
    assert_problem(client.get("/api/v1/customers/carol", headers=cast.bobs.store_headers), 404)
    assert get(client, cast.bobs, "customers")["items"] == []
    assert put_customer(client, cast.bobs, "carol", name="Bob's Carol").status_code == 201
    assert get(client, cast.maple, "customers/carol")["name"] == "Carol"
    assert_problem(client.put("/api/v1/customers/carol", json={}), 401)


def test_customers_page_with_guests_and_without_those_who_were_merged(client: FlaskClient, cast: Cast) -> None:
    buyers = [{"id": f"c{number}"} for number in range(4)] + [{"email": "guest@shoppers.example"}, None]
    orders = [order(number, customer=buyer) for number, buyer in enumerate(buyers)]
    read_json(post(client, cast.maple, "orders", {"orders": orders}))
    read_json(post(client, cast.maple, "customers/c3/merge", {"into": "c0"}))
    seen, cursor = [], None
    while True:
        page = get(client, cast.maple, "customers", limit=2, **({"cursor": cursor} if cursor else {}))
        seen += [(item["external_id"], item["orders"]["orders"]) for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert sorted(seen, key=str) == [("c0", 2), ("c1", 1), ("c2", 1), (None, 1)]


def test_nothing_of_a_person_is_logged(
    app: Flask, client: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged: list[str] = []
    for name in ("observability", "doors"):
        monkeypatch.setattr(f"widget.core.{name}.log", Log(logged))
    read_json(put_customer(client, cast.maple, "carol-17", email="carol@shoppers.example", name="Carol Winter"))
    read_json(post(client, cast.maple, "orders", order(customer={"id": "carol-17", "name": "Carol Winter"})))
    pointers(put_customer(client, cast.maple, "carol-17", email="Carol Winter"))
    too_long = {"site_id": cast.maple.id, "id": cast.maple.id, "created_at": None, "email": "carol@shoppers.example"}
    with app.app_context(), pytest.raises(StatementError) as failure:
        db.session.execute(insert(Customer), too_long)
    logged.append(strip_values(str(failure.value)))
    assert "/api/v1/customers" in "".join(logged)
    assert not [word for word in ("Carol", "carol@", "carol-17") if word in "".join(logged)]


class Log:
    """A log that keeps what it is given."""

    def __init__(self, kept: list[str]) -> None:
        self.kept = kept

    def info(self, *said: Any, **values: Any) -> None:
        self.kept.append(repr((said, values)))

    error = info
