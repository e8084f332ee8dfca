"""The owner's pages of campaigns and leads: made in a form, read arm by arm, every lead with its consent."""

import re
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from tests.cast import Cast
from tests.coupons.builders import make_pool
from tests.dashboard.owner import OwnerBrowser, logged_in, make_member
from tests.orders.builders import NOON
from tests.popups.shown import expose, expose_many, leave_address, make_campaign
from widget.core.db import begin_writing_anew, db
from widget.editor.campaign_form import CampaignForm
from widget.popups.consents import Agreed, add_consent
from widget.popups.lead_models import Lead
from widget.popups.models import Campaign, PopupPicture
from widget.popups.service import describe_campaign

FIELDS = {
    "name": "Before you go", "goal": "subscribe", "display": "modal", "default_language": "en", "languages.it": "1",
    "variants.a.name": "Calm", "variants.a.weight": "1", "variants.a.texts.en.title": "Wait",
    "variants.a.texts.it.title": "Aspetta", "triggers.exit": "1", "triggers.exit.after_seconds": "7",
    "triggers.cart_minor": "12,50", "rules.urls.0.match": "contains", "rules.urls.0.text": "/cart",
    "rules.urls.1.match": "contains", "rules.urls.1.text": "", "rules.countries": "it, de", "rules.cart_min": "20",
    "fields.name": "required", "fields.interests": "optional", "fields.interests.choices": "tea, coffee",
    "consents.en": "Yes, write to me.", "every_days": "14", "per_session": "2", "holdout_percent": "12.5",
    "is_double_opt_in": "1",
}  # fmt: skip


@pytest.fixture
def page(cast: Cast) -> str:
    return f"/dashboard/{cast.maple.key}/popups"


@pytest.fixture
def carol_lead(app: Flask, cast: Cast) -> str:
    """Carol left an address in a campaign, and confirmed it."""
    with app.app_context():
        campaign_id = make_campaign(cast.maple.id)
        visitor_id = expose(cast.maple.id, campaign_id, has_converted=True)
        lead_id = leave_address(cast.maple.id, campaign_id, visitor_id, "carol@x.example", name="=Carol")
        begin_writing_anew()
        lead = db.session.get_one(Lead, (cast.maple.id, lead_id))
        agreed = Agreed("Yes, write to me <b>.", campaign_id, 1, "en", "https://maple.example/tea")
        add_consent(lead, "given", agreed, NOON)
        add_consent(lead, "confirmed", agreed, NOON)
        db.session.commit()
        return str(lead_id)


def send(browser: OwnerBrowser, address: str, do: str = "save", **changes: Any) -> Any:
    """Send the form of an address as a browser does."""
    fields = {**FIELDS, **{name.replace("__", "."): value for name, value in changes.items()}}
    data = {"csrf_token": browser.read_token(address), "do": do, **fields}
    return browser.client.post(address, data={name: value for name, value in data.items() if value is not None})


def find_campaign(app: Flask, cast: Cast) -> dict[str, Any]:
    with app.app_context():
        campaign = db.session.scalar(select(Campaign).where(Campaign.site_id == cast.maple.id))
        assert campaign is not None
        return {"id": campaign.id, "state": campaign.state, **describe_campaign(campaign)}


def test_a_campaign_is_made_as_it_was_typed(app: Flask, alice: OwnerBrowser, cast: Cast, page: str) -> None:
    assert send(alice, f"{page}/new").status_code == 302
    made = find_campaign(app, cast)
    assert made["state"] == "draft"
    assert made["triggers"] == {"exit": {"after_seconds": 7}, "cart_minor": 1250}
    assert made["rules"] == {"urls": [["contains", "/cart"]], "countries": ["IT", "DE"], "cart_minor": [2000, None]}
    assert made["fields"] == [
        {"key": "name", "required": True},
        {"key": "interests", "required": False, "choices": ["tea", "coffee"]},
    ]
    assert (made["languages"], made["holdout_basis_points"], made["is_search_safe"]) == (["en", "it"], 1250, False)
    assert made["variants"][0]["texts"] == {"en": {"title": "Wait"}, "it": {"title": "Aspetta"}}


