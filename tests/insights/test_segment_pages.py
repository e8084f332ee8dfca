"""The owner's pages of segments: built, counted, changed, copied, deleted, by those who may."""

import re
import uuid

import pytest
from flask import Flask
from sqlalchemy import select

from tests.cast import Cast
from tests.dashboard.owner import OwnerBrowser, logged_in, make_member
from tests.orders.builders import make_order, take
from tests.surveys.builders import make_response, make_survey
from tests.surveys.test_pages import words
from widget.core.db import begin_writing_anew, db
from widget.customers.models import Customer
from widget.customers.rules import Buyer
from widget.customers.segment_models import Segment
from widget.insights.segments import create_segment
from widget.insights.starters import STARTERS

LOYAL = {
    "name": "Loyal",
    "meets": "all",
    "conditions__0__field": "orders",
    "conditions__0__comparison": "at_least",
    "conditions__0__value": "2",
}
ORDERS = [{"field": "orders", "comparison": "at_least", "value": 2}]


@pytest.fixture
def home(app: Flask, cast: Cast) -> str:
    """Carol ordered twice, Frank once; the store's dashboard."""
    with app.app_context():
        take(cast.maple.id, make_order(1), make_order(2), make_order(3, buyer=Buyer("frank", name="Frank Field")))
    return f"/dashboard/{cast.maple.key}"


@pytest.fixture
def segment_id(app: Flask, cast: Cast, home: str) -> uuid.UUID:
    assert home
    with app.app_context():
        begin_writing_anew()
        segment = create_segment(cast.maple.id, "Loyal", "all", ORDERS)
        db.session.commit()
        return segment.id


def get_segment(app: Flask, name: str = "Loyal") -> Segment | None:
    with app.app_context():
        return db.session.scalars(select(Segment).where(Segment.name == name)).one_or_none()


def test_a_segment_is_built_counted_and_saved(app: Flask, alice: OwnerBrowser, home: str) -> None:
    page = f"{home}/segments/new"
    added = alice.post(page, page=page, name="Loyal", do="add", added="orders").text
    assert 'name="conditions.0.field" value="orders"' in added
    counted = alice.post(page, page=page, **LOYAL, do="count").text
    assert "1 of 2 customers" in words(counted)
    assert get_segment(app) is None
    saved = alice.post(page, page=page, **LOYAL, do="save")
    assert saved.status_code == 302
    segment = get_segment(app)
    assert segment is not None
    assert (segment.conditions, segment.members) == (ORDERS, 1)
    text = words(alice.get(saved.location).text)
    assert "1 of 2 customers" in text
    assert "Number of orders: at least 2" in text


