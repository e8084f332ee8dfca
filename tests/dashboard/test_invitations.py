"""Invitations by mail: whoever holds the link joins once, within a week, until it is taken back."""

import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from flask import Flask
from werkzeug.test import TestResponse

from tests.cast import PASSWORD, Cast
from tests.dashboard.mails import read_link, read_outbox
from tests.dashboard.owner import OwnerBrowser, logged_in, make_member
from widget.core.clock import utc_now
from widget.core.db import begin_writing, db
from widget.sites import owners, queries
from widget.sites.models import MemberInvitation, Site

ERIN = "erin@maple.example"
NEW = "a walk around the whole lake"


def invite(alice: OwnerBrowser, cast: Cast, email: str = ERIN, role: str = "editor") -> TestResponse:
    return alice.post(f"/dashboard/{cast.maple.key}/settings/members", email=email, role=role)


def read_last_link(app: Flask) -> str:
    return read_link(read_outbox(app)[-1])


def accept(browser: OwnerBrowser, link: str, new: str = NEW, again: str | None = None) -> TestResponse:
    return browser.post(link, page="/dashboard/forgotten", new=new, again=again or new)


def roles_of(app: Flask, cast: Cast) -> dict[str, str]:
    with app.app_context():
        site = db.session.get_one(Site, cast.maple.id)
        return {member.owner.email: member.role for member in queries.list_memberships(site)}


def read_invitation(app: Flask) -> MemberInvitation:
    with app.app_context():
        invitation: MemberInvitation = db.session.scalars(db.select(MemberInvitation)).one()
        db.session.expunge(invitation)
        return invitation


def act(alice: OwnerBrowser, app: Flask, cast: Cast, what: str) -> TestResponse:
    return alice.post(f"/dashboard/{cast.maple.key}/settings/invitations/{read_invitation(app).id}/{what}")


