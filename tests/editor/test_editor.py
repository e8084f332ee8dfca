"""The survey editor without its eyes: buttons that save nothing, branches, languages, two owners, versions."""

import re
import uuid
from html import unescape
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.cast import Cast, SiteOfCast
from tests.dashboard.owner import OwnerBrowser, logged_in, make_member
from tests.editor.test_pages_edit import edit_page, new_page, read_surveys
from tests.surveys.builders import make_response
from widget.core.db import begin_writing, db
from widget.surveys.models import Survey
from widget.surveys.templates_catalogue import TEMPLATES

INPUT = re.compile(r"<(input|textarea|select)\b([^>]*)>(.*?)(?=<(?:input|textarea|select|button)\b|\Z)", re.DOTALL)
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


def read_fields(page: str) -> dict[str, str]:
    """Return the fields of the editor's form as a browser without a script would send them."""
    form = page.split("data-editor")[1].split("</form>")[0]
    fields = {}
    for tag, written, inside in INPUT.findall(form):
        values = dict(ATTRIBUTE.findall(written))
        if "name" not in values:
            continue
        if tag == "select":
            chosen = re.search(r'<option value="([^"]*)" selected', inside)
            first = re.search(r'<option value="([^"]*)"', inside)
            found = chosen or first
            fields[values["name"]] = found.group(1) if found else ""
        elif tag == "textarea":
            fields[values["name"]] = inside.split("</textarea>")[0]
        elif values.get("type") not in ("checkbox", "radio") or re.search(r"\bchecked\b", written):
            fields[values["name"]] = values.get("value", "")
    del fields["csrf_token"]
    return {name: unescape(value) for name, value in fields.items()}


def press(owner: OwnerBrowser, path: str, page: str, button: str, **changes: str) -> TestResponse:
    """Press a button of the editor with the fields as they are, and a dot written as two underscores changed."""
    fields = {**read_fields(page), **{name.replace("__", "."): value for name, value in changes.items()}, "do": button}
    return owner.post(path, **fields)


def start(owner: OwnerBrowser, site: SiteOfCast, kind: str = "nps") -> str:
    page: str = owner.get(f"{new_page(site)}?kind={kind}").text
    return page


def from_template(app: Flask, owner: OwnerBrowser, site: SiteOfCast, key: str) -> Survey:
    answer = owner.post(f"{new_page(site)}/from-template", template=key)
    assert answer.status_code == 302
    return read_surveys(app, site)[0]


@pytest.mark.parametrize("key", TEMPLATES)
def test_a_template_is_a_draft_that_can_be_published_as_it_is(
    app: Flask, alice: OwnerBrowser, cast: Cast, key: str
) -> None:
    survey = from_template(app, alice, cast.maple, key)
    assert (survey.state, survey.published_at) == ("draft", None)
    path = edit_page(cast.maple, survey.id)
    assert press(alice, path, alice.get(path).text, "publish").status_code == 302
    (published,) = read_surveys(app, cast.maple)
    assert published.state == "live"
    same = ("definition", "texts", "gates", "languages", "url_rules", "repeat_days", "version", "display")
    assert {name: getattr(published, name) for name in same} == {name: getattr(survey, name) for name in same}


