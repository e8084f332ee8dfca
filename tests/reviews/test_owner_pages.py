"""Owners decide of reviews in the queue and on a review's own page, see everything, and can undo."""

import uuid
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.cast import Cast
from tests.dashboard.owner import OwnerBrowser, logged_in, make_member
from tests.reviews.owner_store import HELD, SPAM, OwnerStore, steps_of, words
from widget.core.clock import utc_now
from widget.core.db import begin_writing_anew, db
from widget.core.mail_models import OutgoingMail
from widget.reviews.models import Review, ReviewEvent
from widget.reviews.reader_models import ReviewReport

STEPS: list[tuple[str, dict[str, str], dict[str, Any], str]] = [
    ("publication", {}, HELD, "review.published"),
    ("rejection", {"reason": "off_topic"}, {}, "review.rejected"),
    ("hold", {}, {}, "review.held"),
    ("feature", {"on": "1"}, {}, "review.featured"),
    ("feature", {"on": "0"}, {"is_featured": True}, "review.unfeatured"),
    ("reply", {"body": "Thank you"}, {}, "review.replied"),
    ("edit-request", {"note": "Which colour?"}, {"email": "carol@x.example"}, "review.edit_requested"),
    ("incentive", {"incentive": "100 points"}, {}, "review.incentivized"),
    ("reports/settled", {}, {"reports": 1}, "review.reports_settled"),
]


@pytest.fixture
def maple(app: Flask, cast: Cast) -> OwnerStore:
    return OwnerStore(app, cast)


def test_each_step_is_taken_recorded_and_audited(alice: OwnerBrowser, maple: OwnerStore) -> None:
    for step, fields, review, action in STEPS:
        (review_id,) = maple.have(review)
        answer = alice.post(f"{maple.page(review_id)}/{step}", **fields)
        assert (answer.status_code, answer.location) == (302, maple.page(review_id)), step
        assert maple.actions()[-1] == action
        assert maple.kinds(review_id) == ["submitted", action.partition(".")[2]]


def test_repeated_step_changes_nothing(alice: OwnerBrowser, maple: OwnerStore) -> None:
    for step, fields, review, _action in STEPS:
        (review_id,) = maple.have(review)
        for _ in range(2):
            answer = alice.post(f"{maple.page(review_id)}/{step}", **fields)
            assert answer.status_code in (302, 409), step
        assert len(maple.kinds(review_id)) == 2, step


BAD_STEPS: list[tuple[str, dict[str, str]]] = [
    ("rejection", {}),
    ("rejection", {"reason": "negative"}),
    ("rejection", {"reason": "spam", "note": "x" * 501}),
    ("reply", {"body": " "}),
    ("reply", {"body": "a\x00b"}),
    ("incentive", {"incentive": "x" * 201}),
    ("edit-request", {"note": "x" * 501}),
]


def test_what_cannot_be_kept_is_refused_in_words(alice: OwnerBrowser, maple: OwnerStore) -> None:
    (review_id,) = maple.have({"email": "carol@x.example"})
    for step, fields in BAD_STEPS:
        answer = alice.post(f"{maple.page(review_id)}/{step}", **fields)
        assert answer.status_code == 422, (step, fields)
        assert "Nothing is changed" in answer.text
    assert maple.kinds(review_id) == ["submitted"]


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("publication", {"state": "pending", "hold_reason": "unconfirmed"}, "not confirmed the review by e-mail yet"),
    ("rejection", {"state": "rejected", "reject_reason": "author"}, "took the review back"),
    ("feature", HELD, "Only a published review can be featured"),
    ("reply", SPAM, "takes no reply"),
    ("edit-request", {}, "No e-mail address"),
]


def test_what_a_rule_refuses_is_said(alice: OwnerBrowser, maple: OwnerStore) -> None:
    for step, review, said in REFUSED:
        (review_id,) = maple.have(review)
        answer = alice.post(f"{maple.page(review_id)}/{step}", reason="spam", on="1", body="Hi")
        assert answer.status_code == 409, step
        assert said in words(answer.text)
        assert maple.kinds(review_id) == ["submitted"]


def test_many_are_decided_at_once_and_each_is_reported(alice: OwnerBrowser, maple: OwnerStore) -> None:
    first, second, taken_back = maple.have(
        HELD, {**HELD, "product_id": "CUP"}, {"state": "rejected", "reject_reason": "author", "title": "Gone"}
    )
    chosen = [str(first), str(second), str(taken_back), str(uuid.uuid4())]
    answer = alice.post(f"{maple.queue}/decisions", do="publish", review=chosen, back="state=all&stars=4", row="2")
    assert answer.location == f"{maple.queue}?state=all&stars=4#row-2"
    page = alice.get(maple.queue).text
    assert "2 reviews are published." in page
    assert "“Gone” by Carol W.: Its author took the review back." in page
    assert [maple.read(name).state for name in (first, second, taken_back)] == ["published", "published", "rejected"]
    assert maple.actions() == ["reviews.published"]


BAD_CHOICES: list[dict[str, Any]] = [
    {"do": "publish"},
    {"do": "publish", "review": ["x"]},
    {"do": "delete"},
    {"do": "hide", "reason": "negative"},
    {"do": "hide"},
    {"do": "publish", "review": [str(uuid.uuid4()) for _ in range(51)]},
]


def test_bad_choice_decides_nothing(alice: OwnerBrowser, maple: OwnerStore) -> None:
    (review_id,) = maple.have(HELD)
    for fields in BAD_CHOICES:
        sent = {"review": [str(review_id)], **fields} if fields["do"] != "publish" else fields
        assert alice.post(f"{maple.queue}/decisions", **sent).status_code == 422, fields
    assert maple.kinds(review_id) == ["submitted"]


