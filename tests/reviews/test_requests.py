"""Requests to review what was bought: a link whose form is plain, one mail for all of it, and who is left alone."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.cast import Cast, SiteOfCast
from tests.core.mail_server import Mailbox, free_port, serve
from tests.core.writing_routes import count_rows
from tests.embed.shopper import assert_problem, read_json
from tests.intake.store import get, order, post
from tests.reviews.builders import TEAPOT, count_summaries, read_summaries
from tests.reviews.writers import link_of, list_mails, list_reviews, post_review, sign_in
from widget.config import MailServer
from widget.core.clock import utc_now
from widget.core.db import begin_writing_anew, db
from widget.core.mail_delivery import send_due_mails
from widget.reviews.emails import queue_edit_request
from widget.reviews.models import Review
from widget.sites.models import Site

LINES = [
    {"product_id": TEAPOT, "title": "Teapot <i>", "quantity": 1, "unit_price_minor": 2000},
    {"product_id": "CUP 01/é", "title": "Cup", "quantity": 2, "unit_price_minor": 500},
    {"product_id": "GIFT", "title": "Card", "quantity": 1, "unit_price_minor": 500, "is_gift_card": True},
]


def ask(client: FlaskClient, site: SiteOfCast, **body: Any) -> TestResponse:
    return post(client, site, "reviews/requests", body)


def ask_for_order(client: FlaskClient, cast: Cast, **body: Any) -> dict[str, Any]:
    """Tell of Carol's order, and ask for reviews of it."""
    read_json(post(client, cast.maple, "orders", order(1, lines=LINES)))
    return read_json(ask(client, cast.maple, order="1", **body))


def path_of(url: str) -> str:
    return url[url.index("/l/") :]


def test_store_gets_links_for_every_product(client: FlaskClient, cast: Cast) -> None:
    answer = ask_for_order(client, cast)
    assert [product["id"] for product in answer["products"]] == [TEAPOT, "CUP 01/é"]
    assert (answer["mail"], answer["skipped"]) == (None, [])
    five = answer["products"][1]["scale_urls"]["5"]
    assert five == f"{answer['url']}?product=CUP+01%2F%C3%A9&rating=5"
    (listed,) = get(client, cast.maple, "reviews/requests")["items"]
    assert (listed["id"], listed["customer"], listed["email"]) == (answer["id"], "carol", "carol@shoppers.example")
    assert answer["url"].rpartition("/")[2] not in str(listed)
    assert get(client, cast.bobs, "reviews/requests")["items"] == []


def test_link_only_chooses_beforehand(app: Flask, client: FlaskClient, cast: Cast) -> None:
    answer = ask_for_order(client, cast)
    before = count_rows(app)
    cup = path_of(answer["products"][1]["scale_urls"]["5"])
    for _ in range(10):
        for path in (path_of(answer["url"]), cup):
            for method in ("GET", "HEAD"):
                assert client.open(path, method=method).status_code == 200
    assert count_rows(app) == before
    page = client.get(cup).text
    assert page.count(" checked") == 1
    assert 'name="1.rating" value="5" checked' in page
    assert page.index("<bdi>Cup</bdi>") < page.index("Teapot &lt;i&gt;")
    assert "<script" not in page
    for wrong in (
        "?rating=5",
        "?product=POT-03&rating=6",
        "?product=%00&rating=five",
        "?product=x&rating=" + "9" * 999,
    ):
        assert " checked" not in client.get(path_of(answer["url"]) + wrong).text