def test_the_live_count_says_what_the_form_says(alice: OwnerBrowser, home: str) -> None:
    query = "meets=any&conditions.0.field=orders&conditions.0.comparison=at_least&conditions.0.value="
    for value, said in (("1", "2 of 2 customers"), ("", "One of the conditions is not complete yet.")):
        answer = alice.get(f"{home}/segments/count.json?{query}{value}")
        assert (answer.status_code, answer.get_json()) == (200, {"words": said})
    answer = alice.get(f"{home}/segments/count.json?name=x")
    assert answer.get_json() == {"words": "Add a condition to see how many customers meet it."}


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"name": ""}, "Must be 1 to 100 printable characters."),
        ({"conditions__0__value": "many"}, "Must be a whole number from 0 to 1000000."),
        ({"conditions__0__comparison": "is"}, "Must be one of: at_least, at_most, exactly."),
        ({"conditions__0__field": "sql"}, "Not saved yet."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_saved(
    app: Flask, alice: OwnerBrowser, home: str, changes: dict[str, str], complaint: str
) -> None:
    answer = alice.post(f"{home}/segments/new", page=f"{home}/segments/new", **LOYAL | changes)
    assert answer.status_code == 422
    assert complaint in words(answer.text)
    with app.app_context():
        assert db.session.scalar(select(Segment.id)) is None


def test_amounts_are_typed_as_people_write_them(app: Flask, alice: OwnerBrowser, home: str) -> None:
    row = {"conditions__0__field": "revenue_minor", "conditions__0__value": "39,95"}
    alice.post(f"{home}/segments/new", page=f"{home}/segments/new", **LOYAL | row)
    segment = get_segment(app)
    assert segment is not None
    assert segment.conditions == [{"field": "revenue_minor", "comparison": "at_least", "value": 3995}]
    page = alice.get(f"{home}/segments/{segment.id}/edit").text
    assert 'value="39.95"' in page
    assert "Revenue: at least €39.95" in words(alice.get(f"{home}/segments/{segment.id}").text)


def test_a_segment_is_changed_copied_and_deleted(
    app: Flask, alice: OwnerBrowser, home: str, segment_id: uuid.UUID
) -> None:
    page = f"{home}/segments/{segment_id}/edit"
    assert alice.post(page, page=page, **LOYAL | {"conditions__0__value": "1"}).status_code == 302
    changed = get_segment(app)
    assert changed is not None
    assert changed.members == 2
    copied = alice.post(f"{home}/segments/{segment_id}/duplicate", page=page)
    assert "Loyal (2)" in alice.get(copied.location).text
    assert alice.post(f"{home}/segments/{segment_id}/delete", page=page).status_code == 302
    assert get_segment(app) is None
    log = words(alice.get(f"{home}/settings/activity").text)
    for action in ("changed the segment “Loyal”", "made the segment “Loyal (2)”", "deleted the segment “Loyal”"):
        assert action in log


def test_a_condition_is_taken_away_by_its_button(alice: OwnerBrowser, home: str) -> None:
    page = f"{home}/segments/new"
    assert 'name="conditions.0.field"' not in alice.post(page, page=page, **LOYAL, do="remove.0").text


@pytest.mark.parametrize("starter", STARTERS, ids=lambda starter: starter.key)
def test_every_ready_made_segment_can_be_saved_as_it_is(
    app: Flask, alice: OwnerBrowser, home: str, starter: object
) -> None:
    page = f"{home}/segments/new"
    html = alice.get(f"{page}?start={starter.key}").text
    fields = dict(re.findall(r'name="(conditions\.\d\.field)" value="(\w+)"', html))
    for name, options in re.findall(r'<select[^>]* name="(conditions\.\d\.\w+)"[^>]*>(.*?)</select>', html, re.DOTALL):
        fields[name] = re.search(r'value="([^"]*)" selected', options)[1]
    fields |= dict(re.findall(r'<input[^>]* name="(conditions\.\d\.value)" value="([^"]+)"', html))
    named = {name.replace(".", "__"): value for name, value in fields.items()}
    assert alice.post(page, page=page, name="Mine", meets="all", **named).status_code == 302
    segment = get_segment(app, "Mine")
    assert segment is not None
    assert segment.conditions == list(starter.conditions)


def test_a_viewer_reads_segments_and_changes_nothing(app: Flask, cast: Cast, home: str, segment_id: uuid.UUID) -> None:
    make_member(app, cast.maple, "erin@maple.example", "viewer")
    erin = logged_in(app, "erin@maple.example")
    for path in ("segments", f"segments/{segment_id}", f"segments/{segment_id}/export", "customers"):
        page = erin.get(f"{home}/{path}")
        assert page.status_code == 200
        assert "/segments/new" not in page.text
    for path in ("segments/new", f"segments/{segment_id}/edit", "segments/count.json"):
        assert erin.get(f"{home}/{path}").status_code == 403
    for path in ("new", f"{segment_id}/edit", f"{segment_id}/duplicate", f"{segment_id}/delete"):
        assert erin.post(f"{home}/segments/{path}", **LOYAL).status_code == 403
    assert get_segment(app) is not None


def test_the_owner_of_another_site_finds_nothing(app: Flask, cast: Cast, home: str, segment_id: uuid.UUID) -> None:
    bob = logged_in(app, cast.bobs.owner_email)
    for base in (home, f"/dashboard/{cast.bobs.key}"):
        for path in ("", "/edit", "/export"):
            assert bob.get(f"{base}/segments/{segment_id}{path}").status_code == 404
        for path in ("/edit", "/duplicate", "/delete"):
            assert bob.post(f"{base}/segments/{segment_id}{path}", **LOYAL).status_code == 404
    assert get_segment(app) is not None


def test_a_survey_asks_only_the_segment_chosen_in_its_form(
    app: Flask, cast: Cast, alice: OwnerBrowser, home: str, segment_id: uuid.UUID
) -> None:
    with app.app_context():
        begin_writing_anew()
        survey_id = make_survey(cast.maple.id).id
        db.session.commit()
    page = f"{home}/surveys/{survey_id}/edit"
    assert "Loyal" in words(alice.get(page).text)
    fields = {"name": "Only the loyal", "state": "live", "display": "sheet", "default_language": "en"}
    fields |= {"languages__en": "1", "frequency": "once", "sample_percent": "100", "do": "overwrite"}
    seen = re.search(r'name="seen" value="([^"]+)"', alice.get(page).text)
    assert seen is not None
    saved = alice.post(page, page=page, **fields, seen=seen[1], **{f"gates__segments__{segment_id}": "1"})
    assert saved.status_code == 302, words(saved.text)
    assert re.search(rf'name="gates.segments.{segment_id}" value="1" checked', alice.get(page).text)
    assert "Only the loyal" in words(alice.get(f"{home}/segments/{segment_id}").text)
    refused = alice.post(f"{home}/segments/{segment_id}/delete", page=page)
    assert refused.status_code == 409
    assert "Only the loyal" in words(refused.text)


def test_answers_are_filtered_by_a_segment(
    app: Flask, cast: Cast, alice: OwnerBrowser, home: str, segment_id: uuid.UUID
) -> None:
    with app.app_context():
        begin_writing_anew()
        survey = make_survey(cast.maple.id)
        people = db.session.scalars(select(Customer).where(Customer.site_id == cast.maple.id))
        for customer in people:
            make_response(survey, 9, comment=f"From {customer.external_id}", customer_id=customer.id)
        make_response(survey, 9, comment="From nobody known")
        db.session.commit()
        survey_id = survey.id
    text = words(alice.get(f"{home}/surveys/{survey_id}/comments?segment={segment_id}").text)
    assert "1 answer matches" in text
    assert "From carol" in text
    assert "customers in “Loyal”" in text
    export = alice.get(f"{home}/surveys/{survey_id}/export?segment={segment_id}").text
    assert ("From carol" in export, "From frank" in export) == (True, False)
    for unknown in (uuid.uuid4(), "x"):
        assert alice.get(f"{home}/surveys/{survey_id}/comments?segment={unknown}").status_code == 422
    summary = f"/api/v1/surveys/{survey_id}/summary"
    client, headers = app.test_client(), cast.maple.store_headers
    assert client.get(f"{summary}?segment={segment_id}", headers=headers).get_json()["responses"] == 1
    assert client.get(f"{summary}?segment={uuid.uuid4()}", headers=headers).status_code == 422
