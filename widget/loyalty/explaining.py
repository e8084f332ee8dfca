"""Why an entry is what it is, as numbers. Pure."""

from typing import Any

from widget.loyalty.models import LedgerEntry


def explain(entry: LedgerEntry) -> dict[str, Any]:
    """Return what leads to an entry's number: the rule with its version, and the numbers it was computed from."""
    return {"rule": entry.rule, "rule_version": entry.rule_version, "source": entry.source, **entry.reason}