def test_several_products_are_reviewed_in_one_form(app: Flask, client: FlaskClient, cast: Cast) -> None:
    answer = ask_for_order(client, cast, language="it")
    path = path_of(answer["url"])
    said = {"0.rating": "2", "0.body": "Gocciola", "1.rating": "5", "name": "Carol Winter", "lang": "it"}
    assert "La tua recensione è pubblicata." in client.post(path, data=said).text
    reviews = {review.product_id: review for review in list_reviews(app)}
    assert {(key, row.rating, row.verified_by, row.source) for key, row in reviews.items()} == {
        (TEAPOT, 2, "order", "link"),
        ("CUP 01/é", 5, "order", "link"),
    }
    assert {(row.author_name, row.language) for row in reviews.values()} == {("Carol W.", "it")}
    assert {row.author_key for row in reviews.values()} == {f"c:{reviews[TEAPOT].customer_id.hex}"}
    again = client.post(path, data={**said, "0.rating": "1"})
    assert again.status_code == 200
    assert again.text.count("L&#39;hai già recensito.") == 2
    assert len(list_reviews(app)) == 2
    with app.app_context():
        assert read_summaries(cast.maple.id) == count_summaries(cast.maple.id)
    change = re.findall(r'href="http://localhost:8000(/l/v/[^"]+)"', again.text)[0]
    assert "Salva le modifiche" in client.get(change).text


def test_words_without_stars_come_back_and_nothing_is_stored(app: Flask, client: FlaskClient, cast: Cast) -> None:
    path = path_of(ask_for_order(client, cast)["url"])
    for said in ({}, {"0.rating": "5", "1.body": "Fine <b>"}, {"0.rating": "7"}, {"1.rating": "5", "name": "x" * 101}):
        response = client.post(path, data=said)
        assert response.status_code == 422, said
        assert 'role="alert"' in response.text
    assert "Fine &lt;b&gt;</textarea>" in client.post(path, data={"1.body": "Fine <b>"}).text
    assert list_reviews(app) == []


def test_forged_fields_of_the_form_change_nothing(app: Flask, client: FlaskClient, cast: Cast) -> None:
    read_json(post(client, cast.maple, "orders", order(1, lines=LINES)))
    answer = read_json(ask(client, cast.maple, email="erin@shoppers.example", products=[TEAPOT]))
    forged = {"verified": "1", "0.verified_by": "order", "incentivized": "0", "state": "published", "9.rating": "5"}
    client.post(path_of(answer["url"]), data={**forged, "0.rating": "5", "0.product": "CUP", "customer_id": "carol"})
    (review,) = list_reviews(app)
    assert (review.product_id, review.verified_by, review.customer_id) == (TEAPOT, None, None)
    assert (review.author_key or "")[:2] == "e:"


def test_expired_link_says_so(client: FlaskClient, cast: Cast) -> None:
    path = path_of(ask_for_order(client, cast, expires_days=1)["url"])
    with time_machine.travel(utc_now() + timedelta(days=1, minutes=1)):
        for response in (client.get(path), client.post(path, data={"0.rating": "5"})):
            assert response.status_code == 410
            assert "This link has ended" in response.text


def test_who_is_left_alone_and_why(app: Flask, client: FlaskClient, cast: Cast) -> None:
    ask_for_order(client, cast)
    post_review(client, cast.maple, sign_in(client, cast.maple))
    answer = read_json(ask(client, cast.maple, order="1", send=True))
    assert answer["skipped"] == [{"id": TEAPOT, "reason": "already_reviewed"}]
    assert [product["id"] for product in answer["products"]] == ["CUP 01/é"]
    cancelled = {"state": "cancelled", "cancelled_at": utc_now().isoformat()}
    refunds = [{"id": "r", "amount_minor": 2000, "refunded_at": utc_now().isoformat()}]
    for number, changes in ((2, cancelled), (3, {"refunds": refunds})):
        read_json(post(client, cast.maple, "orders", order(number, lines=LINES, **changes)))
        gone = read_json(ask(client, cast.maple, order=str(number), send=True))
        assert (gone["id"], gone["url"], gone["mail"], gone["products"]) == (None, None, None, [])
    assert {one["reason"] for one in gone["skipped"]} == {"order_refunded"}
    assert len(list_mails(app)) == 1


