"""The boot document, the loader, and everything that follows from opening a session."""

import time
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from flask import current_app

from widget.core.clock import utc_now
from widget.core.db import session_cursor
from widget.core.static_files import SCRIPTS, CompressedBody
from widget.core.tokens import token_expiry
from widget.customers.buyers import may_join_guests
from widget.customers.service import recognise_visitor, trade_customer_token
from widget.customers.tokens import (
    SESSION_TOKEN_LASTS,
    VISITOR_TOKEN_LASTS,
    Session,
    read_customer_token,
    read_visitor_token,
    sign_session_token,
    sign_visitor_token,
)
from widget.loyalty.members import enrol_customers
from widget.loyalty.service import follow_customers
from widget.orders.joining import join_guests
from widget.orders.ledger import take_turn
from widget.popups.joining import follow_leads
from widget.popups.known import describe_known_customer
from widget.popups.published import list_published_campaigns
from widget.popups.triggers import build_trigger as build_popup_trigger
from widget.popups.triggers import opens_by_itself
from widget.referrals.advocates import enrol_advocate
from widget.referrals.service import follow_customers as follow_referrals
from widget.reviews.merging import follow_merges
from widget.reviews.verifying import verify_reviews
from widget.sites.queries import PublishedSite
from widget.surveys.fatigue import describe_known, give_asks_to_customer
from widget.surveys.published import list_published_surveys
from widget.surveys.service import give_history_to_customer
from widget.surveys.triggers import build_trigger

# What elements share, in one order everywhere: repeats cost the loader next to nothing.
_SHARED = ("core/base", "core/widget")
# Of each <regulars-...>: the address of its content, with a `*` for what its attribute says, which the shopper's
# languages follow; the attribute; the file with `open` and `connect`; and the files it imports from.
ELEMENTS = {
    "survey": ["/surveys/*?lang=", "survey", "surveys/survey-element", *_SHARED, "core/form", "core/asking"],
    "reviews": ["/reviews?product=*&lang=", "product", "reviews/reviews-element", *_SHARED, "reviews/stars-element"],
    "stars": ["", "product", "reviews/stars-element", *_SHARED[:1]],
    "review-form": ["/reviews/content?lang=", "product", "reviews/form-element", *_SHARED, "core/form"],
    # Their content is the customer's, so they ask for it themselves, once the session has come.
    "points": ["", "preview", "loyalty/points-element", *_SHARED[:1]],
    "referral": ["", "", "referrals/referral-element", *_SHARED[:1]],
    "popup": [
        "/popups/*?lang=",
        "campaign",
        "popups/popup-element",
        *_SHARED,
        "core/codes",
        "core/form",
        "core/asking",
    ],
}
BOOT_PLACEHOLDER = b"__BOOT__"
PAGE_VIEW_NOTED_EVERY_SECONDS = 60
_BODIES = "regulars_embed_bodies"
_PAGE_VIEWS = "regulars_page_views"


@dataclass(frozen=True)
class SiteBodies:
    """The two documents of one version of a site."""

    version: int
    boot: CompressedBody
    loader: CompressedBody


@dataclass(frozen=True)
class OpenedSession:
    """The tokens a browser gets, when the shorter-lived of them ends, and what it should know of its customer."""

    visitor_token: str
    session_token: str | None
    expires_at: datetime
    known: dict[str, Any]


def get_site_bodies(site: PublishedSite) -> SiteBodies:
    """Return a site's boot document and loader, made once for each version of the site."""
    cache: dict[uuid.UUID, SiteBodies] = current_app.extensions.setdefault(_BODIES, {})
    bodies = cache.get(site.id)
    if bodies is None or bodies.version != site.version:
        bodies = cache[site.id] = _make_site_bodies(site)
    return bodies


def is_page_view_due(site: PublishedSite) -> bool:
    """Tell, at most once a minute in a process, that a page view should be noted."""
    noted: dict[uuid.UUID, float] = current_app.extensions.setdefault(_PAGE_VIEWS, {})
    now = time.monotonic()
    if now - noted.get(site.id, -PAGE_VIEW_NOTED_EVERY_SECONDS) < PAGE_VIEW_NOTED_EVERY_SECONDS:
        return False
    noted[site.id] = now
    return True


def open_session(
    site: PublishedSite, visitor_token: str | None, customer_token: str | None, nonce: str | None
) -> OpenedSession:
    """Recognise or make the visitor and, with the store's token, make visitor and customer one.

    What follows from the first time they become one is listed here. Raise NotAuthenticated for a token
    that is not valid.
    """
    visitor_id = read_visitor_token(site.id, visitor_token) if visitor_token else None
    now = utc_now()
    if customer_token is None:
        visitor = recognise_visitor(site.id, visitor_id)
        return OpenedSession(sign_visitor_token(site.id, visitor.id), None, token_expiry(now, VISITOR_TOKEN_LASTS), {})
    claims = read_customer_token(site, customer_token)
    may_join = may_join_guests(site.id, claims.buyer)
    if may_join:
        take_turn(site.id)
    trade = trade_customer_token(site.id, claims, visitor_id, nonce)
    if may_join:
        join_guests(site.id, trade.joins)
        follow_merges(site.id, {trade.customer_id})
        verify_reviews(site.id, {trade.customer_id})
        follow_customers(site.id, {trade.customer_id})
        follow_referrals(site.id, {trade.customer_id})
    follow_leads(site.id, {trade.customer_id})
    enrol_customers(site.id, {trade.customer_id}, now)
    enrol_advocate(session_cursor(), site.id, trade.customer_id, now)
    if trade.is_first_merge:
        give_history_to_customer(site.id, trade.visitor_id, trade.customer_id)
        give_asks_to_customer(site.id, trade.visitor_id, trade.customer_id)
    session = Session(customer_id=trade.customer_id, visitor_id=trade.visitor_id)
    return OpenedSession(
        sign_visitor_token(site.id, trade.visitor_id),
        sign_session_token(site.id, session),
        token_expiry(now, SESSION_TOKEN_LASTS),
        {**describe_known(site, trade.customer_id), **describe_known_customer(site, trade.customer_id)},
    )


def _make_site_bodies(site: PublishedSite) -> SiteBodies:
    boot = orjson.dumps(_build_boot(site))
    loader = SCRIPTS.find_body("embed.js")
    if loader is None:
        raise FileNotFoundError("static/js/embed.js")
    # The document stands inside a script that somebody may also place inline: no "</script>" in it.
    inlined = loader.plain.replace(BOOT_PLACEHOLDER, boot.replace(b"<", b"\\u003c"))
    return SiteBodies(site.version, CompressedBody(boot), CompressedBody(inlined))


def _build_boot(site: PublishedSite) -> dict[str, Any]:
    """Return what a page must know of its site; what is usual (no consent, no pause) is left out."""
    base_url = current_app.config["BASE_URL"]
    campaigns = [campaign for campaign in list_published_campaigns(site) if opens_by_itself(campaign)]
    rarer = {
        "consent": site.requires_consent,
        "cap_days": site.ask_every_days,
        "quiet": site.quiet_paths,
        "page_time": site.measures_page_time,
        "popups": [build_popup_trigger(campaign) for campaign in campaigns],
    }
    return {
        "site": site.key,
        "api": f"{base_url}/embed/v1/{site.key}",
        "assets": f"{base_url}/embed/v1/static/{SCRIPTS.version}/",
        "z": site.z_index,
        **{name: value for name, value in rarer.items() if value},
        "elements": ELEMENTS,
        "surveys": [build_trigger(survey) for survey in list_published_surveys(site) if survey.state == "live"],
    }
