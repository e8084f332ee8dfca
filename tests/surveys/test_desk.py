"""Owners put tags and notes on answers, and keep filters under names."""

import re
import uuid

import pytest
from flask import Flask
from sqlalchemy import select

from tests.cast import Cast
from tests.dashboard.owner import OwnerBrowser, logged_in, make_member
from tests.surveys.builders import make_response, make_survey
from tests.surveys.test_pages import surveys_of, words
from widget.core.db import begin_writing, db
from widget.sites.models import AuditEntry
from widget.surveys.desk_models import ResponseNote, ResponseTag, SavedFilter


class Desk:
    """One answer of Maple and its addresses."""

    def __init__(self, app: Flask, cast: Cast) -> None:
        self.app, self.cast = app, cast
        with app.app_context():
            begin_writing()
            survey = make_survey(cast.maple.id)
            response = make_response(survey, 3, comment="Too late")
            unfinished = make_response(survey, 4, comment="I am not", completed_at=None)
            self.survey_id, self.response_id, self.unfinished_id = survey.id, response.id, unfinished.id
            db.session.commit()
        self.survey = surveys_of(cast.maple, f"/surveys/{self.survey_id}")
        self.answer = f"{self.survey}/answers/{self.response_id}"

    def count(self, model: type) -> int:
        with self.app.app_context():
            return len(db.session.scalars(select(model)).all())

    def actions(self) -> list[str]:
        with self.app.app_context():
            return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.happened_at, AuditEntry.id)))


@pytest.fixture
def desk(app: Flask, cast: Cast) -> Desk:
    return Desk(app, cast)


def test_a_tag_is_added_once_shown_and_taken_off(alice: OwnerBrowser, desk: Desk) -> None:
    for tag in ("Late  Delivery", "late delivery"):
        answer = alice.post(f"{desk.answer}/tags", tag=tag, filter__bucket="detractor")
        assert answer.status_code == 302
        assert answer.headers["Location"].endswith(f"comments?bucket=detractor#answer-{desk.response_id}")
    assert desk.count(ResponseTag) == 1
    page = alice.get(f"{desk.survey}/comments?tag=late+delivery")
    assert "1 answer matches" in words(page.text)
    assert '<option value="late delivery">' in page.text, "known tags are suggested"
    for _ in range(2):
        assert alice.post(f"{desk.answer}/tags/delete", tag="late delivery").status_code == 302
    assert desk.count(ResponseTag) == 0
    assert set(desk.actions()) == {"response.tagged", "response.untagged"}


def test_a_note_is_written_once_and_deleted(alice: OwnerBrowser, desk: Desk, app: Flask) -> None:
    for _ in range(2):
        assert alice.post(f"{desk.answer}/notes", text="  Called <b>her</b>.\r\nAll is well. ").status_code == 302
    page = alice.get(f"{desk.survey}/comments").text
    assert "Called &lt;b&gt;her&lt;/b&gt;." in page
    assert "alice@maple.example" in page
    with app.app_context():
        note_id = db.session.scalars(select(ResponseNote.id)).one()
    for _ in range(2):
        assert alice.post(f"{desk.answer}/notes/{note_id}/delete").status_code == 302
    assert desk.count(ResponseNote) == 0


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("tags", {"tag": ""}),
        ("tags", {"tag": "x" * 41}),
        ("tags", {"tag": "a\x00b"}),
        ("notes", {"text": "  "}),
        ("notes", {"text": "x" * 2001}),
        ("notes", {"text": "a\x00b"}),
    ],
)
def test_what_cannot_be_kept_is_refused_in_words(
    alice: OwnerBrowser, desk: Desk, path: str, fields: dict[str, str]
) -> None:
    answer = alice.post(f"{desk.answer}/{path}", **fields)
    assert answer.status_code == 422
    assert "Nothing is changed" in answer.text
    assert desk.count(ResponseTag) + desk.count(ResponseNote) == 0


def test_an_answer_has_so_many_tags_at_most(alice: OwnerBrowser, desk: Desk) -> None:
    for number in range(20):
        alice.post(f"{desk.answer}/tags", tag=f"tag {number}")
    assert alice.post(f"{desk.answer}/tags", tag="one more").status_code == 422
    assert alice.post(f"{desk.answer}/tags", tag="tag 3").status_code == 302


