"""An advocate's link: nothing is written by reading it, and it leads to the store or to our own page alone."""

import re
import uuid
from collections.abc import Iterator
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.cast import Cast
from tests.orders.builders import NOON
from tests.referrals.builders import at, coupon_reward, list_states, make_advocate, order_by, start_referrals, tell
from widget.core.db import begin_writing_anew, db
from widget.referrals.advocates import block_advocate
from widget.referrals.marks import CLAIMS_A_MINUTE
from widget.referrals.models import Advocate, Referral, ReferralClick, ReferralProgram

SHOP = "https://maple.example"
# What browsers take for another place than a glance does.
STRANGERS = [
    "//evil.example",
    "///evil.example",
    "\\\\evil.example",
    "/\\evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:\\\\evil.example",
    "http://evil.example",
    "https://evil.example",
    "@evil.example",
    f"{SHOP}@evil.example/",
    f"{SHOP}:x@evil.example/",
    f"{SHOP}:8443/",
    f"{SHOP}:443@evil.example/",
    f"{SHOP}.evil.example/",
    f"{SHOP}\\@evil.example/",
    f"{SHOP}\\.evil.example/",
    f"{SHOP}#@evil.example/",
    f"{SHOP};evil.example/",
    f"{SHOP}%2eevil.example/",
    f"{SHOP}\t.evil.example/",
    f"{SHOP}/\r\nLocation: https://evil.example",
    f"{SHOP}/\r\n\r\n<script>alert(1)</script>",
    f"{SHOP}/\x00",
    f"{SHOP}/ x",
    f"\t{SHOP}/",
    f" {SHOP}/",
    "java\nscript:alert(1)",
    "javascript:alert(1)//https://maple.example/",
    "data:text/html,<script>alert(1)</script>",
    "https://mаple.example/",
    "https://maple。example/",
    "https://xn--mple-63d.example/",
    "https://ｍaple.example/",
    "https://maplé.example/",
    f"{SHOP}/caf\u00e9",
    "http://maple.example/",
    "HTTPS://maple.example/",
    "https://user:pass@maple.example/",
    "https://maple.example./",
    "ftp://maple.example/",
    "blob:https://maple.example/1",
    "/products/tea",
    "?x",
    "https://",
    SHOP + "/" + "a" * 2000,
]


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    with at(NOON):
        yield


@pytest.fixture
def code(app: Flask, cast: Cast) -> str:
    """Carol's code at Maple, whose program has no page of its own."""
    with app.app_context():
        start_referrals(cast.maple.id)
        return make_advocate(cast.maple.id)


def read_field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return unescape(found[1])


def claim(client: FlaskClient, code: str, email: str = "frank@shoppers.example", **more: str) -> TestResponse:
    """Open the page and send its form, as a browser without scripts does."""
    page = client.get(f"/r/{code}", headers={"Accept-Language": more.pop("language", "en")}).text
    said = {name: read_field(page, name) for name in ("token", "via", "lang", "visitor")}
    return client.post(f"/r/{code}", data={**said, "email": email, **more})


def count_rows(app: Flask) -> tuple[int, int]:
    with app.app_context():
        clicks = db.session.scalar(select(func.count()).select_from(ReferralClick)) or 0
        return clicks, len(db.session.scalars(select(Referral.id)).all())


