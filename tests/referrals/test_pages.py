"""The owner's pages of referrals: the program in a form, what is held and why, who brings whom; Bob finds nothing."""

import csv
import io
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.cast import Cast
from tests.dashboard.owner import OwnerBrowser, logged_in, make_member
from tests.loyalty.builders import find_customer, start_program
from tests.orders.builders import NOON
from tests.referrals.builders import (
    at,
    claim,
    coupon_reward,
    let_time_pass,
    make_advocate,
    order_by,
    points_of,
    read,
    start_referrals,
    state_of,
    tell,
    tell_refund,
)
from widget.core.db import begin_writing_anew, db
from widget.referrals.models import Referral, ReferralClick, ReferralProgram, ReferralShare, ReferralVersion
from widget.referrals.program_form import ProgramForm
from widget.sites.models import AuditEntry

FIELDS = {
    "advocate.kind": "points", "advocate.points": "200", "friend.kind": "coupon", "steps.count": "2",
    "steps.0.friends": "10", "steps.0.kind": "points", "steps.0.points": "2000", "steps.1.friends": "5",
    "steps.1.kind": "points", "steps.1.points": "500", "currency": "EUR", "minimum_minor": "20,50", "hold_days": "14",
    "claim_days": "60", "landing_url": "", "texts.en.offer": "Bring a friend.", "texts.it.message": "",
    "velocity.days": "7", "velocity.per_advocate": "20", "velocity.per_network": "5", "velocity.per_own_network": "0",
    "velocity.per_device": "1", "leaderboard": "1",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    with at(NOON):
        yield


@pytest.fixture
def page(cast: Cast) -> str:
    return f"/dashboard/{cast.maple.key}/referrals"


@pytest.fixture
def held(app: Flask, cast: Cast) -> str:
    """Carol's friend has taken the offer under an address that may be hers, and ordered."""
    with app.app_context():
        start_referrals(cast.maple.id)
        code = make_advocate(cast.maple.id)
        held_id = claim(cast.maple.id, code, "ca.rol+tea@shoppers.example")
        tell(cast.maple.id, order_by("ca.rol+tea", 1))
        assert state_of(cast.maple.id, held_id) == "held"
        return str(held_id)


def save(browser: OwnerBrowser, page: str, do: str = "save", **changes: str) -> Any:
    fields = {**FIELDS, **{name.replace("__", "."): value for name, value in changes.items()}}
    token = browser.read_token(f"{page}/edit")
    return browser.client.post(f"{page}/edit", data={"csrf_token": token, "do": do, **fields})


def list_versions(app: Flask, cast: Cast) -> list[dict[str, Any]]:
    with app.app_context():
        is_its = ReferralVersion.site_id == cast.maple.id
        rows = db.session.scalars(select(ReferralVersion).where(is_its).order_by(ReferralVersion.version))
        return [row.rules for row in rows]


def test_program_is_begun_changed_and_set_live(app: Flask, alice: OwnerBrowser, cast: Cast, page: str) -> None:
    with app.app_context():
        start_program(cast.maple.id)
        pool_id = coupon_reward(cast.maple.id)["pool_id"]
    assert alice.post(f"{page}/start", page=page, currency="EUR").status_code == 302
    assert save(alice, page, friend__pool_id=pool_id).status_code == 302
    assert alice.post(f"{page}/state", page=page, state="live").status_code == 302
    _, rules = list_versions(app, cast)
    assert rules["friend"] == {"kind": "coupon", "pool_id": pool_id}
    assert [step["friends"] for step in rules["steps"]] == [5, 10]
    assert (rules["minimum_minor"], rules["hold_days"], rules["leaderboard"]) == (2050, 14, True)
    assert rules["texts"] == {"en": {"offer": "Bring a friend."}}
    shown = alice.get(page).text
    assert "€20.50" in shown
    assert "5 EUR off" in shown
    assert "The return window is open for" in alice.get(f"{page}/history").text
    with app.app_context():
        assert db.session.get_one(ReferralProgram, cast.maple.id).state == "live"
        actions = db.session.scalars(select(AuditEntry.action).where(AuditEntry.site_id == cast.maple.id)).all()
    assert {"referral_program.started", "referral_program.changed", "referral_program.live"} <= set(actions)


def test_saving_the_form_as_it_is_shown_changes_nothing(app: Flask, alice: OwnerBrowser, cast: Cast, page: str) -> None:
    texts = {"de": {"offer": "Bring Freunde."}, "en": {"title": "By the server"}}
    with app.app_context():
        start_referrals(cast.maple.id, steps=[{"friends": 3, "reward": {"kind": "none"}}], texts=texts)
    document = alice.get(f"{page}/edit").text
    assert "Bring Freunde." in document
    assert "By the server" in document
    form = ProgramForm.of(list_versions(app, cast)[0])
    data = {"csrf_token": alice.read_token(f"{page}/edit"), "do": "save", "steps.count": "1", **form.values}
    assert alice.client.post(f"{page}/edit", data=data).status_code == 302
    assert len(list_versions(app, cast)) == 1


def test_steps_are_added_and_removed_without_a_script(app: Flask, alice: OwnerBrowser, cast: Cast, page: str) -> None:
    with app.app_context():
        start_referrals(cast.maple.id)
    assert 'name="steps.2.friends"' in save(alice, page, do="add").text
    assert 'value="2000"' not in save(alice, page, do="remove.0").text
    assert len(list_versions(app, cast)) == 1


@pytest.mark.parametrize(
    ("changes", "marked"),
    [
        ({"landing_url": "https://maple.example@evil.example"}, "landing_url"),
        ({"landing_url": "javascript:alert(1)"}, "landing_url"),
        ({"friend__pool_id": ""}, "friend.pool_id"),
        ({"friend__kind": "gold"}, "friend.kind"),
        ({"steps__0__friends": "5"}, "steps.1.friends"),
        ({"steps__1__points": "many"}, "steps.1.points"),
        ({"hold_days": "181"}, "hold_days"),
        ({"velocity__per_device": "0"}, "velocity.per_device"),
        ({"minimum_minor": "x"}, "minimum_minor"),
        ({"currency": "XXQ"}, "currency"),
        ({"texts__en__offer": "x" * 501}, "texts.en.offer"),
    ],
)
def test_what_cannot_be_saved_is_said_at_its_field(
    app: Flask, alice: OwnerBrowser, cast: Cast, page: str, changes: dict[str, str], marked: str
) -> None:
    with app.app_context():
        start_referrals(cast.maple.id)
        pool_id = coupon_reward(cast.maple.id)["pool_id"]
    answer = save(alice, page, **{"friend__pool_id": pool_id, **changes})
    assert answer.status_code == 422
    assert f'id="{marked}-error"' in answer.text
    assert len(list_versions(app, cast)) == 1


@pytest.mark.usefixtures("held")
def test_what_is_held_says_why_in_words(alice: OwnerBrowser, page: str) -> None:
    shown = alice.get(f"{page}/held").text
    assert "differ only in dots" in shown
    assert "ca.rol+tea@shoppers.example" in shown
    assert "€20.00" in shown
    assert "1 referral waits for you." in alice.get(page).text


def test_held_referral_passes_with_a_note_once(
    app: Flask, alice: OwnerBrowser, cast: Cast, page: str, held: str
) -> None:
    for _ in range(2):
        address = f"{page}/friends/{held}"
        answer = alice.post(f"{address}/pass", page=f"{page}/held", note=" I know  both ", back="held")
        assert answer.location.endswith("/referrals/held")
    with app.app_context():
        assert state_of(cast.maple.id, uuid.UUID(held)) == "qualified"
        let_time_pass()
        assert points_of(cast.maple.id, "carol") == 200
    history = alice.get(address).text
    assert history.count("I know both") == 1
    assert "Both sides were rewarded" in history
    assert "The friend took the offer" in history
    with app.app_context():
        actions = db.session.scalars(select(AuditEntry.action).where(AuditEntry.action == "referral.passed")).all()
        assert len(actions) == 1


def test_rewarded_referral_is_voided(app: Flask, alice: OwnerBrowser, cast: Cast, page: str) -> None:
    with app.app_context():
        start_referrals(cast.maple.id)
        referral_id = claim(cast.maple.id, make_advocate(cast.maple.id))
        tell(cast.maple.id, order_by("frank"))
        let_time_pass()
    address = f"{page}/friends/{referral_id}"
    assert "Void it" in alice.get(address).text
    alice.post(f"{address}/refuse", page=address, note="They told me.")
    assert "taken back" in alice.get(address).text
    with app.app_context():
        assert (state_of(cast.maple.id, referral_id), points_of(cast.maple.id, "carol")) == ("reversed", 0)


def test_what_is_not_held_cannot_pass_and_a_long_note_is_refused(
    app: Flask, alice: OwnerBrowser, cast: Cast, page: str, held: str
) -> None:
    with app.app_context():
        plain = claim(cast.maple.id, make_advocate(cast.maple.id))
    alice.post(f"{page}/friends/{plain}/pass", page=f"{page}/held")
    assert "Nothing holds this referral" in alice.get(f"{page}/held").text
    for note in ("x" * 201, "a\x00b"):
        assert alice.post(f"{page}/friends/{held}/refuse", page=f"{page}/held", note=note).status_code == 422
    with app.app_context():
        assert state_of(cast.maple.id, uuid.UUID(held)) == "held"


@pytest.mark.usefixtures("held")
def test_friends_are_listed_by_a_filter_and_downloaded(alice: OwnerBrowser, page: str) -> None:
    assert "ca.rol+tea" in alice.get(f"{page}/friends?state=held&friend=TEA&channel=link&advocate=carol").text
    assert "ca.rol+tea" not in alice.get(f"{page}/friends?state=rewarded").text
    for query in ("state=lost", "channel=smoke", "friend=%00", "advocate=%00", "cursor=x"):
        answer = alice.get(f"{page}/friends?{query}")
        assert (answer.status_code, f"<code>{query.partition('=')[0]}</code>" in answer.text) == (422, True)
    rows = list(csv.DictReader(io.StringIO(alice.get(f"{page}/friends/export?state=held").text)))
    assert [(row["advocate"], row["flags"]) for row in rows] == [("carol", "similar_email")]
    assert len(alice.get(f"{page}/friends/export?state=rewarded").text.splitlines()) == 1
    assert alice.get(f"{page}/friends/export?format=xlsx").data.startswith(b"PK")
    assert alice.get(f"{page}/friends/export?format=pdf").status_code == 422


def test_advocates_are_listed_with_their_revenue(app: Flask, alice: OwnerBrowser, cast: Cast, page: str) -> None:
    with app.app_context():
        start_referrals(cast.maple.id)
        code = make_advocate(cast.maple.id)
        make_advocate(cast.maple.id, "frank")
        for number, name in enumerate(("erin", "grace")):
            claim(cast.maple.id, code, f"{name}@shoppers.example")
            tell(cast.maple.id, order_by(name, number))
        tell_refund(cast.maple.id, "1", 500)
    shown = alice.get(f"{page}/advocates").text
    assert "€35.00" in shown
    assert "n/a" in shown
    assert shown.index(code) < shown.index("FRANK-")
    assert "FRANK-" not in alice.get(f"{page}/advocates?q={code.lower()}").text
    assert alice.get(f"{page}/advocates?q=%00").status_code == 422
    rows = {row["customer"]: row for row in csv.DictReader(io.StringIO(alice.get(f"{page}/advocates/export").text))}
    assert (rows["carol"]["revenue"], rows["carol"]["orders"], rows["frank"]["revenue"]) == ("35.00", "2", "")


def test_advocate_is_blocked_and_earns_again(app: Flask, alice: OwnerBrowser, cast: Cast, page: str) -> None:
    with app.app_context():
        start_referrals(cast.maple.id)
        code = make_advocate(cast.maple.id)
        claim(cast.maple.id, code)
        address = f"{page}/advocates/{find_customer(cast.maple.id, 'carol')}"
    assert "frank@shoppers.example" in alice.get(address).text
    for _ in range(2):
        alice.post(f"{address}/block", page=address, is_blocked="1")
    assert "Let them earn again" in alice.get(address).text
    alice.post(f"{address}/block", page=address, is_blocked="0")
    assert "Block this advocate" in alice.get(address).text
    with app.app_context():
        found = db.session.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("advocate."))).all()
    assert sorted(found) == ["advocate.blocked", "advocate.unblocked"]


