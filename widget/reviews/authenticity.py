"""How a store's reviews come about, in the shopper's language and from the live settings. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from babel.numbers import format_decimal

from widget.reviews.reader_models import ReviewSettings


@dataclass(frozen=True)
class ReviewCounts:
    """What became of all reviews a store has received; `hidden` is by reason."""

    received: int
    published: int
    pending: int
    hidden: Mapping[str, int]


def count_reviews(tallies: Mapping[tuple[str, str, int], int]) -> ReviewCounts:
    """Return what became of reviews from their counts by state, reason and stars.

    >>> count_reviews({("published", "", 5): 3, ("published", "", 1): 1, ("rejected", "spam", 1): 2})
    ReviewCounts(received=6, published=4, pending=0, hidden={'spam': 2})
    """
    states: Counter[str] = Counter()
    hidden: Counter[str] = Counter()
    for (state, reason, _rating), reviews in sorted(tallies.items()):
        states[state] += reviews
        if state == "rejected":
            hidden[reason] += reviews
    return ReviewCounts(states.total(), states["published"], states["pending"], dict(hidden))


def describe_authenticity(settings: ReviewSettings, counts: ReviewCounts, language: str) -> list[str]:
    """Return what a shopper should know of where reviews come from and which of them are shown."""
    held = "looked at before it is shown" if settings.moderation == "hold" else "shown at once"
    received, published = (format_decimal(count, locale=language) for count in (counts.received, counts.published))
    return [f"Each review is {held}, whatever its stars.", f"{received} received, {published} published."]
