"""Which reviews an owner's list, the interface or an export means. No filter here decides what shoppers see."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from widget.core.problems import FieldError, InvalidFields
from widget.customers.queries import is_customer_called
from widget.reviews.models import Review
from widget.reviews.product_models import ReviewedProduct
from widget.reviews.rules import RATINGS, STATES

# Beside the states of a review: one whose author never confirmed it is none yet, and is shown only when asked for.
UNCONFIRMED = "unconfirmed"
SOURCES = ("widget", "link", "api", "import")
TEXTS = ("product", "customer", "language", "q")
FLAGS = ("verified", "photos", "reported", "suspicious", "featured", "incentivized")
MAX_TEXT_LENGTH = 200


@dataclass(frozen=True)
class OwnerFilter:
    """Conditions that all hold; what is None or empty is none."""

    state: str | None = None
    stars: tuple[int, ...] = ()
    source: str | None = None
    product: str | None = None
    customer: str | None = None
    language: str | None = None
    q: str | None = None
    flags: frozenset[str] = frozenset()

    def to_query(self) -> dict[str, str]:
        """Return the filter as an address names it."""
        stars = ",".join(map(str, self.stars))
        names = ("state", "source", *TEXTS)
        values = {name: getattr(self, name) for name in names} | {"stars": stars, **dict.fromkeys(self.flags, "1")}
        return {name: values[name] for name in sorted(values) if values[name]}


def parse_filter(query: Mapping[str, str]) -> OwnerFilter:
    """Read a filter from an address; raise InvalidFields."""
    errors: list[FieldError] = []
    given = {name: query.get(name, "").strip() for name in ("state", "source", "stars", *TEXTS, *FLAGS)}
    for name, allowed in (("state", (*STATES, UNCONFIRMED)), ("source", SOURCES), *((name, ("1",)) for name in FLAGS)):
        if given[name] and given[name] not in allowed:
            errors.append(FieldError(f"#/{name}", f"Must be one of: {', '.join(allowed)}."))
    for name in TEXTS:
        if len(given[name]) > MAX_TEXT_LENGTH or "\x00" in given[name]:
            detail = f"Must be at most {MAX_TEXT_LENGTH} characters, none of them NUL."
            errors.append(FieldError(f"#/{name}", detail))
    stars = sorted(set(given["stars"].split(","))) if given["stars"] else []
    if not set(stars) <= {str(rating) for rating in RATINGS}:
        errors.append(FieldError("#/stars", "Must be stars from 1 to 5, such as 1,2."))
    if errors:
        raise InvalidFields(errors=errors)
    texts = {name: given[name] or None for name in ("state", "source", *TEXTS)}
    flags = frozenset(name for name in FLAGS if given[name])
    return OwnerFilter(**texts, stars=tuple(int(star) for star in stars), flags=flags)


def list_conditions(site_id: uuid.UUID, wanted: OwnerFilter) -> list[ColumnElement[bool]]:
    """Return the filter as SQL, the site first."""
    conditions: list[ColumnElement[bool]] = [Review.site_id == site_id, *_list_states(wanted.state)]
    if wanted.stars:
        conditions.append(Review.rating.in_(wanted.stars))
    if wanted.source:
        conditions.append(Review.source == wanted.source)
    if wanted.product:
        conditions.append(_is_of_product(site_id, wanted.product))
    if wanted.customer:
        conditions.append(is_customer_called(Review.customer_id.expression, site_id, wanted.customer))
    if wanted.language:
        conditions.append(Review.language == wanted.language)
    if wanted.q:
        columns = (Review.title, Review.body, Review.author_name, Review.email)
        conditions.append(or_(*(_contains(column, wanted.q) for column in columns)))
    facts = {
        "verified": Review.verified_by.is_not(None),
        "photos": Review.photos > 0,
        "reported": Review.reports > 0,
        # What is still held for it: once decided, somebody has looked.
        "suspicious": Review.hold_reason == "suspicious",
        "featured": Review.is_featured.is_(True),
        "incentivized": Review.is_incentivized.is_(True),
    }
    return conditions + [facts[name] for name in sorted(wanted.flags)]


def _list_states(state: str | None) -> list[ColumnElement[bool]]:
    is_unconfirmed = Review.hold_reason == UNCONFIRMED
    if state == UNCONFIRMED:
        return [Review.state == "pending", is_unconfirmed]
    is_received = or_(Review.hold_reason.is_(None), Review.hold_reason != UNCONFIRMED)
    return [is_received] if state is None else [Review.state == state, is_received]


def _is_of_product(site_id: uuid.UUID, text: str) -> ColumnElement[bool]:
    titled = select(ReviewedProduct.product_id).where(
        ReviewedProduct.site_id == site_id, _contains(ReviewedProduct.title, text)
    )
    return or_(Review.product_id == text, Review.product_id.in_(titled))


def _contains(column: Any, text: str) -> ColumnElement[bool]:
    # SQLite knows small and capital letters of ASCII alone.
    spellings = sorted({text, text.lower(), text.upper(), text.capitalize()})
    return or_(*(column.icontains(spelling, autoescape=True) for spelling in spellings))
