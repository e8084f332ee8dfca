"""Maple Store's campaigns: an offer for who is about to leave a product, and the newsletter below every shelf."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from widget.core.clock import utc_now
from widget.core.db import db
from widget.core.ids import new_id
from widget.coupons.models import CouponPool
from widget.demo.accounts import DemoAccount
from widget.demo.popup_visits import LEAVING, NEWSLETTER, make_visits
from widget.popups.models import Campaign, CampaignVersion
from widget.popups.service import create_campaign, set_state
from widget.sites.models import Site

LIVE_DAYS = 28
LANGUAGES = ["en", "it", "id"]
OFFER = {
    "en": {
        "title": "Ten percent off, before you go",
        "text": "Leave your address and take a code for anything on the shelf. It is good for a week.",
        "decline": "No, thank you",
    },
    "it": {
        "title": "Dieci per cento di sconto, prima di andare",
        "text": "Lascia il tuo indirizzo e prendi un codice per tutto quello che vedi. Vale una settimana.",
        "decline": "No, grazie",
    },
    "id": {
        "title": "Diskon sepuluh persen sebelum Anda pergi",
        "text": "Tinggalkan alamat Anda dan ambil kode untuk semua barang di rak. Berlaku seminggu.",
        "decline": "Tidak, terima kasih",
    },
}
INVITATION = {
    "en": {
        "title": "Still thinking it over?",
        "text": "Good things may take a while. Take 10% off with you: the code waits for seven days.",
        "button": "Keep my 10%",
        "decline": "I decide without",
    },
    "it": {
        "title": "Ci stai ancora pensando?",
        "text": "Le cose buone chiedono tempo. Porta con te il 10% di sconto: il codice ti aspetta sette giorni.",
        "button": "Tieni il mio 10%",
        "decline": "Decido senza",
    },
    "id": {
        "title": "Masih menimbang?",
        "text": "Barang baik butuh waktu. Bawa diskon 10%: kodenya menunggu tujuh hari.",
        "button": "Simpan 10% saya",
        "decline": "Saya putuskan tanpa itu",
    },
}
LETTER = {
    "en": {
        "title": "A letter a month",
        "text": "What is new on the shelf, and who made it.",
        "button": "Send it to me",
    },
    "it": {"title": "Una lettera al mese", "text": "Che cosa c'è di nuovo, e chi l'ha fatto.", "button": "Mandatemela"},
    "id": {"title": "Sepucuk surat sebulan", "text": "Barang baru di rak dan pembuatnya.", "button": "Kirimi saya"},
}


def make_popups(site: Site, account: DemoAccount, shop_origin: str) -> DemoAccount:
    """Set two campaigns live four weeks ago, with who has met them since, where there are none."""
    if account.newsletter_id:
        return account
    now = utc_now()
    made_at = now - timedelta(days=LIVE_DAYS)
    pool = _make_pool(site, made_at)
    leaving = _make_campaign(site, made_at, _describe_leaving(pool))
    newsletter = _make_campaign(site, made_at, _describe_newsletter())
    make_visits(site, leaving, LEAVING, shop_origin, now)
    make_visits(site, newsletter, NEWSLETTER, shop_origin, now)
    return replace(account, newsletter_id=str(newsletter.id))


def _make_pool(site: Site, made_at: datetime) -> CouponPool:
    worth = {"kind": "percent_off", "percent_basis_points": 1000, "prefix": "STAY", "valid_days": 7}
    pool = CouponPool(
        site_id=site.id, id=new_id(), name="For who was about to leave", codes="made", created_at=made_at, **worth
    )
    db.session.add(pool)
    db.session.flush()
    return pool


def _describe_leaving(pool: CouponPool) -> dict[str, Any]:
    """Return the offer: never at the cart or after an order, where shoppers shall not be held up."""
    return {
        "name": "Before you go",
        "goal": "coupon",
        "triggers": {"exit": {"after_seconds": 3}, "touch": {"depth_percent": 30}},
        "rules": {"urls": [["contains", "/shop/products/"]]},
        # Whoever tries the demo wants to see it again on the next day.
        "every_days": 1,
        "holdout_basis_points": 1000,
        # The demo sends no mails: the code is shown at once.
        "is_double_opt_in": False,
        "pool_id": str(pool.id),
        "variants": [
            _describe_variant("a", "Ten percent", OFFER),
            _describe_variant("b", "Take your time", INVITATION),
        ],
    }


def _describe_newsletter() -> dict[str, Any]:
    return {
        "name": "Newsletter",
        "goal": "subscribe",
        "display": "inline",
        "variants": [_describe_variant("a", "A letter a month", LETTER)],
    }


def _describe_variant(key: str, name: str, texts: Mapping[str, Any]) -> dict[str, Any]:
    return {"key": key, "name": name, "texts": dict(texts)}


def _make_campaign(site: Site, made_at: datetime, document: Mapping[str, Any]) -> Campaign:
    campaign = create_campaign(site, {**document, "languages": LANGUAGES})
    set_state(site, campaign, "live")
    campaign.created_at = campaign.live_at = made_at
    is_its = (CampaignVersion.site_id == site.id, CampaignVersion.campaign_id == campaign.id)
    db.session.execute(update(CampaignVersion).where(*is_its).values(created_at=made_at))
    return campaign