def test_a_new_form_needs_nothing_but_a_name(app: Flask, alice: OwnerBrowser, cast: Cast, page: str) -> None:
    started = CampaignForm.started("EUR", "subscribe").given
    data = {"csrf_token": alice.read_token(f"{page}/new"), "do": "publish", **started, "name": "By hand"}
    assert alice.client.post(f"{page}/new", data=data).status_code == 302
    made = find_campaign(app, cast)
    assert (made["state"], made["triggers"]) == ("live", {"exit": {"after_seconds": 5}, "touch": {"depth_percent": 30}})


def test_saving_the_form_as_it_is_shown_changes_nothing(app: Flask, alice: OwnerBrowser, cast: Cast, page: str) -> None:
    send(alice, f"{page}/new")
    before = find_campaign(app, cast)
    shown = alice.get(f"{page}/{before['id']}/edit").text
    assert 'value="12.50"' in shown
    assert send(alice, f"{page}/{before['id']}/edit").status_code == 302
    assert find_campaign(app, cast) == before


def press(browser: OwnerBrowser, address: str, page: str, do: str, **changes: str) -> Any:
    """Press a button of a campaign's page as it was loaded, with the revisions that stand in it."""
    carried = {name: re.search(rf'name="{name}" value="([^"]*)"', page) for name in ("opened", "seen")}
    return send(browser, address, do, **{name: found[1] for name, found in carried.items() if found}, **changes)


def test_what_others_saved_meanwhile_is_named_and_not_overwritten(
    app: Flask, alice: OwnerBrowser, cast: Cast, page: str
) -> None:
    send(alice, f"{page}/new")
    address = f"{page}/{find_campaign(app, cast)['id']}/edit"
    opened = alice.get(address).text
    assert press(alice, address, opened, "save", variants__a__texts__en__title="Stop!").status_code == 302
    # Buttons that save nothing do not make a stale form fresh.
    shown = press(alice, address, opened, "show", name="Mine").text
    refused = press(alice, address, shown, "save", name="Mine")
    assert refused.status_code == 409
    assert "They changed: what it says." in refused.text
    assert 'value="Mine"' in refused.text
    assert find_campaign(app, cast)["name"] == FIELDS["name"]
    # What was saved after this was shown is not overwritten unseen either.
    theirs = {"every_days": "9", "variants__a__texts__en__title": "Stop!"}
    assert press(alice, address, alice.get(address).text, "save", **theirs).status_code == 302
    again = press(alice, address, refused.text, "overwrite", name="Mine")
    assert again.status_code == 409
    assert "when and for whom it opens" in again.text
    assert press(alice, address, again.text, "overwrite", name="Mine").status_code == 302
    saved = find_campaign(app, cast)
    assert (saved["name"], saved["every_days"]) == ("Mine", 14)


def test_what_is_wrong_stands_at_its_field_and_stores_nothing(
    app: Flask, alice: OwnerBrowser, cast: Cast, page: str
) -> None:
    for field, value in (
        ("name", ""),
        ("every_days", "soon"),
        ("holdout_percent", "80"),
        ("rules__countries", "Italy"),
        ("variants__a__texts__en__title", "x" * 200),
        ("rules__urls__0__match", "\x00"),
        ("pool_id", "nothing"),
    ):
        answer = send(alice, f"{page}/new", **{field: value})
        assert answer.status_code == 422, field
        assert "Not saved yet." in answer.text, field
    with app.app_context():
        assert db.session.scalar(select(Campaign.id).where(Campaign.site_id == cast.maple.id)) is None


def test_a_second_content_begins_like_the_first_and_can_be_taken_away(
    app: Flask, alice: OwnerBrowser, cast: Cast, page: str
) -> None:
    more = send(alice, f"{page}/new", do="variant-add").text
    assert more.count('value="Wait"') == 2
    both = {"variants.b.name": "Loud", "variants.b.weight": "3", "variants.b.texts.en.title": "Stop!"}
    less = send(alice, f"{page}/new", do="variant-remove:a", **both).text
    assert "Stop!" in less
    assert 'value="Wait"' not in less
    send(alice, f"{page}/new", **both)
    assert [(one["key"], one["weight"]) for one in find_campaign(app, cast)["variants"]] == [("a", 1), ("b", 3)]


