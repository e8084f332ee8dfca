"""Boot says when each survey is due, in few bytes; page and server read the same conditions alike."""

import json
import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.embed.shopper import make_survey, read_json
from widget.core.db import begin_writing, db
from widget.core.page_addresses import compile_rules
from widget.sites.models import Site
from widget.surveys.rules import draw_order
from widget.surveys.triggers import matches_properties, read_amount

CASES = Path(__file__).parents[1] / "js"
URL_RULES = json.loads((CASES / "url-rules.json").read_text(encoding="utf-8"))
CONDITIONS = json.loads((CASES / "conditions.json").read_text(encoding="utf-8"))


def read_boot(client: FlaskClient, cast: Cast) -> dict[str, Any]:
    return read_json(client.get(f"/embed/v1/{cast.maple.key}/boot"))


def read_trigger(client: FlaskClient, cast: Cast, survey_id: uuid.UUID) -> dict[str, Any]:
    (trigger,) = read_boot(client, cast)["surveys"]
    assert trigger.pop("id") == str(survey_id)
    found: dict[str, Any] = trigger
    return found


@pytest.mark.parametrize("case", URL_RULES, ids=lambda case: json.dumps(case["rules"]))
def test_rules_are_compiled_to_the_pattern_the_page_tests(case: dict[str, Any]) -> None:
    assert compile_rules(case["rules"]) == case["pattern"]
    matched = re.match(case["pattern"] or "", "https://maple.example/order/1?x=1")
    assert bool(matched) is case["fits"]


@pytest.mark.parametrize(("text", "amount"), CONDITIONS["amounts"])
def test_amount_is_read_as_people_write_it(text: str, amount: float | None) -> None:
    assert read_amount(text) == amount


@pytest.mark.parametrize(("conditions", "properties", "fits"), CONDITIONS["properties"])
def test_properties_meet_all_conditions_or_not(conditions: Any, properties: Any, fits: bool) -> None:
    assert matches_properties(conditions, properties) is fits


def test_boot_leaves_out_what_is_usual(app: Flask, client: FlaskClient, cast: Cast) -> None:
    survey_id = make_survey(app, cast.maple)
    assert read_trigger(client, cast, survey_id) == {}
    assert "consent" not in read_boot(client, cast)


def test_boot_says_what_a_site_and_a_survey_require(app: Flask, client: FlaskClient, cast: Cast) -> None:
    common = {"after_seconds": 5, "scroll_percent": 50, "event_name": "seen", "sample_basis_points": 2500}
    survey_id = make_survey(app, cast.maple, display="inline", url_rules=[["ends", "/a.b"]], repeat_days=30, **common)
    with app.app_context():
        begin_writing()
        site = db.session.get_one(Site, cast.maple.id)
        site.requires_consent, site.ask_every_days, site.quiet_paths = True, 14, ["/checkout"]
        site.version += 1
        db.session.commit()
    boot = read_boot(client, cast)
    assert (boot["consent"], boot["cap_days"], boot["quiet"]) == (True, 14, ["/checkout"])
    assert boot["surveys"] == [
        {
            "id": str(survey_id),
            "display": "inline",
            "urls": "^(?:.*/a\\.b$)",
            "seconds": 5,
            "scroll": 50,
            "event": "seen",
            "sample": [*draw_order(str(survey_id)), 2500],
            "repeat_days": 30,
        }
    ]


@pytest.mark.parametrize(
    ("settings", "trigger"),
    [
        ({"gates": {"exit_intent": True}}, {"more": {"exit_intent": True}}),
        ({"gates": {"cart_min": 0}}, {"more": {"cart_min": 0}}),
        ({"gates": {"referrers": [["contains", "x.y"]]}}, {"more": {"referrers": "^(?:.*x\\.y)"}}),
        ({"asks_until_answered": True}, {"repeat_days": 7, "more": {"until_answered": True}}),
        ({"asks_until_answered": True, "repeat_days": 3}, {"repeat_days": 3, "more": {"until_answered": True}}),
        ({"display": "tab"}, {"display": "tab", "more": {}}),
        ({"event_name": "seen", "gates": {"event_delay_seconds": 0}}, {"event": "seen"}),
        ({"gates": {"event_source": "server"}}, {}),
        (
            {"event_name": "delivered", "gates": {"event_source": "server", "event_delay_seconds": 60}},
            {"more": {"event_source": "server", "event_delay_seconds": 60, "event": "delivered"}},
        ),
    ],
)
def test_rarer_conditions_stand_apart(
    app: Flask, client: FlaskClient, cast: Cast, settings: dict[str, Any], trigger: dict[str, Any]
) -> None:
    assert read_trigger(client, cast, make_survey(app, cast.maple, **settings)) == trigger


@pytest.mark.parametrize("state", ["draft", "paused", "archived"])
def test_survey_that_is_not_live_is_not_in_the_page(app: Flask, client: FlaskClient, cast: Cast, state: str) -> None:
    make_survey(app, cast.maple, state=state)
    assert read_boot(client, cast)["surveys"] == []
