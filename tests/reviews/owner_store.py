"""Maple's reviews with the addresses of the owner's pages, for the tests of these."""

import html
import re
import uuid
from typing import Any

from flask import Flask
from sqlalchemy import select

from tests.cast import Cast
from tests.reviews.builders import store
from widget.core.db import db
from widget.reviews.history import list_events
from widget.reviews.models import Review
from widget.sites.models import AuditEntry

HELD: dict[str, Any] = {"state": "pending", "hold_reason": "moderation"}
SPAM: dict[str, Any] = {"state": "rejected", "reject_reason": "spam"}


class OwnerStore:
    """The reviews of Maple, as its owner's browser reaches them."""

    def __init__(self, app: Flask, cast: Cast) -> None:
        self.app, self.cast = app, cast
        self.queue = f"/dashboard/{cast.maple.key}/reviews"

    def have(self, *reviews: dict[str, Any]) -> list[uuid.UUID]:
        with self.app.app_context():
            return store(self.cast.maple.id, *reviews)

    def page(self, review_id: uuid.UUID) -> str:
        return f"{self.queue}/{review_id}"

    def read(self, review_id: uuid.UUID) -> Review:
        with self.app.app_context():
            return db.session.get_one(Review, (self.cast.maple.id, review_id))

    def kinds(self, review_id: uuid.UUID) -> list[str]:
        with self.app.app_context():
            return [event.kind for event in list_events(self.cast.maple.id, review_id)]

    def actions(self) -> list[str]:
        with self.app.app_context():
            return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.happened_at, AuditEntry.id)))


def words(page: str) -> str:
    """Return what a page says, without its tags, on one line."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def steps_of(page: str) -> list[str]:
    """Return the steps that the page's Undo leads back from."""
    return re.findall(r'name="step" value="([^"]+)"', page)
