"""Whose export a file of balances is, told by its headers, and what its columns mean here. Pure.

Where each name is from stands in docs/imports.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from widget.core.importing import ERROR_PREFIX

OURS = ("customer", "email", "name", "first_name", "last_name", "points", "tier", "expires_at")
# What others call a column of ours; spaces are underscores, letters small.
SYNONYMS = {
    "e-mail": "email",
    "emails": "email",
    "email_address": "email",
    "customer_email": "email",
    "customer_id": "customer",
    "full_name": "name",
    "balance": "points",
    "points_balance": "points",
    "current_points_balance": "points",
    "vip_tier": "tier",
    "points_expire_at": "expires_at",
}
# Our own export says more than an import takes.
DERIVED = frozenset({"pending", "held", "debt", "lifetime", "tier_by_hand", "tier_until", "joined_at", "created_at"})
PLAIN, MAPPED = "balances with plain columns", "balances with a map"
_NAMES = {"First name": "first_name", "Last name": "last_name", "First Name": "first_name", "Last Name": "last_name"}


@dataclass(frozen=True)
class Format:
    """One known kind of file: the columns that are taken, and whose it is."""

    title: str
    targets: Mapping[str, str]
    provider: str = ""

    def name_column(self, target: str) -> str:
        """Return what a column of ours is called in the file."""
        return next((column for column, ours in self.targets.items() if ours == target), target)


@dataclass(frozen=True)
class _Known:
    title: str
    provider: str
    marks: frozenset[str]
    targets: Mapping[str, str]


# Smile.io and Yotpo differ by one capital letter.
KNOWN = (
    _Known(
        "Smile.io's export of customers",
        "Smile.io",
        frozenset({"Email", "Points balance"}),
        {**_NAMES, "Email": "email", "Points balance": "points", "VIP tier": "tier"},
    ),
    _Known(
        "Yotpo's export of customers",
        "Yotpo",
        frozenset({"Email", "Points Balance"}),
        {**_NAMES, "Full Name": "name", "Email": "email", "Points Balance": "points", "VIP Tier": "tier"},
    ),
    _Known(
        "a file made for Yotpo's import",
        "Yotpo",
        frozenset({"Emails", "Points"}),
        {"Emails": "email", "Points": "points"},
    ),
    _Known(
        "LoyaltyLion's export of customers",
        "LoyaltyLion",
        frozenset({"email", "points_approved"}),
        {"merchant_id": "customer", "email": "email", "name": "name", "points_approved": "points", "tier": "tier"},
    ),
    _Known(
        "LoyaltyLion's export of customers",
        "LoyaltyLion",
        frozenset({"Email", "Approved points"}),
        {"Email": "email", "Name": "name", "Approved points": "points", "Tier": "tier"},
    ),
)


def recognise(columns: Sequence[str], mapping: Mapping[str, str]) -> Format:
    """Return the kind of file that has these columns; what a map says of a column holds for every kind.

    >>> recognise(["First name", "Email", "Points balance", "VIP tier"], {}).provider
    'Smile.io'
    >>> recognise(["email", "points"], {}).title, recognise(["Mail"], {"Mail": "email"}).targets
    ('balances with plain columns', {'Mail': 'email'})
    """
    names = set(columns)
    known = next((known for known in KNOWN if known.marks <= names), None)
    if known is None:
        targets = {name: name_target(name, mapping) for name in columns}
        return Format(MAPPED if mapping else PLAIN, _drop_empty(targets))
    targets = {name: known.targets.get(name, "") for name in columns}
    targets |= {name: mapping[name] for name in columns if name in mapping}
    return Format(known.title, _drop_empty(targets), known.provider)


def name_target(column: str, mapping: Mapping[str, str]) -> str:
    """Return what a column is here by a map and its own name, empty where it is nothing.

    >>> name_target("Points Balance", {}), name_target("Score", {"Score": "points"}), name_target("Age", {})
    ('points', 'points', '')
    """
    if column in mapping:
        return mapping[column]
    if column.startswith(ERROR_PREFIX):
        return ""
    plain = column.strip().lower().replace(" ", "_")
    return plain if plain in OURS else SYNONYMS.get(plain, "")


def list_left_out(form: Format, columns: Sequence[str], mapping: Mapping[str, str]) -> list[str]:
    """Return the columns of a file that are not taken and that nobody asked to leave out.

    >>> list_left_out(recognise(["email", "points", "age"], {}), ["email", "points", "age", "lifetime"], {})
    ['age']
    """
    return [
        name
        for name in columns
        if name and name not in form.targets and mapping.get(name) != ""
        if not name.startswith(ERROR_PREFIX) and name not in DERIVED
    ]


def _drop_empty(targets: Mapping[str, str]) -> dict[str, str]:
    return {name: target for name, target in targets.items() if target}