def test_the_id_of_an_unfinished_answer_is_nowhere(alice: OwnerBrowser, desk: Desk) -> None:
    page = alice.get(f"{desk.survey}/comments").text
    assert "I am not" in page
    assert str(desk.unfinished_id) not in page
    path = f"{desk.survey}/answers/{desk.unfinished_id}/tags"
    assert alice.post(path, tag="late").status_code == 404


def test_a_filter_is_kept_shown_and_deleted(alice: OwnerBrowser, desk: Desk, app: Flask) -> None:
    fields = {"name": "Unhappy  ones", "filter__bucket": "detractor", "back": "surveys_pages.show_survey"}
    for text in ("late", "too"):
        answer = alice.post(f"{desk.survey}/filters", filter__text=text, **fields)
        assert answer.status_code == 302
        assert f"/surveys/{desk.survey_id}?" in answer.headers["Location"]
    assert desk.count(SavedFilter) == 1
    page = alice.get(f"{desk.survey}/comments").text
    assert "Unhappy ones" in page
    assert re.search(r"\?(bucket=detractor&amp;text=too|text=too&amp;bucket=detractor)", page)
    with app.app_context():
        filter_id = db.session.scalars(select(SavedFilter.id)).one()
    for _ in range(2):
        assert alice.post(f"{desk.survey}/filters/{filter_id}/delete").status_code == 302
    assert desk.count(SavedFilter) == 0
    assert desk.actions().count("filter.deleted") == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "", "filter__bucket": "detractor"},
        {"name": "x" * 101, "filter__bucket": "detractor"},
        {"name": "Nothing"},
        {"name": "Typo", "filter__bucket": "fan"},
        {"name": "Typo", "filter__typo": "1"},
    ],
)
def test_a_filter_that_is_none_is_not_kept(alice: OwnerBrowser, desk: Desk, fields: dict[str, str]) -> None:
    assert alice.post(f"{desk.survey}/filters", **fields).status_code == 422
    assert desk.count(SavedFilter) == 0


def test_a_form_leads_nowhere_else(alice: OwnerBrowser, desk: Desk) -> None:
    answer = alice.post(f"{desk.survey}/filters", name="A", filter__score="3", back="https://evil.example")
    assert answer.headers["Location"].startswith(f"{desk.survey}/comments")


def test_a_viewer_reads_tags_and_notes_but_changes_none(app: Flask, alice: OwnerBrowser, desk: Desk) -> None:
    alice.post(f"{desk.answer}/tags", tag="late")
    make_member(app, desk.cast.maple, "erin@maple.example", "viewer")
    erin = logged_in(app, "erin@maple.example")
    page = erin.get(f"{desk.survey}/comments").text
    assert ">late</a>" in page
    assert "Remove the tag" not in page
    assert erin.post(f"{desk.answer}/tags", tag="more").status_code == 403


def test_bob_changes_nothing_of_maple(bob: OwnerBrowser, desk: Desk, cast: Cast) -> None:
    for site in (cast.maple, cast.bobs):
        survey = surveys_of(site, f"/surveys/{desk.survey_id}")
        answer = f"{survey}/answers/{desk.response_id}"
        for path in (f"{answer}/tags", f"{answer}/tags/delete", f"{answer}/notes", f"{survey}/filters"):
            assert bob.post(path, tag="x", text="x", name="x", filter__score="3").status_code == 404
        for path in (f"{answer}/notes/{uuid.uuid4()}/delete", f"{survey}/filters/{uuid.uuid4()}/delete"):
            assert bob.post(path).status_code == 404
    assert desk.count(ResponseTag) + desk.count(SavedFilter) == 0


def test_another_surveys_answer_is_not_this_ones(app: Flask, alice: OwnerBrowser, desk: Desk, cast: Cast) -> None:
    with app.app_context():
        begin_writing()
        other = make_survey(cast.maple.id, name="Other")
        db.session.commit()
        path = surveys_of(cast.maple, f"/surveys/{other.id}/answers/{desk.response_id}/tags")
    assert alice.post(path, tag="late").status_code == 404


@pytest.mark.parametrize("file_format", ["csv", "jsonl"])
def test_exports_carry_the_tags(alice: OwnerBrowser, desk: Desk, file_format: str) -> None:
    path = f"{desk.survey}/export?format={file_format}&with_comment=1"
    assert "late" not in alice.get(path).text.replace("Too late", "")
    for tag in ("late", "=called"):
        alice.post(f"{desk.answer}/tags", tag=tag)
    exported = alice.get(path).text
    assert ("'=called, late" if file_format == "csv" else '"tags":"=called, late"') in exported
