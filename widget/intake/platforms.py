"""Connecting a site to the platform its store runs on, and reading what that sent."""

import uuid
from collections.abc import Callable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import defer

from widget.core.clock import utc_now
from widget.core.db import db, find_in_site, get_in_site
from widget.core.ids import new_secret
from widget.core.paging import Cursor, Page, list_page
from widget.intake.models import PlatformConnection, PlatformEvent

PAGE_SIZE = 50


def secrets_of(platform: str) -> Callable[[uuid.UUID], Sequence[str]]:
    """Return what finds the secrets with which a platform signs for a site."""

    def find_secrets(site_id: uuid.UUID) -> Sequence[str]:
        connection = find_connection(site_id, platform)
        return [secret for secret in (connection.secret, connection.app_secret) if secret] if connection else []

    return find_secrets


def find_connection(site_id: uuid.UUID, platform: str) -> PlatformConnection | None:
    """Return a site's connection to a platform."""
    return db.session.get(PlatformConnection, (site_id, platform))


def list_connections(site_id: uuid.UUID) -> dict[str, PlatformConnection]:
    """Return a site's connections by platform."""
    rows = db.session.scalars(select(PlatformConnection).where(PlatformConnection.site_id == site_id))
    return {row.platform: row for row in rows}


def list_events(site_id: uuid.UUID, cursor: str) -> Page[PlatformEvent]:
    """Return a page of a site's events without their bodies, newest first; raise InvalidFields for a bad cursor."""
    statement = (
        select(PlatformEvent).options(defer(PlatformEvent.body, raiseload=True)).where(PlatformEvent.site_id == site_id)
    )
    place = Cursor.decode(cursor) if cursor else None
    return list_page(statement, PlatformEvent.received_at, PlatformEvent.id, place, PAGE_SIZE)


def count_failed(site_id: uuid.UUID) -> int:
    """Return how many of the kept events could not be taken in."""
    is_failed = (PlatformEvent.site_id == site_id, PlatformEvent.outcome == "failed")
    return db.session.scalar(select(func.count()).select_from(PlatformEvent).where(*is_failed)) or 0


def get_event(site_id: uuid.UUID, event_id: uuid.UUID) -> PlatformEvent:
    """Return an event; raise NotFound."""
    return get_in_site(PlatformEvent, site_id, event_id)


def find_event(site_id: uuid.UUID, event_id: uuid.UUID) -> PlatformEvent | None:
    """Return an event, or None where it has been forgotten meanwhile."""
    return find_in_site(PlatformEvent, site_id, event_id)


def connect(site_id: uuid.UUID, platform: str, secret: str = "", app_secret: str = "") -> PlatformConnection:
    """Connect a site or change its secrets; without one a new one is made, for the owner to give to the platform."""
    connection = find_connection(site_id, platform)
    if connection is None:
        connection = PlatformConnection(site_id=site_id, platform=platform, created_at=utc_now(), last_event_at=None)
        db.session.add(connection)
    connection.secret = secret or new_secret("whsec")
    connection.app_secret = app_secret or None
    db.session.flush()
    return connection


def disconnect(connection: PlatformConnection) -> None:
    """End a connection: whatever the platform sends from now on is refused; what it told stays."""
    db.session.delete(connection)
    db.session.flush()
