"""The install page and the settings of a site."""

import re
from datetime import UTC, datetime

import pytest
from flask import Flask

from tests.cast import Cast
from tests.dashboard.owner import OwnerBrowser, logged_in, make_member
from widget.core.db import begin_writing, db
from widget.sites import queries, service
from widget.sites.models import Site

SECRET_PATTERN = re.compile(r'<code id="secret">([^<]+)</code>')
GENERAL = {"name": "Maple & Sons", "ask_every_days": "30", "z_index": "5000", "requires_consent": "1"}


def settings_of(cast: Cast, path: str = "") -> str:
    return f"/dashboard/{cast.maple.key}/settings{path}"


def read_site(app: Flask, cast: Cast) -> Site:
    with app.app_context():
        site = db.session.get_one(Site, cast.maple.id)
        db.session.expunge(site)
        return site


def find_owner_id(app: Flask, email: str) -> str:
    with app.app_context():
        owner = queries.find_owner_by_email(email)
        assert owner is not None
        return str(owner.id)


def roles_of(app: Flask, cast: Cast) -> dict[str, str]:
    with app.app_context():
        site = db.session.get_one(Site, cast.maple.id)
        return {member.owner.email: member.role for member in queries.list_memberships(site)}


def test_install_page_shows_the_line_and_waits(alice: OwnerBrowser, cast: Cast) -> None:
    page = alice.get(f"/dashboard/{cast.maple.key}/install").text
    assert f"/embed/v1/{cast.maple.key}.js&#34;&gt;&lt;/script&gt;" in page
    assert "Waiting for the first page view" in page
    assert cast.maple.origin in page


def test_install_status_turns_when_a_store_page_loads_the_script(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    status = f"/dashboard/{cast.maple.key}/install/status.json"
    before = alice.get(status)
    assert before.headers["Cache-Control"] == "no-store"
    assert before.json is not None
    assert before.json["is_installed"] is False
    app.test_client().get(f"/embed/v1/{cast.maple.key}.js")
    after = alice.get(status).json
    assert after is not None
    assert after["is_installed"] is True
    assert after["message"].startswith("Installed.")


def test_install_status_tells_a_logged_out_script_so(app: Flask, cast: Cast) -> None:
    answer = OwnerBrowser(app).get(f"/dashboard/{cast.maple.key}/install/status.json")
    assert answer.status_code == 401


def test_general_settings_are_saved_and_reach_store_pages(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    before = read_site(app, cast)
    assert alice.post(settings_of(cast, "/general"), **GENERAL).status_code == 302
    site = read_site(app, cast)
    assert (site.name, site.ask_every_days, site.z_index, site.requires_consent) == (
        "Maple & Sons",
        30,
        5000,
        True,
    )
    assert site.version > before.version
    assert "The settings are saved" in alice.get(settings_of(cast)).text


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "  "},
        {"name": "x" * 201},
        {"name": "a\x00b"},
        {"ask_every_days": "366"},
        {"ask_every_days": "-1"},
        {"ask_every_days": "9" * 5000},
        {"z_index": "2147483648"},
        {"z_index": "high"},
        {"z_index": ""},
    ],
)
def test_general_settings_refuse_what_cannot_be(
    app: Flask, alice: OwnerBrowser, cast: Cast, changes: dict[str, str]
) -> None:
    answer = alice.post(settings_of(cast, "/general"), **{**GENERAL, **changes})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert read_site(app, cast).name == "Maple Store"


