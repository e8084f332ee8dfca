"""The owner's account, list of stores, and what every page carries."""

import pytest
from flask import Flask
from sqlalchemy import event

from tests.cast import PASSWORD, Cast
from tests.dashboard.owner import OwnerBrowser, logged_in
from widget.core.db import begin_writing, db
from widget.dashboard.files import DASHBOARD_FILES
from widget.sites import owners
from widget.sites.logins import MAX_FAILURES_PER_ACCOUNT
from widget.sites.models import Site
from widget.sites.queries import find_owner_by_email

NEW = "a longer walk by another lake"


def change_password(browser: OwnerBrowser, current: str, new: str = NEW, again: str | None = None) -> int:
    answer = browser.post("/dashboard/account", current=current, new=new, again=again or new)
    return answer.status_code


def test_a_password_change_ends_the_other_sessions(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    elsewhere = logged_in(app, cast.maple.owner_email)
    assert elsewhere.get("/dashboard/account").status_code == 200
    assert change_password(alice, PASSWORD) == 302
    assert alice.get("/dashboard/account").status_code == 200
    assert elsewhere.get("/dashboard/account").status_code == 302
    assert OwnerBrowser(app).log_in(cast.maple.owner_email, PASSWORD).status_code == 401
    assert OwnerBrowser(app).log_in(cast.maple.owner_email, NEW).status_code == 302


@pytest.mark.parametrize(
    ("current", "new", "again"),
    [
        ("wrong password", NEW, NEW),
        (PASSWORD, "short", "short"),
        (PASSWORD, NEW, NEW + "!"),
        (PASSWORD, "aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa"),
        (PASSWORD, "x" * 1001, "x" * 1001),
        ("", NEW, NEW),
    ],
)
def test_a_password_change_is_refused(
    app: Flask, alice: OwnerBrowser, cast: Cast, current: str, new: str, again: str
) -> None:
    assert change_password(alice, current, new, again) == 422
    with app.app_context():
        assert owners.has_password(find_owner_by_email(cast.maple.owner_email), PASSWORD)


def test_guessing_the_current_password_is_limited_like_the_login(alice: OwnerBrowser) -> None:
    for _ in range(MAX_FAILURES_PER_ACCOUNT):
        assert change_password(alice, "a wrong guess") == 422
    assert change_password(alice, PASSWORD) == 429


def test_an_owner_of_two_stores_chooses(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    with app.app_context():
        begin_writing()
        owner = find_owner_by_email(cast.maple.owner_email)
        assert owner is not None
        owners.add_member(db.session.get_one(Site, cast.bobs.id), owner, "viewer")
        db.session.commit()
    page = alice.get("/dashboard/").text
    assert "Maple Store" in page
    assert "Bob&#39;s Bikes" in page


def test_an_owner_of_no_store_is_told_what_to_do(app: Flask, cast: Cast) -> None:
    assert cast
    with app.app_context():
        begin_writing()
        owners.create_owner("erin@maple.example", PASSWORD)
        db.session.commit()
    page = logged_in(app, "erin@maple.example").get("/dashboard/")
    assert page.status_code == 200
    assert "No store yet" in page.text


@pytest.mark.parametrize("path", ["/dashboard/login", "/dashboard/account", "/dashboard/nothing/here", "/nowhere"])
def test_every_page_carries_the_strict_policy(alice: OwnerBrowser, path: str) -> None:
    headers = alice.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


def test_files_are_kept_for_good_only_under_their_own_version(app: Flask) -> None:
    client = app.test_client()
    current = client.get(f"/dashboard/files/{DASHBOARD_FILES.version}/css/dashboard.css")
    assert current.status_code == 200
    assert "immutable" in current.headers["Cache-Control"]
    assert current.mimetype == "text/css"
    assert "immutable" not in client.get("/dashboard/files/other/js/charts.js").headers["Cache-Control"]
    font = client.get("/dashboard/files/other/vendor/fonts/bootstrap-icons.woff2")
    assert font.mimetype == "font/woff2"


@pytest.mark.parametrize("address", ["css/../../widget/config.py", "css/none.css", "js/../embed.js", "%00"])
def test_no_other_file_is_served(app: Flask, address: str) -> None:
    assert app.test_client().get(f"/dashboard/files/x/{address}").status_code == 404


def test_an_error_page_needs_no_database(app: Flask, alice: OwnerBrowser) -> None:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_args: object) -> None:
        statements.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        answer = alice.get("/dashboard/nothing/at/all")
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert answer.status_code == 404
    assert "There is nothing at this address" in answer.text
    assert statements == []


def test_odd_site_keys_are_not_found(alice: OwnerBrowser) -> None:
    for key in ("%00", "st_unknown", "ST_X", "%F0%9F%8D%81", "a" * 500):
        assert alice.get(f"/dashboard/{key}/").status_code == 404
