"""What a store page learns of campaigns: a small row each, the content in the shopper's language, and who is for it."""

import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.coupons.builders import make_pool
from tests.embed.shopper import assert_problem, open_session, read_json
from tests.popups.builders import confirm, lead, send_lead, start_campaign, visit
from widget.core.db import begin_writing_anew, db
from widget.customers.queries import get_customer
from widget.customers.segment_models import SegmentMember
from widget.customers.tokens import read_visitor_token
from widget.insights.segments import create_segment
from widget.popups.assignment import assign_arm


def read_rows(client: FlaskClient, cast: Cast) -> list[dict[str, Any]]:
    boot = read_json(client.get(f"/embed/v1/{cast.maple.key}/boot"))
    found: list[dict[str, Any]] = boot.get("popups", [])
    return found


def read_content(client: FlaskClient, cast: Cast, campaign_id: uuid.UUID, query: str = "", **headers: str) -> Any:
    return read_json(client.get(f"/embed/v1/{cast.maple.key}/popups/{campaign_id}{query}", headers=headers))


def test_boot_says_of_a_usual_campaign_next_to_nothing(app: Flask, client: FlaskClient, cast: Cast) -> None:
    assert "popups" not in read_json(client.get(f"/embed/v1/{cast.bobs.key}/boot"))
    campaign_id = start_campaign(app, cast.maple)
    for state in ("draft", "paused", "archived"):
        start_campaign(app, cast.maple, state)
    start_campaign(app, cast.maple, display="inline", triggers={})
    assert read_rows(client, cast) == [{"id": str(campaign_id), "triggers": {"exit": {}}, "repeat_days": 30}]


def make_segment(app: Flask, cast: Cast) -> uuid.UUID:
    with app.app_context():
        begin_writing_anew()
        conditions = [{"field": "has_ordered", "comparison": "is", "value": True}]
        segment_id = create_segment(cast.maple.id, "Buyers", "all", conditions).id
        db.session.commit()
        return segment_id


RULES = {
    "urls": [["contains", "/cart"]],
    "referrer": [["starts", "https://news.example"]],
    "devices": ["touch"],
    "countries": ["IT"],
    "visitors": "new",
    "cart_minor": [1000, None],
    "not_subscribed": True,
}


def test_boot_says_all_that_decides_and_nothing_of_people(app: Flask, client: FlaskClient, cast: Cast) -> None:
    segment_id = str(make_segment(app, cast))
    start_campaign(
        app,
        cast.maple,
        display="sheet",
        triggers={"exit": {"after_seconds": 9}, "touch": {"depth_percent": 30}, "cart_minor": 4990, "idle_seconds": 40},
        rules={**RULES, "segments": [segment_id]},
        every_days=0,
        per_session=2,
        is_search_safe=False,
        holdout_basis_points=1000,
        variants=[{"key": "b", "name": "B", "weight": 3}, {"key": "a", "name": "A"}],
    )
    (row,) = read_rows(client, cast)
    assert row.pop("id")
    assert row == {
        "triggers": {"exit": {"after_seconds": 9}, "touch": {}, "cart": 49.9, "idle_seconds": 40},
        "urls": "^(?:.*/cart)",
        "repeat_days": 0,
        "more": {
            "devices": "touch",
            "visitors": "new",
            "referrers": "^(?:https://news\\.example)",
            "cart_min": 10,
            "segments": True,
        },
        "per_session": 2,
        "sheet": True,
        "unsafe": True,
        "strangers": True,
        "holdout": 1000,
        "weights": {"a": 1, "b": 3},
    }


def test_content_speaks_the_shoppers_language(app: Flask, client: FlaskClient, cast: Cast) -> None:
    texts = {"en": {"title": "Wait!", "text": "5 EUR off."}, "ar": {"title": "انتظر"}}
    variants = [
        {"key": "a", "name": "A", "texts": texts},
        {"key": "b", "name": "B", "texts": {"en": {"title": "Stay"}}},
    ]
    with app.app_context():
        pool_id = str(make_pool(cast.maple.id))
    campaign_id = start_campaign(
        app, cast.maple, goal="coupon", pool_id=pool_id, languages=["en", "ar"], variants=variants,
        fields=[{"key": "interests", "required": False, "choices": ["tea"]}],
    )  # fmt: skip
    english = read_content(client, cast, campaign_id, "?lang=tlh,en-GB")
    assert (english["language"], english["dir"], english["title"], english["text"]) == (
        "en",
        "ltr",
        "Wait!",
        "5 EUR off.",
    )
    assert english["button"] == "Get the code"
    assert english["form"]["fields"] == [
        {"key": "interests", "required": False, "label": "Interests", "choices": [{"id": "tea", "label": "tea"}]}
    ]
    arabic = read_content(client, cast, campaign_id, "?lang=ar&arm=a")
    assert (arabic["language"], arabic["dir"], arabic["title"], arabic["text"]) == ("ar", "rtl", "انتظر", "5 EUR off.")
    assert "Maple Store" in arabic["form"]["consent"]["text"]
    assert read_content(client, cast, campaign_id, "?arm=b")["title"] == "Stay"
    assert read_content(client, cast, campaign_id, "?arm=holdout")["arm"] == "a"


