"""The demo command makes Maple Store once, however often it runs."""

import json
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from tests.applications import kept_tables, wipe
from tests.dashboard.owner import OwnerBrowser
from widget.core.clock import utc_now
from widget.core.db import begin_writing, db
from widget.coupons.models import Coupon, CouponPool
from widget.customers.models import Customer
from widget.demo import reviews, service
from widget.demo.accounts import DemoAccount, find_account, save_account
from widget.demo.catalogue import SHOPPERS
from widget.demo.service import stock_shop
from widget.popups.assignment import HOLDOUT
from widget.popups.lead_models import Lead, LeadConsent
from widget.popups.models import Campaign, PopupExposure, PopupImpression
from widget.popups.queries import list_campaigns
from widget.popups.results import read_results
from widget.sites.logins import check_password, take_attempt
from widget.sites.models import Membership, Owner, Site
from widget.sites.queries import find_site_by_key, list_origins
from widget.surveys.conditions import start_of
from widget.surveys.models import Survey, SurveyImpression, SurveyResponse
from widget.surveys.rollup_models import SurveyStaleDay

CAMPAIGN_MODELS = (Campaign, PopupExposure, PopupImpression, Lead, LeadConsent, CouponPool, Coupon)
BASE_URL = "http://localhost:8000"


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def count_everything() -> dict[str, int]:
    models = (Site, Owner, Membership, Survey, SurveyImpression, SurveyResponse, *CAMPAIGN_MODELS)
    counts = {model.__name__: count(model) for model in models}
    db.session.rollback()
    return counts


