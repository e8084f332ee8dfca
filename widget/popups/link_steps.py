"""What the pages behind the room's links show."""

import uuid
from typing import Any

from flask import render_template

from widget.core.db import db
from widget.core.shopper_languages import LANGUAGE_NAMES, RIGHT_TO_LEFT
from widget.popups.confirming import Confirmed
from widget.popups.emails import format_end
from widget.popups.texts import LINK_TEXTS, choose_link_texts
from widget.sites.link_frame import list_wanted_languages
from widget.sites.models import Site
from widget.sites.theme import build_theme


def show_confirmed(site_id: uuid.UUID, wanted: str | None, confirmed: Confirmed) -> str:
    """Show what a confirmed address gets."""
    offer = confirmed.offer
    download_url = offer.download_url if offer is not None and offer.goal == "download" else None
    return show_step(site_id, wanted, "confirmed", given=confirmed.given, download_url=download_url)


def show_step(site_id: uuid.UUID | None, wanted: str | None, step: str, **values: Any) -> str:
    """Show one step of a link, in the reader's language and the site's colours."""
    site = db.session.get(Site, site_id) if site_id else None
    tags = ",".join(list_wanted_languages(wanted))
    language, ui = choose_link_texts(tags, site.name if site else "")
    content: dict[str, Any] = {"language": language, "dir": "rtl" if language in RIGHT_TO_LEFT else "ltr"}
    if site is not None:
        content["theme"] = build_theme(site.theme, site.key)
    languages = [(code, LANGUAGE_NAMES[code]) for code in LINK_TEXTS if code != language]
    until = format_end(values.get("given"), language)
    shown = {"site": site, "content": content, "ui": ui, "step": step, "languages": languages, "until": until}
    return render_template("popups/links/notice.html", **shown, **values)
