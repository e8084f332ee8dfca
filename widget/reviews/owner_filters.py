"""Which reviews an owner's list, the interface or an export means. No filter here decides what shoppers see."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement

from widget.core.problems import FieldError, InvalidFields
from widget.reviews.models import Review
from widget.reviews.rules import STATES


@dataclass(frozen=True)
class OwnerFilter:
    """Conditions that all hold; what is None is none."""

    state: str | None = None
    product: str | None = None


def parse_filter(query: Mapping[str, str]) -> OwnerFilter:
    """Read a filter from an address; raise InvalidFields."""
    state = query.get("state") or None
    if state and state not in STATES:
        raise InvalidFields(errors=[FieldError("#/state", f"Must be one of: {', '.join(STATES)}.")])
    return OwnerFilter(state=state, product=query.get("product") or None)


def list_conditions(site_id: uuid.UUID, wanted: OwnerFilter) -> list[ColumnElement[bool]]:
    """Return the filter as SQL, the site first."""
    given: dict[Any, str | None] = {Review.state: wanted.state, Review.product_id: wanted.product}
    return [Review.site_id == site_id, *(column == value for column, value in given.items() if value)]
