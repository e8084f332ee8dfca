"""What an owner chooses for themself: the language, and which weekly mails come."""

import pytest
from flask import Flask

from tests.cast import Cast
from tests.dashboard.owner import OwnerBrowser, logged_in, make_member
from widget.core.db import db
from widget.sites.models import Membership
from widget.sites.queries import find_owner_by_email

ACCOUNT = "/dashboard/account"


def read_language(app: Flask, email: str = "alice@maple.example") -> str | None:
    with app.app_context():
        owner = find_owner_by_email(email)
        assert owner is not None
        return owner.language


@pytest.mark.parametrize("language", ["en", "it", "id"])
def test_pages_follow_the_chosen_language_not_the_browser(alice: OwnerBrowser, language: str) -> None:
    assert alice.post(f"{ACCOUNT}/language", language=language).status_code == 302
    page = alice.client.get(ACCOUNT, headers={"Accept-Language": "it, id;q=0.5"}).text
    assert f'<html lang="{language}">' in page


def test_without_a_choice_pages_follow_the_browser(app: Flask, alice: OwnerBrowser) -> None:
    alice.post(f"{ACCOUNT}/language", language="it")
    assert alice.post(f"{ACCOUNT}/language", language="").status_code == 302
    assert read_language(app) is None
    assert '<html lang="id">' in alice.client.get(ACCOUNT, headers={"Accept-Language": "id"}).text
    assert '<html lang="en">' in alice.client.get(ACCOUNT, headers={"Accept-Language": "de"}).text


@pytest.mark.parametrize("language", ["xx", "it_IT", "\x00", "../it"])
def test_a_language_we_do_not_speak_is_refused(app: Flask, alice: OwnerBrowser, language: str) -> None:
    assert alice.post(f"{ACCOUNT}/language", language=language).status_code == 422
    assert read_language(app) is None


def test_strangers_read_their_browsers_language(app: Flask, cast: Cast) -> None:
    assert cast
    for path in ("/dashboard/login", "/dashboard/forgotten", "/dashboard/invitations/x", "/dashboard/new-password/x"):
        page = app.test_client().get(path, headers={"Accept-Language": "it-IT,it;q=0.9"}).text
        assert '<html lang="it">' in page, path


def test_each_member_chooses_the_own_weekly_mails(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    make_member(app, cast.maple, "erin@maple.example", "viewer")
    erin = logged_in(app, "erin@maple.example")
    assert erin.post(f"{ACCOUNT}/digests").status_code == 302
    assert read_digests(app, cast) == {"alice@maple.example": True, "erin@maple.example": False}
    assert erin.post(f"{ACCOUNT}/digests", site=cast.maple.key).status_code == 302
    assert alice.post(f"{ACCOUNT}/digests", site=cast.bobs.key).status_code == 302
    assert read_digests(app, cast) == {"alice@maple.example": False, "erin@maple.example": True}


def test_another_sites_weekly_mail_cannot_be_chosen(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    alice.post(f"{ACCOUNT}/digests", site=cast.bobs.key)
    with app.app_context():
        kept = db.session.scalars(db.select(Membership.gets_digest).where(Membership.site_id == cast.bobs.id)).all()
    assert list(kept) == [True]


def read_digests(app: Flask, cast: Cast) -> dict[str, bool]:
    with app.app_context():
        members = db.session.scalars(db.select(Membership).where(Membership.site_id == cast.maple.id)).all()
        return {member.owner.email: member.gets_digest for member in members}
