"""Stocking Maple Store: its site, owner, surveys, half a year of made-up answers, orders, reviews and campaigns."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from widget.core.clock import utc_now
from widget.core.db import begin_writing, begin_writing_anew, db, writing_connection
from widget.customers.service import Trade, trade_customer_token
from widget.customers.tokens import CUSTOMER_TOKEN_LASTS, CustomerClaims
from widget.demo.accounts import DemoAccount, find_account, find_shop_origin, new_account, save_account
from widget.demo.catalogue import Shopper
from widget.demo.generator import NPS_PLAN, make_asks
from widget.demo.history import Historian, find_answerer
from widget.demo.orders import make_orders
from widget.demo.people import SOLD_DAYS_BEFORE
from widget.demo.points import make_points
from widget.demo.popups import make_popups
from widget.demo.referrals import make_referrals
from widget.demo.reviews import has_reviews, make_reviews, send_photos, tell_products
from widget.orders.carts import record_carts
from widget.orders.recording import record_orders
from widget.sites import owners
from widget.sites.models import Site
from widget.sites.queries import find_owner_by_email, find_site_by_key, list_origins
from widget.sites.service import create_site, replace_origins
from widget.surveys.service import create_from_template, create_survey
from widget.surveys.templates_catalogue import TEMPLATES

SITE_NAME = "Maple Store"
HISTORY_DAYS = 180
DAYS_IN_A_TRANSACTION = 30
CSAT_QUESTIONS = {
    "en": "How satisfied are you with this page?",
    "it": "Quanto ti soddisfa questa pagina?",
    "id": "Seberapa puas Anda dengan halaman ini?",
}


def stock_shop(data_dir: Path, base_url: str) -> DemoAccount:
    """Make what is missing of the demo and return its account."""
    account = find_account(data_dir) or new_account()
    begin_writing()
    account = _make_site(account, base_url)
    db.session.commit()
    save_account(data_dir, account)
    shop_origin = find_shop_origin(base_url)
    account = _make_history(data_dir, account, shop_origin)
    _make_reviews(account, shop_origin)
    account = _make_popups(data_dir, account, shop_origin)
    _make_programs(account, shop_origin)
    return account


def _make_site(account: DemoAccount, base_url: str) -> DemoAccount:
    origins = {base_url, find_shop_origin(base_url)}
    site = find_site_by_key(account.site_key)
    if site is None:
        new = create_site(SITE_NAME, sorted(origins))
        site = new.site
        # Who tries the demo meets a campaign and a survey within minutes, and shall see both.
        site.ask_every_days = 0
        account = DemoAccount(password=account.password, site_key=site.key, secret_key=new.secret_key)
        account = _make_surveys(site, account)
    elif not origins <= set(list_origins(site)):
        replace_origins(site, sorted(origins | set(list_origins(site))))
    owner = find_owner_by_email(account.email) or owners.create_owner(account.email, account.password)
    if not owners.has_password(owner, account.password):
        owners.change_password(owner, owners.hash_password(account.password))
    owners.add_member(site, owner, "owner")
    return account


def _make_surveys(site: Site, account: DemoAccount) -> DemoAccount:
    opened_on = utc_now().date() - timedelta(days=HISTORY_DAYS)
    nps = create_survey(
        site, kind="nps", name="After an order", event_name="order_placed", after_seconds=1, repeat_days=90
    )
    csat = create_survey(
        site,
        kind="csat",
        name="Product pages",
        display="inline",
        repeat_days=30,
        texts={language: {"question": question} for language, question in CSAT_QUESTIONS.items()},
    )
    # It has been asked, and rests: in the demo's pages it would open over what somebody is trying out.
    leaving = create_from_template(site, TEMPLATES["why_leaving"], state="paused")
    nps.created_at = csat.created_at = leaving.created_at = datetime.combine(opened_on, time(), UTC)
    return replace(
        account,
        nps_survey_id=str(nps.id),
        csat_survey_id=str(csat.id),
        leaving_survey_id=str(leaving.id),
        opened_on=opened_on.isoformat(),
    )


def _make_history(data_dir: Path, account: DemoAccount, shop_origin: str) -> DemoAccount:
    """Make the orders and answers of the days that have none yet; a day begun earlier is completed."""
    now = utc_now()
    begin_writing()
    site = find_site_by_key(account.site_key)
    assert site is not None  # noqa: S101 - it was made in the transaction before.
    site_id, opened_on = site.id, date.fromisoformat(account.opened_on)
    asking_since = date.fromisoformat(account.seeded_on) if account.seeded_on else opened_on
    selling_since = asking_since if account.seeded_on else opened_on - timedelta(days=SOLD_DAYS_BEFORE)
    answerers = {
        person.id: person
        for day in _list_days(asking_since, now.date())
        for ask in make_asks(NPS_PLAN, opened_on, day)
        if (person := find_answerer(NPS_PLAN, ask, opened_on))
    }
    trades = {person.id: _trade(site_id, person, now) for person in answerers.values()}
    db.session.commit()
    historian = Historian(site_id, account, shop_origin, trades, now)
    for days in _list_parts(asking_since, now.date()):
        with writing_connection() as connection:
            for day in days:
                historian.store_day(connection, day)
    for days in _list_parts(selling_since, now.date()):
        _make_orders(site_id, opened_on, days, now)
    account = replace(account, seeded_on=now.date().isoformat())
    save_account(data_dir, account)
    return account


def _make_orders(site_id: uuid.UUID, opened_on: date, days: Iterable[date], now: datetime) -> None:
    made = [make_orders(opened_on, day, now) for day in days]
    begin_writing_anew()
    record_orders(site_id, [order for day in made for order in day.orders], "api")
    record_carts(site_id, [cart for day in made for cart in day.carts])
    db.session.commit()


def _make_reviews(account: DemoAccount, shop_origin: str) -> None:
    begin_writing_anew()
    site = find_site_by_key(account.site_key)
    assert site is not None  # noqa: S101 - it was made in the transaction before.
    tell_products(site, shop_origin)
    is_stocked = has_reviews(site.id)
    db.session.commit()
    if is_stocked:
        return
    photos: dict[str, list[tuple[uuid.UUID, str]]] = {}
    for title, claim in send_photos(site.id):
        db.session.commit()
        photos.setdefault(title, []).append(claim)
    begin_writing_anew()
    make_reviews(site, photos, utc_now())
    db.session.commit()


def _make_popups(data_dir: Path, account: DemoAccount, shop_origin: str) -> DemoAccount:
    begin_writing_anew()
    site = find_site_by_key(account.site_key)
    assert site is not None  # noqa: S101 - it was made before.
    account = make_popups(site, account, shop_origin)
    db.session.commit()
    save_account(data_dir, account)
    return account


def _make_programs(account: DemoAccount, shop_origin: str) -> None:
    site = find_site_by_key(account.site_key)
    assert site is not None  # noqa: S101 - it was made before.
    make_points(site)
    begin_writing_anew()
    make_referrals(site, shop_origin)
    db.session.commit()


def _list_parts(first: date, last: date) -> Iterator[list[date]]:
    """Yield the days in parts that each fit a transaction."""
    days = _list_days(first, last)
    for start in range(0, len(days), DAYS_IN_A_TRANSACTION):
        yield days[start : start + DAYS_IN_A_TRANSACTION]


def _list_days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _trade(site_id: uuid.UUID, person: Shopper, now: datetime) -> Trade:
    token_id = f"demo-{person.id}"
    claims = CustomerClaims(person.id, person.email, person.name, token_id, now + CUSTOMER_TOKEN_LASTS)
    return trade_customer_token(site_id, claims, None, nonce=token_id)
