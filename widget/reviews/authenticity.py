"""How a store's reviews come about, in the shopper's language and from the live settings. Pure.

Directive 2005/29/EC, article 7(6), asks a store to say, near the reviews, whether and how it makes sure that they come
from people who bought the product; and buyers should know whether all are shown, in which order, and how the average
comes about.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from babel.numbers import format_decimal

from widget.reviews.reader_models import ReviewSettings
from widget.reviews.texts import find_reasons, find_sentences


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
    sentences = find_sentences(language)
    names = [
        "verified",
        "unsigned" if settings.allows_unsigned else "signed",
        "imported",
        settings.moderation,
        "reasons",
        "stars",
        "incentives",
        "average",
        settings.default_sort,
    ]
    return [sentences[name] for name in names] + _describe_counts(counts, language)


def _describe_counts(counts: ReviewCounts, language: str) -> list[str]:
    def write(number: int) -> str:
        return format_decimal(number, locale=language)

    sentences, reasons = find_sentences(language), find_reasons(language)
    told = {
        "received": counts.received,
        "published": counts.published,
        "pending": counts.pending,
        "hidden": sum(counts.hidden.values()),
    }
    described = [sentences["counts"].format(**{name: write(number) for name, number in told.items()})]
    if counts.hidden:
        by_reason = ", ".join(f"{reasons[reason]} {write(number)}" for reason, number in counts.hidden.items())
        described.append(sentences["hidden"].format(reasons=by_reason))
    return described
