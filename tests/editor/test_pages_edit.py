"""Making and changing a survey on the owner's pages."""

import uuid
from typing import Any

import pytest
from flask import Flask

from tests.cast import Cast, SiteOfCast
from tests.dashboard.owner import OwnerBrowser, logged_in, make_member
from tests.surveys.builders import make_survey
from widget.core.db import begin_writing, db
from widget.sites.models import Site
from widget.surveys.models import Survey
from widget.surveys.queries import list_surveys

FIELDS = {
    "name": "After the order",
    "state": "live",
    "display": "sheet",
    "after_seconds": "5",
    "scroll_percent": "40",
    "event_name": "order_placed",
    "sample_percent": "12.5",
    "frequency": "every",
    "repeat_days": "90",
    "default_language": "it",
    "languages__en": "1",
    "languages__it": "1",
    "url_rules__0__match": "contains",
    "url_rules__0__text": "/order",
    "url_rules__1__match": "not_contains",
    "url_rules__1__text": "/order/cancel",
    "texts__en__question": "Would you come back?",
    "texts__it__thanks__promoter": "Grazie mille!",
}


def new_page(site: SiteOfCast) -> str:
    return f"/dashboard/{site.key}/surveys/new"


def edit_page(site: SiteOfCast, survey_id: uuid.UUID) -> str:
    return f"/dashboard/{site.key}/surveys/{survey_id}/edit"


def read_surveys(app: Flask, site: SiteOfCast) -> list[Survey]:
    with app.app_context():
        surveys = list(list_surveys(db.session.get_one(Site, site.id), include_archived=True))
        for survey in surveys:
            db.session.expunge(survey)
        return surveys


@pytest.fixture
def survey_id(app: Flask, cast: Cast) -> uuid.UUID:
    with app.app_context():
        begin_writing()
        survey = make_survey(cast.maple.id, "csat", "Checkout", url_rules=[["ends", f"/{n}"] for n in range(9)])
        db.session.commit()
        return survey.id