def test_a_picture_is_drawn_anew_and_shown_to_everybody(app: Flask, alice: OwnerBrowser, cast: Cast, page: str) -> None:
    drawn = BytesIO()
    Image.new("RGB", (1600, 900), "teal").save(drawn, "PNG")
    send(alice, f"{page}/new", **{"variants.a.picture": (BytesIO(drawn.getvalue()), "evil.php")})
    picture_id = find_campaign(app, cast)["variants"][0]["picture_id"]
    shown = app.test_client().get(f"/embed/v1/{cast.maple.key}/popups/pictures/{picture_id}")
    assert shown.content_type == "image/jpeg"
    assert Image.open(BytesIO(shown.data)).size == (1100, 619)
    assert app.test_client().get(f"/embed/v1/{cast.bobs.key}/popups/pictures/{picture_id}").status_code == 404
    refused = send(alice, f"{page}/new", **{"variants.a.picture": (BytesIO(b"GIF89a"), "a.png")})
    assert refused.status_code == 422
    assert "no picture we can read" in refused.text


def test_a_picture_stays_when_something_else_is_wrong(app: Flask, alice: OwnerBrowser, cast: Cast, page: str) -> None:
    drawn = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(drawn, "PNG")
    refused = send(alice, f"{page}/new", name="", **{"variants.a.picture": (BytesIO(drawn.getvalue()), "tea.png")})
    assert refused.status_code == 422
    kept = re.search(r'name="variants.a.picture_id" value="([0-9a-f-]{36})"', refused.text)
    assert kept
    assert app.test_client().get(f"/embed/v1/{cast.maple.key}/popups/pictures/{kept[1]}").status_code == 200
    send(alice, f"{page}/new", **{"variants.a.picture_id": kept[1]})
    assert find_campaign(app, cast)["variants"][0]["picture_id"] == kept[1]


def test_a_campaign_goes_live_only_when_it_lacks_nothing(
    app: Flask, alice: OwnerBrowser, cast: Cast, page: str
) -> None:
    refused = send(alice, f"{page}/new", do="publish", goal="coupon")
    assert refused.status_code == 422
    assert f'action="{page}/new"' in refused.text
    send(alice, f"{page}/new")
    campaign_id = find_campaign(app, cast)["id"]
    assert send(alice, f"{page}/{campaign_id}/edit", do="publish", goal="coupon").status_code == 422
    assert find_campaign(app, cast)["goal"] == "subscribe"
    with app.app_context():
        pool_id = make_pool(cast.maple.id)
    assert send(alice, f"{page}/{campaign_id}/edit", do="publish", goal="coupon", pool_id=pool_id).status_code == 302
    assert find_campaign(app, cast)["state"] == "live"
    for state in ("paused", "archived"):
        alice.post(f"{page}/{campaign_id}/state", page=f"{page}/{campaign_id}/edit", state=state)
        assert find_campaign(app, cast)["state"] == state


def test_shares_stay_once_visitors_were_divided(app: Flask, alice: OwnerBrowser, cast: Cast, page: str) -> None:
    send(alice, f"{page}/new")
    campaign_id = find_campaign(app, cast)["id"]
    with app.app_context():
        expose(cast.maple.id, campaign_id)
    assert send(alice, f"{page}/{campaign_id}/edit", holdout_percent="20").status_code == 409
    assert send(alice, f"{page}/{campaign_id}/edit", name="Renamed").status_code == 302
    copy = alice.post(f"{page}/{campaign_id}/duplicate", page=f"{page}/{campaign_id}/edit")
    assert copy.status_code == 302
    assert "Renamed (copy)" in alice.get(copy.location).text


def test_the_preview_shows_what_is_typed_and_stores_nothing(app: Flask, alice: OwnerBrowser, page: str) -> None:
    shown = send(alice, f"{page}/preview.json", preview_language="it", csrf_token=alice.read_token(f"{page}/new"))
    assert shown.json["content"]["title"] == "Aspetta"
    assert shown.json["content"]["form"]["consent"]["text"].startswith("Maple Store può")
    with app.app_context():
        assert db.session.scalar(select(Campaign.id)) is None
        assert db.session.scalar(select(PopupPicture.id)) is None