def test_reader_ends_such_mails_with_one_click(app: Flask, client: FlaskClient, cast: Cast) -> None:
    assert ask_for_order(client, cast, send=True)["mail"] == "queued"
    (mail,) = list_mails(app)
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = path_of(mail.headers["List-Unsubscribe"].strip("<>"))
    client.get(stop)
    assert read_json(ask(client, cast.maple, order="1", send=True))["mail"] == "queued"
    assert client.post(stop.partition("?")[0], data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert read_json(ask(client, cast.maple, order="1", send=True))["mail"] == "suppressed"
    assert len(list_mails(app)) == 2


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"products": [TEAPOT]},
        {"email": "erin@shoppers.example"},
        {"customer": "carol", "products": []},
        {"customer": "carol", "products": [TEAPOT], "send": True},
        {"email": "erin@x.example\r\nBcc: all@x.example", "products": [TEAPOT]},
        {"email": "erin@shoppers.example", "products": ["x"] * 21},
        {"email": "erin@shoppers.example", "products": [TEAPOT], "minimum_rating": 4},
        {"email": "erin@shoppers.example", "products": [TEAPOT], "expires_days": 0},
    ],
    ids=str,
)
def test_request_that_cannot_be_is_refused(app: Flask, client: FlaskClient, cast: Cast, body: dict[str, Any]) -> None:
    before = count_rows(app)
    assert_problem(ask(client, cast.maple, **body), 422)
    assert {name: rows for name, rows in count_rows(app).items() if rows != before[name]} == {}


def test_bob_asks_for_no_order_of_alices(client: FlaskClient, cast: Cast) -> None:
    ask_for_order(client, cast)
    assert_problem(ask(client, cast.bobs, order="1"), 404)


def test_hostile_names_give_one_clean_mail(
    app: Flask, client: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox, port = Mailbox(), free_port()
    server = MailServer("127.0.0.1", port, "", "", is_tls=False)
    settings = replace(app.config["SETTINGS"], mail_server=server, mail_from="Maple <hello@maple.example>")
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    hostile = "Carol <b>{site}</b> {day} é"
    with app.app_context():
        begin_writing_anew()
        db.session.get_one(Site, cast.maple.id).name = "Maple\r\nBcc: all@x.example <i>{name}</i>"
        db.session.commit()
    lines = [{**LINES[0], "title": "Pot {count} <img src=x onerror=alert(1)>"}]
    buyer = {"id": "carol", "email": "carol@shoppers.example", "name": hostile}
    read_json(post(client, cast.maple, "orders", order(1, lines=lines, customer=buyer)))
    read_json(ask(client, cast.maple, order="1", send=True))
    controller = serve(mailbox, port)
    with app.app_context():
        send_due_mails()
    controller.stop()
    (message,) = mailbox.messages
    assert (message["To"], message["Bcc"]) == ("carol@shoppers.example", None)
    assert "\n" not in message["Subject"]
    html = message.get_body(("html",))
    assert html is not None
    assert not re.search(r"<(b|i|img)[ >]", html.get_content())
    assert "Carol &lt;b&gt;" in html.get_content()


def test_store_asks_an_author_to_look_again(app: Flask, client: FlaskClient, cast: Cast) -> None:
    answer = read_json(post_review(client, cast.maple, sign_in(client, cast.maple), body="Good <b>"))
    with app.app_context():
        begin_writing_anew()
        site = db.session.get_one(Site, cast.maple.id)
        queue_edit_request(
            site, db.session.scalars(select(Review)).one(), "Please leave out the <u>courier's</u> name."
        )
        db.session.commit()
    (mail,) = list_mails(app)
    assert mail.recipient == "carol@shoppers.example"
    assert "&lt;u&gt;" in (mail.html or "")
    assert "Good &lt;b&gt;" in (mail.html or "")
    client.post(link_of(mail), data={"action": "save", "revision": "1", "0.rating": "3", "0.body": "Good"})
    (review,) = list_reviews(app)
    assert (str(review.id), review.rating, review.revision, review.author_name) == (answer["id"], 3, 2, "Carol W.")
