"""What owners did: every change is noted where it is made, and read by owners alone."""

import ast
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests.cast import PASSWORD, Cast
from tests.dashboard.owner import OwnerBrowser, logged_in, make_member
from tests.house.source import list_modules, name_of
from widget.core.clock import utc_now
from widget.core.db import begin_writing, db
from widget.core.ids import new_id
from widget.sites.activity import PAGE_SIZE
from widget.sites.audit_words import WORDS, list_action_choices
from widget.sites.models import AuditEntry, Site


def activity_of(cast: Cast, query: str = "") -> str:
    return f"/dashboard/{cast.maple.key}/settings/activity{query}"


def read_entries(app: Flask, cast: Cast) -> list[tuple[str, str, str]]:
    with app.app_context():
        query = db.select(AuditEntry).where(AuditEntry.site_id == cast.maple.id).order_by(AuditEntry.id)
        return [(entry.owner_email, entry.action, entry.subject) for entry in db.session.scalars(query)]


def add_entries(app: Flask, cast: Cast, count: int, **changes: Any) -> None:
    with app.app_context():
        begin_writing()
        for number in range(count):
            values = {"owner_email": "alice@maple.example", "action": "key.made", "details": {}, **changes}
            db.session.add(
                AuditEntry(
                    site_id=cast.maple.id,
                    id=new_id(),
                    happened_at=utc_now() - timedelta(hours=1, minutes=number),
                    subject=f"number {number}",
                    **values,
                )
            )
        db.session.commit()