def test_who_is_new_chooses_a_password_and_is_in(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    assert invite(alice, cast, " Erin@Maple.example").status_code == 302
    (mail,) = read_outbox(app)
    assert (mail.recipient, mail.site_id) == (ERIN, cast.maple.id)
    assert mail.subject == "alice@maple.example invites you to Maple Store"
    assert ERIN in alice.get(f"/dashboard/{cast.maple.key}/settings").text
    assert ERIN not in roles_of(app, cast)
    erin = OwnerBrowser(app)
    page = erin.get(read_link(mail))
    assert "Join Maple Store" in page.text
    answer = accept(erin, read_link(mail))
    assert (answer.status_code, answer.location) == (302, f"/dashboard/{cast.maple.key}/")
    assert erin.get(f"/dashboard/{cast.maple.key}/").status_code == 200
    assert roles_of(app, cast)[ERIN] == "editor"
    assert OwnerBrowser(app).log_in(ERIN, NEW).status_code == 302


def test_an_invitation_works_once(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    invite(alice, cast)
    link = read_last_link(app)
    accept(OwnerBrowser(app), link)
    again = OwnerBrowser(app)
    assert again.get(link).status_code == 409
    assert "was accepted" in again.get(link).text
    assert accept(again, link, "somebody else's password").status_code == 409
    assert again.log_in(ERIN, NEW).status_code == 302


def test_two_who_accept_at_once_make_one_account(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    invite(alice, cast)
    link = read_last_link(app)
    browsers = [OwnerBrowser(app) for _ in range(3)]
    tokens = [browser.read_token("/dashboard/forgotten") for browser in browsers]
    barrier, statuses = Barrier(3), []

    def send(number: int) -> None:
        barrier.wait(timeout=10)
        data = {"csrf_token": tokens[number], "new": NEW, "again": NEW}
        statuses.append(browsers[number].client.post(link, data=data).status_code)

    threads = [Thread(target=send, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [302, 409, 409]


def test_reading_the_link_changes_nothing(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    invite(alice, cast)
    link = read_last_link(app)
    scanner = OwnerBrowser(app)
    for _ in range(10):
        assert scanner.get(link).status_code == 200
        assert scanner.client.head(link).status_code == 200
    assert read_invitation(app).accepted_at is None
    assert list(roles_of(app, cast)) == [cast.maple.owner_email]


def test_an_invitation_runs_out_and_can_be_sent_again(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    invite(alice, cast)
    first = read_last_link(app)
    with time_machine.travel(utc_now() + timedelta(days=8)):
        answer = OwnerBrowser(app).get(first)
        assert answer.status_code == 410
        assert "has run out" in answer.text
        assert accept(OwnerBrowser(app), first).status_code == 410
        assert "ran out" in alice.get(f"/dashboard/{cast.maple.key}/settings").text
        assert act(alice, app, cast, "send").status_code == 302
        assert len(read_outbox(app)) == 2
        assert accept(OwnerBrowser(app), read_last_link(app)).status_code == 302


def test_an_invitation_is_taken_back(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    invite(alice, cast)
    link = read_last_link(app)
    assert act(alice, app, cast, "revoke").status_code == 302
    answer = OwnerBrowser(app).get(link)
    assert answer.status_code == 410
    assert "taken back" in answer.text
    assert accept(OwnerBrowser(app), link).status_code == 410
    for what in ("revoke", "send"):
        assert act(alice, app, cast, what).status_code == 404
    assert list(roles_of(app, cast)) == [cast.maple.owner_email]


def test_inviting_again_renews_the_one_invitation(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    invite(alice, cast, role="viewer")
    invite(alice, cast, role="editor")
    assert read_invitation(app).role == "editor"
    assert len(read_outbox(app)) == 2


def test_an_owner_elsewhere_joins_at_once_and_is_told(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    assert invite(alice, cast, cast.bobs.owner_email).status_code == 302
    assert roles_of(app, cast)[cast.bobs.owner_email] == "editor"
    (mail,) = read_outbox(app)
    assert mail.subject == "You are now a member of Maple Store"
    assert read_link(mail) == f"/dashboard/{cast.maple.key}/"
    invite(alice, cast, cast.bobs.owner_email, "viewer")
    assert len(read_outbox(app)) == 1, "another role is no news by mail"


def test_who_made_an_account_meanwhile_joins_logged_in(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    invite(alice, cast)
    link = read_last_link(app)
    with app.app_context():
        begin_writing()
        owners.create_owner(ERIN, PASSWORD)
        db.session.commit()
    stranger = OwnerBrowser(app)
    assert f"next={link}" in stranger.get(link).text
    assert accept(stranger, link).status_code == 403, "the link alone does not speak for an account"
    bob = logged_in(app, cast.bobs.owner_email)
    assert "you are logged in as bob@bobs.example" in bob.get(link).text
    assert accept(bob, link).status_code == 403
    assert list(roles_of(app, cast)) == [cast.maple.owner_email]
    assert stranger.log_in(ERIN, query=f"?next={link}").location == link
    assert accept(stranger, link).status_code == 302
    assert roles_of(app, cast)[ERIN] == "editor"


def test_an_invitation_takes_no_role_away(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    invite(alice, cast, role="viewer")
    link = read_last_link(app)
    make_member(app, cast.maple, ERIN, "owner")
    assert accept(logged_in(app, ERIN), link).status_code == 302
    assert roles_of(app, cast)[ERIN] == "owner"


@pytest.mark.parametrize(("new", "again"), [("short", "short"), (NEW, NEW + "!"), (ERIN, ERIN), ("", "")])
def test_a_weak_password_is_refused_and_the_link_stays_good(
    app: Flask, alice: OwnerBrowser, cast: Cast, new: str, again: str
) -> None:
    invite(alice, cast)
    link = read_last_link(app)
    assert accept(OwnerBrowser(app), link, new, again).status_code == 422
    assert accept(OwnerBrowser(app), link).status_code == 302


@pytest.mark.parametrize("token", ["x", "0" * 32, "%00", "é", "a" * 3000, f"{'0' * 32}-x.y.z"])
def test_a_link_that_is_none_of_ours_is_politely_refused(app: Flask, cast: Cast, token: str) -> None:
    assert cast
    stranger = OwnerBrowser(app)
    answer = stranger.get(f"/dashboard/invitations/{token}")
    assert answer.status_code == 404
    assert "not complete" in answer.text
    assert accept(stranger, f"/dashboard/invitations/{token}").status_code == 404


def test_a_link_opens_no_other_site(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    invite(alice, cast)
    link = read_last_link(app)
    other = re.sub(r"[0-9a-f]{32}", cast.bobs.id.hex, link, count=1)
    assert OwnerBrowser(app).get(other).status_code == 404
    assert accept(OwnerBrowser(app), other).status_code == 404


def test_invitations_are_the_owners_of_the_site_alone(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    invite(alice, cast)
    bob = logged_in(app, cast.bobs.owner_email)
    make_member(app, cast.maple, "dan@maple.example", "editor")
    dan = logged_in(app, "dan@maple.example")
    for what in ("send", "revoke"):
        assert act(bob, app, cast, what).status_code == 404
        assert act(dan, app, cast, what).status_code == 403
        path = f"/dashboard/{cast.bobs.key}/settings/invitations/{read_invitation(app).id}/{what}"
        assert bob.post(path).status_code == 404
    assert len(read_outbox(app)) == 1
    assert read_invitation(app).revoked_at is None


def test_the_mail_speaks_the_inviters_language(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    alice.post("/dashboard/account/language", language="id")
    invite(alice, cast)
    assert '<html lang="id">' in (read_outbox(app)[0].html or "")


def test_names_of_stores_are_escaped_in_mails_and_make_no_second_header(
    app: Flask, alice: OwnerBrowser, cast: Cast
) -> None:
    with app.app_context():
        begin_writing()
        db.session.get_one(Site, cast.maple.id).name = "<b>Maple</b>\r\nBcc: all@x.example"
        db.session.commit()
    invite(alice, cast)
    (mail,) = read_outbox(app)
    assert "<b>Maple" not in (mail.html or "")
    assert "\n" not in mail.subject
    assert "<b>Maple</b>" in mail.text
