"""Addresses left in a popup: confirmed by mail, one lead and one code an address, nothing told to strangers."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.cast import Cast
from tests.core.writing_routes import count_rows
from tests.coupons.builders import make_pool
from tests.embed.shopper import assert_problem, read_json
from tests.intake.store import order
from tests.intake.store import post as post_store
from tests.popups.builders import (
    ERIN,
    confirm,
    lead,
    link_of,
    list_leads,
    list_links,
    list_mails,
    send_lead,
    start_campaign,
    visit,
)
from widget.core.clock import utc_now
from widget.core.db import begin_writing_anew, db
from widget.core.tokens import sign_token
from widget.coupons.models import CouponPool
from widget.customers.queries import list_attributes
from widget.customers.suppressions import find_suppressed, hash_address, suppress_address
from widget.popups.confirming import unsubscribe_lead
from widget.popups.consents import hash_text
from widget.popups.exports import stream_leads
from widget.popups.lead_models import Lead, LeadConsent
from widget.popups.models import PopupExposure
from widget.popups.queries import get_campaign
from widget.popups.service import change_campaign
from widget.popups.tasks import purge_unconfirmed_leads
from widget.sites.models import Site


@pytest.fixture
def campaign_id(app: Flask, cast: Cast) -> uuid.UUID:
    return start_campaign(app, cast.maple, languages=["en", "it"])


@pytest.fixture
def pool_id(app: Flask, cast: Cast) -> uuid.UUID:
    with app.app_context():
        return make_pool(cast.maple.id, valid_days=7)


def list_consents(app: Flask) -> list[LeadConsent]:
    with app.app_context():
        return list(db.session.scalars(select(LeadConsent).order_by(LeadConsent.lead_id, LeadConsent.number)))


def test_address_waits_for_its_reader(app: Flask, client: FlaskClient, cast: Cast, campaign_id: uuid.UUID) -> None:
    said = lead(campaign_id, "Erin@Shoppers.Example", name="Erin", page_url="https://maple.example/tea?utm=1")
    answer = read_json(send_lead(client, cast.maple, said, visit(client, cast.maple)))
    assert (answer["id"], answer["state"]) == (said["id"], "unconfirmed")
    assert "code" not in answer
    (row,) = list_leads(app)
    assert (row.state, row.email, row.email_key, row.name, row.source) == ("unconfirmed", ERIN, ERIN, "Erin", "popup")
    (mail,) = list_mails(app)
    assert mail.recipient == ERIN
    assert "Erin" not in mail.subject + mail.text.replace(ERIN, "") + (mail.html or "")


def test_consent_is_recorded_word_for_word(app: Flask, client: FlaskClient, cast: Cast, campaign_id: uuid.UUID) -> None:
    content = read_json(client.get(f"/embed/v1/{cast.maple.key}/popups/{campaign_id}?lang=it"))
    consent = content["form"]["consent"]
    said = lead(campaign_id, language=content["language"], page_url="https://maple.example/tea?utm=1")
    before = utc_now()
    send_lead(client, cast.maple, {**said, "consent": {"accepted": True, "version": consent["version"]}})
    (given,) = list_consents(app)
    assert given.text == consent["text"]
    assert "Maple Store può inviarmi" in given.text
    assert (given.text_hash, given.language, given.campaign_version) == (hash_text(consent["text"]), "it", 1)
    assert (given.campaign_id, given.page_url) == (campaign_id, "https://maple.example/tea")
    assert before <= given.happened_at <= utc_now()
    confirm(client, app)
    assert [(one.kind, one.text) for one in list_consents(app)] == [
        ("given", consent["text"]),
        ("confirmed", consent["text"]),
    ]


def test_consent_to_an_earlier_version_keeps_the_words_of_that_one(
    app: Flask, client: FlaskClient, cast: Cast, campaign_id: uuid.UUID
) -> None:
    with app.app_context():
        begin_writing_anew()
        site = db.session.get_one(Site, cast.maple.id)
        change_campaign(site, get_campaign(site.id, campaign_id), {"consents": {"en": "Write to me."}})
        db.session.commit()
    for number, version in enumerate((1, 2)):
        said = lead(campaign_id, f"v{number}@x.example", consent={"accepted": True, "version": version})
        read_json(send_lead(client, cast.maple, said))
    texts = {one.campaign_version: one.text for one in list_consents(app)}
    assert texts[1] is not None
    assert texts[1].startswith("Maple Store may send me")
    assert texts[2] == "Write to me."
    unknown = lead(campaign_id, consent={"accepted": True, "version": 3})
    problem = assert_problem(send_lead(client, cast.maple, unknown), 422)
    assert problem["errors"][0]["pointer"] == "#/consent/version"


def test_nothing_is_kept_without_consent(app: Flask, client: FlaskClient, cast: Cast, campaign_id: uuid.UUID) -> None:
    before = count_rows(app)
    for consent in ({"accepted": False, "version": 1}, {"accepted": "yes", "version": 1}, {}, None):
        assert_problem(send_lead(client, cast.maple, lead(campaign_id, consent=consent)), 422)
    assert count_rows(app) == before


def test_one_post_confirms_and_the_welcome_brings_the_code(
    app: Flask, client: FlaskClient, cast: Cast, pool_id: uuid.UUID
) -> None:
    campaign_id = start_campaign(app, cast.maple, goal="coupon", pool_id=str(pool_id))
    visitor = visit(client, cast.maple)
    read_json(send_lead(client, cast.maple, lead(campaign_id, name="Erin"), visitor))
    page = client.get(link_of(list_mails(app)[0]))
    assert "Confirm your address" in page.text
    assert "Maple Store may send me news" in page.text
    pages = [client.post(link_of(list_mails(app)[0])) for _ in range(2)]
    (row,) = list_leads(app)
    assert (row.state, row.coupon_id is not None, row.confirmed_at is not None) == ("confirmed", True, True)
    welcome = list_mails(app)[1:]
    assert [mail.subject for mail in welcome] == ["Your code at Maple Store"]
    assert "Hello Erin," in welcome[0].text
    for text in (*[page.text for page in pages], client.get(link_of(list_mails(app)[0])).text, welcome[0].text):
        assert "TEA-" in text
        assert "It is valid until" in text
    with app.app_context():
        (exposure,) = db.session.scalars(select(PopupExposure))
        assert exposure.converted_at is not None


def test_mail_scanners_change_nothing(app: Flask, client: FlaskClient, cast: Cast, pool_id: uuid.UUID) -> None:
    campaign_id = start_campaign(app, cast.maple, goal="coupon", pool_id=str(pool_id))
    read_json(send_lead(client, cast.maple, lead(campaign_id)))
    for step in ("unconfirmed", "confirmed", "unsubscribed"):
        links = {path for mail in list_mails(app) for path in list_links(mail)}
        assert len(links) == (1 if step == "unconfirmed" else 2)
        before, leads = count_rows(app), [vars_of(row) for row in list_leads(app)]
        for path in links:
            for method in ("GET", "HEAD") * 10:
                status = client.open(path, method=method).status_code
                assert status == (410 if step == "unsubscribed" and path.startswith("/l/c/") else 200)
        assert count_rows(app) == before
        assert [vars_of(row) for row in list_leads(app)] == leads
        assert leads[0]["state"] == step
        path = link_of(list_mails(app)[-1], "c" if step == "unconfirmed" else "u")
        assert client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200


def vars_of(row: Any) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in row.__table__.columns}


def test_repeat_gets_the_same_answer_and_no_second_mail(
    app: Flask, client: FlaskClient, cast: Cast, campaign_id: uuid.UUID
) -> None:
    said = lead(campaign_id)
    responses = [send_lead(client, cast.maple, said) for _ in range(3)]
    assert [response.status_code for response in responses] == [201, 200, 200]
    assert len({response.text for response in responses}) == 1
    for changes in ({"email": "frank@shoppers.example"}, {"name": "Frank"}):
        assert_problem(send_lead(client, cast.maple, {**said, **changes}), 409)
    assert len(list_mails(app)) == len(list_leads(app)) == 1
    with time_machine.travel(utc_now() + timedelta(days=2)), app.app_context():
        purge_unconfirmed_leads()
    assert_problem(send_lead(client, cast.maple, {**said, "email": "frank@shoppers.example"}), 409)


def test_known_address_is_answered_like_a_new_one_and_mailed_its_own_code(
    app: Flask, client: FlaskClient, cast: Cast, pool_id: uuid.UUID
) -> None:
    campaign_id = start_campaign(app, cast.maple, goal="coupon", pool_id=str(pool_id))
    first = read_json(send_lead(client, cast.maple, lead(campaign_id)))
    confirm(client, app)
    second = read_json(send_lead(client, cast.maple, lead(campaign_id, ERIN.upper(), name="Mallory")))
    assert {**first, "id": ""} == {**second, "id": ""}
    (row,) = list_leads(app)
    assert row.name is None
    codes = {word for mail in list_mails(app) for word in mail.text.split() if word.startswith("TEA-")}
    assert len(codes) == 1
    assert [mail.subject for mail in list_mails(app)[1:]] == ["Your code at Maple Store"] * 2


def test_other_words_are_confirmed_anew_and_what_others_typed_counts_for_nothing(
    app: Flask, client: FlaskClient, cast: Cast, campaign_id: uuid.UUID
) -> None:
    fields = [{"key": "interests", "required": True, "choices": ["tea"]}]
    first = start_campaign(app, cast.maple, consents={"en": "Tea only."}, fields=fields)
    read_json(send_lead(client, cast.maple, lead(first, fields={"interests": ["tea"]})))
    confirm(client, app)
    read_json(send_lead(client, cast.maple, lead(campaign_id)))
    post_store(client, cast.maple, "orders", order(1, customer={"email": ERIN}))
    (row,) = list_leads(app)
    assert row.customer_id
    with app.app_context():
        (told,) = list_attributes(cast.maple.id, row.customer_id)
        exported = b"".join(stream_leads(cast.maple.id, "csv")).decode()
    assert told.consent_text == "Tea only."
    assert "Tea only." in exported
    assert "Maple Store may send me news" not in exported
    asking = list_mails(app)[-1]
    assert asking.subject.startswith("Please confirm")
    assert "Confirm your address" in client.get(link_of(asking)).text
    client.post(link_of(asking))
    assert [one.kind for one in list_consents(app)] == ["given", "confirmed", "given", "confirmed"]


def test_without_double_opt_in_the_code_is_shown_at_once_but_to_its_own_browser_alone(
    app: Flask, client: FlaskClient, cast: Cast, pool_id: uuid.UUID
) -> None:
    campaign_id = start_campaign(app, cast.maple, goal="coupon", pool_id=str(pool_id), is_double_opt_in=False)
    own, other = visit(client, cast.maple), visit(client, cast.maple)
    answer = read_json(send_lead(client, cast.maple, lead(campaign_id), own))
    assert (answer["state"], answer["code"][:4]) == ("confirmed", "TEA-")
    assert answer["expires_at"] is not None
    again = read_json(send_lead(client, cast.maple, lead(campaign_id, "ERIN@shoppers.example"), own))
    assert again["code"] == answer["code"]
    strangers = read_json(send_lead(client, cast.maple, lead(campaign_id), other))
    assert "code" not in strangers
    (row,) = list_leads(app)
    assert (row.state, row.confirmed_at) == ("confirmed", None)


def test_fixed_code_is_everybodys(app: Flask, client: FlaskClient, cast: Cast) -> None:
    campaign_id = start_campaign(app, cast.maple, goal="coupon", fixed_code="WELCOME", is_double_opt_in=False)
    for email in (ERIN, ERIN, "frank@shoppers.example"):
        answer = read_json(send_lead(client, cast.maple, lead(campaign_id, email)))
        assert (answer["code"], answer["expires_at"]) == ("WELCOME", None)


@pytest.mark.parametrize("is_double_opt_in", [True, False])
def test_empty_pool_is_said_before_anything_is_kept(
    app: Flask, client: FlaskClient, cast: Cast, is_double_opt_in: bool
) -> None:
    with app.app_context():
        pool_id = make_pool(cast.maple.id, codes="uploaded")
    campaign_id = start_campaign(
        app, cast.maple, goal="coupon", pool_id=str(pool_id), is_double_opt_in=is_double_opt_in
    )
    problem = assert_problem(send_lead(client, cast.maple, lead(campaign_id)), 409)
    assert problem["title"] == "There are no codes left"
    assert list_leads(app) == []
    assert list_mails(app) == []


def test_an_empty_pool_does_not_tell_which_addresses_have_a_code(
    app: Flask, client: FlaskClient, cast: Cast, pool_id: uuid.UUID
) -> None:
    campaign_id = start_campaign(app, cast.maple, goal="coupon", pool_id=str(pool_id))
    read_json(send_lead(client, cast.maple, lead(campaign_id)))
    confirm(client, app)
    with app.app_context():
        begin_writing_anew()
        db.session.get_one(CouponPool, (cast.maple.id, pool_id)).archived_at = utc_now()
        db.session.commit()
    answers = [send_lead(client, cast.maple, lead(campaign_id, email)) for email in (ERIN, "new@x.example")]
    assert [answer.status_code for answer in answers] == [409, 409]
    assert len({answer.text for answer in answers}) == 1


def test_unsubscribed_reader_is_subscribed_again_only_by_their_own_hand(
    app: Flask, client: FlaskClient, cast: Cast, campaign_id: uuid.UUID
) -> None:
    read_json(send_lead(client, cast.maple, lead(campaign_id)))
    confirm(client, app)
    old_link = link_of(list_mails(app)[0])
    for _ in range(2):
        assert "You are unsubscribed" in client.post(link_of(list_mails(app)[1], "u")).text
    assert client.post(old_link).status_code == 410
    assert list_leads(app)[0].state == "unsubscribed"
    read_json(send_lead(client, cast.maple, lead(campaign_id)))
    assert list_leads(app)[0].state == "unsubscribed"
    confirm(client, app)
    assert list_leads(app)[0].state == "confirmed"
    assert [one.kind for one in list_consents(app)] == ["given", "confirmed", "withdrawn", "given", "confirmed"]


def test_who_ended_all_mails_by_another_link_is_asked_again_and_sent_no_code(
    app: Flask, client: FlaskClient, cast: Cast, pool_id: uuid.UUID
) -> None:
    campaign_id = start_campaign(app, cast.maple, goal="coupon", pool_id=str(pool_id))
    read_json(send_lead(client, cast.maple, lead(campaign_id)))
    confirm(client, app)
    with app.app_context():
        begin_writing_anew()
        suppress_address(cast.maple.id, hash_address(cast.maple.id, ERIN))
        db.session.commit()
    read_json(send_lead(client, cast.maple, lead(campaign_id)))
    assert [mail.subject for mail in list_mails(app)] == [
        "Please confirm your address for Maple Store",
        "Your code at Maple Store",
        "Please confirm your address for Maple Store",
    ]
    assert list_leads(app)[0].state == "unsubscribed"
    confirm(client, app)
    assert list_leads(app)[0].state == "confirmed"
    with app.app_context():
        assert find_suppressed(cast.maple.id, [ERIN]) == set()


def test_a_consent_taken_back_while_its_confirmation_waits_is_not_confirmed(
    app: Flask, client: FlaskClient, cast: Cast, campaign_id: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_json(send_lead(client, cast.maple, lead(campaign_id)))
    turns: list[str] = []

    def wait(site_id: uuid.UUID, key: str) -> None:
        turns.append(key)
        if len(turns) == 1:
            unsubscribe_lead(db.session.scalars(select(Lead).where(Lead.site_id == site_id)).one(), utc_now())

    monkeypatch.setattr("widget.popups.confirming.take_address_turn", wait)
    assert confirm(client, app).status_code == 410
    assert "confirmed" not in [one.kind for one in list_consents(app)]


def test_mails_end_with_one_click(app: Flask, client: FlaskClient, cast: Cast, campaign_id: uuid.UUID) -> None:
    read_json(send_lead(client, cast.maple, lead(campaign_id)))
    assert list_mails(app)[0].headers == {}
    confirm(client, app)
    welcome = list_mails(app)[1]
    assert welcome.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert welcome.headers["List-Unsubscribe"] == f"<http://localhost:8000{link_of(welcome, 'u')}>"


def test_program_is_mailed_once_and_never_confirms_by_itself(app: Flask, client: FlaskClient, cast: Cast) -> None:
    campaign_id = start_campaign(app, cast.maple, goal="coupon", fixed_code="X", is_double_opt_in=False)
    for changes in ({"elapsed_ms": 200}, {"elapsed_ms": 3_000, "website": "x"}):
        for _ in range(3):
            response = send_lead(client, cast.maple, lead(campaign_id, f"v{len(changes)}@x.example", **changes))
            answer = read_json(response) if response.status_code != 429 else {"state": "unconfirmed"}
            assert answer["state"] == "unconfirmed"
            assert "code" not in answer
    assert len(list_mails(app)) == len(list_leads(app)) == 2
    people = read_json(send_lead(client, cast.maple, lead(campaign_id, website="filled by the browser")))
    assert people["code"] == "X"


def test_nobody_is_bombed_with_mails(app: Flask, client: FlaskClient, cast: Cast, campaign_id: uuid.UUID) -> None:
    spellings = ["v@gmail.com", "V@gmail.com", "v+a@gmail.com", "v+b@googlemail.com"]
    statuses = [send_lead(client, cast.maple, lead(campaign_id, email)).status_code for email in spellings]
    assert statuses == [201, 201, 201, 429]
    assert len(list_leads(app)) == 1
    with time_machine.travel(utc_now() + timedelta(days=1, minutes=1)):
        assert send_lead(client, cast.maple, lead(campaign_id, spellings[3])).status_code == 201


def test_leads_nobody_confirmed_are_purged(app: Flask, client: FlaskClient, cast: Cast, campaign_id: uuid.UUID) -> None:
    for email in (ERIN, "frank@shoppers.example"):
        read_json(send_lead(client, cast.maple, lead(campaign_id, email)))
    confirm(client, app)
    for days, left in ((29, 2), (31, 1)):
        with time_machine.travel(utc_now() + timedelta(days=days)), app.app_context():
            purge_unconfirmed_leads()
        assert len(list_leads(app)) == left
    assert client.get(link_of(list_mails(app)[0])).status_code == 404
    assert [one.kind for one in list_consents(app)] == ["given", "confirmed"]


def test_forged_links_open_nothing(app: Flask, client: FlaskClient, cast: Cast, campaign_id: uuid.UUID) -> None:
    said = lead(campaign_id)
    read_json(send_lead(client, cast.maple, said))
    token = link_of(list_mails(app)[0]).rpartition("/")[2]
    lead_id = uuid.UUID(said["id"]).hex
    with app.app_context():
        bobs = sign_token("lead-confirm", cast.bobs.id, f"{lead_id}-1")
        others = sign_token("lead-unsubscribe", cast.maple.id, lead_id)
        numbers = [sign_token("lead-confirm", cast.maple.id, f"{lead_id}-{end}") for end in ("2", "", "x", "-1")]
    for forged in (token[:-5] + "AAAAA", bobs, others, *numbers, "x", "%00", "é"):
        for method in ("GET", "POST"):
            response = client.open(f"/l/c/{forged}", method=method, headers={"Accept-Language": "it"})
            assert response.status_code == 404, forged
            assert "Questo link non funziona" in response.text
    assert list_leads(app)[0].state == "unconfirmed"


def test_campaign_of_another_site_or_without_a_form_takes_no_address(
    app: Flask, client: FlaskClient, cast: Cast, campaign_id: uuid.UUID
) -> None:
    assert_problem(send_lead(client, cast.bobs, lead(campaign_id)), 404)
    for state in ("draft", "archived"):
        other = start_campaign(app, cast.maple, state)
        assert_problem(send_lead(client, cast.maple, lead(other)), 404)
    assert_problem(send_lead(client, cast.maple, lead(start_campaign(app, cast.maple, "paused"))), 409)
    assert_problem(send_lead(client, cast.maple, lead(start_campaign(app, cast.maple, goal="message"))), 409)
    assert list_leads(app) == []
