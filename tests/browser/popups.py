"""Campaigns of a test's store, and the ways shoppers leave, or seem to."""

import uuid
from typing import Any

from playwright.sync_api import Locator, Page

from tests.browser.fingers import OPENS_WITHIN_MS
from tests.browser.store import Store
from tests.popups.builders import make_campaign
from widget.core.db import begin_writing_anew, db
from widget.popups.models import Campaign
from widget.sites.models import Site
from widget.sites.service import publish_change

EXIT = {"exit": {"after_seconds": 0}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 740}, "has_touch": True, "is_mobile": True}
# The grace of a mouse that has left, and the time in which what it opens would be there.
IS_WATCHING = """() => ["popups/popup-watch", "core/gates"].every((file) =>
    performance.getEntriesByType("resource").some(({ name }) => name.includes(file))
)"""


def add_campaign(store: Store, **changes: Any) -> str:
    """Make a live campaign that opens on the way out and only says something, unless told otherwise."""
    with store.server.app.app_context():
        return str(make_campaign(store.id, **({"goal": "message", "triggers": EXIT} | changes)))


def add_impatient_campaign(store: Store, **triggers: Any) -> str:
    """Make a campaign that waits for less than an owner may set."""
    campaign_id = add_campaign(store)
    with store.server.app.app_context():
        begin_writing_anew()
        campaign = db.session.get_one(Campaign, (store.id, uuid.UUID(campaign_id)))
        campaign.triggers = triggers
        publish_change(db.session.get_one(Site, store.id))
        db.session.commit()
    return campaign_id


def say(**texts: str) -> list[dict[str, Any]]:
    """Return the one variant of a campaign with these texts in English."""
    return [{"key": "a", "name": "A", "weight": 1, "texts": {"en": texts}, "picture_id": None}]


def popup_of(page: Page) -> Locator:
    return page.locator("regulars-sheet").locator("dialog, section")


def wait_until_watched(page: Page) -> None:
    """Wait until the page looks out for the moment of a campaign."""
    page.wait_for_function(IS_WATCHING)
    page.wait_for_timeout(50)


def leave_by_the_top(page: Page) -> None:
    page.mouse.move(400, 300)
    page.mouse.move(400, 60)
    # The driver has no pointer outside the window; Chromium says this when it leaves one.
    page.mouse.move(400, -20)


def stays_closed(page: Page) -> bool:
    """Tell that nothing opens within a time in which it would have."""
    page.wait_for_timeout(OPENS_WITHIN_MS)
    return popup_of(page).count() == 0