def test_origins_are_normalised_and_replaced(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    text = "HTTPS://Shop.example:443/cart\r\n\r\nhttp://localhost:3000\r\n"
    assert alice.post(settings_of(cast, "/origins"), origins=text).status_code == 302
    with app.app_context():
        origins = queries.list_origins(db.session.get_one(Site, cast.maple.id))
    assert list(origins) == ["http://localhost:3000", "https://shop.example"]


@pytest.mark.parametrize(
    "text", ["shop.example", "https://a.example\nftp://b.example", "https://\x00", "https://[", "https://a:99999"]
)
def test_bad_origins_are_refused_and_nothing_changes(app: Flask, alice: OwnerBrowser, cast: Cast, text: str) -> None:
    answer = alice.post(settings_of(cast, "/origins"), origins=text)
    assert answer.status_code == 422
    with app.app_context():
        assert list(queries.list_origins(db.session.get_one(Site, cast.maple.id))) == [cast.maple.origin]


def test_a_secret_key_is_shown_once_and_works_until_revoked(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    answer = alice.post(settings_of(cast, "/keys"), name="Nightly report")
    found = SECRET_PATTERN.search(answer.text)
    assert found is not None
    secret = found.group(1)
    page = alice.get(settings_of(cast)).text
    assert "Nightly report" in page
    assert secret not in page
    with app.app_context():
        known = queries.find_site_by_secret_key(secret)
        assert known is not None
        assert known[0].key == cast.maple.key
        key_id = known[1].id
    assert alice.post(settings_of(cast, f"/keys/{key_id}/revoke")).status_code == 302
    with app.app_context():
        assert queries.find_site_by_secret_key(secret) is None
    assert alice.post(settings_of(cast, f"/keys/{key_id}/revoke")).status_code == 404


def test_two_signing_keys_live_at_once_and_no_third(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    first = alice.post(settings_of(cast, "/signing-keys"))
    assert SECRET_PATTERN.search(first.text) is not None
    assert alice.post(settings_of(cast, "/signing-keys")).status_code == 302
    assert "Two signing keys are live already" in alice.get(settings_of(cast)).text
    revoke = settings_of(cast, f"/signing-keys/{cast.maple.signing_key_id}/revoke")
    assert alice.post(revoke).status_code == 302
    with app.app_context():
        keys = queries.list_signing_keys(db.session.get_one(Site, cast.maple.id))
        assert len(keys) == 1
        assert keys[0].id != cast.maple.signing_key_id


def test_an_existing_owner_joins_and_keeps_the_password(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    answer = alice.post(settings_of(cast, "/members"), email=cast.bobs.owner_email, role="editor")
    assert answer.status_code == 302
    assert roles_of(app, cast)[cast.bobs.owner_email] == "editor"
    assert OwnerBrowser(app).log_in(cast.bobs.owner_email).status_code == 302


@pytest.mark.parametrize(("email", "role"), [("", "viewer"), ("erin", "viewer"), ("erin@maple.example", "king")])
def test_a_member_needs_an_address_and_a_role(
    app: Flask, alice: OwnerBrowser, cast: Cast, email: str, role: str
) -> None:
    assert alice.post(settings_of(cast, "/members"), email=email, role=role).status_code == 422
    assert list(roles_of(app, cast)) == [cast.maple.owner_email]


def test_the_last_owner_stays(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    own = settings_of(cast, f"/members/{find_owner_id(app, cast.maple.owner_email)}")
    for path, fields in ((own, {"role": "viewer"}), (own + "/remove", {})):
        assert alice.post(path, **fields).status_code == 302
        assert "keeps at least one owner" in alice.get(settings_of(cast)).text
    assert roles_of(app, cast) == {cast.maple.owner_email: "owner"}


def test_a_removed_member_is_out_at_once(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    make_member(app, cast.maple, "erin@maple.example", "editor")
    erin = logged_in(app, "erin@maple.example")
    assert erin.get(f"/dashboard/{cast.maple.key}/").status_code == 200
    path = settings_of(cast, f"/members/{find_owner_id(app, 'erin@maple.example')}")
    assert alice.post(path, role="viewer").status_code == 302
    assert roles_of(app, cast)["erin@maple.example"] == "viewer"
    assert alice.post(path + "/remove").status_code == 302
    assert erin.get(f"/dashboard/{cast.maple.key}/").status_code == 404


def test_an_owner_who_leaves_lands_at_home(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    make_member(app, cast.maple, "erin@maple.example", "owner")
    path = settings_of(cast, f"/members/{find_owner_id(app, cast.maple.owner_email)}/remove")
    assert alice.post(path).location == "/dashboard/"


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_settings_are_for_owners_only(app: Flask, cast: Cast, role: str) -> None:
    make_member(app, cast.maple, "erin@maple.example", role)
    erin = logged_in(app, "erin@maple.example")
    assert erin.get(settings_of(cast)).status_code == 403
    assert erin.post(settings_of(cast, "/general"), **GENERAL).status_code == 403
    assert erin.post(settings_of(cast, "/keys"), name="mine").status_code == 403
    page = erin.get(f"/dashboard/{cast.maple.key}/install")
    assert page.status_code == 200
    assert "/settings" not in page.text
    assert read_site(app, cast).name == "Maple Store"


def test_bob_finds_nothing_of_maple(app: Flask, bob: OwnerBrowser, cast: Cast) -> None:
    alice_id = find_owner_id(app, cast.maple.owner_email)
    for path in ("/install", "/install/status.json", "/settings"):
        assert bob.get(f"/dashboard/{cast.maple.key}{path}").status_code == 404
    for path in (
        "/general",
        "/origins",
        "/keys",
        "/signing-keys",
        f"/signing-keys/{cast.maple.signing_key_id}/revoke",
        "/members",
        f"/members/{alice_id}",
        f"/members/{alice_id}/remove",
    ):
        assert bob.post(settings_of(cast, path), **GENERAL).status_code == 404
    own = f"/dashboard/{cast.bobs.key}/settings"
    assert bob.post(f"{own}/members/{alice_id}/remove").status_code == 404
    assert bob.post(f"{own}/signing-keys/{cast.maple.signing_key_id}/revoke").status_code == 404


def test_a_form_without_its_token_changes_nothing(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    answer = alice.client.post(settings_of(cast, "/general"), data=GENERAL)
    assert answer.status_code == 400
    assert answer.mimetype == "text/html"
    assert read_site(app, cast).name == "Maple Store"


def test_last_page_view_is_said_in_utc(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    with app.app_context():
        begin_writing()
        db.session.get_one(Site, cast.maple.id).last_seen_at = datetime(2026, 5, 1, 9, 5, tzinfo=UTC)
        db.session.commit()
    assert "1\xa0May\xa02026, 09:05\xa0UTC" in alice.get(f"/dashboard/{cast.maple.key}/install").text


def test_names_of_stores_are_escaped(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    with app.app_context():
        begin_writing()
        site = db.session.get_one(Site, cast.maple.id)
        service.change_settings(
            site, name="<script>alert(1)</script>", requires_consent=False, ask_every_days=1, z_index=1
        )
        db.session.commit()
    assert "<script>alert" not in alice.get(settings_of(cast)).text


def test_quiet_paths_reach_store_pages(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    before = read_site(app, cast)
    assert "/checkout" in alice.get(settings_of(cast)).text
    text = " /checkout \r\n\r\nhttps://maple.example/cart\r\n/checkout\r\n"
    assert alice.post(settings_of(cast, "/general"), **GENERAL, quiet_paths=text).status_code == 302
    site = read_site(app, cast)
    assert site.quiet_paths == ["/checkout", "/cart"]
    assert site.version > before.version
    boot = app.test_client().get(f"/embed/v1/{cast.maple.key}/boot").json
    assert boot is not None
    assert boot["quiet"] == ["/checkout", "/cart"]


@pytest.mark.parametrize(
    "text", ["checkout", "/a b", "/a?b=1", "/a#b", "/\x00", "/" + "x" * 200, "\n".join(f"/{n}" for n in range(31))]
)
def test_what_is_no_path_is_refused(app: Flask, alice: OwnerBrowser, cast: Cast, text: str) -> None:
    answer = alice.post(settings_of(cast, "/general"), **GENERAL, quiet_paths=text)
    assert answer.status_code == 422
    assert read_site(app, cast).quiet_paths == ["/checkout"]
