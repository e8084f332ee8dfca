"""Reviews of a store's products for tests of what shoppers see of them."""

import uuid
from datetime import timedelta
from typing import Any

from playwright.sync_api import Locator, Page, Route

from tests.browser.shopper import Shopper
from tests.browser.store import Store
from tests.reviews.builders import NOON, TEAPOT
from tests.reviews.builders import store as store_reviews
from widget.core.db import begin_writing_anew, db
from widget.core.ids import new_id
from widget.demo.photos import take_photo
from widget.reviews.media_models import ReviewMedia
from widget.reviews.models import ReviewReply
from widget.reviews.settings import change_settings

FIT = {"key": "fit", "type": "scale", "labels": {"en": "Fit"}, "low": {"en": "Small"}, "high": {"en": "Large"}}
RESERVED = "<style>regulars-reviews { display: block; min-height: 60rem }</style>"
LIST = f'<h1>Teapot</h1><regulars-reviews product="{TEAPOT}"></regulars-reviews>'


def add_reviews(store: Store, *reviews: dict[str, Any]) -> list[uuid.UUID]:
    """Store reviews, the first the newest."""
    with store.server.app.app_context():
        return store_reviews(
            store.id, *({"written_at": NOON - timedelta(days=day), **review} for day, review in enumerate(reviews))
        )


def add_photos(store: Store, review_id: uuid.UUID, photos: int) -> None:
    sizes = [{"name": name, "type": "image/jpeg", "width": 800, "height": 600} for name in ("thumb", "large")]
    with store.server.app.app_context():
        begin_writing_anew()
        for position in range(photos):
            made = {"kind": "photo", "position": position, "sizes": sizes, "bytes": 9, "created_at": NOON}
            same = {"content_hash": "0" * 64, "holder": "0" * 64}
            db.session.add(ReviewMedia(site_id=store.id, id=new_id(), review_id=review_id, **made, **same))
        db.session.commit()


def add_reply(store: Store, review_id: uuid.UUID, body: str, author: str = "Maple Store") -> None:
    with store.server.app.app_context():
        begin_writing_anew()
        reply = {"body": body, "author_name": author, "replied_at": NOON}
        db.session.add(ReviewReply(site_id=store.id, review_id=review_id, **reply))
        db.session.commit()


def ask_for(store: Store, **settings: Any) -> None:
    with store.server.app.app_context():
        begin_writing_anew()
        change_settings(store.id, settings)
        db.session.commit()


def serve_photos(page: Page) -> None:
    """Let the files of photos be there."""

    def give(route: Route) -> None:
        route.fulfill(body=take_photo("teapot", 1), content_type="image/jpeg")

    page.context.route("**/reviews/media/**", give)


def open_list(shopper: Shopper, url: str, *, before: str | None = None) -> Locator:
    """Open a page and wait for its list of reviews."""
    page = shopper.visit(url, before=before)
    place = page.locator("regulars-reviews")
    place.locator(".review, .none").first.wait_for()
    return place


def titles_of(place: Locator) -> list[str]:
    """Return the titles in the list, once it stands still."""
    place.locator(".list:not([aria-busy])").wait_for(state="attached")
    return place.locator("h3").all_inner_texts()