def test_link_shows_the_offer_and_a_way_into_the_store(client: FlaskClient, code: str) -> None:
    answer = client.get(f"/r/{code.lower()}?via=sms", headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    assert "<h1>A friend gives you 100 points</h1>" in answer.text
    assert f'href="{SHOP}/?regulars_ref={code}&amp;regulars_via=sms"' in answer.text
    assert read_field(answer.text, "via") == "sms"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "'unsafe" not in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers
    spanish = client.get(f"/r/{code}", headers={"Accept-Language": "es-MX"}).text
    assert "Un amigo te regala 100 puntos" in spanish
    assert '<html lang="ar" dir="rtl">' in client.get(f"/r/{code}?lang=ar").text


def test_reading_a_link_ten_times_writes_nothing(app: Flask, client: FlaskClient, code: str) -> None:
    for _ in range(5):
        assert client.get(f"/r/{code}").status_code == 200
        assert client.head(f"/r/{code}").status_code == 200
    assert count_rows(app) == (0, 0)


def test_link_leads_to_a_page_of_the_store_that_it_names(client: FlaskClient, code: str) -> None:
    answer = client.get(f"/r/{code}", query_string={"to": f"{SHOP}/tea?size=2#top", "via": "whatsapp"})
    assert answer.status_code == 302
    said = f"{SHOP}/tea?size=2&regulars_ref={code}&regulars_via=whatsapp#top"
    assert answer.headers["Location"] == said
    pigeon = client.get(f"/r/{code}", query_string={"to": SHOP, "via": "pigeon"})
    assert pigeon.headers["Location"] == f"{SHOP}?regulars_ref={code}&regulars_via=link"


@pytest.mark.parametrize("landing_url", [None, f"{SHOP}/friends"])
def test_link_never_leaves_the_registered_origins(
    app: Flask, client: FlaskClient, cast: Cast, code: str, landing_url: str | None
) -> None:
    with app.app_context():
        start_referrals(cast.maple.id, landing_url=landing_url)
    for stranger in STRANGERS:
        answer = client.get(f"/r/{code}", query_string={"to": stranger})
        location = answer.headers.get("Location")
        if landing_url is None:
            assert (answer.status_code, location) == (200, None), stranger
        else:
            assert location == f"{landing_url}?regulars_ref={code}&regulars_via=link", stranger
        assert "evil" not in answer.text, stranger


def test_landing_page_that_is_no_longer_of_the_site_is_not_gone_to(
    app: Flask, client: FlaskClient, cast: Cast, code: str
) -> None:
    with app.app_context():
        start_referrals(cast.maple.id, landing_url="https://former.example/friends")
    assert client.get(f"/r/{code}").status_code == 200


def test_friend_claims_without_scripts_and_gets_a_code(app: Flask, client: FlaskClient, cast: Cast, code: str) -> None:
    with app.app_context():
        start_referrals(cast.maple.id, friend=coupon_reward(cast.maple.id))
    answer = claim(client, code, " Frank@Shoppers.example ")
    assert answer.status_code == 200
    assert "Welcome! Here is €5 off, for your first order." in answer.text
    assert re.search(r'<output class="code" dir="ltr">TEA-[\w-]+</output>', answer.text)
    with app.app_context():
        assert list_states(cast.maple.id) == ["claimed"]


def test_form_sent_twice_is_one_claim(app: Flask, client: FlaskClient, code: str) -> None:
    page = client.get(f"/r/{code}").text
    said = {"token": read_field(page, "token"), "email": "frank@shoppers.example"}
    first, again = (client.post(f"/r/{code}", data=said) for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert count_rows(app) == (0, 1)


def test_claim_that_cannot_be_says_why_and_keeps_what_was_typed(
    app: Flask, client: FlaskClient, cast: Cast, code: str
) -> None:
    with app.app_context():
        tell(cast.maple.id, order_by("grace", placed_at=NOON))
    wrong = {
        "not an address": (422, "Please enter an e-mail address"),
        "frank@shoppers.example\x00": (422, "Please enter an e-mail address"),
        "a@b.example\r\nBcc: c@d.example": (422, "Please enter an e-mail address"),
        "carol@shoppers.example": (409, "This offer is not for this address."),
        "grace@shoppers.example": (409, "This offer is not for this address."),
    }
    for email, (status, words) in wrong.items():
        answer = claim(client, code, email)
        assert (answer.status_code, words in answer.text) == (status, True), email
    assert 'value="grace@shoppers.example"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert count_rows(app) == (0, 0)


def test_claims_by_both_doors_are_counted_together(client: FlaskClient, cast: Cast, code: str) -> None:
    said = {"id": str(uuid.uuid4()), "code": "NOBODY-234567", "email": "frank@shoppers.example"}
    for _ in range(CLAIMS_A_MINUTE):
        answer = client.post(f"/embed/v1/{cast.maple.key}/referrals", json=said, headers=cast.maple.page_headers)
        assert answer.status_code == 404
    answer = claim(client, code)
    assert (answer.status_code, "That was a lot at once" in answer.text) == (429, True)


@pytest.mark.parametrize("token", ["", "guess", "0" * 64])
def test_claim_from_a_form_that_is_not_ours_is_refused(app: Flask, client: FlaskClient, code: str, token: str) -> None:
    assert claim(client, code, token=token).status_code == 400
    assert count_rows(app) == (0, 0)


def test_form_of_another_store_is_refused(app: Flask, client: FlaskClient, cast: Cast, code: str) -> None:
    with app.app_context():
        start_referrals(cast.bobs.id)
        bobs = make_advocate(cast.bobs.id)
    token = read_field(client.get(f"/r/{bobs}").text, "token")
    assert claim(client, code, token=token).status_code == 400
    assert count_rows(app) == (0, 0)


def test_visit_counts_once_for_each_browser(app: Flask, client: FlaskClient, code: str) -> None:
    def visit(visitor: str) -> int:
        return client.post(f"/r/{code}/visit", data={"via": "qr", "visitor": visitor}).status_code

    first, second = (str(re.findall(r'data-visitor="([^"]+)"', client.get(f"/r/{code}").text)[0]) for _ in range(2))
    assert [visit(first), visit(first), visit(second)] == [204, 204, 204]
    assert [visit("guess"), visit("")] == [401, 401]
    assert count_rows(app) == (2, 0)
    with app.app_context():
        assert set(db.session.scalars(select(ReferralClick.channel))) == {"qr"}


@pytest.mark.parametrize("unknown", ["NOBODY-234567", "x" * 200, "%00", "CAROL%0D%0A", "ÄÖÜ", "..%2f..%2fetc", "'--"])
@pytest.mark.usefixtures("code")
def test_code_of_nobody_says_so(client: FlaskClient, unknown: str) -> None:
    for answer in (client.get(f"/r/{unknown}"), client.post(f"/r/{unknown}", data={"email": "a@b.example"})):
        assert answer.status_code == 404
        assert "Location" not in answer.headers


def test_link_of_a_program_that_rests_or_of_a_blocked_advocate_is_over(
    app: Flask, client: FlaskClient, cast: Cast, code: str
) -> None:
    with app.app_context():
        begin_writing_anew()
        advocate = db.session.scalars(select(Advocate)).one()
        block_advocate(advocate, NOON)
        db.session.commit()
    assert client.get(f"/r/{code}").status_code == 410
    with app.app_context():
        begin_writing_anew()
        db.session.scalars(select(Advocate)).one().blocked_at = None
        db.session.get_one(ReferralProgram, cast.maple.id).state = "paused"
        db.session.commit()
    answer = client.get(f"/r/{code}?to={SHOP}/")
    assert (answer.status_code, "This link is no longer good" in answer.text) == (410, True)
    assert client.post(f"/r/{code}", data={"email": "frank@shoppers.example"}).status_code == 410
    assert count_rows(app) == (0, 0)