@pytest.fixture(autouse=True, scope="module")
def _short_history() -> Iterator[None]:
    """Half a year takes seconds; three weeks show the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(service, "HISTORY_DAYS", 20)
        patch.setattr(service, "SOLD_DAYS_BEFORE", 0)
        patch.setattr(reviews, "list_reviews", list)
        yield


class Stocked(NamedTuple):
    """The application with the account of a demo that was stocked in it, and what brings its rows back."""

    app: Flask
    account: DemoAccount
    bring_back: Callable[[], None]


@pytest.fixture(scope="module", params=["sqlite_app", "postgresql_app"])
def stocked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stocked]:
    app: Flask = request.getfixturevalue(request.param)
    wipe(app)
    with app.app_context():
        account = stock_shop(tmp_path_factory.mktemp("stocked"), BASE_URL)
    with kept_tables(app) as bring_back:
        yield Stocked(app, account, bring_back)


@pytest.fixture
def app(stocked: Stocked) -> Flask:
    wipe(stocked.app)
    return stocked.app


@pytest.fixture
def account(app: Flask, stocked: Stocked, tmp_path: Path) -> DemoAccount:  # noqa: ARG001 - it is emptied first.
    """The account of a demo stocked a moment ago."""
    stocked.bring_back()
    save_account(tmp_path, stocked.account)
    return stocked.account


def test_owner_finds_surveys_with_answers(app: Flask, account: DemoAccount) -> None:
    with app.app_context():
        counts = count_everything()
        assert (counts["Site"], counts["Owner"], counts["Survey"]) == (1, 1, 3)
        assert counts["SurveyResponse"] > 150
        assert count(SurveyStaleDay) == 3 * 21
        db.session.rollback()
        begin_writing()
        assert take_attempt(check_password(account.email, account.password, "127.0.0.1")) is not None


@pytest.mark.usefixtures("account")
def test_who_can_log_in_has_not_been_asked_before(app: Flask) -> None:
    with app.app_context():
        answered = select(Customer.external_id).join(
            SurveyResponse,
            (SurveyResponse.site_id == Customer.site_id) & (SurveyResponse.customer_id == Customer.id),
        )
        known = set(db.session.scalars(answered))
    assert len(known) > 20
    assert known.isdisjoint(shopper.id for shopper in SHOPPERS)


def test_owner_finds_campaigns_with_results_and_leads(app: Flask, account: DemoAccount) -> None:
    with app.app_context():
        site = find_site_by_key(account.site_key)
        assert site is not None
        newsletter, leaving = list_campaigns(site.id)
        assert (str(newsletter.id), newsletter.state, leaving.state) == (account.newsletter_id, "live", "live")
        results = read_results(leaving, site.reporting_currency)
        assert [(arm.key, arm.visitors > 50, arm.leads > 10) for arm in results.arms] == [
            (HOLDOUT, True, False), ("a", True, True), ("b", True, True),
        ]  # fmt: skip
        assert all(arm.leads == arm.conversions == arm.confirmed for arm in results.arms)
        assert sum(arm.bought.by_way["coupon"] for arm in results.arms) > 0
        read = read_results(newsletter, site.reporting_currency)
        assert 0 < read.total("confirmed") < read.total("leads")


@pytest.mark.usefixtures("account")
def test_codes_of_leads_are_their_own_and_nothing_lies_ahead(app: Flask) -> None:
    with app.app_context():
        coded = db.session.execute(
            select(Lead.id, Coupon.purpose).join(
                Coupon, (Coupon.site_id == Lead.site_id) & (Coupon.id == Lead.coupon_id)
            )
        ).tuples()
        assert all(purpose == f"lead:{lead_id}" for lead_id, purpose in coded.all())
        latest = (PopupExposure.first_at, PopupExposure.converted_at, Lead.created_at, Lead.confirmed_at)
        assert all((db.session.scalar(select(func.max(moment))) or utc_now()) <= utc_now() for moment in latest)


def test_second_run_doubles_nothing(app: Flask, tmp_path: Path, account: DemoAccount) -> None:
    with app.app_context():
        before = count_everything()
        again = stock_shop(tmp_path, BASE_URL)
        after = count_everything()
    assert again == account
    assert after["SurveyResponse"] - before["SurveyResponse"] < 5  # Somebody may have answered in this minute.
    assert after | {"SurveyResponse": 0, "SurveyImpression": 0} == before | {
        "SurveyResponse": 0,
        "SurveyImpression": 0,
    }


def test_later_run_fills_the_days_since(app: Flask, tmp_path: Path, account: DemoAccount) -> None:
    with app.app_context():
        before = count(SurveyResponse)
        db.session.rollback()
        five_days_ago = utc_now().date() - timedelta(days=5)
        begin_writing()
        db.session.execute(delete(SurveyResponse).where(SurveyResponse.answered_at >= start_of(five_days_ago)))
        db.session.commit()
        assert count(SurveyResponse) < before
        db.session.rollback()
        save_account(tmp_path, replace(account, seeded_on=five_days_ago.isoformat()))
        stock_shop(tmp_path, BASE_URL)
        assert before <= count(SurveyResponse) < before + 5


def test_another_port_is_let_in_beside_the_first(app: Flask, tmp_path: Path, account: DemoAccount) -> None:
    with app.app_context():
        stock_shop(tmp_path, "http://localhost:8010")
        site = find_site_by_key(account.site_key)
        assert site is not None
        assert set(list_origins(site)) == {
            "http://127.0.0.1:8000",
            "http://127.0.0.1:8010",
            "http://localhost:8000",
            "http://localhost:8010",
        }


@pytest.mark.parametrize("stocked", ["sqlite_app"], indirect=True)
def test_lost_file_gets_the_owner_a_new_password(app: Flask, tmp_path: Path, account: DemoAccount) -> None:
    (tmp_path / "demo.json").unlink()
    with app.app_context():
        again = stock_shop(tmp_path, BASE_URL)
        assert again.password != account.password
        begin_writing()
        assert take_attempt(check_password(again.email, again.password, "127.0.0.1")) is not None


@pytest.mark.parametrize("stocked", ["sqlite_app"], indirect=True)
def test_file_of_another_database_makes_a_new_site(app: Flask, tmp_path: Path) -> None:
    save_account(tmp_path, DemoAccount(password="kept from before", site_key="st_gone", seeded_on="2026-01-01"))
    with app.app_context():
        account = stock_shop(tmp_path, BASE_URL)
        assert count_everything()["SurveyResponse"] > 150
    assert account.password == "kept from before"


@pytest.mark.parametrize("stocked", ["sqlite_app"], indirect=True)
def test_every_page_of_the_owner_opens(app: Flask, account: DemoAccount) -> None:
    alice = OwnerBrowser(app)
    alice.log_in(account.email, account.password)
    home = f"/dashboard/{account.site_key}/"
    found, opened = {home}, set[str]()
    # Whatever the tabs of the store and of its rooms lead to.
    while wanted := found - opened:
        for path in wanted:
            page = alice.get(path)
            assert page.status_code == 200, path
            for tabs in re.findall('<nav class="(?:sub-)?tabs".*?</nav>', page.text, re.DOTALL):
                found |= set(re.findall(f'href="({re.escape(home)}[^"?#]*)"', tabs))
        opened |= wanted
    assert len(opened) > 20


def test_account_file_is_for_its_owner_alone(tmp_path: Path, account: DemoAccount) -> None:
    file = tmp_path / "demo.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text())["site_key"] == account.site_key
    assert find_account(tmp_path) == account