def test_last_step_is_undone_with_everything_it_changed(alice: OwnerBrowser, maple: OwnerStore) -> None:
    held, featured = maple.have({**HELD, "hold_reason": "suspicious"}, {"is_featured": True})
    alice.post(f"{maple.queue}/decisions", do="hide", reason="spam", review=[str(held), str(featured)], back="")
    steps = steps_of(alice.get(maple.queue).text)
    assert len(steps) == 2
    assert "2 reviews are as they were before." in words(
        alice.client.post(
            f"{maple.queue}/undo",
            data={"csrf_token": alice.read_token("/dashboard/account"), "step": steps, "back": ""},
            follow_redirects=True,
        ).text
    )
    assert maple.read(held).hold_reason == "suspicious"
    assert (maple.read(featured).state, maple.read(featured).is_featured) == ("published", True)
    assert maple.kinds(held) == ["submitted", "rejected", "undone"]


def test_step_that_something_followed_is_not_undone(alice: OwnerBrowser, maple: OwnerStore) -> None:
    (review_id,) = maple.have(HELD)
    alice.post(f"{maple.page(review_id)}/publication")
    alice.post(f"{maple.page(review_id)}/hold")
    for step in (f"{review_id.hex}:2", f"{review_id.hex}:1", f"{review_id.hex}:99"):
        alice.post(f"{maple.queue}/undo", step=step)
        assert "Something has happened to the review since" in words(alice.get(maple.page(review_id)).text)
    assert maple.read(review_id).state == "pending"


def test_queue_shows_what_waits_with_why_and_hostile_texts_are_inert(alice: OwnerBrowser, maple: OwnerStore) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    maple.have(
        {"state": "pending", "hold_reason": "suspicious", "flags": ["links", "twin"], "title": hostile,
         "author_name": hostile, "body": hostile, "product_id": hostile},
        {"title": "Shown already"},
    )  # fmt: skip
    page = alice.get(maple.queue).text
    assert "Waiting: looks suspicious contains links same text as another" in words(page)
    assert "Shown already" not in page
    assert "<img src=x" not in page


def test_queue_begins_with_how_to_and_ends_with_all_done(alice: OwnerBrowser, maple: OwnerStore) -> None:
    assert "Put the form and the list on your product pages" in alice.get(maple.queue).text
    maple.have({})
    assert "No review waits for you" in alice.get(maple.queue).text
    assert "Nothing matches this filter" in alice.get(f"{maple.queue}?q=nobody").text
    for bad in ("state=x", "stars=9", "cursor=x"):
        assert alice.get(f"{maple.queue}?{bad}").status_code == 422


def test_one_review_tells_its_history_in_words(alice: OwnerBrowser, maple: OwnerStore, app: Flask) -> None:
    (review_id,) = maple.have({"attributes": {"fit": 3}, "reports": 1})
    with app.app_context():
        begin_writing_anew()
        report = {"site_id": maple.cast.maple.id, "review_id": review_id, "reader_key": "v:1", "created_at": utc_now()}
        db.session.add(ReviewReport(reason="fake", note="Never bought it", **report))
        db.session.commit()
    alice.post(f"{maple.page(review_id)}/rejection", reason="personal_data", note="Names a nurse")
    page = words(alice.get(maple.page(review_id)).text)
    for text in (
        "alice@maple.example hid it: Personal data Names a nurse",
        "The author wrote it",
        "History intact",
        "Fake Never bought it",
        "Hidden: Personal data",
        "fit 3",
    ):
        assert text in page
    with app.app_context():
        begin_writing_anew()
        db.session.execute(update(ReviewEvent).where(ReviewEvent.number == 1).values(actor="bob@bobs.example"))
        db.session.commit()
    assert "Altered at step 1" in alice.get(maple.page(review_id)).text


def test_author_is_asked_once_a_day_by_mail(alice: OwnerBrowser, maple: OwnerStore, app: Flask) -> None:
    (review_id,) = maple.have({"email": "carol@x.example"})
    answers = [alice.post(f"{maple.page(review_id)}/edit-request", note="Which colour?") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 409]
    with app.app_context():
        (mail,) = db.session.scalars(select(OutgoingMail)).all()
    assert mail.recipient == "carol@x.example"
    assert "Which colour?" in mail.text


def test_viewer_reads_and_decides_nothing(app: Flask, maple: OwnerStore) -> None:
    (review_id,) = maple.have(HELD)
    make_member(app, maple.cast.maple, "erin@maple.example", "viewer")
    erin = logged_in(app, "erin@maple.example")
    for path in (maple.queue, maple.page(review_id), f"{maple.queue}/products"):
        page = erin.get(path)
        assert page.status_code == 200
        assert "Publish</button>" not in page.text
    assert erin.post(f"{maple.page(review_id)}/publication").status_code == 403
    assert erin.get(f"{maple.queue}/settings").status_code == 403


def test_bob_finds_and_changes_nothing_of_maple(bob: OwnerBrowser, maple: OwnerStore, app: Flask) -> None:
    (review_id,) = maple.have({"reports": 1, "email": "carol@x.example"})
    for site in (maple.cast.maple, maple.cast.bobs):
        page = f"/dashboard/{site.key}/reviews/{review_id}"
        assert bob.get(page).status_code == 404
        for step, fields, _review, _action in STEPS:
            assert bob.post(f"{page}/{step}", **fields).status_code == 404, step
    theirs = f"/dashboard/{maple.cast.bobs.key}/reviews"
    bob.post(f"{theirs}/decisions", do="hide", reason="spam", review=str(review_id))
    bob.post(f"{theirs}/undo", step=f"{review_id.hex}:1")
    assert maple.kinds(review_id) == ["submitted"]
    with app.app_context():
        assert db.session.scalars(select(Review.state)).all() == ["published"]