def test_results_say_who_won_and_that_arms_have_wrong_sizes(
    app: Flask, alice: OwnerBrowser, cast: Cast, page: str
) -> None:
    with app.app_context():
        sure, doubtful = make_campaign(cast.maple.id, "ab"), make_campaign(cast.maple.id, "ab", name="Doubtful")
        early = make_campaign(cast.maple.id, "ab", name="Early")
        expose_many(cast.maple.id, sure, "a", 1000, 20)
        expose_many(cast.maple.id, sure, "b", 1000, 90)
        expose_many(cast.maple.id, doubtful, "a", 700)
        expose_many(cast.maple.id, doubtful, "b", 500)
        expose_many(cast.maple.id, early, "a", 40)
        three = make_campaign(cast.maple.id, "abc", name="Three", fixed_code="TEA")
        for arm, converted in (("a", 20), ("b", 90), ("c", 40)):
            expose_many(cast.maple.id, three, arm, 1000, converted)
    assert "“Variant b” is ahead, and that is no chance." in alice.get(f"{page}/{sure}").text
    assert "“Variant b” is better than “Variant a”, but not yet apart" in alice.get(f"{page}/{three}").text
    assert "says nothing of who used it" in alice.get(f"{page}/{three}").text
    assert "says nothing of who used it" not in alice.get(f"{page}/{sure}").text
    assert "do not have the sizes they should have" in alice.get(f"{page}/{doubtful}").text
    assert "Not enough visitors yet" in alice.get(f"{page}/{early}").text
    listed = alice.get(page).text
    assert "5.5\u00a0%" in listed
    rows = alice.get(f"{page}/{sure}/export?format=csv").text.splitlines()
    assert [row.split(",")[:4] for row in rows[1:]] == [
        ["a", "Variant a", "0.5", "1000"],
        ["b", "Variant b", "0.5", "1000"],
    ]


def test_a_lead_is_shown_with_the_exact_words_it_agreed_to(alice: OwnerBrowser, page: str, carol_lead: str) -> None:
    assert "carol@x.example" in alice.get(f"{page}/leads?state=confirmed&email=CAROL").text
    assert "carol@x.example" not in alice.get(f"{page}/leads?state=unsubscribed").text
    shown = alice.get(f"{page}/leads/{carol_lead}").text
    assert "Yes, write to me &lt;b&gt;." in shown
    assert re.search(r'<code class="text-hash">[0-9a-f]{64}</code>', shown)


def test_leads_leave_as_a_file_that_no_spreadsheet_runs(alice: OwnerBrowser, page: str, carol_lead: str) -> None:
    header, row = alice.get(f"{page}/leads/export?state=confirmed").text.splitlines()
    told = dict(zip(header.split(","), row.split(","), strict=False))
    assert (told["id"], told["email"], told["name"]) == (carol_lead, "carol@x.example", "'=Carol")
    assert (told["state"], told["campaign"], told["arm"]) == ("confirmed", "Before you go", "a")
    assert alice.get(f"{page}/leads/export?state=unsubscribed").text.splitlines() == [header]


@pytest.mark.parametrize("query", ["state=lost", "campaign=x", f"email={'x' * 400}", "email=%00"])
def test_a_filter_that_means_nothing_is_refused(alice: OwnerBrowser, page: str, query: str) -> None:
    assert alice.get(f"{page}/leads?{query}").status_code == 422


def test_bob_and_viewers_do_not_get_where_they_may_not(
    app: Flask, bob: OwnerBrowser, cast: Cast, page: str, carol_lead: str
) -> None:
    campaign_id = find_campaign(app, cast)["id"]
    own = page.replace(cast.maple.key, cast.bobs.key)
    for place in (f"/{campaign_id}", f"/{campaign_id}/edit", f"/{campaign_id}/export", f"/leads/{carol_lead}"):
        assert bob.get(f"{own}{place}").status_code == 404, place
        assert bob.get(f"{page}{place}").status_code == 404, place
    make_member(app, cast.maple, "erin@maple.example", "viewer")
    erin = logged_in(app, "erin@maple.example")
    assert erin.get(f"{page}/{campaign_id}").status_code == 200
    assert erin.get(f"{page}/new").status_code == 403
