"""A known customer is left alone on every device, and asked about what the store says has happened."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, update

from tests.cast import Cast, SiteOfCast
from tests.embed.shopper import make_survey, open_session, open_visitor, post_answer, read_json
from widget.core.clock import utc_now
from widget.core.db import begin_writing, db
from widget.customers.models import Customer, CustomerAsk, Visitor
from widget.surveys.models import Survey, SurveyResponse

DAY = timedelta(days=1)


def become(client: FlaskClient, site: SiteOfCast, name: str = "carol", visitor: str | None = None) -> dict[str, Any]:
    token = site.sign_customer(name)
    return read_json(open_session(client, site, customer_token=token, visitor_token=visitor, nonce=uuid.uuid4().hex))


def show(
    client: FlaskClient, site: SiteOfCast, survey_id: uuid.UUID, session: dict[str, Any], shown: str | None = None
) -> str:
    """Send the impression of a sheet with every token the browser has; return its id."""
    headers = {**site.page_headers, "X-Regulars-Visitor": session["visitor_token"]}
    if "session_token" in session:
        headers["Authorization"] = f"Bearer {session['session_token']}"
    impression = {"id": shown or str(uuid.uuid4()), "survey_id": str(survey_id), "event": "shown"}
    read_json(client.post(f"/embed/v1/{site.key}/impressions", json={"impressions": [impression]}, headers=headers))
    return impression["id"]


def say(client: FlaskClient, site: SiteOfCast, name: str = "delivered", **changes: Any) -> datetime:
    """Say that something has happened to Carol; return when."""
    happened_at = changes.pop("happened_at", None) or utc_now()
    body = {"name": name, "customer": "carol", "happened_at": happened_at.isoformat(), **changes}
    read_json(client.post("/api/v1/events", json=body, headers=site.store_headers))
    return happened_at


def age_asks(app: Flask, by: timedelta) -> None:
    with app.app_context():
        begin_writing()
        for ask in db.session.scalars(db.select(CustomerAsk)):
            ask.asked_at -= by
        db.session.commit()


def at(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def is_now(milliseconds: int) -> bool:
    return abs(utc_now() - at(milliseconds)) < timedelta(minutes=1)


def make_delivery_survey(app: Flask, site: SiteOfCast, **gates: Any) -> uuid.UUID:
    survey_id = make_survey(app, site, event_name="delivered", gates={"event_source": "server", **gates})
    publish(app, survey_id, utc_now() - 100 * DAY)
    return survey_id


def publish(app: Flask, survey_id: uuid.UUID, published_at: datetime) -> None:
    with app.app_context():
        begin_writing()
        db.session.execute(update(Survey).where(Survey.id == survey_id).values(published_at=published_at))
        db.session.commit()


def test_what_one_device_asked_the_other_knows(app: Flask, client: FlaskClient, cast: Cast) -> None:
    survey_id, other = make_survey(app, cast.maple), make_survey(app, cast.maple)
    first = become(client, cast.maple)
    assert not first.keys() & {"asked", "asked_at", "answered", "events"}
    show(client, cast.maple, survey_id, first)
    known = become(client, cast.maple)
    assert is_now(known["asked"][str(survey_id)])
    assert is_now(known["asked_at"])
    assert str(other) not in known["asked"]


def test_nobody_learns_it_without_the_stores_token(app: Flask, client: FlaskClient, cast: Cast) -> None:
    session = become(client, cast.maple)
    show(client, cast.maple, make_survey(app, cast.maple), session)
    anonymous = read_json(open_session(client, cast.maple, visitor_token=session["visitor_token"]))
    assert set(anonymous) == {"visitor_token", "expires_at"}
    assert "asked" not in become(client, cast.maple, "frank")
    assert "asked" not in become(client, cast.bobs)


def test_impression_without_a_session_is_nobodys_ask(app: Flask, client: FlaskClient, cast: Cast) -> None:
    survey_id = make_survey(app, cast.maple)
    visitor = become(client, cast.maple)["visitor_token"]
    show(client, cast.maple, survey_id, {"visitor_token": visitor})
    assert "asked" not in become(client, cast.maple)


def test_inline_survey_asks_nobody_by_itself(app: Flask, client: FlaskClient, cast: Cast) -> None:
    survey_id = make_survey(app, cast.maple, display="inline")
    show(client, cast.maple, survey_id, become(client, cast.maple))
    assert not become(client, cast.maple).keys() & {"asked", "asked_at"}


def test_repeated_impression_does_not_move_the_clock(app: Flask, client: FlaskClient, cast: Cast) -> None:
    survey_id, session = make_survey(app, cast.maple), become(client, cast.maple)
    shown = show(client, cast.maple, survey_id, session)
    asked_at = become(client, cast.maple)["asked_at"]
    show(client, cast.maple, survey_id, session, shown)
    assert become(client, cast.maple)["asked_at"] == asked_at


def test_each_survey_has_its_own_clock_beside_the_cap(app: Flask, client: FlaskClient, cast: Cast) -> None:
    first, second = make_survey(app, cast.maple), make_survey(app, cast.maple)
    session = become(client, cast.maple)
    show(client, cast.maple, first, session)
    age_asks(app, 10 * DAY)
    show(client, cast.maple, second, session)
    known = become(client, cast.maple)
    assert timedelta(days=9) < utc_now() - at(known["asked"][str(first)]) < timedelta(days=11)
    assert is_now(known["asked"][str(second)])
    assert known["asked_at"] == known["asked"][str(second)]


def test_history_takes_the_asks_along(app: Flask, client: FlaskClient, cast: Cast) -> None:
    sheet, inline = make_survey(app, cast.maple), make_survey(app, cast.maple, display="inline")
    visitor = open_visitor(client, cast.maple)
    for survey_id in (sheet, inline):
        show(client, cast.maple, survey_id, {"visitor_token": visitor})
    assert list(become(client, cast.maple, visitor=visitor)["asked"]) == [str(sheet)]
    assert list(become(client, cast.maple)["asked"]) == [str(sheet)]


def test_answer_elsewhere_counts_as_asked(app: Flask, client: FlaskClient, cast: Cast) -> None:
    survey_id, session = make_survey(app, cast.maple), become(client, cast.maple)
    headers = {"Authorization": f"Bearer {session['session_token']}"}
    read_json(post_answer(client, cast.maple, survey_id, headers=headers))
    known = become(client, cast.maple)
    assert is_now(known["answered"][str(survey_id)])
    assert known["asked"] == known["answered"]
    assert "asked_at" not in known


def test_archived_surveys_are_nobodys_business(app: Flask, client: FlaskClient, cast: Cast) -> None:
    survey_id, session = make_survey(app, cast.maple), become(client, cast.maple)
    show(client, cast.maple, survey_id, session)
    with app.app_context():
        begin_writing()
        db.session.get_one(Survey, (cast.maple.id, survey_id)).state = "archived"
        db.session.commit()
    app.extensions["regulars_published_surveys"].clear()
    known = become(client, cast.maple)
    assert "asked" not in known
    assert is_now(known["asked_at"])


def test_erased_customers_impression_is_still_taken(app: Flask, client: FlaskClient, cast: Cast) -> None:
    survey_id, session = make_survey(app, cast.maple), become(client, cast.maple)
    with app.app_context():
        begin_writing()
        db.session.execute(delete(Visitor))
        db.session.execute(delete(Customer))
        db.session.commit()
    show(client, cast.maple, survey_id, session)
    with app.app_context():
        assert db.session.scalars(db.select(CustomerAsk)).all() == []


def test_event_makes_its_survey_due(app: Flask, client: FlaskClient, cast: Cast) -> None:
    survey_id = make_delivery_survey(app, cast.maple, event_delay_seconds=3600)
    say(client, cast.maple, "packed")
    assert "events" not in become(client, cast.maple)
    happened_at = say(client, cast.maple)
    due_at = become(client, cast.maple)["events"][str(survey_id)]
    assert abs(at(due_at) - happened_at - timedelta(hours=1)) < timedelta(seconds=1)
    assert "events" not in become(client, cast.maple, "frank")


def test_event_must_have_the_properties(app: Flask, client: FlaskClient, cast: Cast) -> None:
    survey_id = make_delivery_survey(app, cast.maple, event_properties=[["total", "at_least", "50"]])
    say(client, cast.maple, properties={"total": "49.99"})
    assert "events" not in become(client, cast.maple)
    say(client, cast.maple, properties={"total": 50})
    assert list(become(client, cast.maple)["events"]) == [str(survey_id)]


def test_events_from_before_a_survey_was_published_do_not_trigger_it(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    survey_id = make_survey(app, cast.maple, event_name="delivered", gates={"event_source": "server"})
    publish(app, survey_id, utc_now() - DAY)
    say(client, cast.maple, happened_at=utc_now() - 2 * DAY)
    assert "events" not in become(client, cast.maple)
    say(client, cast.maple, happened_at=utc_now() - timedelta(hours=2))
    assert "events" in become(client, cast.maple)


@pytest.mark.parametrize(("days", "is_due"), [(31, True), (33, False)])
def test_event_is_asked_about_for_thirty_days(
    app: Flask, client: FlaskClient, cast: Cast, days: int, is_due: bool
) -> None:
    make_delivery_survey(app, cast.maple, event_delay_seconds=2 * 86_400)
    say(client, cast.maple, happened_at=utc_now() - days * DAY)
    assert ("events" in become(client, cast.maple)) is is_due


def test_event_is_asked_about_once(app: Flask, client: FlaskClient, cast: Cast) -> None:
    survey_id = make_delivery_survey(app, cast.maple)
    say(client, cast.maple, happened_at=utc_now() - DAY)
    session = become(client, cast.maple)
    assert "events" in session
    show(client, cast.maple, survey_id, session)
    assert "events" not in become(client, cast.maple)
    age_asks(app, timedelta(hours=1))
    say(client, cast.maple, happened_at=utc_now() - timedelta(minutes=1))
    assert "events" in become(client, cast.maple)


@pytest.mark.parametrize("state", ["draft", "paused"])
def test_survey_that_is_not_live_is_not_due(app: Flask, client: FlaskClient, cast: Cast, state: str) -> None:
    make_survey(app, cast.maple, event_name="delivered", gates={"event_source": "server"}, state=state)
    say(client, cast.maple)
    assert "events" not in become(client, cast.maple)


def test_what_a_browser_learns_names_nobody(app: Flask, client: FlaskClient, cast: Cast) -> None:
    survey_id = make_delivery_survey(app, cast.maple)
    say(client, cast.maple, properties={"address": "1 Lake Road"})
    session = become(client, cast.maple)
    headers = {"Authorization": f"Bearer {session['session_token']}"}
    read_json(post_answer(client, cast.maple, survey_id, headers=headers, answers={"score": 3, "comment": "Late"}))
    known = become(client, cast.maple)
    assert not known.keys() - {
        "visitor_token",
        "session_token",
        "expires_at",
        "asked",
        "asked_at",
        "answered",
        "events",
    }
    for secret in ("Lake Road", "Late", "shoppers.example"):
        assert secret not in str(known)
    with app.app_context():
        assert db.session.scalars(db.select(SurveyResponse)).one().customer_id is not None
