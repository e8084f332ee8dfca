"""An advocate's link as somebody follows it: whose it is, where it leads, and what our own page shows."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select

from widget.core.db import db, session_cursor
from widget.core.ids import new_id
from widget.core.problems import NotAuthenticated
from widget.core.shopper_languages import LANGUAGE_NAMES
from widget.core.static_files import SCRIPTS
from widget.core.tokens import read_token, sign_token
from widget.customers.tokens import read_visitor_token, sign_visitor_token
from widget.referrals.advocates import find_advocate
from widget.referrals.errors import NoReferralProgram
from widget.referrals.models import CHANNELS, MAX_CODE_LENGTH, Advocate
from widget.referrals.overview import list_pools, make_words
from widget.referrals.program import Program
from widget.referrals.programs import get_live
from widget.referrals.redirects import choose_address, find_front_page, mark_address
from widget.referrals.rules import code_key
from widget.referrals.texts import LANGUAGES, choose_texts_language
from widget.sites.link_frame import Refusal
from widget.sites.models import Site
from widget.sites.queries import get_site, list_origins
from widget.sites.rules import normalise_origin

CLAIM_PURPOSE = "referral-claim"
FORM_LASTS = timedelta(days=2)


@dataclass(frozen=True)
class SharedLink:
    """A link that is good: its site, its code as the advocate has it, the rules, and how it was shared."""

    site: Site
    code: str
    rules: Program
    channel: str

    @property
    def store_address(self) -> str | None:
        own = normalise_origin(current_app.config["BASE_URL"])
        address = find_front_page(list_origins(self.site), own)
        return mark_address(address, self.code, self.channel) if address else None


def open_link(code: str, via: str | None) -> SharedLink:
    """Return what a code stands for, in whatever site it is; raise Refusal."""
    advocate = _find_by_code(code)
    if advocate is None:
        raise Refusal("ended", 404)
    site = get_site(advocate.site_id)
    try:
        rules = get_live(session_cursor(), site.id)
    except NoReferralProgram as error:
        raise Refusal("ended", 410, site.id) from error
    if find_advocate(site.id, advocate.code) is None:
        raise Refusal("ended", 410, site.id)
    return SharedLink(site, advocate.code, rules, via if via in CHANNELS else "link")


def find_target(link: SharedLink, to: str | None) -> str | None:
    """Return the page of the store a link leads to, None for our own."""
    address = choose_address((to, link.rules.landing_url), list_origins(link.site))
    return mark_address(address, link.code, link.channel) if address else None


def describe_offer(link: SharedLink, wanted_languages: str) -> dict[str, Any]:
    """Return what our own page says of an offer."""
    words, pools = make_words(link.site.id, link.rules, wanted_languages), list_pools(link.site.id, link.rules)
    return {
        "language": words.language,
        "title": words.invitation(link.rules, pools),
        "text": words.friend_terms(link.rules),
        "store": words.say("store", store=link.site.name),
        "store_address": link.store_address,
    }


def describe_form(link: SharedLink) -> dict[str, Any]:
    """Return what the form of a claim carries: an id that makes a repeat the same claim, and a browser's first name.

    Reading a page must write nothing, so both are only signed here; a browser that may remember keeps the second.
    """
    site = link.site
    return {
        "token": sign_token(CLAIM_PURPOSE, site.id, new_id().hex),
        "visitor": sign_visitor_token(site.id, new_id()),
        "keep": "" if site.requires_consent else f"regulars:visitor:{site.key}",
        "script": f"/embed/v1/static/{SCRIPTS.version}/referrals/landing.js",
    }


def read_claim_id(link: SharedLink, token: str) -> uuid.UUID | None:
    """Return the id a form carried, None for one that is not ours, or too old."""
    try:
        return uuid.UUID(hex=read_token(CLAIM_PURPOSE, link.site.id, token, FORM_LASTS))
    except (NotAuthenticated, ValueError):
        return None


def find_visitor(link: SharedLink, token: str) -> uuid.UUID | None:
    """Return whose browser it is, None where it does not say."""
    try:
        return read_visitor_token(link.site.id, token)
    except (NotAuthenticated, ValueError):
        return None


def list_languages(wanted_languages: str) -> tuple[str, Mapping[str, str]]:
    """Return the reader's language, and the other ones by code."""
    language = choose_texts_language(wanted_languages)
    return language, {code: LANGUAGE_NAMES[code] for code in LANGUAGES if code != language}


def _find_by_code(code: str) -> Advocate | None:
    """Return whose code it is; no two sites have the same."""
    key = code_key(code)
    if not key.isascii() or not key.isprintable() or len(key) > MAX_CODE_LENGTH:
        return None
    return db.session.scalar(select(Advocate).where(Advocate.code_key == key))