def test_content_of_a_message_has_no_form_but_may_have_a_code(app: Flask, client: FlaskClient, cast: Cast) -> None:
    content = read_content(client, cast, start_campaign(app, cast.maple, goal="message", fixed_code="TEN"))
    assert content["code"] == "TEN"
    assert "form" not in content
    secret = read_content(client, cast, start_campaign(app, cast.maple, goal="coupon", fixed_code="TEN"))
    assert "code" not in secret


def test_inline_campaign_tells_each_visitor_their_own_arm(app: Flask, client: FlaskClient, cast: Cast) -> None:
    variants = [{"key": key, "name": key, "texts": {"en": {"title": key}}} for key in "ab"]
    inline = {"display": "inline", "triggers": {}}
    alike = start_campaign(app, cast.maple, **inline)
    divided = start_campaign(app, cast.maple, **inline, variants=variants, holdout_basis_points=3000)
    assert "divided" not in read_content(client, cast, alike)
    assert read_content(client, cast, divided)["divided"] is True
    path, told = f"/embed/v1/{cast.maple.key}/popups/{divided}?arm=own", set()
    for _ in range(60):
        visitor = visit(client, cast.maple)
        answers = [client.get(path, headers=visitor) for _ in range(2)]
        assert answers[0].json == answers[1].json
        assert answers[0].headers["Cache-Control"] == "private, no-store"
        content = read_json(answers[0])
        with app.app_context():
            visitor_id = read_visitor_token(cast.maple.id, visitor["X-Regulars-Visitor"])
        arm = assign_arm(divided, visitor_id, 3000, {"a": 1, "b": 1})
        assert (content["arm"], content.get("title")) == (arm, None if arm == "holdout" else arm)
        told.add(arm)
        if len(told) == 3:
            break
    assert told == {"a", "b", "holdout"}
    # Without a visitor, or with one of another site, it is the first.
    for headers in ({}, visit(client, cast.bobs)):
        first = client.get(path, headers=headers)
        assert (read_json(first)["title"], first.headers["Cache-Control"]) == ("a", "private, no-store")


@pytest.mark.parametrize(("country", "is_due"), [("IT", True), ("it", True), ("DE", False), ("", False)])
def test_campaign_for_a_country_is_due_only_there(
    app: Flask, client: FlaskClient, cast: Cast, country: str, is_due: bool
) -> None:
    campaign_id = start_campaign(app, cast.maple, rules={"countries": ["IT"]})
    path = f"/embed/v1/{cast.maple.key}/popups/{campaign_id}"
    response = client.get(path, headers={"CF-IPCountry": country})
    assert read_json(response)["due"] is is_due
    assert response.headers["Cache-Control"].startswith("private")


def test_content_of_another_site_or_of_a_draft_is_not_there(app: Flask, client: FlaskClient, cast: Cast) -> None:
    campaign_id = start_campaign(app, cast.maple)
    assert_problem(client.get(f"/embed/v1/{cast.bobs.key}/popups/{campaign_id}"), 404)
    draft = start_campaign(app, cast.maple, "draft")
    assert_problem(client.get(f"/embed/v1/{cast.maple.key}/popups/{draft}"), 404)


def test_form_inside_the_page_is_gone_while_its_campaign_is_paused(app: Flask, client: FlaskClient, cast: Cast) -> None:
    paused = start_campaign(app, cast.maple, "paused", display="inline", triggers={})
    assert_problem(client.get(f"/embed/v1/{cast.maple.key}/popups/{paused}"), 404)


def test_session_says_which_campaigns_are_for_the_customer(app: Flask, client: FlaskClient, cast: Cast) -> None:
    segment_id = make_segment(app, cast)
    for_buyers = start_campaign(app, cast.maple, rules={"segments": [str(segment_id)]})
    start_campaign(app, cast.maple, rules={"tiers": ["gold"]})
    token = cast.maple.sign_customer("carol", email_verified=True)
    assert "popups" not in read_json(open_session(client, cast.maple, customer_token=token))
    with app.app_context():
        begin_writing_anew()
        carol = get_customer(cast.maple.id, "carol")
        db.session.add(SegmentMember(site_id=cast.maple.id, segment_id=segment_id, customer_id=carol.id))
        db.session.commit()
    send_lead(client, cast.maple, lead(for_buyers, "carol@shoppers.example"))
    confirm(client, app)
    again = cast.maple.sign_customer("carol", email_verified=True)
    session = read_json(open_session(client, cast.maple, customer_token=again))
    assert (session["popups"], session["subscribed"]) == ([str(for_buyers)], True)
