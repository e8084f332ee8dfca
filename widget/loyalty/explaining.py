"""What explains an entry's number, for owners, shoppers and files alike. Pure."""

from typing import Any, Protocol


class Explained(Protocol):
    """An entry as far as it explains itself."""

    delta: int
    kind: str
    source: str
    rule: str | None
    rule_version: int | None
    reason: dict[str, Any]


def explain(entry: Explained) -> dict[str, Any]:
    """Return what happened, by which rule and version, about what, with the figures that lead to the number."""
    about, _, name = entry.source.partition(":")
    return {
        **entry.reason,
        "kind": entry.kind,
        "points": entry.delta,
        "rule": entry.rule,
        "rule_version": entry.rule_version,
        "about": about,
        "about_id": name,
    }