def test_buttons_render_the_form_anew_and_save_nothing(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    path, page = new_page(cast.maple), start(alice, cast.maple)
    page = press(alice, path, page, "question-add:single", name="Why").text
    page = press(alice, path, page, "choice-add:0", texts__en__questions__q1__question="What was it?").text
    assert 'name="definition.questions.0.choices.2.id" value="c3"' in page
    assert ">What was it?</textarea>" in page
    page = press(alice, path, page, "question-add:text").text
    page = press(alice, path, page, "question-up:1").text
    assert 'name="definition.questions.0.key" value="q2"' in page
    page = press(alice, path, page, "choice-remove:1:0").text
    page = press(alice, path, page, "question-remove:0").text
    fields = read_fields(page)
    assert fields["definition.questions.0.key"] == "q1"
    assert [fields[f"definition.questions.0.choices.{row}.id"] for row in (0, 1)] == ["c2", "c3"]
    assert "definition.questions.1.key" not in fields
    assert fields["name"] == "Why"
    assert read_surveys(app, cast.maple) == []


@pytest.mark.parametrize(
    "button", ["question-up:9", "choice-add:x", "condition-add:0", "outcome-remove:", "nonsense", "language-remove:xx"]
)
def test_a_button_that_cannot_be_meant_changes_nothing(alice: OwnerBrowser, cast: Cast, button: str) -> None:
    page = start(alice, cast.maple, "form")
    answer = press(alice, new_page(cast.maple), page, button)
    assert answer.status_code == 200
    before, after = read_fields(page), read_fields(answer.text)
    assert after == before


def test_a_branching_survey_is_built_with_buttons_alone(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    path, page = new_page(cast.maple), start(alice, cast.maple)
    page = press(alice, path, page, "question-add:single", name="Delivery", comment_for="some",
                 comment_buckets__detractor="1").text  # fmt: skip
    texts = {
        "texts__en__questions__q1__question": "What went wrong?",
        "texts__en__questions__q1__choices__c1": "Late",
        "texts__en__questions__q1__choices__c2": "Broken",
        "texts__it__questions__q1__choices__c2": "Rotto",
    }
    link = {"definition__links__promoter": "https://maple.example/review"}
    page = press(alice, path, page, "condition-add:0", **texts, **link).text
    assert "detractors (0 to 6)" in page
    answer = press(alice, path, page, "publish", definition__questions__0__ask_if__0__in__detractor="1")
    assert answer.status_code == 302
    (survey,) = read_surveys(app, cast.maple)
    assert survey.state == "live"
    assert survey.definition == {
        "comment_if": [{"question": "score", "in": ["detractor"]}],
        "questions": [{
            "key": "q1", "type": "single", "ask_if": [{"question": "score", "in": ["detractor"]}],
            "choices": [{"id": "c1"}, {"id": "c2"}],
        }],
        "links": {"promoter": "https://maple.example/review"},
    }  # fmt: skip
    assert survey.texts["it"] == {"questions": {"q1": {"choices": {"c2": "Rotto"}}}}


def test_a_draft_may_lack_what_a_live_survey_needs(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    path = new_page(cast.maple)
    page = press(alice, path, start(alice, cast.maple, "form"), "question-add:stars", name="Stars").text
    refused = press(alice, path, page, "publish")
    assert refused.status_code == 422
    assert 'href="#texts.en.questions.q1.question"' in refused.text
    assert 'id="texts.en.questions.q1.question-error"' in refused.text
    assert read_surveys(app, cast.maple) == []
    assert press(alice, path, page, "save").status_code == 302
    assert read_surveys(app, cast.maple)[0].state == "draft"


def test_what_is_missing_in_a_language_is_counted_and_its_fallback_shown(alice: OwnerBrowser, cast: Cast) -> None:
    path, page = new_page(cast.maple), start(alice, cast.maple)
    page = press(alice, path, page, "show", texts__en__question="Would you come back?").text
    assert re.search(r'data-missing="it"[^>]*>1 text missing<', page)
    assert re.search(r'name="texts.it.question"[^>]*placeholder="Would you come back\?"', page)
    page = press(alice, path, page, "language-add", new_language="ar").text
    assert re.search(r'name="texts.ar.question"[^>]*dir="rtl"', page)
    page = press(alice, path, page, "language-add", new_language="sv").text
    assert not re.search(r'data-missing="sv"[^>]*>complete<', page)
    assert 'name="texts.en.question"' in page
    page = press(alice, path, page, "language-remove:sv").text
    assert 'data-missing="sv"' not in page


def test_texts_of_a_language_that_is_not_looked_at_are_kept(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    path, page = new_page(cast.maple), start(alice, cast.maple)
    page = press(alice, path, page, "show", name="Kept", texts__it__question="Tornerebbe?").text
    page = press(alice, path, page, "show", beside="id").text
    assert 'type="hidden" name="texts.it.question" value="Tornerebbe?"' in page
    assert press(alice, path, page, "save").status_code == 302
    assert read_surveys(app, cast.maple)[0].texts == {"it": {"question": "Tornerebbe?"}}


def test_every_trigger_and_gate_is_read_and_shown_again(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    gates = {
        "gates__exit_intent": "1", "gates__devices": "touch", "gates__visitors": "new", "gates__identity": "customer",
        "gates__cart_min": "20", "gates__cart_max": "99,5", "gates__event_source": "server",
        "gates__event_delay": "2", "gates__event_delay_unit": "hours",
        "gates__referrers__0__match": "contains", "gates__referrers__0__text": "instagram.com",
        "gates__event_properties__0__name": "total", "gates__event_properties__0__how": "at_least",
        "gates__event_properties__0__text": "50",
    }  # fmt: skip
    page = start(alice, cast.maple)
    answer = press(
        alice, new_page(cast.maple), page, "save", name="G", event_name="delivered", frequency="until", **gates
    )
    assert answer.status_code == 302
    (survey,) = read_surveys(app, cast.maple)
    assert (survey.asks_until_answered, survey.repeat_days) == (True, None)
    expected = {
        "exit_intent": True, "devices": "touch", "visitors": "new", "identity": "customer", "cart_min": 20,
        "cart_max": 99.5, "event_source": "server", "event_delay_seconds": 7200,
        "referrers": [["contains", "instagram.com"]], "event_properties": [["total", "at_least", "50"]],
    }  # fmt: skip
    assert survey.gates == expected
    path = edit_page(cast.maple, survey.id)
    assert press(alice, path, alice.get(path).text, "save").status_code == 302
    assert read_surveys(app, cast.maple)[0].gates == expected


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"gates__cart_min": "cheap"}, "gates.cart_min"),
        ({"gates__event_delay": "soon"}, "gates.event_delay"),
        ({"gates__devices": "toaster"}, "gates.devices"),
        ({"frequency": "every", "repeat_days": ""}, "repeat_days"),
        ({"definition__links__promoter": "javascript:alert(1)"}, "definition.links.promoter"),
        ({"texts__it__question": "x" * 501}, "texts.it.question"),
        ({"gates__referrers__0__match": "regex", "gates__referrers__0__text": "x"}, "gates.referrers"),
    ],
)
def test_a_wrong_field_is_named_kept_and_linked(
    app: Flask, alice: OwnerBrowser, cast: Cast, changes: dict[str, str], wrong: str
) -> None:
    page = start(alice, cast.maple)
    answer = press(alice, new_page(cast.maple), page, "save", name="Wrong", **changes)
    assert answer.status_code == 422
    assert f'id="{wrong}-error"' in answer.text
    assert f'href="#{wrong}"' in answer.text
    assert 'value="Wrong"' in answer.text
    assert read_surveys(app, cast.maple) == []


@pytest.fixture
def draft(app: Flask, alice: OwnerBrowser, cast: Cast) -> Survey:
    return from_template(app, alice, cast.maple, "relationship_nps")


def test_a_stale_form_is_refused_and_nothing_of_it_is_lost(
    app: Flask, alice: OwnerBrowser, cast: Cast, draft: Survey
) -> None:
    path = edit_page(cast.maple, draft.id)
    opened = alice.get(path).text
    assert press(alice, path, opened, "save", texts__en__question="First of all?").status_code == 302
    refused = press(alice, path, opened, "save", name="Second")
    assert refused.status_code == 409
    assert "They changed: texts or languages." in refused.text
    assert 'value="Second"' in refused.text
    assert read_surveys(app, cast.maple)[0].name == draft.name
    # What others saved after this was shown is not overwritten unseen either.
    assert press(alice, path, alice.get(path).text, "save", scroll_percent="30").status_code == 302
    again = press(alice, path, refused.text, "overwrite")
    assert again.status_code == 409
    assert "where and when it is asked" in again.text
    assert press(alice, path, again.text, "overwrite").status_code == 302
    (survey,) = read_surveys(app, cast.maple)
    assert (survey.name, survey.scroll_percent) == ("Second", draft.scroll_percent)


def test_buttons_do_not_make_a_stale_form_fresh(alice: OwnerBrowser, cast: Cast, draft: Survey) -> None:
    path = edit_page(cast.maple, draft.id)
    opened = alice.get(path).text
    assert press(alice, path, opened, "save", name="Theirs").status_code == 302
    page = press(alice, path, opened, "question-add:text").text
    assert press(alice, path, page, "save").status_code == 409


def test_an_earlier_version_is_used_again(app: Flask, alice: OwnerBrowser, cast: Cast, draft: Survey) -> None:
    path = edit_page(cast.maple, draft.id)
    for question in ("First?", "Second?"):
        page = alice.get(path).text
        assert press(alice, path, page, "publish", texts__en__question=question).status_code == 302
    with app.app_context():
        begin_writing()
        make_response(db.session.get_one(Survey, (cast.maple.id, draft.id)), survey_version=2)
        db.session.commit()
    page = alice.get(path).text
    assert "1 answer was given to the wording so far; it keeps it." in page
    assert "Version 2" in page
    use = path.replace("/edit", "/versions/2/use")
    for _ in range(2):
        assert alice.post(use).status_code == 302
    (survey,) = read_surveys(app, cast.maple)
    assert survey.texts["en"]["question"] == "First?"
    assert survey.version == 4
    assert alice.post(path.replace("/edit", "/versions/99/use")).status_code == 404


def test_a_copy_is_a_draft_of_its_own(app: Flask, alice: OwnerBrowser, cast: Cast, draft: Survey) -> None:
    assert alice.post(edit_page(cast.maple, draft.id).replace("/edit", "/duplicate")).status_code == 302
    copy, original = read_surveys(app, cast.maple)
    assert (copy.name, copy.state) == (f"{draft.name} (copy)", "draft")
    assert (copy.definition, copy.texts) == (original.definition, original.texts)


def test_the_list_publishes_pauses_and_archives(app: Flask, alice: OwnerBrowser, cast: Cast, draft: Survey) -> None:
    path = edit_page(cast.maple, draft.id).replace("/edit", "/state")
    for state in ("live", "live", "paused", "archived", "paused"):
        assert alice.post(path, state=state).status_code == 302
        assert read_surveys(app, cast.maple)[0].state == state
    assert alice.post(path, state="asleep").status_code == 422
    home = alice.get(f"/dashboard/{cast.maple.key}/surveys").text
    assert ">Paused<" in home
    assert 'value="live"' in home


def test_a_draft_that_is_not_ready_is_not_published_from_the_list(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    page = press(alice, new_page(cast.maple), start(alice, cast.maple, "quiz"), "question-add:text", name="Quiz").text
    press(alice, new_page(cast.maple), page, "save")
    (survey,) = read_surveys(app, cast.maple)
    answer = alice.post(edit_page(cast.maple, survey.id).replace("/edit", "/state"), state="live")
    assert answer.status_code == 422
    assert "Add at least two outcomes" in answer.text
    assert read_surveys(app, cast.maple)[0].state == "draft"


def preview(owner: OwnerBrowser, site: SiteOfCast, page: str, **changes: str) -> Any:
    return press(owner, f"/dashboard/{site.key}/surveys/preview.json", page, "", **changes)


def test_the_preview_shows_what_is_typed_and_stores_nothing(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    page = start(alice, cast.maple)
    fields = {"texts__it__question": "Tornerebbe?", "name": "P", "preview_language": "it", "display": "inline"}
    found = preview(alice, cast.maple, page, **fields).get_json()
    assert (found["content"]["question"], found["content"]["language"]) == ("Tornerebbe?", "it")
    assert found["display"] == "inline"
    assert found["content"]["theme"]["accent"]
    assert "Questions" in found["cost"]
    assert found["missing"]["en"] == ""
    assert read_surveys(app, cast.maple) == []
    wrong = preview(alice, cast.maple, page, name="P", sample_percent="lots").get_json()
    assert wrong["errors"] == 1
    assert "content" not in wrong
    assert preview(alice, cast.maple, page, kind="stars").status_code == 422


def test_the_previews_frame_takes_no_one_else_and_sends_nothing(alice: OwnerBrowser, cast: Cast) -> None:
    frame = alice.get(f"/dashboard/{cast.maple.key}/surveys/preview").headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in frame
    assert "connect-src 'none'" in frame
    editor = alice.get(f"{new_page(cast.maple)}?kind=nps").headers["Content-Security-Policy"]
    assert "frame-src 'self'" in editor
    assert "frame-ancestors 'none'" in editor


def test_viewers_and_bob_do_nothing_here(app: Flask, bob: OwnerBrowser, cast: Cast, draft: Survey) -> None:
    make_member(app, cast.maple, "erin@maple.example", "viewer")
    erin = logged_in(app, "erin@maple.example")
    edit = edit_page(cast.maple, draft.id)
    doors = [edit.replace("/edit", rest) for rest in ("/state", "/duplicate", "/versions/1/use")]
    for path in (*doors, f"{new_page(cast.maple)}/from-template", f"/dashboard/{cast.maple.key}/surveys/preview.json"):
        assert bob.post(path, state="live", template="relationship_nps", kind="nps").status_code == 404
        assert erin.post(path, state="live", template="relationship_nps", kind="nps").status_code == 403
    assert "Publish" not in erin.get(f"/dashboard/{cast.maple.key}/surveys").text
    assert [survey.state for survey in read_surveys(app, cast.maple)] == ["draft"]
    unknown = edit_page(cast.bobs, uuid.UUID(int=1)).replace("/edit", "/state")
    assert bob.post(unknown, state="live").status_code == 404
