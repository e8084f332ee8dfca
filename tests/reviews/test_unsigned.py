"""Reviews without an account: confirmed by mail, changed by the same link, never verified, no way to bomb people."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.cast import Cast
from tests.core.writing_routes import count_rows
from tests.embed.shopper import assert_problem, read_json
from tests.intake.store import order, post
from tests.reviews.builders import TEAPOT, count_summaries, read_summaries
from tests.reviews.writers import link_of, list_mails, list_reviews, post_review, read_review, say, send, set_up
from widget.core.clock import utc_now
from widget.core.db import begin_writing_anew, db
from widget.core.tokens import sign_token
from widget.reviews.history import list_events
from widget.reviews.media_models import ReviewMedia
from widget.reviews.models import Review
from widget.reviews.tasks import purge_unconfirmed_reviews

ERIN = "erin@shoppers.example"


def write(client: FlaskClient, cast: Cast, **changes: Any) -> dict[str, Any]:
    """Send an unsigned review as Erin, or whoever the changes say."""
    return read_json(post_review(client, cast.maple, **{"email": ERIN, "name": "Erin Stone", **changes}))


def press(client: FlaskClient, path: str, action: str, **fields: str) -> Any:
    return client.post(path, data={"action": action, **fields})


def test_unsigned_review_waits_for_its_address(app: Flask, client: FlaskClient, cast: Cast) -> None:
    answer = write(client, cast)
    assert (answer["state"], answer["hold_reason"], answer["verified"]) == ("pending", "unconfirmed", None)
    (review,) = list_reviews(app)
    assert (review.author_key, review.customer_id, review.email) == (None, None, ERIN)
    (mail,) = list_mails(app)
    assert mail.recipient == ERIN
    with app.app_context():
        assert read_summaries(cast.maple.id) == count_summaries(cast.maple.id) == empty()


def empty() -> dict[str, Any]:
    return {"products": {}, "facets": {}, "tallies": {}}


def test_mail_repeats_nothing_a_stranger_has_written(app: Flask, client: FlaskClient, cast: Cast) -> None:
    spam = {"title": "Win https://spam.example", "body": "Buy <b>now</b>", "name": "Call 555"}
    read_json(post_review(client, cast.maple, None, "https://spam.example/now", email=ERIN, **spam))
    (mail,) = list_mails(app)
    for text in (mail.subject, mail.text, mail.html or ""):
        assert not re.search("spam|Buy|555|Win", text)


def test_one_post_confirms(app: Flask, client: FlaskClient, cast: Cast) -> None:
    post(client, cast.maple, "orders", order(1, customer={"email": ERIN}))
    answer = write(client, cast, body="<script>alert(1)</script> & fine")
    path = link_of(list_mails(app)[0])
    page = client.get(path)
    assert page.status_code == 200
    assert "Is this your review?" in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; fine" in page.text
    assert "<script" not in page.text
    for _ in range(2):
        assert "Your review is published." in press(client, path, "confirm").text
    review = read_review(app, answer["id"])
    assert (review.state, review.verified_by, review.author_name) == ("published", None, "Erin S.")
    assert review.author_key is not None
    assert review.author_key.startswith("e:")
    with app.app_context():
        assert [event.kind for event in list_events(cast.maple.id, review.id)] == ["submitted", "confirmed"]
        assert read_summaries(cast.maple.id) == count_summaries(cast.maple.id)


def test_mail_scanners_confirm_nothing(app: Flask, client: FlaskClient, cast: Cast) -> None:
    write(client, cast)
    path = link_of(list_mails(app)[0])
    for confirmed in (False, True):
        before = count_rows(app)
        for _ in range(10):
            for method in ("GET", "HEAD"):
                assert client.open(path, method=method).status_code == 200
        assert count_rows(app) == before
        assert (list_reviews(app)[0].state == "published") is confirmed
        press(client, path, "confirm")


def test_confirmed_review_goes_the_way_of_all(app: Flask, client: FlaskClient, cast: Cast) -> None:
    set_up(app, cast.maple, moderation="hold")
    held = write(client, cast)
    spam = write(client, cast, email="frank@shoppers.example", body="https://a.example https://b.example")
    for mail in list_mails(app):
        assert "looks at your review" in press(client, link_of(mail), "confirm").text
    assert [read_review(app, one["id"]).hold_reason for one in (held, spam)] == ["moderation", "suspicious"]


def test_second_review_of_an_address_leads_to_the_first(app: Flask, client: FlaskClient, cast: Cast) -> None:
    write(client, cast)
    write(client, cast, email="Erin@Shoppers.Example", rating=1)
    first, second = (link_of(mail) for mail in list_mails(app))
    press(client, first, "confirm")
    for response in (press(client, second, "confirm"), client.get(second)):
        assert response.status_code == 409
        assert "You have reviewed this already" in response.text
        # But for the time in it, the link of the first mail.
        assert first.partition(".")[0] in response.text
    assert [review.state for review in list_reviews(app)] == ["published", "pending"]


def test_repeat_sends_no_second_mail(app: Flask, client: FlaskClient, cast: Cast) -> None:
    said = say(email=ERIN)
    statuses = [send(client, cast.maple, f"?product={TEAPOT}", said).status_code for _ in range(3)]
    assert statuses == [201, 200, 200]
    other = send(client, cast.maple, f"?product={TEAPOT}", {**said, "email": "frank@shoppers.example"})
    assert_problem(other, 409)
    assert len(list_mails(app)) == 1


def test_nobody_is_bombed_with_mails(app: Flask, client: FlaskClient, cast: Cast) -> None:
    spellings = ["v@gmail.com", "V@gmail.com", "v+a@gmail.com", "v.@gmail.com", "v+b@googlemail.com"]
    responses = [post_review(client, cast.maple, email=spelling) for spelling in spellings[:3]]
    assert [response.status_code for response in responses] == [201] * 3
    refused = post_review(client, cast.maple, email=spellings[4])
    assert_problem(refused, 429)
    assert int(refused.headers["Retry-After"]) > 3600
    for number in range(27):
        assert post_review(client, cast.maple, email=f"v{number}@x.example").status_code == 201
    assert_problem(post_review(client, cast.maple, email="last@x.example"), 429)
    assert len(list_mails(app)) == len(list_reviews(app)) == 30
    with time_machine.travel(utc_now() + timedelta(days=1, minutes=1)):
        assert post_review(client, cast.maple, email=spellings[4]).status_code == 201


def test_store_may_take_reviews_of_its_customers_only(app: Flask, client: FlaskClient, cast: Cast) -> None:
    set_up(app, cast.maple, allows_unsigned=False)
    problem = assert_problem(post_review(client, cast.maple, email=ERIN), 409)
    assert problem["type"].endswith("unsigned-reviews-refused")
    set_up(app, cast.maple, allows_unsigned=True)
    injected = ("erin@x.example\nBcc: all@x.example", "erin@x.example\x00", "<erin@x.example>")
    for email in (None, "", "erin", "a@b", *injected):
        assert_problem(post_review(client, cast.maple, email=email), 422)
    assert list_reviews(app) == []
    assert list_mails(app) == []


def test_author_changes_and_withdraws_by_the_same_link(app: Flask, client: FlaskClient, cast: Cast) -> None:
    answer = write(client, cast)
    path = link_of(list_mails(app)[0])
    press(client, path, "confirm")
    page = client.get(path)
    assert 'value="4" checked' in page.text
    assert 'value="Erin S."' in page.text
    form = {"revision": "1", "0.rating": "2", "0.title": 'New "title"', "0.body": "Drips <b>", "name": "Erin S."}
    for _ in range(2):
        assert "Your changes are saved" in press(client, path, "save", **form).text
    review = read_review(app, answer["id"])
    assert (review.rating, review.title, review.revision, review.state) == (2, 'New "title"', 2, "published")
    wrong = press(client, path, "save", **{**form, "0.rating": "9", "0.title": "x" * 151})
    assert wrong.status_code == 422
    assert "Please choose the stars first." in wrong.text
    assert "at most 150 characters" in wrong.text
    assert "Drips &lt;b&gt;</textarea>" in wrong.text
    assert "is taken back" in press(client, path, "withdraw").text
    assert read_review(app, answer["id"]).reject_reason == "author"
    assert "It is shown no more." in client.get(path).text
    assert "Your changes are saved" in press(client, path, "save", **{**form, "revision": "2"}).text
    with app.app_context():
        assert read_summaries(cast.maple.id) == count_summaries(cast.maple.id)


def test_forged_links_open_nothing(app: Flask, client: FlaskClient, cast: Cast) -> None:
    answer = write(client, cast)
    path = link_of(list_mails(app)[0])
    token = path.rpartition("/")[2]
    with app.app_context():
        bobs = sign_token("review-author", cast.bobs.id, answer["id"].replace("-", ""))
        others = sign_token("survey-invitation", cast.maple.id, answer["id"].replace("-", ""))
    for forged in (token[:-5] + "AAAAA", bobs, others, "x", "%00", "é"):
        for method in ("GET", "POST"):
            response = client.open(f"/l/v/{forged}", method=method, headers={"Accept-Language": "it"})
            assert response.status_code == 404, forged
            assert "Questo link non funziona" in response.text
    assert list_reviews(app)[0].state == "pending"


@pytest.mark.parametrize("language", ["it", "de", "ar"])
def test_mail_and_page_speak_the_shoppers_language(app: Flask, client: FlaskClient, cast: Cast, language: str) -> None:
    write(client, cast, language=f"{language}-XX")
    (mail,) = list_mails(app)
    assert f'<html lang="{language}"' in (mail.html or "")
    page = client.get(link_of(mail), headers={"Accept-Language": "en"})
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in page.text


def test_what_nobody_confirmed_is_purged_with_its_photos_freed(app: Flask, client: FlaskClient, cast: Cast) -> None:
    write(client, cast)
    kept = write(client, cast, email="frank@shoppers.example")
    press(client, link_of(list_mails(app)[1]), "confirm")
    with app.app_context():
        begin_writing_anew()
        review = db.session.scalars(select(Review).where(Review.email == ERIN)).one()
        media = {"kind": "photo", "sizes": [], "bytes": 1, "content_hash": "0", "holder": "0", "position": 1}
        made = {"site_id": cast.maple.id, "id": review.id, "review_id": review.id, "created_at": utc_now()}
        db.session.add(ReviewMedia(**made, **media))
        db.session.commit()
        with time_machine.travel(utc_now() + timedelta(days=29)):
            purge_unconfirmed_reviews()
        assert len(list_reviews(app)) == 2
        with time_machine.travel(utc_now() + timedelta(days=30, minutes=1)):
            purge_unconfirmed_reviews()
        assert db.session.scalars(select(ReviewMedia)).one().review_id is None
    assert [str(review.id) for review in list_reviews(app)] == [kept["id"]]