def test_every_change_of_settings_is_noted(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    settings = f"/dashboard/{cast.maple.key}/settings"
    make_member(app, cast.maple, "erin@maple.example", "editor")
    alice.post(f"{settings}/general", name="Maple & Sons", ask_every_days="3", z_index="1")
    alice.post(f"{settings}/origins", origins="https://shop.example")
    alice.post(f"{settings}/keys", name="Nightly report")
    alice.post(f"{settings}/signing-keys")
    alice.post(f"{settings}/signing-keys/{cast.maple.signing_key_id}/revoke")
    alice.post(f"{settings}/members", email="new@maple.example", role="viewer")
    alice.post(f"{settings}/members", email="erin@maple.example", role="viewer")
    alice.post(f"{settings}/members", email=cast.bobs.owner_email, role="viewer")
    made = [entry[1:] for entry in read_entries(app, cast)]
    assert made[0] == ("settings.changed", "Maple & Sons")
    assert made[1] == ("origins.changed", "https://shop.example")
    assert made[2] == ("key.made", "Nightly report")
    assert [action for action, _ in made[3:]] == [
        "signing_key.made",
        "signing_key.revoked",
        "member.invited",
        "member.role_changed",
        "member.added",
    ]
    page = alice.get(activity_of(cast)).text
    assert "made the secret key “Nightly report”" in page
    assert "invited new@maple.example (viewer)" in page


def test_a_refused_change_is_not_noted(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    alice.post(f"/dashboard/{cast.maple.key}/settings/general", name="", ask_every_days="3", z_index="1")
    alice.post(f"/dashboard/{cast.maple.key}/settings/members", email="nobody", role="viewer")
    assert read_entries(app, cast) == []


def test_log_ins_and_passwords_are_noted_at_the_owners_sites(app: Flask, cast: Cast) -> None:
    browser = OwnerBrowser(app)
    browser.log_in("alice@maple.example", "a wrong guess")
    browser.log_in("alice@maple.example")
    browser.post("/dashboard/account", current=PASSWORD, new="a walk around it", again="a walk around it")
    browser.post("/dashboard/logout")
    assert [action for _, action, _ in read_entries(app, cast)] == [
        "owner.logged_in",
        "owner.password_changed",
        "owner.logged_out",
    ]
    with app.app_context():
        assert db.session.query(AuditEntry).filter_by(site_id=cast.bobs.id).count() == 0


def test_the_list_pages_without_gaps_or_repeats(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    add_entries(app, cast, PAGE_SIZE + 7)
    first = alice.get(activity_of(cast))
    cursor = first.text.split("cursor=")[1].split('"')[0].split("&")[0]
    second = alice.get(activity_of(cast, f"?cursor={cursor}"))
    shown = [number for number in range(PAGE_SIZE + 7) if f"number {number}”" in first.text]
    assert shown == list(range(PAGE_SIZE))
    assert [number for number in range(PAGE_SIZE + 7) if f"number {number}”" in second.text] == [*range(50, 57)]
    assert "cursor=" not in second.text


def test_the_list_is_filtered_by_owner_and_by_action(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    add_entries(app, cast, 1, owner_email="erin@maple.example", action="key.revoked")
    add_entries(app, cast, 1)
    by_owner = alice.get(activity_of(cast, "?owner=erin@maple.example")).text
    assert "revoked the secret key “number 0”" in by_owner
    assert "made the secret key “number 0”" not in by_owner
    by_action = alice.get(activity_of(cast, "?action=key.made")).text
    assert "made the secret key “number 0”" in by_action
    assert "revoked the secret key “number 0”" not in by_action
    assert "Nothing here" in alice.get(activity_of(cast, "?owner=nobody@x.example")).text


@pytest.mark.parametrize("query", ["?cursor=x", "?cursor=%00"])
def test_a_bad_cursor_is_refused(alice: OwnerBrowser, cast: Cast, query: str) -> None:
    assert alice.get(activity_of(cast, query)).status_code == 422


def test_odd_filters_find_nothing(alice: OwnerBrowser, cast: Cast) -> None:
    for query in ("?owner=%00", "?action=%00%27", "?owner=" + "x" * 5000):
        assert alice.get(activity_of(cast, query)).status_code == 200


def test_an_action_without_words_is_still_listed(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    add_entries(app, cast, 1, action="coupon_pool.filled_up")
    assert "coupon pool filled up: number 0" in alice.get(activity_of(cast)).text


def test_subjects_are_escaped_and_shortened(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    alice.post(f"/dashboard/{cast.maple.key}/settings/keys", name="<script>%(subject)s 100%</script>")
    page = alice.get(activity_of(cast)).text
    assert "&lt;script&gt;%(subject)s 100%&lt;/script&gt;" in page
    alice.post(
        f"/dashboard/{cast.maple.key}/settings/origins",
        origins="\n".join(f"https://shop{number}.example" for number in range(40)),
    )
    assert len(read_entries(app, cast)[-1][2]) == 300


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_only_owners_read_it(app: Flask, cast: Cast, role: str) -> None:
    make_member(app, cast.maple, "erin@maple.example", role)
    assert logged_in(app, "erin@maple.example").get(activity_of(cast)).status_code == 403
    assert logged_in(app, cast.bobs.owner_email).get(activity_of(cast)).status_code == 404


def test_bob_sees_nothing_of_maple_in_his_own_list(app: Flask, bob: OwnerBrowser, cast: Cast) -> None:
    add_entries(app, cast, 1)
    page = bob.get(f"/dashboard/{cast.bobs.key}/settings/activity").text
    assert "number 0" not in page
    assert "alice@maple.example" not in page


def test_every_action_the_code_names_has_words() -> None:
    named = set()
    for path in list_modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("note_action", "note_own_action")):
                named |= {
                    (value.value, name_of(path))
                    for argument in node.args[:2]
                    for value in ast.walk(argument)
                    if isinstance(value, ast.Constant) and isinstance(value.value, str) and "." in value.value[:-1]
                }
    assert named
    assert {(action, file) for action, file in named if action not in WORDS} == set()


def test_the_filter_names_actions_without_a_subject(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        assert all("%(" not in words for _, words in list_action_choices(WORDS))


def test_nothing_takes_entries_out() -> None:
    for path in list_modules():
        text = path.read_text(encoding="utf-8")
        assert "delete(AuditEntry" not in text, path
        assert "update(AuditEntry" not in text, path


def test_a_site_that_ends_takes_its_entries_along(app: Flask, cast: Cast) -> None:
    add_entries(app, cast, 1)
    with app.app_context():
        begin_writing()
        db.session.execute(db.delete(Site).where(Site.id == cast.maple.id))
        db.session.commit()
    assert read_entries(app, cast) == []
