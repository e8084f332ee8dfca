"""Leads and unsubscribes as files: out, in again, and twice without doubling."""

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast, SiteOfCast
from tests.embed.shopper import read_json
from tests.popups.builders import (
    ERIN,
    add_lead,
    confirm,
    lead,
    link_of,
    list_leads,
    list_mails,
    send_lead,
    start_campaign,
)
from widget.core.db import begin_writing_anew, db
from widget.customers.suppressions import find_suppressed, hash_address, suppress_address
from widget.popups.consents import list_consents

MAILCHIMP = (
    "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME\n"
    'gina@gmail.com,Gina,"Stone, PhD",2,2025-03-01 10:00:00,2025-03-01 10:05:00\n'
    "G.INA+x@gmail.com,Gina,,2,,\n"
    "hugo@x.example,,,2,2025-03-02 10:00:00,\n"
    "nobody,,,2,,\n"
)


def run(app: Flask, site: SiteOfCast, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=[*words, "--site", site.key])


def write(folder: Path, text: str) -> str:
    (folder / "file.csv").write_text(text, encoding="utf-8")
    return str(folder / "file.csv")


def test_addresses_of_another_program_come_in_once_and_nobody_is_mailed(app: Flask, cast: Cast, tmp_path: Path) -> None:
    file = write(tmp_path, MAILCHIMP)
    assert "2 would be new" in run(app, cast.maple, "import", "leads", file, "--dry-run").output
    assert list_leads(app) == []
    first = run(app, cast.maple, "import", "leads", file)
    assert "4 rows: 2 new, 1 known already, 1 refused." in first.output
    assert first.exit_code == 3
    assert "0 new, 3 known already" in run(app, cast.maple, "import", "leads", file).output
    gina, hugo = list_leads(app)
    assert (gina.name, gina.state, gina.source, gina.confirmed_at is not None) == (
        "Gina Stone, PhD", "confirmed", "import", True,
    )  # fmt: skip
    assert (hugo.state, hugo.confirmed_at, hugo.created_at.isoformat()) == (
        "confirmed", None, "2025-03-02T10:00:00+00:00",
    )  # fmt: skip
    with app.app_context():
        assert [step.kind for step in list_consents(gina)] == ["given", "confirmed"]
    assert list_mails(app) == []


def test_export_comes_in_at_another_site_as_it_was(app: Flask, client: FlaskClient, cast: Cast, tmp_path: Path) -> None:
    campaign_id = start_campaign(app, cast.maple, fields=[{"key": "name", "required": True}])
    for email, name in ((ERIN, "=cmd()"), ("frank@shoppers.example", "Frank"), ("gina@gmail.com", "Gina")):
        read_json(send_lead(client, cast.maple, lead(campaign_id, email, name=name)))
    for place in (0, 1):
        client.post(link_of(list_mails(app)[place]))
    client.post(link_of(list_mails(app)[3], "u"))
    output = tmp_path / "leads.csv"
    assert run(app, cast.maple, "export", "leads", "--output", str(output)).exit_code == 0
    text = output.read_text(encoding="utf-8")
    assert "'=cmd()" in text
    assert "Maple Store may send me news" in text
    result = run(app, cast.bobs, "import", "leads", str(output))
    assert "3 rows: 3 new" in result.output
    names = ("email", "name", "language", "state", "created_at", "confirmed_at", "unsubscribed_at")
    told = {site.id: [] for site in (cast.maple, cast.bobs)}  # type: ignore[var-annotated]
    for row in list_leads(app):
        told[row.site_id].append(tuple(getattr(row, name) for name in names))
    assert sorted(told[cast.maple.id]) == sorted(told[cast.bobs.id])


@pytest.mark.parametrize(
    "text", ["email\n{}\nstranger@x.example\n", "Email Address,UNSUB_TIME\n{},\nstranger@x.example,\n"]
)
def test_unsubscribes_of_another_program_end_the_mails_here(
    app: Flask, client: FlaskClient, cast: Cast, tmp_path: Path, text: str
) -> None:
    campaign_id = start_campaign(app, cast.maple)
    read_json(send_lead(client, cast.maple, lead(campaign_id)))
    confirm(client, app)
    file = write(tmp_path, text.format(ERIN.upper()))
    assert "2 new" in run(app, cast.maple, "import", "unsubscribes", file).output
    assert "2 known already" in run(app, cast.maple, "import", "unsubscribes", file).output
    assert list_leads(app)[0].state == "unsubscribed"
    with app.app_context():
        both = {ERIN, "stranger@x.example"}
        assert find_suppressed(cast.maple.id, both) == both
    exported = run(app, cast.maple, "export", "unsubscribes").output
    assert exported.splitlines()[0] == "email,unsubscribed_at"
    assert ERIN in exported
    assert "stranger" not in exported


def test_who_wants_no_mails_is_not_subscribed_by_an_older_list(app: Flask, cast: Cast, tmp_path: Path) -> None:
    with app.app_context():
        begin_writing_anew()
        suppress_address(cast.maple.id, hash_address(cast.maple.id, "hugo@x.example"))
        db.session.commit()
    run(app, cast.maple, "import", "leads", write(tmp_path, MAILCHIMP))
    states = {row.email: row.state for row in list_leads(app)}
    assert states == {"gina@gmail.com": "confirmed", "hugo@x.example": "unsubscribed"}


def test_who_signs_up_while_an_import_waits_is_known_to_it(
    app: Flask, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sign_up(*_turns: str) -> None:
        add_lead(cast.maple.id, None, "hugo@x.example")

    monkeypatch.setattr("widget.popups.asking.wait_for_turn", sign_up)
    assert "1 new, 2 known already" in run(app, cast.maple, "import", "leads", write(tmp_path, MAILCHIMP)).output
    assert [row.source for row in list_leads(app) if row.email == "hugo@x.example"] == ["popup"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("name\nErin\n", "No column is called email"),
        ("email,E-Mail\na@x.example,b@x.example\n", "Two columns would be email"),
    ],
)
def test_file_without_addresses_is_refused(app: Flask, cast: Cast, tmp_path: Path, text: str, reason: str) -> None:
    result = run(app, cast.maple, "import", "leads", write(tmp_path, text))
    assert result.exit_code != 0
    assert reason in result.output
