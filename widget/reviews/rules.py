"""What may become of a review, what it adds to the figures, and how names and averages are shown. Pure."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

RATINGS = (1, 2, 3, 4, 5)
STATES = ("pending", "published", "rejected")
HOLD_REASONS = ("moderation", "suspicious", "unconfirmed", "edit")
# Why an owner may hide a review. That it is negative is no reason, and none of these can stand for it.
REJECT_REASONS = ("spam", "fake", "abusive", "personal_data", "off_topic", "illegal", "duplicate")
# Why a review may be hidden without the owner's doing: its author took it back, it was hidden where it came from.
OTHER_REJECT_REASONS = ("author", "imported")
REPORT_REASONS = ("spam", "fake", "abusive", "personal_data", "off_topic", "illegal")
NAME_FORMS = ("full", "initial", "initials")
LANGUAGE_FACET, ATTRIBUTE_FACET = "language", "attribute."


@dataclass(frozen=True)
class ReviewFacts:
    """What the figures know of one review."""

    product_id: str
    state: str
    reason: str
    rating: int
    has_photos: bool
    is_verified: bool
    language: str | None
    attributes: tuple[tuple[str, str], ...]

    @property
    def is_received(self) -> bool:
        """Return whether it counts as received: one whose author never confirmed it was sent by nobody."""
        return self.reason != "unconfirmed"

    @property
    def is_published(self) -> bool:
        return self.state == "published"


def count_product(facts: ReviewFacts) -> dict[str, int]:
    """Return what a review adds to its product's summary.

    >>> count_product(ReviewFacts("POT-03", "published", "", 4, True, True, "en", ()))
    {'reviews': 1, 'rating_sum': 4, 'stars_4': 1, 'with_photos': 1, 'verified': 1}
    >>> count_product(ReviewFacts("POT-03", "pending", "moderation", 4, True, True, "en", ()))
    {}
    """
    if not facts.is_published:
        return {}
    counts = {"reviews": 1, "rating_sum": facts.rating, f"stars_{facts.rating}": 1}
    return counts | {"with_photos": int(facts.has_photos), "verified": int(facts.is_verified)}


def list_facets(facts: ReviewFacts) -> Iterator[tuple[str, str]]:
    """Yield what shoppers can filter a published review by.

    >>> list(list_facets(ReviewFacts("POT-03", "published", "", 4, False, False, "it", (("fit", "3"),))))
    [('language', 'it'), ('attribute.fit', '3')]
    """
    if facts.is_published:
        if facts.language:
            yield LANGUAGE_FACET, facts.language
        for name, value in facts.attributes:
            yield ATTRIBUTE_FACET + name, value


def average_rating(rating_sum: int, reviews: int) -> Fraction | None:
    """Return the plain mean of the published reviews, None without any.

    >>> average_rating(9, 2), average_rating(0, 0)
    (Fraction(9, 2), None)
    """
    return Fraction(rating_sum, reviews) if reviews else None


def name_shown(name: str, form: str) -> str:
    """Return a name as its form shows it.

    >>> [name_shown("Carol Ann Winter", form) for form in NAME_FORMS]
    ['Carol Ann Winter', 'Carol W.', 'C. W.']
    >>> name_shown("Carol", "initial"), name_shown("  ", "full")
    ('Carol', '')
    """
    words = name.split()
    if form == "full" or not words:
        return " ".join(words)
    last = f" {words[-1][0]}." if len(words) > 1 else ""
    if form == "initial":
        return words[0] + last
    return f"{words[0][0]}.{last}"


def choose_name(given: str, known: str, form: str) -> str:
    """Return the name to show: the one given, else the one known, in the site's form; never an e-mail address.

    >>> choose_name("Carol Winter", "", "initial"), choose_name("", "Carol Ann Winter", "initials")
    ('Carol W.', 'C. W.')
    >>> choose_name("carol@x.example", "Carol", "full"), choose_name("c@x.example", "c@x.example", "full")
    ('Carol', '')
    """
    names = (name_shown(name, form) for name in (given, known) if "@" not in name)
    return next((name for name in names if name), "")


def state_when_written(moderation: str, flags: Collection[str], *, is_owners: bool) -> tuple[str, str | None]:
    """Return the state of a review just written or changed, and why it is held.

    `is_owners` says that an owner has it in hand, so that an author cannot publish past them by an edit.

    >>> state_when_written("publish", [], is_owners=False), state_when_written("publish", ["links"], is_owners=True)
    (('published', None), ('pending', 'suspicious'))
    >>> state_when_written("hold", [], is_owners=False), state_when_written("publish", [], is_owners=True)
    (('pending', 'moderation'), ('pending', 'moderation'))
    """
    if flags:
        return "pending", "suspicious"
    return ("published", None) if moderation == "publish" and not is_owners else ("pending", "moderation")


def publish_rates(tallies: Mapping[tuple[str, str, int], int]) -> dict[str, tuple[int, int]]:
    """Return (published, decided) of the reviews with few stars (1, 2) and with many (4, 5).

    Tallies are counts by state, reason and stars. Spam and what its author took back is no decision of the owner's
    about an opinion.

    >>> publish_rates({("published", "", 1): 1, ("rejected", "abusive", 2): 1, ("rejected", "spam", 1): 5})
    {'low': (1, 2), 'high': (0, 0)}
    """
    counts: Counter[tuple[str, bool]] = Counter()
    for (state, reason, rating), reviews in tallies.items():
        if rating == 3 or state == "pending" or reason in ("spam", "author", "imported"):
            continue
        counts["low" if rating < 3 else "high", state == "published"] += reviews
    return {side: (counts[side, True], counts[side, True] + counts[side, False]) for side in ("low", "high")}


def is_suppressing(rates: Mapping[str, tuple[int, int]]) -> bool:
    """Tell whether reviews with few stars are published at a rate ten points below those with many.

    >>> is_suppressing({"low": (8, 10), "high": (9, 10)}), is_suppressing({"low": (7, 10), "high": (9, 10)})
    (True, True)
    >>> is_suppressing({"low": (9, 10), "high": (9, 10)}), is_suppressing({"low": (0, 0), "high": (9, 10)})
    (False, False)
    """
    (low, low_of), (high, high_of) = rates["low"], rates["high"]
    if not low_of or not high_of:
        return False
    return Fraction(high, high_of) - Fraction(low, low_of) >= Fraction(1, 10)


def list_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what differs, as it was and as it is.

    >>> list_changes({"rating": 1, "title": "Hm"}, {"rating": 2, "title": "Hm"})
    ({'rating': 1}, {'rating': 2})
    """
    names = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}