def test_alice_makes_a_survey(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    assert "Would they recommend you?" in alice.get(new_page(cast.maple)).text
    assert alice.post(new_page(cast.maple), kind="nps", **FIELDS).status_code == 302
    (survey,) = read_surveys(app, cast.maple)
    assert (survey.kind, survey.name, survey.state, survey.display) == ("nps", "After the order", "live", "sheet")
    assert (survey.after_seconds, survey.scroll_percent, survey.event_name) == (5, 40, "order_placed")
    assert (survey.sample_basis_points, survey.repeat_days, survey.default_language) == (1250, 90, "it")
    assert survey.url_rules == [["contains", "/order"], ["not_contains", "/order/cancel"]]
    assert survey.texts == {
        "en": {"question": "Would you come back?"},
        "it": {"thanks": {"promoter": "Grazie mille!"}},
    }


def test_the_form_of_a_survey_saves_it_as_it_is(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    alice.post(new_page(cast.maple), kind="nps", **FIELDS)
    (before,) = read_surveys(app, cast.maple)
    page = edit_page(cast.maple, before.id)
    assert alice.post(page, **FIELDS).status_code == 302
    (after,) = read_surveys(app, cast.maple)
    same = ("kind", "url_rules", "texts", "sample_basis_points", "repeat_days", "event_name")
    assert [getattr(after, name) for name in same] == [getattr(before, name) for name in same]
    assert after.version == before.version
    text = alice.get(page).text
    assert 'value="12.5"' in text
    assert 'placeholder="Extremely likely"' in text
    assert f"&lt;regulars-survey survey=&#34;{before.id}&#34;&gt;" in text
    assert "data-event=&#34;order_placed&#34;" in text


def test_rules_made_elsewhere_are_all_in_the_form(alice: OwnerBrowser, cast: Cast, survey_id: uuid.UUID) -> None:
    page = alice.get(edit_page(cast.maple, survey_id)).text
    for number in range(9):
        assert f'name="url_rules.{number}.text" value="/{number}"' in page


def test_one_own_label_keeps_the_others(app: Flask, alice: OwnerBrowser, cast: Cast, survey_id: uuid.UUID) -> None:
    fields = {**FIELDS, "texts__en__labels__4": "Delighted", "texts__it__thanks__promoter": ""}
    assert alice.post(edit_page(cast.maple, survey_id), **fields).status_code == 302
    (survey,) = read_surveys(app, cast.maple)
    assert survey.kind == "csat"
    assert survey.texts["en"]["labels"] == [
        "Very dissatisfied", "Dissatisfied", "Neutral", "Satisfied", "Delighted",
    ]  # fmt: skip


def test_kind_stays_what_it_was(app: Flask, alice: OwnerBrowser, cast: Cast, survey_id: uuid.UUID) -> None:
    alice.post(edit_page(cast.maple, survey_id), kind="nps", **FIELDS)
    assert read_surveys(app, cast.maple)[0].kind == "csat"


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"state": "asleep"}, "state"),
        ({"display": "popup"}, "display"),
        ({"after_seconds": "3601"}, "after_seconds"),
        ({"after_seconds": "soon"}, "after_seconds"),
        ({"after_seconds": "9" * 5000}, "after_seconds"),
        ({"scroll_percent": "-1"}, "scroll_percent"),
        ({"sample_percent": "101"}, "sample_percent"),
        ({"sample_percent": "nan"}, "sample_percent"),
        ({"repeat_days": "0"}, "repeat_days"),
        ({"default_language": "english"}, "default_language"),
        ({"texts__en__question": "x" * 501}, "texts.en.question"),
        ({"texts__it__thanks__promoter": "\x00"}, "texts.it.thanks.promoter"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_stored(
    app: Flask, alice: OwnerBrowser, cast: Cast, changes: dict[str, Any], wrong: str
) -> None:
    answer = alice.post(new_page(cast.maple), kind="nps", **{**FIELDS, **changes})
    assert answer.status_code == 422
    assert f'id="{wrong}-error"' in answer.text
    assert "One field needs your attention" in answer.text
    assert read_surveys(app, cast.maple) == []


@pytest.mark.parametrize("match", ["regex", ""])
def test_a_wrong_url_rule_is_refused(app: Flask, alice: OwnerBrowser, cast: Cast, match: str) -> None:
    answer = alice.post(new_page(cast.maple), kind="nps", **{**FIELDS, "url_rules__0__match": match})
    assert answer.status_code == 422
    assert read_surveys(app, cast.maple) == []


@pytest.mark.parametrize("kind", ["", "stars", "\x00"])
def test_a_survey_needs_a_known_kind(app: Flask, alice: OwnerBrowser, cast: Cast, kind: str) -> None:
    assert alice.post(new_page(cast.maple), kind=kind, **FIELDS).status_code == 422
    assert read_surveys(app, cast.maple) == []


def test_an_archived_survey_leaves_the_list(alice: OwnerBrowser, cast: Cast, survey_id: uuid.UUID) -> None:
    alice.post(edit_page(cast.maple, survey_id), **{**FIELDS, "state": "archived", "texts__it__thanks__promoter": ""})
    home = f"/dashboard/{cast.maple.key}/surveys"
    assert str(survey_id) not in alice.get(home).text
    assert str(survey_id) in alice.get(f"{home}?archived=1").text


def test_viewers_read_and_do_not_change(app: Flask, cast: Cast, survey_id: uuid.UUID) -> None:
    make_member(app, cast.maple, "erin@maple.example", "viewer")
    erin = logged_in(app, "erin@maple.example")
    home = erin.get(f"/dashboard/{cast.maple.key}/surveys")
    assert home.status_code == 200
    assert "New survey" not in home.text
    assert "/edit" not in erin.get(f"/dashboard/{cast.maple.key}/surveys/{survey_id}").text
    for page in (edit_page(cast.maple, survey_id), new_page(cast.maple)):
        assert erin.get(page).status_code == 403
        assert erin.post(page, kind="nps", **FIELDS).status_code == 403


def test_bob_makes_and_changes_nothing_at_maple(
    app: Flask, bob: OwnerBrowser, cast: Cast, survey_id: uuid.UUID
) -> None:
    for page in (
        new_page(cast.maple),
        edit_page(cast.maple, survey_id),
        edit_page(cast.bobs, survey_id),
    ):
        assert bob.post(page, kind="csat", **FIELDS).status_code == 404
    (survey,) = read_surveys(app, cast.maple)
    assert survey.name == "Checkout"


def test_a_form_without_its_token_changes_nothing(
    app: Flask, alice: OwnerBrowser, cast: Cast, survey_id: uuid.UUID
) -> None:
    answer = alice.client.post(edit_page(cast.maple, survey_id), data={"name": "stolen"})
    assert answer.status_code == 400
    assert answer.mimetype == "text/html"
    assert read_surveys(app, cast.maple)[0].name == "Checkout"