def test_funnel_counts_the_claims_of_its_days_and_says_na_of_nothing(
    app: Flask, alice: OwnerBrowser, cast: Cast, page: str
) -> None:
    assert alice.get(f"{page}/funnel").text.count("n/a") == 4
    with app.app_context():
        start_referrals(cast.maple.id)
        code = make_advocate(cast.maple.id)
        carol = find_customer(cast.maple.id, "carol")
        begin_writing_anew()
        ids = {"site_id": cast.maple.id, "advocate_id": carol}
        db.session.add(ReferralShare(**ids, channel="sms", day=NOON.date(), shares=2))
        for _ in range(4):
            click = {"visitor_id": uuid.uuid4(), "channel": "sms", "network_hash": "h", "clicked_at": NOON}
            db.session.add(ReferralClick(**ids, **click))
        db.session.commit()
        claim(cast.maple.id, code)
        claim(cast.maple.id, code, "grace@shoppers.example")
        tell(cast.maple.id, order_by("frank"))
        let_time_pass()
    shown = alice.get(f"{page}/funnel").text
    assert "2.00" in shown
    assert shown.count("<strong>50.0\N{NO-BREAK SPACE}%</strong>") == 2
    assert "100.0" in shown
    assert alice.get(f"{page}/funnel?from=2020-01-01&until=2020-01-31").text.count("n/a") == 4
    assert alice.get(f"{page}/funnel?from=soon").status_code == 422


