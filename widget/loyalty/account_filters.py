"""Which accounts the list of customers by points shows. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from widget.core.problems import FieldError, InvalidFields

EXPIRING_DAYS = 30
MAX_SEARCH_LENGTH = 200
MAX_TIER_LENGTH = 40
SHOWN = ("owing", "expiring", "pinned")
SORTS = ("points", "lifetime", "debt", "newest")
# What an address says for those who have reached no tier.
NO_TIER = "none"


@dataclass(frozen=True)
class AccountFilter:
    """A part of a name, a tier ("" for none, None for any), and who owes, loses points soon, or has a pinned tier."""

    text: str = ""
    tier: str | None = None
    show: str = ""
    sort: str = "points"

    def to_query(self) -> dict[str, str]:
        """Return the filter as the names and values of an address.

        >>> AccountFilter("ada", "", "owing", "points").to_query()
        {'q': 'ada', 'tier': 'none', 'show': 'owing'}
        """
        tier = "" if self.tier is None else self.tier or NO_TIER
        sort = "" if self.sort == "points" else self.sort
        query = {"q": self.text, "tier": tier, "show": self.show, "sort": sort}
        return {name: value for name, value in query.items() if value}


def read_filter(query: Mapping[str, str]) -> AccountFilter:
    """Return the filter an address names; raise InvalidFields.

    >>> read_filter({"tier": "none", "show": ""})
    AccountFilter(text='', tier='', show='', sort='points')
    """
    text, tier = query.get("q", "").strip(), query.get("tier", "").strip()
    show, sort = query.get("show", ""), query.get("sort") or "points"
    for name, value, longest in (("q", text, MAX_SEARCH_LENGTH), ("tier", tier, MAX_TIER_LENGTH)):
        if len(value) > longest or "\x00" in value:
            detail = f"Must be at most {longest} characters, none of them NUL."
            raise InvalidFields(errors=[FieldError(f"#/{name}", detail)])
    for name, value, choices in (("show", show, ("", *SHOWN)), ("sort", sort, SORTS)):
        if value not in choices:
            allowed = ", ".join(filter(None, choices))
            raise InvalidFields(errors=[FieldError(f"#/{name}", f"Must be one of: {allowed}.")])
    return AccountFilter(text, None if not tier else "" if tier == NO_TIER else tier, show, sort)
