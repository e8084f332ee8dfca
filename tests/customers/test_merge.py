"""Visitor and customer become one by the store's token, once, and take the visitor's history along."""

import uuid
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from tests.cast import Cast, SiteOfCast
from tests.embed.shopper import make_survey, open_session, open_visitor, post_answer, read_json
from widget.core.db import db
from widget.customers.models import Customer, TradedToken, Visitor
from widget.customers.service import forget_expired_trades
from widget.surveys.models import SurveyResponse


def become(client: FlaskClient, site: SiteOfCast, name: str, visitor_token: str | None = None) -> dict[str, Any]:
    """Trade a new token of a customer."""
    return read_json(
        open_session(
            client,
            site,
            customer_token=site.sign_customer(name),
            visitor_token=visitor_token,
            nonce=uuid.uuid4().hex,
        )
    )


def answer_as(client: FlaskClient, cast: Cast, survey_id: uuid.UUID, session: dict[str, Any]) -> str:
    """Answer with every token the browser has and return the answer's id."""
    headers = {"X-Regulars-Visitor": session["visitor_token"]}
    if "session_token" in session:
        headers["Authorization"] = f"Bearer {session['session_token']}"
    answer_id: str = read_json(post_answer(client, cast.maple, survey_id, headers=headers))["id"]
    return answer_id


def owner_of(app: Flask, cast: Cast, answer_id: str) -> str | None:
    """Return the store's id of the customer an answer belongs to."""
    with app.app_context():
        row = db.session.get_one(SurveyResponse, (cast.maple.id, uuid.UUID(answer_id)))
        if row.customer_id is None:
            return None
        return db.session.get_one(Customer, (cast.maple.id, row.customer_id)).external_id


def test_history_becomes_the_customers(app: Flask, client: FlaskClient, cast: Cast) -> None:
    survey_id = make_survey(app, cast.maple)
    token = open_visitor(client, cast.maple)
    anonymous = [answer_as(client, cast, survey_id, {"visitor_token": token}) for _ in range(2)]
    somebody_elses = answer_as(client, cast, survey_id, {"visitor_token": open_visitor(client, cast.maple)})
    assert owner_of(app, cast, anonymous[0]) is None
    session = become(client, cast.maple, "carol", token)
    later = answer_as(client, cast, survey_id, session)
    assert [owner_of(app, cast, answer_id) for answer_id in (*anonymous, later)] == ["carol"] * 3
    assert owner_of(app, cast, somebody_elses) is None


def test_history_merges_once(app: Flask, client: FlaskClient, cast: Cast) -> None:
    survey_id = make_survey(app, cast.maple)
    token = become(client, cast.maple, "carol")["visitor_token"]
    # Without a session token nobody vouches for this answer, not even the browser Carol used before.
    unsigned = answer_as(client, cast, survey_id, {"visitor_token": token})
    become(client, cast.maple, "carol", token)
    assert owner_of(app, cast, unsigned) is None


def test_second_trade_keeps_visitor_and_customer(app: Flask, client: FlaskClient, cast: Cast) -> None:
    token = become(client, cast.maple, "carol")["visitor_token"]
    become(client, cast.maple, "carol", token)
    with app.app_context():
        assert len(db.session.scalars(db.select(Visitor)).all()) == 1
        assert len(db.session.scalars(db.select(Customer)).all()) == 1


def test_customer_with_two_devices_is_one_customer(app: Flask, client: FlaskClient, cast: Cast) -> None:
    survey_id = make_survey(app, cast.maple)
    answers = [
        answer_as(client, cast, survey_id, become(client, cast.maple, "carol", open_visitor(client, cast.maple)))
        for _ in range(2)
    ]
    assert [owner_of(app, cast, answer_id) for answer_id in answers] == ["carol", "carol"]
    with app.app_context():
        assert len(db.session.scalars(db.select(Visitor)).all()) == 2


def test_shared_device_gets_a_new_visitor(app: Flask, client: FlaskClient, cast: Cast) -> None:
    survey_id = make_survey(app, cast.maple)
    carols = become(client, cast.maple, "carol", open_visitor(client, cast.maple))
    first = answer_as(client, cast, survey_id, carols)
    franks = become(client, cast.maple, "frank", carols["visitor_token"])
    second = answer_as(client, cast, survey_id, franks)
    assert franks["visitor_token"] != carols["visitor_token"]
    assert (owner_of(app, cast, first), owner_of(app, cast, second)) == ("carol", "frank")


def test_same_customer_id_at_two_stores_is_two_customers(app: Flask, client: FlaskClient, cast: Cast) -> None:
    for site in (cast.maple, cast.bobs):
        become(client, site, "carol")
    with app.app_context():
        sites = {customer.site_id for customer in db.session.scalars(db.select(Customer))}
        assert sites == {cast.maple.id, cast.bobs.id}


def test_unsigned_answer_stays_anonymous(app: Flask, client: FlaskClient, cast: Cast) -> None:
    survey_id = make_survey(app, cast.maple)
    become(client, cast.maple, "carol")
    hidden = {"customer": "carol", "customer_id": "carol", "email": "carol@shoppers.example"}
    answer_id = read_json(post_answer(client, cast.maple, survey_id, hidden=hidden))["id"]
    assert owner_of(app, cast, answer_id) is None


def test_customer_in_the_body_is_refused(app: Flask, client: FlaskClient, cast: Cast) -> None:
    survey_id = make_survey(app, cast.maple)
    for name in ("customer", "customer_id", "visitor_id", "site_id", "flag", "source", "answered_at"):
        assert post_answer(client, cast.maple, survey_id, **{name: "carol"}).status_code == 422
    with app.app_context():
        assert db.session.scalars(db.select(SurveyResponse)).first() is None


def test_erased_visitors_answer_is_kept(app: Flask, client: FlaskClient, cast: Cast) -> None:
    survey_id = make_survey(app, cast.maple)
    session = become(client, cast.maple, "carol")
    with app.app_context():
        db.session.execute(delete(Visitor))
        db.session.execute(delete(Customer))
        db.session.commit()
    answer_id = answer_as(client, cast, survey_id, session)
    with app.app_context():
        row = db.session.get_one(SurveyResponse, (cast.maple.id, uuid.UUID(answer_id)))
        assert (row.score, row.visitor_id, row.customer_id) == (9, None, None)


def test_erased_visitor_is_made_anew(app: Flask, client: FlaskClient, cast: Cast) -> None:
    token = open_visitor(client, cast.maple)
    with app.app_context():
        db.session.execute(delete(Visitor))
        db.session.commit()
    assert read_json(open_session(client, cast.maple, visitor_token=token))["visitor_token"] != token


def test_trades_are_forgotten_when_their_tokens_have_expired(app: Flask, client: FlaskClient, cast: Cast) -> None:
    become(client, cast.maple, "carol")
    with app.app_context():
        forget_expired_trades()
        trade = db.session.scalars(db.select(TradedToken)).one()
        trade.expires_at = trade.expires_at.replace(year=2020)
        db.session.flush()
        forget_expired_trades()
        assert db.session.scalars(db.select(TradedToken)).first() is None