def test_bob_finds_nothing_of_alices(app: Flask, cast: Cast, bob: OwnerBrowser, page: str, held: str) -> None:
    with app.app_context():
        start_referrals(cast.bobs.id)
        carol = find_customer(cast.maple.id, "carol")
    own = page.replace(cast.maple.key, cast.bobs.key)
    for place in ("", "/history", "/held", "/friends", "/advocates", "/funnel", "/edit", "/contests"):
        assert bob.get(f"{page}{place}").status_code == 404
        assert bob.get(f"{own}{place}").status_code == 200
    assert bob.get(f"{own}/friends/{held}").status_code == 404
    assert bob.get(f"{own}/advocates/{carol}").status_code == 404
    for step in (f"friends/{held}/pass", f"friends/{held}/refuse", f"advocates/{carol}/block"):
        assert bob.post(f"{own}/{step}", page=own, is_blocked="1").status_code == 404
    assert len(bob.get(f"{own}/friends/export").text.splitlines()) == 1
    with app.app_context():
        assert state_of(cast.maple.id, uuid.UUID(held)) == "held"


def test_viewer_reads_and_decides_nothing(app: Flask, cast: Cast, page: str, held: str) -> None:
    make_member(app, cast.maple, "erin@maple.example", "viewer")
    viewer = logged_in(app, "erin@maple.example")
    assert "Let it pass" not in viewer.get(f"{page}/held").text
    assert viewer.get(f"{page}/edit").status_code == 403
    for step in ("state", f"friends/{held}/pass", f"friends/{held}/refuse"):
        assert viewer.post(f"{page}/{step}", state="paused").status_code == 403
    with app.app_context():
        assert read(cast.maple.id, uuid.UUID(held)).flags_passed_at is None
        assert db.session.get_one(ReferralProgram, cast.maple.id).state == "live"
        assert db.session.get_one(Referral, (cast.maple.id, uuid.UUID(held))).refused_at is None
