"""The owner's pages of the program: started with usual rules, changed in a form, looked at before anything is taken."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests.cast import Cast
from tests.dashboard.owner import OwnerBrowser, logged_in, make_member
from tests.loyalty.builders import find_customer, give_points, read_account, start_program, take_orders
from tests.loyalty.test_program import GOLD, LOT, SILVER, tiers
from tests.orders.builders import make_order
from widget.core.clock import utc_now
from widget.core.db import db
from widget.loyalty.program_form import ProgramForm
from widget.loyalty.program_queries import get_program, get_version

FIELD = re.compile(r'<(?:input|select|textarea)[^>]* name="([^"]+)"')


@pytest.fixture
def page(cast: Cast) -> str:
    return f"/dashboard/{cast.maple.key}/loyalty"


def begin(alice: OwnerBrowser, page: str) -> None:
    answer = alice.post(f"{page}/start", page=page, currency="EUR", time_zone="Europe/Rome")
    assert answer.status_code == 302


def rules_of(app: Flask, cast: Cast) -> tuple[int, dict[str, Any]]:
    with app.app_context():
        program = get_program(cast.maple.id)
        return program.version, dict(get_version(program).rules)


def fields_of(app: Flask, cast: Cast) -> dict[str, str]:
    """Return what a browser sends of the form as it is shown: boxes that are not ticked are left out."""
    form = ProgramForm.of(rules_of(app, cast)[1])
    counts = {f"{kind}.count": str(count) for kind, count in form.rows.items()}
    return {name: value for name, value in form.values.items() if value} | counts


def send(browser: OwnerBrowser, page: str, do: str, fields: dict[str, str]) -> Any:
    token = browser.read_token(f"{page}/edit")
    return browser.client.post(f"{page}/edit", data={"csrf_token": token, "do": do, **fields})


def test_first_visit_explains_and_starts_a_draft(app: Flask, alice: OwnerBrowser, cast: Cast, page: str) -> None:
    assert "Start with these rules" in alice.get(page).text
    begin(alice, page)
    shown = alice.get(page).text
    for words in ("draft", "1 point for each €1.00", "An order of €58.70 earns 58 points.", "Europe/Rome"):
        assert words in shown, words
    assert rules_of(app, cast)[0] == 1
    alice.post(f"{page}/state", page=page, state="live")
    assert "Pause the program" in alice.get(page).text
    alice.post(f"{page}/state", page=page, state="paused")
    assert "paused" in alice.get(page).text


def test_bad_beginning_is_refused(alice: OwnerBrowser, page: str) -> None:
    answer = alice.post(f"{page}/start", page=page, currency="EUR", time_zone="Atlantis")
    assert (answer.status_code, "Must be a time zone" in answer.text) == (422, True)


def test_form_that_is_sent_as_it_is_shown_changes_nothing(
    app: Flask, alice: OwnerBrowser, cast: Cast, page: str
) -> None:
    begin(alice, page)
    fields = fields_of(app, cast)
    shown = set(FIELD.findall(alice.get(f"{page}/edit").text))
    assert set(fields) <= shown
    send(alice, page, "save", fields)
    assert rules_of(app, cast)[0] == 1


def test_form_with_everything_makes_the_rules_it_says(app: Flask, alice: OwnerBrowser, cast: Cast, page: str) -> None:
    begin(alice, page)
    rows = {
        "spend.per": "0,50", "spend.excluded": "CUP\n42\n", "known.birthday.points": "100",
        "known.birthday.limit": "1", "known.birthday.per": "year", "pending_days": "30",
        "actions.count": "2", "actions.0.kind": "social", "actions.0.key": "Instagram", "actions.0.points": "15",
        "actions.0.limit": "1", "actions.0.per": "ever", "actions.0.url": "https://instagram.com/maple",
        "steps.count": "3", "steps.1.names.en": "Gold Club", "steps.1.threshold": "500",
        "steps.1.multiplier_thousandths": "1,25", "steps.1.free_shipping_from_minor": "25",
        "steps.0.names.en": "Silver", "steps.0.names.it": "Argento", "steps.0.threshold": "100",
        "steps.0.percent_off_basis_points": "2.5", "campaigns.count": "1", "campaigns.0.name": "Summer",
        "campaigns.0.multiplier_thousandths": "2", "campaigns.0.starts_at": "2026-06-01T00:00",
        "campaigns.0.ends_at": "2026-07-01T00:00", "names.en.one": "coin", "names.en.many": "coins",
        "debt.kind": "limited", "debt.points": "200",
    }  # fmt: skip
    answer = send(alice, page, "save", fields_of(app, cast) | rows)
    assert answer.status_code == 302, re.findall(r"field-error.*", answer.text)
    version, rules = rules_of(app, cast)
    assert (version, rules["spend"]["per_minor"], rules["spend"]["excluded_products"]) == (2, 50, ["CUP", "42"])
    assert (rules["debt_limit"], rules["names"], rules["pending_days"]) == (200, {"en": ["coin", "coins"]}, 30)
    silver, gold = rules["tiers"]["steps"]
    assert (silver["key"], silver["names"]["it"], silver["percent_off_basis_points"]) == ("silver", "Argento", 250)
    assert (gold["key"], gold["multiplier_thousandths"], gold["free_shipping_from_minor"]) == ("gold-club", 1250, 2500)
    (campaign,) = rules["campaigns"]
    assert campaign["starts_at"] == "2026-05-31T22:00:00+00:00"
    assert rules["actions"][-1]["key"] == "social.instagram"
    send(alice, page, "save", fields_of(app, cast))
    assert rules_of(app, cast)[0] == 2
    history = alice.get(f"{page}/history").text
    for words in ("Version 2", "alice@maple.example", "Gold Club", "1.25× points", "after 14 days", "after 30 days"):
        assert words in history, words


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"spend.points": "many"}, "spend.points"),
        ({"spend.per": "cheap"}, "spend.per"),
        ({"pending_days": "400"}, "pending_days"),
        ({"known.review.points": "-5"}, "known.review.points"),
        ({"steps.count": "1", "steps.0.names.en": "Silver", "steps.0.threshold": ""}, "steps.0.threshold"),
        ({"campaigns.count": "1", "campaigns.0.name": "x", "campaigns.0.starts_at": "soon"}, "campaigns.0.starts_at"),
        ({"actions.count": "1", "actions.0.kind": "social", "actions.0.key": "x", "actions.0.points": "1"},
         "actions.0.url"),
        ({"expiry.months": "0"}, "expiry.months"),
        ({"time_zone": "\x00"}, "time_zone"),
        ({"spend.points": "9" * 400}, "spend.points"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(
    app: Flask, alice: OwnerBrowser, cast: Cast, page: str, changes: dict[str, str], field: str
) -> None:
    begin(alice, page)
    answer = send(alice, page, "save", fields_of(app, cast) | changes)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert rules_of(app, cast)[0] == 1


def test_rows_are_added_and_removed_without_a_script(app: Flask, alice: OwnerBrowser, cast: Cast, page: str) -> None:
    begin(alice, page)
    added = send(alice, page, "add.steps", fields_of(app, cast)).text
    assert 'name="steps.0.threshold"' in added
    typed = fields_of(app, cast) | {"steps.count": "1", "steps.0.names.en": "Silver", "steps.0.threshold": "100"}
    assert 'value="Silver"' in send(alice, page, "show", typed).text
    assert 'value="Silver"' not in send(alice, page, "remove.steps.0", typed).text


def test_examples_follow_what_is_typed(app: Flask, alice: OwnerBrowser, cast: Cast, page: str) -> None:
    begin(alice, page)
    token = alice.read_token(f"{page}/edit")
    typed = fields_of(app, cast) | {"spend.points": "3", "csrf_token": token}
    tier = {"steps.count": "1", "steps.0.names.en": "Gold", "steps.0.threshold": "1"}
    told = alice.client.post(f"{page}/examples", data=typed | tier | {"steps.0.multiplier_thousandths": "1.25"}).json
    assert told["examples"][0] == "An order of €58.70 earns 174 points; with Gold 217."
    told = alice.client.post(f"{page}/examples", data=typed | {"spend.points": ""}).json
    assert told == {"examples": [], "note": "Something in the form is not complete yet."}


def test_change_that_puts_customers_lower_is_shown_before_it_is_saved(
    app: Flask, alice: OwnerBrowser, cast: Cast, page: str
) -> None:
    with app.app_context():
        carol = find_customer(cast.maple.id)
        start_program(cast.maple.id, tiers=tiers(SILVER, GOLD))
        bought = utc_now() - timedelta(days=3)
        take_orders(
            cast.maple.id,
            make_order(1, total_minor=20_000, placed_at=bought, paid_at=bought, updated_at=bought),
            now=bought,
        )
    harder = fields_of(app, cast) | {"steps.0.threshold": "400"}
    shown = send(alice, page, "save", harder)
    assert "1 customer moves to a lower tier" in shown.text
    assert rules_of(app, cast)[0] == 1
    assert send(alice, page, "confirm", harder | {"confirmed_down": "7"}).status_code == 409
    assert send(alice, page, "confirm", harder | {"confirmed_down": "1"}).status_code == 302
    assert rules_of(app, cast)[0] == 2
    with app.app_context():
        assert read_account(cast.maple.id, carol).tier is None


def test_shorter_expiry_is_applied_only_with_the_figures_that_were_shown(
    app: Flask, alice: OwnerBrowser, cast: Cast, page: str
) -> None:
    with app.app_context():
        carol = find_customer(cast.maple.id)
        start_program(cast.maple.id, expiry=LOT)
        then = utc_now() - timedelta(days=200)
        give_points(cast.maple.id, carol, 4310, now=then, expires_at=then + timedelta(days=400))
    shorter = fields_of(app, cast) | {"expiry.months": "3"}
    assert "1 customer would lose 4,310 points" in send(alice, page, "save", shorter).text
    assert send(alice, page, "confirm", shorter | {"confirmed_down": "0"}).status_code == 302
    shown = alice.get(f"{page}/expiry").text
    assert "1 customer would lose 4,310 points at once." in shown
    figures = dict(re.findall(r'name="(\w+_(?:points|customers))" value="(\d+)"', shown))
    wrong = alice.post(f"{page}/expiry", page=f"{page}/expiry", **(figures | {"lost_points": "1"}))
    assert (wrong.status_code, "The figures are others by now." in wrong.text) == (409, True)
    assert alice.post(f"{page}/expiry", page=f"{page}/expiry", **figures).status_code == 302
    with app.app_context():
        assert read_account(cast.maple.id, carol).balance == 0
        db.session.rollback()
    assert "Nothing: all points there are have this expiry already." in alice.get(f"{page}/expiry").text


def test_viewer_reads_and_changes_nothing(app: Flask, alice: OwnerBrowser, cast: Cast, page: str) -> None:
    begin(alice, page)
    make_member(app, cast.maple, "erin@maple.example", "viewer")
    erin = logged_in(app, "erin@maple.example")
    shown = erin.get(page)
    assert (shown.status_code, "Change the rules" in shown.text) == (200, False)
    assert erin.get(f"{page}/edit").status_code == 403
    assert erin.post(f"{page}/state", state="live").status_code == 403
